import type { Certificate } from '@hefu/pki';
import { inquireRevocation } from './ask-revocation.js';
import { createJudgeCaches } from './caches.js';
import { carriedCertificates, carriedCrls, carriedOcsp } from './carried.js';
import { choosePath, type ChosenPath } from './choose-path.js';
import { readContext } from './context.js';
import type { Evidence, WantedCrl, WantedOcsp } from './evidence.js';
import { createSpending, DEFAULT_BUDGET } from './path/budget.js';
import type { PlanInput } from './plan.js';
import { requiredSha256 } from './required-digest.js';
import { revocationSubjects } from './revocation/check.js';
import type { RevocationResult } from './report.js';
import { subjectKey } from './wish-list.js';

export interface EvidenceSettlesInput extends PlanInput {
  /** As `judge` will be told it. */
  readonly bestSignatureTime?: number;
  /** What is at hand beside what will be gathered: as `judge` will see it. */
  readonly brought?: Partial<Pick<Evidence, 'crls' | 'ocsp'>>;
}

/**
 * The gatherer's question whether what it has spares it a wish of a later tier: every certificate that the wish is for
 * has a status that more evidence would not change. It is the judge's own answer, on the judge's own path, so nothing is
 * believed here that would not be believed there; what is open, doubtful or about no known path asks on.
 *
 * Settled is `good` within its dates, which no responder doubts; and `revoked`, unless only a proven time of signature before it keeps it from
 * deciding: then another source may know an earlier date. A hold is not: newer evidence may have lifted it.
 * Signature checks are bounded by one budget for all questions; what they find is found again through `caches`.
 */
export function evidenceSettles(input: EvidenceSettlesInput): (wanted: WantedCrl | WantedOcsp, soFar: Pick<Evidence, 'crls' | 'ocsp'>) => Promise<boolean> {
  const { trustList, policy, algorithms, at } = input;
  const context = readContext(input.context);
  const caches = input.caches ?? createJudgeCaches();
  const signedAt = input.bestSignatureTime ?? at;
  const common = { trustList, policy, algorithms, signedAt, at, context, budget: DEFAULT_BUDGET, spending: createSpending(), caches };
  const { signed } = input;
  const carried =
    signed === undefined
      ? { certificates: [], crls: [], ocsp: [] }
      : { certificates: carriedCertificates(signed, caches.anchorsOf(trustList, requiredSha256(algorithms)), caches.certificates), crls: carriedCrls(signed), ocsp: carriedOcsp(signed) };
  const certificates: readonly Certificate[] = [...carried.certificates, ...(input.certificates ?? [])];
  let paths: Promise<readonly ChosenPath[]> | undefined;
  const settledSubjects = new Set<string>();

  async function choose(): Promise<readonly ChosenPath[]> {
    const chosen: ChosenPath[] = [];
    for (const certificate of certificates) chosen.push(await choosePath({ ...common, certificate, candidateCertificates: certificates }));
    return chosen;
  }

  async function isSettled(subject: string, soFar: Pick<Evidence, 'crls' | 'ocsp'>): Promise<boolean> {
    let asked = false;
    for (const { best, list, candidates } of await (paths ??= choose())) {
      if (best === undefined) continue;
      const { path, decision } = best;
      const index = revocationSubjects(path).find((each) => subjectKey(path.certificates[each]!) === subject);
      if (index === undefined) continue;
      asked = true;
      const inquiry = inquireRevocation({
        ...common,
        path,
        service: decision.anchor?.statement.service,
        signers: list.signers,
        crls: [...(input.brought?.crls ?? []), ...soFar.crls, ...carried.crls],
        ocsp: [...(input.brought?.ocsp ?? []), ...(soFar.ocsp ?? []), ...carried.ocsp],
        scene: policy.scenes[context.scene],
        clockSkew: policy.clockSkew,
        candidates,
      });
      if (inquiry.notAsked === undefined && !isFinal(await inquiry.ask(index), input.bestSignatureTime)) return false;
    }
    return asked;
  }

  return async ({ subjects = [] }, soFar) => {
    for (const subject of subjects) {
      if (settledSubjects.has(subject)) continue;
      if (!(await isSettled(subject, soFar))) return false;
      settledSubjects.add(subject);
    }
    return subjects.length > 0;
  };
}

function isFinal({ status, inGrace, revokedAt, doubt }: RevocationResult, bestSignatureTime: number | undefined): boolean {
  if (status === 'good') return inGrace !== true && doubt === undefined;
  return status === 'revoked' && (bestSignatureTime === undefined || Date.parse(revokedAt!) <= bestSignatureTime);
}
