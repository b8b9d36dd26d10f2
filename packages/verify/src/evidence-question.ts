import type { Certificate } from '@hefu/pki';
import { inquireRevocation, type RevocationInquiry } from './ask-revocation.js';
import { createJudgeCaches } from './caches.js';
import { carriedCertificates, carriedCrls, carriedOcsp } from './carried.js';
import { choosePath, type ChosenPath } from './choose-path.js';
import { readContext } from './context.js';
import type { Evidence } from './evidence.js';
import { createSpending, DEFAULT_BUDGET } from './path/budget.js';
import type { PlanInput } from './plan.js';
import { requiredSha256 } from './required-digest.js';
import { revocationSubjects } from './revocation/check.js';
import { subjectKey } from './wish-list.js';

export interface EvidenceQuestionInput extends PlanInput {
  /** As `judge` will be told it. */
  readonly bestSignatureTime?: number;
  /** What is at hand beside what will be gathered: as `judge` will see it. */
  readonly brought?: Partial<Pick<Evidence, 'crls' | 'ocsp'>>;
}

/** A certificate that a wish names, on a path that the judge would take. */
export interface AskedAfter {
  readonly inquiry: RevocationInquiry;
  readonly index: number;
}

/**
 * Finds a subject of a plan on the judge's own paths, to ask after it by what was gathered so far. Paths are chosen once, when first needed.
 * Signature checks are bounded by one budget for all questions; what they find is found again through `caches`.
 */
export function evidenceQuestion(input: EvidenceQuestionInput): (subject: string, soFar: Pick<Evidence, 'crls' | 'ocsp'>) => Promise<readonly AskedAfter[]> {
  const { trustList, policy, algorithms, at, signed } = input;
  const context = readContext(input.context);
  const caches = input.caches ?? createJudgeCaches();
  const common = { trustList, policy, algorithms, signedAt: input.bestSignatureTime ?? at, at, context, budget: DEFAULT_BUDGET, spending: createSpending(), caches };
  const carried =
    signed === undefined
      ? { certificates: [], crls: [], ocsp: [] }
      : { certificates: carriedCertificates(signed, caches.anchorsOf(trustList, requiredSha256(algorithms)), caches.certificates), crls: carriedCrls(signed), ocsp: carriedOcsp(signed) };
  const certificates: readonly Certificate[] = [...carried.certificates, ...(input.certificates ?? [])];
  let paths: Promise<readonly ChosenPath[]> | undefined;

  async function choose(): Promise<readonly ChosenPath[]> {
    const chosen: ChosenPath[] = [];
    for (const certificate of certificates) chosen.push(await choosePath({ ...common, certificate, candidateCertificates: certificates }));
    return chosen;
  }

  return async (subject, soFar) => {
    const found: AskedAfter[] = [];
    for (const { best, list, candidates } of await (paths ??= choose())) {
      if (best === undefined) continue;
      const { path, decision } = best;
      const index = revocationSubjects(path).find((each) => subjectKey(path.certificates[each]!) === subject);
      if (index === undefined) continue;
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
      found.push({ inquiry, index });
    }
    return found;
  };
}
