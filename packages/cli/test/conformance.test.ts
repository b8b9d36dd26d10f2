import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { conformanceMain } from '../src/commands/conformance.js';
import type { Run } from './support.js';

const bin = fileURLToPath(new URL('../dist/conformance-bin.js', import.meta.url));
const subject = fileURLToPath(new URL('conformance-subject.mjs', import.meta.url));
/** As a process of its own, and, since loading it takes longer than most of what it does, in this one. */
const spawned = (args: readonly string[]) => spawnSync('node', [bin, ...args], { encoding: 'utf8', env: { ...process.env, LANG: 'en' } });
async function run(args: readonly string[]): Promise<Run> {
  let [out, err] = ['', ''];
  const code = await conformanceMain(args, {
    out: (text) => void (out += `${text}\n`), note: (text) => void (err += `${text}\n`), colour: false, width: 80, env: { LANG: 'en' }, self: 'hefu', stopped: () => Promise.resolve(),
  });
  return { code, out, err };
}
afterEach(() => void vi.unstubAllEnvs());

describe('hefu-adapter-conformance', () => {
  it('passes an adapter that conforms, reports one JSON document, and says what was not tried and why', () => {
    const { status, stdout, stderr } = spawned([subject, '--level', 'L4', '--json']);
    const report = JSON.parse(stdout) as { rows: { id: string; outcome: string; problem?: string }[]; skipped: number };
    expect(status, stderr).toBe(0);
    // A key in memory has no provider whose faults could be shown: level 4 is not claimed.
    expect(report).toMatchObject({ type: 'hefu-adapter-conformance', version: 1, adapter: { id: 'soft', kind: 'soft' }, level: 'L3', failed: 0 });
    expect(report.rows.every(({ id }) => /^L[0-4]\./.test(id))).toBe(true);
    const untried = report.rows.filter(({ outcome }) => outcome === 'skipped');
    expect(untried.map(({ id }) => id)).toContain('L4.lost-answer');
    expect(untried).toHaveLength(report.skipped);
    for (const { id, problem = '' } of untried) expect(stderr).toMatch(new RegExp(`– ${id} .*: ${problem}`));
    expect(stderr).toContain('✓ L0.info');
  });
  it('ends as what it found says', () => {
    const { status, stdout } = spawned(['--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'USAGE' } });
  });
  it('fails one that does not', async () => {
    vi.stubEnv('HEFU_BROKEN', '1');
    const { code, out } = await run([subject, '--level', 'L0']);
    expect(code).toBe(1);
    expect(out).toContain('no level');
  });
  it.each([
    [[], 'USAGE'], [[subject, '--level', 'L9'], 'USAGE'], [['no-such-module.mjs'], 'USAGE'], [[fileURLToPath(import.meta.url).replace('conformance.test.ts', 'missing.mjs')], 'USAGE'],
  ])('ends with 3 for %j', async (args, error) => {
    const { code, out } = await run([...args, '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toMatchObject({ error: { code: error } });
  });
});
