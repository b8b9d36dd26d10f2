import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createSchemeFaults } from '@hefu/sandbox';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run, writtenWorld, type Run, type WrittenWorld } from './support.js';

const YEARS = 365 * 86_400_000;
let world: WrittenWorld;
let url: string;
let root: string;
let crls: readonly string[];
beforeAll(async () => {
  world = await writtenWorld('cli-evidence-scheme', Date.now());
  url = `${world.served.baseUrl}/scheme/`;
  root = world.served.world.scheme.rootSha256;
  crls = await Promise.all([...world.served.world.crls].map(async ([, bytes], index) => {
    const path = join(world.parent, `${index}.crl`);
    await writeFile(path, bytes);
    return path;
  }));
});
afterAll(() => world?.close());

const withCrls = (): readonly string[] => crls.flatMap((path) => ['--crl', path]);
const make = (id: string, out: string, more: readonly string[] = []): Promise<Run> => {
  const { context } = world.story(id);
  return run(['evidence', 'make', world.file('scenario', id, 'bid.txt'), world.file('scenario', id, 'bid.p7s'), '--id', id, '--out', out, '--scheme', url, '--root', root, '--region', context.region, '--transaction', context.transaction, ...more]);
};
/** With the network off and a clock years ahead. */
async function later<T>(work: () => Promise<T>): Promise<T> {
  const { now } = Date;
  const { fetch } = globalThis;
  const then = now() + 10 * YEARS;
  Date.now = () => then;
  globalThis.fetch = () => Promise.reject(new Error('no network'));
  try {
    return await work();
  } finally {
    Date.now = now;
    globalThis.fetch = fetch;
  }
}
const again = (bundle: string, more: readonly string[]): Promise<Run> => later(() => run(['evidence', 'revalidate', bundle, '--as-known', ...more, '--json']));

describe('evidence of a whole scheme', () => {
  it('every list the judge heard is in it: the same octets come out without network, years later', async () => {
    const { companies } = world.served.world;
    const suspended = companies.find(({ authority, state, issuer }) => authority.id === 'yunze' && state === 'good' && issuer.listed)!;
    for (const [id, conclusion, code] of [['good-qinghe', 'passed', 'OK'], [`good-${suspended.id}`, undefined, 'CA_SUSPENDED']] as const) {
      const bundle = join(world.parent, `${id}.zip`);
      const made = await make(id, bundle, ['--tsa', `${world.served.baseUrl}/tsa/p256`]);
      expect([made.code, made.err]).toEqual([0, '']);
      for (const trust of [['--root', root], ['--root', world.file('scheme', 'fingerprint.txt')], ['--root', world.file('scheme', '1.root.json')], ['--pin', root]]) {
        const result = await again(bundle, trust);
        expect([result.code, result.err]).toEqual([0, '']);
        const [{ same, stored, report }] = JSON.parse(result.out).results;
        expect([same, stored.code]).toEqual([true, code]);
        if (conclusion !== undefined) expect(stored.conclusion).toBe(conclusion);
        expect(report.trustLists.length).toBeGreaterThan(1);
      }
    }
  });

  it('by another root, a role, or nothing said, it is not used', async () => {
    const bundle = join(world.parent, 'refused.zip');
    await make('good-qinghe', bundle);
    expect(await again(bundle, ['--root', '00'.repeat(32)])).toMatchObject({ code: 3, err: expect.stringContaining('EVIDENCE_TRUST_REFUSED') });
    expect(await again(bundle, ['--signers', world.file('list', 'role.json')])).toMatchObject({ code: 3, err: expect.stringContaining('--root') });
    expect(await again(bundle, [])).toMatchObject({ code: 3, err: expect.stringContaining('--root') });
  });

  it('a verdict on an earlier day rests on the lists of today, and comes out again', async () => {
    const bundle = join(world.parent, 'earlier.zip');
    expect((await make('good-qinghe', bundle, ['--at', new Date(Date.now() - 3 * 86_400_000).toISOString()])).code).toBe(0);
    expect((await again(bundle, ['--root', root])).code).toBe(0);
  });

  it('a list that was missing is missing again', async () => {
    const [files] = createSchemeFaults(world.served.world).flatMap(({ fault, files }) => (fault === 'wider' ? [files] : [])) as [ReadonlyMap<string, Uint8Array>];
    for (const [path, bytes] of files) world.served.put(`/scheme/${path}`, bytes);
    try {
      const bundle = join(world.parent, 'missing.zip');
      expect(await make('good-qinghe', bundle)).toMatchObject({ code: 0, err: expect.stringContaining('TL_WIDER_THAN_PARENT') });
      expect((await again(bundle, ['--root', root])).code).toBe(0);
    } finally {
      for (const path of files.keys()) world.served.put(`/scheme/${path}`, undefined);
    }
  });

  it('is verified by its own lists or those of today, renewed, and judged as now', async () => {
    const bundle = join(world.parent, 'sealed.zip');
    const renewed = join(world.parent, 'renewed.zip');
    await make('good-qinghe', bundle, ['--tsa', `${world.served.baseUrl}/tsa/p256`]);
    for (const today of [[], ['--scheme', url]]) {
      const verified = await run(['evidence', 'verify', bundle, '--root', root, ...today, ...withCrls()]);
      expect([verified.code, verified.err]).toEqual([0, '']);
    }
    expect((await run(['evidence', 'renew', bundle, '--out', renewed, '--tsa', `${world.served.baseUrl}/tsa/sm2`, '--digest', 'sm3', ...withCrls()])).code).toBe(0);
    expect((await again(renewed, ['--root', root])).code).toBe(0);
    const now = await run(['evidence', 'revalidate', renewed, '--as-now', '--root', root, '--scheme', url, ...withCrls()]);
    expect([now.code, now.err]).toEqual([0, '']);
    expect((await run(['evidence', 'revalidate', renewed, '--as-now', '--root', root])).code).toBe(3);
  });
});

