import { codeOf } from './error-code.js';
import { CliError } from './error.js';

/** Runs a step whose failure is the input's, and says so in one sentence. */
export async function input<T>(what: string, step: () => Promise<T> | T): Promise<T> {
  try {
    return await step();
  } catch (cause) {
    if (codeOf(cause) === undefined) throw cause;
    throw new CliError('INPUT', `${what}: ${cause instanceof Error ? cause.message : String(cause)} [${codeOf(cause)}]`, { cause });
  }
}

/** `--at`: an ISO 8601 instant with a zone. @throws CliError USAGE */
export function instant(text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  if (Number.isNaN(at)) throw new CliError('USAGE', `${JSON.stringify(text)} is not an instant like 2026-11-21T09:30:00+08:00`);
  return at;
}
