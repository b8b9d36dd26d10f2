import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createVerifier } from '@hefu/node';
import { createSchemeFaults, type SchemeFault } from '@hefu/sandbox';
import { makeBundle, type TrustSnapshot } from '@hefu/trust-list';
import type { Alert } from '@hefu/updater';
import type { Report } from '@hefu/verify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { run, writtenWorld, type Run, type RunOptions, type WrittenWorld } from './support.js';

let world: WrittenWorld;
let url: string;
let root: string;
let fingerprint: string;

beforeAll(async () => {
  world = await writtenWorld('cli-scheme', Date.now());
  url = `${world.served.baseUrl}/scheme/`;
  root = world.served.world.scheme.rootSha256;
  fingerprint = world.file('scheme', 'fingerprint.txt');
});
afterAll(() => world.close());

const publish = (files: Iterable<readonly [string, Uint8Array | undefined]>): void => {
  for (const [path, bytes] of files) world.served.put(`/scheme/${path}`, bytes);
};
const takeBack = (files: Iterable<readonly [string, unknown]>): void => publish([...files].map(([path]) => [path, undefined]));
const faultOf = (name: SchemeFault) => createSchemeFaults(world.served.world).find(({ fault }) => fault === name)!.files;

async function verify(id: string, trust: readonly string[], more: { readonly region?: string; readonly options?: RunOptions } = {}): Promise<Run & { readonly report: Report | undefined }> {
  const { context } = world.story(id);
  const outcome = await run(['verify', world.file('scenario', id, 'bid.txt'), world.file('scenario', id, 'bid.p7s'), ...trust, '--region', more.region ?? context.region, '--transaction', context.transaction, '--json'], more.options);
  return { ...outcome, report: outcome.out.startsWith('{') ? (JSON.parse(outcome.out) as Report) : undefined };
}
const codeOf = ({ code, err }: Run): readonly unknown[] => [code, /\[?\b(TL_[A-Z_]+|[A-Z]+_[A-Z_]+|TIMEOUT|USAGE)\b/.exec(err)?.[1]];

test('verify by a scheme over HTTP, in a folder, in one file: the same verdicts', async () => {
  const bundle = join(world.parent, 'bundle.json');
  const verifier = await createVerifier({ trust: { root, urls: url } });
  await writeFile(bundle, makeBundle(verifier.trust as TrustSnapshot));
  verifier.close();
  const upper = root.toUpperCase().replace(/(.{4})/g, '$1 ');
  for (const trust of [['--scheme', url, '--root', root], ['--scheme', world.file('scheme'), '--root', fingerprint], ['--scheme', bundle, '--root', world.file('scheme', '1.root.json')], ['--scheme', url, '--root', upper]]) {
    const passed = await verify('good-qinghe', trust);
    expect([passed.code, passed.err, passed.report!.code, passed.report!.trustList!.id]).toEqual([0, '', 'OK', 'hefu-sandbox-42']);
    const { companies } = world.served.world;
    const yunze = companies.find(({ authority, state, issuer }) => authority.id === 'yunze' && state === 'good' && issuer.listed)!;
    expect((await verify(`good-${yunze.id}`, trust)).report!.code).toBe('CA_SUSPENDED');
  }
  const byEnvironment = await verify('good-qinghe', ['--scheme', url], { options: { env: { HEFU_SCHEME_ROOT: root } } });
  expect(byEnvironment.code).toBe(0);
});

test('cert and probe ask every list', async () => {
  const trust = ['--scheme', url, '--root', root];
  const { companies } = world.served.world;
  const own = companies.find(({ authority }) => authority.id === 'yehe');
  const listed = companies.find(({ id }) => id === 'qinghe')!;
  for (const company of [listed, ...(own === undefined ? [] : [own])]) {
    const explained = await run(['cert', world.file('company', company.id, 'sign.cer'), ...trust, '--json']);
    expect([explained.code, explained.err]).toEqual([0, '']);
    expect(explained.out).toContain(company.authority.serviceId);
  }
  const probed = await run(['probe', ...trust, '--json']);
  const urls = (JSON.parse(probed.out) as { readonly endpoints: readonly { readonly url: string }[] }).endpoints.map((each) => each.url);
  const alone = await run(['probe', '--list', world.file('list', 'current.json'), '--signers', world.file('list', 'role.json'), '--json']);
  const cas = new Set(companies.map(({ authority }) => authority.serviceId));
  const rows = (JSON.parse(alone.out) as { readonly endpoints: readonly { readonly url: string; readonly service?: string }[] }).endpoints;
  const listedUrls = rows.filter(({ service }) => service !== undefined && cas.has(service)).map((each) => each.url);
  expect(listedUrls.length).toBeGreaterThan(0);
  // The province and its neighbour list between them the CAs that the single list has; time-stamping and seals stand in the single list alone.
  expect(listedUrls.filter((each) => !urls.includes(each))).toEqual([]);
});

test('what is given is one kind of trust, whole', async () => {
  for (const trust of [
    [], ['--scheme', url], ['--root', root], ['--scheme', url, '--root', root, '--list', world.file('list', 'current.json')], ['--scheme', url, '--root', root, '--signers', world.file('list', 'role.json')],
    ['--scheme', url, '--scheme', world.file('scheme'), '--root', root],
  ]) expect((await verify('good-qinghe', trust)).code, trust.join(' ')).toBe(3);
  const complaint = async (...trust: readonly string[]): Promise<readonly unknown[]> => codeOf(await verify('good-qinghe', trust));
  expect(await complaint('--scheme', url, '--root', '0'.repeat(64))).toEqual([3, 'TL_ROOT_FINGERPRINT']);
  expect(await complaint('--scheme', url, '--root', 'nowhere')).toEqual([3, 'FILE_NOT_FOUND']);
  expect(await complaint('--scheme', url, '--root', world.file('README.txt'))).toEqual([3, 'ROOT_INVALID']);
  expect(await complaint('--scheme', join(world.parent, 'none'), '--root', root)).toEqual([3, 'FILE_NOT_FOUND']);
  expect(await complaint('--scheme', world.file('list'), '--root', root)).toEqual([3, 'TL_NOT_FETCHED']);
});

test('what is refused is said, and what was kept serves', async () => {
  const trust = ['--scheme', url, '--root', root];
  const cached = [...trust, '--cache', join(world.parent, 'cache')];
  expect((await verify('good-qinghe', cached)).code).toBe(0);
  world.served.setFault('/scheme/freshness.json', 'html');
  try {
    expect(codeOf(await verify('good-qinghe', trust))).toEqual([3, 'TL_NOT_JSON']);
    const kept = await verify('good-qinghe', cached);
    expect([...codeOf(kept), kept.report!.code]).toEqual([0, 'TL_NOT_JSON', 'OK']);
    expect((await verify('good-qinghe', [...cached, '--offline'])).err).toBe('');
  } finally {
    world.served.setFault('/scheme/freshness.json', undefined);
  }
  const wider = faultOf('wider');
  publish(wider);
  try {
    const missing = await verify('good-qinghe', trust, { region: '420100' });
    expect([missing.code, missing.report!.conclusion, missing.err.includes('TL_WIDER_THAN_PARENT')]).toEqual([2, 'indeterminate', true]);
    expect((await verify('good-qinghe', trust, { region: '420700' })).report!.code).toBe('OK');
  } finally {
    takeBack(wider);
  }
});

test('watch tells of roots, freshness, lists and children', async () => {
  const args = ['watch', '--scheme', url, '--root', root, '--state', join(world.parent, 'watch'), '--once', '--failures', '1', '--json'];
  const once = async (): Promise<readonly string[]> => {
    const outcome = await run(args);
    expect(outcome.code).toBe(0);
    return outcome.out.trim().split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Alert).map(({ code, state, subject }) => `${state} ${code} ${subject.replaceAll(world.served.baseUrl, '')}`);
  };
  const first = await once();
  expect(first.filter((each) => !each.includes(' EXPIRES '))).toEqual([]);
  expect(await once()).toEqual([]);
  const forked = faultOf('equivocation');
  publish(forked);
  const told = await once();
  expect(told).toContain('raised EQUIVOCATION freshness of hefu-sandbox-42');
  expect(told).toContain('raised ENDPOINT_DOWN list /scheme/');
  takeBack(forked);
  // That there were two stays; that the server is well again is told.
  expect(await once()).toEqual(['resolved ENDPOINT_DOWN list /scheme/']);
  const wider = faultOf('wider');
  publish(wider);
  expect(await once()).toEqual(['raised ENDPOINT_DOWN list /scheme/ hefu-sandbox-4201']);
  takeBack(wider);
});
