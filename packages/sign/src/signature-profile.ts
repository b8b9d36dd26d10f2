import type { Algorithms, DigestAlgorithm, PssParameters, SignatureAlgorithm } from '@hefu/crypto';
import { id_data, id_gm_data, type AlgorithmToWrite, type Certificate, type MessageFamily } from '@hefu/pki';
import { SignError } from './error.js';
import { id_RSASSA_PSS, pssOf, writePssParameters } from './pss.js';

/** Message forms that are written. The others of the field notes are read only (§2.2 rule 4). */
export type WrittenVariant = 'cms' | 'za-content' | 'attrs-za';

/** How a certificate's key signs: which family of message, which digest, which algorithm identifiers. */
export interface SignatureProfile {
  readonly family: MessageFamily;
  readonly variant: WrittenVariant;
  readonly digest: DigestAlgorithm;
  readonly algorithm: SignatureAlgorithm;
  readonly digestAlgorithm: AlgorithmToWrite;
  readonly signatureAlgorithm: AlgorithmToWrite;
  /** With RSASSA-PSS only. */
  readonly pss?: PssParameters;
}

const NULL = Uint8Array.of(0x05, 0x00);

/** RFC 5754 §3, RFC 8419 §3.1, GM/T 0010 §8: one row per kind of key. */
const ROWS: Readonly<Record<string, { digest: string; algorithm: string; oid: string; parameters?: Uint8Array }>> = {
  RSA: { digest: 'SHA-256', algorithm: 'RSASSA-PKCS1-v1_5-SHA-256', oid: '1.2.840.113549.1.1.11', parameters: NULL },
  'P-256': { digest: 'SHA-256', algorithm: 'ECDSA-SHA-256', oid: '1.2.840.10045.4.3.2' },
  'P-384': { digest: 'SHA-384', algorithm: 'ECDSA-SHA-384', oid: '1.2.840.10045.4.3.3' },
  'P-521': { digest: 'SHA-512', algorithm: 'ECDSA-SHA-512', oid: '1.2.840.10045.4.3.4' },
  Ed25519: { digest: 'SHA-512', algorithm: 'Ed25519', oid: '1.3.101.112' },
  SM2: { digest: 'SM3', algorithm: 'SM2-SM3', oid: '1.2.156.10197.1.301.1' },
};

/**
 * The profile for a certificate. SM2 keys write GM/T 0010 messages, `za-content` unless `attrs-za` is asked for;
 * the others write CMS with signed attributes.
 * @param pss RSASSA-PSS instead of PKCS #1 v1.5; keys restricted to it (RFC 4055 §1.2) need not be told
 * @throws SignError KEY_UNSUPPORTED | VARIANT_UNSUPPORTED
 */
export function signatureProfile(certificate: Certificate, algorithms: Algorithms, variant?: WrittenVariant, pss?: PssParameters): SignatureProfile {
  const { key } = certificate.spki;
  const row = ROWS[key.kty === 'RSA' ? 'RSA' : key.crv]!;
  const gm = row.algorithm === 'SM2-SM3';
  const chosen = variant ?? (gm ? 'za-content' : 'cms');
  if (gm === (chosen === 'cms')) throw new SignError('VARIANT_UNSUPPORTED', `${chosen} is not written with ${row.algorithm}`);
  const parameters = pssOf(certificate.spki, pss, algorithms);
  const names = parameters === undefined ? row : { digest: parameters.hash, algorithm: 'RSASSA-PSS' };
  const digest = algorithms.digests.find((candidate) => candidate.name === names.digest);
  const algorithm = algorithms.signatures.find((candidate) => candidate.name === names.algorithm);
  if (digest === undefined || algorithm === undefined || !algorithm.supportsKey(key)) {
    throw new SignError('KEY_UNSUPPORTED', `${names.algorithm} with ${names.digest} is not among the algorithms given`);
  }
  return {
    family: gm ? 'gm' : 'cms',
    variant: chosen,
    digest,
    algorithm,
    digestAlgorithm: { oid: digest.oids[0]! },
    ...(parameters === undefined
      ? { signatureAlgorithm: { oid: row.oid, ...(row.parameters === undefined ? {} : { parameters: row.parameters }) } }
      // RFC 4056 §3: the digest beside it is the one in the parameters.
      : { signatureAlgorithm: { oid: id_RSASSA_PSS, parameters: writePssParameters(parameters, algorithms) }, pss: parameters }),
  };
}

/** The content type `data` of the profile's family. */
export function dataType({ family }: Pick<SignatureProfile, 'family'>): string {
  return family === 'gm' ? id_gm_data : id_data;
}
