/** Object identifiers, spelt as the RFCs spell them. Extensions: RFC 5280 §4.2 and §5.2. */
export const id_ce_subjectKeyIdentifier = '2.5.29.14';
export const id_ce_keyUsage = '2.5.29.15';
export const id_ce_subjectAltName = '2.5.29.17';
export const id_ce_issuerAltName = '2.5.29.18';
export const id_ce_basicConstraints = '2.5.29.19';
export const id_ce_cRLNumber = '2.5.29.20';
export const id_ce_cRLReasons = '2.5.29.21';
export const id_ce_invalidityDate = '2.5.29.24';
export const id_ce_deltaCRLIndicator = '2.5.29.27';
export const id_ce_issuingDistributionPoint = '2.5.29.28';
export const id_ce_certificateIssuer = '2.5.29.29';
export const id_ce_cRLDistributionPoints = '2.5.29.31';
export const id_ce_certificatePolicies = '2.5.29.32';
export const id_ce_authorityKeyIdentifier = '2.5.29.35';
export const id_ce_extKeyUsage = '2.5.29.37';
export const id_pe_authorityInfoAccess = '1.3.6.1.5.5.7.1.1';

/** RFC 3279 §2.3, RFC 4055 §1.2, RFC 8410 §3 */
export const rsaEncryption = '1.2.840.113549.1.1.1';
export const id_RSASSA_PSS = '1.2.840.113549.1.1.10';
export const id_ecPublicKey = '1.2.840.10045.2.1';
export const id_prime_field = '1.2.840.10045.1.1';
export const id_Ed25519 = '1.3.101.112';

/** GM/T 0006: sm2-with-SM3 */
export const sm2_with_SM3 = '1.2.156.10197.1.501';

/** X.520 */
export const id_at_commonName = '2.5.4.3';
