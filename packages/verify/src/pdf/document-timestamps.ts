import type { readContext } from '../context.js';
import { createSpending, DEFAULT_BUDGET } from '../path/budget.js';
import { sourcesOf } from '../process/place-in-time.js';
import type { DocumentTimestamp } from '../process/surroundings.js';
import { readable } from '../readable.js';
import { requiredSha256 } from '../required-digest.js';
import { insideToken, type CoveredOctets } from '../time/covered.js';
import { Proofs } from '../time/proofs.js';
import type { JudgeTimestampInput } from '../timestamp/judge-timestamp.js';
import { judgeTimestamp } from '../verdicts-in-words.js';
import type { ExaminedField } from './examine-field.js';
import { storedOctets } from './security-store.js';

export interface DocumentTimestampsInput extends Pick<JudgeTimestampInput, 'evidence' | 'trustList' | 'policy' | 'algorithms' | 'at' | 'caches'> {
  readonly context: ReturnType<typeof readContext>;
  readonly budget?: JudgeTimestampInput['budget'];
}

/** Whether all of an earlier revision is within what a time-stamp covers. */
export function covers(stamp: ExaminedField, earlier: ExaminedField): boolean {
  // The part before its own value: nothing of an earlier revision lies behind that.
  return earlier !== stamp && earlier.end <= stamp.range[1];
}

/**
 * Judges the time-stamps over a document, newest first (EN 319 142-1 §5.4.3, EN 319 102-1 §5.6.3): one that holds proves since
 * when the time-stamps before it and the security store of its revision have existed, before those are judged.
 * @returns in the order of their revisions
 */
export async function judgeDocumentTimestamps(input: DocumentTimestampsInput, stamps: readonly ExaminedField[]): Promise<ReadonlyMap<ExaminedField, DocumentTimestamp>> {
  const { algorithms, policy, context, budget = DEFAULT_BUDGET } = input;
  const proofs = new Proofs(requiredSha256(algorithms));
  const past = sourcesOf(policy, context.scene).includes('evidence');
  const spending = createSpending();
  const oldestFirst = [...stamps].sort((a, b) => a.end - b.end);
  const judged = new Map<ExaminedField, DocumentTimestamp>();
  for (const stamp of [...oldestFirst].reverse()) {
    const by = `document time-stamp ${stamp.common.field}`;
    const { report, time, accuracy } = await judgeTimestamp({ ...input, candidateCertificates: [], proofs, past, budget, spending, kind: 'archive', token: stamp.contents, octets: stamp.content, subject: 'time-stamp' });
    const covered: CoveredOctets[] = [...storedOctets(stamp.store), ...stamps.filter((other) => covers(stamp, other)).flatMap(({ contents }) => readable(() => insideToken(contents)).flat())];
    if (time !== undefined) for (const { what, octets } of covered) proofs.add(what, octets, time, by);
    judged.set(stamp, { report, by, covers: covered, ...(time === undefined ? {} : { valid: { kind: 'archive', time, accuracy } }) });
  }
  return new Map(oldestFirst.map((stamp) => [stamp, judged.get(stamp)!]));
}
