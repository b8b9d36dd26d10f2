import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Report } from '@hefu/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BIN, run, writtenWorld, type WrittenWorld } from './support.js';

const MEBIBYTE = 1024 * 1024;
const ZEROS = 100_000_000;

let world: WrittenWorld;
/** Bad input by name, as files. */
const bad = new Map<string, string>();
beforeAll(async () => {
  // Of today: a CRL that is current is not asked for again, so a cache stays as it is.
  world = await writtenWorld('cli-bad-input', Date.now());
  const certificate = await readFile(world.file('company', 'qinghe', 'sign.cer'));
  const signature = world.story('accepted-420100').signature;
  const armoured = (label: string, headers = ''): string => `-----BEGIN ${label}-----\n${headers}${certificate.toString('base64')}\n-----END ${label}-----\n`;
  const inputs: Readonly<Record<string, Uint8Array | string>> = {
    empty: new Uint8Array(0),
    garbage: garbage(5000),
    'garbage text': 'Signed by me, yours truly.\n',
    'truncated certificate': certificate.subarray(0, certificate.length >> 1),
    'truncated signature': signature.subarray(0, signature.length >> 1),
    'certificate with a tail': Buffer.concat([certificate, Buffer.from([5, 0])]),
    'signature with a tail': Buffer.concat([signature, Buffer.from([5, 0])]),
    'nested 10,000 deep': nested(10_000),
    'wrong PEM type': armoured('CERTIFICATE REQUEST'),
    'encrypted PEM': armoured('RSA PRIVATE KEY', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00112233445566778899AABBCCDDEEFF\n\n'),
    'encrypted PKCS #8': armoured('ENCRYPTED PRIVATE KEY'),
    '100 MB of zeros': new Uint8Array(0),
  };
  for (const [name, bytes] of Object.entries(inputs)) {
    const path = join(world.parent, `bad ${name}`);
    await writeFile(path, bytes);
    bad.set(name, path);
  }
  await truncate(bad.get('100 MB of zeros')!, ZEROS);
  bad.set('CRL', world.file('crl', 'chujiang.crl'));
  bad.set('bid', world.file('scenario', 'accepted-420100', 'bid.txt'));
  // With signed attributes the digest of the file is there to compare; without, only the signature value fails.
  bad.set('signature of another file', world.file('scenario', 'good-hengtao', 'bid.p7s'));
  bad.set('plain signature of another file', world.file('scenario', 'good-lushi', 'bid.p7s'));
  for (const name of ['empty', 'unsigned', 'one-key-twice', 'one-organisation'] as const) bad.set(`list: ${name}`, world.file('list', `${name}.json`));
});
afterAll(() => world?.close());

/** Octets that look like nothing, the same every time (LCG of Numerical Recipes). */
function garbage(length: number): Uint8Array {
  let state = 20_261_102;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state >>> 24;
  });
}

/** SEQUENCE in SEQUENCE, with definite lengths. */
function nested(depth: number): Uint8Array {
  const headers: number[][] = [];
  let length = 0;
  for (let level = 0; level < depth; level++) {
    const header = length < 128 ? [0x30, length] : length < 256 ? [0x30, 0x81, length] : [0x30, 0x82, length >> 8, length & 0xff];
    headers.unshift(header);
    length += header.length;
  }
  return Uint8Array.from(headers.flat());
}

const cert = (name: string): readonly string[] => ['cert', bad.get(name)!];
const asSignature = (name: string): readonly string[] => world.verifyArgs('accepted-420100').map((arg) => (arg.endsWith('bid.p7s') ? bad.get(name)! : arg));
const asList = (name: string): readonly string[] => world.verifyArgs('accepted-420100').map((arg) => (arg.endsWith('current.json') ? bad.get(name)! : arg));

/** What a program sees: the code of the error, or that of the report with what was found in the message. */
async function codeOf(args: readonly string[]): Promise<{ exit: number; code: string; found?: string }> {
  const { code: exit, out, err } = await run([...args, '--json']);
  expect(err).not.toMatch(/\n\s+at /);
  const document = JSON.parse(out) as Report | { error: { code: string } };
  if ('error' in document) return { exit, code: document.error.code };
  const found = document.reasons[0]?.actual;
  return { exit, code: document.code, ...(typeof found === 'string' ? { found } : {}) };
}

