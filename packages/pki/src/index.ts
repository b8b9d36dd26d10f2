// What the bytes say. Limits, errors and the shapes given out.
export { PkiError } from './error.js';
export type { PkiErrorCode } from './error.js';
export { DEFAULT_LIMITS } from './limits.js';
export type { PkiLimits } from './limits.js';
export type * from './model.js';

// ASN.1
export { DerReader } from './asn1/reader.js';
export { Tag, contextConstructed, contextPrimitive } from './asn1/tag.js';
export { decodeOid, encodeOid } from './asn1/oid.js';
export { readTime } from './asn1/time.js';
export { equalBytes, hexOf } from './asn1/bytes.js';
export {
  bitString, bmpString, boolean, concatBytes, enumerated, explicit, generalizedTime, ia5String, implicitConstructed,
  implicitPrimitive, integer, namedBitString, nullValue, octetString, oid, printableString, sequence, setOf, time, tlv,
  utcTime, utf8String,
} from './asn1/writer.js';

// Input as people hand it over
export { identify } from './identify.js';
export type { Identified } from './identify.js';
export { CERTIFICATE_LABELS, CRL_LABELS, MESSAGE_LABELS, decodeArmoured, encodePem } from './pem.js';
export type { ArmourOptions } from './pem.js';

export { readCertificate, readCertificates, readCrl } from './read.js';

// What was tolerated
export { DEVIATIONS } from './deviations.js';
export type { DeviationId, DeviationReason } from './deviations.js';

// X.509
export { parseCertificate } from './x509/certificate.js';
export { readGeneralName, readGeneralNames } from './x509/general-name.js';
export { readSubjectPublicKeyInfo } from './x509/spki.js';
export { readAlgorithmIdentifier } from './x509/algorithm-identifier.js';
export { readDistributionPoints } from './x509/distribution-points.js';
export { attributeValues, formatName, nameKey, namesEqual, readName } from './x509/name.js';

// Certificate revocation lists
export { parseCertificateList } from './crl/certificate-list.js';

// OCSP
export { parseOcspResponse } from './ocsp/response.js';
export { buildCertId, buildOcspRequest, ocspRequestFor, parseOcspRequest } from './ocsp/request.js';
export type { CertIdHash, CertIdToWrite } from './ocsp/request.js';
export type * from './ocsp/model.js';
export { id_ad_ocsp, id_kp_OCSPSigning, id_pkix_ocsp_basic, id_pkix_ocsp_nocheck, id_pkix_ocsp_nonce } from './ocsp/oids.js';

// Time-stamps
export { parseTimeStampRequest, buildTimeStampRequest } from './tsp/request.js';
export type { ImprintToWrite, TimeStampRequestToWrite } from './tsp/request.js';
export { parseTimeStampResponse } from './tsp/response.js';
export { parseTimeStampToken } from './tsp/token.js';
export { buildTimeStampResponse, buildTstInfo } from './tsp/build.js';
export type { TimeStampResponseToWrite, TstInfoToWrite } from './tsp/build.js';
export type * from './tsp/model.js';
export { id_kp_timeStamping } from './tsp/oids.js';

// Electronic seals
export { parseSeal } from './ses/seal.js';
export { parseSealSignature } from './ses/signature.js';
export { buildSeal, buildSealInfo, buildSealSignature, buildTbsSealSignature } from './ses/build.js';
export type { SealInfoToWrite, SealToWrite, TbsSealSignatureToWrite } from './ses/build.js';
export type * from './ses/model.js';

// CMS and GM/T 0010 messages
export { readSignedData } from './cms/read.js';
export { parseSignedData, readCountersignatures } from './cms/signed-data.js';
export { BerReader, joinOctetString } from './cms/ber.js';
export { parseSignedAndEnvelopedData, parseSm2Cipher } from './cms/signed-and-enveloped-data.js';
export type { RecipientInfo, SignedAndEnvelopedData, Sm2Cipher } from './cms/signed-and-enveloped-data.js';
export { contentTypeOf, messageDigestOf, signingCertificateV2Of, signingTimeOf } from './cms/attributes.js';
export type { EssCertIdV2, SigningCertificateV2, SingleAttribute } from './cms/attributes.js';
export { buildSignedAttributes, buildSignedData, buildSignerInfo } from './cms/build.js';
export type {
  AlgorithmToWrite, SignedAttributesToWrite, SignedDataToWrite, SignerIdentifierToWrite, SignerToWrite, SigningCertificateToWrite,
} from './cms/build.js';
export { extendSignedData } from './cms/extend.js';
export type { MessageExtension } from './cms/extend.js';
export type { AttributeToAdd } from './cms/written-attribute.js';
export { certificateValues, readCertificateValues, readRevocationValues, revocationValues } from './cms/validation-values.js';
export type { RevocationValues } from './cms/validation-values.js';
export { commitmentTypeIndication, signaturePolicyIdentifier } from './cms/signed-cades-attributes.js';
export type { SignaturePolicyToWrite } from './cms/signed-cades-attributes.js';
export { archiveTimestampInput, buildAtsHashIndex, indexedAttributeValues, readAtsHashIndex } from './cms/ats-hash-index.js';
export type { AtsHashIndex } from './cms/ats-hash-index.js';
export {
  id_aa_ATSHashIndex, id_aa_ATSHashIndexV2, id_aa_ATSHashIndexV3, id_aa_ets_archiveTimestampV2, id_aa_ets_archiveTimestampV3, id_aa_ets_certValues,
  id_aa_ets_commitmentType, id_aa_ets_contentTimestamp, id_aa_ets_revocationValues, id_aa_ets_sigPolicyId, id_aa_signingCertificate,
  id_aa_signingCertificateV2, id_aa_timeStampToken, id_contentType, id_countersignature, id_ct_TSTInfo, id_data, id_gm_data, id_gm_signedAndEnvelopedData, id_gm_signedData,
  id_messageDigest, id_ri_ocsp_response, id_signedAndEnvelopedData, id_signedData, id_signingTime,
} from './cms/oids.js';
