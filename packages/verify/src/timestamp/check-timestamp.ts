import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { equalBytes, hexOf, id_aa_signingCertificate, id_aa_signingCertificateV2, parseTimeStampToken, PkiError, type Certificate, type TimeStampToken } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { CheckRow } from '../report.js';
import { readableCertificate } from '../readable-certificate.js';
import { digestNamed, obeysRule } from '../signature/algorithm-resolution.js';
import { resolveAlias } from '../signature/aliases.js';
import { checkSignature, type SignatureFacts } from '../signature/check-signature.js';
import { contentDigest, type Content } from '../signature/content.js';
import { identifies } from '../signature/identifies.js';
import type { TimestampDeviation, TimestampFacts, TimestampVariant } from './model.js';

export interface CheckTimestampInput {
  /** The TimeStampToken, as it came. */
  readonly token: Uint8Array;
  /** What it shall be a time-stamp of: octets, or digests of them. A function is given the digest of the imprint, for octets that depend on it; it may refuse. */
  readonly octets: Content | ((digest: DigestAlgorithm, token: TimeStampToken) => Uint8Array | TimestampRefusal);
  /** Content octets of the nonce that went with the request, when this answers one. */
  readonly nonce?: Uint8Array;
  /** Where the authority's certificate may be, beside the token. Untrusted. */
  readonly certificates?: readonly Certificate[];
  /** For `CheckRow.subject`. */
  readonly subject: string;
  readonly algorithms: Algorithms;
}

export interface TimestampRefusal {
  readonly code: ReasonCode;
  readonly actual?: string;
}

/** Certificates of one issuer and serial number beyond this are not tried. */
const MAX_CANDIDATES = 8;

const DIGEST_OIDS: Readonly<Record<string, TimestampDeviation>> = { '1.2.156.10197.1.401.2': 'digest-401.2', '1.2.156.10197.1.501': 'digest-501' };

/**
 * The mathematics of one time-stamp token (RFC 3161 §2.4.2): it is of these octets, answers this nonce, and one signer
 * signed it, whose certificate it names. Facts only; never throws for what a token contains.
 */