describe('who must have signed', () => {
  const requirements = async (name: string, value: unknown): Promise<string> => {
    const path = join(world.parent, name);
    await writeFile(path, typeof value === 'string' ? value : JSON.stringify(value));
    return path;
  };
  it('is asked by the command, kept in the bundle and asked again', async () => {
    const { uscc } = world.served.world.companies.find(({ id }) => id === 'qinghe')!;
    const seal = { role: '企业公章', subjectType: 'organization', uscc };
    const met = await requirements('met.json', [seal]);
    const unmet = await requirements('unmet.json', [seal, { role: '法定代表人', subjectType: 'person', certificatePolicies: ['1.2.3.4'], count: 1 }]);
    const verify = (file: string): Promise<Run> => {
      const { context } = world.story('good-qinghe');
      return run(['verify', world.file('scenario', 'good-qinghe', 'bid.txt'), world.file('scenario', 'good-qinghe', 'bid.p7s'), '--scheme', url, '--root', root, '--region', context.region, '--transaction', context.transaction, '--require-signers', file, '--json']);
    };
    const passed = await verify(met);
    expect([passed.code, JSON.parse(passed.out).requiredSigners]).toEqual([0, [{ role: '企业公章', signers: [0] }]]);
    const missing = await verify(unmet);
    expect([missing.code, JSON.parse(missing.out).code]).toEqual([2, 'REQUIRED_SIGNER_MISSING']);
    for (const [file, code] of [[met, 'OK'], [unmet, 'REQUIRED_SIGNER_MISSING']] as const) {
      const bundle = join(world.parent, `required-${code}.zip`);
      expect((await make('good-qinghe', bundle, ['--require-signers', file])).code).toBe(0);
      const result = await again(bundle, ['--root', root]);
      expect([result.code, JSON.parse(result.out).results[0].stored.code]).toEqual([0, code]);
      const now = await run(['evidence', 'revalidate', bundle, '--as-now', '--root', root, '--scheme', url, ...withCrls(), '--json']);
      expect(JSON.parse(now.out).results[0].now.code).toBe(code);
    }
    for (const [name, value] of [['no.json', '[{'], ['empty.json', []], ['odd.json', [{ role: 'x', who: 'y' }]], ['object.json', {}]] as const) {
      expect(await verify(await requirements(name, value))).toMatchObject({ code: 3, err: expect.stringMatching(/REQUIREMENTS_INVALID|CONTEXT_INVALID/) });
    }
    expect((await verify(join(world.parent, 'nowhere.json'))).code).toBe(3);
  });
});
