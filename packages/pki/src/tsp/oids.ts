/** Object identifiers of time-stamping (RFC 3161, RFC 5816). `id_ct_TSTInfo` and `id_aa_timeStampToken` stand with the messages. */
export const id_kp_timeStamping = '1.3.6.1.5.5.7.3.8';
