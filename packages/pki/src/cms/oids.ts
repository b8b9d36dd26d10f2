/** Object identifiers of the message room, by their RFC names. GM ones carry the names of GM/T 0010 (GB/T 35275) with `gm`. */

// Content types: PKCS #7 (RFC 2315 §14), RFC 5652 and its companions.
export const id_data = '1.2.840.113549.1.7.1';
export const id_signedData = '1.2.840.113549.1.7.2';
export const id_envelopedData = '1.2.840.113549.1.7.3';
export const id_signedAndEnvelopedData = '1.2.840.113549.1.7.4';
export const id_digestedData = '1.2.840.113549.1.7.5';
export const id_encryptedData = '1.2.840.113549.1.7.6';
export const id_ct_authData = '1.2.840.113549.1.9.16.1.2';
export const id_ct_TSTInfo = '1.2.840.113549.1.9.16.1.4';
export const id_ct_compressedData = '1.2.840.113549.1.9.16.1.9';
export const id_ct_authEnvelopedData = '1.2.840.113549.1.9.16.1.23';

// Content types: GM/T 0010-2012, GB/T 35275-2017 §5.
export const id_gm_data = '1.2.156.10197.6.1.4.2.1';
export const id_gm_signedData = '1.2.156.10197.6.1.4.2.2';
export const id_gm_envelopedData = '1.2.156.10197.6.1.4.2.3';
export const id_gm_signedAndEnvelopedData = '1.2.156.10197.6.1.4.2.4';
export const id_gm_encryptedData = '1.2.156.10197.6.1.4.2.5';
export const id_gm_keyAgreementInfo = '1.2.156.10197.6.1.4.2.6';

// Attributes: RFC 5652 §11, RFC 5035, RFC 3161 appendix A.
export const id_contentType = '1.2.840.113549.1.9.3';
export const id_messageDigest = '1.2.840.113549.1.9.4';
export const id_signingTime = '1.2.840.113549.1.9.5';
export const id_countersignature = '1.2.840.113549.1.9.6';
export const id_aa_signingCertificate = '1.2.840.113549.1.9.16.2.12';
export const id_aa_timeStampToken = '1.2.840.113549.1.9.16.2.14';
/** CAdES (EN 319 122-1): proofs and evidence beside a signature. */
export const id_aa_ets_contentTimestamp = '1.2.840.113549.1.9.16.2.20';
export const id_aa_ets_sigPolicyId = '1.2.840.113549.1.9.16.2.15';
export const id_aa_ets_commitmentType = '1.2.840.113549.1.9.16.2.16';
export const id_aa_ets_certValues = '1.2.840.113549.1.9.16.2.23';
export const id_aa_ets_revocationValues = '1.2.840.113549.1.9.16.2.24';
export const id_aa_ets_archiveTimestampV2 = '1.2.840.113549.1.9.16.2.48';
export const id_aa_ets_archiveTimestampV3 = '0.4.0.1733.2.4';
export const id_aa_ATSHashIndex = '0.4.0.1733.2.5';
export const id_aa_ATSHashIndexV2 = '0.4.0.19122.1.4';
export const id_aa_ATSHashIndexV3 = '0.4.0.19122.1.5';
/** RFC 5940 §2.1: an OCSP response among the revocation information of a message. */
export const id_ri_ocsp_response = '1.3.6.1.5.5.7.16.2';
export const id_aa_signingCertificateV2 = '1.2.840.113549.1.9.16.2.47';

/** Digest that RFC 5035 makes the default. */
export const id_sha256 = '2.16.840.1.101.3.4.2.1';

/** Content types this room recognises and does not read, by the word `PkiError.detected` uses for them. */
export const OTHER_CONTENT_TYPES: Readonly<Record<string, string>> = {
  [id_data]: 'data',
  [id_envelopedData]: 'enveloped-data',
  [id_signedAndEnvelopedData]: 'signed-and-enveloped-data',
  [id_digestedData]: 'digested-data',
  [id_encryptedData]: 'encrypted-data',
  [id_ct_authData]: 'authenticated-data',
  [id_ct_compressedData]: 'compressed-data',
  [id_ct_authEnvelopedData]: 'auth-enveloped-data',
  [id_gm_data]: 'data',
  [id_gm_envelopedData]: 'enveloped-data',
  [id_gm_signedAndEnvelopedData]: 'signed-and-enveloped-data',
  [id_gm_encryptedData]: 'encrypted-data',
  [id_gm_keyAgreementInfo]: 'key-agreement-info',
};
