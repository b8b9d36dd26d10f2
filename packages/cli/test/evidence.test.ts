import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT, PRESENT, run, writtenWorld, type Run, type WrittenWorld } from './support.js';

let world: WrittenWorld;
let bundle: string;
let crls: readonly string[];
beforeAll(async () => {
  world = await writtenWorld('cli-evidence');
  bundle = join(world.parent, 'project.zip');
  crls = await Promise.all([...world.served.world.crls].map(async ([, bytes], index) => {
    const path = join(world.parent, `${index}.crl`);
    await writeFile(path, bytes);
    return path;
  }));
});
afterAll(() => world?.close());

const signers = (): readonly string[] => ['--signers', world.file('list', 'role.json')];
const tsa = (id: string): readonly string[] => ['--tsa', `${world.served.baseUrl}/tsa/${id}`];
const withCrls = (): readonly string[] => crls.flatMap((path) => ['--crl', path]);
const current = (): string => world.file('list', `${world.story(passed()).lists.at(-1)!.name}.json`);
const stories = (): readonly string[] => world.served.world.scenarios.filter(({ expected, lists }) => expected.stage === 'judge' && lists.length === 1).slice(0, 4).map(({ id }) => id);
const passed = (): string => world.served.world.scenarios.find(({ expected, lists }) => lists.length === 1 && expected.stage === 'judge' && expected.conclusion === 'passed')!.id;
async function make(out: string, more: readonly string[] = []): Promise<Run> {
  const { context } = world.story(passed());
  return run([
    'evidence', 'make', world.file('scenario', passed(), 'bid.txt'), world.file('scenario', passed(), 'bid.p7s'), '--id', 'B-1', '--project', 'P-1', '--out', out,
    '--list', current(), ...signers(), '--region', context.region, '--transaction', context.transaction, '--at', AT, ...more,
  ]);
}

