import { parseCertificateList, readSignedData } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
// The world is made above this room; only tests may look up.
import { createWorld, type Scenario, type World } from '../../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { createJudgeCaches, DEFAULT_POLICY, judge, NO_EVIDENCE, recordEvidence, type Evidence, type EvidenceRecord, type Report } from '../../src/index.js';

export const AT = Date.UTC(2026, 5, 1, 4);
export const TOOLS = [{ name: 'hefu', version: '0.1.0' }];
export const algorithms = nodeAlgorithms();

export interface Judged {
  readonly world: World;
  readonly trustList: TrustList;
  readonly evidence: Evidence;
  story(id: string): Scenario;
  /** Judges a scenario and records it. */
  record(id: string, more?: { readonly keepContent?: boolean; readonly id?: string }): Promise<{ readonly record: EvidenceRecord; readonly report: Report; readonly scenario: Scenario }>;
}

export async function judgedWorld(seed: string): Promise<Judged> {
  const world = createWorld({ seed, at: AT });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  const { trustList } = outcome;
  const evidence: Evidence = { ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes), fetchedAt: AT })) };
  const caches = createJudgeCaches();
  const story = (id: string): Scenario => {
    const found = world.scenarios.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no scenario ${id}`);
    return found;
  };
  return {
    world, trustList, evidence, story,
    async record(id, more = {}) {
      const scenario = story(id);
      const { signature, content, context } = scenario;
      const base = { content, evidence, policy: DEFAULT_POLICY, algorithms, at: AT, context, caches };
      const report = await judge({ ...base, signed: readSignedData(signature), trustList });
      const record = await recordEvidence({ ...base, id, report, signature, trust: trustList, role: world.listRole, tools: TOOLS, madeAt: AT, ...more });
      return { record, report, scenario };
    },
  };
}
