import type { Algorithms } from '@hefu/crypto';
import { equalBytes, id_kp_OCSPSigning, namesEqual, parseCertificate, PkiError, type BasicOcspResponse, type Certificate, type CertificateList } from '@hefu/pki';
import { REGIONAL_CA, validatePath, verifySignedBy } from '@hefu/verify';
import type { Authority } from './probe-facts.js';

/** Certificates tried for one answer: some CAs have a few keys under one name. */
const MAX_TRIED = 8;

/** Whether the CRL is the CA's own: its issuer's name, and the signature of a key under that name. */
export async function crlAuthority(crl: CertificateList, issuers: readonly Certificate[], algorithms: Algorithms): Promise<Authority> {
  if (issuers.length === 0) return 'unknown';
  const named = issuers.filter((issuer) => namesEqual(issuer.subject, crl.issuer)).slice(0, MAX_TRIED);
  if (named.length === 0) return 'other-issuer';
  for (const { spki } of named) if (await isSignedBy(algorithms, crl, spki.key)) return 'issuer';
  return 'signature-invalid';
}

/**
 * Whether the responder is the CA, one that the list states, or one whose certificate the CA issued for it (RFC 6960
 * §4.2.2.2). Whether such a certificate is revoked is the judge's question, not a probe's.
 */
export async function ocspAuthority(
  basic: BasicOcspResponse,
  { issuers, responders, at, algorithms }: { readonly issuers: readonly Certificate[]; readonly responders: readonly Certificate[]; readonly at: number; readonly algorithms: Algorithms },
): Promise<Authority> {
  for (const { spki } of issuers.slice(0, MAX_TRIED)) if (await isSignedBy(algorithms, basic, spki.key)) return 'issuer';
  for (const responder of responders.slice(0, MAX_TRIED)) if (isInForce(responder, at) && (await isSignedBy(algorithms, basic, responder.spki.key))) return 'listed';
  let signed = false;
  for (const der of basic.certificates.slice(0, MAX_TRIED)) {
    const certificate = readable(der);
    if (certificate === undefined || !(await isSignedBy(algorithms, basic, certificate.spki.key))) continue;
    signed = true;
    if (responders.some(({ bytes }) => equalBytes(bytes, der))) return 'listed';
    const { valid } = await validatePath({ leaf: certificate, anchors: issuers.map(({ bytes }) => bytes), at, algorithms, profile: REGIONAL_CA, extendedKeyUsages: [id_kp_OCSPSigning], enforceAnchorValidity: false });
    if (valid) return 'delegated';
  }
  if (issuers.length === 0) return 'unknown';
  return signed ? 'not-authorised' : 'signature-invalid';
}

async function isSignedBy(
  algorithms: Algorithms,
  { signatureAlgorithm, tbs, signature }: Pick<CertificateList, 'signatureAlgorithm' | 'tbs' | 'signature'>,
  key: Certificate['spki']['key'],
): Promise<boolean> {
  return (await verifySignedBy(algorithms, { algorithmIdentifier: signatureAlgorithm, tbs, signature, key })).ok;
}

function isInForce({ validity }: Certificate, at: number): boolean {
  return at >= validity.notBefore && at <= validity.notAfter;
}

function readable(der: Uint8Array): Certificate | undefined {
  try {
    const certificate = parseCertificate(der);
    void certificate.spki.key;
    return certificate;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
