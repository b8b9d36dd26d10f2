import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alternativesOf, type AuthPlan } from '@hefu/sign';
import { EXPRESSION_LIMITS, parseAuthExpression } from '../../src/index.js';
import { authPlanOf } from '../../src/csc/auth-plan.js';

const IDS = ['PIN', 'OTP', 'FACE', 'card-1'];
const factorOf = (id: string): AuthPlan | undefined => (IDS.includes(id) ? { factor: 'pin', id } : undefined);
const parse = (text: string): AuthPlan => parseAuthExpression(text, factorOf);
const ways = (text: string): string[] => alternativesOf(parse(text)).map((factors) => factors.map(({ id }) => id).join('+'));

describe('auth.expression', () => {
  it.each([
    ['PIN', ['PIN']], ['PIN AND OTP', ['PIN+OTP']], ['PIN OR OTP', ['PIN', 'OTP']], ['PIN XOR OTP', ['PIN', 'OTP']],
    ['PIN AND OTP OR FACE', ['PIN+OTP', 'FACE']], ['FACE OR PIN AND OTP', ['FACE', 'PIN+OTP']], ['PIN AND (OTP OR FACE)', ['PIN+OTP', 'PIN+FACE']],
    ['PIN XOR OTP AND FACE', ['PIN', 'OTP+FACE']], ['PIN OR OTP XOR FACE AND card-1', ['PIN', 'OTP', 'FACE+card-1']],
    ['((PIN))', ['PIN']], ['(PIN AND OTP)AND(FACE)', ['PIN+OTP+FACE']], ['pin'.toUpperCase() + '\tand\n OTP', ['PIN+OTP']],
  ])('%s', (text, expected) => {
    expect(ways(text)).toEqual(expected);
  });

  it.each(['', ' ', 'AND', 'PIN AND', 'AND PIN', 'PIN OTP', '(PIN', 'PIN)', '()', 'PIN NOT OTP', 'OTHER', 'PIN AND AND OTP', `${'('.repeat(20)}PIN${')'.repeat(20)}`, Array.from({ length: 40 }, () => 'PIN').join(' OR '), `PIN${' '.repeat(2000)}`])('refuses %j', (text) => {
    expect(() => parse(text)).toThrow(expect.objectContaining({ code: 'PROVIDER_PROTOCOL', outcome: 'not-signed', detail: 'auth-expression' }));
  });

  // The oracle is JavaScript's own precedence: && above ^ above ||, as AND above XOR above OR.
  const leaf = fc.constantFrom(...IDS);
  const expression = fc.letrec<{ node: string }>((tie) => ({
    node: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, fc.tuple(tie('node'), fc.constantFrom('AND', 'OR', 'XOR'), tie('node')).map(([a, op, b]) => `${a} ${op} ${b}`), tie('node').map((inner) => `(${inner})`)),
  })).node;

  it('means what its operators mean, by their precedence', () => {
    fc.assert(fc.property(expression, fc.array(fc.boolean(), { minLength: 4, maxLength: 4 }), (text, held) => {
      fc.pre((text.match(/[A-Za-z]\S*/g) ?? []).length <= 12 && text.length <= EXPRESSION_LIMITS.characters && depth(text) <= EXPRESSION_LIMITS.depth);
      const value = (id: string): boolean => held[IDS.indexOf(id)]!;
      const script = text.replace(/PIN|OTP|FACE|card-1/g, (id) => String(value(id))).replace(/AND/g, '&').replace(/XOR/g, '^').replace(/OR/g, '|');
      expect(evaluate(parse(text), value)).toBe(Boolean(new Function(`return ${script}`)() as number));
    }), { numRuns: 300 });
  });

  it('never does anything else than to read or to refuse', () => {
    fc.assert(fc.property(fc.array(fc.constantFrom(...IDS, 'AND', 'OR', 'XOR', '(', ')', ' ', 'x'), { maxLength: 60 }), (parts) => {
      try {
        expect(JSON.parse(JSON.stringify(parse(parts.join(' '))))).toEqual(parse(parts.join(' ')));
      } catch (error) {
        expect(error).toMatchObject({ code: 'PROVIDER_PROTOCOL' });
      }
    }), { numRuns: 300 });
  });
});

function depth(text: string): number {
  let most = 0;
  let now = 0;
  for (const each of text) most = Math.max(most, (now += each === '(' ? 1 : each === ')' ? -1 : 0));
  return most;
}

function evaluate(plan: AuthPlan, value: (id: string) => boolean): boolean {
  if ('factor' in plan) return value(plan.id);
  const of = plan.of.map((each) => evaluate(each, value));
  return plan.op === 'and' ? of.every(Boolean) : plan.op === 'or' ? of.some(Boolean) : of.reduce((a, b) => a !== b);
}

describe('a plan', () => {
  it.each([
    ['v1', { authMode: 'explicit', PIN: { presence: 'true', format: 'N', label: 'P' } }, { factor: 'pin', id: 'PIN', label: 'P', format: 'N' }],
    ['v1', { authMode: 'explicit', PIN: { presence: 'optional' }, OTP: { presence: 'true', type: 'offline' } }, { factor: 'otp-offline', id: 'OTP' }],
    ['v1', { authMode: 'explicit', PIN: { presence: true }, OTP: { presence: 'true', type: 'online' } }, { op: 'and', of: [{ factor: 'pin', id: 'PIN' }, { factor: 'otp-online', id: 'OTP' }] }],
    ['v1', { authMode: 'explicit', PIN: { presence: 'false' } }, { factor: 'none', id: 'none' }],
    ['v1', { authMode: 'implicit' }, { factor: 'push', id: 'implicit' }],
    ['v1', { authMode: 'oauth2code' }, { factor: 'oauth-code', id: 'oauth2code' }],
    ['v2', { auth: { mode: 'explicit' } }, { factor: 'push', id: 'implicit' }],
    ['v2', { auth: { mode: 'oauth2code' } }, { factor: 'oauth-code', id: 'oauth2code' }],
    ['v2', { auth: { mode: 'explicit', expression: 'A OR B', objects: [{ type: 'Password', id: 'A' }, { type: 'ChallengeResponseOOB', id: 'B' }] } }, { op: 'or', of: [{ factor: 'pin', id: 'A' }, { factor: 'push', id: 'B' }] }],
    ['v2', { auth: { mode: 'explicit', objects: [{ type: 'Password', id: 'A', generator: 'totp' }] } }, { factor: 'otp-offline', id: 'A' }],
  ] as const)('of %s %j', (version, info, plan) => {
    expect(authPlanOf(version, info as never)).toEqual(plan);
  });
  it.each([
    ['v1', { authMode: 'telepathy' }], ['v2', { auth: { mode: 'telepathy' } }],
    // An object of an unknown type is no factor: an expression that needs it cannot be met.
    ['v2', { auth: { mode: 'explicit', expression: 'A AND B', objects: [{ type: 'Password', id: 'A' }, { type: 'Telepathy', id: 'B' }] } }],
    ['v2', { auth: { mode: 'explicit', expression: Array.from({ length: 7 }, () => '(A OR B)').join(' AND '), objects: [{ type: 'Password', id: 'A' }, { type: 'Password', id: 'B' }] } }],
  ] as const)('is refused: %s %j', (version, info) => {
    expect(() => authPlanOf(version, info as never)).toThrow(expect.objectContaining({ code: 'PROVIDER_PROTOCOL' }));
  });
});
