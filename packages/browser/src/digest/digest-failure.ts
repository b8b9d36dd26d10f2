import { ChangedFile } from './digest-job.js';
import type { DigestFailure } from './worker-messages.js';

/** Names that File API §6 gives to a file that can no longer be read as it was chosen. */
const READ_FAILURES: ReadonlySet<string> = new Set(['NotReadableError', 'NotFoundError', 'SecurityError']);

/** @param readBefore whether some of the file was read: what cannot be read afterwards has changed */
export function digestFailure(error: unknown, readBefore: boolean): DigestFailure {
  const { name, message } = error instanceof Error ? error : { name: typeof error, message: String(error) };
  if (error instanceof ChangedFile) return { kind: 'changed', name, message };
  if (READ_FAILURES.has(name)) return { kind: readBefore ? 'changed' : 'unreadable', name, message };
  return { kind: 'other', name, message };
}
