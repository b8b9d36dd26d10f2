import { readFileSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@hefu/verify';
import { textWidth } from '@hefu/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AT, run, writtenWorld, type WrittenWorld } from './support.js';

let world: WrittenWorld;
beforeAll(async () => {
  world = await writtenWorld('cli-verify');
});
afterAll(() => world?.close());

const EXIT = { passed: 0, failed: 1, indeterminate: 2 } as const;
const errorOf = (out: string): { code: string; message: { zh: string; en: string }; remedy?: { zh: string; en: string }; detected?: string; details?: string[] } =>
  (JSON.parse(out) as { error: never }).error;

describe('a verdict', () => {
  // The node room judges every scenario; here each verdict is told once.
  it('is the exit code and one JSON document, for every code a scenario of the world ends in', async () => {
    const seen = new Set<number>();
    const told = new Set<string>();
    for (const { id, expected } of world.served.world.scenarios) {
      if (expected.stage !== 'judge' || told.has(expected.code)) continue;
      told.add(expected.code);
      const { code, out, err } = await run(world.verifyArgs(id, ['--json']));
      const report = JSON.parse(out) as Report;
      expect({ id, code, conclusion: report.conclusion, reason: report.code, err }).toEqual({ id, code: EXIT[expected.conclusion], conclusion: expected.conclusion, reason: expected.code, err: '' });
      seen.add(code);
    }
    expect([...seen].sort()).toEqual([0, 1, 2]);
  });

  it.each(['zh', 'en'])('reads in 80 columns in %s', async (lang) => {
    for (const [id, code] of [['accepted-420100', 0], ['tampered', 1], ['frozen', 2]] as const) {
      const ended = await run(world.verifyArgs(id, ['--lang', lang]));
      expect(ended.code).toBe(code);
      for (const line of ended.out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
      expect(/[一-鿿]{2}：/.test(ended.out)).toBe(lang === 'zh');
    }
  });

  it('shows every check with --full', async () => {
    const short = await run(world.verifyArgs('accepted-420100', ['--lang', 'en']));
    const full = await run(world.verifyArgs('accepted-420100', ['--lang', 'en', '--full']));
    expect(full.out).toContain('signature.messageDigest');
    expect(short.out).not.toContain('signature.messageDigest');
  });

  it('is that of the time given: an earlier one asks the list as it is now', async () => {
    expect((await run(world.verifyArgs('accepted-420100'))).code).toBe(0);
    const before = await run([...world.verifyArgs('accepted-420100').slice(0, -1), '2026-10-01T00:00:00Z', '--json']);
    expect(before.code).toBe(2);
    expect((JSON.parse(before.out) as Report).reasons.map(({ code }) => code)).toContain('LIST_NOT_YET_VALID');
  });

  it('counts a signature whose receipt before the revocation is proven', async () => {
    expect((await run(world.verifyArgs('revoked'))).code).toBe(1);
    expect((await run(world.verifyArgs('revoked', ['--received', '2026-10-10T00:00:00Z']))).code).toBe(0);
  });

  it('hints at swapped arguments', async () => {
    const [verify, bid, signature, ...rest] = world.verifyArgs('accepted-420100') as [string, string, string, ...string[]];
    const swapped = await run([verify, signature, bid, ...rest]);
    expect(swapped.code).toBe(1);
    expect(swapped.err).toContain('swapped');
    expect((await run([verify, bid, bid, ...rest])).err).toBe('');
  });
});

describe('evidence brought along', () => {
  const crl = (name: string): readonly string[] => ['--crl', world.file('crl', `${name}.crl`)];

  it('serves offline; that of another CA does not', async () => {
    expect((await run(world.verifyArgs('accepted-420100', ['--offline']))).code).toBe(2);
    expect((await run(world.verifyArgs('accepted-420100', ['--offline', ...crl('mingze')]))).code).toBe(2);
    expect((await run(world.verifyArgs('accepted-420100', ['--offline', ...crl('mingze'), ...crl('chujiang')]))).code).toBe(0);
    expect((await run(world.verifyArgs('revoked', ['--offline', ...crl('chujiang')]))).code).toBe(1);
  });

  it('a folder kept by operations serves too, and a bad file in it stops nothing', async () => {
    const folder = join(world.parent, 'kept');
    await mkdir(folder, { recursive: true });
    for (const name of ['chujiang', 'mingze']) await writeFile(join(folder, `${name}.crl`), readFileSync(world.file('crl', `${name}.crl`)));
    await writeFile(join(folder, 'page.crl'), '<html></html>');
    const ended = await run(world.verifyArgs('accepted-420100', ['--offline', '--crl-folder', folder, '--crl-folder', '/nowhere/crl', '--json']));
    expect(ended.code).toBe(0);
    const report = JSON.parse(ended.out) as Report;
    expect(report.signers[0]!.revocation[0]!.source!.url).toBe(`file:${join(folder, 'chujiang.crl')}`);
    expect(report.gaps.map(({ code, what }) => `${code} ${what}`)).toEqual(expect.arrayContaining([`NOT_PARSED crl file:${join(folder, 'page.crl')}`, 'FILE_UNREADABLE crl file:/nowhere/crl']));
    expect((await run(world.verifyArgs('revoked', ['--offline', '--crl-folder', join(folder, 'chujiang.crl')]))).code).toBe(1);
    expect((await run(world.verifyArgs('accepted-420100', ['--offline', '--crl-folder', join(folder, 'mingze.crl')]))).code).toBe(2);
  });

  it('may stand before the arguments without swallowing them', async () => {
    const [verify, ...rest] = world.verifyArgs('accepted-420100', ['--offline']) as [string, ...string[]];
    expect((await run([verify, ...crl('chujiang'), ...rest])).code).toBe(0);
  });

  it('trusts no certificate for being given', async () => {
    const ended = await run(world.verifyArgs('unlisted-ca', ['--certificate', world.file('ca', 'yehe-2021.pem'), '--json']));
    expect(ended.code).toBe(2);
    expect((JSON.parse(ended.out) as Report).code).toBe('ISSUER_NOT_LISTED');
  });

  it.each([
    ['--crl', 'list/role.json', 'PEM_INVALID', 'json'],
    ['--crl', 'ca/chujiang-2021.cer', 'WRONG_STRUCTURE', 'certificate'],
    ['--certificate', 'crl/chujiang.crl', 'WRONG_STRUCTURE', 'crl'],
    ['--certificate', 'company/qinghe/sign.key.pem', 'PEM_WRONG_LABEL', 'PRIVATE KEY'],
  ])('%s %s is told apart', async (option, path, code, detected) => {
    const ended = await run(world.verifyArgs('accepted-420100', [option, world.file(path), '--json']));
    expect(ended.code).toBe(3);
    expect(errorOf(ended.out)).toMatchObject({ code, detected });
    expect(errorOf(ended.out).details?.join()).toContain(world.file(path));
  });
});

describe('the trust list', () => {
  it.each([
    ['unsigned', 'TL_UNSIGNED'], ['empty', 'TL_NO_SERVICES'], ['one-key-twice', 'TL_SAME_KEY_TWICE'], ['one-organisation', 'TL_SAME_ORGANISATION'],
  ])('%s is refused with its own code, in both languages, by file and by URL', async (name, code) => {
    for (const list of [world.file('list', `${name}.json`), `${world.served.baseUrl}/list/${name}.json`]) {
      const args = world.verifyArgs('accepted-420100').map((arg) => (arg.endsWith('current.json') ? list : arg));
      const json = await run([...args, '--json']);
      expect(json.code).toBe(3);
      const { message, remedy, code: found } = errorOf(json.out);
      expect(found).toBe(code);
      for (const lang of ['zh', 'en'] as const) {
        const text = await run([...args, '--lang', lang]);
        expect(text).toMatchObject({ code: 3, out: '' });
        // Wrapped, so compared without white space.
        const said = text.err.replace(/\s/g, '');
        expect(said).toContain(message[lang].replace(/\s/g, ''));
        expect(said).toContain(remedy![lang].replace(/\s/g, ''));
        expect(said).toContain(code);
      }
    }
  });

  it('comes by URL too', async () => {
    const args = world.verifyArgs('accepted-420100').map((arg) => (arg.endsWith('current.json') ? `${world.served.baseUrl}/list/current.json` : arg));
    expect((await run(args)).code).toBe(0);
    const nowhere = await run([...args.map((arg) => arg.replace('/list/current.json', '/list/nowhere.json')), '--json']);
    expect(nowhere.code).toBe(3);
    expect(errorOf(nowhere.out).code).toBe('TRUST_LIST_UNAVAILABLE');
    const offline = await run([...args, '--offline', '--json']);
    expect(errorOf(offline.out).code).toBe('TRUST_LIST_UNAVAILABLE');
  });

  it('is kept in the cache; a refused one does not displace it, and that is said', async () => {
    const cache = join(world.parent, 'kept');
    expect((await run(world.verifyArgs('accepted-420100', ['--cache', cache]))).code).toBe(0);
    const list = (name: string): readonly string[] => world.verifyArgs('accepted-420100', ['--cache', cache, '--json']).map((arg) => (arg.endsWith('current.json') ? world.file('list', name) : arg));
    const after = await run(list('previous.json'));
    expect(after.code).toBe(0);
    expect((JSON.parse(after.out) as Report).trustList?.sequence).toBe(12);
    expect(after.err).toContain('TL_ROLLBACK');
    expect(after.err).toContain('#12');
    const missing = await run(list('none.json'));
    expect(missing.code).toBe(0);
    expect(missing.err).toContain('FILE_NOT_FOUND');
    expect((await run(list('suspended.json'))).err).toBe('');
  });

  it('needs signers from elsewhere: option or environment', async () => {
    const args = world.verifyArgs('accepted-420100', ['--json']);
    const at = args.indexOf('--signers');
    const without = [...args.slice(0, at), ...args.slice(at + 2)];
    const refused = await run(without);
    expect(refused.code).toBe(3);
    expect(errorOf(refused.out).code).toBe('USAGE');
    expect((await run(without, { env: { HEFU_LIST_SIGNERS: world.file('list', 'role.json') } })).code).toBe(0);
  });

  it('with signers it does not belong to is refused', async () => {
    const other = join(world.parent, 'other-role.json');
    const role = JSON.parse(readFileSync(world.file('list', 'role.json'), 'utf8')) as { keys: object[]; threshold: number; distinctOrgs?: number };
    await writeFile(other, JSON.stringify({ threshold: 1, keys: role.keys.slice(1, 2) }));
    const ended = await run([...world.verifyArgs('accepted-420100', ['--json']), '--signers', other]);
    expect(errorOf(ended.out).code).toBe('TL_SIGNATURE_INVALID');
  });
});

describe('usage', () => {
  const good = (): readonly string[] => world.verifyArgs('accepted-420100');
  const without = (option: string): readonly string[] => {
    const args = good();
    const at = args.indexOf(option);
    return [...args.slice(0, at), ...args.slice(at + 2)];
  };

  it.each<[string, () => readonly string[]]>([
    ['an unknown option', () => [...good(), '--trustlist', 'x']],
    ['an unknown command', () => ['verfy', 'a', 'b']],
    ['no list', () => without('--list')],
    ['no region', () => without('--region')],
    ['a region of two digits', () => [...good(), '--region', '42']],
    ['a region with a full-width digit', () => [...good(), '--region', '42010０']],
    ['a time without zone', () => [...good(), '--at', '2026-11-02T09:30:00']],
    ['a time that is none', () => [...good(), '--received', '2026-13-45T09:30:00Z']],
    ['an unknown scene', () => [...good(), '--scene', 'auction']],
    ['an unknown purpose', () => [...good(), '--purpose', 'anything']],
    ['an unknown language', () => [...good(), '--lang', 'fr']],
    ['an option without its value', () => ['verify', 'a', 'b', '--list']],
    ['one argument', () => ['verify', 'a', '--list', 'x', '--region', '420100']],
    ['three arguments', () => ['verify', 'a', 'b', 'c', '--list', 'x', '--region', '420100']],
  ])('%s ends with 3, one JSON document and a sentence in the language asked for', async (_name, args) => {
    const json = await run([...args(), '--json']);
    expect(json.code).toBe(3);
    expect(errorOf(json.out).code).toBe('USAGE');
    expect(errorOf(json.out).message.zh).toMatch(/[一-鿿]/);
    expect(errorOf(json.out).message.en).not.toMatch(/[一-鿿]/);
    const text = await run(['--lang', 'zh', ...args()]);
    expect(text).toMatchObject({ code: 3, out: '' });
    expect(text.err).toMatch(/^hefu: .*[一-鿿]/);
  });

  it('says what may have been meant', async () => {
    expect((await run([...good(), '--regoin', '420100'])).err).toContain('--region');
  });

  it.each(['bid.txt', 'bid.p7s', 'current.json', 'role.json', 'policy', 'crl'])('a missing %s is named', async (name) => {
    const args = name === 'policy' ? [...good(), '--policy', '/nowhere/policy'] : name === 'crl' ? [...good(), '--crl', '/nowhere/crl'] : good().map((arg) => (arg.endsWith(name) ? `/nowhere/${name}` : arg));
    const json = await run([...args, '--json']);
    expect(json.code).toBe(3);
    const { code, message } = errorOf(json.out);
    expect(code).toBe('FILE_NOT_FOUND');
    expect(message.zh).toContain(`/nowhere/${name}`);
    expect(message.en).toContain(`/nowhere/${name}`);
  });

  it('a folder, a role that is none and a policy that is none are told apart', async () => {
    const folder = join(world.parent, 'folder');
    await mkdir(folder, { recursive: true });
    expect(errorOf((await run([...good(), '--policy', folder, '--json'])).out).code).toBe('FILE_UNREADABLE');
    expect(errorOf((await run([...good(), '--signers', world.file('list', 'current.json'), '--json'])).out).code).toBe('ROLE_INVALID');
    const policy = errorOf((await run([...good(), '--policy', world.file('list', 'role.json'), '--json'])).out);
    expect(policy.code).toBe('POLICY_INVALID');
    expect(policy.details?.length).toBeGreaterThan(1);
  });

  it('a cache that cannot be a folder is no verdict, and the list is not blamed', async () => {
    const file = join(world.parent, 'cache-file');
    await writeFile(file, 'x');
    const ended = await run([...good(), '--cache', file, '--json']);
    expect(ended.code).toBe(3);
    const { code, remedy, details } = errorOf(ended.out);
    expect(code).toBe('TRUST_LIST_UNAVAILABLE');
    expect(remedy?.en).toContain('--cache');
    expect(details?.join()).toContain('IO_FAILED');
  });

  it('a control character in a file name does not reach the terminal', async () => {
    const ended = await run(good().map((arg) => (arg.endsWith('bid.txt') ? '/nowhere/\u001b[2Jbid' : arg)));
    expect(ended.code).toBe(3);
    expect(ended.err).not.toContain('\u001b');
  });
});

it('writes nothing beside the cache', async () => {
  const before = await readdir(world.parent);
  await run(world.verifyArgs('accepted-420100', ['--at', AT]));
  expect(await readdir(world.parent)).toEqual(before);
});
