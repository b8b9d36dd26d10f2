import type { TrustService } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import { DEFAULT_POLICY, reasonsAgainstForm, type IntendedForm, type JudgeContext, type MessageVariant, type Policy } from '../src/index.js';

// That the judge says the same of a message that is made is held to in the sign room, with every form of a list and every kind of key.
const AT = Date.UTC(2026, 5, 1);
const context: JudgeContext = { scene: 'bid-signing', region: '420100', purpose: 'sign' };
const form = (variant: MessageVariant, signatureAlgorithm = 'SM2-SM3', digestAlgorithm = 'SM3'): IntendedForm => ({ variant, signatureAlgorithm, digestAlgorithm });
const entry = (...messageVariants: string[]): TrustService => ({ messageVariants }) as unknown as TrustService;
const codes = (intended: IntendedForm, service?: TrustService, policy: Policy = DEFAULT_POLICY): unknown =>
  reasonsAgainstForm(intended, service === undefined ? {} : { service }, { policy, context }, AT).map(({ code, expected, actual }) => [code, expected, actual]);

describe('what will be said against a message, before it is made', () => {
  it('of its form: the word of the entry, or of the scene where it is silent', () => {
    expect(codes(form('za-content'))).toEqual([]);
    expect(codes(form('plain-content'))).toEqual([['MESSAGE_VARIANT_REFUSED', 'cms, za-content, attrs-za', 'plain-content']]);
    expect(codes(form('plain-content'), entry('plain-content'))).toEqual([]);
    expect(codes(form('za-content'), entry('attrs-za'))).toEqual([['MESSAGE_VARIANT_REFUSED', 'attrs-za', 'za-content']]);
    expect(codes(form('attrs-za'), entry('attrs-za'))).toEqual([]);
    expect(codes(form('attrs-za'), entry())).toEqual([['MESSAGE_VARIANT_REFUSED', '', 'attrs-za']]);
  });
  it('of its algorithms: the word of the policy, up to their sunset', () => {
    const rsa = form('cms', 'RSASSA-PKCS1-v1_5-SHA-256', 'SHA-256');
    const until = (time: number): Policy => ({ ...DEFAULT_POLICY, algorithms: { ...DEFAULT_POLICY.algorithms, sunset: { [rsa.signatureAlgorithm]: time } } });
    expect(codes(rsa)).toEqual([]);
    expect(codes(form('cms', 'RSASSA-PKCS1-v1_5-SHA-1', 'SHA-1'))).toEqual([['ALGORITHM_REFUSED', undefined, 'RSASSA-PKCS1-v1_5-SHA-1'], ['ALGORITHM_REFUSED', undefined, 'SHA-1']]);
    expect(codes(rsa, undefined, until(AT + 1))).toEqual([]);
    expect(codes(rsa, undefined, until(AT))).toEqual([['ALGORITHM_REFUSED', undefined, rsa.signatureAlgorithm]]);
  });
});
