import { basename, relative } from 'node:path';
import { isatty } from 'node:tty';

/** Where a command writes, and how: passed in, so that tests read what people see. */
export interface Terminal {
  /** Results. With `--json`, exactly one JSON document. A line end is added where there is none. */
  out(text: string): void;
  /** Everything said on the way. */
  note(text: string): void;
  readonly colour: boolean;
  /** Columns, 40 to 80. */
  readonly width: number;
  readonly env: NodeJS.ProcessEnv;
  /** How this program is called, for commands shown to be copied. */
  readonly self: string;
  /** Asks the person there is and gives the line typed; absent when nobody is there. `secret`: it is not shown. */
  readonly ask?: (question: string, options?: { readonly secret?: boolean }) => Promise<string>;
  /** Resolves when the person or the system asks to stop. */
  stopped(): Promise<void>;
}

/** Lines wider than 80 columns tire the eye and break when pasted; below 40 nothing can be laid out. */
const MAX_WIDTH = 80;
const MIN_WIDTH = 40;

/** Its streams are opened when they are first used: each takes Node.js longer than reading the arguments does. */
export function processTerminal(): Terminal {
  return {
    out: writerTo(() => process.stdout),
    note: writerTo(() => process.stderr),
    colour: process.stdout.isTTY === true && (process.env['NO_COLOR'] ?? '') === '',
    // Some terminals say they have no columns at all.
    width: Math.max(MIN_WIDTH, Math.min(process.stdout.columns || MAX_WIDTH, MAX_WIDTH)),
    env: withLocale(process.env),
    self: selfOf(process.argv[1]),
    ...(isatty(0) && { ask: async (question, options) => (await import('./ask.js')).askOnTerminal(question, options) }),
    stopped: () =>
      new Promise((resolve) => {
        process.once('SIGINT', () => resolve());
        process.once('SIGTERM', () => resolve());
      }),
  };
}

/**
 * Where no locale is set, as on Windows, the system's own language counts. Plural rules know it as dates and numbers do, which cost a third of
 * starting Node.js: a date format looks for the time zone in all there are.
 */
function withLocale(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const isKnown = env['LANG'] !== undefined || Boolean(env['LC_ALL'] || env['LC_MESSAGES']);
  return isKnown ? env : { ...env, LANG: new Intl.PluralRules().resolvedOptions().locale };
}

/**
 * A reader that has seen enough, as `| head`, is no error. The command runs to its end all the same: leaving here
 * would turn a failed verdict into exit code 0.
 */
function writerTo(open: () => NodeJS.WriteStream): (text: string) => void {
  let stream: NodeJS.WriteStream | undefined;
  let gone = false;
  const opened = (): NodeJS.WriteStream => open().on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    gone = true;
  });
  return (text) => {
    stream ??= opened();
    if (!gone) stream.write(text.endsWith('\n') ? text : `${text}\n`);
  };
}

/** `hefu` when installed, else the script as it can be typed here. */
function selfOf(script: string | undefined): string {
  if (script === undefined || !basename(script).endsWith('.js')) return 'hefu';
  const near = relative(process.cwd(), script);
  return `node ${near.startsWith('..') ? script : near}`;
}
