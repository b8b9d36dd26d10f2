import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VerifyError } from '../src/error.js';
import { DEFAULT_POLICY } from '../src/policy/default-policy.js';
import { policyBytes } from '../src/policy/policy-bytes.js';
import { readPolicy } from '../src/policy-reader.js';

type Json = Record<string, unknown>;
const text = (policy: unknown): string => new TextDecoder().decode(policyBytes(policy as typeof DEFAULT_POLICY));
const plain = (): Json => JSON.parse(JSON.stringify(DEFAULT_POLICY)) as Json;

function problemsOf(input: unknown): readonly string[] {
  try {
    readPolicy(input);
  } catch (error) {
    expect(error).toBeInstanceOf(VerifyError);
    expect((error as VerifyError).code).toBe('POLICY_INVALID');
    expect((error as VerifyError).problems.length).toBeGreaterThan(0);
    return (error as VerifyError).problems;
  }
  return [];
}

/** A copy with one member, named by path, set or (undefined) removed. */
function changed(path: string, value: unknown): Json {
  const policy = plain();
  const names = path.split('.');
  const last = names.pop()!;
  let target = policy;
  for (const name of names) target = target[name] as Json;
  if (value === undefined) delete target[last];
  else target[last] = value;
  return policy;
}

describe('readPolicy', () => {
  it('reads the default policy back from text, octets and values', () => {
    for (const input of [text(DEFAULT_POLICY), policyBytes(DEFAULT_POLICY), plain(), DEFAULT_POLICY]) {
      expect(readPolicy(input)).toEqual(DEFAULT_POLICY);
    }
    expect(readPolicy(plain())).not.toBe(DEFAULT_POLICY);
  });

  it('reads what is optional', () => {
    const full = changed('algorithms.sunset', { SM3: 4_102_444_800_000 });
    (full['scenes'] as Record<string, Json>)['login']!['crlMaxAge'] = 86_400_000;
    const policy = readPolicy(full);
    expect(policy.algorithms.sunset).toEqual({ SM3: 4_102_444_800_000 });
    expect(policy.scenes.login.crlMaxAge).toBe(86_400_000);
    expect('crlMaxAge' in policy.scenes.archive).toBe(false);
  });

  it.each([
    ['id', undefined], ['id', ''], ['id', 'a b'], ['version', 0], ['version', 1.5], ['version', '1'], ['extra', 1], ['scenes', undefined], ['scenes', []],
    ['scenes.login', undefined], ['scenes.party', {}], ['scenes.login.revocation', 'Hard'], ['scenes.login.crlGrace', -1], ['scenes.login.crlGrace', 32 * 86_400_000],
    ['scenes.login.crlGrace', null], ['scenes.login.listGrace', undefined], ['scenes.login.crlMaxAge', 0], ['scenes.login.extra', true], ['scenes.login.messageVariants', []],
    ['scenes.login.messageVariants', ['cms', 'cms']], ['scenes.login.messageVariants', ['any']], ['scenes.login.messageVariants', 'cms'],
    ['algorithms.signatures', []], ['algorithms.digests', [1]], ['algorithms.minRsaBits', 1023], ['algorithms.minRsaBits', 16385], ['algorithms.extra', 1],
    ['algorithms.sunset', { 'SHA-1': 0 }], ['algorithms.sunset', { SM3: -1 }], ['algorithms.sunset', { SM3: '2030' }], ['algorithms.sunset', []],
    ['clockSkew', 3_600_001], ['clockSkew', -1], ['signerKeyUsage', []], ['signerKeyUsage', ['keyEncipherment']], ['keyUsageAbsent', 'ignore'],
    ['refusedDeviations', undefined], ['refusedDeviations', ['lower']], ['enforceAnchorValidity', 'true'], ['revealPersonalData', 0], ['revealPersonalData', null],
  ])('refuses %s = %j, and says where', (path, value) => {
    const problems = problemsOf(changed(path, value));
    expect(problems).toHaveLength(1);
    expect(problems[0]!.startsWith(path)).toBe(true);
  });

  it('finds everything at once', () => {
    const policy = changed('version', 0);
    policy['clockSkew'] = 'x';
    delete policy['id'];
    expect(problemsOf(policy).map((problem) => problem.split(':')[0])).toEqual(['id', 'version', 'clockSkew']);
  });

  it.each(['', 'null', '[]', '{', '"x"', '1', text(DEFAULT_POLICY).replace('"id"', '"version":2,"id"'), `${text(DEFAULT_POLICY)}x`, `\ufeff${text(DEFAULT_POLICY)}`, ' '.repeat(300_000)])('refuses the text %#', (input) => {
    expect(problemsOf(input).length).toBeGreaterThan(0);
  });

  it.each([undefined, null, 7, true, [], () => 0])('refuses the value %#', (input) => {
    expect(problemsOf(input).length).toBeGreaterThan(0);
  });

  it('does not look at inherited members, and refuses __proto__', () => {
    expect(problemsOf(Object.create(plain()) as Json).length).toBeGreaterThan(0);
    expect(problemsOf(text(DEFAULT_POLICY).replace('{', '{"__proto__":{},'))).toHaveLength(1);
    expect(problemsOf(text(DEFAULT_POLICY).replace('"minRsaBits":2048', '"minRsaBits":2048,"sunset":{"__proto__":1}'))).toHaveLength(1);
  });

  it('throws only VerifyError for any JSON', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => {
      expect(problemsOf(value).length).toBeGreaterThan(0);
      expect(problemsOf(JSON.stringify(value)).length).toBeGreaterThan(0);
    }));
  });
});

