/**
 * The engine's rules on TUF's own metadata, with a repository simulator of our own. The scenarios are those of
 * TUF 1.0.34 §5 and of the suites named in README.md, which run against `client.mjs` outside `npm test`.
 */
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
// The codec runs on the built package, as the client does.
import { begin, offer, pass, type Update } from '../../dist/update/engine.js';
import { openFirstRoot, tufCodec } from './codec.mjs';

const NOW = Date.parse('2026-06-01T00:00:00Z');

interface Key {
  readonly id: string;
  readonly jwk: object;
  readonly secret: KeyObject;
}

function newKey(): Key {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const hex = Buffer.from(publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('hex');
  return { id: hex.slice(0, 16), jwk: { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: hex } }, secret: privateKey };
}

type Json = Record<string, unknown>;
const sorted = (value: unknown): unknown =>
  Array.isArray(value) ? value.map(sorted) : typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)).map(([k, v]) => [k, sorted(v)])) : value;

function signed(body: Json, keys: readonly Key[]): Uint8Array {
  const text = JSON.stringify(sorted(body));
  return new TextEncoder().encode(JSON.stringify({ signed: body, signatures: keys.map((key) => ({ keyid: key.id, sig: sign(null, Buffer.from(text), key.secret).toString('hex') })) }));
}

/** A repository whose parts are changed and published by each test. */
class Repository {
  keys: Record<string, Key[]> = { root: [newKey()], timestamp: [newKey()], snapshot: [newKey()], targets: [newKey()], role: [newKey()] };
  versions: Record<string, number> = { root: 1, timestamp: 1, snapshot: 1, targets: 1, role: 1 };
  expires: Record<string, string> = {};
  threshold = 1;
  hashes = false;
  delegates = false;
  readonly roots: Uint8Array[] = [];

  body(name: string, more: Json): Json {
    return { _type: name, spec_version: '1.0.34', version: this.versions[name], expires: this.expires[name] ?? '2026-07-01T00:00:00Z', ...more };
  }

  root(signers: readonly Key[] = this.keys['root']!): void {
    const all = ['root', 'timestamp', 'snapshot', 'targets'];
    const body = this.body('root', {
      consistent_snapshot: true,
      keys: Object.fromEntries(all.flatMap((name) => this.keys[name]!).map((key) => [key.id, key.jwk])),
      roles: Object.fromEntries(all.map((name) => [name, { keyids: this.keys[name]!.map(({ id }) => id), threshold: name === 'root' ? this.threshold : 1 }])),
    });
    this.roots.push(signed(body, signers));
    this.versions['root']! += 1;
  }

  file(name: string): Uint8Array {
    const meta = (of: string): Json => ({ version: this.versions[of], ...(this.hashes && { length: this.file(of).length, hashes: { sha256: createHash('sha256').update(this.file(of)).digest('hex') } }) });
    const keys = this.keys[name]!;
    if (name === 'timestamp') return signed(this.body(name, { meta: { 'snapshot.json': meta('snapshot') } }), keys);
    if (name === 'snapshot') return signed(this.body(name, { meta: { 'targets.json': meta('targets'), ...(this.delegates && { 'role.json': meta('role') }) } }), keys);
    const [key] = this.keys['role']!;
    const delegations = { keys: { [key!.id]: key!.jwk }, roles: [{ name: 'role', keyids: [key!.id], threshold: 1, terminating: false, paths: ['*'] }] };
    if (name === 'targets') return signed(this.body(name, { targets: {}, ...(this.delegates && { delegations }) }), keys);
    return signed({ ...this.body(name, { targets: {} }), _type: 'targets' }, keys);
  }

  bump(...names: string[]): void {
    for (const name of names) this.versions[name]! += 1;
  }
}

/** Files a client keeps between updates. */
type Local = Map<string, Uint8Array>;