describe('hefu evidence', () => {
  it('makes a bundle, verifies it, and reproduces the verdict ten years ahead without network', async () => {
    const made = await make(bundle, tsa('p256'));
    expect([made.code, made.err]).toEqual([0, '']);
    expect(made.out).toContain('✓ B-1');
    const verified = await run(['evidence', 'verify', bundle, ...signers(), '--at', AT, ...withCrls(), '--lang', 'zh']);
    expect([verified.code, verified.err]).toEqual([0, '']);
    expect(verified.out).toContain('证据包完好');
    const now = Date.now;
    const fetched = globalThis.fetch;
    Date.now = () => PRESENT + 10 * 365 * 86_400_000;
    globalThis.fetch = () => Promise.reject(new Error('no network'));
    try {
      const again = await run(['evidence', 'revalidate', bundle, '--as-known', ...signers(), '--json']);
      expect([again.code, again.err]).toEqual([0, '']);
      expect(JSON.parse(again.out)).toMatchObject({ mode: 'as-known', same: true, results: [{ id: 'B-1', same: true, stored: { conclusion: 'passed' } }] });
    } finally {
      Date.now = now;
      globalThis.fetch = fetched;
    }
  });
  it('renews under the same digest and under SM3; files stay the same', async () => {
    const [second, third] = [join(world.parent, 'second.zip'), join(world.parent, 'third.zip')];
    expect(await run(['evidence', 'renew', bundle, '--out', second, ...tsa('p256'), ...withCrls()])).toMatchObject({ code: 0, err: '' });
    const renewed = await run(['evidence', 'renew', second, '--out', third, ...tsa('sm2'), '--digest', 'sm3', ...withCrls(), '--json']);
    expect(JSON.parse(renewed.out)).toMatchObject({ chains: [{ digest: 'SHA-256', stamps: 2 }, { digest: 'SM3', stamps: 1 }] });
    const verified = await run(['evidence', 'verify', third, ...signers(), '--at', AT, ...withCrls(), '--json']);
    expect([verified.code, JSON.parse(verified.out).seals.conclusion]).toEqual([0, 'passed']);
    expect((await run(['evidence', 'revalidate', third, '--as-known', ...signers()])).code).toBe(0);
  });
  it('a project at once, each list and CRL once; several verdicts', async () => {
    const batch = join(world.parent, 'batch.json');
    await writeFile(batch, JSON.stringify(stories().map((id) => ({ id, file: world.file('scenario', id, 'bid.txt'), signature: world.file('scenario', id, 'bid.p7s') }))));
    const out = join(world.parent, 'batch.zip');
    const made = await run(['evidence', 'make', '--batch', batch, '--out', out, '--list', current(), ...signers(), '--region', '420100', '--at', AT, '--digests-only', '--json']);
    expect(made.code).toBe(0);
    expect(JSON.parse(made.out).verdicts).toHaveLength(stories().length);
    expect(made.err).toContain('--tsa');
    expect((await run(['evidence', 'verify', out])).code).toBe(2);
    const wanted = await run(['evidence', 'revalidate', out, '--as-known', ...signers()]);
    expect([wanted.code, wanted.err]).toEqual([3, expect.stringContaining('EVIDENCE_CONTENT_WANTED')]);
    const [first] = stories() as [string];
    expect((await run(['evidence', 'revalidate', out, '--as-known', ...signers(), '--id', first, '--content', world.file('scenario', first, 'bid.txt')])).code).toBe(0);
    const other = await run(['evidence', 'revalidate', out, '--as-known', ...signers(), '--id', first, '--content', world.file('list', 'role.json')]);
    expect([other.code, other.err]).toEqual([3, expect.stringContaining('EVIDENCE_CONTENT_DIFFERS')]);
  });
  it('as-now tells what is different today', async () => {
    const same = await run(['evidence', 'revalidate', bundle, '--as-now', ...signers(), '--list', current(), '--at', AT]);
    expect([same.code, same.out]).toEqual([0, expect.stringContaining('B-1')]);
    const later = await run(['evidence', 'revalidate', bundle, '--as-now', ...signers(), '--list', current(), '--at', '2040-01-01T00:00:00Z', '--json']);
    expect([later.code, JSON.parse(later.out).same]).toEqual([1, false]);
    expect(JSON.parse(later.out).results[0].differences).toContainEqual(expect.objectContaining({ what: 'conclusion', before: 'passed' }));
  });
  it('a bundle that was altered is refused and the place named', async () => {
    const octets = await readFile(bundle);
    const altered = join(world.parent, 'altered.zip');
    octets[Math.floor(octets.length / 3)]! ^= 1;
    await writeFile(altered, octets);
    const verified = await run(['evidence', 'verify', altered, ...signers(), '--json']);
    expect(verified.code).not.toBe(0);
    expect(verified.out).toMatch(/objects\/|manifests\/|index|zip/);
    expect((await run(['evidence', 'renew', altered, '--out', altered, ...tsa('p256')])).code).toBe(3);
  });
  it('whom to trust is asked for, and another signer of lists refused', async () => {
    expect(await run(['evidence', 'revalidate', bundle, '--as-known'])).toMatchObject({ code: 3, err: expect.stringContaining('--signers') });
    expect(await run(['evidence', 'revalidate', bundle, '--as-known', '--pin', '00'.repeat(32)])).toMatchObject({ code: 3, err: expect.stringContaining('EVIDENCE_TRUST_REFUSED') });
    expect(await run(['evidence', 'revalidate', bundle, ...signers()])).toMatchObject({ code: 3 });
    expect(await run(['evidence', 'make', '--out', bundle, '--list', 'x', '--region', '420100'])).toMatchObject({ code: 3 });
    expect(await run(['evidence', 'verify', world.file('list', 'role.json')])).toMatchObject({ code: 3, err: expect.stringContaining('BUNDLE_INVALID') });
  });
});
