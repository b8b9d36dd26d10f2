import { constants, createHash, verify, X509Certificate } from 'node:crypto';

/** RFC 9231 and XML Signature 1.1: SHA-256 and above, RSA from 2048 bits, ECDSA. No SHA-1 and no MACs, which a public key would verify for anybody. */
const SIGNATURES: Readonly<Record<string, { readonly hash: string; readonly type: 'rsa' | 'pss' | 'ec' }>> = {
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256': { hash: 'sha256', type: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha384': { hash: 'sha384', type: 'rsa' },
  'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512': { hash: 'sha512', type: 'rsa' },
  'http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1': { hash: 'sha256', type: 'pss' },
  'http://www.w3.org/2007/05/xmldsig-more#sha384-rsa-MGF1': { hash: 'sha384', type: 'pss' },
  'http://www.w3.org/2007/05/xmldsig-more#sha512-rsa-MGF1': { hash: 'sha512', type: 'pss' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256': { hash: 'sha256', type: 'ec' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha384': { hash: 'sha384', type: 'ec' },
  'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha512': { hash: 'sha512', type: 'ec' },
};

const DIGESTS: Readonly<Record<string, string>> = {
  'http://www.w3.org/2001/04/xmlenc#sha256': 'sha256',
  'http://www.w3.org/2001/04/xmldsig-more#sha384': 'sha384',
  'http://www.w3.org/2001/04/xmlenc#sha512': 'sha512',
};

const LEAST_RSA_BITS = 2048;

export function isSignatureAlgorithm(uri: string): boolean {
  return Object.hasOwn(SIGNATURES, uri);
}

export function isDigestAlgorithm(uri: string): boolean {
  return Object.hasOwn(DIGESTS, uri);
}

/** @param digest base64, as DigestValue has it */
export function digestMatches(uri: string, text: string, digest: string): boolean {
  return createHash(DIGESTS[uri]!).update(text, 'utf8').digest().equals(Buffer.from(digest, 'base64'));
}

/**
 * Whether a signature value verifies under a certificate's key, which must be of the algorithm's kind.
 * @param certificate DER
 * @param value base64, as SignatureValue has it; ECDSA as r‖s (XML Signature 1.1 §6.4.3)
 */
export function signatureVerifies(uri: string, text: string, certificate: Uint8Array, value: string): boolean {
  const { hash, type } = SIGNATURES[uri]!;
  try {
    const { publicKey } = new X509Certificate(certificate);
    const fits = type === 'ec' ? publicKey.asymmetricKeyType === 'ec' : publicKey.asymmetricKeyType === 'rsa' && (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS;
    if (!fits) return false;
    const parameters = type === 'ec' ? { key: publicKey, dsaEncoding: 'ieee-p1363' as const } : type === 'rsa' ? publicKey : { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
    return verify(hash, Buffer.from(text, 'utf8'), parameters, Buffer.from(value, 'base64'));
  } catch {
    // OpenSSL reads less than our own parser: a certificate it cannot use signs nothing here.
    return false;
  }
}
