import { beforeAll, describe, expect, it } from 'vitest';
import { opensslVerify } from '../../../cli/dist/openssl-verify.js';
import { hasOpenssl } from '../../../sandbox/test/openssl.js';
import { CONFORMANCE_LEVELS, createScriptedProvider, describeAdapterConformance, MUTANTS, runAdapterConformance, runMutations, type ConformanceHarness, type Fault, type MakeSubject, type Script } from '../../src/conformance/index.js';
import { createSoftAdapter, type QuestionChallenge } from '../../src/index.js';
import { algorithms, AT, companies, judgement, softKey } from '../session/bench.js';
import { seededRandom, VirtualClock } from '../session/virtual-clock.js';

let harness: ConformanceHarness;
beforeAll(async () => { harness = { algorithms, random: seededRandom(), judgement: await judgement(), verifyForeign: opensslVerify }; });
const PIN = '73051946820517';
const OTP = '91827364554637';

type Deceit = NonNullable<Script['deceit']>;
const isDeceit = (fault: Fault): fault is Deceit => /^other-|^replayed-|^value-/.test(fault);

const scripted: MakeSubject = (fault) => {
  const script: Script = {
    pin: PIN, otp: OTP, qr: { decides: fault === 'user-refuses' ? 'refuse' : 'approve', afterMs: 2500, ttlMs: 30_000 }, maxPerAuthorisation: 4, maxPerCall: 3,
    ...(fault === undefined || !isDeceit(fault) ? {} : { deceit: fault }),
    ...(fault === 'lost-answer' ? { lose: { 1: 'answer' } } : fault === 'lost-request' ? { lose: { 1: 'request' } } : {}),
  };
  const provider = createScriptedProvider([softKey(companies('SM2')[0]!), softKey(companies('P-256')[0]!, 'key-2')], script);
  let pins = 0;
  return {
    adapter: provider.adapter, clock: new VirtualClock(AT, setImmediate), made: () => provider.made, sent: () => provider.sent, secrets: () => [PIN, OTP, ...provider.secrets],
    answer: ({ type }: QuestionChallenge) => (type === 'otp' ? { type, value: OTP } : { type: 'pin', value: fault === 'wrong-pin-once' && pins++ === 0 ? '00000000000000' : PIN }),
  };
};
const soft: MakeSubject = (fault) => fault !== undefined ? undefined : {
  adapter: createSoftAdapter({ keys: [softKey(companies('SM2')[0]!), softKey(companies('P-256')[0]!, 'key-2'), softKey(companies('RSA-2048')[0]!, 'key-3')], accepts: ['sm2-e', 'tbs'] }),
  clock: new VirtualClock(AT, setImmediate), answer: () => ({ type: 'cancel' }),
};

const skips: string[] = [];
describeAdapterConformance('the scripted adapter', scripted, () => harness, { describe, it }, { levels: CONFORMANCE_LEVELS, onSkip: ({ id }) => skips.push(id) });
describeAdapterConformance('the soft adapter', soft, () => harness, { describe, it }, { levels: CONFORMANCE_LEVELS });

describe('the kit', () => {
  it('tries everything on the scripted adapter', () => {
    expect(skips).toEqual(hasOpenssl ? [] : ['L6.foreign']);
  });
  it('reports as JSON, and names what could not be tried', async () => {
    const report = await runAdapterConformance(soft, harness);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
    // No provider, no faults: of level 4 nothing was tried, so it is not reached.
    expect(report).toMatchObject({ adapter: { id: 'soft' }, failed: 0, level: 'L3' });
    expect(report.rows.filter(({ outcome }) => outcome === 'skipped').map(({ id }) => id)).toContain('L4.lost-answer');
  });
  it('lowers the level to below the first failure', async () => {
    const broken: MakeSubject = async (fault) => {
      const subject = (await scripted(fault))!;
      return { ...subject, adapter: MUTANTS.find(({ name }) => name === 'values in another order')!.mutate(subject.adapter) };
    };
    const report = await runAdapterConformance(broken, harness, { levels: ['L0', 'L1', 'L2'] });
    expect(report).toMatchObject({ level: 'L1' });
    expect(report.failed).toBeGreaterThan(0);
  });
  it('catches every mutant', async () => {
    const results = await runMutations(scripted, harness);
    expect(results).toHaveLength(MUTANTS.length);
    expect(results.filter(({ caughtBy }) => caughtBy.length === 0).map(({ name }) => name)).toEqual([]);
    // The check that a mutant names is the one that notices it: otherwise it names another for nothing.
    expect(MUTANTS.flatMap(({ name, by }, index) => (by === undefined || results[index]!.caughtBy.includes(by) ? [] : name))).toEqual([]);
  }, 300_000);
});
