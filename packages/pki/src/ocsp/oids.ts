/** RFC 6960 §4.2.1, §4.4.1, §4.2.2.2, §4.2.2.2.1. */
export const id_pkix_ocsp_basic = '1.3.6.1.5.5.7.48.1.1';
export const id_pkix_ocsp_nonce = '1.3.6.1.5.5.7.48.1.2';
export const id_pkix_ocsp_nocheck = '1.3.6.1.5.5.7.48.1.5';
export const id_kp_OCSPSigning = '1.3.6.1.5.5.7.3.9';
/** RFC 5280 §4.2.2.1: accessMethod of a responder's address. */
export const id_ad_ocsp = '1.3.6.1.5.5.7.48.1';
