import { describe, expect, it } from 'vitest';
import { compilePattern, MAX_PATTERN_TEXT, refusePattern } from '../src/index.js';

describe('patterns of identity profiles', () => {
  it.each([
    '^(?<value>[0-9A-HJ-NPQRTUWXY]{18})', '([0-9A-HJ-NPQRTUWXY]{18})', '^041@(?<value>.+)@(.+)@(.+)$', '\\s', '-', '^N', '^\\d{15}(?:\\d{2}[0-9X])?$', '^(?:SF|ZJ)(?<value>\\d{17}[0-9X])$',
    '^[^@]*@(?<value>[^@]*)@[^@]*$', '^(ab){3}$', '[]]a', 'a{', '\\(x*\\)', '[\\]]{5}', '[(*+]{2}',
  ])('takes %s', (source) => {
    expect(refusePattern(source)).toBe(undefined);
    expect(compilePattern(source, 'g').flags).toBe('g');
  });

  it.each([
    ['', 'is empty'],
    ['(', 'does not compile'],
    [`a{0,3}${'b'.repeat(200)}`, 'is longer than 200 characters'],
    ['(a+)+$', 'repeats a group that holds a quantifier or an alternation'],
    ['(?:a|a)*$', 'repeats a group that holds a quantifier or an alternation'],
    ['((a|b))*', 'repeats a group that holds a quantifier or an alternation'],
    ['((a)?)*', 'repeats a group that holds a quantifier or an alternation'],
    ['(a{2}){2}', 'repeats a group that holds a quantifier or an alternation'],
    ['(a)\\1', 'uses a back-reference'],
    ['(?<x>a)\\k<x>', 'uses a back-reference'],
    ['(?=a)', 'uses look-around, a modifier or an unusual group name'],
    ['(?<!a)b', 'uses look-around, a modifier or an unusual group name'],
    ['^.*.*.*.*$', 'may backtrack too far'],
    ['.*.*.*$', 'may backtrack too far'],
    ['^a|.*.*.*', 'may backtrack too far'],
    [`^${'a?'.repeat(30)}$`, 'may backtrack too far'],
    [`^${'(a|a)'.repeat(30)}$`, 'may backtrack too far'],
    ['(?:){999999999}', `counts beyond ${MAX_PATTERN_TEXT}`],
    [`a{${'0'.repeat(50)}999}`, `counts beyond ${MAX_PATTERN_TEXT}`],
  ])('refuses %s: %s', (source, reason) => {
    expect(refusePattern(source)).toBe(reason);
    expect(() => compilePattern(source)).toThrow(TypeError);
  });
});
