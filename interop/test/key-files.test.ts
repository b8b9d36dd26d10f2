import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openKeyFile, openPfx, type KeyFileError } from '../../packages/node/src/index.js';
import { signs } from '../../packages/node/test/keys/people.js';
import { locateBouncyCastle, runJava } from '../bouncy-castle/locate.js';
import { Openssl, opensslVersion } from './support/openssl-ca.js';

const PASSWORD = 'Zhong-2026';
const CHINESE = '投标口令2026';
const LONG = process.env['HEFU_LONG_TESTS'] === '1';
const code = (act: Promise<unknown>): Promise<string> => act.then(() => 'opened', (error: KeyFileError) => error.code);

const version = opensslVersion();
if (version === undefined) console.warn('SKIPPED: no openssl command; PFX and PKCS #8 made by OpenSSL were not read');

describe.skipIf(version === undefined)(`files of keys that ${version} made`, () => {
  let openssl: Openssl;
  let legacy: boolean;
  const KEYS = {
    SM2: ['-algorithm', 'SM2'], RSA: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], P256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'],
    P384: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'], ED: ['-algorithm', 'ED25519'],
  } as const;

  beforeAll(() => {
    openssl = new Openssl();
    for (const [name, options] of Object.entries(KEYS)) {
      openssl.run('genpkey', ...options, '-out', `${name}.key`);
      openssl.run('req', '-x509', '-new', '-key', `${name}.key`, '-subj', `/CN=${name}`, '-days', '30', ...(name === 'SM2' ? ['-sm3'] : []), '-out', `${name}.crt`);
    }
    legacy = openssl.try('list', '-providers', '-provider', 'legacy').status === 0;
    if (!legacy) console.warn('SKIPPED: this OpenSSL has no legacy provider; PFX by RC2 that OpenSSL made were not read');
  });
  afterAll(() => openssl.close());

  const pfx = (name: keyof typeof KEYS, password: string, ...options: readonly string[]): Uint8Array => {
    openssl.run('pkcs12', '-export', '-inkey', `${name}.key`, '-in', `${name}.crt`, '-name', `key of ${name}`, '-passout', `pass:${password}`, ...options, '-out', 'made.p12');
    return openssl.read('made.p12');
  };

  it.each(Object.keys(KEYS) as (keyof typeof KEYS)[])('PFX around %s: modern, legacy, under a Chinese password and none', async (name) => {
    // How a file is encrypted has nothing to do with the key in it: all ways around one key, the two that differ most around the others.
    const ways = [[PASSWORD, []], [CHINESE, []], ['', []], [PASSWORD, ['-nomac']], [PASSWORD, ['-certpbe', 'NONE', '-macalg', 'sha384']], ...(legacy ? [[PASSWORD, ['-legacy']], [CHINESE, ['-legacy']], ['', ['-legacy']], [PASSWORD, ['-legacy', '-certpbe', 'PBE-SHA1-RC2-128', '-keypbe', 'PBE-SHA1-2DES']]] as const : [])] as const;
    for (const [password, options] of name === 'SM2' || LONG ? ways : ways.filter(([given, [first]]) => given === PASSWORD && (first === undefined || first === '-legacy')).slice(0, 2)) {
      const file = pfx(name, password, ...options);
      const { keys } = await openPfx(file, password);
      expect([name, options, await signs(keys[0]!), keys[0]!.credential.label]).toEqual([name, options, true, `key of ${name}`]);
      if (password !== '') expect(await code(openPfx(file, `${password}.`))).toBe('KEY_PASSWORD_WRONG');
    }
  });

  it('PFX by SM4 with a MAC by SM3', async () => {
    if (openssl.try('pkcs12', '-export', '-inkey', 'SM2.key', '-in', 'SM2.crt', '-keypbe', 'SM4-CBC', '-certpbe', 'SM4-CBC', '-macalg', 'sm3', '-passout', `pass:${PASSWORD}`, '-out', 'gm.p12').status !== 0) {
      console.warn('SKIPPED: this OpenSSL writes no PFX by SM4');
      return;
    }
    expect(await signs((await openPfx(openssl.read('gm.p12'), PASSWORD)).keys[0]!)).toBe(true);
    expect(await code(openPfx(openssl.read('gm.p12'), 'wrong'))).toBe('KEY_PASSWORD_WRONG');
  });

  it.each(Object.keys(KEYS))('PKCS #8 around %s: every PRF and cipher, scrypt, in the clear', async (name) => {
    const options = [['-v2', 'aes-256-cbc'], ['-v2', 'aes-192-cbc', '-v2prf', 'hmacWithSHA512'], ['-v2', 'aes-128-cbc', '-v2prf', 'hmacWithSHA1'], ['-v2', 'des3', '-v2prf', 'hmacWithSHA224'], ['-v2', 'sm4-cbc', '-v2prf', 'hmacWithSHA384'], ['-scrypt'], ['-v1', 'PBE-SHA1-3DES']];
    for (const each of name === 'SM2' || LONG ? options : options.slice(0, 1)) {
      openssl.run('pkcs8', '-topk8', '-in', `${name}.key`, ...each, '-passout', `pass:${PASSWORD}`, '-out', 'made.p8');
      const open = (password: string) => openKeyFile(openssl.read('made.p8'), { password, certificates: [openssl.read(`${name}.crt`)] });
      expect([each, await signs((await open(PASSWORD)).keys[0]!)]).toEqual([each, true]);
      expect([each, await code(open('wrong'))]).toEqual([each, 'KEY_PASSWORD_WRONG']);
    }
    expect(await signs((await openKeyFile({ path: openssl.at(`${name}.key`) }, { certificates: [{ path: openssl.at(`${name}.crt`) }] })).keys[0]!)).toBe(true);
  });
});

const bouncyCastle = locateBouncyCastle(['bcprov', 'bcpkix', 'bcutil']);
if (bouncyCastle === undefined) console.warn('SKIPPED: no Java 11+ with Bouncy Castle (interop/install.sh); its PFX around SM2 keys were not read');

describe.skipIf(bouncyCastle === undefined)('PFX around SM2 keys that Bouncy Castle made', () => {
  let folder: string;
  const STORES = ['PKCS12', 'PKCS12-3DES-3DES'];
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-bc-pfx-'));
    expect(runJava(bouncyCastle!, 'Pfx.java', STORES.map((store) => `${folder} ${store} ${store} ${PASSWORD}`))).toEqual(STORES.map(() => 'ok'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

  // Bouncy Castle derives with 51,200 iterations, several times over.
  it.each(STORES)('%s: BER, the chain in order', async (store) => {
    const { keys } = await openPfx(file(`${store}.pfx`), PASSWORD);
    expect(keys[0]!.credential).toMatchObject({ label: 'the key', chain: [file('leaf.der'), file('root.der')], algorithms: [{ name: 'SM2-SM3' }] });
    expect(await signs(keys[0]!)).toBe(true);
  });
  it('and no other password', async () => {
    expect(await code(openPfx(file('PKCS12.pfx'), 'wrong'))).toBe('KEY_PASSWORD_WRONG');
  });
});
