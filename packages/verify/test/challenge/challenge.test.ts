import fc from 'fast-check';
import { parseCertificate, readSignedData } from '@hefu/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { signDetached, type Company } from '../../../sandbox/dist/index.js';
import { prepareSignature, signChallenge, type Signer } from '../../../sign/dist/index.js';
import { createChallenge, isChallenge, judge, judgeJws, judgeRaw, readChallenge, verifyChallenge, type Challenge, type ChallengeVerdict, type NonceStore, type VerifyChallengeInput } from '../../src/index.js';
import { looksLikeSignedAttributes } from '../../src/signature/attribute-confusion.js';
import { algorithms, judging, type Judging } from '../judging.js';

let told: Judging;
let company: Company;
let challenge: Challenge;
beforeAll(async () => {
  told = await judging('challenge');
  company = told.company('SM2');
  challenge = { nonce: 'AAECAwQFBgcICQoLDA0ODw', origin: 'https://ggzy.example.cn', purpose: 'login', entity: company.identity.uscc!, issuedAt: told.at - 30_000, expiresAt: told.at + 60_000 };
});

/** What a platform's store does: one atomic delete. */
function store(...issued: string[]): NonceStore & { readonly left: Set<string>; asked: number } {
  const left = new Set(issued);
  return { left, asked: 0, async consume(nonce) { this.asked += 1; await Promise.resolve(); return left.delete(nonce); } };
}
const signerOf = ({ sign }: Company): Signer => ({ sign: ({ message }) => sign.key.sign(message!) });
const answered = (octets: Uint8Array, by = company): Promise<Uint8Array> => signChallenge(octets, { certificate: parseCertificate(by.sign.certificate), chain: by.sign.chain ?? [], attached: true, algorithms }, signerOf(by));

async function verified(signature: Uint8Array, nonces: NonceStore, change: Partial<VerifyChallengeInput> = {}, by = company): Promise<ChallengeVerdict> {
  const { context, ...surroundings } = told.surroundings(by, 'login');
  return verifyChallenge({ ...surroundings, context, signed: readSignedData(signature), expected: { origin: challenge.origin, purpose: 'login' }, nonces, ...change });
}

