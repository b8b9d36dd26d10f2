import type { PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import { hexOf, type CertificateList } from '@hefu/pki';
import type { DigestAlgorithm } from '@hefu/crypto';
import { hasUnknownCriticalEntry } from './crl-form.js';
import { KnownSignatures } from './known-signatures.js';

/**
 * What revocation checking may remember between calls, owned by the caller: facts about immutable CRL objects,
 * held as long as those objects live. Never a status.
 */
export interface CrlCache {
  /** Whether `key` signed the CRL by this algorithm; undefined when that is not known. */
  signedBy(crl: CertificateList, key: PublicKey, algorithm: SignatureAlgorithm): boolean | undefined;
  setSignedBy(crl: CertificateList, key: PublicKey, algorithm: SignatureAlgorithm, signed: boolean): void;
  /** An entry carries a critical extension that is not understood; see `hasUnknownCriticalEntry`. */
  unknownCriticalEntry(crl: CertificateList): boolean;
  /** Lower-case hex of the CRL's SHA-256. */
  sha256(crl: CertificateList, algorithm: DigestAlgorithm): string;
}

interface Known {
  readonly signatures: KnownSignatures;
  unknownCriticalEntry: boolean | undefined;
  sha256: string | undefined;
}

export function createCrlCache(): CrlCache {
  const known = new WeakMap<CertificateList, Known>();
  const entryOf = (crl: CertificateList): Known => {
    let entry = known.get(crl);
    if (entry === undefined) known.set(crl, (entry = { signatures: new KnownSignatures(), unknownCriticalEntry: undefined, sha256: undefined }));
    return entry;
  };
  return {
    signedBy(crl, key, algorithm) {
      return known.get(crl)?.signatures.signedBy(key, algorithm);
    },
    setSignedBy(crl, key, algorithm, signed) {
      entryOf(crl).signatures.set(key, algorithm, signed);
    },
    unknownCriticalEntry(crl) {
      return (entryOf(crl).unknownCriticalEntry ??= hasUnknownCriticalEntry(crl));
    },
    sha256(crl, algorithm) {
      return (entryOf(crl).sha256 ??= hexOf(algorithm.digest(crl.bytes)));
    },
  };
}
