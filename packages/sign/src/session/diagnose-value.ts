import { sm2Digest, type Algorithms, type SignatureAlgorithm } from '@hefu/crypto';
import type { SignErrorCode } from '../errors/codes.js';
import type { PreparedSignature } from '../prepare.js';

/** Which mistake a value was that does not verify. */
export interface ValueDiagnosis {
  readonly code: Extract<SignErrorCode, 'PREHASH_MISMATCH' | 'ALGORITHM_DOWNGRADED' | 'SIGNATURE_INVALID'>;
  /** A stable word: `sm2-z-missing`, `sm2-empty-id`, `hashed-twice`, `algorithm RSASSA-PSS`. */
  readonly detail: string;
}

/** @param value in its written form */
export type ValueDiagnoser = (prepared: PreparedSignature, value: Uint8Array) => Promise<ValueDiagnosis | undefined>;

/** The mistakes of signing services: how SM2 was hashed, a digest hashed once more, another algorithm. It explains a refusal and lifts none. */
export function diagnoserOf(algorithms: Algorithms): ValueDiagnoser {
  return async (prepared, value) => {
    const { profile, certificate, toBeSigned: { digest, message } } = prepared;
    const { key } = certificate.spki;
    const over = async (candidate: Uint8Array | undefined): Promise<boolean> => candidate !== undefined && (await profile.algorithm.verifyDigest?.(key, candidate, value)) === true;
    const wrong = (detail: string): ValueDiagnosis => ({ code: 'PREHASH_MISMATCH', detail });

    if (key.kty === 'EC' && key.crv === 'SM2') {
      if (message !== undefined && (await over(profile.digest.digest(message)))) return wrong('sm2-z-missing');
      if (message !== undefined && (await over(sm2Digest(key.point, message, new Uint8Array(0))))) return wrong('sm2-empty-id');
      if (digest !== undefined && (await over(sm2Digest(key.point, digest)))) return wrong('sm2-e-as-message');
    }
    if (digest !== undefined && (await twice(prepared, digest, value))) return wrong('hashed-twice');
    const other = message === undefined ? undefined : await otherAlgorithm(algorithms.signatures, prepared, message, value);
    return other === undefined ? undefined : { code: 'ALGORITHM_DOWNGRADED', detail: `algorithm ${other}` };
  };
}

async function twice({ profile, certificate: { spki: { key } } }: PreparedSignature, digest: Uint8Array, value: Uint8Array): Promise<boolean> {
  // RSA and ECDSA hash what they are given; SM2 would put Z before it.
  if (profile.algorithm.messagePrefix !== undefined) return (await profile.algorithm.verifyDigest?.(key, profile.digest.digest(digest), value)) === true;
  return profile.algorithm.verify(key, digest, value);
}

async function otherAlgorithm(all: readonly SignatureAlgorithm[], { profile, certificate: { spki: { key } } }: PreparedSignature, message: Uint8Array, value: Uint8Array): Promise<string | undefined> {
  for (const algorithm of all) {
    if (algorithm.name === profile.algorithm.name || !algorithm.supportsKey(key)) continue;
    if (algorithm.digest !== 'in-parameters') {
      if (await algorithm.verify(key, message, value)) return algorithm.name;
      continue;
    }
    const hash = profile.digest.name;
    if (await algorithm.verify(key, message, value, { pss: { hash, mgfHash: hash, saltLength: profile.digest.outputLength } })) return algorithm.name;
  }
  return undefined;
}
