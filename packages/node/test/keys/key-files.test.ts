import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { sm3 } from '@hefu/crypto';
import { encodePem, integer, octetString, oid, nullValue, sequence, explicit } from '@hefu/pki';
import { createSoftAdapter } from '@hefu/sign';
import { KEY_FILE_ERRORS, KeyFileError, keyFileAdapter, openKeyFile, openPfx, type OpenKeyFileOptions } from '../../src/index.js';
import { pbkdf2InSoftware, pkcs12Derive, derivationBudget } from '../../src/keys/derivation.js';
import { credential } from '../../../sign/test/certificates.js';
import { buildPfx, encryptedPkcs8, type Protection } from './build-pfx.js';
import { above, company, signs } from './people.js';

const PASSWORD = 'Zhong-2026-密码';
const codeOf = async (act: Promise<unknown>): Promise<string> => act.then(() => 'opened', (error: unknown) => (error instanceof KeyFileError ? error.code : `foreign: ${String(error)}`));
const text = (octets: string): Uint8Array => new TextEncoder().encode(octets);
const KINDS = ['RSA-2048', 'P-256'] as const;
const sm2 = company('SM2');
const open = (file: Uint8Array, options: OpenKeyFileOptions = {}) => openKeyFile(file, { certificates: [sm2.sign.certificate], ...options });
/** PKCS #8 around the content of another one, with another algorithm. */
const d = sm2.sign.key.pkcs8Der.subarray(36, 68);
const pkcs8 = (algorithm: Uint8Array, content: Uint8Array): Uint8Array => sequence(integer(0), algorithm, octetString(content));
const SM2_OID = oid('1.2.156.10197.1.301');
const EC_SM2 = sequence(oid('1.2.840.10045.2.1'), SM2_OID);