/** Every file beneath a folder by name, with its octets; undefined when there is no folder. */
async function contentsOf(folder: string): Promise<ReadonlyMap<string, string> | undefined> {
  if (!existsSync(folder)) return undefined;
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    files.set(path, entry.isFile() ? (await readFile(path)).toString('base64') : '');
  }
  return files;
}

type Row = readonly [what: string, args: () => readonly string[], exit: number, code: string];
const MISTAKES: readonly Row[] = [
  ['an empty file as a certificate', () => cert('empty'), 3, 'EMPTY_INPUT'],
  ['garbage as a certificate', () => cert('garbage'), 3, 'STRUCTURE_INVALID'],
  ['garbage text as a certificate', () => cert('garbage text'), 3, 'PEM_INVALID'],
  ['a truncated certificate', () => cert('truncated certificate'), 3, 'TRUNCATED'],
  ['a certificate with a tail', () => cert('certificate with a tail'), 3, 'TRAILING_DATA'],
  ['10,000 levels as a certificate', () => cert('nested 10,000 deep'), 3, 'TOO_DEEP'],
  ['100 MB of zeros as a certificate', () => cert('100 MB of zeros'), 3, 'FILE_TOO_LARGE'],
  ['PEM of another type', () => cert('wrong PEM type'), 3, 'PEM_WRONG_LABEL'],
  ['encrypted PEM', () => cert('encrypted PEM'), 3, 'PEM_ENCRYPTED'],
  ['a CRL as a certificate', () => cert('CRL'), 3, 'WRONG_STRUCTURE'],
  ['the signature of another file', () => asSignature('signature of another file'), 1, 'CONTENT_TAMPERED'],
  ['the signature of another file, without attributes', () => asSignature('plain signature of another file'), 1, 'SIGNATURE_INVALID'],
  ['garbage as a signature', () => asSignature('garbage'), 1, 'MESSAGE_MALFORMED'],
  ['a CRL as a signature', () => asSignature('CRL'), 1, 'MESSAGE_NOT_SIGNED_DATA'],
  ['a list of no octets', () => asList('empty'), 3, 'TL_EMPTY_INPUT'],
  ['garbage as a list', () => asList('garbage'), 3, 'TL_NOT_JSON'],
  ['a list without services', () => asList('list: empty'), 3, 'TL_NO_SERVICES'],
  ['an unsigned list', () => asList('list: unsigned'), 3, 'TL_UNSIGNED'],
  ['a list signed by one key twice', () => asList('list: one-key-twice'), 3, 'TL_SAME_KEY_TWICE'],
  ['a list signed by one organisation', () => asList('list: one-organisation'), 3, 'TL_SAME_ORGANISATION'],
];

describe('bad input', () => {
  it.each(MISTAKES)('%s', async (_what, args, exit, code) => {
    expect(await codeOf(args())).toMatchObject({ exit, code });
  });

  it('has one code for each mistake', () => {
    const codes = MISTAKES.map(([, , , code]) => code);
    expect(new Set(codes).size).toBe(codes.length);
  });

  it('as a signature is a failed report that says what was found, each its own', async () => {
    const found: Record<string, string | undefined> = {};
    for (const name of ['empty', 'garbage', 'garbage text', 'truncated signature', 'signature with a tail', 'nested 10,000 deep', '100 MB of zeros', 'wrong PEM type', 'encrypted PEM', 'CRL']) {
      const { exit, found: code } = await codeOf(asSignature(name));
      expect(exit).toBe(1);
      found[name] = code;
    }
    expect(found).toEqual({
      empty: 'EMPTY_INPUT',
      garbage: 'STRUCTURE_INVALID',
      'garbage text': 'PEM_INVALID',
      'truncated signature': 'TRUNCATED',
      'signature with a tail': 'TRAILING_DATA',
      'nested 10,000 deep': 'TOO_DEEP',
      '100 MB of zeros': 'INPUT_TOO_LARGE',
      'wrong PEM type': 'CERTIFICATE REQUEST',
      'encrypted PEM': 'PEM_ENCRYPTED',
      CRL: 'crl',
    });
    expect(new Set(Object.values(found)).size).toBe(Object.keys(found).length);
  });

  it('is not confused with what it resembles', async () => {
    expect((await run(['cert', world.file('company', 'qinghe', 'sign.cer')])).code).toBe(0);
    expect((await run(world.verifyArgs('accepted-420100'))).code).toBe(0);
    expect(await codeOf(cert('encrypted PKCS #8'))).toMatchObject({ exit: 3, code: 'PEM_ENCRYPTED' });
    expect(await codeOf(cert('bid'))).toMatchObject({ exit: 3, code: 'PEM_INVALID' });
    expect(await codeOf(asList('100 MB of zeros'))).toMatchObject({ exit: 3, code: 'FILE_TOO_LARGE' });
    expect(await codeOf([...asList('list: unsigned'), '--signers', bad.get('100 MB of zeros')!])).toMatchObject({ exit: 3, code: 'FILE_TOO_LARGE' });
  });
});

