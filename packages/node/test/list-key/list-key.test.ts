import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { updateTrustList, signList } from '@hefu/trust-list';
import { createListKey, ListKeyError, nodeAlgorithms, readListKey } from '../../src/index.js';
import { buildPfx } from '../keys/build-pfx.js';
import { company } from '../keys/people.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const PASS = 'correct horse battery';
const code = async (act: Promise<unknown>): Promise<string> => act.then(() => 'none', (error: unknown) => (error instanceof ListKeyError ? error.code : String(error)));
const OTHER = generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as Readonly<Record<string, unknown>>;
const LIST = { type: 'list', spec: '1.0', listId: '42', sequence: 1, issued: '2026-05-01T00:00:00Z', nextUpdate: '2026-08-01T00:00:00Z', operator: { name: { zh: '测' } }, territory: ['420000'], services: [{ id: 'urn:x', kind: 'ca', name: { zh: '测' }, anchors: [{ spkiSha256: '00'.repeat(32), mode: 'root' }], status: [{ status: 'granted', since: '2026-05-01T00:00:00Z', recorded: 1 }] }] };

describe('keys that sign lists', () => {
  it.each(['ES256', 'ES384', 'EdDSA', 'PS256', 'SM2-SM3'] as const)('%s: made, kept under a passphrase, read, and what it signs is accepted', async (alg) => {
    const { file, jwk } = await createListKey(alg, PASS);
    expect(file).not.toContain('"d"');
    expect(jwk).not.toHaveProperty('d');
    const { signer, unprotected } = await readListKey(bytes(file), async () => PASS);
    expect([signer.jwk, signer.alg, unprotected]).toEqual([jwk, alg, false]);
    const envelope = await signList(bytes(JSON.stringify(LIST)), [signer]);
    const update = (key: Readonly<Record<string, unknown>>) => updateTrustList(undefined, envelope, { role: { keys: [{ jwk: key, org: 'a' }], threshold: 1 }, algorithms: nodeAlgorithms(), at: Date.UTC(2026, 5, 1) });
    expect((await update(jwk)).outcome).toBe('accepted');
    expect((await update(OTHER)).outcome).toBe('refused');
  });

  it('tells a wrong passphrase and a damaged file, and asks for no endless work', async () => {
    const { file } = await createListKey('SM2-SM3', PASS);
    for (const [text, pass] of [[file, `${PASS}.`], [file.replace(/\..{4}/, '.AAAA'), PASS]] as const) expect(await code(readListKey(bytes(text), async () => pass))).toBe('KEY_PASSPHRASE_WRONG');
    const [header, ...rest] = file.split('.');
    const slow = Buffer.from(JSON.stringify({ ...(JSON.parse(Buffer.from(header!, 'base64url').toString()) as object), p2c: 2_000_000_000 })).toString('base64url');
    expect(await code(readListKey(bytes([slow, ...rest].join('.')), async () => PASS))).toBe('KEY_PASSPHRASE_WRONG');
  });

  it('reads PKCS #8 that node:crypto wrote, encrypted or not', async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const encrypted = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: PASS }) as string;
    expect(await readListKey(bytes(encrypted), async () => PASS)).toMatchObject({ unprotected: false, signer: { alg: 'ES256' } });
    expect(await code(readListKey(bytes(encrypted), async () => 'another'))).toBe('KEY_PASSPHRASE_WRONG');
    expect(await readListKey(bytes(privateKey.export({ type: 'pkcs8', format: 'pem' }) as string), async () => PASS)).toMatchObject({ unprotected: true });
  });

  it('reads SM2 keys in PKCS #8 and PFX, and a PFX of one key only', async () => {
    const [one, two] = [company('SM2'), company('SM2', 1)];
    const clear = await readListKey(one.sign.key.pkcs8Der, async () => Promise.reject(new Error('asked for a passphrase')));
    expect(clear).toMatchObject({ unprotected: true, signer: { alg: 'SM2-SM3' } });
    const pfx = (people: readonly (typeof one)[]) => buildPfx({ keys: people.map(({ sign }) => ({ pkcs8: sign.key.pkcs8Der })), certificates: [], password: PASS, keyProtection: '3des', mac: 'sha1' });
    expect(await readListKey(pfx([one]), async () => PASS)).toMatchObject({ unprotected: false, signer: { alg: 'SM2-SM3', jwk: clear.signer.jwk } });
    expect(await code(readListKey(pfx([one]), async () => 'another'))).toBe('KEY_PASSPHRASE_WRONG');
    expect(await code(readListKey(pfx([one, two]), async () => PASS))).toBe('KEY_FILE_INVALID');
    const envelope = await signList(bytes(JSON.stringify(LIST)), [clear.signer]);
    expect((await updateTrustList(undefined, envelope, { role: { keys: [{ jwk: clear.signer.jwk, org: 'a' }], threshold: 1 }, algorithms: nodeAlgorithms(), at: Date.UTC(2026, 5, 1) })).outcome).toBe('accepted');
  });

  it('refuses short passphrases, public keys, torn pairs and what is no key', async () => {
    expect(await code(createListKey('SM2-SM3', 'short'))).toBe('KEY_PASSPHRASE_WEAK');
    const { jwk } = await createListKey('SM2-SM3', PASS);
    const never = async (): Promise<string> => Promise.reject(new Error('asked for a passphrase'));
    expect(await code(readListKey(bytes(JSON.stringify(jwk)), never))).toBe('KEY_FILE_INVALID');
    expect(await code(readListKey(bytes(JSON.stringify({ ...jwk, d: Buffer.alloc(32, 7).toString('base64url') })), never))).toBe('KEY_FILE_INVALID');
    const brainpool = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ type: 'pkcs8', format: 'pem' }) as string;
    for (const file of ['', 'hello', '{"kty":"oct","k":"AA","d":"x"}', brainpool, '{']) expect(await code(readListKey(bytes(file), never))).toBe('KEY_FILE_INVALID');
  });
});
