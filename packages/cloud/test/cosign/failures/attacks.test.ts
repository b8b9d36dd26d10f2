import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { COSIGN_FAULTS } from '../../../../sandbox/dist/index.js';
import { createMemoryShareStore } from '../../../src/index.js';
import { CosignBench, WatchedSeal } from '../bench.js';

const bench = new CosignBench();
beforeAll(() => bench.open());
afterEach(() => {
  bench.provider.faults.clear();
  bench.provider.transcript.clear();
});
afterAll(() => bench.provider.close());

const N = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
/** No form of a share may be in it. */
const expectNoShare = (seal: WatchedSeal, ...texts: readonly string[]): void => {
  for (const share of seal.shares) {
    const buffer = Buffer.from(share);
    const value = BigInt(`0x${buffer.toString('hex')}`);
    for (const form of [buffer.toString('hex'), buffer.toString('base64'), buffer.toString('base64url'), value.toString(), (N - value).toString(16), JSON.stringify([...share]).slice(1, -1)]) {
      for (const text of texts) expect(text.toLowerCase().includes(form.toLowerCase())).toBe(false);
    }
  }
};
const sent = (): string => JSON.stringify(bench.provider.transcript.exchanges.map(({ path, requestHeaders, requestBody }) => [path, requestHeaders, requestBody]));
const ATTACKS: readonly (readonly [string, string, string])[] = [
  ['36', 'cosign-s2-zero', 'out-of-range'], ['36', 'cosign-s3-zero', 'out-of-range'], ['36', 'cosign-r-zero', 'out-of-range'], ['36', 'cosign-r-order', 'out-of-range'],
  ['36', 'cosign-zeros', 'out-of-range'], ['36', 'cosign-short', 'out-of-range'], ['36', 'cosign-ones', 'not-verified'], ['36', 'cosign-r-delta', 'not-verified'],
  ['36', 'cosign-s2-delta', 'not-verified'], ['36', 'cosign-s3-delta', 'not-verified'], ['36', 'cosign-swapped', 'not-verified'], ['38', 'cosign-old-answer', 'not-verified'],
  ['37', 'cosign-other-e', 'not-verified'],
];

describe('a server that cheats', () => {
  it.each(ATTACKS)('%s: %s ends the share for good, and nothing of it is let out', async (_, fault, reason) => {
    const { id, adapter, store, seal } = await bench.enrolled();
    bench.provider.transcript.clear();
    bench.provider.faults.set(fault);
    const { end, text } = await bench.sign(adapter, { count: 2, attempts: 3 });
    expect(end).toMatchObject({ type: 'failed', error: { code: 'COSIGN_ABORT', outcome: 'not-signed', retry: 'never', blame: 'security', detail: reason }, signatures: [] });
    if (end.type === 'failed') for (const words of [end.error.message, end.error.remedy]) expect([words.zh, words.en]).toEqual([expect.stringMatching(/\p{Script=Han}/u), expect.stringMatching(/^[A-Z].*\.$/)]);
    expect(await store.read(id)).toMatchObject({ state: 'aborted', before: 'active', abort: { reason } });
    // One request left, with e and Q1 in it, and none after it.
    expect(bench.provider.transcript.exchanges).toHaveLength(1);
    expectNoShare(seal, text, sent());

    // The server behaves again; the share is not used again, by this process or another.
    bench.provider.faults.clear();
    for (const again of [adapter, bench.adapter(store, seal)]) {
      expect((await bench.sign(again)).end).toMatchObject({ type: 'failed', error: { code: 'CREDENTIAL_LOCKED', outcome: 'not-signed' } });
      expect(await bench.useAgain(again, id)).toMatchObject({ code: 'COSIGN_ABORT', detail: reason });
    }
    expect(bench.provider.transcript.exchanges).toHaveLength(1);
    expect((await adapter.listCredentials({ limit: 1 }, bench.context()))[0]).toMatchObject({ keyStatus: 'locked' });
  });

  it('tries all answers this server can cheat with', () => {
    const tried = ATTACKS.map(([, fault]) => fault);
    expect(COSIGN_FAULTS.filter((fault) => !fault.startsWith('cosign-p-') && !['cosign-not-hex', 'cosign-other-certificate', 'cosign-busy', 'cosign-disabled'].includes(fault)).filter((fault) => !tried.includes(fault))).toEqual([]);
  });

  it('36: in the middle of a batch costs the share, not what was signed before', async () => {
    const { adapter } = await bench.enrolled();
    bench.provider.faults.set('cosign-s2-zero,on=/sign,after=1');
    expect((await bench.sign(adapter, { count: 3 })).end).toMatchObject({ type: 'failed', error: { code: 'COSIGN_ABORT' }, signatures: [{ itemId: 'i0' }] });
  });
});

describe('a server that cheats at enrolment', () => {
  it.each(['cosign-p-infinity', 'cosign-p-zeros', 'cosign-p-off-curve', 'cosign-p-base'])('36: with a key that is none (%s) leaves nothing behind', async (fault) => {
    const store = createMemoryShareStore();
    const seal = new WatchedSeal();
    bench.provider.faults.set(fault);
    await expect(bench.enrolment(store, seal).createShare('x')).rejects.toMatchObject({ code: 'COSIGN_ABORT', detail: 'public-key', outcome: 'not-signed' });
    expect([await store.ids(), seal.shares]).toEqual([[], []]);
  });

  it('39: with a key of its own is found out by the certification request, before any certificate', async () => {
    const store = createMemoryShareStore();
    const seal = new WatchedSeal();
    bench.provider.faults.set('cosign-p-own');
    const enrolment = bench.enrolment(store, seal);
    await enrolment.createShare('x');
    bench.provider.faults.clear();
    await expect(enrolment.certificationRequest('x', bench.subjectName())).rejects.toMatchObject({ code: 'COSIGN_ABORT', detail: 'not-verified' });
    expect(await store.read('x')).toMatchObject({ state: 'aborted' });
    await expect(enrolment.certificationRequest('x', bench.subjectName())).rejects.toMatchObject({ code: 'COSIGN_ABORT' });
    expectNoShare(seal, sent());
  });

  it('39: or a CA whose certificate is over another key, ends it', async () => {
    const store = createMemoryShareStore();
    const enrolment = bench.enrolment(store, new WatchedSeal());
    await enrolment.createShare('x');
    await expect(enrolment.acceptCertificate('x', [bench.company.sign.certificate])).rejects.toMatchObject({ code: 'NO_USABLE_CREDENTIAL', detail: 'enrolled' });
    const csr = await enrolment.certificationRequest('x', bench.subjectName());
    bench.provider.faults.set('cosign-other-certificate');
    await expect(enrolment.acceptCertificate('x', await bench.certificate(store, 'x', csr))).rejects.toMatchObject({ code: 'COSIGN_ABORT', detail: 'certificate-key' });
    bench.provider.faults.clear();
    await expect(enrolment.acceptCertificate('x', await bench.certificate(store, 'x', csr))).rejects.toMatchObject({ code: 'COSIGN_ABORT', detail: 'certificate-key' });
  });
});
