import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CompactEncrypt, compactDecrypt } from 'jose';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { party } from '../exchange/tl-fixture.js';
import { run, type Run } from '../support.js';
import { office, type Office } from './people.js';

// Runs every command of the guides, in order, as a person at a terminal who says yes. Files are found in one folder.
let o: Office;
const GUIDES = ['operating-a-trust-list.md', 'operating-a-trust-list.zh-CN.md'];
const commandsOf = async (name: string): Promise<readonly string[]> => {
  const text = await readFile(join(import.meta.dirname, '../../../../docs', name), 'utf8');
  return [...text.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block]) => block!.trim().split('\n'));
};

beforeAll(async () => {
  o = await office();
  const one = { ...(await party('CN=CA One, O=One, C=CN', { ca: true })), name: 'CN=CA One, O=One, C=CN' };
  const company = await party('2.5.4.97=91420100MA4HEFU00M, CN=Company, O=Company, C=CN', { by: one });
  await Promise.all(['samples', 'archive'].map((name) => mkdir(o.file(name))));
  await Promise.all([
    writeFile(o.file('ca-one.pem'), one.pem), writeFile(o.file('ca-two.pem'), (await party('CN=CA Two, O=Two, C=CN', { ca: true })).pem),
    writeFile(o.file('tsa.pem'), (await party('CN=TSA, O=TSA, C=CN', { ca: true })).pem), writeFile(o.file('company.cer'), company.pem), writeFile(o.file('samples', 'company.cer'), company.pem), writeFile(o.file('archive', 'index.json'), '[]'),
    ...['ann', 'bo', 'cai', 'spare', 'online'].flatMap((name) => [`${name}.key`, `${name}.pub.json`]).map((name) => rm(o.file(name))),
  ]);
});
afterAll(() => o?.close());

it('the guides give the same commands', async () => {
  const [english, chinese] = await Promise.all(GUIDES.map(commandsOf));
  expect(chinese).toEqual(english);
});

it('every command of the guide does its part', async () => {
  let fingerprint = '';
  let old = '';
  const values: Readonly<Record<string, () => string>> = { FINGERPRINT: () => fingerprint, OLD_KEY: () => old };
  const words = (line: string): string[] => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => (quoted ?? bare!).replace(/\$([A-Z_]+)/g, (_, name: string) => values[name]!()));
  const inFolder = (word: string): string =>
    word.replace(/^((?:[a-z]+,)*[a-z]+:)?((?:[\w-]+\/)*[\w-]+\.(?:key|pub\.json|json|pem|cer)|trust(?:\/\w+)*|samples)$/, (_, roles: string | undefined, path: string) => `${roles ?? ''}${o.file(path)}`);
  const results = new Map<string, Run>();
  const passphrase = 'correct horse battery';
  const ask = async (_question: string, options?: { readonly secret?: boolean }): Promise<string> => (options?.secret === true ? passphrase : 'yes');
  /** The same key under the same passphrase with few rounds: six hundred thousand each time it is used are most of what the guide takes. Ann's and Cai's stay as they are made. */
  const lighten = async (path: string): Promise<void> => {
    const secret = new TextEncoder().encode(passphrase);
    const { plaintext, protectedHeader } = await compactDecrypt((await readFile(path, 'utf8')).trim(), secret, { keyManagementAlgorithms: ['PBES2-HS256+A128KW'], maxPBES2Count: 600_000 });
    await writeFile(path, await new CompactEncrypt(plaintext).setProtectedHeader({ alg: protectedHeader.alg, enc: protectedHeader.enc, cty: 'jwk+json' }).setKeyManagementParameters({ p2c: 1000 }).encrypt(secret));
  };
  for (const line of await commandsOf(GUIDES[0]!)) {
    const [hefu, ...args] = words(line);
    expect(hefu).toBe('hefu');
    const located = args.map((word, index) => (args[index - 1] === '-o' && args[1] === 'key' ? o.file(word) : inFolder(word)));
    const result = await run(located, { ask, width: 80 });
    expect(result.code, `${line}\n${result.out}${result.err}`).toBe(0);
    results.set(line, result);
    for (const name of ['bo', 'online']) if (line.startsWith('hefu list key new') && args.at(-1) === name) await lighten(o.file(`${name}.key`));
    if (line.startsWith('hefu list publish') && fingerprint === '') fingerprint = /SHA-256 ((?:[0-9A-F]{4}\s+){15}[0-9A-F]{4})/.exec(result.out)?.[1]?.replace(/\s+/g, ' ') ?? '';
    if (line.startsWith('hefu list key list')) old = /^(\S+) .*Cai/m.exec(result.out)?.[1] ?? '';
  }
  expect(results.size).toBeGreaterThan(45);
}, 600_000);
