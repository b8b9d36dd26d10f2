import type { Algorithms, PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import type { AlgorithmIdentifier } from '@hefu/pki';
import { resolveSignatureAlgorithm, type ResolvedAlgorithm } from '../signature/algorithm-resolution.js';

export interface SignedByInput {
  readonly algorithmIdentifier: AlgorithmIdentifier;
  /** The exact octets signed. */
  readonly tbs: Uint8Array;
  /** As found: DER SEQUENCE{r,s} for ECDSA and SM2, octets for RSA and Ed25519. */
  readonly signature: Uint8Array;
  /** The signer's key; for SM2 also the key of Z (GB/T 32918.2 §5.5). */
  readonly key: PublicKey;
  /** Digest named beside `algorithmIdentifier`, where that names the key algorithm only. */
  readonly digestOid?: string;
  /** SM2 distinguishing identifier; default ASCII `1234567812345678`. */
  readonly distinguishingId?: Uint8Array;
}

export type SignedByCode = 'ALGORITHM_UNKNOWN' | 'ALGORITHM_MISMATCH' | 'KEY_INVALID' | 'KEY_TOO_WEAK' | 'SIGNATURE_INVALID' | 'PROVIDER_FAILED';

export type SignedBy =
  | { readonly ok: true; readonly algorithm: SignatureAlgorithm; readonly code?: undefined }
  | { readonly ok: false; readonly code: SignedByCode; readonly algorithm?: SignatureAlgorithm; readonly expected?: string; readonly actual?: string };

/**
 * Whether a key signed these octets, by one of the algorithms the caller accepts. A promise only where the
 * platform answers with one. Never throws for bad input: what cannot be verified is not signed.
 */
export function verifySignedBy(algorithms: Algorithms, input: SignedByInput): SignedBy | Promise<SignedBy> {
  const resolved = resolveSignatureAlgorithm(algorithms, input.algorithmIdentifier, input.digestOid);
  if (resolved.code !== undefined) return { ok: false, ...resolved };
  const unusable = keyMismatch(resolved.algorithm, input.key);
  return unusable ?? verifyResolved(resolved, input);
}

/** The algorithm cannot be used with this key. */
export function keyMismatch(algorithm: SignatureAlgorithm, key: PublicKey): (SignedBy & { readonly ok: false }) | undefined {
  if (algorithm.supportsKey(key)) return undefined;
  return { ok: false, code: 'ALGORITHM_MISMATCH', algorithm, expected: algorithm.name, actual: key.kty === 'RSA' ? 'RSA' : key.crv };
}

export function verifyResolved(resolved: ResolvedAlgorithm, input: Omit<SignedByInput, 'algorithmIdentifier' | 'digestOid'>): SignedBy | Promise<SignedBy> {
  const { algorithm } = resolved;
  const options = input.distinguishingId === undefined ? resolved.options : { ...resolved.options, distinguishingId: input.distinguishingId };
  try {
    const answer = algorithm.verify(input.key, input.tbs, input.signature, options);
    if (typeof answer === 'boolean') return outcome(algorithm, answer);
    return answer.then(
      (signed) => outcome(algorithm, signed),
      (error: unknown) => failed(algorithm, error),
    );
  } catch (error) {
    return failed(algorithm, error);
  }
}

function outcome(algorithm: SignatureAlgorithm, signed: boolean): SignedBy {
  return signed === true ? { ok: true, algorithm } : { ok: false, code: 'SIGNATURE_INVALID', algorithm };
}

/** Errors are told apart by `code`, not by class: two copies of a package in one process are normal. */
function failed(algorithm: SignatureAlgorithm, error: unknown): SignedBy {
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'unknown';
  switch (code) {
    case 'KEY_INVALID':
      return { ok: false, code: 'KEY_INVALID', algorithm, actual: code };
    case 'KEY_UNSUPPORTED':
      return { ok: false, code: 'KEY_TOO_WEAK', algorithm, actual: code };
    case 'ALGORITHM_UNSUPPORTED':
      return { ok: false, code: 'ALGORITHM_UNKNOWN', algorithm, actual: code };
    case 'PARAMETERS_INVALID':
      return { ok: false, code: 'ALGORITHM_MISMATCH', algorithm, actual: code };
    default:
      return { ok: false, code: 'PROVIDER_FAILED', algorithm, actual: code };
  }
}

/** What follows an answer: at once, where it is there. */
export function after<T, R>(answer: T | Promise<T>, next: (answer: T) => R | Promise<R>): R | Promise<R> {
  return isPromise(answer) ? answer.then(next) : next(answer);
}

export function isPromise<T>(value: T | Promise<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
