import { id_aa_signingCertificate, id_aa_signingCertificateV2, type Certificate, type SignerInfo } from '@hefu/pki';
import type { WarningCode } from '../codes.js';
import { readContext } from '../context.js';
import type { JudgeInput } from '../judge.js';
import type { PastEvidence } from '../judge-certificate.js';
import type { JudgeCaches } from '../caches.js';
import { createSpending, DEFAULT_BUDGET } from '../path/budget.js';
import { DEFAULT_TIME_SOURCES, type Policy, type Scene, type TimeSource } from '../policy.js';
import type { ProvenObject, Reason, TimestampReport } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import type { Content } from '../signature/content.js';
import { Proofs } from '../time/proofs.js';
import { findTimestamps, type FoundTimestamp } from '../timestamp/find-timestamps.js';
import { readKnownAt } from '../trust/knowledge.js';
import { bestSignatureTime, orderFailure, type SignatureTimes } from './best-signature-time.js';
import type { Surroundings } from './surroundings.js';
import { coverWhole, judgeTimestamps } from './time-stamps.js';

export interface PlaceInTimeInput extends JudgeInput {
  readonly signer: SignerInfo;
  readonly certificate: Certificate;
  readonly content: Content;
  readonly carried: readonly Certificate[];
  readonly caches: JudgeCaches;
  /** Whether the signature itself verifies: time-stamps over one that does not prove nothing. */
  readonly verified: boolean;
  readonly surroundings?: Surroundings;
}

/** When a signature was made, as far as it can be proven. */
export interface PlacedInTime {
  readonly best: SignatureTimes;
  readonly found: readonly FoundTimestamp[];
  /** In the order of `found`; empty where they were not looked at. */
  readonly reports: readonly TimestampReport[];
  readonly looked: boolean;
  readonly proofs: readonly ProvenObject[];
  readonly past?: PastEvidence;
  readonly order?: Reason;
  readonly warnings: readonly WarningCode[];
}

/** What may place a signature in time in this scene. */
export function sourcesOf({ scenes }: Policy, scene: Scene): readonly TimeSource[] {
  return scenes[scene].timeSources ?? DEFAULT_TIME_SOURCES[scene];
}

/** EN 319 102-1 §5.5 and §5.6 up to the best signature time: time-stamps, the caller's receipt and proofs, as the scene counts them. */
export async function placeInTime(input: PlaceInTimeInput): Promise<PlacedInTime> {
  const { signer, policy, at, caches, algorithms } = input;
  const context = readContext(input.context);
  const sources = sourcesOf(policy, context.scene);
  const received = sources.includes('receipt') ? input.bestSignatureTime : undefined;
  const found = findTimestamps(signer);
  const stated = sources.includes('evidence') ? (input.proofs ?? []) : [];
  const counts = input.verified && sources.includes('time-stamp');
  const around = counts ? (input.surroundings?.timestamps ?? []) : [];
  const looked = counts && (found.length > 0 || around.length > 0);
  // Most signatures: nothing to look at.
  if (!looked && stated.length === 0) return { best: bestSignatureTime([], received, at), found, reports: [], looked: false, proofs: [], warnings: [] };

  const sha256 = requiredSha256(algorithms);
  const proofs = new Proofs(sha256, stated);
  for (const { valid, by, covers } of around) {
    if (valid === undefined) continue;
    coverWhole(input, proofs, valid.time, by);
    for (const { what, octets } of covers) proofs.add(what, octets, valid.time, by);
  }
  const { federation } = caches.anchorsOf(input.trustList, sha256);
  const { knownAt: pin, ...rest } = input;
  const knownAt = pin?.decides === 'then' ? readKnownAt(pin, federation) : undefined;
  const settles = sources.includes('evidence');
  const { reports, valid: beside, warnings } = await judgeTimestamps({
    ...rest, context, found: looked ? found : [], proofs, past: settles, candidateCertificates: input.carried,
    ...(knownAt === undefined ? {} : { knownAt }),
    budget: input.budget ?? DEFAULT_BUDGET, spending: createSpending(),
  });
  const valid = [...around.flatMap((stamp) => stamp.valid ?? []), ...beside];
  const existing = proofs.provenAt(signer.signature);
  const statedAt = existing !== undefined && !valid.some(({ kind, time }) => kind !== 'content' && time === existing) ? existing : undefined;
  const byCaller = [received, statedAt].flatMap((each) => each ?? []);
  const best = bestSignatureTime(valid, byCaller.length === 0 ? undefined : Math.min(...byCaller, at), at);
  const order = orderFailure(valid, received, policy.clockSkew, 'timestamps');
  return {
    best, found, reports, looked: true, proofs: proofs.found,
    past: { settles, proofs, certificateProvenAt: certificateProvenAt(input, proofs, best, received) },
    ...(order === undefined ? {} : { order }),
    warnings,
  };
}

/**
 * Since when certificates are proven: what the platform received it had then; the signature names its own certificate, which is
 * as old as the signature where that is a signed attribute (RFC 5035 §3); the list's own need no proof; others as found.
 */
function certificateProvenAt({ signer, certificate: leaf, trustList, caches, algorithms }: PlaceInTimeInput, proofs: Proofs, best: SignatureTimes, received: number | undefined): PastEvidence['certificateProvenAt'] {
  const list = caches.anchorsOf(trustList, requiredSha256(algorithms));
  const bound = (signer.signedAttrs?.find(id_aa_signingCertificateV2).length ?? 0) + (signer.signedAttrs?.find(id_aa_signingCertificate).length ?? 0) > 0;
  return (certificate) => {
    if (list.known(certificate.bytes) !== undefined) return -Infinity;
    const times = [proofs.provenAt(certificate.bytes), received, certificate === leaf && bound && best.source !== 'validation time' ? best.best : undefined].flatMap((each) => each ?? []);
    return times.length === 0 ? undefined : Math.min(...times);
  };
}
