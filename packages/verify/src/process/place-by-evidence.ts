import { id_aa_signingCertificate, id_aa_signingCertificateV2 } from '@hefu/pki';
import { readContext } from '../context.js';
import type { PastEvidence } from '../judge-certificate.js';
import { createSpending, DEFAULT_BUDGET } from '../path/budget.js';
import { requiredSha256 } from '../required-digest.js';
import { Proofs } from '../time/proofs.js';
import { readKnownAt } from '../trust/knowledge.js';
import { bestSignatureTime, orderFailure, type SignatureTimes } from './best-signature-time.js';
import type { PlacedInTime, PlaceInTimeInput, PlacingEvidence } from './place-in-time.js';
import { coverWhole, judgeTimestamps } from './time-stamps.js';

/** EN 319 102-1 §5.5 and §5.6 where there is anything to look at: time-stamps and what they prove, and the caller's receipt and proofs. */
export async function placeByEvidence(input: PlaceInTimeInput, { found, looked, around, sources, stated, received }: PlacingEvidence): Promise<PlacedInTime> {
  const { signer, policy, at, caches, algorithms } = input;
  const context = readContext(input.context);
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
