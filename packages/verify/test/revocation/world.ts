import { explicit, implicitConstructed, implicitPrimitive, integer, namedBitString, oid, sequence, utf8String, type Certificate, type CertificateList } from '@hefu/pki';
import type { TrustAnchor, ValidPath } from '../../src/path/model.js';
import type { RevocationResult } from '../../src/report.js';
import { checkRevocation, type CheckRevocationOptions } from '../../src/revocation/check.js';
import { ALGORITHMS, anchorOf, AT, build, directory, extension, issueCrl, uri, type IssueCrlOptions, type TestCa } from '../path/issue.js';

/** Revocation set-ups in few words, for tests modelled on the sections of the national certification-path suite. */

export const NO_GRACE = { grace: 0, clockSkew: 0 };

export async function pathOf(leaf: Certificate, between: readonly TestCa[], root: TestCa, anchor: TrustAnchor = anchorOf(root.certificate)): Promise<ValidPath> {
  const outcome = await build(leaf, between.map(({ certificate }) => certificate), [anchor]);
  if (outcome.accepted === undefined) throw new Error(`no path: ${outcome.failure?.code}`);
  return outcome.accepted;
}

export async function ask(path: ValidPath, crls: readonly CertificateList[], options: Partial<CheckRevocationOptions> = {}): Promise<RevocationResult> {
  return checkRevocation({ path, index: 0, crls: crls.map((crl) => ({ crl })), at: AT, algorithms: ALGORITHMS, freshness: NO_GRACE, ...options });
}

/** `good`, `revoked`, `frozen`, `unknown CODE`. */
export async function verdict(...args: Parameters<typeof ask>): Promise<string> {
  const { status, code } = await ask(...args);
  return status === 'unknown' ? `unknown ${code}` : status;
}

export const listing = (certificate: Certificate, reason?: number, more: { readonly date?: number; readonly issuer?: Uint8Array } = {}) => ({
  serial: certificate.serialNumber,
  ...(reason === undefined ? {} : { reason }),
  ...(more.date === undefined ? {} : { date: more.date }),
  ...(more.issuer === undefined ? {} : { extensions: [certificateIssuer(more.issuer)] }),
});

export const certificateIssuer = (name: Uint8Array): Uint8Array => extension('2.5.29.29', sequence(directory(name)), true);
export const crlBy = (issuer: IssueCrlOptions['issuer'], options: Partial<IssueCrlOptions> = {}): CertificateList => issueCrl({ issuer, ...options });
export const deltaBy = (issuer: IssueCrlOptions['issuer'], base: number, number: number, options: Partial<IssueCrlOptions> = {}): CertificateList =>
  issueCrl({ issuer, number, ...options, extensions: [extension('2.5.29.27', integer(base), true), ...(options.extensions ?? [])] });

// Distribution points
export const full = (...names: readonly Uint8Array[]): Uint8Array => explicit(0, implicitConstructed(0, ...names));
export const relative = (commonName: string): Uint8Array => explicit(0, implicitConstructed(1, sequence(oid('2.5.4.3'), utf8String(commonName))));
export const reasons = (...bits: readonly number[]): Uint8Array => implicitPrimitive(1, namedBitString(...bits).subarray(2));
export const crlIssuer = (...names: readonly Uint8Array[]): Uint8Array => implicitConstructed(2, ...names.map((name) => directory(name)));
export const points = (...each: readonly (readonly Uint8Array[])[]): Uint8Array => extension('2.5.29.31', sequence(...each.map((fields) => sequence(...fields))));

// Issuing distribution point
export const idp = (...fields: readonly Uint8Array[]): Uint8Array => extension('2.5.29.28', sequence(...fields), true);
const flag = (n: number): Uint8Array => implicitPrimitive(n, Uint8Array.of(0xff));
export const USERS: Uint8Array = flag(1);
export const CAS: Uint8Array = flag(2);
export const INDIRECT: Uint8Array = flag(4);
export const ATTRIBUTES: Uint8Array = flag(5);
export const someReasons = (...bits: readonly number[]): Uint8Array => implicitPrimitive(3, namedBitString(...bits).subarray(2));
export { uri };
