import type { DeviationReason } from '../deviations.js';

/** Ids of what time-stamp reading tolerates and records. What is not in this table is refused. */
export type TspDeviationId = 'TSP_IMPRINT_BARE_OID' | 'TSP_DEFAULT_ENCODED';

export const TSP_DEVIATIONS: Readonly<Record<TspDeviationId, DeviationReason>> = {
  TSP_IMPRINT_BARE_OID: {
    reason: { en: 'the hash algorithm of the imprint is an OID without its AlgorithmIdentifier', zh: '时间戳摘要算法直接写为 OID，未按 AlgorithmIdentifier 编码' },
    clause: 'RFC 3161 2.4.1', seenAt: 'a time-stamp authority of a northern regional CA',
  },
  TSP_DEFAULT_ENCODED: {
    reason: { en: 'a default value is written out', zh: '缺省值被显式编码' },
    clause: 'X.690 11.5', seenAt: 'older time-stamp servers write ordering FALSE',
  },
};
