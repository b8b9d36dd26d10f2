import { equalBytes, type Certificate } from '@hefu/pki';
import { inquireRevocation } from '../ask-revocation.js';
import { carriedCrls, carriedOcsp } from '../carried.js';
import type { ChosenPath } from '../choose-path.js';
import type { ValidPath } from '../path/model.js';
import { validatePast } from '../process/past-signature-validation.js';
import { makeReason } from '../reason.js';
import type { CheckRow, Reason, RevocationResult } from '../report.js';
import { revocationSubjects } from '../revocation/check.js';
import type { JudgeTimestampInput } from './judge-timestamp.js';

/** An authority's path, and what is known of the token beside it. */
export interface Authority {
  readonly path: ValidPath;
  readonly service: Parameters<typeof inquireRevocation>[0]['service'];
  readonly list: ChosenPath['list'];
  readonly candidates: readonly Certificate[];
  readonly signed: Parameters<typeof carriedCrls>[0];
  readonly stampedAt: number;
  readonly proven: number | undefined;
}

/** RFC 3161 §4: a key withdrawn for these reasons was not lost, so what it stamped before stands. Without a reason (`unspecified`), nothing does. */
const NOT_LOST: ReadonlySet<string> = new Set(['affiliationChanged', 'superseded', 'cessationOfOperation']);

/** Whether the authority's certificates were revoked, by what is fresh or by evidence of the past. */
export async function judgeAuthorityRevocation(input: JudgeTimestampInput, authority: Authority, reasons: Reason[], checks: CheckRow[]): Promise<readonly RevocationResult[]> {
  const { policy, context, evidence, proofs, at, subject } = input;
  const { path, service, list, candidates, signed, stampedAt, proven } = authority;
  const scene = policy.scenes[context.scene];
  const inquiry = inquireRevocation({
    ...input, provenAt: (octets) => proofs.provenAt(octets), path, service, signers: list.signers, candidates, scene, clockSkew: policy.clockSkew,
    crls: [...evidence.crls, ...carriedCrls(signed)],
    ocsp: [...(evidence.ocsp ?? []), ...carriedOcsp(signed)],
  });
  const results: RevocationResult[] = [];
  const open: Reason[] = [];
  const { notAsked } = inquiry;
  for (const index of revocationSubjects(path)) {
    if (notAsked !== undefined) {
      results.push({ certificate: index, status: 'not-checked', ...(notAsked.reason === undefined ? {} : { reason: notAsked.reason }) });
      continue;
    }
    const result = await inquiry.ask(index);
    results.push(result);
    const revokedAt = result.revokedAt === undefined ? undefined : Date.parse(result.revokedAt);
    const orderly = index === 0 && result.reason !== undefined && NOT_LOST.has(result.reason);
    const before = revokedAt !== undefined && ((proven !== undefined && proven < revokedAt) || (orderly && stampedAt < revokedAt));
    checks.push({ id: 'timestamp.revocation', outcome: result.status === 'good' || (result.status === 'revoked' && before) ? 'passed' : result.status === 'unknown' ? 'indeterminate' : 'failed', subject, actual: result.code === undefined ? result.status : `${result.status} (${result.code})`, clause: 'EN 319 102-1 §5.4' });
    if (result.status === 'good' || (result.status === 'revoked' && before)) continue;
    if (result.status === 'revoked') open.push(makeReason('TSA_REVOKED', { subject, when: revokedAt!, ...(result.reason === undefined ? {} : { actual: result.reason }) }));
    else if (result.status === 'frozen') open.push(makeReason('CERTIFICATE_FROZEN', { subject }));
    // A login or other soft scene is content with less about its signer, but no time rests on a doubt.
    else open.push(makeReason(result.code ?? 'REVOCATION_UNKNOWN', { subject }));
  }
  if (open.length === 0) return results;
  // Also without a proof: sliding tells whether the token's authority was in order until now.
  if (input.past && !proofs.empty) {
    const past = await validatePast({
      path, inquiry, proofs, at,
      // The token names its signer's certificate, and what is inside the token is as old as the token.
      certificateProvenAt: (certificate) => {
        if (list.known(certificate.bytes) !== undefined) return -Infinity;
        const inside = signed.certificates.some((der) => equalBytes(der, certificate.bytes));
        return proofs.provenAt(certificate.bytes) ?? (inside ? proven : undefined);
      },
      freshness: { grace: scene.crlGrace, clockSkew: policy.clockSkew, ...(scene.crlMaxAge === undefined ? {} : { maxAge: scene.crlMaxAge }) },
      stale: scene.staleRevocation ?? 'issuance',
      sunsetOf: (name) => policy.algorithms.sunset?.[name],
    }, proven, subject);
    checks.push(past.check);
    if (past.settled) return past.revocation;
  }
  reasons.push(...open);
  return results;
}
