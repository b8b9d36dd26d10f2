import type { EvidenceGap } from '@hefu/verify';
import { UpdaterError, type UpdaterErrorCode } from './error.js';

const GAP_OF: Readonly<Record<UpdaterErrorCode, EvidenceGap['code']>> = {
  URL_INVALID: 'FETCH_REFUSED',
  URL_TOO_LONG: 'FETCH_REFUSED',
  SCHEME_REFUSED: 'FETCH_REFUSED',
  USERINFO_REFUSED: 'FETCH_REFUSED',
  HOST_REFUSED: 'FETCH_REFUSED',
  ADDRESS_REFUSED: 'FETCH_REFUSED',
  CORS_REFUSED: 'FETCH_REFUSED',
  MIXED_CONTENT: 'FETCH_REFUSED',
  PORT_REFUSED: 'FETCH_REFUSED',
  CONNECT_FAILED: 'FETCH_FAILED',
  FETCH_FAILED: 'FETCH_FAILED',
  HTTP_STATUS: 'FETCH_FAILED',
  REDIRECT_LOOP: 'FETCH_FAILED',
  REDIRECTS_EXCEEDED: 'FETCH_FAILED',
  ENCODING_REFUSED: 'FETCH_FAILED',
  TRUNCATED: 'FETCH_FAILED',
  TOO_LARGE: 'TOO_LARGE',
  TIMEOUT: 'TIMEOUT',
  NOT_PARSED: 'NOT_PARSED',
  NOT_ACCEPTED: 'NOT_PARSED',
  LIMIT: 'LIMIT',
  ABORTED: 'FETCH_FAILED',
  TIMESTAMP_REJECTED: 'FETCH_FAILED',
  TIMESTAMP_MISMATCH: 'NOT_PARSED',
  TIMESTAMP_UNAVAILABLE: 'FETCH_FAILED',
  IO_FAILED: 'FETCH_FAILED',
};

/** A failure as a gap: its `detail` opens with the updater's finer code, then says what happened. */
export function gapOf(url: string, error: unknown, kind: 'crl' | 'ocsp' = 'crl'): EvidenceGap {
  const known = error instanceof UpdaterError ? error : new UpdaterError('FETCH_FAILED', error instanceof Error ? error.message : 'unknown failure');
  return { code: GAP_OF[known.code], what: `${kind} ${printable(url, 200)}`, detail: printable(`${known.code}: ${known.message}`, 300) };
}

/** Text from a certificate or a server made fit for a log line: one line, bounded. */
function printable(text: string, max: number): string {
  const clean = text.replace(/[\p{Cc}\u2028\u2029]/gu, '\ufffd');
  return clean.length > max ? `${clean.slice(0, max)}…` : clean;
}
