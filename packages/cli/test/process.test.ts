import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundledBin } from './bundled-bin.js';
import { BIN, writtenWorld, type WrittenWorld } from './support.js';

const built = existsSync(BIN);
if (!built) console.warn('SKIPPED: the hefu process: packages/cli is not built (tsc -b)');

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
}

function start(command: string, args: readonly string[]): { readonly child: ReturnType<typeof spawn>; readonly ended: Promise<Ended>; readonly said: Promise<string> } {
  const child = spawn(command, args, { env: { PATH: process.env['PATH'], LANG: 'C' }, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  let heard = (_text: string): void => undefined;
  const said = new Promise<string>((resolve) => {
    heard = resolve;
  });
  child.stdout!.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    heard(text);
  });
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = new Promise<Ended>((resolve, reject) => child.on('error', reject).on('close', (code, signal) => resolve({ code, signal, out, err })));
  return { child, ended, said };
}

let bin: string;
const hefu = (args: readonly string[], program = bin): Promise<Ended> => start(process.execPath, [program, ...args]).ended;
/** Runs in bash, with the exit code of the first command of the pipe. */
const piped = (args: readonly string[], into: string): Promise<Ended> =>
  start('bash', ['-c', `"$@" | ${into}; exit \${PIPESTATUS[0]}`, 'bash', process.execPath, bin, ...args]).ended;

describe.skipIf(!built)('the process', () => {
  let world: WrittenWorld;
  beforeAll(async () => {
    [world, bin] = await Promise.all([writtenWorld('cli-process'), bundledBin()]);
  });
  afterAll(() => world?.close());

  it('exits with the verdict', async () => {
    for (const [id, code, program] of [['accepted-420100', 0, BIN], ['tampered', 1], ['frozen', 2]] as const) {
      const ended = await hefu(world.verifyArgs(id, ['--json']), program);
      expect(ended).toMatchObject({ code, err: '' });
      expect(() => JSON.parse(ended.out)).not.toThrow();
    }
  });

  it('exits with 3 and no stack for what it cannot read', async () => {
    for (const args of [[], ['nothing'], ['cert', '/nowhere'], ['cert', BIN], world.verifyArgs('accepted-420100', ['--policy', '/nowhere'])]) {
      const ended = await hefu(args);
      expect(ended).toMatchObject({ code: 3, out: '' });
      expect(ended.err).not.toMatch(/\n\s+at /);
    }
  });

  it('keeps its verdict when the reader leaves early', async () => {
    // More than a pipe holds would be needed to be cut off for certain; `true` leaves before anything is written.
    for (const into of ['head -1', 'true']) {
      const ended = await piped(world.verifyArgs('tampered', ['--full']), into);
      expect(ended).toMatchObject({ code: 1, err: '' });
    }
    expect(await piped(['demo'], 'head -2')).toMatchObject({ code: 0, err: '' });
  });

  it.each(['SIGINT', 'SIGTERM'] as const)('sandbox ends cleanly on %s', async (signal) => {
    const running = start(process.execPath, [bin, 'sandbox', '--out', join(world.parent, `stopped-${signal}`), '--port', '0', '--json']);
    const { baseUrl, list } = JSON.parse(await running.said) as { baseUrl: string; list: string };
    expect((await fetch(`${baseUrl}/list/role.json`)).status).toBe(200);
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code: 0, signal: null, err: '' });
    expect(existsSync(list)).toBe(true);
  });
});