describe('bad input leaves nothing behind', () => {
  it('in a cache that has nothing yet', async () => {
    const cache = join(world.parent, 'cache-new');
    for (const [what, args] of MISTAKES) {
      const [command] = args();
      if (command !== 'verify' || what.includes('signature')) continue;
      await run([...args(), '--cache', cache]);
      expect([what, await contentsOf(cache)]).toEqual([what, undefined]);
    }
  });

  it('in a cache that has a list and CRLs, byte for byte', async () => {
    const cache = join(world.parent, 'cache-kept');
    expect((await run(world.verifyArgs('accepted-420100', ['--cache', cache]))).code).toBe(0);
    for (const id of ['good-lushi', 'good-hengtao']) expect((await run(world.verifyArgs(id, ['--cache', cache]))).code).toBe(0);
    const kept = await contentsOf(cache);
    expect(kept?.size).toBeGreaterThan(4);
    for (const [what, args] of MISTAKES) {
      if (args()[0] !== 'verify') continue;
      const { code, err } = await run([...args(), '--cache', cache]);
      // A bad list does not displace the one kept, and that is said; a bad signature is a verdict as ever.
      expect([what, code]).toEqual([what, what.includes('list') ? 0 : 1]);
      if (what.includes('list')) expect(err).toContain('TL_');
      expect([what, await contentsOf(cache)]).toEqual([what, kept]);
    }
  });
});

const built = existsSync(BIN);
if (!built) console.warn('SKIPPED: memory taken by bad input: packages/cli is not built (tsc -b)');

/** Peak resident memory of the process, octets, and its code. */
function peakOf(args: readonly string[]): Promise<{ readonly peak: number; readonly exit: number | null }> {
  const program = `
    const { main } = await import(${JSON.stringify(new URL('../dist/index.js', import.meta.url).href)});
    const quiet = { out() {}, note() {}, colour: false, width: 80, env: {}, self: 'hefu', stopped: async () => {} };
    process.exitCode = await main(process.argv.slice(1), quiet);
    process.stdout.write(String(process.resourceUsage().maxRSS * 1024));
  `;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--input-type=module', '--eval', program, '--', ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
    child.on('error', reject).on('close', (exit) => resolve({ peak: Number(out), exit }));
  });
}

describe.skipIf(!built)('100 MB of zeros', () => {
  let usual: number;
  beforeAll(async () => {
    const { peak, exit } = await peakOf(world.verifyArgs('tampered'));
    expect(exit).toBe(1);
    usual = peak;
  });

  /** What a run may take beyond a usual one. Peaks of equal runs differ by some MiB. */
  const SLACK = 48 * MEBIBYTE;

  it.each<[string, () => readonly string[], number, number]>([
    ['a certificate is not read', () => cert('100 MB of zeros'), 3, 0],
    ['a trust list is not read', () => asList('100 MB of zeros'), 3, 0],
    ['a role is not read', () => [...world.verifyArgs('tampered'), '--signers', bad.get('100 MB of zeros')!], 3, 0],
    ['a signature is read once', () => asSignature('100 MB of zeros'), 1, ZEROS],
    ['a bid is read once', () => world.verifyArgs('accepted-420100').map((arg) => (arg.endsWith('bid.txt') ? bad.get('100 MB of zeros')! : arg)), 1, ZEROS],
  ])('as %s', async (_as, args, code, allowed) => {
    const { peak, exit } = await peakOf(args());
    expect(exit).toBe(code);
    expect(peak - usual).toBeLessThan(allowed + SLACK);
  });
});
