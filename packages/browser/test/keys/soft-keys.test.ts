import { createVerify, createPublicKey } from 'node:crypto';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { sm2 } from '@hefu/crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { attr, createSeed, deriveKeyPair, issueCertificate } from '../../../sandbox/dist/index.js';
import { bundle } from '../page/bundle.js';
import { hasChromium, launch } from '../page/chromium.js';
import { pages, serve, type Served } from '../page/serve.js';

const PAGE = `
import * as hefu from 'hefu/index.js';
import { assembleSignature, prepareSignature } from '@hefu/sign';
import { parseCertificate } from '@hefu/pki';
globalThis.hefu = hefu;
/** What a session does with an adapter, without the judge: a value is assembled only if it verifies. */
globalThis.signed = async (adapter, ref, content) => {
  const algorithms = hefu.browserAlgorithms();
  const credential = (await adapter.listCredentials({ limit: 10 })).find((each) => each.ref === ref);
  const prepared = prepareSignature({ certificate: parseCertificate(credential.chain[0]), content, algorithms });
  const { digest, message } = prepared.toBeSigned;
  const toSign = credential.algorithms[0].name === 'SM2-SM3' ? { kind: 'sm2-e', value: digest, id: new Uint8Array(0) } : { kind: 'tbs', digest: 'SHA-256', value: message };
  const session = await adapter.begin({ requestId: 'r', credential, items: [{ itemId: 'i', toSign, label: 'bid' }], algorithm: credential.algorithms[0], display: {} });
  for await (const event of session.run({ signal: new AbortController().signal })) if (event.type === 'signatures') return (await assembleSignature(prepared, event.signatures[0].value)).length;
};
globalThis.keys = hefu.openSoftKeys('keys');
globalThis.plain = (value) => JSON.parse(JSON.stringify(value, (_, each) => (each instanceof Uint8Array ? [...each] : each)));
globalThis.coded = (act) => Promise.resolve().then(act).then((value) => globalThis.plain(value ?? null), (error) => ({ name: error.name, code: error.code }));
`;

declare global {
  var signed: (adapter: import('@hefu/sign').SigningAdapter, ref: string, content: Uint8Array) => Promise<number>;
  var keys: import('../../src/index.js').SoftKeys;
  var plain: <T>(value: T) => T;
}

const PASSPHRASE = 'ｃorrect horse battery';
const MESSAGE = [...Buffer.from('a request to be signed')];
const E = Array.from({ length: 32 }, (_, i) => i + 1);

