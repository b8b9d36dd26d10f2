import { constants, createPublicKey, sign as nodeSign, webcrypto, type KeyObject } from 'node:crypto';
import { normaliseSignature, sha256, sha384, sha512, sm2, sm3 } from '@hefu/crypto';
import { encodeBase64url } from '@hefu/trust-list';
import { hexOf, parseTimeStampToken } from '@hefu/pki';
import { compactVerify, flattenedVerify, generalVerify, type FlattenedJWSInput, type GeneralJWSInput } from 'jose';
import { describe, expect, it } from 'vitest';
import { addJwsTimestamp, assembleJws, prepareJws, signJws, webCryptoSoftKey, type PrepareJwsInput, type Signer } from '../../src/index.js';
import { algorithms, AT, SigningWorld, type Party } from '../world.js';
import { credential, type KeyKind } from '../certificates.js';

// Signatures are verified by jose (another implementation), those of SM2 by the crypto room.
const world = new SigningWorld('sign-jws');
const payload = new TextEncoder().encode('{"price":"1,280,000.00"}');
const text = (octets: Uint8Array): string => new TextDecoder().decode(octets);
const partOf = (encoded: string): Record<string, unknown> => JSON.parse(Buffer.from(encoded, 'base64url').toString()) as Record<string, unknown>;
const CRIT = { crit: { sigD: true, sigT: true, 'x5t#o': true } };

const holders = Object.fromEntries(
  (['RSA', 'P-256', 'P-384', 'P-521', 'Ed25519'] as const).map((kind) => {
    const holder = credential(kind);
    const signer: Signer = {
      sign: ({ message, digestAlgorithm, pss }) =>
        new Uint8Array(nodeSign(kind === 'Ed25519' ? null : digestAlgorithm, message!, pss === undefined ? holder.privateKey! : { key: holder.privateKey!, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: pss.saltLength })),
    };
    return [kind, { certificate: holder.certificate, signer, publicKey: createPublicKey(holder.privateKey!) }];
  }),
) as Record<Exclude<KeyKind, 'SM2'>, { certificate: Party['certificate']; signer: Signer; publicKey: KeyObject }>;
const sm2Party = world.party('SM2');

