import { webcrypto } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCertificate } from '@hefu/pki';
import { sm2 } from '@hefu/crypto';
import { hasOpenssl, openssl } from '../../../sandbox/test/openssl.js';
import { createMemoryShareStore, createWebCryptoSeal, type ShareRecord } from '../../src/index.js';
import { seededRandom } from '../world.js';
import { CosignBench, WatchedSeal } from './bench.js';

const bench = new CosignBench();
beforeAll(() => bench.open());
afterAll(() => bench.provider.close());

describe('an enrolment', () => {
  it('makes a key of two halves, a request both signed, and takes the certificate over it', async () => {
    const store = createMemoryShareStore();
    const enrolment = bench.enrolment(store, new WatchedSeal());
    const publicKey = await enrolment.createShare('x');
    expect(await store.read('x')).toMatchObject({ state: 'enrolled', chain: [] });
    const csr = await enrolment.certificationRequest('x', bench.subjectName());
    expect(await store.read('x')).toMatchObject({ state: 'proved' });
    const chain = await bench.certificate(store, 'x', csr);
    await enrolment.acceptCertificate('x', chain);
    expect(await store.read('x')).toMatchObject({ state: 'active', chain });
    expect(parseCertificate(chain[0]!).spki.key).toMatchObject({ point: publicKey });
    const { end } = await bench.sign(bench.adapter(store, new WatchedSeal())).catch(() => ({ end: undefined }));
    expect(end).not.toMatchObject({ type: 'done' }); // another seal opens nothing
  });

  it.skipIf(!hasOpenssl)('whose request OpenSSL verifies as SM2-with-SM3 under the default identifier, and not when one octet differs', async () => {
    const enrolment = bench.enrolment(createMemoryShareStore(), new WatchedSeal());
    await enrolment.createShare('x');
    const csr = await enrolment.certificationRequest('x', bench.subjectName());
    const verdict = (der: Uint8Array) => openssl(['req', '-in', '{csr}', '-inform', 'DER', '-noout', '-verify', '-vfyopt', 'distid:1234567812345678'], { csr: der });
    expect(verdict(csr).output).toMatch(/verify OK/);
    expect(verdict(csr.map((octet, index) => (index === csr.length - 1 ? octet ^ 1 : octet))).output).not.toMatch(/verify OK/);
  });

  it('never uses an id twice', async () => {
    const enrolment = bench.enrolment(createMemoryShareStore(), new WatchedSeal());
    await enrolment.createShare('x');
    await expect(enrolment.createShare('x')).rejects.toMatchObject({ code: 'ACTION_PENDING' });
    await expect(enrolment.createShare('a b')).rejects.toThrow(TypeError);
    await expect(enrolment.certificationRequest('none', bench.subjectName())).rejects.toMatchObject({ code: 'NO_USABLE_CREDENTIAL' });
  });

  it('signs with what it made, one request an item, and the message is judged', async () => {
    const { adapter, id } = await bench.enrolled();
    bench.provider.transcript.clear();
    const { end } = await bench.sign(adapter, { count: 2 });
    expect(end).toMatchObject({ type: 'done', signatures: [{ itemId: 'i0' }, { itemId: 'i1' }] });
    expect(bench.provider.transcript.exchanges).toHaveLength(2);
    expect((await adapter.listCredentials({ limit: 9 }, bench.context())).map(({ ref, keyStatus }) => [ref, keyStatus])).toEqual([[id, 'enabled']]);
    expect(sm2.name).toBe('SM2-SM3');
  });
});

describe('a share sealed by the platform', () => {
  const sealOf = async () => {
    const key = await webcrypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
    return createWebCryptoSeal({ subtle: webcrypto.subtle as unknown as SubtleCrypto, key: key as unknown as CryptoKey, random: seededRandom(3) });
  };
  const share = Uint8Array.from({ length: 32 }, (_, index) => index + 1);

  it('comes back the same, under its own id only, and unchanged only', async () => {
    const seal = await sealOf();
    const sealed = await seal.seal(share, 'a');
    expect(await seal.open(sealed, 'a')).toEqual(share);
    expect(Buffer.from(sealed).includes(Buffer.from(share))).toBe(false);
    await expect(seal.open(sealed, 'b')).rejects.toThrow();
    await expect(seal.open(sealed.map((octet, index) => (index === 20 ? octet ^ 1 : octet)), 'a')).rejects.toThrow();
    expect(await seal.seal(share, 'a')).not.toEqual(sealed);
  });

  it('signs; and a record that cannot be opened is the integrator’s to mend', async () => {
    const store = createMemoryShareStore();
    const seal = await sealOf();
    const enrolment = bench.enrolment(store, seal);
    await enrolment.createShare('x');
    await enrolment.acceptCertificate('x', await bench.certificate(store, 'x', await enrolment.certificationRequest('x', bench.subjectName())));
    expect((await bench.sign(bench.adapter(store, seal))).end).toMatchObject({ type: 'done' });
    expect((await bench.sign(bench.adapter(store, await sealOf()))).end).toMatchObject({ type: 'failed', error: { code: 'ADAPTER_MISCONFIGURED', detail: 'share-seal', outcome: 'not-signed' } });
    expect(await store.read('x')).toMatchObject({ state: 'active' });
  });
});

describe('the store in memory', () => {
  it('lets one of two writers win', async () => {
    const store = createMemoryShareStore();
    const record: ShareRecord = { revision: 1, state: 'enrolled', kid: 'k', publicKey: new Uint8Array(65), sealed: new Uint8Array(1), chain: [] };
    expect([await store.write('x', record, undefined), await store.write('x', record, undefined)]).toEqual([true, false]);
    expect([await store.write('x', { ...record, revision: 2 }, 1), await store.write('x', { ...record, revision: 2 }, 1)]).toEqual([true, false]);
  });
});