async function refresh(local: Local, repository: Repository, { at = NOW, target, file = (name) => repository.file(name) }: { at?: number; target?: string; file?: (name: string) => Uint8Array } = {}): Promise<string> {
  const only = (names: readonly string[]): Local => new Map([...local].filter(([name]) => names.includes(name)));
  type State = Update<unknown, unknown, unknown>;
  let update: State = (await begin(tufCodec({ ...(target !== undefined && { target }) }) as never, { roots: [openFirstRoot(local.get('root')!)], pointers: only(['timestamp', 'snapshot']), lists: only(['targets', 'role']), highWater: -Infinity } as never, { at, clockSkew: 0 })) as State;
  while (update.want !== undefined) {
    const { want } = update;
    const bytes = want.kind === 'root' ? repository.roots[want.version! - 1] : file(want.name);
    update = bytes === undefined ? await pass(update) : await offer(update, bytes);
    if (update.dropped) for (const name of ['timestamp', 'snapshot']) if (!update.pointers.has(name)) local.delete(name);
    local.set('root', update.roots.at(-1)!.bytes);
    for (const [name, held] of update.pointers) local.set(name, held.bytes);
    for (const [name, { held }] of update.lists) local.set(name, held.bytes);
    if (update.refusal !== undefined) return `${want.name}: ${update.refusal.code}`;
  }
  return update.finished!.failure?.code ?? 'ok';
}

function start(change: (repository: Repository) => void = () => undefined): { repository: Repository; local: Local } {
  const repository = new Repository();
  change(repository);
  repository.root();
  return { repository, local: new Map([['root', repository.roots[0]!]]) };
}
const versionOf = (local: Local, name: string): number => (JSON.parse(new TextDecoder().decode(local.get(name)!)) as { signed: { version: number } }).signed.version;

