import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { columns, hanging, padEnd, textWidth, visible, wrap } from '../src/layout.js';

const mixed = fc.array(
  fc.oneof(fc.constantFrom(...'合符证书签名（）“”，。、；：《》', '…', 'e\u0301', '𠮷', '한', ' ', '  ', '\n', '(', ')', '.'), fc.stringMatching(/^[!-~]{1,30}$/)),
  { maxLength: 80 },
).map((parts) => parts.join(''));
const solid = (text: string): string => text.replace(/\s+/gu, '');

describe('textWidth', () => {
  it.each([['', 0], ['abc', 3], ['合符', 4], ['（', 2], ['“”', 2], ['✓', 1], ['e\u0301', 1], ['𠮷', 2], ['한', 2], ['ｱ', 1], ['Ａ', 2]])('%j is %i', (text, width) => {
    expect(textWidth(text)).toBe(width);
  });
});

describe('wrap', () => {
  it('never exceeds the width and loses no character but space', () => {
    fc.assert(fc.property(mixed, fc.integer({ min: 8, max: 100 }), (text, width) => {
      const lines = wrap(text, width);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      expect(solid(lines.join(''))).toBe(solid(text));
      expect(lines.length).toBeGreaterThan(0);
    }), { numRuns: 500 });
  });

  it('breaks between Chinese characters, not inside words', () => {
    expect(wrap('请到CA办理证书更新', 10)).toEqual(['请到CA办理', '证书更新']);
    expect(wrap('sign and submit again', 10)).toEqual(['sign and', 'submit', 'again']);
    expect(wrap('0123456789abcdef', 8)).toEqual(['01234567', '89abcdef']);
  });

  it('begins no line with a closing mark and ends none with an opening one', () => {
    expect(wrap('一二三四，五六', 8)).toEqual(['一二三', '四，五六']);
    expect(wrap('一二三（四五六）', 8)).toEqual(['一二三', '（四五', '六）']);
  });

  it('keeps line feeds and empty lines', () => {
    expect(wrap('a\n\nb', 20)).toEqual(['a', '', 'b']);
    expect(wrap('', 20)).toEqual(['']);
  });
});

describe('hanging and columns', () => {
  it('indent to the label', () => {
    expect(hanging('原因  ', '一二三四五六七八九', 22)).toEqual(['原因  一二三四五六七八', '      九']);
  });

  it('never exceed the width', () => {
    fc.assert(fc.property(fc.array(fc.array(mixed, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), fc.integer({ min: 20, max: 100 }), (rows, width) => {
      const one = rows.map((row) => row.map((cell) => cell.replace(/\n/g, ' ')));
      const lines = columns(one, width);
      for (const line of lines) expect(textWidth(line)).toBeLessThanOrEqual(width);
      expect(solid(lines.join(''))).toBe(solid(one.map((row) => row.join('')).join('')));
    }), { numRuns: 300 });
  });

  it('align', () => {
    expect(columns([['合符', 'a'], ['x', 'b']], 40)).toEqual(['合符  a', 'x     b']);
    expect(padEnd('合', 4)).toBe('合  ');
    expect(padEnd('合符', 3)).toBe('合符');
  });
});

describe('visible', () => {
  it('shows what would move the cursor or hide', () => {
    expect(visible('a\u001b[31mb\u202ec\n')).toBe('a\\u{1b}[31mb\\u{202e}c\\u{a}');
    expect(visible('a\nb', { lines: true })).toBe('a\nb');
    expect(visible('合符 ✓ (x)')).toBe('合符 ✓ (x)');
  });
});
