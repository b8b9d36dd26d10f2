import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../dist/conformance-bin.js', import.meta.url));
const subject = fileURLToPath(new URL('conformance-subject.mjs', import.meta.url));
const run = (args: readonly string[], env: NodeJS.ProcessEnv = {}) => spawnSync('node', [bin, ...args], { encoding: 'utf8', env: { ...process.env, LANG: 'en', ...env } });

describe('hefu-adapter-conformance', () => {
  it('passes an adapter that conforms, reports one JSON document, and says what was not tried and why', () => {
    const { status, stdout, stderr } = run([subject, '--level', 'L4', '--json']);
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
  it('fails one that does not', () => {
    const { status, stdout } = run([subject, '--level', 'L0'], { HEFU_BROKEN: '1' });
    expect(status).toBe(1);
    expect(stdout).toContain('no level');
  });
  it.each([
    [[], 'USAGE'], [[subject, '--level', 'L9'], 'USAGE'], [['no-such-module.mjs'], 'USAGE'], [[fileURLToPath(import.meta.url).replace('conformance.test.ts', 'missing.mjs')], 'USAGE'],
  ])('ends with 3 for %j', (args, code) => {
    const { status, stdout } = run([...args, '--json']);
    expect(status).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code } });
  });
});
