import type { Algorithms } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import type { TrustService } from '@hefu/trust-list';
import type { JudgeCaches } from './caches.js';
import type { ReasonCode } from './codes.js';
import type { CollectedCrl, CollectedOcsp, EvidenceGap } from './evidence.js';
import type { Budget, Spending } from './path/budget.js';
import type { ValidPath } from './path/model.js';
import type { ScenePolicy } from './policy.js';
import { readableCertificate } from './readable-certificate.js';
import { makeReason } from './remedies.js';
import type { CheckRow, Reason, RevocationResult } from './report.js';
import { checkRevocation, revocationSubjects } from './revocation/check.js';

export interface JudgeRevocationInput {
  readonly path: ValidPath;
  readonly service: TrustService | undefined;
  readonly crls: readonly CollectedCrl[];
  readonly ocsp: readonly CollectedOcsp[];
  readonly gaps: readonly EvidenceGap[];
  readonly scene: ScenePolicy;
  readonly clockSkew: number;
  /** Validation time. */
  readonly at: number;
  /** Best signature time. */
  readonly signedAt: number;
  /** Whether `signedAt` is proven rather than assumed. */
  readonly proven: boolean;
  readonly algorithms: Algorithms;
  readonly caches: JudgeCaches;
  /** Shared with path building. */
  readonly budget: Budget;
  readonly spending: Spending;
  /** Certificates among which another key of the same CA may be found. */
  readonly candidates: readonly Certificate[];
  /** Reasons and rows are added to these. */
  readonly reasons: Reason[];
  readonly checks: CheckRow[];
}

/**
 * Asks after the leaf and every intermediate (never the anchor) and turns the three-valued answers into reasons
 * by the scene's rule. Revocation after a proven signature time does not touch the signature (EN 319 102-1 §5.5).
 */
export async function judgeRevocation(input: JudgeRevocationInput): Promise<RevocationResult[]> {
  const { path, service, scene, reasons, checks } = input;
  const results: RevocationResult[] = [];
  const listed = service?.revocation.mode === 'none-with-reason' ? service.revocation.reason ?? 'stated by the trust list' : undefined;
  const endpoints = service?.revocation.ocsp ?? [];
  const listResponders = endpoints.flatMap(({ responders = [] }) => responders.flatMap((der) => readableCertificate(der) ?? []));
  const maxAge = smallest(scene.crlMaxAge, ...(service?.revocation.crl ?? []).map((endpoint) => endpoint.maxAge));
  const ocspMaxAge = smallest(scene.ocspMaxAge, ...endpoints.map((endpoint) => endpoint.maxAge));
  const mode = service?.revocation.mode;
  for (const index of revocationSubjects(path)) {
    const subject = `certificate[${index}]`;
    if (scene.revocation === 'none' || listed !== undefined) {
      results.push({ certificate: index, status: 'not-checked', ...(listed === undefined ? {} : { reason: listed }) });
      checks.push({ id: 'revocation', outcome: 'not-applicable', subject, actual: listed ?? 'policy' });
      continue;
    }
    const result = await checkRevocation({
      path,
      index,
      crls: input.crls,
      ocsp: input.ocsp,
      // What the list says decides; by itself it asks for CRLs.
      sources: mode === undefined || mode === 'none-with-reason' ? 'crl-only' : mode,
      listResponders,
      ocspFreshness: {
        grace: scene.ocspGrace ?? 0,
        clockSkew: Math.max(input.clockSkew, ...endpoints.map((endpoint) => endpoint.skew ?? 0)),
        ...(ocspMaxAge === undefined ? {} : { maxAge: ocspMaxAge }),
      },
      at: input.at,
      algorithms: input.algorithms,
      cache: input.caches.crls,
      ocspCache: input.caches.ocsp,
      edges: input.caches.edges,
      spending: input.spending,
      budget: input.budget,
      candidates: input.candidates,
      freshness: { grace: scene.crlGrace, clockSkew: input.clockSkew, ...(maxAge === undefined ? {} : { maxAge }) },
    });
    results.push(result);
    const late = result.revokedAt !== undefined && input.proven && Date.parse(result.revokedAt) > input.signedAt;
    const reason = late ? undefined : reasonFor(result, index, input);
    const tolerated = reason !== undefined && result.status === 'unknown' && scene.revocation === 'soft';
    if (reason !== undefined && !tolerated) reasons.push(reason);
    checks.push({
      id: 'revocation',
      outcome: result.status === 'good' || late ? 'passed' : tolerated ? 'warning' : result.status === 'unknown' ? 'indeterminate' : 'failed',
      subject,
      expected: 'good',
      actual: result.code === undefined ? result.status : `${result.status} (${result.code})`,
      clause: result.source?.kind === 'ocsp' || result.code?.startsWith('OCSP_') === true ? 'RFC 6960 §3.2' : 'RFC 5280 §6.3',
    });
  }
  return results;
}

function reasonFor(result: RevocationResult, index: number, input: JudgeRevocationInput): Reason | undefined {
  const subject = `certificate[${index}]`;
  const facts = {
    subject,
    ...(result.revokedAt === undefined ? {} : { when: Date.parse(result.revokedAt) }),
    ...(result.reason === undefined ? {} : { actual: result.reason }),
  };
  switch (result.status) {
    case 'revoked':
      return makeReason(index === 0 ? 'CERTIFICATE_REVOKED' : 'CA_CERTIFICATE_REVOKED', facts);
    case 'frozen':
      return makeReason('CERTIFICATE_FROZEN', facts);
    case 'unknown': {
      const code: ReasonCode = result.code ?? 'REVOCATION_UNKNOWN';
      const gap = input.gaps[0];
      return makeReason(code, { subject, ...(gap === undefined ? {} : { actual: `${gap.code} ${gap.what}` }) });
    }
    default:
      return undefined;
  }
}

function smallest(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
}