describe('PKCS #8 and its relatives', () => {
  it.each(['RSA', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const)('%s: in the clear and encrypted, and it signs for its certificate and no other', async (kind) => {
    const { certificate, privateKey } = credential(kind);
    const other = credential(kind).certificate;
    const clear = new Uint8Array(privateKey!.export({ format: 'der', type: 'pkcs8' }));
    const sealed = privateKey!.export({ format: 'pem', type: 'pkcs8', cipher: 'aes-256-cbc', passphrase: PASSWORD }) as string;
    for (const [file, password] of [[clear, undefined], [text(encodePem('PRIVATE KEY', clear)), undefined], [text(Buffer.from(clear).toString('base64')), undefined], [text(sealed), PASSWORD]] as const) {
      const { keys } = await openKeyFile(file, { certificates: [certificate.bytes], ...(password === undefined ? {} : { password }) });
      expect(await signs(keys[0]!)).toBe(true);
      expect(await signs(keys[0]!, other)).toBe(false);
    }
    expect(await codeOf(openKeyFile(clear, { certificates: [other.bytes] }))).toBe('KEY_CERTIFICATE_MISSING');
  });

  it('SM2 under either OID, with curve and public point or without, with leading zeros left out or one too many', async () => {
    const full = sequence(integer(1), octetString(d), explicit(0, SM2_OID));
    const forms = {
      'id-ecPublicKey': sm2.sign.key.pkcs8Der,
      'OID of the curve': pkcs8(sequence(SM2_OID), full),
      'OID of the curve, NULL': pkcs8(sequence(SM2_OID, nullValue()), full),
      'without public point': pkcs8(EC_SM2, sequence(integer(1), octetString(d))),
      'zero before': pkcs8(EC_SM2, sequence(integer(1), octetString(Uint8Array.of(0, ...d)))),
    };
    for (const [form, file] of Object.entries(forms)) expect([form, await signs((await open(file)).keys[0]!)]).toEqual([form, true]);
    expect(await signs((await open(text(encodePem('EC PRIVATE KEY', full)))).keys[0]!)).toBe(true);
    expect(await signs((await open(full)).keys[0]!)).toBe(true);
  });

  it('refuses SM2 keys that contradict themselves', async () => {
    const other = company('SM2', 1).sign.key.pkcs8Der;
    const cases: Readonly<Record<string, readonly [Uint8Array, string]>> = {
      'the point of another key': [pkcs8(EC_SM2, sequence(integer(1), octetString(d), explicit(1, other.subarray(-68)))), 'KEY_INVALID'],
      zero: [pkcs8(EC_SM2, sequence(integer(1), octetString(new Uint8Array(32)))), 'KEY_INVALID'],
      'above the order': [pkcs8(EC_SM2, sequence(integer(1), octetString(new Uint8Array(32).fill(0xff)))), 'KEY_INVALID'],
      'too long': [pkcs8(EC_SM2, sequence(integer(1), octetString(Uint8Array.of(1, ...d)))), 'KEY_INVALID'],
      'of P-256 inside': [pkcs8(EC_SM2, sequence(integer(1), octetString(d), explicit(0, oid('1.2.840.10045.3.1.7')))), 'KEY_INVALID'],
      'no EC key inside': [pkcs8(EC_SM2, octetString(d)), 'KEY_FILE_DAMAGED'],
      'with something after': [pkcs8(EC_SM2, sequence(integer(1), octetString(d), nullValue())), 'KEY_FILE_DAMAGED'],
      'no curve named': [sequence(integer(1), octetString(d)), 'KEY_UNSUPPORTED'],
      secp256k1: [new Uint8Array(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey.export({ format: 'der', type: 'pkcs8' })), 'KEY_UNSUPPORTED'],
      X25519: [new Uint8Array(generateKeyPairSync('x25519').privateKey.export({ format: 'der', type: 'pkcs8' })), 'KEY_UNSUPPORTED'],
    };
    for (const [name, [file, code]] of Object.entries(cases)) expect([name, await codeOf(open(file))]).toEqual([name, code]);
  });

  it('refuses an EC key whose public part is of another', async () => {
    const [one, two] = [credential('P-256'), credential('P-256')].map(({ privateKey }) => new Uint8Array(privateKey!.export({ format: 'der', type: 'pkcs8' })));
    const torn = Uint8Array.from(one!);
    torn.set(two!.subarray(-64), torn.length - 64);
    expect(await codeOf(openKeyFile(torn))).toMatch(/KEY_INVALID|KEY_UNSUPPORTED/);
  });

  it('PKCS #1 and RFC 5915, and keys in one PEM file with their chain', async () => {
    const rsa = credential('RSA');
    expect(await signs((await openKeyFile(text(rsa.privateKey!.export({ format: 'pem', type: 'pkcs1' }) as string), { certificates: [rsa.certificate.bytes] })).keys[0]!)).toBe(true);
    const p256 = credential('P-256');
    expect(await signs((await openKeyFile(new Uint8Array(p256.privateKey!.export({ format: 'der', type: 'sec1' })), { certificates: [p256.certificate.bytes] })).keys[0]!)).toBe(true);
    const bundle = [sm2.sign.certificate, ...above(sm2)].map((der) => encodePem('CERTIFICATE', der)).join('') + encodePem('PRIVATE KEY', sm2.sign.key.pkcs8Der);
    const { keys, otherCertificates } = await openKeyFile(bundle);
    expect(keys[0]!.credential.chain).toEqual([sm2.sign.certificate, ...above(sm2)]);
    expect(otherCertificates).toEqual(above(sm2));
  });

  it.each(['aes-256', 'aes-128-sha1', 'sm4', 'sm4-gm', '3des', '2des', 'rc2-128', 'rc2-40'] as const)('encrypted by %s: opened by the right password, and by no other', async (protection) => {
    const file = encryptedPkcs8(PASSWORD, protection, sm2.sign.key.pkcs8Der);
    expect(await signs((await open(file, { password: PASSWORD })).keys[0]!)).toBe(true);
    for (const wrong of ['', 'zhong-2026-密码', `${PASSWORD} `]) expect(await codeOf(open(file, { password: wrong }))).toBe('KEY_PASSWORD_WRONG');
    expect(await codeOf(open(file))).toBe('KEY_PASSWORD_NEEDED');
  });

  it('what is no key file, or another kind, is told as that', async () => {
    const clear = sm2.sign.key.pkcs8Der;
    const cases: Readonly<Record<string, readonly [Uint8Array, string]>> = {
      empty: [new Uint8Array(0), 'KEY_FILE_INVALID'],
      'a text': [text('dear reader'), 'KEY_FILE_INVALID'],
      'a certificate': [sm2.sign.certificate, 'KEY_FILE_INVALID'],
      'certificates in PEM': [text(encodePem('CERTIFICATE', sm2.sign.certificate)), 'KEY_MISSING'],
      'a public key': [sm2.sign.key.spkiDer, 'KEY_FILE_INVALID'],
      'cut off': [clear.subarray(0, 100), 'KEY_FILE_DAMAGED'],
      'with more after it': [Uint8Array.of(...clear, 0), 'KEY_FILE_DAMAGED'],
      'PEM that is not base64': [text('-----BEGIN PRIVATE KEY-----\n!!!!\n-----END PRIVATE KEY-----\n'), 'KEY_FILE_DAMAGED'],
      'two keys': [text(encodePem('PRIVATE KEY', clear) + encodePem('PRIVATE KEY', clear)), 'KEY_FILE_INVALID'],
      'PEM of another age': [text(createPrivateKey({ key: Buffer.from(credential('P-256').privateKey!.export({ format: 'der', type: 'pkcs8' })), format: 'der', type: 'pkcs8' }).export({ format: 'pem', type: 'sec1', cipher: 'aes-128-cbc', passphrase: 'x' }) as string), 'KEY_ENCRYPTION_UNSUPPORTED'],
      'too large': [new Uint8Array(1024 * 1024 + 1), 'KEY_FILE_TOO_LARGE'],
    };
    for (const [name, [file, code]] of Object.entries(cases)) expect([name, await codeOf(open(file, { password: PASSWORD }))]).toEqual([name, code]);
  });

  it('asks for no endless work, and stops when told', async () => {
    const file = encryptedPkcs8(PASSWORD, '3des', sm2.sign.key.pkcs8Der, 60_000);
    expect(await codeOf(open(file, { password: PASSWORD, maxKdfIterations: 59_999 }))).toBe('KEY_DERIVATION_TOO_COSTLY');
    expect(await codeOf(open(file, { password: PASSWORD, signal: AbortSignal.abort() }))).toBe('KEY_ABORTED');
    const abort = new AbortController();
    const running = open(file, { password: () => { setImmediate(() => abort.abort()); return PASSWORD; }, signal: abort.signal });
    expect(await codeOf(running)).toBe('KEY_ABORTED');
  });

  it('derives as node:crypto does, where it does', async () => {
    const parameters = { salt: text('salt'), iterations: 20_000, length: 40 };
    const { pbkdf2Sync } = await import('node:crypto');
    expect(Buffer.from(await pbkdf2InSoftware(sm3, text('p'), { ...parameters, iterations: 100 }, { signal: undefined }))).toEqual(pbkdf2Sync('p', 'salt', 100, 40, 'sm3'));
    const derived = await pkcs12Derive('SHA-1', 1, text('\0p\0\0'), parameters, derivationBudget(1_000_000));
    expect(derived).toHaveLength(40);
  });
});

describe('PFX', () => {
  const build = (change: Partial<Parameters<typeof buildPfx>[0]> = {}): Uint8Array => buildPfx({
    keys: [{ pkcs8: sm2.sign.key.pkcs8Der, localKeyId: Uint8Array.of(1), name: '投标签名' }],
    certificates: [...above(sm2)].reverse().map((der) => ({ der })).concat([{ der: sm2.sign.certificate, localKeyId: Uint8Array.of(1) } as never]),
    password: PASSWORD, ...change,
  });

  it.each([
    ['aes-256', 'aes-256', 'sha256'], ['aes-256', 'aes-128-sha1', 'pbmac1'], ['3des', 'rc2-40', 'sha1'], ['3des', 'rc2-128', 'sha1'], ['2des', '3des', 'sha1'], ['sm4', 'sm4-gm', 'sha256'], ['none', 'none', 'sha1'], ['3des', 'none', 'none'],
  ] as readonly (readonly [Protection, Protection, 'sha1'])[])('keys by %s, certificates by %s, MAC %s: an SM2 key with its chain in order', async (keyProtection, certificateProtection, mac) => {
    const opened = await openPfx(build({ keyProtection, certificateProtection, mac }), PASSWORD);
    expect(opened.keys).toHaveLength(1);
    expect(opened.keys[0]!.credential).toMatchObject({ label: '投标签名', chain: [sm2.sign.certificate, ...above(sm2)], algorithms: [{ name: 'SM2-SM3' }] });
    expect(await signs(opened.keys[0]!)).toBe(true);
    if (mac !== ('none' as never)) expect(await codeOf(openPfx(build({ keyProtection, certificateProtection, mac }), 'wrong'))).toBe('KEY_PASSWORD_WRONG');
  });

  it.each(KINDS)('%s keys', async (kind) => {
    const one = company(kind);
    const { keys } = await openPfx(build({ keys: [{ pkcs8: one.sign.key.pkcs8Der }], certificates: [{ der: one.sign.certificate }], keyProtection: '3des', certificateProtection: 'rc2-40', mac: 'sha1' }), PASSWORD);
    expect(await signs(keys[0]!)).toBe(true);
  });

  it('several keys, each with the certificate of its public key, whatever localKeyID says', async () => {
    const people = [company('SM2'), company('SM2', 1), company('RSA-2048')];
    const file = build({
      keys: people.map(({ sign }, i) => ({ pkcs8: sign.key.pkcs8Der, localKeyId: Uint8Array.of(i) })),
      certificates: people.map(({ sign }, i) => ({ der: sign.certificate, localKeyId: Uint8Array.of(2 - i) })).reverse(),
    });
    const { keys } = await openPfx(file, PASSWORD);
    expect(keys.map(({ credential: { chain } }) => chain[0])).toEqual(people.map(({ sign }) => sign.certificate));
    for (const key of keys) expect(await signs(key)).toBe(true);
    expect(new Set(keys.map(({ credential: { ref } }) => ref)).size).toBe(3);
  });

  it('two certificates of one key are two credentials, the marked one first', async () => {
    const pair = credential('SM2', { seed: 3 });
    const renewed = credential('SM2', { seed: 3, keyUsage: [0] });
    const key = pkcs8(EC_SM2, sequence(integer(1), octetString(pair.d!)));
    const file = build({ keys: [{ pkcs8: key, localKeyId: Uint8Array.of(9) }], certificates: [{ der: pair.certificate.bytes, localKeyId: Uint8Array.of(8) }, { der: renewed.certificate.bytes, localKeyId: Uint8Array.of(9) }] });
    const { keys } = await openPfx(file, PASSWORD);
    expect(keys.map(({ credential: { chain } }) => chain[0])).toEqual([renewed.certificate.bytes, pair.certificate.bytes]);
  });

  it('keys that cannot be used are named beside those that can', async () => {
    const strange = new Uint8Array(generateKeyPairSync('x25519').privateKey.export({ format: 'der', type: 'pkcs8' }));
    const opened = await openPfx(build({ keys: [{ pkcs8: sm2.sign.key.pkcs8Der }, { pkcs8: strange, name: 'x' }, { pkcs8: company('SM2', 1).sign.key.pkcs8Der, name: 'lone' }] }), PASSWORD);
    expect(opened.keys).toHaveLength(1);
    expect(opened.unusable.map(({ label, error }) => [label, error.code])).toEqual([['x', 'KEY_UNSUPPORTED'], ['lone', 'KEY_CERTIFICATE_MISSING']]);
  });

  it('a wrong password is told from a damaged file, wherever the damage is', async () => {
    const file = build({ keyProtection: '3des', certificateProtection: 'rc2-40', mac: 'sha1' });
    expect(await codeOf(openPfx(file, 'wrong'))).toBe('KEY_PASSWORD_WRONG');
    const right: Record<string, number> = {};
    for (let at = 4; at < file.length; at += 13) {
      const damaged = Uint8Array.from(file);
      damaged[at]! ^= 0x20;
      const code = await codeOf(openPfx(damaged, PASSWORD));
      right[code] = (right[code] ?? 0) + 1;
      expect(['KEY_FILE_DAMAGED', 'KEY_FILE_INVALID', 'KEY_ENCRYPTION_UNSUPPORTED', 'KEY_DERIVATION_TOO_COSTLY', 'KEY_FILE_TOO_LARGE']).toContain(code);
    }
    expect(right['KEY_FILE_DAMAGED']).toBeGreaterThan(40);
    expect(await codeOf(openPfx(file.subarray(0, -40), PASSWORD))).toBe('KEY_FILE_DAMAGED');
  });

  it('an empty password is read in both ways, and a missing one asked for', async () => {
    expect(await signs((await openPfx(build({ password: '' }), '')).keys[0]!)).toBe(true);
    expect(await codeOf(openKeyFile(build()))).toBe('KEY_PASSWORD_NEEDED');
    expect(await codeOf(openPfx(build(), ''))).toBe('KEY_PASSWORD_WRONG');
  });

  it('what is not read is named', async () => {
    expect(await codeOf(openPfx(build({ integrity: 'public-key', mac: 'none' }), PASSWORD))).toBe('KEY_ENCRYPTION_UNSUPPORTED');
    expect(await codeOf(openPfx(build({ mac: 'pbmac1', macKeyLength: 4 }), PASSWORD))).toBe('KEY_ENCRYPTION_UNSUPPORTED');
    expect(await openPfx(build({ encryptionPassword: 'another' }), PASSWORD).catch((error: KeyFileError) => [error.code, error.detail])).toEqual(['KEY_ENCRYPTION_UNSUPPORTED', 'two-passwords']);
    expect(await codeOf(openPfx(build({ keys: [] }), PASSWORD))).toBe('KEY_MISSING');
    expect(await codeOf(openPfx(build({ certificates: [] }), PASSWORD))).toBe('KEY_CERTIFICATE_MISSING');
    expect(await codeOf(openPfx(sm2.sign.key.pkcs8Der, PASSWORD))).toBe('KEY_FILE_INVALID');
    expect(await codeOf(openPfx(build({ iterations: 2_000 }), PASSWORD, { maxKdfIterations: 1_999 }))).toBe('KEY_DERIVATION_TOO_COSTLY');
  });

  it('whatever octets: a KeyFileError, soon', async () => {
    const file = build({ iterations: 1 });
    await fc.assert(fc.asyncProperty(fc.array(fc.tuple(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 })), { minLength: 1, maxLength: 4 }), async (changes) => {
      const damaged = Uint8Array.from(file);
      for (const [at, by] of changes) damaged[at]! ^= by;
      expect(await codeOf(openPfx(damaged, PASSWORD, { maxKdfIterations: 10_000 }))).toMatch(/^(KEY_[A-Z_]+|opened)$/);
    }), { numRuns: 150 });
  });
});

