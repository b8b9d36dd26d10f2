import { sm2Sign, sm3, type Algorithms } from '@hefu/crypto';
import { buildSignedAttributes, buildSignedData, encodePem, id_data, id_gm_data, integer, bitString, concatBytes, explicit, oid, parseCertificate, sequence, setOf, time, utf8String } from '@hefu/pki';
import { beforeAll, describe, expect, it } from 'vitest';
import { attachP7s, serializeList, signList, updateTrustList, type ListKey, type ListRole } from '../../src/index.js';
import { decodeBase64url } from '../../src/base64.js';
import { algorithms, caCertificate, joseSigner, listOf, NOW, serviceOf, sm2Signer, withoutSm2, type TestSigner } from '../helpers/world.js';

const SM2_SM3 = '1.2.156.10197.1.501';
const SM3 = '1.2.156.10197.1.401';
const signer = sm2Signer(9);
const secret = new Uint8Array(32).fill(9);
const stranger = new Uint8Array(32).fill(10);

/** A minimal certificate of an SM2 key: nothing but its name, number and key is read. */
function certificateOf(of: TestSigner, serial = 7): Uint8Array {
  const point = concatBytes(Uint8Array.of(4), decodeBase64url(of.jwk['x'] as string)!, decodeBase64url(of.jwk['y'] as string)!);
  const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String('签名人'))));
  const algorithm = sequence(oid(SM2_SM3));
  const spki = sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bitString(point));
  const tbs = sequence(explicit(0, integer(2)), integer(serial), algorithm, name, sequence(time(Date.UTC(2026, 0)), time(Date.UTC(2030, 0))), name, spki);
  return sequence(tbs, algorithm, bitString(new Uint8Array(70)));
}

interface Shape {
  readonly content?: Uint8Array;
  readonly attached?: boolean;
  readonly attributes?: boolean;
  readonly digest?: Uint8Array;
  readonly attributeType?: string;
  readonly key?: Uint8Array;
  readonly certificates?: readonly Uint8Array[];
  readonly digestOid?: string;
  readonly signatureOid?: string;
  readonly twice?: boolean;
  readonly family?: 'cms' | 'gm';
}

/** A `.p7s` as an appliance writes it, over the payload. */
function p7sOf(payload: Uint8Array, shape: Shape = {}): Uint8Array {
  const { family = 'gm', key = secret, content = payload } = shape;
  const certificate = parseCertificate(certificateOf(signer));
  const signedAttrs = shape.attributes === true ? buildSignedAttributes({ contentType: shape.attributeType ?? (family === 'gm' ? id_gm_data : id_data), messageDigest: shape.digest ?? sm3.digest(content) }) : undefined;
  const one = {
    sid: { issuer: certificate.issuer.bytes, serialNumber: certificate.serialNumber },
    signatureAlgorithm: { oid: shape.signatureOid ?? SM2_SM3 },
    signature: sm2Sign(key, signedAttrs ?? content),
    ...(signedAttrs && { signedAttrs }),
  };
  return buildSignedData({
    family, digestAlgorithm: { oid: shape.digestOid ?? SM3 }, certificates: shape.certificates ?? [certificate.bytes], signers: shape.twice === true ? [one, one] : [one], ...(shape.attached === true && { content }),
  });
}

let payload: Uint8Array;
let es256: TestSigner;
let envelope: Uint8Array;
beforeAll(async () => {
  payload = serializeList(listOf([serviceOf(await caCertificate('Test CA'))]));
  es256 = await joseSigner('ES256');
  envelope = await signList(payload, [es256]);
});

const sm2Key = (more: Partial<ListKey> = {}): ListKey => ({ jwk: signer.jwk, org: 'b', ...more });
const roleWith = (...keys: ListKey[]): ListRole => ({ keys: [{ jwk: es256.jwk, org: 'a' }, ...keys], threshold: 2, distinctOrgs: 2, families: { F1: 1, F2: 1 } });
async function verdict(file: Uint8Array, role = roleWith(sm2Key()), given: Algorithms = algorithms): Promise<string> {
  const outcome = await updateTrustList(undefined, file, { role, algorithms: given, at: NOW });
  return [outcome.outcome === 'refused' ? outcome.code : outcome.outcome, ...(outcome.signatures ?? []).map((fact) => fact.outcome)].join(' ');
}
/** Beside the envelope's signatures, whatever its form. */
const beside = (der: Uint8Array | string): Uint8Array => new TextEncoder().encode(JSON.stringify({ ...(JSON.parse(new TextDecoder().decode(envelope)) as object), p7s: [typeof der === 'string' ? der : Buffer.from(der).toString('base64')] }));

