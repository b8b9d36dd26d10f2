import { sha1, sha256, sm3 } from '@hefu/crypto';
import {
  bitString, enumerated, equalBytes, explicit, generalizedTime, implicitConstructed, implicitPrimitive, octetString, oid, parseOcspRequest, PkiError, sequence, type CertId,
} from '@hefu/pki';
import { CRL_REASONS, type CrlEntry } from './crl.js';
import { encodeExtension, extension } from './extension.js';
import type { AlgorithmParameters, KeyPair } from './keys.js';

/** A CA that answers for its certificates itself, by its own key (RFC 6960 §4.2.2.2). */
export interface OcspAuthority {
  /** The CA's whole Name. */
  readonly name: Uint8Array;
  readonly key: KeyPair;
  /** Octets of its public key. */
  readonly publicKey: Uint8Array;
  readonly parameters?: AlgorithmParameters;
  readonly revoked: readonly CrlEntry[];
}

export interface OcspTimes {
  /** Epoch milliseconds of whole seconds. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
}

const DIGESTS = [sha1, sha256, sm3];

/** An OCSPResponse that is no more than its status: 1 malformedRequest, 2 internalError, 3 tryLater, 6 unauthorized. DER. */
export function ocspError(status: 1 | 2 | 3 | 6): Uint8Array {
  return sequence(enumerated(status));
}

/**
 * Answers an OCSP request: DER for DER, the same for the same. A nonce comes back as it was sent. Questions about issuers
 * other than these, or about several issuers at once, are `unauthorized`; what cannot be read is `malformedRequest`.
 */
export function answerOcsp(request: Uint8Array, authorities: readonly OcspAuthority[], times: OcspTimes): Uint8Array {
  try {
    const { certIds, nonce } = parseOcspRequest(request);
    const asked = authorities.find((authority) => certIds.every((certId) => isIssuer(certId, authority)));
    return asked === undefined || certIds.length === 0 ? ocspError(6) : respond(certIds, nonce, asked, times);
  } catch (error) {
    if (error instanceof PkiError) return ocspError(1);
    throw error;
  }
}

function isIssuer(certId: CertId, { publicKey }: OcspAuthority): boolean {
  const digest = DIGESTS.find(({ oids }) => oids.includes(certId.hashAlgorithm.oid));
  return digest !== undefined && equalBytes(digest.digest(publicKey), certId.issuerKeyHash);
}

function respond(certIds: readonly CertId[], nonce: Uint8Array | undefined, authority: OcspAuthority, { thisUpdate, nextUpdate }: OcspTimes): Uint8Array {
  const algorithm = authority.key.algorithmIdentifier(authority.parameters);
  const tbs = sequence(
    explicit(1, authority.name),
    generalizedTime(thisUpdate),
    sequence(
      ...certIds.map((certId) => {
        const entry = authority.revoked.find(({ serialNumber }) => equalBytes(serialNumber, certId.serialNumber));
        return sequence(certId.bytes, status(entry), generalizedTime(thisUpdate), explicit(0, generalizedTime(nextUpdate)));
      }),
    ),
    ...(nonce === undefined ? [] : [explicit(1, sequence(encodeExtension(extension('1.3.6.1.5.5.7.48.1.2', octetString(nonce)))))]),
  );
  const basic = sequence(tbs, algorithm, bitString(authority.key.sign(tbs)));
  return sequence(enumerated(0), explicit(0, sequence(oid('1.3.6.1.5.5.7.48.1.1'), octetString(basic))));
}

function status(entry: CrlEntry | undefined): Uint8Array {
  if (entry === undefined) return implicitPrimitive(0, new Uint8Array(0));
  const { reason = 'unspecified', revocationDate } = entry;
  return implicitConstructed(1, generalizedTime(revocationDate), ...(reason === 'unspecified' ? [] : [explicit(0, enumerated(CRL_REASONS[reason]))]));
}