describe.each([['RSA', 'PS256'], ['P-256', 'ES256'], ['P-384', 'ES384'], ['P-521', 'ES512'], ['Ed25519', 'EdDSA']] as const)('%s', (kind, alg) => {
  const { certificate, signer, publicKey } = holders[kind];
  const input: PrepareJwsInput = { certificate, algorithms, payload, level: 'B-B', signingTime: AT + 999 };

  it(`signs ${alg} in every serialization`, async () => {
    const compact = await signJws(input, signer);
    const verified = await compactVerify(compact, publicKey);
    expect(text(verified.payload)).toBe(text(payload));
    expect(verified.protectedHeader).toEqual({ alg, iat: AT / 1000, 'x5t#S256': encodeBase64url(sha256.digest(certificate.bytes)), x5c: [Buffer.from(certificate.bytes).toString('base64')] });
    await expect(flattenedVerify(JSON.parse(await signJws(input, signer, 'flattened')) as FlattenedJWSInput, publicKey)).resolves.toBeDefined();
    await expect(generalVerify(JSON.parse(await signJws(input, signer, 'general')) as GeneralJWSInput, publicKey)).resolves.toBeDefined();
    const [head, , value] = compact.split('.');
    await expect(compactVerify(`${head}.${encodeBase64url(new TextEncoder().encode('{}'))}.${value}`, publicKey)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
  });

  it('leaves a detached payload out and signs it all the same', async () => {
    const [head, middle, value] = (await signJws({ ...input, detached: true }, signer)).split('.');
    expect(middle).toBe('');
    await expect(compactVerify(`${head}.${encodeBase64url(payload)}.${value}`, publicKey)).resolves.toBeDefined();
    expect(JSON.parse(await signJws({ ...input, detached: true }, signer, 'flattened'))).not.toHaveProperty('payload');
  });

  it('releases nothing that does not verify', async () => {
    const prepared = prepareJws(input);
    const value = await signer.sign(prepareJws({ ...input, payload: new Uint8Array(1) }).toBeSigned);
    await expect(assembleJws(prepared, value)).rejects.toMatchObject({ code: 'SIGNATURE_NOT_VERIFIED' });
  });

  it('is time-stamped over the text of its signature value, itself untouched', async () => {
    const compact = await signJws(input, signer);
    const stamped = JSON.parse(await addJwsTimestamp(compact, world.timestamper('sm2'), sm3)) as FlattenedJWSInput & { header: { etsiU: string[] } };
    const [head, middle, value] = compact.split('.');
    expect([stamped.protected, stamped.payload, stamped.signature]).toEqual([head, middle, value]);
    await expect(flattenedVerify(stamped, publicKey)).resolves.toBeDefined();
    const { sigTst } = partOf(stamped.header.etsiU[0]!) as { sigTst: { tstTokens: { val: string }[] } };
    const { tstInfo } = parseTimeStampToken(new Uint8Array(Buffer.from(sigTst.tstTokens[0]!.val, 'base64')));
    expect(hexOf(tstInfo.messageImprint.hashedMessage)).toBe(hexOf(sm3.digest(new TextEncoder().encode(value))));
    const twice = JSON.parse(await addJwsTimestamp(JSON.stringify(stamped), world.timestamper('p256'), sha512)) as typeof stamped;
    expect(twice.header.etsiU).toHaveLength(2);
    expect(twice.header.etsiU[0]).toBe(stamped.header.etsiU[0]);
  });
});

describe('SM2', () => {
  it('signs with the private name SM2-SM3, r||s', async () => {
    const [head, middle, value] = (await signJws({ certificate: sm2Party.certificate, chain: sm2Party.chain, algorithms, payload, level: 'B-B', signingTime: AT, certificateDigest: sm3 }, sm2Party.signer)).split('.');
    const header = partOf(head!);
    expect(header).toMatchObject({ alg: 'SM2-SM3', 'x5t#o': { digAlg: 'SM3', digVal: encodeBase64url(sm3.digest(sm2Party.certificate.bytes)) }, crit: ['x5t#o'] });
    expect(header['x5c']).toHaveLength(1 + sm2Party.chain.length);
    const raw = new Uint8Array(Buffer.from(value!, 'base64url'));
    expect(raw).toHaveLength(64);
    const der = normaliseSignature(raw, 32)!.der;
    const signed = new TextEncoder().encode(`${head}.${middle}`);
    expect(sm2.verify(sm2Party.certificate.spki.key, signed, der)).toBe(true);
    expect(sm2.verify(sm2Party.certificate.spki.key, signed.subarray(1), der)).toBe(false);
  });
});

describe('sigD', () => {
  const { certificate, signer, publicKey } = holders['P-256'];
  const objects = [{ uri: 'bid.pdf', content: payload, contentType: 'application/pdf' }, { uri: 'price.xml', content: new Uint8Array(0), contentType: 'text/xml' }];
  const base = { certificate, algorithms, level: 'B-B' as const, signingTime: AT };
  const digestOf = (content: Uint8Array): Uint8Array => sha384.digest(new TextEncoder().encode(encodeBase64url(content)));

  it('signs objects by the digests of their base64url texts, over an empty payload', async () => {
    const jws = JSON.parse(await signJws({ ...base, objects, objectDigest: sha384, timeHeader: 'sigT' }, signer, 'flattened')) as FlattenedJWSInput;
    expect(jws).not.toHaveProperty('payload');
    const { protectedHeader } = await flattenedVerify({ ...jws, payload: '' }, publicKey, CRIT);
    expect(protectedHeader).toMatchObject({
      sigT: '2026-10-01T00:00:00Z',
      sigD: {
        mId: 'http://uri.etsi.org/19182/ObjectIdByURIHash', pars: ['bid.pdf', 'price.xml'], hashM: 'S384',
        hashV: objects.map(({ content }) => encodeBase64url(digestOf(content))), ctys: ['application/pdf', 'text/xml'],
      },
      crit: ['sigT', 'sigD'],
    });
    await expect(flattenedVerify({ ...jws, payload: encodeBase64url(payload) }, publicKey, CRIT)).rejects.toMatchObject({ code: 'ERR_JWS_SIGNATURE_VERIFICATION_FAILED' });
    await expect(flattenedVerify({ ...jws, payload: '' }, publicKey)).rejects.toMatchObject({ code: 'ERR_JOSE_NOT_SUPPORTED' });
  });

  it('takes a digest computed elsewhere, of the right length', () => {
    const elsewhere = (encodedDigest: Uint8Array) => prepareJws({ ...base, objects: [{ uri: 'bid.pdf', encodedDigest }], objectDigest: sha384 });
    expect(elsewhere(digestOf(payload)).protectedHeader).toBe(prepareJws({ ...base, objects: [{ uri: 'bid.pdf', content: payload }], objectDigest: sha384 }).protectedHeader);
    expect(() => elsewhere(sha256.digest(payload))).toThrowError(expect.objectContaining({ code: 'CONTENT_DIGEST_INVALID' }));
  });

  it.each<[string, Partial<PrepareJwsInput>]>([
    ['payload and objects', { payload, objects }], ['neither', {}], ['no object', { objects: [] }], ['a type for all and types for each', { objects, contentType: 'x/y' }],
    ['types for some', { objects: [objects[0]!, { uri: 'x', content: payload }] }], ['a level without a time', { payload, signingTime: undefined as never }],
  ])('refuses %s', (_what, parts) => {
    expect(() => prepareJws({ ...base, ...parts })).toThrow(TypeError);
  });
});

describe('what is refused', () => {
  it('encryption certificates, and keys that make something else', async () => {
    expect(() => prepareJws({ certificate: credential('P-256', { keyUsage: [2] }).certificate, algorithms, payload })).toThrowError(expect.objectContaining({ code: 'CERTIFICATE_NOT_FOR_SIGNING' }));
    const holder = credential('RSA');
    const key = (name: string) => webcrypto.subtle.importKey('pkcs8', holder.privateKey!.export({ type: 'pkcs8', format: 'der' }), { name, hash: 'SHA-256' }, false, ['sign']);
    const soft = async (name: string) => webCryptoSoftKey(webcrypto.subtle as unknown as SubtleCrypto, (await key(name)) as unknown as CryptoKey);
    const input = { certificate: holder.certificate, algorithms, payload };
    await expect(compactVerify(await signJws(input, await soft('RSA-PSS')), createPublicKey(holder.privateKey!))).resolves.toBeDefined();
    await expect(signJws(input, await soft('RSASSA-PKCS1-v1_5'))).rejects.toMatchObject({ code: 'KEY_UNSUPPORTED' });
  });

  it.each([
    '', 'a.b', 'a.b.c.d', '{', '[]', '{"payload":"a","protected":"b"}', '{"protected":"","signature":"c"}', '{"protected":"b","signature":"c","signature":"d"}', '{"protected":"b","signature":"c","header":[]}',
    '{"protected":"b","signature":"c","header":{"etsiU":{}}}', '{"signatures":[]}', '{"signatures":[{"protected":"b","signature":"c"},{"protected":"b","signature":"c"}]}', '{"signatures":[7]}', 'ä.b.c', '{"protected":"b=","signature":"c"}', 'e30x.b.c', 'W10.b.c',
  ])('as a JWS: %s', async (jws) => {
    let asked = 0;
    await expect(addJwsTimestamp(jws, async () => { asked += 1; return new Uint8Array(0); }, sha256)).rejects.toMatchObject({ code: 'JWS_MALFORMED' });
    expect(asked).toBe(0);
  });

  it('a token from before the signing time that is claimed, in either header', async () => {
    const claiming = (ahead: number, timeHeader: 'iat' | 'sigT'): Promise<string> => signJws({ certificate: sm2Party.certificate, algorithms, payload, level: 'B-B', signingTime: AT + ahead, timeHeader }, sm2Party.signer);
    for (const timeHeader of ['iat', 'sigT'] as const) {
      await expect(addJwsTimestamp(await claiming(240_000, timeHeader), world.timestamper('sm2'), sm3)).rejects.toMatchObject({ code: 'CLOCK_SKEW', detail: 'timestamp-before-signing-time', outcome: 'signed' });
      await expect(addJwsTimestamp(await claiming(120_000, timeHeader), world.timestamper('sm2'), sm3)).resolves.toBeDefined();
    }
  });

  it('a token over something else', async () => {
    const jws = await signJws({ certificate: sm2Party.certificate, algorithms, payload }, sm2Party.signer);
    await expect(addJwsTimestamp(jws, world.timestamper('sm2/wrong-imprint'), sm3)).rejects.toMatchObject({ code: 'TIMESTAMP_MISMATCH' });
  });
});
