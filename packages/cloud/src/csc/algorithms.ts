import type { DigestName } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import type { AlgorithmChoice } from '@hefu/sign';

const RSA = '1.2.840.113549.1.1.1';
const PSS = '1.2.840.113549.1.1.10';
const EC = '1.2.840.10045.2.1';
const SM2_CURVE = '1.2.156.10197.1.301';

export const DIGEST_OID: Readonly<Record<string, string>> = {
  'SHA-256': '2.16.840.1.101.3.4.2.1', 'SHA-384': '2.16.840.1.101.3.4.2.2', 'SHA-512': '2.16.840.1.101.3.4.2.3', SM3: '1.2.156.10197.1.401',
};
const OCTETS: Readonly<Record<string, number>> = { 'SHA-256': 32, 'SHA-384': 48, 'SHA-512': 64, SM3: 32 };

/** Names and OIDs of signatures over a hash. SM2 with SM3 is our profile of the API, whose text knows all algorithms by OID: the hash is e = SM3(Z || octets). */
const RSA_PKCS1: readonly AlgorithmChoice[] = [
  { name: 'RSASSA-PKCS1-v1_5-SHA-256', digest: 'SHA-256', oid: '1.2.840.113549.1.1.11' },
  { name: 'RSASSA-PKCS1-v1_5-SHA-384', digest: 'SHA-384', oid: '1.2.840.113549.1.1.12' },
  { name: 'RSASSA-PKCS1-v1_5-SHA-512', digest: 'SHA-512', oid: '1.2.840.113549.1.1.13' },
];
const ECDSA: Readonly<Record<string, AlgorithmChoice>> = {
  'P-256': { name: 'ECDSA-SHA-256', digest: 'SHA-256', oid: '1.2.840.10045.4.3.2' },
  'P-384': { name: 'ECDSA-SHA-384', digest: 'SHA-384', oid: '1.2.840.10045.4.3.3' },
  'P-521': { name: 'ECDSA-SHA-512', digest: 'SHA-512', oid: '1.2.840.10045.4.3.4' },
};
const SM2: AlgorithmChoice = { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501' };
const pss = (digest: 'SHA-256' | 'SHA-384' | 'SHA-512'): AlgorithmChoice => ({ name: 'RSASSA-PSS', digest, oid: PSS, pss: { hash: digest, mgfHash: digest, saltLength: OCTETS[digest]! } });

/** How the key of this certificate signs, by the OIDs the service names for it: of whole signatures, or of the bare key. */
export function choicesOf(leaf: Certificate, oids: readonly string[], digestOctets: readonly number[] | undefined): readonly AlgorithmChoice[] {
  const { key } = leaf.spki;
  const all = key.kty === 'RSA' ? [
    ...RSA_PKCS1.filter(({ oid }) => oids.includes(oid) || (oids.includes(RSA) && !oids.some((each) => RSA_PKCS1.some((choice) => choice.oid === each)))),
    ...(oids.includes(PSS) ? [pss('SHA-256')] : []),
  ] : key.kty !== 'EC' ? [] : key.crv === 'SM2' ? [SM2].filter(({ oid }) => oids.some((each) => [oid, EC, SM2_CURVE].includes(each)))
    : [ECDSA[key.crv]].filter((choice): choice is AlgorithmChoice => choice !== undefined).filter(({ oid }) => oids.includes(oid) || oids.includes(EC));
  return all.filter(({ digest }) => digestOctets === undefined || digestOctets.includes(OCTETS[digest]!));
}

/** `signAlgo`, and the digest where that does not say it. */
export interface WireAlgorithm {
  readonly signAlgo: string;
  readonly hashAlgorithm: string;
  /** base64 DER of RSASSA-PSS-params (RFC 8017 §A.2.3). */
  readonly signAlgoParams?: string;
}

/** In the words of `key.algo`: a service is asked by an OID it named. */
export function wireAlgorithm({ oid, digest, pss: parameters }: AlgorithmChoice, named: readonly string[]): WireAlgorithm {
  const bare = [RSA, EC, SM2_CURVE].find((each) => named.includes(each));
  return {
    signAlgo: named.includes(oid) || bare === undefined ? oid : bare,
    hashAlgorithm: DIGEST_OID[digest as DigestName]!,
    ...(parameters === undefined ? {} : { signAlgoParams: PSS_PARAMS[digest]! }),
  };
}

/** DER of the parameters with the digest for hash and MGF1, the salt as long as the digest, in base64. */
const PSS_PARAMS: Readonly<Record<string, string>> = {
  'SHA-256': 'MDSgDzANBglghkgBZQMEAgEFAKEcMBoGCSqGSIb3DQEBCDANBglghkgBZQMEAgEFAKIDAgEg',
};
