import { COMPONENT_OCTETS, normaliseSignature, type Algorithms } from '@hefu/crypto';
import { equalBytes, hexOf, type Certificate } from '@hefu/pki';
import { decodeBase64url, readJson, TrustListError, type JsonObject } from '@hefu/trust-list';
import { reportBytes, type Report } from '@hefu/verify';
import { jwsProfile } from '../jws/jws-profile.js';
import { signJws } from '../jws/assemble-jws.js';
import type { Signer } from '../signer.js';
import { SignError } from '../error.js';

/** `typ`: what was signed as a report is never taken for another document. */
const REPORT_TYPE = 'hefu-report+jws';
const MAX_BYTES = 64 * 1024 * 1024;
const HEADER_MEMBERS: ReadonlySet<string> = new Set(['alg', 'typ', 'iat', 'x5t#S256', 'x5c']);

export interface SignReportInput {
  readonly report: Report;
  /** Whose key signs: that of the platform that gives the verdict. */
  readonly certificate: Certificate;
  readonly chain?: readonly Uint8Array[];
  /** Claimed time of signing, epoch milliseconds. */
  readonly signingTime: number;
  readonly algorithms: Algorithms;
}

/**
 * Signs a report: a compact JWS over its octets, JAdES B-B. SM2 keys sign too, as `SM2-SM3`.
 * @throws SignError as `signJws`
 */
export function signReport({ report, ...input }: SignReportInput, signer: Signer): Promise<string> {
  return signJws({ ...input, payload: reportBytes(report), level: 'B-B', type: REPORT_TYPE }, signer);
}

/** What a signed report is, or why it is not taken. */
export type SignedReportVerdict =
  | { readonly valid: true; readonly report: Report; readonly certificate: Certificate; readonly sha256: string; /** As claimed, epoch milliseconds. */ readonly signingTime?: number }
  | { readonly valid: false; readonly code: 'MALFORMED' | 'NOT_A_REPORT' | 'SIGNER_UNKNOWN' | 'ALGORITHM_MISMATCH' | 'SIGNATURE_INVALID' };

/**
 * Verifies a signed report by the certificates of platforms that the caller trusts; what the JWS carries itself makes nobody
 * trusted. Its algorithm is that of the certificate's key, whatever the header says. Validity and revocation of the certificate are the
 * caller's to ask.
 */
export async function verifyReport(jws: string, { trusted, algorithms }: { readonly trusted: readonly Certificate[]; readonly algorithms: Algorithms }): Promise<SignedReportVerdict> {
  const refuse = (code: Extract<SignedReportVerdict, { valid: false }>['code']): SignedReportVerdict => ({ valid: false, code });
  const parts = jws.length > MAX_BYTES ? [] : jws.trim().split('.');
  const [header, payload, value] = parts.map((part) => decodeBase64url(part));
  if (parts.length !== 3 || header === undefined || payload === undefined || value === undefined) return refuse('MALFORMED');
  const head = objectOf(header, 16);
  if (head === undefined || Object.keys(head).some((name) => !HEADER_MEMBERS.has(name))) return refuse('MALFORMED');
  if (head['typ'] !== REPORT_TYPE) return refuse('NOT_A_REPORT');
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256');
  if (sha256 === undefined) throw new TypeError('algorithms.digests must contain SHA-256');
  const thumbprint = typeof head['x5t#S256'] === 'string' ? decodeBase64url(head['x5t#S256']) : undefined;
  const certificate = trusted.find(({ bytes }) => thumbprint !== undefined && equalBytes(sha256.digest(bytes), thumbprint));
  if (certificate === undefined) return refuse('SIGNER_UNKNOWN');
  if (!(await holds(`${parts[0]}.${parts[1]}`, value, certificate, head['alg'], algorithms))) return refuse(head['alg'] === algOf(certificate, algorithms) ? 'SIGNATURE_INVALID' : 'ALGORITHM_MISMATCH');
  const report = objectOf(payload, 64);
  if (report?.['type'] !== 'hefu-report' || report['version'] !== 1) return refuse('NOT_A_REPORT');
  const { iat } = head;
  return {
    valid: true,
    report: JSON.parse(new TextDecoder().decode(payload)) as Report,
    certificate,
    sha256: hexOf(sha256.digest(payload)),
    ...(typeof iat === 'number' ? { signingTime: iat * 1000 } : {}),
  };
}

async function holds(input: string, value: Uint8Array, certificate: Certificate, alg: unknown, algorithms: Algorithms): Promise<boolean> {
  if (alg !== algOf(certificate, algorithms)) return false;
  const { algorithm, pss } = jwsProfile(certificate, algorithms);
  const { key } = certificate.spki;
  let signature = value;
  if (key.kty === 'EC') {
    // r||s and nothing else (RFC 7518 §3.4).
    if (value.length !== 2 * COMPONENT_OCTETS[key.crv]) return false;
    const read = normaliseSignature(value, COMPONENT_OCTETS[key.crv]);
    if (read === undefined || !equalBytes(read.raw, value)) return false;
    signature = read.der;
  }
  return algorithm.verify(key, new TextEncoder().encode(input), signature, pss === undefined ? {} : { pss });
}

function algOf(certificate: Certificate, algorithms: Algorithms): string | undefined {
  try {
    return jwsProfile(certificate, algorithms).alg;
  } catch (error) {
    if (error instanceof SignError) return undefined;
    throw error;
  }
}

function objectOf(bytes: Uint8Array, maxDepth: number): JsonObject | undefined {
  try {
    const value = readJson(bytes, { maxBytes: MAX_BYTES, maxDepth });
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch (error) {
    if (error instanceof TrustListError) return undefined;
    throw error;
  }
}
