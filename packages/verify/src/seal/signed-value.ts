import type { Algorithms, DigestAlgorithm, SignatureAlgorithm } from '@hefu/crypto';
import { PkiError, type Certificate } from '@hefu/pki';
import { keyName } from '../key-name.js';
import type { Policy } from '../policy.js';
import { resolveAlias } from '../signature/aliases.js';

/** What a signature value in a seal is made with: seals name an algorithm by its OID alone, without parameters. */
export type SealAlgorithm =
  | { readonly algorithm: SignatureAlgorithm; readonly digest: DigestAlgorithm; readonly code?: undefined }
  | { readonly code: 'ALGORITHM_UNKNOWN' | 'ALGORITHM_REFUSED'; readonly actual: string };

/** By combined OID, or by the OID of SM2 itself, which leaves no choice of digest. @param at from when algorithms may have ended */
export function sealAlgorithm(oid: string, algorithms: Algorithms, policy: Policy, at: number): SealAlgorithm {
  const resolved = resolveAlias(oid, 'signatureAlgorithm').oid;
  const byKey = algorithms.signatures.filter(({ keyOids }) => keyOids.includes(resolved));
  const algorithm = algorithms.signatures.find(({ signatureOids }) => signatureOids.includes(resolved)) ?? (byKey.length === 1 ? byKey[0] : undefined);
  const digest = algorithms.digests.find(({ name }) => name === algorithm?.digest);
  if (algorithm === undefined || digest === undefined) return { code: 'ALGORITHM_UNKNOWN', actual: oid };
  const refused = [algorithm.name, digest.name].find((name) => !allowed(name, policy, at));
  return refused === undefined ? { algorithm, digest } : { code: 'ALGORITHM_REFUSED', actual: refused };
}

function allowed(name: string, { algorithms: { signatures, digests, sunset } }: Policy, at: number): boolean {
  return (signatures.includes(name) || digests.includes(name)) && (sunset?.[name] ?? Number.POSITIVE_INFINITY) > at;
}

/** Why a value does not verify; undefined: it does. */
export interface ValueFailure {
  readonly code: 'KEY_INVALID' | 'KEY_TOO_WEAK' | 'ALGORITHM_MISMATCH' | 'SIGNATURE_INVALID' | 'PROVIDER_FAILED';
  readonly expected?: string;
  readonly actual?: string;
}

/** Whether a value verifies with a certificate's key; SM2 with Z of that key and the default identifier (GB/T 32918.2 §5.5). */
export async function verifyValue(algorithm: SignatureAlgorithm, certificate: Certificate, message: Uint8Array, value: Uint8Array): Promise<ValueFailure | undefined> {
  try {
    const { key } = certificate.spki;
    if (!algorithm.supportsKey(key)) return { code: 'ALGORITHM_MISMATCH', expected: algorithm.name, actual: keyName(key) };
    return (await algorithm.verify(key, message, value)) ? undefined : { code: 'SIGNATURE_INVALID' };
  } catch (error) {
    if (error instanceof PkiError) return { code: 'KEY_INVALID', actual: error.code };
    const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
    if (code === 'KEY_INVALID') return { code };
    if (code === 'KEY_UNSUPPORTED') return { code: 'KEY_TOO_WEAK' };
    if (code === 'PROVIDER_FAILED') return { code };
    throw error;
  }
}
