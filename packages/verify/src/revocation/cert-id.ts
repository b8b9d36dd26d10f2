import type { Algorithms } from '@hefu/crypto';
import { equalBytes, readSubjectPublicKeyInfo, type CertId, type ResponderId } from '@hefu/pki';
import { sameName } from '../path/check.js';
import type { ValidPath } from '../path/model.js';

/** Who issued `path.certificates[index]`, as OCSP identifies it: by hashes of names and of the key's octets. */
export class IssuerIdentity {
  readonly #algorithms: Algorithms;
  readonly #path: ValidPath;
  readonly #index: number;
  #publicKey: Uint8Array | undefined;

  constructor(path: ValidPath, index: number, algorithms: Algorithms) {
    this.#path = path;
    this.#index = index;
    this.#algorithms = algorithms;
  }

  /**
   * Whether a CertID means this certificate (RFC 6960 §4.1.1): any digest at hand will do, since the hashes only
   * identify. The issuer's name may be written as in the certificate or as in the issuer's own.
   */
  isAbout(certId: CertId): boolean {
    const certificate = this.#path.certificates[this.#index]!;
    if (!sameNumber(certId.serialNumber, certificate.serialNumber)) return false;
    const digest = this.#algorithms.digests.find(({ oids }) => oids.includes(certId.hashAlgorithm.oid));
    if (digest === undefined || !isNullOrAbsent(certId.hashAlgorithm.parameters)) return false;
    const issuer = this.#path.certificates[this.#index + 1]?.subject ?? this.#path.anchor.name;
    const named = equalBytes(digest.digest(certificate.issuer.bytes), certId.issuerNameHash) || equalBytes(digest.digest(issuer.bytes), certId.issuerNameHash);
    return named && equalBytes(digest.digest(this.publicKey), certId.issuerKeyHash);
  }

  /** Whether a responder says it is the issuer. The key hash is SHA-1 by §4.2.1; some SM2 responders use SM3. */
  isResponder(responder: ResponderId): boolean {
    if (responder.kind === 'byName') return sameName(responder.name, this.#path.certificates[this.#index]!.issuer);
    return isKeyHash(responder.keyHash, this.publicKey, this.#algorithms);
  }

  get publicKey(): Uint8Array {
    return (this.#publicKey ??= this.#path.certificates[this.#index + 1]?.spki.publicKey ?? readSubjectPublicKeyInfo(this.#path.anchor.spki).publicKey);
  }
}

/** Whether a KeyHash is that of these public key octets, by any digest of its length. */
export function isKeyHash(keyHash: Uint8Array, publicKey: Uint8Array, { digests }: Algorithms): boolean {
  return digests.some((digest) => digest.outputLength === keyHash.length && equalBytes(digest.digest(publicKey), keyHash));
}

function isNullOrAbsent(parameters: Uint8Array | undefined): boolean {
  return parameters === undefined || (parameters.length === 2 && parameters[0] === 5);
}

function sameNumber(a: Uint8Array, b: Uint8Array): boolean {
  return equalBytes(withoutLeadingZeros(a), withoutLeadingZeros(b));
}

function withoutLeadingZeros(number: Uint8Array): Uint8Array {
  let start = 0;
  while (start < number.length - 1 && number[start] === 0) start++;
  return number.subarray(start);
}
