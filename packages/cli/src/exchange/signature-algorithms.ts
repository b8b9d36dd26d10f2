import { constants, createHash, verify, X509Certificate } from 'node:crypto';
import type { HashAlgorithm, SignatureAlgorithm } from 'xml-crypto';

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

type SignatureConstructor = new () => SignatureAlgorithm;
type HashConstructor = new () => HashAlgorithm;

/** What xml-crypto may verify with; keys are PEM certificates. */
export function signatureAlgorithms(): Record<string, SignatureConstructor> {
  return Object.fromEntries(Object.entries(SIGNATURES).map(([uri, { hash, type }]) => [uri, algorithmOf(uri, hash, type)]));
}

export function digestAlgorithms(): Record<string, HashConstructor> {
  return Object.fromEntries(
    Object.entries(DIGESTS).map(([uri, name]) => [
      uri,
      class {
        getAlgorithmName = (): string => uri;
        getHash = (xml: string): string => createHash(name).update(xml, 'utf8').digest('base64');
      },
    ]),
  );
}

function algorithmOf(uri: string, hash: string, type: 'rsa' | 'pss' | 'ec'): SignatureConstructor {
  return class {
    getAlgorithmName = (): string => uri;
    getSignature = (): string => {
      throw new Error('this side verifies only');
    };
    verifySignature = (material: string, key: unknown, value: string): boolean => {
      const { publicKey } = new X509Certificate(String(key));
      const fits = type === 'ec' ? publicKey.asymmetricKeyType === 'ec' : publicKey.asymmetricKeyType === 'rsa' && (publicKey.asymmetricKeyDetails?.modulusLength ?? 0) >= LEAST_RSA_BITS;
      if (!fits) return false;
      const parameters = type === 'ec' ? { key: publicKey, dsaEncoding: 'ieee-p1363' as const } : type === 'rsa' ? publicKey : { key: publicKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST };
      return verify(hash, Buffer.from(material, 'utf8'), parameters, Buffer.from(value, 'base64'));
    };
  } as unknown as SignatureConstructor;
}
