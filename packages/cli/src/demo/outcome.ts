import { nodeAlgorithms, nodeFetcher } from '@hefu/node';
import { readSignedData } from '@hefu/pki';
import type { Scenario, World } from '@hefu/sandbox';
import { updateTrustList, type TrustList, type UpdateRefused } from '@hefu/trust-list';
import { createUpdater, memoryStore, type Updater } from '@hefu/updater';
import { createJudgeCaches, DEFAULT_POLICY, evidenceSettles, judge, planEvidence, type JudgeCaches, type Report } from '@hefu/verify';

/** How a scenario ended: with a refused list, or with a verdict on the signature. */
export type StoryOutcome = { readonly stage: 'list'; readonly refusal: UpdateRefused } | { readonly stage: 'judge'; readonly report: Report };

/** Plays scenarios as a trading system would: update the list, plan, gather over HTTP, judge. */
export interface Player {
  play(scenario: Scenario): Promise<StoryOutcome>;
}

/** @param world being served: CRLs are fetched from where its certificates and lists say */
export function createPlayer(world: World): Player {
  const algorithms = nodeAlgorithms();
  const caches: JudgeCaches = createJudgeCaches();
  const updater: Updater = createUpdater({ fetcher: nodeFetcher(), store: memoryStore(), clock: { now: () => world.at } });
  return {
    async play(scenario) {
      let trustList: TrustList | undefined;
      for (const { envelope, at } of scenario.lists) {
        const outcome = await updateTrustList(trustList, envelope, { role: world.listRole, algorithms, at });
        if (outcome.outcome === 'refused') return { stage: 'list', refusal: outcome };
        trustList = outcome.trustList;
      }
      if (trustList === undefined) throw new TypeError(`scenario ${scenario.id} has no list`);
      const { at, context, content } = scenario;
      const signed = readSignedData(scenario.signature);
      const question = { signed, trustList, policy: DEFAULT_POLICY, algorithms, at, context, caches };
      const gathered = await updater.gather(planEvidence(question), { settles: evidenceSettles(question) });
      const report = await judge({
        signed, content, trustList, policy: DEFAULT_POLICY, algorithms, at, context, caches,
        evidence: { candidateCertificates: [], ...gathered },
      });
      return { stage: 'judge', report };
    },
  };
}

/** Whether it ended as the scenario says it must. */
export function isExpected(scenario: Scenario, outcome: StoryOutcome): boolean {
  const { expected } = scenario;
  if (outcome.stage === 'list') return expected.stage === 'list' && expected.code === outcome.refusal.code;
  return expected.stage === 'judge' && expected.code === outcome.report.code && expected.conclusion === outcome.report.conclusion;
}
