import { readOctetAlignedBitString, readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { Tag, contextConstructed, contextPrimitive } from '../asn1/tag.js';
import { decodeOidAt } from '../asn1/oid.js';
import { revocationReasonOf } from '../crl/entry.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type { Extension } from '../model.js';
import { checkInput, refusal } from '../refuse.js';
import { readName } from '../x509/name.js';
import { nonceOf, OcspFindings, readAlgorithm, readCertId, readExtensions, readGeneralizedTime } from './elements.js';
import type { BasicOcspResponse, CertStatus, OcspResponse, OcspResponseStatus, ResponderId, SingleResponse } from './model.js';
import { id_pkix_ocsp_basic, id_pkix_ocsp_nonce } from './oids.js';

/** OCSPResponseStatus, RFC 6960 §4.2.1; 4 is not used. */
const STATUSES: readonly (OcspResponseStatus | undefined)[] = ['successful', 'malformedRequest', 'internalError', 'tryLater', undefined, 'sigRequired', 'unauthorized'];

/**
 * Reads one OCSP response, DER, nothing after it (RFC 6960 §4.2.1). Every answer in it is decoded: `maxOcspBytes` and
 * `maxOcspAnswers` bound them. Certificates carried are given as octets. Nothing is verified. The bytes are not
 * copied: do not change them afterwards.
 *
 * @throws PkiError the codes of `parseCertificate`; CONTENT_TYPE_UNSUPPORTED for a response type other than basic
 */
export function parseOcspResponse(bytes: Uint8Array, limits?: Partial<PkiLimits>): OcspResponse {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxOcspBytes);
  try {
    return readResponse(bytes, budget);
  } catch (error) {
    throw refusal(error, bytes, 'ocsp-response', budget.maxDepth);
  }
}

function readResponse(bytes: Uint8Array, limits: PkiLimits): OcspResponse {
  const findings = new OcspFindings();
  const outer = new DerReader(bytes, 0, bytes.length, limits.maxDepth);
  outer.expect(Tag.SEQUENCE, 'OCSPResponse');
  outer.finish('OCSPResponse');
  const fields = outer.enter();
  const responseStatus = STATUSES[readSmallInteger(fields, 'responseStatus', Tag.ENUMERATED)];
  if (responseStatus === undefined) throw new PkiError('STRUCTURE_INVALID', 'responseStatus without a name');
  let basic: BasicOcspResponse | undefined;
  if (fields.optional(contextConstructed(0))) {
    const explicit = fields.enter();
    explicit.expect(Tag.SEQUENCE, 'ResponseBytes');
    explicit.finish('responseBytes');
    const inner = explicit.enter();
    inner.expect(Tag.OID, 'responseType');
    const type = decodeOidAt(inner.bytes, inner.contentStart, inner.end);
    inner.expect(Tag.OCTET_STRING, 'response');
    inner.finish('ResponseBytes');
    if (type !== id_pkix_ocsp_basic) throw new PkiError('CONTENT_TYPE_UNSUPPORTED', `response type ${type}`);
    // The OCTET STRING holds DER of its own; offsets and depth go on.
    const content = inner.enter();
    content.expect(Tag.SEQUENCE, 'BasicOCSPResponse');
    content.finish('BasicOCSPResponse');
    basic = readBasic(content, limits, findings);
  }
  fields.finish('OCSPResponse');
  // §4.2.1: responseBytes come with `successful` and with nothing else.
  if ((responseStatus === 'successful') !== (basic !== undefined)) throw new PkiError('STRUCTURE_INVALID', `${responseStatus} ${basic === undefined ? 'without' : 'with'} responseBytes`);
  return { bytes, responseStatus, basic, deviations: findings.list };
}

/** @param reader at the BasicOCSPResponse */
function readBasic(reader: DerReader, limits: PkiLimits, findings: OcspFindings): BasicOcspResponse {
  const bytes = reader.tlv();
  const fields = reader.enter();
  const tbs = fields.expect(Tag.SEQUENCE, 'tbsResponseData').tlv();
  const data = readData(fields.enter(), limits, findings);
  const signatureAlgorithm = readAlgorithm(fields);
  const signature = readOctetAlignedBitString(fields, 'signature');
  const certificates: Uint8Array[] = [];
  if (fields.optional(contextConstructed(0))) {
    const explicit = fields.enter();
    explicit.expect(Tag.SEQUENCE, 'certs');
    explicit.finish('certs');
    const list = explicit.enter();
    while (!list.done) {
      if (certificates.length >= limits.maxMessageCertificates) throw new PkiError('TOO_MANY', `more than ${limits.maxMessageCertificates} certificates`, { offset: list.offset });
      certificates.push(list.expect(Tag.SEQUENCE, 'Certificate').tlv());
    }
  }
  fields.finish('BasicOCSPResponse');
  const { extensions } = data;
  const find = (oid: string): Extension | undefined => extensions.find((extension) => extension.oid === oid);
  const nonce = find(id_pkix_ocsp_nonce);
  const read = nonce === undefined ? undefined : nonceOf(nonce.value);
  if (read?.wrapped === false) findings.add('OCSP_NONCE_UNWRAPPED', 'tbsResponseData.responseExtensions');
  return { bytes, tbs, ...data, extension: find, duplicateExtensions: [...findings.duplicates], nonce: read?.nonce, signatureAlgorithm, signature, certificates };
}