describe('secrets', () => {
  it('stand in no error, and a wiped key signs no more', async () => {
    const file = buildPfx({ keys: [{ pkcs8: sm2.sign.key.pkcs8Der }], certificates: [{ der: sm2.sign.certificate }], password: PASSWORD });
    const sealed = encryptedPkcs8(PASSWORD, '3des', sm2.sign.key.pkcs8Der);
    for (const act of [() => openPfx(file, 'secret-but-wrong'), () => openKeyFile(sealed, { password: 'secret-but-wrong' })]) {
      const error = await act().then(() => undefined, (thrown: unknown) => thrown as KeyFileError);
      for (let each: unknown = error; each instanceof Error; each = each.cause) expect(`${each.message} ${each.stack}`).not.toContain('secret-but-wrong');
    }
    const opened = await openPfx(file, PASSWORD);
    expect(JSON.stringify(opened.keys)).not.toContain(Buffer.from(d).toString('hex'));
    opened.wipe();
    expect(() => opened.keys[0]!.sign({ kind: 'sm2-e', value: new Uint8Array(32), id: new Uint8Array(0) }, 'SM2-SM3')).toThrowError(expect.objectContaining({ code: 'NO_USABLE_CREDENTIAL' }));
  });

  it('refuses forms of input it would have to hash by itself', async () => {
    const { keys } = await open(sm2.sign.key.pkcs8Der);
    expect(() => keys[0]!.sign({ kind: 'tbs', digest: 'SM3', value: new Uint8Array(3) }, 'SM2-SM3')).toThrowError(expect.objectContaining({ code: 'ALGORITHM_UNSUPPORTED' }));
    expect(keyFileAdapter(keys).info).toMatchObject({ id: 'key-file', kind: 'pfx', runtime: ['node'] });
    expect(createSoftAdapter({ keys }).info.kind).toBe('soft');
  });

  it('every code has words in both languages', () => {
    for (const { message, remedy } of Object.values(KEY_FILE_ERRORS)) for (const words of [message, remedy]) expect([/[\u4e00-\u9fff]/.test(words.zh), /^[\x20-\x7e]+$/.test(words.en)]).toEqual([true, true]);
  });

  it('files are read from disk, bounded', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hefu-keys-'));
    try {
      const path = join(folder, 'key.pfx');
      await writeFile(path, buildPfx({ keys: [{ pkcs8: sm2.sign.key.pkcs8Der }], certificates: [{ der: sm2.sign.certificate }], password: PASSWORD }));
      expect(await signs((await openPfx({ path }, PASSWORD)).keys[0]!)).toBe(true);
      await expect(openPfx({ path: join(folder, 'none') }, PASSWORD)).rejects.toMatchObject({ code: 'FILE_NOT_FOUND' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
