import type { Algorithms, SignatureAlgorithm } from '@hefu/crypto';
import { CryptoError } from '@hefu/crypto';
import {
  contentTypeOf, equalBytes, id_data, id_gm_data, messageDigestOf, parseCertificate, parseSignedData, PkiError, readSignedData, type Certificate, type SignedData, type SignerInfo,
} from '@hefu/pki';
import type { RoleKey } from '../role.js';
import { spkiMatchesKey } from './spki.js';

const SM3 = '1.2.156.10197.1.401';
/** SM2 signature, and SM2 with SM3: GM/T 0006; both are written where the signature algorithm belongs. */
const SM2_OIDS: readonly string[] = ['1.2.156.10197.1.301.1', '1.2.156.10197.1.501'];
const NULL = Uint8Array.of(5, 0);

/** A `.p7s` of the one form that counts: detached, over data, by one signer, with SM3 and SM2. */
export interface P7s {
  readonly signer: SignerInfo;
  readonly contentType: string;
  /**
   * Whether a key of a role is the one it names: by the certificate the role states for the key, else by a
   * certificate carried in the message whose key is that key. Certificates name here; the key is the role's.
   */
  belongsTo(key: RoleKey): boolean;
}

/** The DER of a `.p7s` as people hand it over; undefined when it is not of the form that counts. */
export function toP7sDer(input: Uint8Array): Uint8Array | undefined {
  const signed = pkiOr(() => readSignedData(input));
  return signed && readForm(signed) && signed.bytes;
}

/** Reads DER; undefined when it is not of the form that counts. */
export function readP7s(der: Uint8Array): P7s | undefined {
  const signed = pkiOr(() => parseSignedData(der));
  return signed && readForm(signed);
}

function readForm(signed: SignedData): P7s | undefined {
  const { encapContentInfo, signerInfos, certificates } = signed;
  const [signer] = signerInfos;
  const { contentType } = encapContentInfo;
  if (signer === undefined || signerInfos.length !== 1 || encapContentInfo.content !== undefined) return undefined;
  if (contentType !== id_data && contentType !== id_gm_data) return undefined;
  const { digestAlgorithm, signatureAlgorithm } = signer;
  if (digestAlgorithm.oid !== SM3 || !SM2_OIDS.includes(signatureAlgorithm.oid)) return undefined;
  if (![digestAlgorithm, signatureAlgorithm].every(({ parameters }) => parameters === undefined || equalBytes(parameters, NULL))) return undefined;
  const named = certificates.flatMap((bytes) => pkiOr(() => parseCertificate(bytes)) ?? []).find((certificate) => isNamed(signer, certificate));
  return {
    signer,
    contentType,
    belongsTo({ certificate, ...key }) {
      if (key.alg !== 'SM2-SM3') return false;
      const stated = certificate && pkiOr(() => parseCertificate(certificate));
      if (stated !== undefined) return isNamed(signer, stated);
      return named !== undefined && spkiMatchesKey(named.spki, key);
    },
  };
}

/** GM/T 0010 signers are named by issuer and serial number. */
function isNamed({ sid }: SignerInfo, certificate: Certificate): boolean {
  return sid.kind === 'issuerAndSerialNumber' && equalBytes(sid.issuer.bytes, certificate.issuer.bytes) && equalBytes(sid.serialNumber, certificate.serialNumber);
}

/**
 * Verifies over the payload octets: the content itself, or attributes that carry its SM3 (RFC 5652 §5.4). Of the
 * forms seen in the field only these two count here: whoever signs trust lists can be asked for one of them.
 */
export async function verifyP7s({ signer, contentType }: P7s, payload: Uint8Array, key: RoleKey, algorithms: Algorithms, sm2: SignatureAlgorithm): Promise<boolean> {
  const { signedAttrs, signature } = signer;
  try {
    if (signedAttrs !== undefined) {
      const sm3 = algorithms.digests.find(({ name }) => name === 'SM3');
      const [digest, type] = [messageDigestOf(signedAttrs), contentTypeOf(signedAttrs)];
      if (sm3 === undefined || digest === undefined || digest.duplicate || !equalBytes(digest.value, sm3.digest(payload))) return false;
      if (type === undefined || type.duplicate || type.value !== contentType) return false;
    }
    return (await sm2.verify(key.publicKey, signedAttrs?.signedBytes ?? payload, signature)) === true;
  } catch (error) {
    if (error instanceof CryptoError || error instanceof PkiError) return false;
    throw error;
  }
}

function pkiOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