describe('policyBytes', () => {
  it('does not depend on the order of members, and does on every value', () => {
    const reversed = (value: unknown): unknown =>
      typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, reversed(member)])) : value;
    expect(text(reversed(plain()))).toBe(text(DEFAULT_POLICY));
    expect(text(changed('scenes.opening.listGrace', 1))).not.toBe(text(DEFAULT_POLICY));
    const swapped = [...DEFAULT_POLICY.algorithms.digests].reverse();
    expect(text(changed('algorithms.digests', swapped))).not.toBe(text(DEFAULT_POLICY));
  });

  it('is JSON, and an absent member is absent', () => {
    expect(JSON.parse(text(DEFAULT_POLICY))).toEqual(plain());
    expect(text({ ...DEFAULT_POLICY, algorithms: { ...DEFAULT_POLICY.algorithms, sunset: undefined } })).toBe(text(DEFAULT_POLICY));
    expect(text({ b: [1, { d: true, c: null }], a: '"é' })).toBe('{"a":"\\"é","b":[1,{"c":null,"d":true}]}');
  });
});

describe('DEFAULT_POLICY', () => {
  it('is strict where bids are decided, and cannot be changed', () => {
    const { scenes, algorithms } = DEFAULT_POLICY;
    expect([scenes['bid-signing'].revocation, scenes.opening.revocation, scenes.archive.revocation, scenes.login.revocation]).toEqual(['hard', 'hard', 'hard', 'soft']);
    expect(scenes.opening.listGrace).toBe(0);
    expect(scenes['bid-signing'].listGrace).toBe(72 * 3_600_000);
    for (const scene of Object.values(scenes)) expect(scene.messageVariants).toEqual(['cms', 'za-content', 'attrs-za']);
    expect([...algorithms.signatures, ...algorithms.digests].some((name) => /SHA-1$|SHA-224/.test(name))).toBe(false);
    expect(DEFAULT_POLICY).toMatchObject({ keyUsageAbsent: 'refuse', revealPersonalData: false });
    expect(Object.isFrozen(scenes.login.messageVariants)).toBe(true);
    expect(() => ((DEFAULT_POLICY as { version: number }).version = 2)).toThrow(TypeError);
  });
});
