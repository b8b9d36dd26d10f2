import { constants, createPrivateKey, generateKeyPairSync, sign, type JsonWebKey } from 'node:crypto';
import { CryptoError, encodeEcdsaSignature, type Algorithms, type CryptoErrorCode } from '@hefu/crypto';
import { calculateJwkThumbprint, flattenedVerify, generalVerify, importJWK, type JWK } from 'jose';
import { beforeAll, describe, expect, it } from 'vitest';
import { decodeBase64url, encodeBase64url } from '../src/base64.js';
import { addSignature, joseListSigner, serializeList, signList, updateTrustList, type ListKey, type ListRole, type ListSigner, type UpdateOutcome } from '../src/index.js';
import { readListKey, thumbprint } from '../src/jwk.js';
import { algorithms, caCertificate, joseSigner, listOf, NOW, reshape, roleOf, serviceOf, sha256, sm2Signer, T, utf8, withoutSm2, type TestSigner } from './helpers/world.js';

let payload: Uint8Array;
let es256: TestSigner;
let es256b: TestSigner;
let es384: TestSigner;
let eddsa: TestSigner;
let ps256: TestSigner;
const sm2a = sm2Signer(1);
const sm2b = sm2Signer(2);

beforeAll(async () => {
  payload = serializeList(listOf([serviceOf(await caCertificate('Test CA'))]));
  [es256, es256b, es384, eddsa, ps256] = (await Promise.all((['ES256', 'ES256', 'ES384', 'EdDSA', 'PS256'] as const).map(joseSigner))) as [TestSigner, TestSigner, TestSigner, TestSigner, TestSigner];
});

const update = (envelope: Uint8Array, role: ListRole, given = algorithms): Promise<UpdateOutcome> => updateTrustList(undefined, envelope, { role, algorithms: given, at: NOW });
/** `accepted`, or the code, then each signature's outcome. */
async function verdict(envelope: Uint8Array, role: ListRole, given = algorithms): Promise<string> {
  const result = await update(envelope, role, given);
  return [result.outcome === 'refused' ? result.code : result.outcome, ...(result.signatures ?? []).map(({ outcome }) => outcome)].join(' ');
}

