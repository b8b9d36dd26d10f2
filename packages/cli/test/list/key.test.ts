import { open, readFile, stat, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { run } from '../support.js';
import { initArgs, office, readJsonFile, type Office } from './people.js';

let o: Office;
const AT = ['--at', '2026-06-01T00:00:00Z'];
const PASS = 'correct horse battery';
beforeAll(async () => {
  o = await office();
  await o.list([...initArgs(o), ...AT]);
});
afterAll(() => o?.close());

it('a key under a passphrase signs with it, from the environment or a descriptor, and not without', async () => {
  const env = { HEFU_PASS: PASS, WRONG: `${PASS}!` };
  const made = await o.list(['key', 'new', '--org', 'Province', '--owner', 'Eve', '-o', o.file('eve'), '--passphrase-env', 'HEFU_PASS'], { env });
  expect(made).toMatchObject({ code: 0, json: { outcome: 'made', algorithm: 'SM2-SM3' } });
  expect((await stat(o.file('eve.key'))).mode & 0o777).toBe(0o600);
  expect(await readJsonFile(o.file('eve.pub.json'))).toMatchObject({ org: 'Province', owner: 'Eve', jwk: { crv: 'SM2' } });
  expect(await readFile(o.file('eve.pub.json'), 'utf8')).not.toContain('"d"');
  expect((await o.list(['key', 'new', '--org', 'x', '-o', o.file('eve'), '--passphrase-env', 'HEFU_PASS'], { env })).json).toMatchObject({ error: { code: 'FILE_EXISTS' } });

  expect((await o.list(['key', 'add', o.file('eve.pub.json'), '--roles', 'root,list', ...AT])).json).toMatchObject({ outcome: 'edited' });
  expect((await o.list(['propose', '--target', 'root', '--author', 'a', '-m', 'b', ...AT])).json).toMatchObject({ proposal: 'root-1' });
  const approve = ['approve', 'root-1', ...o.key('eve'), '--yes', ...AT];
  expect((await o.list(approve)).json).toMatchObject({ error: { code: 'KEY_PASSPHRASE_NEEDED' } });
  expect((await o.list([...approve, '--passphrase-env', 'WRONG'], { env })).json).toMatchObject({ error: { code: 'KEY_PASSPHRASE_WRONG' } });
  expect((await o.list([...approve, '--passphrase-env', 'UNSET'], { env })).json).toMatchObject({ error: { code: 'USAGE' } });
  await writeFile(o.file('pass'), `${PASS}\n`);
  const handle = await open(o.file('pass'));
  const approved = await o.list([...approve, '--passphrase-fd', String(handle.fd)]);
  await handle.close();
  expect(approved.json).toMatchObject({ outcome: 'approved', approvals: [{ signed: [{ owner: 'Eve', family: 'F2' }] }] });
  expect(`${approved.out}${approved.err}`).not.toContain(PASS);
});

it('a passphrase is typed twice, alike, and is not short', async () => {
  const answers = [PASS, 'another passphrase'];
  const ask = async (): Promise<string> => answers.shift()!;
  expect(JSON.parse((await run(['list', 'key', 'new', '--org', 'x', '-o', o.file('f'), '--json'], { ask })).out)).toMatchObject({ error: { code: 'PASSPHRASES_DIFFER' } });
  expect(JSON.parse((await run(['list', 'key', 'new', '--org', 'x', '-o', o.file('f'), '--json'], { ask: async () => 'short' })).out)).toMatchObject({ error: { code: 'KEY_PASSPHRASE_WEAK' } });
  await expect(stat(o.file('f.key'))).rejects.toThrow();
});
