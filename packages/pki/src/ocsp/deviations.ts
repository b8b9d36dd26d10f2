import type { DeviationReason } from '../deviations.js';

/** Ids of what OCSP reading tolerates and records. What is not in this table is refused. */
export type OcspDeviationId =
  | 'OCSP_DEFAULT_ENCODED' | 'OCSP_TIME_FRACTION' | 'OCSP_UPDATE_INVERTED' | 'OCSP_NONCE_UNWRAPPED' | 'OCSP_DUPLICATE_EXTENSION' | 'OCSP_EXTENSIONS_EMPTY'
  | 'OCSP_SERIAL_NOT_MINIMAL';

const UNSEEN = 'no responses were surveyed; read so that the judge can name it';

export const OCSP_DEVIATIONS: Readonly<Record<OcspDeviationId, DeviationReason>> = {
  OCSP_DEFAULT_ENCODED: {
    reason: { en: 'a default value is written out', zh: '缺省值被显式编码' },
    clause: 'X.690 11.5', seenAt: UNSEEN,
  },
  OCSP_TIME_FRACTION: {
    reason: { en: 'time with a fraction of a second', zh: '时间含有小数秒' },
    clause: 'RFC 6960 4.2.2.1; RFC 5280 4.1.2.5.2', seenAt: UNSEEN,
  },
  OCSP_UPDATE_INVERTED: {
    reason: { en: 'nextUpdate is earlier than thisUpdate', zh: '下次更新时间早于本次更新时间' },
    clause: 'RFC 6960 2.4', seenAt: UNSEEN,
  },
  OCSP_NONCE_UNWRAPPED: {
    reason: { en: 'the nonce is not an OCTET STRING inside its extension', zh: 'nonce 在扩展项内未按 OCTET STRING 编码' },
    clause: 'RFC 8954 2.1; RFC 6960 4.4.1', seenAt: 'responders older than RFC 6960',
  },
  OCSP_DUPLICATE_EXTENSION: {
    reason: { en: 'the same extension appears more than once', zh: '同一扩展项重复出现' },
    clause: 'RFC 5280 4.2', seenAt: UNSEEN,
  },
  OCSP_EXTENSIONS_EMPTY: {
    reason: { en: 'the sequence of extensions is empty', zh: '扩展项序列为空' },
    clause: 'RFC 5280 4.1', seenAt: UNSEEN,
  },
  OCSP_SERIAL_NOT_MINIMAL: {
    reason: { en: 'serial number with needless leading octets', zh: '序列号含有多余的前导字节' },
    clause: 'X.690 8.3.2', seenAt: UNSEEN,
  },
};
