import { describeAdapterConformance, type ConformanceHarness, type MakeSubject } from '@hefu/sign/conformance';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../world.js';
import { algorithms, APIS, createBench, judgement, madeItems, type Api, type Bench } from './bench.js';

let harness: ConformanceHarness;
beforeAll(async () => { harness = { algorithms, random: seededRandom(), judgement: await judgement() }; });
const open: Bench[] = [];
afterEach(() => Promise.all(open.splice(0).map((bench) => bench.close())));

const subject = (api: Api): MakeSubject => async (fault) => {
  if (fault === 'wrong-pin-once') return undefined;
  const bench = await createBench(api);
  open.push(bench);
  // What signs is the confirmation; what can be lost is how it is asked for.
  if (fault === 'lost-answer' || fault === 'lost-request') bench.provider.faults.set(`${fault},times=2`);
  const acted = new Set<string>();
  return {
    adapter: bench.adapter, clock: bench.clock, answer: () => ({ type: 'cancel' }), secrets: () => bench.book.jobs.flatMap(({ extra }) => extra?.['secret'] ?? []),
    made: () => madeItems(bench),
    shown: (challenge) => {
      if (challenge.type !== 'qr' || acted.has(challenge.payload)) return;
      acted.add(challenge.payload);
      void bench.phone(challenge.payload, fault === 'user-refuses' ? 'refuse' : 'approve');
    },
  };
};

const skips: Record<string, string[]> = {};
for (const api of APIS) describeAdapterConformance(`the ${api} mapping`, subject(api), () => harness, { describe, it }, { onSkip: ({ id }) => (skips[api] ??= []).push(id) });

describe('what could not be tried', () => {
  it('is only what QR sessions do not have', () => {
    expect(skips).toEqual({ coss: ['L2.beyond', 'L4.wrong-pin'], zhongzhao: ['L2.beyond', 'L4.wrong-pin'], 'device-link': ['L2.batch', 'L4.wrong-pin'] });
  });
});