describe('a detached p7s', () => {
  it.each<[string, Shape, string]>([
    ['over the content', {}, 'accepted counted counted'],
    ['over attributes', { attributes: true }, 'accepted counted counted'],
    ['in the CMS family', { family: 'cms', attributes: true }, 'accepted counted counted'],
    ['with the plain SM2 algorithm', { signatureOid: '1.2.156.10197.1.301.1' }, 'accepted counted counted'],
    ['over other content', { content: new TextEncoder().encode('{}') }, 'TL_THRESHOLD_NOT_MET counted invalid'],
    ['over attributes of other content', { attributes: true, digest: new Uint8Array(32) }, 'TL_THRESHOLD_NOT_MET counted invalid'],
    ['over attributes of another type', { attributes: true, attributeType: '1.2.3.4' }, 'TL_THRESHOLD_NOT_MET counted invalid'],
    ['by another key under that certificate', { key: stranger }, 'TL_THRESHOLD_NOT_MET counted invalid'],
    ['with a certificate of another key', { certificates: [certificateOf(sm2Signer(10))] }, 'TL_THRESHOLD_NOT_MET counted unknown-key'],
    ['without a certificate', { certificates: [] }, 'TL_THRESHOLD_NOT_MET counted unknown-key'],
    ['with the content in it', { attached: true }, 'TL_THRESHOLD_NOT_MET counted malformed'],
    ['by two signers', { twice: true }, 'TL_THRESHOLD_NOT_MET counted malformed'],
    ['with SHA-256', { digestOid: '2.16.840.1.101.3.4.2.1' }, 'TL_THRESHOLD_NOT_MET counted malformed'],
    ['with ECDSA', { signatureOid: '1.2.840.10045.4.3.2' }, 'TL_THRESHOLD_NOT_MET counted malformed'],
  ])('%s', async (_, shape, expected) => {
    expect(await verdict(beside(p7sOf(payload, shape)))).toBe(expected);
  });

  it('that is none', async () => {
    expect(await verdict(beside('!'))).toBe('TL_THRESHOLD_NOT_MET counted malformed');
    expect(await verdict(beside('AAAA'))).toBe('TL_THRESHOLD_NOT_MET counted malformed');
  });

  it('is named by the certificate the role states, and by no other then', async () => {
    const certificate = certificateOf(signer);
    expect(await verdict(beside(p7sOf(payload, { certificates: [] })), roleWith(sm2Key({ certificate })))).toBe('accepted counted counted');
    expect(await verdict(beside(p7sOf(payload)), roleWith(sm2Key({ certificate: certificateOf(signer, 8) })))).toBe('TL_THRESHOLD_NOT_MET counted unknown-key');
  });

  it('counts once with a JWS entry by the same key', async () => {
    const both = await signList(payload, [signer]);
    const role: ListRole = { keys: [sm2Key(), { jwk: es256.jwk, org: 'a' }], threshold: 2 };
    expect(await verdict(attachP7s(both, p7sOf(payload)), role)).toBe('TL_SAME_KEY_TWICE counted duplicate-key');
    expect(await verdict(attachP7s(attachP7s(payload, p7sOf(payload)), p7sOf(payload)), role)).toBe('TL_SAME_KEY_TWICE counted duplicate-key');
  });

  it('does not count where no SM2-SM3 is given', async () => {
    expect(await verdict(beside(p7sOf(payload)), roleWith(sm2Key()), withoutSm2)).toBe('TL_THRESHOLD_NOT_MET counted unsupported-alg');
  });

  it('is attached as DER, PEM or base64, to an envelope or to a payload', async () => {
    const der = p7sOf(payload);
    for (const form of [der, new TextEncoder().encode(encodePem('PKCS7', der)), new TextEncoder().encode(Buffer.from(der).toString('base64'))]) expect(await verdict(attachP7s(envelope, form))).toBe('accepted counted counted');
    const alone: ListRole = { keys: [sm2Key()], threshold: 1, families: { F2: 1 } };
    expect(await verdict(attachP7s(payload, der), alone)).toBe('accepted counted');
    expect(() => attachP7s(envelope, p7sOf(payload, { attached: true }))).toThrow('SignedData');
    expect(() => attachP7s(envelope, envelope)).toThrow();
  });
});

describe('people', () => {
  it('with two keys count once, and for both families', async () => {
    const other = await joseSigner('EdDSA');
    const role = (owner: string, threshold: number): ListRole => ({ keys: [sm2Key({ owner: '甲' }), { jwk: es256.jwk, org: 'b', owner }, { jwk: other.jwk, org: 'c' }], threshold, families: { F1: 1, F2: 1 } });
    const file = await signList(payload, [es256, signer]);
    expect(await verdict(file, role('乙', 2))).toBe('accepted counted counted');
    expect(await verdict(file, role('甲', 2))).toBe('TL_SAME_OWNER counted same-owner');
    expect(await verdict(file, role('甲', 1))).toBe('accepted counted same-owner');
    await expect(verdict(file, role('甲', 3))).rejects.toThrow(TypeError);
  });
});