/** The same signature of Ed25519 with L added to S (RFC 8032 §5.1.7 refuses it). */
function plusOrder(raw: Uint8Array): Uint8Array {
  const little = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).reverse().toString('hex')}`);
  const s = little(raw.subarray(32)) + 2n ** 252n + 27742317777372353535851937790883648493n;
  return Uint8Array.of(...raw.subarray(0, 32), ...Buffer.from(s.toString(16).padStart(64, '0'), 'hex').reverse());
}

describe('one signature', () => {
  it('of every algorithm counts under its key, and under no other', async () => {
    for (const signer of [es256, es384, eddsa, ps256, sm2a]) {
      const envelope = await signList(payload, [signer], { at: NOW });
      const strangers = [es256b, sm2b].map((each): readonly [ListSigner, string] => [each, 'x']);
      expect(await verdict(envelope, roleOf([[signer, 'a'], ...strangers], { threshold: 1 }))).toBe('accepted counted');
      expect(await verdict(envelope, roleOf(strangers, { threshold: 1 }))).toBe('TL_SIGNATURE_INVALID unknown-key');
      for (const member of ['protected', 'signature'] as const) {
        const flipped = reshape(envelope, ({ signatures: [entry] }) => {
          const bytes = decodeBase64url(entry![member])!;
          bytes[bytes.length - 2]! ^= 1;
          entry![member] = encodeBase64url(bytes);
        });
        expect(await verdict(flipped, roleOf([[signer, 'a']], { threshold: 1 }))).toMatch(/^TL_SIGNATURE_INVALID (invalid|malformed)$/);
      }
      const altered = reshape(envelope, (value) => {
        value.payload = encodeBase64url(utf8(new TextDecoder().decode(payload).replace('"42*"', '"43*"')));
      });
      expect(await verdict(altered, roleOf([[signer, 'a']], { threshold: 1 }))).toBe('TL_SIGNATURE_INVALID invalid');
    }
  });

  it('names who signed', async () => {
    const envelope = await signList(payload, [es256, sm2a]);
    const result = await update(envelope, roleOf([[es256, 'a'], [sm2a, 'b']], { threshold: 2 }));
    expect(result).toMatchObject({
      outcome: 'accepted',
      trustList: {
        signedBy: [{ thumbprint: await calculateJwkThumbprint(es256.jwk as JWK), org: 'a', family: 'F1' }, { thumbprint: await calculateJwkThumbprint(sm2a.jwk as JWK), org: 'b', family: 'F2' }],
        envelope,
      },
    });
  });

  it('made by node:crypto itself counts', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const signer: ListSigner = { jwk: publicKey.export({ format: 'jwk' }) as Record<string, unknown>, alg: 'ES256', sign: (input) => new Uint8Array(sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' })) };
    expect(await verdict(await signList(payload, [signer]), roleOf([[signer, 'a']], { threshold: 1 }))).toBe('accepted counted');
  });

  it('of SM2 does not count where no SM2-SM3 is given, and a note says so', async () => {
    const role = roleOf([[es256, 'a'], [sm2a, 'b']], { threshold: 1 });
    const both = await signList(payload, [es256, sm2a]);
    expect(await update(both, role, withoutSm2)).toMatchObject({ outcome: 'accepted', notes: [{ code: 'SM2_NOT_AVAILABLE' }] });
    expect(await verdict(both, { ...role, threshold: 2 }, withoutSm2)).toBe('TL_THRESHOLD_NOT_MET counted unsupported-alg');
    expect(await update(both, { ...role, threshold: 2 })).toMatchObject({ outcome: 'accepted', notes: [] });
  });

  it('of SM2 as DER, of zeroes, or of another length does not count', async () => {
    const role = roleOf([[sm2a, 'a']], { threshold: 1 });
    const good = await signList(payload, [sm2a]);
    const put = (change: (raw: Uint8Array) => Uint8Array): Uint8Array => reshape(good, ({ signatures: [entry] }) => void (entry!.signature = encodeBase64url(change(decodeBase64url(entry!.signature)!))));
    expect(await verdict(put((raw) => raw), role)).toBe('accepted counted');
    expect(await verdict(put((raw) => encodeEcdsaSignature(raw.subarray(0, 32), raw.subarray(32))), role)).toBe('TL_SIGNATURE_INVALID invalid');
    expect(await verdict(put(() => new Uint8Array(64)), role)).toBe('TL_SIGNATURE_INVALID invalid');
    expect(await verdict(put((raw) => Uint8Array.of(...raw, 0)), role)).toBe('TL_SIGNATURE_INVALID invalid');
    expect(await verdict(put(() => new Uint8Array(64).fill(255)), role)).toBe('TL_SIGNATURE_INVALID invalid');
  });

  it('of ECDSA in another form or width, of RSA with another salt, of Ed25519 with S not below L does not count, whatever the platform takes', async () => {
    const put = async (signer: ListSigner, change: (raw: Uint8Array) => Uint8Array): Promise<string> => {
      const changed = reshape(await signList(payload, [signer]), ({ signatures: [entry] }) => void (entry!.signature = encodeBase64url(change(decodeBase64url(entry!.signature)!))));
      return verdict(changed, roleOf([[signer, 'a']], { threshold: 1 }));
    };
    for (const [signer, half] of [[es256, 32], [es384, 48]] as const) {
      expect(await put(signer, (raw) => raw)).toBe('accepted counted');
      const forms: ((raw: Uint8Array) => Uint8Array)[] = [
        (raw) => encodeEcdsaSignature(raw.subarray(0, half), raw.subarray(half)), (raw) => Uint8Array.of(0, ...raw), (raw) => Uint8Array.of(...raw, 0), (raw) => raw.subarray(1), () => new Uint8Array(0),
        (raw) => Uint8Array.of(...new Uint8Array(half), ...raw.subarray(half)), (raw) => Uint8Array.of(...raw.subarray(0, half), ...new Uint8Array(half)), () => new Uint8Array(2 * half).fill(255),
      ];
      for (const form of forms) expect(await put(signer, form), String(form)).toBe('TL_SIGNATURE_INVALID invalid');
    }
    expect(await put(eddsa, (raw) => plusOrder(raw))).toBe('TL_SIGNATURE_INVALID invalid');
    expect(await put(eddsa, (raw) => raw.subarray(0, 63))).toBe('TL_SIGNATURE_INVALID invalid');
    for (const [saltLength, expected] of [[32, 'accepted counted'], [20, 'TL_SIGNATURE_INVALID invalid'], [0, 'TL_SIGNATURE_INVALID invalid']] as const) {
      const key = createPrivateKey({ key: ps256.privateJwk! as JsonWebKey, format: 'jwk' });
      const salted: ListSigner = { ...ps256, sign: (input) => new Uint8Array(sign('sha256', input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength })) };
      expect(await put(salted, (raw) => raw), String(saltLength)).toBe(expected);
    }
  });

  it('and jose says the same of each', async () => {
    for (const signer of [es256, es384, eddsa, ps256]) {
      const good = await signList(payload, [signer]);
      const bad = reshape(good, ({ signatures: [entry] }) => void (entry!.signature = `${entry!.signature.slice(0, 9)}${entry!.signature[9] === 'A' ? 'B' : 'A'}${entry!.signature.slice(10)}`));
      const byJose = async (envelope: Uint8Array): Promise<boolean> => {
        const { payload: text, signatures: [entry] } = JSON.parse(new TextDecoder().decode(envelope)) as { payload: string; signatures: { protected: string; signature: string }[] };
        return flattenedVerify({ payload: text, ...entry! }, signer.jwk as JWK, { algorithms: [signer.alg], crit: { iat: true } }).then(() => true, () => false);
      };
      for (const [envelope, holds] of [[good, true], [bad, false]] as const) {
        expect(await byJose(envelope)).toBe(holds);
        expect(await verdict(envelope, roleOf([[signer, 'a']], { threshold: 1 }))).toBe(holds ? 'accepted counted' : 'TL_SIGNATURE_INVALID invalid');
      }
    }
  });

  it('does not count where its algorithm is not among those given, or the platform lacks it', async () => {
    for (const [signer, name] of [[es256, 'ECDSA-SHA-256'], [es384, 'ECDSA-SHA-384'], [eddsa, 'Ed25519'], [ps256, 'RSASSA-PSS'], [sm2a, 'SM2-SM3']] as const) {
      const envelope = await signList(payload, [signer]);
      const role = roleOf([[signer, 'a']], { threshold: 1 });
      expect(await verdict(envelope, role, { ...algorithms, signatures: algorithms.signatures.filter((each) => each.name === name) })).toBe('accepted counted');
      expect(await verdict(envelope, role, { ...algorithms, signatures: algorithms.signatures.filter((each) => each.name !== name) })).toBe('TL_SIGNATURE_INVALID unsupported-alg');
      const failing = (code: CryptoErrorCode): Algorithms => ({ ...algorithms, signatures: algorithms.signatures.map((each) => ({ ...each, verify: () => Promise.reject(new CryptoError(code, 'of the test')) })) });
      expect(await verdict(envelope, role, failing('ALGORITHM_UNSUPPORTED'))).toBe('TL_SIGNATURE_INVALID unsupported-alg');
      expect(await verdict(envelope, role, failing('KEY_INVALID'))).toBe('TL_SIGNATURE_INVALID invalid');
      expect(await verdict(envelope, role, failing('PROVIDER_FAILED'))).toBe('TL_SIGNATURE_INVALID invalid');
      // Anything but true is no.
      expect(await verdict(envelope, role, { ...algorithms, signatures: algorithms.signatures.map((each) => ({ ...each, verify: () => 1 as unknown as boolean })) })).toBe('TL_SIGNATURE_INVALID invalid');
    }
  });

  it('under an algorithm lists are not signed with does not count, nor one key under another alg', async () => {
    const role = roleOf([[es256, 'a']], { threshold: 1 });
    const header = (members: object): Uint8Array => utf8(JSON.stringify({ payload: encodeBase64url(payload), signatures: [{ protected: encodeBase64url(utf8(JSON.stringify(members))), signature: encodeBase64url(new Uint8Array(64)) }] }));
    expect(await verdict(header({ alg: 'none', typ: 'ca-trust-list+json' }), role)).toBe('TL_SIGNATURE_INVALID unsupported-alg');
    expect(await verdict(header({ alg: 'HS256', typ: 'ca-trust-list+json' }), role)).toBe('TL_SIGNATURE_INVALID unsupported-alg');
    expect(await verdict(header({ alg: 'PS256', typ: 'ca-trust-list+json' }), role)).toBe('TL_SIGNATURE_INVALID unknown-key');
    expect(await verdict(header({ alg: 'SM2-SM3', typ: 'ca-trust-list+json' }), role)).toBe('TL_SIGNATURE_INVALID unknown-key');
  });
});

describe('the protected header', () => {
  /** Signs over a header of the test's own. */
  async function withHeader(header: string | object, more: object = {}): Promise<Uint8Array> {
    const text = encodeBase64url(utf8(typeof header === 'string' ? header : JSON.stringify(header)));
    const body = encodeBase64url(payload);
    const signature = await sm2a.sign(utf8(`${text}.${body}`));
    return utf8(JSON.stringify({ payload: body, signatures: [{ protected: text, signature: encodeBase64url(signature), ...more }] }));
  }
  const base = { alg: 'SM2-SM3', typ: 'ca-trust-list+json' };

  it.each<[string, string | object, object, string]>([
    ['alone', base, {}, 'accepted counted'],
    ['with members that do not matter', { ...base, kid: 'someone', iat: 1, x5u: 'http://x/' }, {}, 'accepted counted'],
    ['of another typ', { ...base, typ: 'JWT' }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['without typ', { alg: 'SM2-SM3' }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['without alg', { typ: base.typ }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['with a crit that is understood', { ...base, iat: 1, crit: ['iat'] }, {}, 'accepted counted'],
    ['with a crit that is not', { ...base, policy: 'x', crit: ['policy'] }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['with a crit for what is absent', { ...base, crit: ['iat'] }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['with an empty crit', { ...base, crit: [] }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['with b64', { ...base, b64: false, crit: ['b64'] }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['with b64 outside crit', { ...base, b64: false }, {}, 'TL_SIGNATURE_INVALID malformed'],
    ['with iat in fractions', '{"alg":"SM2-SM3","typ":"ca-trust-list+json","iat":1.5}', {}, 'TL_SIGNATURE_INVALID malformed'],
    ['with a member twice', '{"alg":"SM2-SM3","alg":"SM2-SM3","typ":"ca-trust-list+json"}', {}, 'TL_SIGNATURE_INVALID malformed'],
    ['beside an unprotected one', base, { header: { kid: 'x' } }, 'TL_SIGNATURE_INVALID malformed'],
  ])('%s', async (_, header, more, expected) => {
    expect(await verdict(await withHeader(header, more), roleOf([[sm2a, 'a']], { threshold: 1 }))).toBe(expected);
  });

  it('kid is a hint, and names nobody by itself', async () => {
    const role: ListRole = { keys: [{ jwk: { ...sm2b.jwk, kid: 'one' }, org: 'b' }, { jwk: { ...sm2a.jwk, kid: 'two' }, org: 'a' }], threshold: 1 };
    expect(await update(await withHeader({ ...base, kid: 'one' }), role)).toMatchObject({ outcome: 'accepted', trustList: { signedBy: [{ org: 'a' }] } });
  });
});

describe('the quorum', () => {
  it('is not met by one good signature and a bad one, where jose.generalVerify is content', async () => {
    const role = roleOf([[es256, 'a'], [eddsa, 'b']], { threshold: 2 });
    const envelope = await signList(payload, [es256, eddsa]);
    expect(await verdict(envelope, role)).toBe('accepted counted counted');
    const corrupted = reshape(envelope, ({ signatures }) => void (signatures[1]!.signature = encodeBase64url(new Uint8Array(64))));
    expect(await verdict(corrupted, role)).toBe('TL_THRESHOLD_NOT_MET counted invalid');
    await expect(generalVerify(JSON.parse(new TextDecoder().decode(corrupted)), (await importJWK(es256.jwk as JWK, 'ES256')) as CryptoKey)).resolves.toBeDefined();
  });

  it('counts a key once, whatever it calls itself', async () => {
    const role: ListRole = { keys: [{ jwk: { ...es256.jwk, kid: 'first' }, org: 'a' }, { jwk: eddsa.jwk, org: 'b' }, { jwk: sm2a.jwk, org: 'c' }], threshold: 2 };
    const once = await signList(payload, [es256]);
    const twice = await addSignature(once, es256, { at: NOW });
    expect(await verdict(once, role)).toBe('TL_THRESHOLD_NOT_MET counted');
    expect(await verdict(twice, role)).toBe('TL_SAME_KEY_TWICE counted duplicate-key');
    expect(await verdict(await signList(payload, [sm2a, sm2a]), role)).toBe('TL_SAME_KEY_TWICE counted duplicate-key');
    expect(await verdict(await signList(payload, [es256, es256]), { ...role, threshold: 3 })).toBe('TL_THRESHOLD_NOT_MET counted duplicate-key');
    expect(await verdict(await addSignature(twice, eddsa), role)).toBe('accepted counted duplicate-key counted');
  });

  it('asks for distinct organisations', async () => {
    const role = roleOf([[es256, 'a'], [eddsa, 'a'], [sm2a, 'b']], { threshold: 2, distinctOrgs: 2 });
    expect(await verdict(await signList(payload, [es256, eddsa]), role)).toBe('TL_SAME_ORGANISATION counted counted');
    expect(await verdict(await signList(payload, [es256, sm2a]), role)).toBe('accepted counted counted');
  });

  it('asks for families', async () => {
    const role = roleOf([[es256, 'a'], [eddsa, 'b'], [sm2a, 'c'], [sm2b, 'd']], { threshold: 2, families: { F1: 1, F2: 1 } });
    expect(await verdict(await signList(payload, [es256, eddsa]), role)).toBe('TL_FAMILY_MISSING counted counted');
    expect(await verdict(await signList(payload, [sm2a, sm2b]), role)).toBe('TL_FAMILY_MISSING counted counted');
    expect(await verdict(await signList(payload, [sm2a, eddsa]), role)).toBe('accepted counted counted');
  });

  it('does not count a key for lists issued at its end or after', async () => {
    const issued = T('2026-05-01T00:00:00Z');
    const envelope = await signList(payload, [es256, sm2a]);
    const role = (notAfter: number): ListRole => ({ keys: [{ jwk: es256.jwk, org: 'a', notAfter }, { jwk: sm2a.jwk, org: 'b' }], threshold: 2 });
    expect(await verdict(envelope, role(issued))).toBe('TL_THRESHOLD_NOT_MET key-expired counted');
    expect(await verdict(envelope, role(issued + 1))).toBe('accepted counted counted');
  });

  it('spends a bounded number of checks', async () => {
    const role = roleOf([[sm2a, 'a'], [sm2b, 'b']], { threshold: 1 });
    const envelope = reshape(await signList(payload, [es256, sm2a]), ({ signatures }) => void (signatures[0]!.protected = signatures[1]!.protected));
    expect(await updateTrustList(undefined, envelope, { role, algorithms, at: NOW, limits: { maxVerifications: 2 } })).toMatchObject({ code: 'TL_SIGNATURE_INVALID', signatures: [{ outcome: 'invalid' }, { outcome: 'not-tried' }] });
    expect(await updateTrustList(undefined, envelope, { role, algorithms, at: NOW, limits: { maxVerifications: 3 } })).toMatchObject({ outcome: 'accepted' });
  });
});

describe('roles are configuration', () => {
  const misuse = async (role: ListRole): Promise<unknown> => update(await signList(payload, [sm2a]), role).catch((error: unknown) => error);
  const key = (jwk: object): ListKey => ({ jwk: jwk as Record<string, unknown>, org: 'a' });

  it('that means something', async () => {
    const good = { keys: [key(sm2a.jwk)], threshold: 1 };
    expect(await misuse(good)).toMatchObject({ outcome: 'accepted' });
    for (const role of [
      { ...good, keys: [] }, { ...good, threshold: 0 }, { ...good, threshold: 2 }, { ...good, threshold: 1.5 }, { ...good, threshold: Number.NaN }, { ...good, distinctOrgs: 2 }, { ...good, distinctOrgs: 0 }, { ...good, families: { F1: 1 } },
      { ...good, keys: [key(sm2a.jwk), key({ ...sm2a.jwk, kid: 'again' })] }, { ...good, keys: [{ jwk: sm2a.jwk, org: '' }] }, { ...good, keys: Array.from({ length: 65 }, () => key(sm2a.jwk)) },
      { ...good, keys: [key(es256.privateJwk!)] }, { ...good, keys: [key({ kty: 'oct', k: 'AAAA' })] }, { ...good, keys: [key({ ...es256.jwk, crv: 'P-521' })] }, { ...good, keys: [key({ ...es256.jwk, x: `AA${String(es256.jwk['x'])}` })] },
      { ...good, keys: [key({ ...ps256.jwk, e: 'AAEAAQ' })] }, { ...good, keys: [key({ kty: 'RSA', e: 'AQAB', n: encodeBase64url(new Uint8Array(128).fill(255)) })] },
    ] as ListRole[]) expect(await misuse(role)).toBeInstanceOf(TypeError);
  });

  it('thumbprints are those of RFC 7638', async () => {
    for (const signer of [es256, es384, eddsa, ps256, sm2a]) {
      expect(thumbprint(readListKey({ ...signer.jwk, kid: 'x', use: 'sig' }), sha256)).toBe(await calculateJwkThumbprint(signer.jwk as JWK));
    }
  });
});

describe('signing', () => {
  it('refuses signers whose parts do not fit', async () => {
    const der: ListSigner = { ...sm2a, sign: async (input) => { const raw = await sm2a.sign(input); return encodeEcdsaSignature(raw.subarray(0, 32), raw.subarray(32)); } };
    await expect(signList(payload, [der])).rejects.toThrow(TypeError);
    await expect(signList(payload, [{ ...es256, alg: 'EdDSA' }])).rejects.toThrow(TypeError);
    await expect(signList(payload, [{ ...es256, jwk: es256.privateJwk! as Record<string, unknown> }])).rejects.toThrow(TypeError);
    await expect(signList(payload, [])).rejects.toThrow(TypeError);
  });

  it('takes a CryptoKey that cannot be exported', async () => {
    const pair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']);
    const publicJwk = (await crypto.subtle.exportKey('jwk', pair.publicKey)) as JWK;
    const signer = await joseListSigner({ key: pair.privateKey, publicJwk }, 'ES256');
    expect(await verdict(await signList(payload, [signer]), roleOf([[signer, 'a']], { threshold: 1 }))).toBe('accepted counted');
  });

  it('adds to what is there, and only to an envelope', async () => {
    const one = await signList(payload, [sm2a]);
    const two = await addSignature(one, es256);
    expect(JSON.parse(new TextDecoder().decode(two)).signatures[0]).toEqual(JSON.parse(new TextDecoder().decode(one)).signatures[0]);
    await expect(addSignature(payload, es256)).rejects.toMatchObject({ code: 'TL_UNSIGNED' });
    await expect(addSignature(reshape(one, ({ signatures }) => void signatures.push({} as never)), es256)).rejects.toMatchObject({ code: 'TL_SCHEMA_INVALID' });
  });
});
