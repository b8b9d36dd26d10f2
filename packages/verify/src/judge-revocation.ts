import type { Certificate } from '@hefu/pki';
import { inquireRevocation, type AskRevocationInput } from './ask-revocation.js';
import type { ReasonCode } from './codes.js';
import type { EvidenceGap } from './evidence.js';
import { sameName } from './path/check.js';
import { makeReason } from './reason.js';
import type { CheckRow, Reason, RevocationResult } from './report.js';
import { revocationSubjects } from './revocation/check.js';

export interface JudgeRevocationInput extends AskRevocationInput {
  readonly gaps: readonly EvidenceGap[];
  /** Best signature time. */
  readonly signedAt: number;
  /** Whether `signedAt` is proven rather than assumed. */
  readonly proven: boolean;
  /** Time before which the signature is proven not to have been made. */
  readonly notBefore?: number;
  /** Since when a certificate is proven to have existed. Default: `signedAt` for all, as for what was received with the signature. */
  readonly certificateProvenAt?: (certificate: Certificate) => number | undefined;
  /** Reasons and rows are added to these. */
  readonly reasons: Reason[];
  readonly checks: CheckRow[];
}

/**
 * Asks after the leaf and every intermediate (never the anchor) and turns the three-valued answers into reasons
 * by the scene's rule. Revocation after a proven signature time does not touch the signature (EN 319 102-1 §5.5).
 */
export async function judgeRevocation(input: JudgeRevocationInput): Promise<RevocationResult[]> {
  const { path, scene, reasons, checks } = input;
  const results: RevocationResult[] = [];
  const inquiry = inquireRevocation(input);
  const { notAsked } = inquiry;
  const refusedSigners = inquiry.refusedSigners.map(({ service, code }) => `service ${service.id} ${code}`);
  if (notAsked === undefined) {
    for (const { service, code } of inquiry.refusedSigners) {
      checks.push({ id: 'revocation.signer', outcome: 'warning', subject: `service ${service.id}`, expected: 'granted and in scope', actual: code });
    }
  }
  for (const index of revocationSubjects(path)) {
    const subject = `certificate[${index}]`;
    if (notAsked !== undefined) {
      const { actual, ...why } = notAsked;
      results.push({ certificate: index, status: 'not-checked', ...why });
      checks.push({ id: 'revocation', outcome: 'not-applicable', subject, actual });
      continue;
    }
    const result = await inquiry.ask(index);
    results.push(result);
    const late = isLate(result, index, input);
    const reason = late ? undefined : reasonFor(result, index, input, refusedSigners);
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

/**
 * Revoked after the proven time of signature. Of a CA that is not enough: who has its key can make certificates for old
 * signatures, so those below it must be older than its revocation too (REVOKED_CA_NO_POE).
 */
function isLate({ revokedAt }: RevocationResult, index: number, { path, proven, signedAt, certificateProvenAt }: JudgeRevocationInput): boolean {
  if (revokedAt === undefined || !proven) return false;
  const at = Date.parse(revokedAt);
  if (at <= signedAt) return false;
  return certificateProvenAt === undefined || path.certificates.slice(0, index).every((below) => (certificateProvenAt(below) ?? Infinity) < at);
}

function reasonFor(result: RevocationResult, index: number, input: JudgeRevocationInput, refusedSigners: readonly string[]): Reason | undefined {
  const subject = `certificate[${index}]`;
  const facts = {
    subject,
    ...(result.revokedAt === undefined ? {} : { when: Date.parse(result.revokedAt) }),
    ...(result.reason === undefined ? {} : { actual: result.reason }),
    provenAfter: result.status === 'revoked' && input.notBefore !== undefined && Date.parse(result.revokedAt!) <= input.notBefore,
  };
  switch (result.status) {
    case 'revoked':
      return makeReason(index === 0 ? 'CERTIFICATE_REVOKED' : 'CA_CERTIFICATE_REVOKED', facts);
    case 'frozen':
      return makeReason('CERTIFICATE_FROZEN', facts);
    case 'unknown': {
      const code: ReasonCode = result.code ?? 'REVOCATION_UNKNOWN';
      const actual = takenBackIn(result) ?? actualOf(code, index, input, refusedSigners);
      return makeReason(code, { subject, ...(actual === undefined ? {} : { actual }) });
    }
    default:
      return undefined;
  }
}

/** When a responder said good, and when it no longer did. */
function takenBackIn({ doubt }: RevocationResult): string | undefined {
  return doubt?.takenBack === undefined ? undefined : `good ${doubt.takenBack.thisUpdate}, unknown ${doubt.source.thisUpdate}`;
}

/** What a reader wants to know first of what was missing: which CRL is old and how old, whom the list no longer lets speak, what could not be fetched. */
function actualOf(code: ReasonCode, index: number, { path, crls, gaps }: JudgeRevocationInput, refusedSigners: readonly string[]): string | undefined {
  if (code === 'CRL_STALE') {
    const issuer = path.certificates[index]!.issuer;
    const [newest] = crls.filter(({ crl }) => sameName(crl.issuer, issuer)).sort((a, b) => b.crl.thisUpdate - a.crl.thisUpdate);
    if (newest !== undefined) return [...(newest.url === undefined ? [] : [newest.url]), ...datesOf(newest.crl)].join(' ');
  }
  if (code === 'CRL_ISSUER_NOT_AUTHORISED' || code === 'OCSP_RESPONDER_NOT_AUTHORISED') {
    if (refusedSigners.length > 0) return refusedSigners.join(', ');
  }
  const [gap] = gaps;
  return gap === undefined ? undefined : `${gap.code} ${gap.what}`;
}

function datesOf({ thisUpdate, nextUpdate }: { readonly thisUpdate: number; readonly nextUpdate: number | undefined }): string[] {
  return [`thisUpdate ${new Date(thisUpdate).toISOString()}`, ...(nextUpdate === undefined ? [] : [`nextUpdate ${new Date(nextUpdate).toISOString()}`])];
}
