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
});
