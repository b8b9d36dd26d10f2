import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startSandbox, writeWorld, type Scenario, type ServedWorld } from '@hefu/sandbox';
import { main } from '../src/main.js';
import type { Terminal } from '../src/terminal.js';

/** The built program, for tests of the process itself. */
export const BIN = fileURLToPath(new URL('../dist/bin.js', import.meta.url));

/** The world's present, and the `--at` of commands in it. */
export const PRESENT = Date.UTC(2026, 10, 2, 1, 30);
export const AT = '2026-11-02T09:30:00+08:00';

export interface Run {
  readonly code: number;
  /** Standard output. */
  readonly out: string;
  /** Standard error. */
  readonly err: string;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly width?: number;
  readonly stopped?: () => Promise<void>;
  /** The person at the terminal; nobody by default. */
  readonly ask?: NonNullable<Terminal['ask']>;
  /** Told of each piece of standard output as it comes. */
  readonly onOut?: (text: string) => void;
}

/** Runs a command as `bin.ts` does, on a terminal that keeps what it is told. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Run> {
  let out = '';
  let err = '';
  const line = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
  const terminal: Terminal = {
    out: (text) => {
      out += line(text);
      options.onOut?.(text);
    },
    note: (text) => {
      err += line(text);
    },
    colour: false,
    width: options.width ?? 80,
    env: options.env ?? {},
    self: 'hefu',
    ...(options.ask !== undefined && { ask: options.ask }),
    stopped: options.stopped ?? (() => Promise.resolve()),
  };
  const code = await main(args, terminal);
  return { code, out, err };
}

// All commands are loaded here, where no test's time runs: on a busy machine that alone can take a minute.
await run(['--help']);

/** A world that is served and also lies in a folder. */
export interface WrittenWorld {
  readonly served: ServedWorld;
  /** A folder for a test's own files; the world is in `world` beneath it. */
  readonly parent: string;
  /** Absolute path of a file of the world. */
  file(...path: readonly string[]): string;
  story(id: string): Scenario;
  /** Arguments that verify a scenario, with the options of its context. */
  verifyArgs(id: string, more?: readonly string[]): readonly string[];
  close(): Promise<void>;
}

/** @param at the world's present, and the `--at` of its arguments */
export async function writtenWorld(seed: string, at: number = PRESENT): Promise<WrittenWorld> {
  const served = await startSandbox({ seed, at });
  const parent = await mkdtemp(join(tmpdir(), 'hefu-cli-'));
  const folder = join(parent, 'world');
  await writeWorld(served.world, folder);
  const file = (...path: readonly string[]): string => join(folder, ...path);
  const story = (id: string): Scenario => {
    const found = served.world.scenarios.find((one) => one.id === id);
    if (found === undefined) throw new Error(`no scenario ${id}`);
    return found;
  };
  return {
    served,
    parent,
    file,
    story,
    verifyArgs(id, more = []) {
      const { lists, context } = story(id);
      return [
        'verify', file('scenario', id, 'bid.txt'), file('scenario', id, 'bid.p7s'),
        '--list', file('list', `${lists.at(-1)!.name}.json`), '--signers', file('list', 'role.json'),
        '--region', context.region, '--transaction', context.transaction, '--at', new Date(served.world.at).toISOString(), ...more,
      ];
    },
    async close() {
      await served.close();
      await rm(parent, { recursive: true, force: true });
    },
  };
}
