import type { Algorithms } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { conclude } from '../conclude.js';
import { makeReason } from '../reason.js';
import type { TimestampReport } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import type { FoundTimestamp } from './find-timestamps.js';

/** A time-stamp that is recognised and not looked into: said, and counted for nothing. */
export function unsupportedTimestamp({ kind, bytes }: FoundTimestamp, actual: string, subject: string, algorithms: Algorithms): TimestampReport {
  const { reasons, ...verdict } = conclude([makeReason('TIMESTAMP_UNSUPPORTED', { subject, actual })], 'archive');
  return {
    kind, ...verdict, reasons, sha256: hexOf(requiredSha256(algorithms).digest(bytes)), deviations: [], path: [], revocation: [],
    checks: [{ id: 'timestamp.format', outcome: 'indeterminate', subject, actual }], warnings: [],
  };
}