describe('the octets', () => {
  it('are one encoding, read back, and never a document of another kind nor a set of attributes', () => {
    const octets = createChallenge(challenge);
    expect(new TextDecoder().decode(octets)).toMatch(/^HEFU-LOGIN-CHALLENGE\/1\n\{"nonce":/);
    expect(readChallenge(octets)).toEqual(challenge);
    expect([isChallenge(octets), looksLikeSignedAttributes(octets)]).toEqual([true, false]);
  });

  it('any change of an octet makes another challenge or none', () => {
    const octets = createChallenge(challenge);
    fc.assert(fc.property(fc.nat(octets.length - 1), fc.integer({ min: 1, max: 255 }), (at, bits) => {
      const changed = octets.slice();
      changed[at]! ^= bits;
      const read = readChallenge(changed);
      expect(read === undefined || JSON.stringify(read) !== JSON.stringify(challenge)).toBe(true);
    }), { numRuns: 500 });
  });

  it.each<[string, (octets: string) => string]>([
    ['white space', (text) => text.replace(':', ': ')], ['no line end', (text) => text.trimEnd()], ['another member', (text) => text.replace('{', '{"x":1,')], ['members in another order', (text) => text.replace(/("nonce":"[^"]*"),("origin":"[^"]*")/, '$2,$1')],
    ['an escape', (text) => text.replace('"login"', '"\\u006cogin"')], ['another version', (text) => text.replace('/1', '/2')], ['a second line', (text) => `${text}x`], ['an empty one', () => ''],
  ])('refuses %s', (_, change) => {
    expect(readChallenge(new TextEncoder().encode(change(new TextDecoder().decode(createChallenge(challenge)))))).toBeUndefined();
  });

  it.each<[Partial<Challenge>]>([
    [{ nonce: 'AAAA' }], [{ nonce: '%%' }], [{ origin: 'https://ggzy.example.cn/' }], [{ origin: 'HTTPS://x' }], [{ origin: 'javascript:x' }], [{ origin: 'https://a\nb' }], [{ purpose: '' }], [{ purpose: 'Log in' }], [{ entity: '123' }],
    [{ expiresAt: 0 }], [{ issuedAt: 0.5 }], [{ expiresAt: Date.UTC(2030, 1, 1) }],
  ])('is not made of %j', (change) => {
    expect(() => createChallenge({ ...challenge, ...change })).toThrow(TypeError);
  });
});

describe('an answer', () => {
  it('logs in once', async () => {
    const nonces = store(challenge.nonce);
    const signature = await answered(createChallenge(challenge));
    expect(await verified(signature, nonces)).toMatchObject({ report: { conclusion: 'passed', scene: 'login', identity: { uscc: company.identity.uscc } }, challenge });
    expect(await verified(signature, nonces)).toMatchObject({ report: { conclusion: 'indeterminate', code: 'CHALLENGE_USED' } });
  });

  it('logs in once under concurrency', async () => {
    const nonces = store(challenge.nonce);
    const signature = await answered(createChallenge(challenge));
    const verdicts = await Promise.all(Array.from({ length: 8 }, () => verified(signature, nonces)));
    expect(verdicts.filter(({ report }) => report.conclusion === 'passed')).toHaveLength(1);
    expect(verdicts.filter(({ report }) => report.code === 'CHALLENGE_USED')).toHaveLength(7);
  });

  it('as a bare value, with the challenge beside it', async () => {
    const octets = createChallenge(challenge);
    const raw = { value: company.sign.key.sign(octets), certificate: parseCertificate(company.sign.certificate) };
    const { context, ...surroundings } = told.surroundings(company, 'login');
    const asked = { ...surroundings, context, raw, content: octets, expected: { origin: challenge.origin, purpose: 'login' } };
    expect(await verifyChallenge({ ...asked, nonces: store(challenge.nonce) })).toMatchObject({ report: { conclusion: 'passed', family: 'raw' } });
    expect(await verifyChallenge({ ...asked, content: createChallenge({ ...challenge, purpose: 'open-bids' }), nonces: store(challenge.nonce) })).toMatchObject({ report: { conclusion: 'failed', code: 'SIGNATURE_INVALID' } });
  });

  it.each<[string, () => Partial<Challenge>, Partial<VerifyChallengeInput>, string]>([
    ['another origin', () => ({}), { expected: { origin: 'https://other.example.cn', purpose: 'login' } }, 'CHALLENGE_ORIGIN_MISMATCH'],
    ['another purpose', () => ({ purpose: 'open-bids' }), {}, 'CHALLENGE_PURPOSE_MISMATCH'],
    ['a company that was not asked', () => ({ entity: told.world.companies.find(({ id, identity }) => id !== company.id && identity.uscc !== undefined)!.identity.uscc! }), {}, 'CHALLENGE_ENTITY_MISMATCH'],
    ['too late', () => ({ issuedAt: told.at - 120_000, expiresAt: told.at }), {}, 'CHALLENGE_EXPIRED'],
    ['from the future', () => ({ issuedAt: told.at + 400_000, expiresAt: told.at + 500_000 }), {}, 'CHALLENGE_NOT_YET_VALID'],
    ['a nonce nobody issued', () => ({ nonce: 'BBECAwQFBgcICQoLDA0ODw' }), {}, 'CHALLENGE_USED'],
  ])('%s', async (_, made, change, code) => {
    const nonces = store(challenge.nonce);
    const { report } = await verified(await answered(createChallenge({ ...challenge, ...made() })), nonces, change);
    expect(report.conclusion).not.toBe('passed');
    expect(report.code).toBe(code);
    expect(nonces.left.has(challenge.nonce)).toBe(true);
    expect(nonces.asked).toBe(code === 'CHALLENGE_USED' ? 1 : 0);
  });

  it('by another company than this session is for', async () => {
    const other = told.company('SM2', 1);
    const { entity: _, ...anybody } = challenge;
    const signature = await answered(createChallenge(anybody), other);
    const expected = { origin: challenge.origin, purpose: 'login' };
    expect(await verified(signature, store(challenge.nonce), { expected }, other)).toMatchObject({ report: { conclusion: 'passed' } });
    expect(await verified(signature, store(challenge.nonce), { expected: { ...expected, entity: company.identity.uscc! } }, other)).toMatchObject({ report: { code: 'CHALLENGE_ENTITY_MISMATCH' } });
  });

  it('that does not verify spends no nonce', async () => {
    const nonces = store(challenge.nonce);
    const octets = createChallenge(challenge);
    const detached = await signChallenge(octets, { certificate: parseCertificate(company.sign.certificate), algorithms }, signerOf(company));
    const { report } = await verified(detached, nonces, { content: createChallenge({ ...challenge, nonce: 'BBECAwQFBgcICQoLDA0ODw' }) });
    expect(report).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    expect(nonces.asked).toBe(0);
  });
});

describe('documents and challenges do not stand in for each other', () => {
  it('a document signature logs nobody in', async () => {
    const nonces = store(challenge.nonce);
    const document = signDetached(company.sign, new TextEncoder().encode('投标文件'), { form: 'za-content', attached: true });
    expect(await verified(document, nonces)).toMatchObject({ report: { conclusion: 'failed', code: 'CHALLENGE_MALFORMED' } });
    expect(nonces.asked).toBe(0);
  });

  it('a login signature is no document signature: message, bare value, JWS', async () => {
    const octets = createChallenge(challenge);
    const surroundings = told.surroundings(company);
    expect(await judge({ ...surroundings, signed: readSignedData(await answered(octets)) })).toMatchObject({ conclusion: 'failed', code: 'CHALLENGE_AS_DOCUMENT' });
    expect(await judgeRaw({ ...surroundings, value: company.sign.key.sign(octets), certificate: parseCertificate(company.sign.certificate), content: octets })).toMatchObject({ conclusion: 'failed', code: 'CHALLENGE_AS_DOCUMENT' });
    const { signJws } = await import('../../../sign/dist/index.js');
    const jws = await signJws({ certificate: parseCertificate(company.sign.certificate), chain: company.sign.chain ?? [], algorithms, payload: octets }, signerOf(company));
    expect(await judgeJws({ ...surroundings, jws })).toMatchObject({ conclusion: 'failed', code: 'CHALLENGE_AS_DOCUMENT' });
  });

  it('the sign room makes neither as the other', async () => {
    const input = { certificate: parseCertificate(company.sign.certificate), algorithms };
    expect(() => prepareSignature({ ...input, content: createChallenge(challenge) })).toThrowError(expect.objectContaining({ code: 'CONTENT_IS_CHALLENGE' }));
    await expect(signChallenge(new TextEncoder().encode('投标文件'), input, signerOf(company))).rejects.toMatchObject({ code: 'CONTENT_IS_CHALLENGE' });
  });
});

it('misuse is refused', async () => {
  const { context, ...surroundings } = told.surroundings(company, 'login');
  const asked = { ...surroundings, context, expected: { origin: challenge.origin, purpose: 'login' }, nonces: store() };
  await expect(verifyChallenge(asked)).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
  await expect(verifyChallenge({ ...asked, raw: { value: 'x', certificate: parseCertificate(company.sign.certificate) } })).rejects.toMatchObject({ code: 'CONTEXT_INVALID' });
});
