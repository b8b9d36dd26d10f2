import { describe, expect, it } from 'vitest';
import { sha256 } from '@hefu/crypto';
import { parseCertificate } from '@hefu/pki';
import { adapterContext } from '../../context.js';
import { algorithms, bench, content, play, sessionOf } from '../bench.js';
import { expectFailure, type ExpectedFailure } from './expect-failure.js';

type Kind = 'SM2' | 'P-256' | 'RSA-2048';
const IDS: Readonly<Record<Kind, string>> = { SM2: 'key-qinghe', 'P-256': 'key-hengtao', 'RSA-2048': 'key-yanqiao' };
const signed = (code: ExpectedFailure['code'], detail?: string): ExpectedFailure => ({ code, outcome: 'signed', ...(detail === undefined ? {} : { detail }) });

/** Failures 26 to 32 of the list: what comes back is not what was asked for. */
describe('a value that is refused', () => {
  it.each([
    ['other-hash', 'SM2', signed('SIGNATURE_INVALID')], ['other-hash', 'P-256', signed('SIGNATURE_INVALID')],
    ['permute', 'SM2', signed('SIGNATURE_ORDER')], ['permute', 'RSA-2048', signed('SIGNATURE_ORDER')],
    ['sorted', 'P-256', signed('SIGNATURE_ORDER')],
    ['fewer', 'SM2', signed('SIGNATURE_COUNT', 'fewer')], ['more', 'SM2', signed('SIGNATURE_COUNT', 'more')],
    ['stripped-zero', 'SM2', signed('SIGNATURE_ENCODING')],
    // Of SM2 (r, n − s) is no value.
    ['high-s', 'SM2', signed('SIGNATURE_INVALID')],
    ['double-hash', 'SM2', signed('PREHASH_MISMATCH')], ['double-hash', 'RSA-2048', signed('PREHASH_MISMATCH')],
    ['z-again', 'SM2', signed('PREHASH_MISMATCH')],
    ['z-again-empty-id', 'SM2', signed('PREHASH_MISMATCH', 'HASHED_TWICE')],
    ['ecdsa-sm3', 'SM2', signed('ALGORITHM_DOWNGRADED')],
    ['pss-for-pkcs1', 'RSA-2048', signed('ALGORITHM_DOWNGRADED')],
    // A service that has the hash only cannot sign the SHA-1 of the document: its DigestInfo says so, and that names it.
    ['sha1', 'RSA-2048', signed('DIGEST_DOWNGRADED', 'SHA-1')],
    ['algorithm-said', 'RSA-2048', signed('ALGORITHM_DOWNGRADED')],
    ['other-key', 'SM2', signed('SIGNATURE_INVALID')],
    ['swapped-certificate', 'SM2', signed('CERT_SWAPPED')],
  ] as const)('%s with %s', async (fault, kind, expected) => {
    const on = bench({ version: 'v1', kinds: [kind], ...(fault === 'other-key' || fault === 'swapped-certificate' ? { sandbox: { companies: ['qinghe', 'jianjia'] } } : {}) });
    on.service.faults.set(fault);
    const played = await play(on, await sessionOf(on, IDS[kind], 3));
    expectFailure(on, played, expected);
    expect(played.end.type === 'failed' && played.end.signatures).toEqual([]);
  });

  it.each([['rs-encoding', 'SM2'], ['rs-encoding', 'P-256'], ['hex', 'SM2'], ['base64url', 'P-256'], ['base64url', 'RSA-2048'], ['value-prefix', 'SM2'], ['high-s', 'P-256']] as const)('is not: %s with %s is another writing of the right one', async (fault, kind) => {
    const on = bench({ version: 'v1', kinds: [kind] });
    on.service.faults.set(fault);
    expect((await play(on, await sessionOf(on, IDS[kind], 2))).end).toMatchObject({ type: 'done' });
  });

  it('one of many, left out by the service, costs only itself (41)', async () => {
    const on = bench({ version: 'v1' });
    on.service.faults.set('one-null,times=1');
    const first = await play(on, await sessionOf(on, IDS.SM2, 9));
    expectFailure(on, first, { code: 'PROVIDER_REFUSED', outcome: 'not-signed' });
    expect(first.end.type === 'failed' && first.end.signatures.map(({ itemId }) => itemId)).toEqual(['i0', 'i1', 'i2', 'i3', 'i5', 'i6', 'i7', 'i8']);
  });

  it('a batch signed in the order of a service that sorts is refused, and signed one by one where that is known of it (27)', async () => {
    const { CSC_QUIRKS } = await import('../../../src/index.js');
    for (const [quirks, expected] of [[undefined, 'failed'], [CSC_QUIRKS.simionrobert, 'done']] as const) {
      const on = bench({ version: 'v1', sandbox: { preset: 'simionrobert' }, options: { quirks: quirks ?? { name: 'unaware', authorizePath: 'credentials/authorise' } } });
      const { end } = await play(on, await sessionOf(on, IDS.SM2, 5));
      expect(end.type).toBe(expected);
      if (end.type === 'failed') expect(end.error.code).toBe('SIGNATURE_ORDER');
    }
  });
});

