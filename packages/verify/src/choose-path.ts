import type { Algorithms } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import type { TrustList, TrustService } from '@hefu/trust-list';
import type { JudgeCaches } from './caches.js';
import type { readContext } from './context.js';
import { buildPath } from './path/build.js';
import type { Budget, Spending } from './path/budget.js';
import type { PathOutcome, ValidPath } from './path/model.js';
import { REGIONAL_CA } from './path/profile.js';
import type { Policy } from './policy.js';
import { requiredSha256 } from './required-digest.js';
import { completeAnchors, type ListAnchors } from './trust/anchors.js';
import { decideTrust, type ServiceDecision } from './trust/decide.js';

export interface ChoosePathInput {
  readonly certificate: Certificate;
  /** Untrusted certificates that came along. */
  readonly candidateCertificates: readonly Certificate[];
  readonly trustList: TrustList;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Best signature time. */
  readonly signedAt: number;
  readonly context: ReturnType<typeof readContext>;
  readonly budget: Budget;
  readonly spending: Spending;
  readonly caches: JudgeCaches;
}

export interface ChosenPath {
  readonly outcome: PathOutcome;
  /** The first path that a service trusts, else the one that came nearest. */
  readonly best: { readonly path: ValidPath; readonly decision: ServiceDecision } | undefined;
  readonly list: ListAnchors;
  /** Those that came along, and the list's. */
  readonly candidates: readonly Certificate[];
  /** By `TrustAnchor.source`. */
  readonly services: ReadonlyMap<string, readonly TrustService[]>;
}

/** The path of a certificate to the list's anchors (RFC 5280 §6), and which service answers for it. */
export async function choosePath(input: ChoosePathInput): Promise<ChosenPath> {
  const { certificate, trustList, policy, algorithms, signedAt, caches } = input;
  const sha256 = requiredSha256(algorithms);
  const list = caches.anchorsOf(trustList, sha256);
  // The list's own first: what earlier verdicts learnt of them is kept with these objects.
  const candidates = [...list.intermediates, ...input.candidateCertificates];
  const { anchors, services } = completeAnchors(list, trustList, [certificate, ...candidates], sha256);
  let best: ChosenPath['best'];
  const outcome = await buildPath({
    leaf: certificate,
    candidates,
    anchors,
    at: signedAt,
    algorithms,
    profile: REGIONAL_CA,
    budget: input.budget,
    spending: input.spending,
    edges: caches.edges,
    enforceAnchorValidity: policy.enforceAnchorValidity,
    accept(path) {
      const [decision] = decideTrust({ ...input.context, path, services: services.get(path.anchor.source) ?? [], signedAt });
      if (decision === undefined) return false;
      if (best === undefined || decision.trusted) best = { path, decision };
      return decision.trusted;
    },
  });
  return { outcome, best, list, candidates, services };
}
