/** A command that could not be carried out: wrong usage or input that cannot be read. Ends the process with code 3. */
export type CliErrorCode = 'USAGE' | 'INPUT';

export class CliError extends Error {
  override readonly name = 'CliError';
  readonly code: CliErrorCode;
  constructor(code: CliErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}