/** Failure 31, where CMS is not written: the adapter passes on what came, and verification tells. */
describe('RSASSA-PSS', () => {
  it.each([[undefined, true], ['pkcs1-for-pss', false], ['pss-for-pkcs1', true]] as const)('with fault %s verifies: %s', async (fault, holds) => {
    const on = bench({ version: 'v2', kinds: ['RSA-2048'] });
    if (fault !== undefined) on.service.faults.set(fault);
    const { adapter, credential } = await on.credential(IDS['RSA-2048']);
    const algorithm = credential.algorithms.find(({ name }) => name === 'RSASSA-PSS')!;
    const message = content(0);
    const context = adapterContext({ clock: on.clock });
    const session = await adapter.begin({
      requestId: 'pss', credential, algorithm, display: { title: '', lines: [], verificationCode: '0000', locale: 'en', shareLabels: false },
      items: [{ itemId: 'i0', label: 'x', toSign: { kind: 'digest', digest: 'SHA-256', value: sha256.digest(message) } }],
    }, context);
    const values: string[] = [];
    for await (const event of session.run({ signal: context.signal, ask: async (challenge) => on.answer(challenge), show: () => undefined })) if (event.type === 'signatures') values.push(...event.signatures.map(({ value }) => String(value)));
    const pss = algorithms.signatures.find(({ name }) => name === 'RSASSA-PSS')!;
    expect(await pss.verify(parseCertificate(credential.chain[0]!).spki.key, message, new Uint8Array(Buffer.from(values[0]!, 'base64')), { pss: algorithm.pss! })).toBe(holds);
  });
});

/** Failure 32: certificates that change, or come in another order. */
describe('a certificate', () => {
  it('swapped between choosing and signing is noticed before anybody is asked', async () => {
    const on = bench({ version: 'v2', sandbox: { companies: ['qinghe', 'jianjia'] } });
    const session = await sessionOf(on, IDS.SM2);
    on.service.faults.set('swapped-in-info');
    const played = await play(on, session);
    expectFailure(on, played, { code: 'CERT_SWAPPED', outcome: 'not-signed', detail: 'before-signing' });
    expect(played.asked).toEqual([]);
  });
  it('that comes last in its chain is found', async () => {
    const on = bench({ version: 'v2' });
    on.service.faults.set('leaf-last');
    expect((await play(on, await sessionOf(on, IDS.SM2))).end).toMatchObject({ type: 'done' });
  });
  it('whose key is disabled meanwhile is not asked for (33)', async () => {
    const on = bench({ version: 'v2' });
    const session = await sessionOf(on, IDS.SM2);
    on.service.faults.set('key-disabled');
    const played = await play(on, session);
    expectFailure(on, played, { code: 'CREDENTIAL_DISABLED', outcome: 'not-signed' });
    expect(played.asked).toEqual([]);
  });
});
