import type { DeviationReason } from '../deviations.js';

/** Ids of what seal reading tolerates and records. What is not in this table is refused. */
export type SesDeviationId = 'SES_OCTET_STRING_FOR_BITS' | 'SES_VERSION_MISMATCH' | 'SES_TIME_TYPE' | 'SES_EXTENSIONS_UNTAGGED' | 'SES_STRING_TYPE' | 'SES_DEFAULT_ENCODED' | 'SES_HEADER_ID';

const MAKERS = 'seal makers; tolerated by the public reader of OFD documents';

export const SES_DEVIATIONS: Readonly<Record<SesDeviationId, DeviationReason>> = {
  SES_OCTET_STRING_FOR_BITS: {
    reason: { en: 'a value that is a BIT STRING by the standard is an OCTET STRING', zh: '标准规定为 BIT STRING 的值被编码为 OCTET STRING' },
    clause: 'GM/T 0031-2014 6; GB/T 38540-2020 7.2', seenAt: MAKERS,
  },
  SES_VERSION_MISMATCH: {
    reason: { en: 'the stated version is not that of the structure', zh: '所写版本号与实际结构不符' },
    clause: 'GM/T 0031-2014 5.2; GB/T 38540-2020 6.1.2', seenAt: MAKERS,
  },
  SES_TIME_TYPE: {
    reason: { en: 'a date is of the other of the two time types', zh: '日期使用了另一种时间类型' },
    clause: 'GM/T 0031-2014 5.2.3; GB/T 38540-2020 6.1.3', seenAt: MAKERS,
  },
  SES_EXTENSIONS_UNTAGGED: {
    reason: { en: 'the extension data carry no [0]', zh: '自定义数据未加 [0] 标签' },
    clause: 'GB/T 38540-2020 6.1.5', seenAt: 'seals of GM/T 0031-2014',
  },
  SES_STRING_TYPE: {
    reason: { en: 'a text is of another string type', zh: '文本使用了其他字符串类型' },
    clause: 'GM/T 0031-2014 5.2; GB/T 38540-2020 6.1', seenAt: MAKERS,
  },
  SES_DEFAULT_ENCODED: {
    reason: { en: 'a default value is written out', zh: '缺省值被显式编码' },
    clause: 'X.690 11.5', seenAt: MAKERS,
  },
  SES_HEADER_ID: {
    reason: { en: 'the header does not begin with ES', zh: '头标识不是 ES' },
    clause: 'GB/T 38540-2020 6.1.2', seenAt: 'not seen; read so that it can be named',
  },
};
