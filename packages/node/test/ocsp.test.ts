import { existsSync } from 'node:fs';
import { DEFAULT_POLICY, type Policy, type Report } from '@hefu/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scenario, ServedWorld } from '../../sandbox/src/index.js';
import { createVerifier, type Verifier } from '../src/create-verifier.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const built = existsSync(SANDBOX);
if (!built) console.warn('SKIPPED: OCSP over the sandbox: packages/sandbox is not built (tsc -b)');

const T = Date.UTC(2026, 5, 1, 8);

describe.skipIf(!built).each(['ocsp-first', 'crl-first', 'both'] as const)('createVerifier where the list says %s', (revocationMode) => {
  let served: ServedWorld;
  const open: Verifier[] = [];
  const clock = { now: () => T };

  beforeAll(async () => {
    const { startSandbox } = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    served = await startSandbox({ seed: 'node-ocsp', at: T, revocationMode });
  });
  afterAll(async () => {
    for (const verifier of open) verifier.close();
    await served?.close();
  });

  async function verifier(policy: Policy = DEFAULT_POLICY): Promise<Verifier> {
    const one = await createVerifier({ trustList: { bytes: served.world.lists.current }, role: served.world.listRole, clock, policy });
    open.push(one);
    return one;
  }
  async function judged(scenario: Scenario, by: Verifier): Promise<Report> {
    const { region, transaction, scene } = scenario.context;
    return by.verify({ signature: scenario.signature, content: scenario.content, region, transaction, scene, at: scenario.at });
  }
  const withFault = async <R>(fault: 'error' | 'html' | 'truncated', prefix: string, run: () => Promise<R>): Promise<R> => {
    const paths = [...served.world.ocsp.keys(), ...served.world.crls.keys()].filter((path) => path.startsWith(prefix));
    for (const path of paths) served.setFault(path, fault);
    try {
      return await run();
    } finally {
      for (const path of paths) served.setFault(path, undefined);
    }
  };
  const said = ({ conclusion, code }: Report): string => `${conclusion} ${code}`;
  /** Stories told with the current list alone, of the present. */
  const stories = (): readonly Scenario[] =>
    served.world.scenarios.filter(({ expected, lists, at }) => expected.stage === 'judge' && lists.length === 1 && at === T && lists[0]!.envelope === served.world.lists.current);

  it('tells the stories as with CRLs alone', async () => {
    expect(stories().length).toBeGreaterThan(8);
    const told: Record<string, string> = {};
    const wanted: Record<string, string> = {};
    for (const scenario of stories()) {
      if (scenario.expected.stage !== 'judge') continue;
      told[scenario.id] = said(await judged(scenario, await verifier()));
      wanted[scenario.id] = `${scenario.expected.conclusion} ${scenario.expected.code}`;
    }
    expect(told).toEqual(wanted);
    expect(served.requests.some((path) => path.startsWith('/ocsp/'))).toBe(true);
  });

  it('names what decided', async () => {
    const passing = stories().find(({ expected }) => expected.stage === 'judge' && expected.conclusion === 'passed')!;
    const { signers } = await judged(passing, await verifier());
    const [leaf] = signers[0]!.revocation;
    expect(leaf).toMatchObject({ status: 'good', source: { kind: revocationMode === 'ocsp-first' ? 'ocsp' : 'crl' } });
    if (revocationMode === 'both') expect(leaf!.evidence?.map(({ kind }) => kind)).toEqual(['crl', 'ocsp']);
  });

  it('a responder that fails', async () => {
    const passing = stories().find(({ expected }) => expected.stage === 'judge' && expected.conclusion === 'passed')!;
    for (const fault of ['error', 'html', 'truncated'] as const) {
      const report = await withFault(fault, '/ocsp/', async () => judged(passing, await verifier()));
      // Only where both must speak is its silence missed.
      expect(said(report)).toBe(revocationMode === 'both' ? 'indeterminate OCSP_NOT_AVAILABLE' : 'passed OK');
      // Nor is it asked where a CRL has said all.
      expect(report.gaps.some(({ what }) => what.startsWith('ocsp '))).toBe(revocationMode !== 'crl-first');
    }
  });

  it('asks one kind, and the other only where that leaves something open', async () => {
    const passing = stories().find(({ expected }) => expected.stage === 'judge' && expected.conclusion === 'passed')!;
    const asked = async (fault?: readonly ['error', string]): Promise<string> => {
      const start = served.requests.length;
      const run = async (): Promise<Report> => judged(passing, await verifier());
      const report = await (fault === undefined ? run() : withFault(fault[0], fault[1], run));
      const kinds = new Set(served.requests.slice(start).map((path) => path.split('/')[1]!));
      return [report.conclusion, ...[...kinds].sort()].join(' ');
    };
    const [first, second] = revocationMode === 'ocsp-first' ? (['ocsp', 'crl'] as const) : (['crl', 'ocsp'] as const);
    expect(await asked()).toBe(revocationMode === 'both' ? 'passed crl ocsp' : `passed ${first}`);
    expect(await asked(['error', `/${second}/`])).toBe(revocationMode === 'both' ? 'indeterminate crl ocsp' : `passed ${first}`);
    expect(await asked(['error', `/${first}/`])).toBe(revocationMode === 'both' ? 'indeterminate crl ocsp' : 'passed crl ocsp');
  });

  it('CRLs that fail', async () => {
    const passing = stories().find(({ expected }) => expected.stage === 'judge' && expected.conclusion === 'passed')!;
    const report = await withFault('error', '/crl/', async () => judged(passing, await verifier()));
    expect(said(report)).toBe(revocationMode === 'both' ? 'indeterminate CRL_NOT_AVAILABLE' : 'passed OK');
  });

  it('revoked is learnt from the responder alone', async () => {
    const revoked = stories().find(({ expected }) => expected.stage === 'judge' && expected.code === 'CERTIFICATE_REVOKED')!;
    const report = await withFault('error', '/crl/', async () => judged(revoked, await verifier()));
    expect(report.code).toBe('CERTIFICATE_REVOKED');
    expect(report.signers[0]!.revocation[0]).toMatchObject({ status: 'revoked', source: { kind: 'ocsp' } });
  });
});
