import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateKeyPairSync } from 'node:crypto';
import { sm2PublicKey } from '@hefu/crypto';
import { run, type Run, type RunOptions } from '../support.js';

/** Three people of two organisations, a spare key so that none of them is indispensable (lint L091), and a key that is online. Keys lie in the clear: passphrases are key.test.ts's. */
export interface Office {
  readonly folder: string;
  readonly tree: string;
  file(...path: readonly string[]): string;
  /** Runs `hefu list …` on the tree, with `--json`. */
  list(args: readonly string[], options?: RunOptions): Promise<Run & { readonly json: Json }>;
  key(name: string): readonly string[];
  makeKey(name: string, org: string, alg: 'SM2' | 'P-256'): Promise<void>;
  close(): Promise<void>;
}

// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Json = any;

export const INIT = [
  'init', '--scheme', 'urn:hefu:test:42', '--list-id', '42', '--operator', '测试交易中心', '--territory', '420000',
  '--threshold', 'list=2', '--distinct-orgs', 'list=2', '--threshold', 'root=2', '--distinct-orgs', 'root=2',
];

let seed = 40;

export async function office(): Promise<Office> {
  const folder = await mkdtemp(join(tmpdir(), 'hefu-office-'));
  const tree = join(folder, 'trust');
  const file = (...path: readonly string[]): string => join(folder, ...path);
  const made: Office = {
    folder,
    tree,
    file,
    async list(args, options = {}) {
      const needsTree = !['sign', 'verify', 'import', 'export'].includes(args[0]!) && !(args[0] === 'key' && args[1] === 'new') && !(args[0] === 'bundle' && args[1] === 'verify') && !(args[0] === 'profile' && args[1] === 'suggest');
      const result = await run(['list', ...args, ...(needsTree ? ['-C', tree] : []), '--json'], options);
      return { ...result, json: result.out === '' ? undefined : JSON.parse(result.out) };
    },
    key: (name) => ['--key', file(`${name}.key`)],
    async makeKey(name, org, alg) {
      const jwk = alg === 'SM2' ? sm2Jwk(new Uint8Array(32).fill(seed++)) : (generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ format: 'jwk' }) as Record<string, string>);
      const { d, ...open } = jwk;
      await writeFile(file(`${name}.key`), JSON.stringify({ ...open, d }));
      await writeFile(file(`${name}.pub.json`), JSON.stringify({ jwk: open, org, owner: name }));
    },
    close: () => rm(folder, { recursive: true, force: true }),
  };
  for (const [name, org, alg] of [['ann', 'Province', 'SM2'], ['bo', 'City', 'P-256'], ['cai', 'Province', 'P-256'], ['spare', 'City', 'SM2'], ['online', 'Province', 'SM2']] as const) await made.makeKey(name, org, alg);
  return made;
}

export const initArgs = ({ file }: Office): readonly string[] => [...INIT, ...['ann', 'bo', 'cai', 'spare'].flatMap((name) => ['--key', `root,list:${file(`${name}.pub.json`)}`]), '--key', `freshness:${file('online.pub.json')}`];

function sm2Jwk(secret: Uint8Array): Record<string, string> {
  const point = sm2PublicKey(secret);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return { kty: 'EC', crv: 'SM2', x: text(point.subarray(1, 33)), y: text(point.subarray(33)), d: text(secret) };
}

/** A scheme with one CA, `urn:one` of `one.pem`, published. */
export async function beginScheme(o: Office, at: string): Promise<void> {
  await o.list([...initArgs(o), '--at', at]);
  await o.list(['add-ca', o.file('one.pem'), '--region', '42*', '--id', 'urn:one', '--yes', '--at', at]);
  await publishFirstRoot(o, at);
}

/** Proposes the root and has it approved, then publishes it with the list. */
export async function publishFirstRoot(o: Office, at: string, more: readonly string[] = []): Promise<void> {
  await o.list(['propose', '--target', 'root', '--author', 'a', '-m', 'b', '--at', at]);
  for (const name of ['ann', 'bo']) await o.list(['approve', 'root-1', ...o.key(name), '--yes', '--at', at]);
  const published = await publishChange(at, o, ['ann', 'bo'], more);
  if (published.json.outcome !== 'published') throw new Error(published.out);
}

/** Proposes, has people approve, and publishes. */
export async function publishChange(at: string, { list, key }: Office, by: readonly string[] = ['ann', 'bo'], more: readonly string[] = []): Promise<Run & { readonly json: Json }> {
  const proposed = await list(['propose', '--author', 'ann', '-m', 'test', '--at', at, ...more]);
  if (proposed.code !== 0) return proposed;
  for (const name of by) {
    const approved = await list(['approve', proposed.json.proposal as string, ...key(name), '--yes', '--at', at]);
    if (approved.code !== 0) return approved;
  }
  return list(['publish', ...key('online'), '--yes', '--at', at]);
}

export const readJsonFile = async (path: string): Promise<Json> => JSON.parse(await readFile(path, 'utf8'));
