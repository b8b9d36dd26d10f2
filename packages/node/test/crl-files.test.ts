import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, symlink, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodePem } from '@hefu/pki';
import type { Report } from '@hefu/verify';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Scenario, World } from '../../sandbox/src/index.js';
import { createVerifier, type CreateVerifierOptions, type Verifier } from '../src/create-verifier.js';
import { watchCrlFiles, type CrlFiles } from '../src/crl-files.js';
import { DEFAULT_NODE_LIMITS, type NodeLimits } from '../src/limits.js';

// The sandbox stands beside this package, not beneath it, so it is reached by path.
const SANDBOX = new URL('../../sandbox/dist/index.js', import.meta.url);
const built = existsSync(SANDBOX);
if (!built) console.warn('SKIPPED: CRL files over the sandbox: packages/sandbox is not built (tsc -b)');

const T = Date.UTC(2026, 5, 1, 8);
const DAY = 86_400_000;

describe.skipIf(!built)('CRLs kept by operations', () => {
  let world: World;
  let root: string;
  let folder: string;
  let made = 0;
  const clock = { at: T, now: () => clock.at };
  const open: Verifier[] = [];
  let crls: readonly Uint8Array[];

  beforeAll(async () => {
    const { createWorld } = (await import(SANDBOX.href)) as typeof import('../../sandbox/src/index.js');
    world = createWorld({ seed: 'crl-files', at: T });
    crls = [...world.crls.values()];
    root = await mkdtemp(join(tmpdir(), 'hefu-crl-files-'));
  });
  beforeEach(async () => {
    clock.at = T;
    folder = join(root, `f${(made += 1)}`);
    await mkdir(folder);
  });
  afterAll(async () => {
    for (const verifier of open) verifier.close();
    if (root !== undefined) await rm(root, { recursive: true, force: true });
  });

  const put = (name: string, bytes: Uint8Array | string): Promise<void> => writeFile(join(folder, name), bytes);
  const putAll = async (): Promise<void> => void (await Promise.all(crls.map((bytes, index) => put(`${index}.crl`, bytes))));
  const watch = (paths: readonly string[] = [folder], limits: Partial<NodeLimits> = {}): CrlFiles => watchCrlFiles(paths, clock, { ...DEFAULT_NODE_LIMITS, ...limits });
  const later = async (files: CrlFiles) => {
    clock.at += DEFAULT_NODE_LIMITS.crlFilesRecheckMs;
    return files.current();
  };
  const story = (id: string): Scenario => world.scenarios.find((one) => one.id === id)!;
  async function verifier(options: Partial<CreateVerifierOptions> = {}): Promise<Verifier> {
    const one = await createVerifier({ trustList: { bytes: world.lists.current }, role: world.listRole, clock, online: false, crlFiles: [folder], ...options });
    open.push(one);
    return one;
  }
  async function judged(by: Verifier, id: string, at = T): Promise<Report> {
    const { signature, content, context: { region, transaction, scene } } = story(id);
    return by.verify({ signature, content, region, transaction, scene, at });
  }

  it('serve verdicts without a network, and are named in the report', async () => {
    await putAll();
    const by = await verifier();
    const report = await judged(by, 'accepted-420100');
    expect(report).toMatchObject({ conclusion: 'passed' });
    expect(report.signers[0]!.revocation[0]!.source).toMatchObject({ kind: 'crl', url: expect.stringMatching(new RegExp(`^file:${folder}/\\d+\\.crl$`)) });
    expect(await judged(by, 'revoked')).toMatchObject({ code: 'CERTIFICATE_REVOKED' });
    expect(await judged(await verifier({ crlFiles: [] }), 'accepted-420100')).toMatchObject({ conclusion: 'indeterminate', code: 'CRL_NOT_AVAILABLE' });
  });

  it('count for nothing when altered', async () => {
    await Promise.all(crls.map((bytes, index) => put(`${index}.crl`, bytes.map((octet, at) => (at === bytes.length - 1 ? octet ^ 1 : octet)))));
    expect(await judged(await verifier(), 'accepted-420100')).toMatchObject({ conclusion: 'indeterminate', code: expect.stringMatching(/^CRL_SIGNATURE_INVALID|CRL_UNSUPPORTED$/) });
  });

  it('one bad file is a gap and stops nothing', async () => {
    await putAll();
    await put('page.crl', '<!DOCTYPE html><html></html>');
    await put('half.crl', crls[0]!.subarray(0, crls[0]!.length - 3));
    await put('empty.arl', '');
    const by = await verifier({ crlFiles: [folder, join(root, 'nowhere')] });
    const { conclusion, gaps } = await judged(by, 'accepted-420100');
    expect(conclusion).toBe('passed');
    const told = gaps.filter(({ code }) => code === 'NOT_PARSED' || code === 'FILE_UNREADABLE').map(({ code, what }) => `${code} ${what.split('/').at(-1)}`);
    expect(told.sort()).toEqual(['FILE_UNREADABLE nowhere', 'NOT_PARSED empty.arl', 'NOT_PARSED half.crl', 'NOT_PARSED page.crl']);
  });

  it('one that is out of date is said, in the reason and as a gap, and only where it matters', async () => {
    await putAll();
    const by = await verifier();
    const at = T + 20 * DAY;
    clock.at = at;
    const report = await judged(by, 'accepted-420100', at);
    expect(report).toMatchObject({ conclusion: 'indeterminate', code: 'CRL_STALE' });
    expect(report.reasons.find(({ code }) => code === 'CRL_STALE')!.actual).toMatch(/^file:.*\.crl thisUpdate 2026-.* nextUpdate 2026-/);
    const stale = report.gaps.filter(({ code }) => code === 'STALE');
    expect(stale.length).toBeGreaterThan(0);
    expect(stale.length).toBeLessThan(crls.length);
  });

  it('are read once, and again when they change', async () => {
    await put('a.crl', crls[0]!);
    const files = watch();
    const [first] = (await files.current()).crls;
    expect((await later(files)).crls[0]).toBe(first);
    await put('b.crl', crls[1]!);
    expect((await files.current()).crls).toHaveLength(1); // not yet looked at
    const both = await later(files);
    expect(both.crls[0]).toBe(first);
    expect(both.crls[1]!.crl.bytes).toEqual(crls[1]);
    await put('.a.crl.part', crls[2]!);
    await rename(join(folder, '.a.crl.part'), join(folder, 'a.crl'));
    expect((await later(files)).crls[0]!.crl.bytes).toEqual(crls[2]);
    await unlink(join(folder, 'a.crl'));
    expect((await later(files)).crls.map(({ crl }) => crl.bytes)).toEqual([crls[1]]);
  });

  it('garbage does not displace what was good; the good returns by itself', async () => {
    await put('a.crl', crls[0]!);
    const files = watch();
    const [first] = (await files.current()).crls;
    await put('a.crl', 'half a fi');
    const spoilt = await later(files);
    expect(spoilt.crls).toEqual([first]);
    expect(spoilt.gaps).toMatchObject([{ code: 'NOT_PARSED', detail: expect.stringContaining('last good content') }]);
    expect((await later(files)).gaps).toEqual(spoilt.gaps);
    await put('a.crl', crls[1]!);
    expect(await later(files)).toMatchObject({ crls: [{ crl: { bytes: crls[1] } }], gaps: [] });
  });

  it('a single file, PEM, several in one', async () => {
    await put('all.pem', crls.slice(0, 3).map((bytes) => encodePem('X509 CRL', bytes)).join('\n'));
    await put('notes.txt', 'not a CRL and not meant to be');
    expect((await watch([join(folder, 'all.pem')]).current()).crls.map(({ crl }) => crl.bytes)).toEqual(crls.slice(0, 3));
    expect(await watch().current()).toMatchObject({ crls: { length: 3 }, gaps: [] });
    await symlink(join(folder, 'gone'), join(folder, 'dangling.crl'));
    expect((await watch().current()).gaps).toMatchObject([{ code: 'FILE_UNREADABLE' }]);
  });

  it('within bounds of number and octets', async () => {
    await putAll();
    const few = await watch([folder], { maxCrlFiles: 2 }).current();
    expect(few.crls).toHaveLength(2);
    expect(few.gaps).toHaveLength(crls.length - 2);
    expect(few.gaps[0]).toMatchObject({ code: 'LIMIT' });
    const sizes = await watch([folder], { maxCrlFilesBytes: crls[0]!.length }).current();
    expect(sizes.crls.length).toBeLessThan(crls.length);
    expect(sizes.gaps.every(({ code }) => code === 'TOO_LARGE')).toBe(true);
    expect((await watch([folder], { maxCrlBytes: 10 }).current()).crls).toEqual([]);
  });
});
