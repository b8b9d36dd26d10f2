import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT, run, writtenWorld, type WrittenWorld } from './support.js';

let world: WrittenWorld;
let report: string;
let bundle: string;
beforeAll(async () => {
  world = await writtenWorld('cli-report');
  const id = world.served.world.scenarios.find(({ expected, lists }) => lists.length === 1 && expected.stage === 'judge' && expected.conclusion === 'passed')!.id;
  report = join(world.parent, 'report.json');
  bundle = join(world.parent, 'one.zip');
  await writeFile(report, (await run(world.verifyArgs(id, ['--json']))).out);
  const { context, lists } = world.story(id);
  const made = await run([
    'evidence', 'make', world.file('scenario', id, 'bid.txt'), world.file('scenario', id, 'bid.p7s'), '--out', bundle, '--list', world.file('list', `${lists.at(-1)!.name}.json`),
    '--signers', world.file('list', 'role.json'), '--region', context.region, '--transaction', context.transaction, '--at', AT,
  ]);
  if (made.code !== 0) throw new Error(made.err);
});
afterAll(() => world?.close());

describe('hefu report', () => {
  it.each(['simple', 'detailed', 'etsi', 'html'])('%s, of a report and of a bundle alike', async (format) => {
    const [one, two] = [await run(['report', report, '--format', format]), await run(['report', bundle, '--format', format])];
    expect([one.code, one.err]).toEqual([0, '']);
    expect(two.out).toBe(one.out);
    if (format === 'etsi') expect(JSON.parse(one.out)).toMatchObject({ SignatureValidationReport: [{ SignatureValidationStatus: { MainIndication: 'urn:etsi:019102:mainindication:total-passed' } }] });
    if (format === 'html') expect(one.out).toContain('<header class="passed">');
  });
  it('pdf goes to a file', async () => {
    const out = join(world.parent, 'report.pdf');
    expect(await run(['report', report, '--format', 'pdf'])).toMatchObject({ code: 3, err: expect.stringContaining('--out') });
    expect(await run(['report', report, '--format', 'pdf', '--out', out, '--lang', 'zh'])).toMatchObject({ code: 0 });
    expect((await readFile(out)).subarray(0, 5).toString()).toBe('%PDF-');
  });
  it('diagnostic is made from a bundle', async () => {
    const { code, out } = await run(['report', bundle, '--format', 'diagnostic']);
    expect([code, JSON.parse(out).type]).toEqual([0, 'hefu-diagnostic']);
    expect(await run(['report', report, '--format', 'diagnostic'])).toMatchObject({ code: 3 });
  });
  it('what is no report is refused', async () => {
    expect(await run(['report', world.file('list', 'role.json')])).toMatchObject({ code: 3, err: expect.stringContaining('NOT_A_REPORT') });
    expect(await run(['report', join(world.parent, 'none')])).toMatchObject({ code: 3, err: expect.stringContaining('FILE_NOT_FOUND') });
    expect(await run(['report', bundle, '--id', 'nobody'])).toMatchObject({ code: 3 });
  });

  it('is signed with a key file, and taken again by the certificate that is trusted', async () => {
    const { companies } = world.served.world;
    const [own, rsa] = ['P-256', 'RSA-2048'].map((kind) => companies.find(({ sign }) => sign.key.kind === kind)!) as [typeof companies[number], typeof companies[number]];
    const file = (id: string, name: string): string => world.file('company', id, name);
    const sign = (id: string, out: string, more: readonly string[] = []): ReturnType<typeof run> =>
      run(['report', report, '--sign', '--key', file(id, 'sign.key.pem'), '--certificate', file(id, 'sign.cer'), '--out', out, ...more]);
    const plain = (await run(['report', report])).out;
    for (const [{ id }, other] of [[own, rsa], [rsa, own]] as const) {
      const jws = join(world.parent, `${id}.jws`);
      expect(await sign(id, jws)).toMatchObject({ code: 0 });
      const read = await run(['report', jws, '--signed-by', file(id, 'sign.cer')]);
      expect([read.code, read.out]).toEqual([0, plain]);
      // By another platform, by nobody said, altered, and not signed at all.
      expect(await run(['report', jws, '--signed-by', file(other.id, 'sign.cer')])).toMatchObject({ code: 3, err: expect.stringContaining('SIGNER_UNKNOWN') });
      expect(await run(['report', jws])).toMatchObject({ code: 3, err: expect.stringContaining('--signed-by') });
      const [head, payload, value] = (await readFile(jws, 'utf8')).trim().split('.') as [string, string, string];
      const forged = Buffer.from(Buffer.from(payload, 'base64url').toString().replace('"code":"OK"', '"code":"NO"')).toString('base64url');
      const altered = join(world.parent, 'altered.jws');
      await writeFile(altered, `${head}.${forged}.${value}`);
      expect(await run(['report', altered, '--signed-by', file(id, 'sign.cer')])).toMatchObject({ code: 3, err: expect.stringContaining('SIGNATURE_INVALID') });
    }
    expect(await run(['report', report, '--signed-by', file(own.id, 'sign.cer')])).toMatchObject({ code: 3, err: expect.stringContaining('NOT_SIGNED') });
    // A bundle's report as well; another's certificate, no certificate, no key.
    const ofBundle = await run(['report', bundle, '--sign', '--key', file(own.id, 'sign.key.pem'), '--certificate', file(own.id, 'sign.cer')]);
    expect([ofBundle.code, ofBundle.out.trim().split('.')]).toEqual([0, expect.objectContaining({ length: 3 })]);
    expect((await run(['report', report, '--sign', '--key', file(own.id, 'sign.key.pem'), '--certificate', file(rsa.id, 'sign.cer')])).code).toBe(3);
    expect(await run(['report', report, '--sign', '--key', file(own.id, 'sign.key.pem')])).toMatchObject({ code: 3, err: expect.stringContaining('--certificate') });
    expect(await run(['report', report, '--sign', '--certificate', file(own.id, 'sign.cer')])).toMatchObject({ code: 3, err: expect.stringContaining('--key') });
    expect((await run(['report', report, '--key', file(own.id, 'sign.key.pem')])).code).toBe(3);
  });
});
