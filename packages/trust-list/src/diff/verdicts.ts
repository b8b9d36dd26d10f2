import { isObject } from '../member-reader.js';
import type { JsonValue } from '../json.js';
import type { Bilingual } from '../refusal.js';

/** What came of judging something: the parts of a report that say whether it counts. */
export interface Verdict {
  readonly conclusion: 'passed' | 'failed' | 'indeterminate';
  readonly code: string;
}

/** One thing judged twice. */
export interface VerdictRow {
  readonly id: string;
  readonly outcome: 'same' | 'gained' | 'lost' | 'changed' | 'unreadable' | 'not-judged';
  readonly before?: Verdict;
  readonly after?: Verdict;
  /** Code of what went wrong, for `unreadable` and `not-judged`. */
  readonly problem?: string;
  readonly sentence: Bilingual;
}

export interface VerdictChanges {
  readonly rows: readonly VerdictRow[];
  readonly counts: Readonly<Record<VerdictRow['outcome'], number>>;
}

export interface VerdictOptions {
  readonly signal?: AbortSignal;
  /** After each row. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Which samples a list judges otherwise than the list before. The judge is the caller's: this room knows no
 * certificates' verdicts.
 * @throws what `signal` is aborted with
 */
export async function compareVerdicts<S extends { readonly id: string }, L>(
  samples: readonly S[],
  before: L,
  after: L,
  verdictOf: (sample: S, list: L) => Verdict | Promise<Verdict>,
  options: VerdictOptions = {},
): Promise<VerdictChanges> {
  return judged(samples, async (sample) => {
    const [old, now] = [await attempt(() => verdictOf(sample, before)), await attempt(() => verdictOf(sample, after))];
    return rowOf(sample.id, old, now);
  }, options);
}

/** A report from an archive, as JSON was read. */
export interface ArchivedReport {
  /** By which the archive finds it. */
  readonly id: string;
  readonly report: JsonValue;
}

/**
 * What would change if: which archived reports come out otherwise when judged again under a list that is only
 * thought of. Reports that cannot be read or judged again are rows too, never left out: an answer to "who is
 * affected" must not be short of the ones it could not answer for.
 * @param rejudge judges what the report was about again, its evidence and times as archived
 * @throws what `signal` is aborted with
 */
export async function impactOf(reports: readonly ArchivedReport[], rejudge: (archived: ArchivedReport) => Verdict | Promise<Verdict>, options: VerdictOptions = {}): Promise<VerdictChanges> {
  return judged(reports, async (archived) => {
    const old = verdictIn(archived.report);
    if (old === undefined) return row(archived.id, 'unreadable', { problem: 'NOT_A_REPORT' });
    return rowOf(archived.id, old, await attempt(() => rejudge(archived)));
  }, options);
}

/** Whether a report rests on a service, by the trust decisions it states: for choosing what to judge again. */
export function reportCites(report: JsonValue, serviceId: string): boolean {
  const signers = isObject(report) && Array.isArray(report['signers']) ? (report['signers'] as readonly JsonValue[]) : [];
  return signers.some((signer) => {
    const decision = isObject(signer) ? signer['trustDecision'] : undefined;
    return decision !== undefined && isObject(decision) && decision['serviceId'] === serviceId;
  });
}

async function judged<T>(items: readonly T[], judge: (item: T) => Promise<VerdictRow>, { signal, onProgress }: VerdictOptions): Promise<VerdictChanges> {
  const rows: VerdictRow[] = [];
  for (const item of items) {
    signal?.throwIfAborted();
    const judgedRow = await judge(item);
    signal?.throwIfAborted();
    rows.push(judgedRow);
    onProgress?.(rows.length, items.length);
  }
  const count = (outcome: VerdictRow['outcome']): number => rows.filter((each) => each.outcome === outcome).length;
  return { rows, counts: { lost: count('lost'), gained: count('gained'), changed: count('changed'), same: count('same'), unreadable: count('unreadable'), 'not-judged': count('not-judged') } };
}

/** The verdict, or the code of the error that came instead. */
async function attempt(judge: () => Verdict | Promise<Verdict>): Promise<Verdict | string> {
  try {
    return await judge();
  } catch (error) {
    const code = (error as { readonly code?: unknown } | undefined)?.code;
    return typeof code === 'string' ? code : error instanceof Error ? error.name : 'UNKNOWN';
  }
}

function rowOf(id: string, before: Verdict | string, after: Verdict | string): VerdictRow {
  const problem = typeof before === 'string' ? before : typeof after === 'string' ? after : undefined;
  const held = { ...(typeof before !== 'string' && { before }), ...(typeof after !== 'string' && { after }) };
  if (problem !== undefined) return row(id, 'not-judged', { ...held, problem });
  const [old, now] = [before as Verdict, after as Verdict];
  const [was, is] = [old.conclusion === 'passed', now.conclusion === 'passed'];
  return row(id, was && !is ? 'lost' : !was && is ? 'gained' : old.conclusion === now.conclusion && old.code === now.code ? 'same' : 'changed', held);
}

const OUTCOMES: Readonly<Record<VerdictRow['outcome'], Bilingual>> = {
  lost: { zh: '不再通过', en: 'no longer passes' },
  gained: { zh: '转为通过', en: 'now passes' },
  changed: { zh: '原因改变', en: 'fails for another reason' },
  same: { zh: '结论不变', en: 'comes out the same' },
  unreadable: { zh: '不是可读的报告，须人工核对', en: 'is no readable report: look at it by hand' },
  'not-judged': { zh: '无法重新验证，须人工核对', en: 'could not be judged: look at it by hand' },
};

function row(id: string, outcome: VerdictRow['outcome'], more: Pick<VerdictRow, 'before' | 'after' | 'problem'>): VerdictRow {
  const { before, after, problem } = more;
  const words = (verdict: Verdict | undefined): string => (verdict === undefined ? '?' : `${verdict.conclusion} ${verdict.code}`);
  const tail = problem ?? (outcome === 'same' ? words(after) : `${words(before)} → ${words(after)}`);
  return { id, outcome, ...more, sentence: { zh: `${id} ${OUTCOMES[outcome].zh}（${tail}）。`, en: `${id} ${OUTCOMES[outcome].en} (${tail}).` } };
}

/** Of a report of the verify room (`type: "hefu-report"`). */
function verdictIn(report: JsonValue): Verdict | undefined {
  if (!isObject(report) || report['type'] !== 'hefu-report' || report['version'] !== 1) return undefined;
  const { conclusion, code } = report;
  return (conclusion === 'passed' || conclusion === 'failed' || conclusion === 'indeterminate') && typeof code === 'string' ? { conclusion, code } : undefined;
}
