import type { DigestAlgorithm, PublicKey, SignatureAlgorithm } from '@hefu/crypto';
import { hexOf, type Certificate, type OcspResponse } from '@hefu/pki';
import { readableCertificate } from '../readable-certificate.js';
import { KnownSignatures } from './known-signatures.js';

/** What checking OCSP responses may remember between calls, owned by the caller: facts about immutable objects. Never a status. */
export interface OcspCache {
  signedBy(response: OcspResponse, key: PublicKey, algorithm: SignatureAlgorithm): boolean | undefined;
  setSignedBy(response: OcspResponse, key: PublicKey, algorithm: SignatureAlgorithm, signed: boolean): void;
  /** The certificates carried that can be read, at most {@link MAX_CARRIED}. */
  certificatesOf(response: OcspResponse): readonly Certificate[];
  /** Lower-case hex of the whole response's SHA-256. */
  sha256(response: OcspResponse, algorithm: DigestAlgorithm): string;
}

/** A responder sends its own certificate and seldom another; more are somebody's attempt to cost us something. */
const MAX_CARRIED = 8;

interface Known {
  readonly signatures: KnownSignatures;
  certificates: readonly Certificate[] | undefined;
  sha256: string | undefined;
}

export function createOcspCache(): OcspCache {
  const known = new WeakMap<OcspResponse, Known>();
  const entryOf = (response: OcspResponse): Known => {
    let entry = known.get(response);
    if (entry === undefined) known.set(response, (entry = { signatures: new KnownSignatures(), certificates: undefined, sha256: undefined }));
    return entry;
  };
  return {
    signedBy(response, key, algorithm) {
      return known.get(response)?.signatures.signedBy(key, algorithm);
    },
    setSignedBy(response, key, algorithm, signed) {
      entryOf(response).signatures.set(key, algorithm, signed);
    },
    certificatesOf(response) {
      return (entryOf(response).certificates ??= (response.basic?.certificates ?? []).slice(0, MAX_CARRIED).flatMap((der) => readableCertificate(der) ?? []));
    },
    sha256(response, algorithm) {
      return (entryOf(response).sha256 ??= hexOf(algorithm.digest(response.bytes)));
    },
  };
}
