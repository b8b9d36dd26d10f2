import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCscProvider, createWorld, CSC_PIN, CSC_SERVICE_TOKEN, serveProvider, type CscProvider, type ServedProvider } from '../../packages/sandbox/dist/index.js';
import { Openssl, opensslVersion } from './support/openssl-ca.js';
import { pythonWith, versionOf } from './support/python.js';

const python = pythonWith('pyhanko', 'aiohttp');
const openssl = opensslVersion();
if (python === undefined || openssl === undefined) console.warn(`SKIPPED: ${python === undefined ? 'no Python with pyHanko (interop/install.sh --python)' : 'no openssl command'}; pyHanko's CSC client is not tried on the sandbox`);

const SCRIPT = fileURLToPath(new URL('../pyhanko/sign_cms.py', import.meta.url));
const AT = Date.now();

describe.skipIf(python === undefined || openssl === undefined)(`pyHanko ${python === undefined ? '' : versionOf(python, 'pyHanko')} at the sandbox`, () => {
  let csc: CscProvider;
  let provider: ServedProvider;
  let folder: Openssl;
  beforeAll(async () => {
    csc = createCscProvider();
    provider = await serveProvider(createWorld({ seed: 'pyhanko', at: AT }), { facades: csc.facades, now: () => Date.now() });
    folder = new Openssl();
  });
  afterAll(async () => {
    folder?.close();
    await provider?.close();
  });

  it.each([['RSA-2048'], ['P-256']] as const)('signs a batch with %s, and OpenSSL verifies it', async (kind) => {
    const key = provider.hsm.keys.find((each) => each.kind === kind && each.company.state === 'good')!;
    const files = ['1', '2', '3'].map((name) => `${kind}-${name}.txt`);
    for (const file of files) folder.write(file, new TextEncoder().encode(`投标文件 ${file}\n`));
    folder.write(`${kind}.pem`, pem(key.chain.at(-1)!));
    folder.write(`${kind}-chain.pem`, key.chain.slice(1).map((der) => new TextDecoder().decode(pem(der))).join(''));
    // Not synchronously: the provider it talks to is in this process.
    await promisify(execFile)(python!, [SCRIPT, provider.baseUrl, CSC_SERVICE_TOKEN, CSC_PIN, key.id, ...files.map((file) => folder.at(file))]);
    expect(csc.made.filter(({ credentialID }) => credentialID === key.id)).toHaveLength(3);
    const verify = (content: string, message: string): boolean => folder.try('cms', '-verify', '-binary', '-inform', 'DER', '-in', message, '-content', content, '-CAfile', `${kind}.pem`, '-certfile', `${kind}-chain.pem`, '-purpose', 'any', '-attime', String(Math.floor(AT / 1000)), '-out', 'verified').status === 0;
    for (const file of files) expect(verify(file, `${file}.p7s`)).toBe(true);
    expect(verify(files[1]!, `${files[0]!}.p7s`)).toBe(false);
  });
});

function pem(der: Uint8Array): Uint8Array {
  return new TextEncoder().encode(`-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`);
}
