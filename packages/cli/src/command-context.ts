import type { Language } from './language.js';
import type { Terminal } from './terminal.js';

/** What a command is given. */
export interface CommandContext {
  readonly terminal: Terminal;
  readonly lang: Language;
  /** Standard output is one JSON document. */
  readonly json: boolean;
  /** Says what the process ends with. */
  done(exitCode: number): void;
}
