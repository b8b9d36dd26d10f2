import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, describe, expect, it } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'hefu-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const tool = fileURLToPath(new URL('../fuzz.mjs', import.meta.url));
const faulty = fileURLToPath(new URL('./fixtures/faulty-entries.mjs', import.meta.url));

/** Of each parser entry; HEFU_FUZZ_INPUTS for more, `npm run fuzz` for hours of them. */
const INPUTS = process.env.HEFU_FUZZ_INPUTS ?? '400';

function fuzz(...args: string[]): { status: number | null; out: string } {
  const run = spawnSync(process.execPath, [tool, ...args], { encoding: 'utf8' });
  return { status: run.status, out: run.stdout + run.stderr };
}

describe('fuzz', () => {
  it('finds nothing in a short run over every parser entry', async () => {
    // In one file: each entry has a thread of its own, and that would load hundreds of modules.
    const real = new URL('../fuzz-entries.mjs', import.meta.url);
    const entries = join(folder, 'entries.mjs');
    await build({ entryPoints: [fileURLToPath(real)], bundle: true, platform: 'node', format: 'esm', outfile: entries, define: { 'import.meta.url': JSON.stringify(real.href) }, logLevel: 'error' });
    const { status, out } = fuzz('--entries', entries, '--inputs', INPUTS, '--seed', '20261127');
    expect([status, out]).toEqual([0, expect.stringContaining(', 0 findings')]);
    expect(out).toMatch(/^parseCertificate +\d{3,} inputs {2}[1-9]/m);
    expect(out).toMatch(/^parseSignedData +\d{3,} inputs {2}[1-9]/m);
    expect(out).toMatch(/^validatePath +\d+ inputs {2}[1-9]/m);
    expect(out).toMatch(/^validatePath believing +\d+ inputs {2}[1-9]/m);
  });

  it('waits for answers, counts a refusal apart, and keeps the inputs of a form of its own in it', () => {
    const { status, out } = fuzz('--entries', faulty, '--entry', 'framed', '--inputs', '500', '--seed', '1');
    expect([status, out]).toEqual([0, expect.stringMatching(/^framed +500 inputs {2}250 accepted {2}0 crashes/m)]);
    const late = fuzz('--entries', faulty, '--entry', 'rejects', '--inputs', '500', '--seed', '1');
    expect([late.status, late.out]).toEqual([1, expect.stringContaining('crash: RangeError: planted, later')]);
  });

  it('passes an entry that only throws what it announces', () => {
    expect(fuzz('--entries', faulty, '--entry', 'sound', '--inputs', '500', '--seed', '1').status).toBe(0);
    expect(fuzz('--entries', faulty, '--entry', 'refuses', '--inputs', '500', '--seed', '1').status).toBe(0);
  });

  it.each([
    ['crashes', 'crash: RangeError: planted', '3000'],
    ['writes', 'crash: the entry changed its input', '20'],
    ['leaks', 'leak: ', '4000'],
    ['creeps', / MB more from the first third of \d+ windows to the last/, '75000'],
    ['slow', 'hang: 1', '12'],
    ['hangs', 'hang: over 3000 ms', '2'],
    // On a busy machine filling the heap takes longer than an input may.
    ['explodes', /crash: ERR_WORKER_OUT_OF_MEMORY|hang: over 3000 ms/, '12'],
  ] as const)('an entry that %s fails the run', (entry, finding, inputs) => {
    const { status, out } = fuzz('--entries', faulty, '--entry', entry, '--inputs', inputs, '--seed', '5');
    expect([status, out]).toEqual([1, typeof finding === 'string' ? expect.stringContaining(finding) : expect.stringMatching(finding)]);
  });

  it('replays a finding from its line', () => {
    const { out } = fuzz('--entries', faulty, '--entry', 'crashes', '--inputs', '3000', '--seed', '5');
    const [, line] = /replay (\S+)/.exec(out)!;
    const replay = fuzz('--entries', faulty, '--replay', line!);
    expect(replay.status).not.toBe(0);
    expect(replay.out).toMatch(/^ff[0-9a-f]*\n/);
    expect(replay.out).toContain('RangeError: planted');
  });

  it('refuses what it cannot read', () => {
    expect(fuzz('soon').status).toBe(3);
    expect(fuzz('--entries', faulty, '--entry', 'nothing').status).toBe(3);
    expect(fuzz('--colour', 'red').status).toBe(3);
  });
});
