import { createHash } from 'node:crypto';
import type { DigestName } from '@hefu/crypto';
import { nullValue, octetString, oid, sequence } from '@hefu/pki';
import { SignError, type AlgorithmChoice, type ToSign } from '@hefu/sign';
import { CKG_MGF1_SHA256, CKM, type CryptokiMechanism } from './cryptoki.js';

/** SM2 has no mechanism in PKCS #11: each vendor has its own number above 0x80000000, and documents what it takes. */
export interface Sm2Mechanism {
  readonly mechanism: number;
  /** `e`: SM3(Z || M), made here. `message`: the module computes Z under `1234567812345678`, and e, by itself. */
  readonly takes: 'e' | 'message';
  readonly parameter?: Uint8Array;
}

export interface SigningCall {
  readonly mechanism: CryptokiMechanism;
  readonly data: Uint8Array;
}

const DIGEST: Readonly<Partial<Record<DigestName, { readonly openssl: string; readonly oid: string; readonly rsa: number; readonly ecdsa: number }>>> = {
  'SHA-256': { openssl: 'sha256', oid: '2.16.840.1.101.3.4.2.1', rsa: CKM.sha256RsaPkcs, ecdsa: CKM.ecdsaSha256 },
  'SHA-384': { openssl: 'sha384', oid: '2.16.840.1.101.3.4.2.2', rsa: CKM.sha384RsaPkcs, ecdsa: CKM.ecdsaSha384 },
  'SHA-512': { openssl: 'sha512', oid: '2.16.840.1.101.3.4.2.3', rsa: CKM.sha512RsaPkcs, ecdsa: CKM.ecdsaSha512 },
};
const PSS_SHA256 = { hashAlgorithm: CKM.sha256, mgf: CKG_MGF1_SHA256, saltLength: 32 } as const;

/** Whether a token with these mechanisms signs so, and whether it takes a digest for it. */
export function offer({ name, digest }: Pick<AlgorithmChoice, 'name' | 'digest'>, mechanisms: ReadonlySet<number>, sm2: Sm2Mechanism | undefined): 'digest' | 'octets' | undefined {
  const either = (bare: number, whole: number | undefined): 'digest' | 'octets' | undefined => (mechanisms.has(bare) ? 'digest' : whole !== undefined && mechanisms.has(whole) ? 'octets' : undefined);
  if (name.startsWith('RSASSA-PKCS1-v1_5')) return either(CKM.rsaPkcs, DIGEST[digest as DigestName]?.rsa);
  if (name === 'RSASSA-PSS') return either(CKM.rsaPkcsPss, digest === 'SHA-256' ? CKM.sha256RsaPkcsPss : undefined);
  if (name.startsWith('ECDSA')) return either(CKM.ecdsa, DIGEST[digest as DigestName]?.ecdsa);
  if (name === 'Ed25519') return either(NONE, CKM.eddsa);
  return sm2 !== undefined && mechanisms.has(sm2.mechanism) ? (sm2.takes === 'e' ? 'digest' : 'octets') : undefined;
}

const NONE = -1;

/**
 * The mechanism and its input. ECDSA comes back as r||s, SM2 as its vendor has it; core reads both and DER.
 * @throws SignError ALGORITHM_UNSUPPORTED
 */
export function signingCall(choice: Pick<AlgorithmChoice, 'name' | 'digest'>, toSign: ToSign, mechanisms: ReadonlySet<number>, sm2: Sm2Mechanism | undefined): SigningCall {
  const way = offer(choice, mechanisms, sm2);
  const { name } = choice;
  if (way === undefined) throw unsupported(`the token does not sign ${name}`);
  if (name === 'SM2-SM3') {
    if (toSign.kind !== (way === 'digest' ? 'sm2-e' : 'tbs')) throw unsupported(`the token signs SM2 over ${sm2!.takes}, not ${toSign.kind}`);
    return { mechanism: { mechanism: sm2!.mechanism, ...(sm2!.parameter === undefined ? {} : { parameter: sm2!.parameter }) }, data: toSign.value };
  }
  if (toSign.kind === 'sm2-e') throw unsupported(`${name} over ${toSign.kind}`);
  if (name === 'Ed25519') {
    if (toSign.kind !== 'tbs') throw unsupported('Ed25519 over a digest');
    return { mechanism: { mechanism: CKM.eddsa }, data: toSign.value };
  }
  const row = toSign.digest === 'none' ? undefined : DIGEST[toSign.digest];
  if (row === undefined) throw unsupported(`${name} with ${toSign.digest}`);
  if (way === 'octets') {
    if (toSign.kind !== 'tbs') throw unsupported(`the token hashes by itself for ${name}`);
    return { mechanism: name === 'RSASSA-PSS' ? { mechanism: CKM.sha256RsaPkcsPss, parameter: PSS_SHA256 } : { mechanism: name.startsWith('ECDSA') ? row.ecdsa : row.rsa }, data: toSign.value };
  }
  const digest = toSign.kind === 'digest' ? toSign.value : new Uint8Array(createHash(row.openssl).update(toSign.value).digest());
  if (name.startsWith('ECDSA')) return { mechanism: { mechanism: CKM.ecdsa }, data: digest };
  if (name === 'RSASSA-PSS') {
    if (toSign.digest !== 'SHA-256') throw unsupported(`RSASSA-PSS with ${toSign.digest}`);
    return { mechanism: { mechanism: CKM.rsaPkcsPss, parameter: PSS_SHA256 }, data: digest };
  }
  // DigestInfo (RFC 8017 §9.2): CKM_RSA_PKCS adds only the padding.
  return { mechanism: { mechanism: CKM.rsaPkcs }, data: sequence(sequence(oid(row.oid), nullValue()), octetString(digest)) };
}

function unsupported(what: string): SignError {
  return new SignError('ALGORITHM_UNSUPPORTED', what);
}
