import { buildSignedAttributes, id_gm_data, parseCertificate } from '@hefu/pki';
import { createChallenge, mayBeSignedAttributes, type Content } from '@hefu/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSigningSession, createSoftAdapter, prepareSignature, type Judgement, type SigningSessionInput } from '../../src/index.js';
import { algorithms, AT, bench, companies, inputFor, judgement, play, softKey } from './bench.js';

/** What one is asked to sign may be made to be used as something else. */

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });

const company = companies('SM2')[0]!;
const bid = new TextEncoder().encode('投标报价 1 元');
const sm3 = algorithms.digests.find(({ name }) => name === 'SM3')!;
const attributes = buildSignedAttributes({ contentType: id_gm_data, messageDigest: sm3.digest(bid) });
const challenge = createChallenge({ nonce: 'BwcHBwcHBwcHBwcHBwcHBw', origin: 'https://ggzy.example.cn', purpose: 'login', issuedAt: AT, expiresAt: AT + 60_000 });

async function begun(content: Content, change: Partial<SigningSessionInput> = {}): Promise<string> {
  const adapter = createSoftAdapter({ keys: [softKey(company)] });
  try {
    const session = await createSigningSession(await inputFor(adapter, 1, judged, bench().ports, { items: [{ itemId: 'a', label: 'bid.pdf', content }], ...change }));
    return (await play(session)).at(-1)!.type;
  } catch (error) {
    return (error as { code: string }).code;
  }
}

describe('attributes of a signature over another document', () => {
  const prepared = (variant: 'za-content' | 'attrs-za', content: Uint8Array): string => {
    try {
      return prepareSignature({ certificate: parseCertificate(company.sign.certificate), algorithms, variant, content }).profile.variant;
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  it('are not signed as content, where nothing stands between content and value', () => {
    expect(prepared('za-content', attributes)).toBe('CONTENT_IS_ATTRIBUTES');
    expect(prepared('za-content', attributes.slice(1))).toBe('za-content');
    expect(prepared('attrs-za', attributes)).toBe('attrs-za');
  });
  it('nor in a session, here or as digests', async () => {
    expect(await begun(attributes, { form: { variant: 'za-content' } })).toBe('CONTENT_IS_ATTRIBUTES');
    expect(await begun(attributes, { form: { variant: 'attrs-za' } })).toBe('done');
    expect(await begun({ length: attributes.length, head: attributes.slice(0, 16), digests: [] }, { form: { variant: 'za-content' } })).toBe('CONTENT_IS_ATTRIBUTES');
  });
  it('of a head that says too little, content is taken to be what it may be', () => {
    const hashed = (head: Uint8Array): Content => ({ length: 600, head, digests: [] });
    expect(mayBeSignedAttributes(hashed(Uint8Array.of(0x31)))).toBe(true);
    expect(mayBeSignedAttributes(hashed(new Uint8Array(0)))).toBe(true);
    expect(mayBeSignedAttributes(hashed(Uint8Array.of(0x25)))).toBe(false);
  });
});

it('a login challenge is signed in the scene of a login only', async () => {
  expect(await begun(challenge)).toBe('CONTENT_IS_CHALLENGE');
  expect(await begun({ length: challenge.length, head: challenge.slice(0, 16), digests: [] })).toBe('CONTENT_IS_CHALLENGE');
  expect(await begun(challenge, { judgement: { ...judged, context: { ...judged.context, scene: 'login' } } })).toBe('done');
  expect(await begun(challenge.slice(1))).toBe('done');
});
