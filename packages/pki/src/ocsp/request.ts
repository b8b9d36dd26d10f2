import { readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { Tag, contextConstructed } from '../asn1/tag.js';
import { explicit, nullValue, octetString, oid, sequence, tlv } from '../asn1/writer.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import { checkInput } from '../refuse.js';
import { nonceOf, OcspFindings, readCertId, readExtensions } from './elements.js';
import type { CertId, OcspRequest } from './model.js';
import { id_pkix_ocsp_nonce } from './oids.js';

/** A hash as the crypto room gives it: its OID and what it does. */
export interface CertIdHash {
  readonly oid: string;
  readonly digest: (message: Uint8Array) => Uint8Array;
}

export interface CertIdToWrite {
  /** The issuer's Name, whole TLV: from the certificate asked about. */
  readonly issuerName: Uint8Array;
  /** Octets of the issuer's public key: content of the BIT STRING in its SubjectPublicKeyInfo. */
  readonly issuerKey: Uint8Array;
  /** Content octets, as in the certificate. */
  readonly serialNumber: Uint8Array;
  readonly hash: CertIdHash;
}

/** A CertID, DER (RFC 6960 §4.1.1). */
export function buildCertId({ issuerName, issuerKey, serialNumber, hash }: CertIdToWrite): Uint8Array {
  if (serialNumber.length === 0) throw new TypeError('a serial number is the content octets of an INTEGER, at least one');
  return sequence(sequence(oid(hash.oid), nullValue()), octetString(hash.digest(issuerName)), octetString(hash.digest(issuerKey)), tlv(Tag.INTEGER, serialNumber));
}

/**
 * An unsigned OCSP request for one certificate, DER (RFC 6960 §4.1.1).
 * @param request.nonce 1 to 128 octets, fresh and random (RFC 9654 §2.1)
 * @throws TypeError
 */
export function buildOcspRequest(request: CertIdToWrite & { readonly nonce?: Uint8Array }): Uint8Array {
  return ocspRequestFor(buildCertId(request), request.nonce);
}

/** As {@link buildOcspRequest}, for a CertID already written: whole TLV. @throws TypeError */
export function ocspRequestFor(certId: Uint8Array, nonce?: Uint8Array): Uint8Array {
  if (nonce !== undefined && (nonce.length < 1 || nonce.length > 128)) throw new TypeError('a nonce has 1 to 128 octets');
  return sequence(
    sequence(
      sequence(sequence(certId)),
      ...(nonce === undefined ? [] : [explicit(2, sequence(sequence(oid(id_pkix_ocsp_nonce), octetString(octetString(nonce)))))]),
    ),
  );
}

/**
 * Reads an OCSP request as far as a responder needs: who is asked about, and the nonce. Signatures on requests are
 * passed over.
 * @throws PkiError
 */
export function parseOcspRequest(bytes: Uint8Array, limits?: Partial<PkiLimits>): OcspRequest {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxOcspBytes);
  const findings = new OcspFindings();
  const outer = new DerReader(bytes, 0, bytes.length, budget.maxDepth);
  outer.expect(Tag.SEQUENCE, 'OCSPRequest');
  outer.finish('OCSPRequest');
  const request = outer.enter();
  const fields = request.expect(Tag.SEQUENCE, 'tbsRequest').enter();
  request.optional(contextConstructed(0));
  request.finish('OCSPRequest');
  if (fields.optional(contextConstructed(0))) {
    const version = fields.enter();
    if (readSmallInteger(version, 'version') !== 0) throw new PkiError('VERSION_UNSUPPORTED', 'OCSP request version is not 1');
    version.finish('version');
  }
  fields.optional(contextConstructed(1)); // requestorName
  const list = fields.expect(Tag.SEQUENCE, 'requestList').enter();
  const certIds: CertId[] = [];
  while (!list.done) {
    if (certIds.length >= budget.maxOcspAnswers) throw new PkiError('TOO_MANY', `more than ${budget.maxOcspAnswers} requests`, { offset: list.offset });
    const single = list.expect(Tag.SEQUENCE, 'Request').enter();
    certIds.push(readCertId(single, findings, `requestList[${certIds.length}]`));
    if (single.optional(contextConstructed(0))) readExtensions(single, budget, findings, 'singleRequestExtensions');
    single.finish('Request');
  }
  const extensions = fields.optional(contextConstructed(2)) ? readExtensions(fields, budget, findings, 'requestExtensions') : [];
  fields.finish('tbsRequest');
  const nonce = extensions.find((extension) => extension.oid === id_pkix_ocsp_nonce);
  return { bytes, certIds, nonce: nonce === undefined ? undefined : nonceOf(nonce.value).nonce };
}
