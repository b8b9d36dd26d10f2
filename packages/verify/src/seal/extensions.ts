import type { SealExtension } from '@hefu/pki';
import { makeReason } from '../remedies.js';
import type { Reason } from '../report.js';

/** Critical extension data that the caller does not know may change what everything else means (GB/T 38540-2020 §6.1.5). */
export function unknownExtensions(subject: 'seal' | 'signature', extensions: readonly SealExtension[], known: readonly string[] = []): Reason[] {
  return extensions.filter(({ critical, oid }) => critical && !known.includes(oid)).map(({ oid }) => makeReason('SEAL_EXTENSION_UNKNOWN', { subject, actual: oid }));
}
