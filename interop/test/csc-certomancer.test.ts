import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cscAdapter, CSC_QUIRKS } from '../../packages/cloud/dist/index.js';
import { nodeAlgorithms } from '../../packages/node/dist/index.js';
import { parseCertificate } from '../../packages/pki/dist/index.js';
import { assembleSignature, prepareSignature, release, type AdapterEvent, type BeginRequest, type Credential } from '../../packages/sign/dist/index.js';
import { adapterContext } from '../../packages/cloud/test/context.js';
import { Openssl, opensslVersion } from './support/openssl-ca.js';
import { pythonWith, versionOf } from './support/python.js';

const python = pythonWith('csc_dummy');
const openssl = opensslVersion();
if (python === undefined || openssl === undefined) console.warn(`SKIPPED: ${python === undefined ? 'no Python with certomancer-csc-dummy (interop/install.sh --python)' : 'no openssl command'}; the CSC adapter is not tried on a foreign server`);

const algorithms = nodeAlgorithms();
const KEYS = { rsa: ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'], p256: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'], p384: ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-384'] } as const;

describe.skipIf(python === undefined || openssl === undefined)(`the CSC adapter at certomancer-csc-dummy ${python === undefined ? '' : versionOf(python, 'certomancer-csc-dummy')}`, () => {
  let folder: Openssl;
  let server: ChildProcess;
  let baseUrl: string;
  beforeAll(async () => {
    folder = new Openssl();
    for (const [name, options] of [['root', KEYS.rsa], ...Object.entries(KEYS)] as const) folder.run('genpkey', ...options, '-out', `${name}.pem`);
    folder.write('certomancer.yml', CONFIGURATION);
    const port = await freePort();
    server = spawn(python!, ['-m', 'csc_dummy', 'certomancer.yml', String(port), '2'], { cwd: folder.folder, stdio: 'ignore' });
    baseUrl = `http://127.0.0.1:${port}/csc/v1`;
    for (let tries = 0; tries < 200; tries++) {
      if ((await fetch(`${baseUrl}/info`, { method: 'POST', body: '{}' }).catch(() => undefined))?.ok === true) return;
      await wait(100);
    }
    throw new Error('the server does not answer');
  });
  afterAll(() => {
    server?.kill();
    folder?.close();
  });

  it.each([['rsa'], ['p256'], ['p384']] as const)('signs a batch with %s in one authorisation, and OpenSSL verifies it', async (name) => {
    const context = adapterContext();
    const adapter = cscAdapter({ fetch: (url, init) => fetch(url, init), baseUrl, quirks: CSC_QUIRKS.certomancer, tokens: { service: async () => 'not-looked-at' } });
    const credential = (await adapter.listCredentials({ limit: 50 }, context)).find(({ ref }) => ref === `hefu/${name}`)!;
    expect(credential).toMatchObject({ keyStatus: 'enabled', hashBound: true, maxPerAuthorisation: 10, auth: { factor: 'push' } });
    const contents = [1, 2, 3].map((n) => new TextEncoder().encode(`投标文件 ${n}\n`));
    const prepared = contents.map((content) => prepareSignature({ certificate: parseCertificate(credential.chain[0]!), chain: credential.chain.slice(1), content, algorithms }));
    const session = await adapter.begin(requestOf(credential, prepared.map(({ toBeSigned }) => toBeSigned.digest!)), context);
    const events: AdapterEvent[] = [];
    for await (const event of session.run({ signal: context.signal, ask: () => Promise.reject(new Error('nothing is to be asked')), show: () => undefined })) events.push(event);
    const returned = events.flatMap((event) => (event.type === 'signatures' ? event.signatures : []));
    const { released, refused } = await release({ awaited: prepared.map((each, index) => ({ itemId: `i${index}`, prepared: each })), returned });
    expect(refused).toEqual([]);
    folder.write(`${name}-root.pem`, pem(credential.chain.at(-1)!));
    for (const [index, content] of contents.entries()) {
      const message = await assembleSignature(prepared[index]!, released.find(({ itemId }) => itemId === `i${index}`)!.value);
      folder.write('message.p7s', message);
      folder.write('content', content);
      folder.write('other', contents[(index + 1) % 3]!);
      const verify = (file: string): boolean => folder.try('cms', '-verify', '-binary', '-inform', 'DER', '-in', 'message.p7s', '-content', file, '-CAfile', `${name}-root.pem`, '-purpose', 'any', '-out', 'verified').status === 0;
      expect(verify('content')).toBe(true);
      expect(verify('other')).toBe(false);
    }
  });
});

function requestOf(credential: Credential, digests: readonly Uint8Array[]): BeginRequest {
  const algorithm = credential.algorithms[0]!;
  return {
    requestId: 'interop', credential, algorithm: credential.algorithms.find(({ digest }) => digest === (digests[0]!.length === 48 ? 'SHA-384' : 'SHA-256')) ?? algorithm,
    items: digests.map((value, index) => ({ itemId: `i${index}`, label: `${index}`, toSign: { kind: 'digest', digest: value.length === 48 ? 'SHA-384' : 'SHA-256', value } })),
    display: { title: 'interop', lines: [], verificationCode: '0000', locale: 'en', shareLabels: false },
  };
}

function pem(der: Uint8Array): string {
  return `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString('base64').replace(/(.{64})/g, '$1\n')}\n-----END CERTIFICATE-----\n`;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const certificate = (name: string, ca: boolean): string => `
      ${name}:
        subject: ${name}
        issuer: root
        validity: { valid-from: "2020-01-01T00:00:00+0000", valid-to: "2100-01-01T00:00:00+0000" }
        extensions:
          - { id: basic_constraints, critical: true, value: { ca: ${ca} } }
          - { id: key_usage, critical: true, smart-value: { schema: key-usage, params: [digital_signature, ${ca ? 'key_cert_sign' : 'non_repudiation'}] } }`;
const CONFIGURATION = `
root-url: "http://127.0.0.1:1"
keysets:
  hefu:
    keys:
${['root', ...Object.keys(KEYS)].map((name) => `      ${name}: { path: ${name}.pem }`).join('\n')}
pki-architectures:
  hefu:
    keyset: hefu
    entities:
${['root', ...Object.keys(KEYS)].map((name) => `      ${name}: { country-name: CN, organization-name: Hefu Interop, common-name: "Interop ${name}" }`).join('\n')}
    certs:${certificate('root', true)}${Object.keys(KEYS).map((name) => certificate(name, false)).join('')}
`;
