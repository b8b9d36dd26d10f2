import { judgeMessage, type DiagnoseSigner, type JudgeInput } from './judge-message.js';
import type { Report } from './report.js';

/**
 * As `judge`, with the search for what went wrong brought along: for pages, which load `diagnoseSigner` only where a signature has
 * failed. With that very function the report is the same.
 * @throws as `judge`, and what `diagnose` throws
 */
export async function judgeWith(input: JudgeInput, diagnose: DiagnoseSigner): Promise<Report> {
  return (await judgeMessage(input, { diagnose })).report;
}
