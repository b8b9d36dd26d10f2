import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { ListDocument } from '@hefu/trust-list';
import { listText, party, signText, type Party } from './exchange/tl-fixture.js';
import { run } from './support.js';

let folder: string;
let ca: Party;
let signer: Party;
let issued: Party;
const at = ['--at', '2026-06-01T00:00:00Z', '--territory', '330000'];
const file = (name: string): string => join(folder, name);
const json = (text: string): Record<string, never> => JSON.parse(text) as Record<string, never>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hefu-exchange-'));
  const scheme = { ...(await party('CN=Scheme CA, C=XT', { ca: true })), name: 'CN=Scheme CA, C=XT' };
  [ca, signer, issued] = await Promise.all([party('CN=Root, C=XT', { ca: true }), party('CN=Signer, O=Test Operator, C=XT'), party('CN=Issued Signer, O=Test Operator, C=XT', { by: scheme })]);
  const list = listText([{ certificate: ca.certificate, history: [['granted', '2012-01-01T00:00:00Z']] }]);
  await Promise.all([
    writeFile(file('tl.xml'), signText(list, signer, { xades: true })), writeFile(file('chained.xml'), signText(list, issued)), writeFile(file('bare.xml'), list),
    writeFile(file('signer.pem'), signer.pem), writeFile(file('scheme.pem'), scheme.pem), writeFile(file('ca.pem'), ca.pem),
  ]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('import, export as LoTE, import again: the same list', async () => {
  const first = await run(['list', 'import', file('tl.xml'), '--signer', file('signer.pem'), '--regions', '33*', '-o', file('draft.json'), '--report', file('report.json'), ...at, '--json']);
  expect([first.code, first.err]).toEqual([0, '']);
  expect(json(first.out)).toMatchObject({ report: { format: 'tl', signature: { status: 'verified', relation: 'given' }, counts: { imported: 1 } } });
  expect(json(await readFile(file('report.json'), 'utf8'))).toMatchObject({ format: 'tl' });
  expect(await run(['list', 'export', file('draft.json'), '--format', 'lote', '-o', file('lote.json')])).toMatchObject({ code: 0 });
  expect((await run(['list', 'import', file('lote.json'), '-o', file('back.json'), ...at])).code).toBe(3);
  expect((await run(['list', 'import', file('lote.json'), '--unsigned', '-o', file('back.json'), '--at', '2026-06-01T00:00:00Z', '--lang', 'zh'])).out).toContain('没有签名');
  const [a, b] = await Promise.all(['draft.json', 'back.json'].map(async (name) => JSON.parse(await readFile(file(name), 'utf8')) as ListDocument));
  expect(b).toEqual(a);
});

test('a signer\'s CA vouches for it; anybody else does not', async () => {
  const args = (source: string, by: string): string[] => ['list', 'import', file(source), '--signer', file(by), '-o', file('x.json'), ...at, '--json'];
  expect(json((await run(args('chained.xml', 'scheme.pem'))).out)).toMatchObject({ report: { signature: { relation: 'chained' } } });
  expect(json((await run(args('chained.xml', 'ca.pem'))).out)).toMatchObject({ error: { code: 'IMPORT_SIGNER_UNKNOWN' } });
  expect(json((await run(args('tl.xml', 'scheme.pem'))).out)).toMatchObject({ error: { code: 'IMPORT_SIGNER_UNKNOWN' } });
  expect(json((await run(args('bare.xml', 'signer.pem'))).out)).toMatchObject({ error: { code: 'IMPORT_UNSIGNED' } });
  // The scheme's CA is in force from 2024 on.
  expect(json((await run(args('chained.xml', 'scheme.pem').map((arg) => (arg.startsWith('2026-') ? '2023-01-01T00:00:00Z' : arg)))).out)).toMatchObject({ error: { code: 'IMPORT_SIGNER_UNKNOWN' } });
});

test('an export that would lose a constraint is refused and leaves no file; --lossy writes what was lost', async () => {
  await run(['list', 'import', file('tl.xml'), '--signer', file('signer.pem'), '--regions', '33*', '-o', file('draft.json'), ...at]);
  const args = ['list', 'export', file('draft.json'), '--format', 'pem', '-o', file('bundle.pem'), '--json'];
  const refused = await run(args);
  expect([refused.code, json(refused.out)['code']]).toEqual([1, 'EXPORT_LOSES_CONSTRAINT']);
  await expect(readFile(file('bundle.pem'))).rejects.toThrow();
  expect((await run([...args, '--lossy'])).code).toBe(0);
  expect((await readFile(file('bundle.pem'), 'utf8')).match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
  expect(json(await readFile(file('bundle.pem.losses.json'), 'utf8'))).toMatchObject({ list: { listId: 'imported' }, losses: [{ code: 'SCOPE', constraint: true }, {}, {}] });
});

test('a PEM bundle needs somebody to answer for it', async () => {
  expect((await run(['list', 'import', file('ca.pem'), '-o', file('pem.json'), ...at])).err).toContain('USAGE');
  expect((await run(['list', 'import', file('ca.pem'), '--unsigned', '-o', file('pem.json'), ...at])).code).toBe(0);
  expect((await run(['list', 'import', file('ca.pem'), '--unsigned', '-o', file('no/such/folder.json'), ...at])).err).toContain('FILE_NOT_WRITABLE');
  expect((await run(['list', 'import', file('ca.pem'), '--unsigned', '--regions', 'x', '-o', file('pem.json'), ...at])).err).toContain('USAGE');
  expect((await run(['list', 'export', file('ca.pem'), '--format', 'lote', '-o', file('x')])).code).toBe(3);
});
