import { describe, expect, it } from 'vitest';
import { signList, updateTrustList } from '@hefu/trust-list';
import { nodeAlgorithms, tokenListKey } from '../../src/index.js';
import { readPkcs11Uri } from '../../src/list-key/pkcs11-uri.js';
import { companies } from '../../../sign/test/session/bench.js';
import { FAKE_PIN, FakeModule, SM2_E, SM2_MESSAGE, type FakeOptions } from '../keys/pkcs11/fake-module.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const LIST = { type: 'list', spec: '1.0', listId: '42', sequence: 1, issued: '2026-05-01T00:00:00Z', nextUpdate: '2026-08-01T00:00:00Z', operator: { name: { zh: '测' } }, territory: ['420000'], services: [{ id: 'urn:x', kind: 'ca', name: { zh: '测' }, anchors: [{ spkiSha256: '00'.repeat(32), mode: 'root' }], status: [{ status: 'granted', since: '2026-05-01T00:00:00Z', recorded: 1 }] }] };
const PEOPLE = [companies('SM2')[0]!, companies('P-256')[0]!, companies('RSA-2048')[0]!];
const module = (options: Partial<FakeOptions> = {}): FakeModule => new FakeModule({ companies: PEOPLE, ...options });
const codeOf = (act: () => unknown): string => {
  try {
    act();
    return 'none';
  } catch (error) {
    return (error as { readonly code: string }).code;
  }
};

describe('keys on tokens that sign lists', () => {
  it.each([
    ['SM2-SM3', `pkcs11:token=TOKEN;id=%01?sm2-mechanism=0x${SM2_E.toString(16)}`, {}],
    ['SM2-SM3', `pkcs11:object=key%200?sm2-mechanism=${SM2_MESSAGE}&sm2-input=message`, { mechanisms: [SM2_MESSAGE] }],
    ['ES256', 'pkcs11:token=TOKEN;serial=0001;slot-id=7;object=key%201', {}],
    ['ES256', 'pkcs11:id=%02', { mechanisms: [0x1044] }],
    ['ES256', 'pkcs11:id=%02', { alwaysAuthenticate: true }],
  ] as const)('%s by %s: what it signs is accepted', async (alg, uri, options) => {
    const token = module(options);
    let asked = 0;
    const { signer, unprotected } = tokenListKey(uri, async () => { asked++; return FAKE_PIN; }, { module: token });
    expect([signer.alg, unprotected, asked]).toEqual([alg, false, 0]);
    const envelope = await signList(bytes(JSON.stringify(LIST)), [signer]);
    const update = (jwk: Readonly<Record<string, unknown>>) => updateTrustList(undefined, envelope, { role: { keys: [{ jwk, org: 'a' }], threshold: 1 }, algorithms: nodeAlgorithms(), at: Date.UTC(2026, 5, 1) });
    expect((await update(signer.jwk)).outcome).toBe('accepted');
    expect((await update(tokenListKey('pkcs11:id=%03', async () => FAKE_PIN, { module: module({ mechanisms: [0x0d] }) }).signer.jwk)).outcome).toBe('refused');
    await signer.sign(bytes('again'));
    expect([asked, token.openSessions, token.loggedIn]).toEqual([1, 0, false]);
  });

  it('says what is the matter, and asks again after a wrong PIN', async () => {
    const pins = ['11112222333344', FAKE_PIN];
    const { signer } = tokenListKey('pkcs11:id=%02', async () => pins.shift()!, { module: module() });
    await expect(signer.sign(bytes('x'))).rejects.toMatchObject({ code: 'PIN_INCORRECT' });
    expect(await signer.sign(bytes('x'))).toHaveLength(64);
    const failing = module();
    const key = tokenListKey('pkcs11:id=%02', async () => FAKE_PIN, { module: failing }).signer;
    failing.fail('C_Sign', 0x06);
    await expect(key.sign(bytes('x'))).rejects.toMatchObject({ code: 'PROVIDER_UNAVAILABLE' });
    failing.pull();
    await expect(key.sign(bytes('x'))).rejects.toMatchObject({ code: 'DEVICE_ABSENT' });
    const of = (uri: string, token: FakeModule = module()): string => codeOf(() => tokenListKey(uri, async () => FAKE_PIN, { module: token }));
    expect([of('pkcs11:token=OTHER;id=%02'), of('pkcs11:object=none'), of('pkcs11:id=%02', new FakeModule({ companies: PEOPLE, flags: 0 }))]).toEqual(['DEVICE_ABSENT', 'KEY_MISMATCH', 'none']);
    await expect(tokenListKey('pkcs11:id=%01', async () => FAKE_PIN, { module: module() }).signer.sign(bytes('x'))).rejects.toMatchObject({ code: 'ALGORITHM_UNSUPPORTED' });
  });

  it('a value that does not verify is not handed over', async () => {
    const token = module();
    const sign = token.sign.bind(token);
    token.sign = (session, data) => sign(session, Uint8Array.from(data, (octet) => octet ^ 1));
    await expect(tokenListKey(`pkcs11:id=%01?sm2-mechanism=${SM2_E}`, async () => FAKE_PIN, { module: token }).signer.sign(bytes('x'))).rejects.toMatchObject({ code: 'SIGNATURE_INVALID' });
  });

  it('reads URIs of RFC 7512, and no PIN in them', () => {
    expect(readPkcs11Uri('pkcs11:token=%E5%90%88%20%E7%AC%A6;object=a%3Bb;id=%00%ff;slot-id=3;type=private?module-path=/a%20b.so')).toEqual({ module: '/a b.so', token: '合 符', object: 'a;b', id: Uint8Array.of(0, 255), slot: 3 });
    for (const uri of ['pkcs11:', 'pkcs11:token=x', 'pkcs11:object=a;object=b', 'pkcs11:object=a;x-other=1', 'pkcs11:object=a?pin-value=1234', 'pkcs11:object=a?pin-source=file:x', 'pkcs11:object=%zz', 'pkcs11:object=a;slot-id=x', 'pkcs11:object=a;type=data', 'pkcs11:object=a?sm2-mechanism=x', 'pkcs11:object=a?sm2-input=z', 'pkcs11:object=a#f', 'http:x']) {
      expect([uri, codeOf(() => readPkcs11Uri(uri))]).toEqual([uri, 'KEY_URI_INVALID']);
    }
    expect(() => readPkcs11Uri('pkcs11:object=a?pin-value=19283746')).toThrowError(expect.objectContaining({ message: expect.not.stringContaining('19283746') as string }));
    expect(codeOf(() => tokenListKey('pkcs11:object=a', async () => ''))).toBe('PKCS11_UNAVAILABLE');
  });
});
