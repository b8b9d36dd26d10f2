import type { Language } from './language.js';

/** Where a command writes, and how: passed in, so that tests read what people see. */
export interface Terminal {
  /** Results. With `--json`, exactly one JSON document. */
  out(text: string): void;
  /** Everything said on the way. */
  note(text: string): void;
  readonly colour: boolean;
  readonly width: number;
  readonly env: NodeJS.ProcessEnv;
  /** Resolves when the person or the system asks to stop. */
  stopped(): Promise<void>;
}

export interface OutputOptions {
  readonly json?: boolean;
  readonly lang?: string;
}

/** Terminals are read at 80 columns at most; wider lines tire the eye and break when pasted. */
export function processTerminal(): Terminal {
  // A reader that has seen enough, as `| head`, is no error.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    throw error;
  });
  return {
    out: (text) => process.stdout.write(text.endsWith('\n') ? text : `${text}\n`),
    note: (text) => process.stderr.write(text.endsWith('\n') ? text : `${text}\n`),
    colour: process.stdout.isTTY === true && process.env['NO_COLOR'] === undefined,
    width: Math.min(process.stdout.columns ?? 80, 80),
    env: process.env,
    stopped: () =>
      new Promise((resolve) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      }),
  };
}

export function say(lang: Language, zh: string, en: string): string {
  return lang === 'zh' ? zh : en;
}
