import { beforeAll, describe, expect, it } from 'vitest';
import type { BeginRequest, SigningAdapter } from '@hefu/sign';
import { CONFORMANCE_LEVELS, describeAdapterConformance, type ConformanceHarness, type Fault, type MakeSubject } from '@hefu/sign/conformance';
import { opensslVerify } from '../../../cli/dist/openssl-verify.js';
import { hasOpenssl } from '../../../sandbox/test/openssl.js';
import { CSC_PIN, type CscCredentialManner } from '../../../sandbox/dist/index.js';
import { cscAdapter } from '../../src/index.js';
import { algorithms, bench, judgement, seededRandom, type BenchChange } from './bench.js';

let harness: ConformanceHarness;
beforeAll(async () => { harness = { algorithms, random: seededRandom(7), judgement: await judgement(), verifyForeign: opensslVerify }; });

/** How this service shows what a provider may do wrong with values. */
const DECEITS: Partial<Record<Fault, string>> = {
  'other-hash': 'other-hash', 'other-order': 'permute', 'other-certificate': 'swapped-certificate', 'other-algorithm': 'algorithm-said', 'other-key': 'other-key', 'replayed-value': 'same-value', 'value-missing': 'fewer',
};

/** One kind of credential, at a service of its own. Groups of four, so that more than one authorisation is seen. */
function subject(version: 'v1' | 'v2', manner: CscCredentialManner, change: BenchChange = {}): MakeSubject {
  return async (fault?: Fault) => {
    if (fault === 'wrong-pin-once' && manner.pin === undefined) return undefined;
    if (fault === 'user-refuses' && manner.mode === 'explicit') return undefined;
    const on = bench({ version, kinds: ['SM2', 'P-256', 'RSA-2048'], ...change, sandbox: { ...change.sandbox, credentials: [manner] } });
    if (fault === 'lost-answer' || fault === 'lost-request') on.service.faults.set(`${fault},on=signHash,times=1`);
    if (fault !== undefined && DECEITS[fault] !== undefined) on.service.faults.set(`${DECEITS[fault]},on=signHash,times=1`);
    if (fault === 'user-refuses' && manner.mode === 'implicit') on.service.faults.set('user-refuses,times=1');
    const adapter = cscAdapter(on.options);
    const items = new Map<string, string>();
    const learning = (request: BeginRequest): BeginRequest => {
      for (const { itemId, toSign } of request.items) items.set(Buffer.from(toSign.value).toString('base64'), itemId);
      return request;
    };
    const watched: SigningAdapter = { ...adapter, begin: (request, context) => adapter.begin(learning(request), context), resume: (snapshot, request, context) => adapter.resume(snapshot, learning(request), context) };
    let pins = 0;
    return {
      adapter: watched, clock: on.clock,
      made: () => on.provider.made.map(({ hash }) => items.get(hash) ?? '?'),
      sent: () => on.service.exchanges.map(({ url, body }) => ({ address: url, body })),
      secrets: () => [...(manner.pin === undefined ? [] : [CSC_PIN]), ...on.secrets, ...on.provider.secrets()],
      answer(challenge) {
        if (challenge.type === 'pin') return { type: 'pin', value: fault === 'wrong-pin-once' && pins++ === 0 ? '000000000000' : CSC_PIN };
        if (challenge.type === 'otp') return { type: 'otp', value: on.provider.otp(`key-qinghe${manner.suffix}`) ?? on.provider.otp(`key-hengtao${manner.suffix}`) ?? on.provider.otp(`key-yanqiao${manner.suffix}`)! };
        return { type: 'cancel' };
      },
    };
  };
}

const skips = new Map<string, string[]>();
const kit = (name: string, make: MakeSubject): void => {
  skips.set(name, []);
  describeAdapterConformance(name, make, () => harness, { describe, it }, { levels: CONFORMANCE_LEVELS, onSkip: ({ id }) => skips.get(name)!.push(id) });
};

const PIN: CscCredentialManner = { suffix: '', mode: 'explicit', pin: CSC_PIN, scal: '2', multisign: 4 };
kit('csc v1, a PIN', subject('v1', PIN));
kit('csc v2, PIN and OTP, asynchronous', subject('v2', { ...PIN, suffix: '-otp', otp: 'sms' }));
kit('csc v2, a phone, synchronous', subject('v2', { suffix: '-push', mode: 'implicit', scal: '1', multisign: 4, confirmsAfter: 1 }, { options: { asynchronous: 'never' } }));

describe('what could not be tried', () => {
  it('is what the API does not have, or a credential does not ask for', () => {
    const withoutOpenssl = hasOpenssl ? [] : ['L6.foreign'];
    expect(Object.fromEntries(skips)).toEqual({
      'csc v1, a PIN': ['L0.begin-twice', 'L4.refused', ...withoutOpenssl],
      'csc v2, PIN and OTP, asynchronous': ['L0.begin-twice', 'L4.refused', ...withoutOpenssl],
      'csc v2, a phone, synchronous': ['L0.begin-twice', 'L4.wrong-pin', ...withoutOpenssl],
    });
  });
});
