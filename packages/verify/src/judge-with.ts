import { judgeMessage, type JudgeInput, type JudgeMeans } from './judge-message.js';
import { needsWords } from './reason.js';
import type { Report } from './report.js';

/** What `judge` needs only sometimes. */
export interface JudgeParts extends Omit<JudgeMeans, 'surroundings'> {
  /** For a report that has something to say; `inWords` is the one there is. */
  readonly inWords: (report: Report) => Report | Promise<Report>;
}

/**
 * As `judge`, with those parts brought along that most verdicts do without: for pages, which load each when it is asked for.
 * With the functions of this room for parts the report is the same.
 * @throws as `judge`, and what a part throws
 */
export async function judgeWith(input: JudgeInput, { inWords, ...means }: JudgeParts): Promise<Report> {
  const { report } = await judgeMessage(input, means);
  return needsWords(report) ? inWords(report) : report;
}
