import type { Bilingual } from '@hefu/verify';

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

/** A command that could not be carried out: wrong usage or input that cannot be read. Ends the process with code 3. */
export class CliError extends Error {
  override readonly name = 'CliError';
  readonly complaint: Complaint;
  constructor(complaint: Complaint, options?: { cause?: unknown }) {
    super(`${complaint.code}: ${complaint.message.en}`, options);
    this.complaint = complaint;
  }
}

/** A mistake in the arguments. */
export function usageError(zh: string, en: string, remedy?: Bilingual): CliError {
  return new CliError({ code: 'USAGE', message: { zh, en }, ...(remedy === undefined ? {} : { remedy }) });
}
