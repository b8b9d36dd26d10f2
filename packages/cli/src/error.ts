import type { Bilingual } from '@hefu/verify';
import { ExitCode } from './exit-code.js';

/** What a person is told when a command could not be carried out. */
export interface Complaint {
  /** Stable; that of the room it comes from where there is one. */
  readonly code: string;
  readonly message: Bilingual;
  readonly remedy?: Bilingual;
  /** What a mistaken input looks like: `crl`, `signed-data`, `private-key`, a PEM label… */
  readonly detected?: string;
  /** Further facts, one a line, in English. */
  readonly details?: readonly string[];
}

/** A command that was not carried out. Ends the process with 3, for wrong usage or input that cannot be read, or with 1 when it was refused. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly complaint: Complaint;
  readonly exitCode: number;
  constructor(complaint: Complaint, options: { readonly cause?: unknown; readonly exitCode?: number } = {}) {
    super(`${complaint.code}: ${complaint.message.en}`, options.cause === undefined ? undefined : { cause: options.cause });
    this.complaint = complaint;
    this.exitCode = options.exitCode ?? ExitCode.usage;
  }
}

/** A mistake in the arguments. */
export function usageError(zh: string, en: string, remedy?: Bilingual): CliError {
  return new CliError({ code: 'USAGE', message: { zh, en }, ...(remedy === undefined ? {} : { remedy }) });
}
