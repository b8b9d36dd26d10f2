import { CONFORMANCE_LEVELS, describeAdapterConformance, type ConformanceHarness, type Fault, type MakeSubject } from '@hefu/sign/conformance';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { opensslVerify } from '../../../cli/dist/openssl-verify.js';
import { hasOpenssl } from '../../../sandbox/test/openssl.js';
import type { PhoneAct } from '../../../sandbox/dist/index.js';
import { seededRandom } from '../world.js';
import { algorithms, APIS, createBench, judgement, madeItems, type Api, type Bench } from './bench.js';

let harness: ConformanceHarness;
beforeAll(async () => { harness = { algorithms, random: seededRandom(), judgement: await judgement(), verifyForeign: opensslVerify }; });
const open: Bench[] = [];
afterEach(() => Promise.all(open.splice(0).map((bench) => bench.close())));

/** What a phone does wrong, and what the service does with values it has. */
const ACTS: Partial<Record<Fault, PhoneAct>> = { 'user-refuses': 'refuse', 'other-hash': 'sign-other', 'other-key': 'sign-with-other-key' };
const DECEITS: Partial<Record<Fault, string>> = { 'other-order': 'permute', 'replayed-value': 'same-value', 'value-missing': 'fewer', 'other-certificate': 'swap-certificate', 'other-algorithm': 'downgrade-word', 'lost-answer': 'lost-answer', 'lost-request': 'lost-request' };

const subject = (api: Api): MakeSubject => async (fault) => {
  if (fault === 'wrong-pin-once') return undefined;
  const bench = await createBench(api);
  open.push(bench);
  // What signs is the confirmation; what can be lost is how it is asked for.
  if (fault !== undefined && DECEITS[fault] !== undefined) bench.provider.faults.set(`${DECEITS[fault]}${fault.startsWith('lost-') ? ',times=2' : ''}`);
  const acted = new Set<string>();
  return {
    adapter: bench.adapter, clock: bench.clock, answer: () => ({ type: 'cancel' }), secrets: () => bench.book.jobs.flatMap(({ extra }) => extra?.['secret'] ?? []),
    made: () => madeItems(bench), sent: () => bench.provider.transcript.exchanges.filter(({ path }) => !path.startsWith('/qr/phone')).map(({ path, requestBody }) => ({ address: path, body: requestBody })),
    shown: (challenge) => {
      if (challenge.type !== 'qr' || acted.has(challenge.payload)) return;
      acted.add(challenge.payload);
      // The check may be over, and the provider closed, before the user has pressed anything.
      bench.phone(challenge.payload, (fault === undefined ? undefined : ACTS[fault]) ?? 'approve').catch(() => undefined);
    },
  };
};

const skips: Record<string, string[]> = {};
for (const api of APIS) describeAdapterConformance(`the ${api} mapping`, subject(api), () => harness, { describe, it }, { levels: CONFORMANCE_LEVELS, onSkip: ({ id }) => (skips[api] ??= []).push(id) });

describe('what could not be tried', () => {
  it('is only what QR sessions do not have', () => {
    const withoutOpenssl = hasOpenssl ? [] : ['L6.foreign'];
    expect(skips).toEqual({
      coss: ['L2.beyond', 'L4.wrong-pin', ...withoutOpenssl], zhongzhao: ['L2.beyond', 'L4.wrong-pin', ...withoutOpenssl],
      'device-link': ['L2.batch', 'L4.wrong-pin', 'L5.other-order', 'L5.replayed-value', 'L5.value-missing', ...withoutOpenssl],
    });
  });
});