export async function checkTimestamp(input: CheckTimestampInput): Promise<TimestampFacts> {
  const { subject, algorithms, nonce } = input;
  const checks: CheckRow[] = [];
  const deviations = new Set<TimestampDeviation>();
  let known: Partial<TimestampFacts> = {};
  const fail = (code: ReasonCode, facts: { readonly expected?: string; readonly actual?: string }, id: string, clause: string): TimestampFacts => {
    checks.push({ id, outcome: 'failed', subject, ...facts, clause });
    return { ...known, failure: { code, ...facts }, deviations: [...deviations], checks };
  };

  let token: TimeStampToken;
  try {
    token = parseTimeStampToken(input.token);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return fail('TIMESTAMP_MALFORMED', { actual: error.code }, 'timestamp.format', 'RFC 3161 §2.4.2');
  }
  const { signed, tstInfo } = token;
  known = { token };
  if (signed.family === 'gm') deviations.add('gm-shell');
  if (token.deviations.some(({ id }) => id === 'TSP_IMPRINT_BARE_OID')) deviations.add('imprint-bare-oid');
  if (token.deviations.some(({ id }) => id === 'TSP_DEFAULT_ENCODED') || signed.deviations.length > 0) deviations.add('encoding');
  if (signed.signerInfos.length !== 1) return fail('TIMESTAMP_MALFORMED', { expected: 'one signer', actual: `${signed.signerInfos.length}` }, 'timestamp.format', 'RFC 3161 §2.4.2');
  const critical = tstInfo.extensions.find((extension) => extension.critical);
  if (critical !== undefined) return fail('TIMESTAMP_UNSUPPORTED', { actual: `critical extension ${critical.oid}` }, 'timestamp.format', 'RFC 3161 §2.4.2');

  const { hashAlgorithm, hashedMessage } = tstInfo.messageImprint;
  const resolved = resolveAlias(hashAlgorithm.oid, 'digestAlgorithm');
  if (resolved.alias !== undefined) deviations.add(DIGEST_OIDS[hashAlgorithm.oid]!);
  const digest = digestNamed(algorithms, resolved.oid);
  if (digest === undefined) return fail('ALGORITHM_UNKNOWN', { actual: hashAlgorithm.oid }, 'timestamp.imprint', 'RFC 3161 §2.4.1');
  known = { ...known, imprintAlgorithm: digest.name };
  if (!obeysRule('null-or-absent', hashAlgorithm.parameters)) return fail('TIMESTAMP_MALFORMED', { actual: 'parameters of the imprint' }, 'timestamp.imprint', 'RFC 5754 §2');
  const octets = typeof input.octets === 'function' ? input.octets(digest, token) : input.octets;
  if ('code' in octets) return fail(octets.code, octets.actual === undefined ? {} : { actual: octets.actual }, 'timestamp.index', 'EN 319 122-1 §5.5.2');
  const computed = contentDigest(octets, digest);
  if (computed === undefined) return fail('CONTENT_MISSING', { expected: digest.name, actual: 'other digests of it' }, 'timestamp.imprint', 'RFC 3161 §2.4.2');
  if (!equalBytes(computed, hashedMessage)) return fail('TIMESTAMP_IMPRINT_MISMATCH', { expected: hexOf(hashedMessage), actual: hexOf(computed) }, 'timestamp.imprint', 'RFC 3161 §2.4.2');
  checks.push({ id: 'timestamp.imprint', outcome: 'passed', subject, actual: digest.name, clause: 'RFC 3161 §2.4.2' });
  if (nonce !== undefined && (tstInfo.nonce === undefined || !equalBytes(tstInfo.nonce, nonce))) {
    return fail('TIMESTAMP_NONCE_MISMATCH', { actual: tstInfo.nonce === undefined ? 'no nonce' : 'another nonce' }, 'timestamp.nonce', 'RFC 3161 §2.4.2');
  }

  const signer = signed.signerInfos[0]!;
  const pool = [...signed.certificates.flatMap((der) => readableCertificate(der) ?? []), ...(input.certificates ?? [])];
  const matching = distinct(pool.filter((certificate) => identifies(signer, certificate))).slice(0, MAX_CANDIDATES);
  if (matching.length === 0) return fail('TSA_CERTIFICATE_MISSING', {}, 'timestamp.signature', 'RFC 3161 §2.4.2');
  let facts: SignatureFacts | undefined;
  for (const certificate of matching) {
    const found = await checkSignature({ signed, signer, subject, certificate, content: tstInfo.bytes, algorithms });
    if (facts !== undefined && found.failure !== undefined) continue;
    facts = found;
    known = { ...known, certificate };
    if (found.failure === undefined) break;
  }
  const { failure, variant, digestAlgorithm, signatureAlgorithm, nonStandard } = facts!;
  known = { ...known, ...(digestAlgorithm === undefined ? {} : { digestAlgorithm }), ...(signatureAlgorithm === undefined ? {} : { signatureAlgorithm }) };
  for (const found of nonStandard) deviations.add(found.startsWith('signature') ? 'signature-alias' : DIGEST_OIDS[found.split(' ')[1]!]!);
  const attributes = signer.signedAttrs;
  if (attributes !== undefined && attributes.find(id_aa_signingCertificateV2).length === 0) deviations.add(attributes.find(id_aa_signingCertificate).length === 0 ? 'ess-absent' : 'ess-v1');
  if (failure !== undefined) {
    // Not verified is not false: what is unknown here may be known elsewhere (EN 319 102-1 §5.2.8).
    const code = failure.code === 'ALGORITHM_UNKNOWN' || failure.code === 'PROVIDER_FAILED' ? failure.code : 'TIMESTAMP_SIGNATURE_INVALID';
    return fail(code, { ...(failure.expected === undefined ? {} : { expected: failure.expected }), actual: code === failure.code ? (failure.actual ?? '') : failure.code }, 'timestamp.signature', 'RFC 3161 §2.4.2');
  }
  checks.push({ id: 'timestamp.signature', outcome: 'passed', subject, actual: `${signatureAlgorithm}, ${variant}`, clause: 'RFC 5652 §5.6' });
  // With attributes no other variant verifies, and a TSTInfo without attributes is refused (RFC 5652 §5.3).
  return { ...known, variant: variant as TimestampVariant, deviations: [...deviations], checks };
}

function distinct(certificates: readonly Certificate[]): Certificate[] {
  return certificates.filter((certificate, index) => certificates.findIndex((other) => equalBytes(other.bytes, certificate.bytes)) === index);
}