describe('TUF: top-level metadata', () => {
  it('is fetched, and kept', async () => {
    const { repository, local } = start();
    expect(await refresh(local, repository)).toBe('ok');
    expect([...local.keys()].sort()).toEqual(['root', 'snapshot', 'targets', 'timestamp']);
    repository.bump('targets', 'snapshot', 'timestamp');
    expect(await refresh(local, repository)).toBe('ok');
    expect(versionOf(local, 'targets')).toBe(2);
  });

  it('rotates roots one by one, each signed by the one before', async () => {
    const { repository, local } = start();
    const [old] = repository.keys['root']!;
    const next = newKey();
    repository.keys['root'] = [next];
    repository.root([old!, next]);
    repository.root([next]);
    expect([await refresh(local, repository), versionOf(local, 'root')]).toEqual(['ok', 3]);
    repository.root([old!]);
    expect([await refresh(local, repository), versionOf(local, 'root')]).toEqual(['root: TL_SIGNATURE_INVALID', 3]);
  });

  it.each<[string, (repository: Repository) => void, string]>([
    ['skips a version', (repository) => repository.bump('root'), 'root: TL_ROOT_SKIPPED'],
    ['repeats one', (repository) => { repository.versions['root'] = 1; }, 'root: TL_ROLLBACK'],
    ['is signed twice by one of two', (repository) => { repository.threshold = 2; repository.keys['root'] = [...repository.keys['root']!, newKey()]; }, 'root: TL_THRESHOLD_NOT_MET'],
  ])('refuses a root that %s', async (_, change, expected) => {
    const { repository, local } = start();
    const [first] = repository.keys['root']!;
    change(repository);
    repository.root([first!, first!]);
    expect(await refresh(local, repository)).toBe(expected);
    expect(versionOf(local, 'root')).toBe(1);
  });

  it('counts one key under two ids once', async () => {
    const repository = new Repository();
    const [key] = repository.keys['root']!;
    repository.keys['root'] = [key!, { ...key!, id: 'another' }];
    repository.threshold = 2;
    repository.root();
    expect(() => openFirstRoot(repository.roots[0]!)).toThrow('TL_THRESHOLD_NOT_MET');
  });

  it.each(['timestamp', 'snapshot', 'targets'])('never takes an older %s', async (name) => {
    const { repository, local } = start();
    repository.versions = { root: 2, timestamp: 3, snapshot: 3, targets: 3, role: 1 };
    expect(await refresh(local, repository)).toBe('ok');
    repository.bump('timestamp', ...(name === 'targets' ? ['snapshot'] : []));
    repository.versions[name] = 2;
    // Each is noticed where the older version is first stated.
    expect(await refresh(local, repository)).toBe(name === 'targets' ? 'snapshot: TL_ROLLBACK' : 'timestamp: TL_ROLLBACK');
    expect(versionOf(local, name)).toBe(3);
  });

  it.each(['root', 'timestamp', 'snapshot', 'targets'])('refuses an expired %s: freeze', async (name) => {
    const { repository, local } = start();
    expect(await refresh(local, repository)).toBe('ok');
    repository.bump('targets', 'snapshot', 'timestamp');
    repository.expires[name] = '2026-06-01T00:00:00Z';
    if (name === 'root') repository.root();
    expect(await refresh(local, repository)).toBe(name === 'root' ? 'TL_ROOT_EXPIRED' : `${name}: TL_EXPIRED`);
    expect(await refresh(new Map(local), repository, { at: NOW - 1 })).toBe('ok');
  });

  it('an expired timestamp in hand still holds back older ones', async () => {
    const { repository, local } = start();
    repository.versions['timestamp'] = 5;
    repository.expires['timestamp'] = '2026-06-02T00:00:00Z';
    expect(await refresh(local, repository)).toBe('ok');
    repository.expires = {};
    repository.versions['timestamp'] = 4;
    expect(await refresh(local, repository, { at: NOW + 10 * 86_400_000 })).toBe('timestamp: TL_ROLLBACK');
  });

  it('a file of another version or content is not mixed in', async () => {
    const { repository, local } = start((each) => { each.hashes = true; });
    expect(await refresh(local, repository)).toBe('ok');
    const old = new Map(local);
    repository.bump('targets', 'snapshot', 'timestamp');
    expect(await refresh(local, repository, { file: (name) => (name === 'targets' ? old.get('targets')! : repository.file(name)) })).toBe('targets: TL_NOT_AS_LISTED');
    expect(await refresh(local, repository, { file: (name) => (name === 'snapshot' ? old.get('snapshot')! : repository.file(name)) })).toBe('ok'); // in hand since the last
  });

  it('entries of a snapshot do not disappear', async () => {
    const { repository, local } = start((each) => { each.delegates = true; });
    expect(await refresh(local, repository)).toBe('ok');
    repository.delegates = false;
    repository.bump('snapshot', 'timestamp');
    expect(await refresh(local, repository)).toBe('snapshot: TL_ENTRY_DISAPPEARED');
  });

  it.each(['timestamp', 'snapshot'])('recovers from fast-forward once the keys of %s are rotated', async (name) => {
    const { repository, local } = start();
    repository.versions[name] = 99_999;
    expect(await refresh(local, repository)).toBe('ok');
    repository.versions[name] = 2;
    repository.bump('timestamp');
    expect(await refresh(local, repository)).toBe('timestamp: TL_ROLLBACK');
    repository.keys[name] = [newKey()];
    repository.root();
    expect(await refresh(local, repository)).toBe('ok');
    expect(versionOf(local, 'snapshot')).toBeLessThan(99_999);
  });
});

describe('TUF: delegations', () => {
  it('a role in hand is verified against the one that delegates to it now', async () => {
    const { repository, local } = start((each) => { each.delegates = true; });
    expect(await refresh(local, repository, { target: 'x' })).toBe('ok');
    expect(local.has('role')).toBe(true);
    const stale = repository.file('role');
    repository.keys['role'] = [newKey()];
    repository.bump('targets', 'snapshot', 'timestamp');
    expect(await refresh(local, repository, { target: 'x', file: (name) => (name === 'role' ? stale : repository.file(name)) })).toBe('role: TL_SIGNATURE_INVALID');
    expect(await refresh(local, repository, { target: 'x' })).toBe('ok');
  });
});
