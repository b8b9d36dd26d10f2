import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { hexOf, type Certificate } from '@hefu/pki';
import type { ListReference, PathKey, ServiceKind, Trust, TrustService } from '@hefu/trust-list';
import type { JudgeCaches } from './caches.js';
import type { readContext } from './context.js';
import { buildPath } from './path/build.js';
import type { Budget, Spending } from './path/budget.js';
import type { PathOutcome, ValidPath } from './path/model.js';
import { REGIONAL_CA } from './path/profile.js';
import type { Policy } from './policy.js';
import { requiredSha256 } from './required-digest.js';
import { completeAnchors, type ListAnchors } from './trust/anchors.js';
import { decidePath, type PathDecision } from './trust/decide.js';

export interface ChoosePathInput {
  readonly certificate: Certificate;
  /** Services whose anchors count. Default `ca`. */
  readonly kind?: ServiceKind;
  /** Untrusted certificates that came along. */
  readonly candidateCertificates: readonly Certificate[];
  readonly trustList: Trust;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Best signature time. */
  readonly signedAt: number;
  /** Validation time. */
  readonly at: number;
  /** Only what was known in these lists. */
  readonly knownAt?: readonly ListReference[];
  readonly context: ReturnType<typeof readContext>;
  readonly budget: Budget;
  readonly spending: Spending;
  readonly caches: JudgeCaches;
}

export interface ChosenPath {
  readonly outcome: PathOutcome;
  /** The first path that the lists trust, else the one that came nearest. */
  readonly best: { readonly path: ValidPath; readonly decision: PathDecision } | undefined;
  readonly list: ListAnchors;
  /** Those that came along, and the lists'. */
  readonly candidates: readonly Certificate[];
  /** By `TrustAnchor.source`. */
  readonly services: ReadonlyMap<string, readonly TrustService[]>;
}

/** The path of a certificate to an anchor of the lists (RFC 5280 §6), and what they say of it. */
export async function choosePath(input: ChoosePathInput): Promise<ChosenPath> {
  const { certificate, kind = 'ca', trustList, policy, algorithms, signedAt, at, knownAt, context, caches } = input;
  const sha256 = requiredSha256(algorithms);
  const list = caches.anchorsOf(trustList, sha256, kind);
  // The lists' own first: what earlier verdicts learnt of them is kept with these objects.
  const candidates = [...list.intermediates, ...input.candidateCertificates];
  const { anchors, services, entries } = completeAnchors(list, [certificate, ...candidates], sha256);
  const missing = policy.scenes[context.scene].missingList ?? 'refuse';
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
    // `caches.certificates` has one object for equal octets.
    keepLeaf: true,
    enforceAnchorValidity: policy.enforceAnchorValidity,
    accept(path) {
      const decision = decidePath({
        kind, federation: list.federation, path, signedAt, at, missing,
        region: context.region,
        purpose: context.purpose,
        ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
        ...(context.role === undefined ? {} : { role: context.role }),
        keys: keysOf(path, caches, sha256),
        entries: entries.get(path.anchor.source) ?? [],
        ...(knownAt === undefined ? {} : { knownAt }),
      });
      if (best === undefined || decision.trusted || (best.decision.anchor === undefined && decision.anchor !== undefined)) best = { path, decision };
      return decision.trusted;
    },
  });
  return { outcome, best, list, candidates, services };
}

/** What lists may name the CAs of a path by. */
function keysOf({ certificates, anchor }: ValidPath, caches: JudgeCaches, sha256: DigestAlgorithm): readonly PathKey[] {
  const above = certificates.slice(1).map((one) => caches.keyOf(one, sha256));
  if (anchor.certificate !== undefined) return certificates.length > 1 ? above : [caches.keyOf(anchor.certificate, sha256)];
  return [...above, { spkiSha256: hexOf(sha256.digest(anchor.spki)) }];
}
