import { equalBytes, type CertificateList } from '@hefu/pki';

/**
 * Is `candidate` an older issue than `held`? By thisUpdate (RFC 5280 §5.1.2.4) and, for the same issuer name
 * and key identifier, by CRL number (§5.2.3), which must grow. An equal issue is not older.
 */
export function isOlderCrl(candidate: CertificateList, held: CertificateList): boolean {
  if (candidate.thisUpdate !== held.thisUpdate) return candidate.thisUpdate < held.thisUpdate;
  if (!sameIssuer(candidate, held)) return false;
  const a = candidate.extCrlNumber;
  const b = held.extCrlNumber;
  return a !== undefined && b !== undefined && compareUnsigned(a, b) < 0;
}

/** Usable without asking for another one: not yet due by nextUpdate or `maxAge`. Without nextUpdate, only `maxAge` vouches for it. */
export function isCurrentCrl(crl: CertificateList, now: number, maxAge: number | undefined): boolean {
  if (maxAge !== undefined && now - crl.thisUpdate > maxAge) return false;
  return crl.nextUpdate === undefined ? maxAge !== undefined : now < crl.nextUpdate;
}

function sameIssuer(a: CertificateList, b: CertificateList): boolean {
  if (!equalBytes(a.issuer.bytes, b.issuer.bytes)) return false;
  const keyA = a.extAuthorityKeyIdentifier?.keyIdentifier;
  const keyB = b.extAuthorityKeyIdentifier?.keyIdentifier;
  return keyA === undefined || keyB === undefined ? keyA === keyB : equalBytes(keyA, keyB);
}

function compareUnsigned(a: Uint8Array, b: Uint8Array): number {
  const x = stripZeros(a);
  const y = stripZeros(b);
  if (x.length !== y.length) return x.length - y.length;
  for (let i = 0; i < x.length; i += 1) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

function stripZeros(bytes: Uint8Array): Uint8Array {
  let start = 0;
  while (start < bytes.length - 1 && bytes[start] === 0) start += 1;
  return bytes.subarray(start);
}
