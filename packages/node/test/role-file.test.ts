import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readRole, readRoleFile } from '../src/role-file.js';

const key = { jwk: { kty: 'EC', crv: 'P-256', x: 'x', y: 'y' }, org: 'Centre', owner: 'A' };
const other = { jwk: { kty: 'EC', crv: 'SM2', x: 'x', y: 'y' }, org: 'Supervision', notAfter: '2027-01-01T00:00Z' };

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'hefu-role-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('a role', () => {
  it('is read with everything it says', () => {
    expect(readRole({ threshold: 2, distinctOrgs: 2, families: { F2: 1 }, keys: [key, other] })).toEqual({
      threshold: 2, distinctOrgs: 2, families: { F2: 1 }, keys: [key, { jwk: other.jwk, org: 'Supervision', notAfter: Date.UTC(2027, 0, 1) }],
    });
    expect(readRole({ threshold: 1, keys: [key] })).toEqual({ threshold: 1, keys: [key] });
  });

  it.each<[string, unknown]>([
    ['null', null],
    ['a list', [key]],
    ['no keys', { threshold: 1 }],
    ['empty keys', { threshold: 1, keys: [] }],
    ['no threshold', { keys: [key] }],
    ['threshold 0', { threshold: 0, keys: [key] }],
    ['threshold 1.5', { threshold: 1.5, keys: [key, other] }],
    ['a threshold as text', { threshold: '1', keys: [key] }],
    ['a threshold nobody can meet', { threshold: 2, keys: [key] }],
    ['distinctOrgs nobody can meet', { threshold: 2, distinctOrgs: 2, keys: [key, key] }],
    ['a misspelt rule', { threshold: 1, distinctOrg: 2, keys: [key, other] }],
    ['an unknown family', { threshold: 1, families: { F3: 1 }, keys: [key] }],
    ['a key without organisation', { threshold: 1, keys: [{ jwk: key.jwk }] }],
    ['a key without JWK', { threshold: 1, keys: [{ org: 'Centre' }] }],
    ['a private key', { threshold: 1, keys: [{ jwk: { ...key.jwk, d: 'd' }, org: 'Centre' }] }],
    ['a date without zone', { threshold: 1, keys: [{ ...key, notAfter: '2027-01-01' }] }],
  ])('with %s is refused', (_, value) => {
    expect(() => readRole(value)).toThrow(expect.objectContaining({ name: 'NodeError', code: 'ROLE_INVALID' }));
  });
});

describe('a role file', () => {
  const write = async (name: string, content: string | Uint8Array): Promise<string> => {
    await writeFile(join(directory, name), content);
    return join(directory, name);
  };

  it('is read, or refused with its path', async () => {
    expect(await readRoleFile(await write('good.json', JSON.stringify({ threshold: 1, keys: [key] })))).toMatchObject({ threshold: 1 });
    const bad = await write('bad.json', '{');
    await expect(readRoleFile(bad)).rejects.toMatchObject({ code: 'ROLE_INVALID', path: bad });
    await expect(readRoleFile(await write('gbk.json', Uint8Array.of(0x22, 0xd6, 0xd0, 0x22)))).rejects.toMatchObject({ code: 'ROLE_INVALID' });
    await expect(readRoleFile(join(directory, 'none.json'))).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    await expect(readRoleFile(directory)).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
    await expect(readRoleFile(await write('long.json', new Uint8Array(1024 * 1024 + 1)))).rejects.toMatchObject({ code: 'FILE_TOO_LARGE' });
  });
});