describe.skipIf(!hasChromium('soft keys'))('soft keys in a page', () => {
  let browser: Browser;
  let context: BrowserContext;
  let served: Served;

  beforeAll(async () => {
    served = await serve(pages(await bundle(PAGE)));
    browser = await launch();
    context = await browser.newContext();
    context.setDefaultTimeout(55_000);
  });
  afterAll(async () => {
    await browser?.close();
    served?.close();
  });

  async function open(): Promise<Page> {
    const page = await context.newPage();
    await page.goto(served.origin);
    await page.waitForFunction(() => globalThis.keys !== undefined);
    return page;
  }

  it('RSA and ECDSA keys survive a reload, cannot be read, and sign', async () => {
    let page = await open();
    for (const kind of ['RSA-2048', 'P-256'] as const) {
      expect(await page.evaluate((given) => globalThis.coded(() => globalThis.keys.create({ ref: given, kind: given })), kind)).toMatchObject({ ref: kind, lock: 'none', unlocked: true });
    }
    expect(await page.evaluate(() => globalThis.coded(() => globalThis.keys.create({ ref: 'P-256', kind: 'P-256' })))).toMatchObject({ code: 'KEY_EXISTS' });
    await page.close();
    page = await open();
    const listed = await page.evaluate(() => globalThis.keys.list().then(globalThis.plain));
    expect(listed.map(({ ref }) => ref).sort()).toEqual(['P-256', 'RSA-2048']);
    for (const { ref, publicKey, algorithm } of listed) {
      const signature = await page.evaluate(([name, octets, digest]) => globalThis.keys.sign(name!, { kind: 'tbs', digest: digest as 'SHA-256', value: Uint8Array.from(octets as number[]) }).then((value) => [...value]), [ref, MESSAGE, algorithm.digest] as [string, number[], string]);
      const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
      const verifies = (octets: number[]): boolean => createVerify('sha256').update(Uint8Array.from(octets)).verify({ key, dsaEncoding: 'ieee-p1363' }, Uint8Array.from(signature));
      expect(verifies(MESSAGE)).toBe(true);
      expect(verifies([...MESSAGE, 1])).toBe(false);
    }
    // The platform refuses to give the key away, whoever asks.
    const exported = await page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('keys');
        request.onsuccess = () => resolve(request.result);
      });
      const record = await new Promise<{ secret: { key: CryptoKey } }>((resolve) => {
        const request = database.transaction('keys').objectStore('keys').get('P-256');
        request.onsuccess = () => resolve(request.result as { secret: { key: CryptoKey } });
      });
      return crypto.subtle.exportKey('pkcs8', record.secret.key).then(() => 'exported', (error: Error) => error.name);
    });
    expect(exported).toBe('InvalidAccessError');
    await page.close();
  });

  it('an SM2 key rests under its passphrase', async () => {
    let page = await open();
    const created = (passphrase: string) => page.evaluate((given) => globalThis.coded(() => globalThis.keys.create({ ref: 'sm2', kind: 'SM2', unlock: { passphrase: given } })), passphrase);
    expect(await created('too short')).toMatchObject({ code: 'PASSPHRASE_WEAK' });
    const { publicKey } = (await created(PASSPHRASE)) as { publicKey: number[] };
    await page.close();
    page = await open();
    const signed = () => page.evaluate((e) => globalThis.coded(() => globalThis.keys.sign('sm2', { kind: 'sm2-e', value: Uint8Array.from(e), id: new Uint8Array(0) })), E);
    expect(await signed()).toMatchObject({ code: 'KEY_LOCKED' });
    const unlocked = (passphrase: string) => page.evaluate((given) => globalThis.coded(() => globalThis.keys.unlock('sm2', { passphrase: given })), passphrase);
    expect(await unlocked(`${PASSPHRASE}!`)).toMatchObject({ code: 'PASSPHRASE_WRONG' });
    // The same passphrase by another input method (NFKC).
    expect(await unlocked(PASSPHRASE.normalize('NFKC'))).toBeNull();
    const key = { kty: 'EC', crv: 'SM2', point: Uint8Array.from(publicKey) } as const;
    const value = Uint8Array.from((await signed()) as number[]);
    expect(sm2.verifyDigest!(key, Uint8Array.from(E), value)).toBe(true);
    expect(sm2.verifyDigest!(key, Uint8Array.from([...E].reverse()), value)).toBe(false);
    await page.evaluate(() => globalThis.keys.lock());
    expect(await signed()).toMatchObject({ code: 'KEY_LOCKED' });
    // What lies in IndexedDB has neither the key nor the passphrase, and is of no use beside another public key.
    const swapped = await page.evaluate(async (given) => {
      await globalThis.keys.create({ ref: 'other', kind: 'SM2', unlock: { passphrase: given } });
      const database = await new Promise<IDBDatabase>((resolve) => {
        const request = indexedDB.open('keys');
        request.onsuccess = () => resolve(request.result);
      });
      const store = database.transaction('keys', 'readwrite').objectStore('keys');
      const get = (ref: string) => new Promise<Record<string, unknown>>((resolve) => {
        const request = store.get(ref);
        request.onsuccess = () => resolve(request.result as Record<string, unknown>);
      });
      const [one, other] = [await get('sm2'), await get('other')];
      await new Promise((resolve) => (store.put({ ...one, secret: other['secret'] }).onsuccess = resolve));
      return globalThis.coded(() => globalThis.keys.unlock('sm2', { passphrase: given }));
    }, PASSPHRASE);
    expect(swapped).toMatchObject({ code: 'PASSPHRASE_WRONG' });
    await page.close();
  });

  it('signs as an adapter once it has its certificate, and takes no other', async () => {
    const page = await open();
    const made = await page.evaluate((passphrase) => globalThis.coded(async () => [
      await globalThis.keys.create({ ref: 'a-p256', kind: 'P-256' }), await globalThis.keys.create({ ref: 'a-sm2', kind: 'SM2', unlock: { passphrase } }),
    ]), PASSPHRASE) as unknown as { ref: string; publicKey: number[] }[];
    const issuer = deriveKeyPair(createSeed('soft-keys'), 'ca', 'SM2');
    const spkiOf = (key: number[]): Uint8Array => (key.length === 65 ? Uint8Array.from([...issuer.spkiDer.subarray(0, -65), ...key]) : Uint8Array.from(key));
    const certificates = made.map(({ ref, publicKey }) => [...issueCertificate({
      serialNumber: Uint8Array.of(1), issuer: [[attr('CN', 'CA')]], subject: [[attr('CN', ref)]], notBefore: Date.UTC(2026, 0, 1), notAfter: Date.UTC(2030, 0, 1), spki: spkiOf(publicKey), signer: issuer,
    })]);
    const set = (ref: string, certificate: number[]) => page.evaluate(([name, der]) => globalThis.coded(() => globalThis.keys.setCertificate(name, [Uint8Array.from(der)])), [ref, certificate] as const);
    expect(await set('a-p256', certificates[1]!)).toMatchObject({ code: 'CERTIFICATE_MISMATCH' });
    expect(await set('a-sm2', certificates[0]!)).toMatchObject({ code: 'CERTIFICATE_MISMATCH' });
    for (const [i, { ref }] of made.entries()) expect(await set(ref, certificates[i]!)).toMatchObject({ ref });
    const signed = (ref: string) => page.evaluate((name) => globalThis.coded(async () => globalThis.signed(await globalThis.keys.adapter(), name, new TextEncoder().encode('bid'))), ref);
    expect(await signed('a-p256')).toBeGreaterThan(400);
    expect(await signed('a-sm2')).toMatchObject({ name: 'SignError', code: 'SIGNER_FAILED' });
    await page.evaluate((passphrase) => globalThis.keys.unlock('a-sm2', { passphrase }), PASSPHRASE);
    expect(await signed('a-sm2')).toBeGreaterThan(400);
    await page.close();
  });

  it('an SM2 key rests under a passkey', async () => {
    const page = await open();
    const cdp = await context.newCDPSession(page);
    await cdp.send('WebAuthn.enable');
    await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', ctap2Version: 'ctap2_1', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true, hasPrf: true } as never });
    const outcome = await page.evaluate(() => globalThis.coded(async () => {
      const made = await globalThis.hefu.createPasskey({ rpName: 'bids', userName: 'bidder' });
      await globalThis.keys.create({ ref: 'passkey', kind: 'SM2', unlock: { passkey: made } });
      const { lock, unlocked, credentialId } = (await globalThis.keys.list()).find(({ ref }) => ref === 'passkey')!;
      await globalThis.keys.unlock('passkey', { passkey: globalThis.hefu.passkey(credentialId!) });
      const other = await globalThis.coded(() => globalThis.keys.unlock('passkey', { passkey: globalThis.hefu.passkey(new Uint8Array(16)) }));
      return { lock, unlocked, after: (await globalThis.keys.list()).find(({ ref }) => ref === 'passkey')!.unlocked, other };
    }));
    expect(outcome).toEqual({ lock: 'passkey', unlocked: false, after: true, other: { name: 'BrowserError', code: 'PASSKEY_REFUSED' } });
    await page.close();
  });
});