type Data = Pick<BasicOcspResponse, 'responderId' | 'producedAt' | 'responses' | 'extensions'>;

function readData(fields: DerReader, limits: PkiLimits, findings: OcspFindings): Data {
  if (fields.optional(contextConstructed(0))) {
    const explicit = fields.enter();
    const version = readSmallInteger(explicit, 'version');
    explicit.finish('version');
    if (version !== 0) throw new PkiError('VERSION_UNSUPPORTED', 'OCSP response version is not 1');
    findings.add('OCSP_DEFAULT_ENCODED', 'tbsResponseData.version');
  }
  const responderId = readResponderId(fields, limits);
  const producedAt = readGeneralizedTime(fields, findings, 'producedAt');
  const list = fields.expect(Tag.SEQUENCE, 'responses').enter();
  const responses: SingleResponse[] = [];
  while (!list.done) {
    if (responses.length >= limits.maxOcspAnswers) throw new PkiError('TOO_MANY', `more than ${limits.maxOcspAnswers} answers`, { offset: list.offset });
    responses.push(readSingle(list, limits, findings, `responses[${responses.length}]`));
  }
  const extensions = fields.optional(contextConstructed(1)) ? readExtensions(fields, limits, findings, 'responseExtensions') : [];
  fields.finish('tbsResponseData');
  return { responderId, producedAt, responses, extensions };
}

function readResponderId(fields: DerReader, limits: PkiLimits): ResponderId {
  if (fields.optional(contextConstructed(1))) {
    const explicit = fields.enter();
    const name = readName(explicit, limits.maxNameAttributes);
    explicit.finish('responderID');
    return { kind: 'byName', name };
  }
  const explicit = fields.expect(contextConstructed(2), 'responderID').enter();
  const keyHash = explicit.expect(Tag.OCTET_STRING, 'KeyHash').content();
  explicit.finish('responderID');
  return { kind: 'byKey', keyHash };
}

function readSingle(list: DerReader, limits: PkiLimits, findings: OcspFindings, where: string): SingleResponse {
  const fields = list.expect(Tag.SEQUENCE, 'SingleResponse').enter();
  const certId = readCertId(fields, findings, `${where}.certID`);
  const status = readStatus(fields, findings, `${where}.certStatus`);
  const thisUpdate = readGeneralizedTime(fields, findings, `${where}.thisUpdate`);
  let nextUpdate: number | undefined;
  if (fields.optional(contextConstructed(0))) {
    const explicit = fields.enter();
    nextUpdate = readGeneralizedTime(explicit, findings, `${where}.nextUpdate`);
    explicit.finish('nextUpdate');
    if (nextUpdate < thisUpdate) findings.add('OCSP_UPDATE_INVERTED', `${where}.nextUpdate`);
  }
  const extensions = fields.optional(contextConstructed(1)) ? readExtensions(fields, limits, findings, `${where}.singleExtensions`) : [];
  fields.finish('SingleResponse');
  return { certId, status, thisUpdate, nextUpdate, extensions };
}

function readStatus(fields: DerReader, findings: OcspFindings, where: string): CertStatus {
  fields.next();
  switch (fields.tag) {
    case contextPrimitive(0):
    case contextPrimitive(2):
      if (fields.end !== fields.contentStart) throw new PkiError('DER_INVALID', `${where}: NULL with octets`, { offset: fields.start });
      return { kind: fields.tag === contextPrimitive(0) ? 'good' : 'unknown' };
    case contextConstructed(1): {
      const info = fields.enter();
      const revocationTime = readGeneralizedTime(info, findings, `${where}.revocationTime`);
      let reason: ReturnType<typeof revocationReasonOf> = 'unspecified';
      if (info.optional(contextConstructed(0))) {
        const explicit = info.enter();
        reason = revocationReasonOf(readSmallInteger(explicit, 'CRLReason', Tag.ENUMERATED));
        explicit.finish('revocationReason');
      }
      info.finish('RevokedInfo');
      return { kind: 'revoked', revocationTime, reason };
    }
    default:
      throw new PkiError('STRUCTURE_INVALID', `${where}: tag ${fields.tag.toString(16)} is no CertStatus`, { offset: fields.start });
  }
}
