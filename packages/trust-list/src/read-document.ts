import { readCrit, type MemberTree } from './crit.js';
import { TrustListError, type Problem } from './error.js';
import { readJson, type JsonValue } from './json.js';
import type { TrustListLimits } from './limits.js';
import { ProblemLog, type MemberReader } from './member-reader.js';

/**
 * Reads a payload with a reader that logs problems.
 * @throws TrustListError what {@link readJson} throws; with every problem found in `problems` when there are any
 */
export function readDocument<T>(payload: Uint8Array, limits: TrustListLimits, read: (value: JsonValue, log: ProblemLog) => T): T {
  const log = new ProblemLog(limits.maxProblems);
  const content = read(readJson(payload, limits), log);
  if (log.problems.length > 0) throw documentError(log.problems);
  return content;
}

/** `type`, `spec` and `crit`: whether this reader is the right one. */
export function readPreamble(reader: MemberReader, type: string, members: MemberTree): void {
  reader.oneOf('type', [type]);
  const spec = reader.text('spec', { max: 20, pattern: /^\d+\.\d+$/, what: 'a version such as 1.0' });
  if (spec !== '' && !spec.startsWith('1.')) reader.fail('spec', `is ${spec}; this reader knows 1.x`, 'TL_UNSUPPORTED_FEATURE');
  const notUnderstood = readCrit(reader, members);
  if (notUnderstood !== undefined) reader.fail('crit', `names ${notUnderstood}, which this reader does not understand`, 'TL_UNSUPPORTED_FEATURE');
}

/** `issued` and the member that ends the document's life. */
export function readLifetime(reader: MemberReader, end: 'nextUpdate' | 'expires'): { readonly issued: number; readonly until: number } {
  const issued = reader.instant('issued');
  const until = reader.instant(end);
  if (until <= issued && reader.get('issued') !== undefined && reader.get(end) !== undefined) reader.fail(end, 'is not later than issued', 'TL_TIME_INVALID');
  return { issued, until };
}

/** A newer format explains every other problem; a document with problems of one kind only says just that. */
function documentError(problems: readonly Problem[]): TrustListError {
  const codes = new Set(problems.map((problem) => problem.code));
  const [only] = codes;
  const code = codes.has('TL_UNSUPPORTED_FEATURE') ? 'TL_UNSUPPORTED_FEATURE' : codes.size === 1 ? only! : 'TL_SCHEMA_INVALID';
  const first = problems[0]!;
  return new TrustListError(code, `${first.path} ${first.message}${problems.length > 1 ? ` (and ${problems.length - 1} more)` : ''}`, { problems });
}
