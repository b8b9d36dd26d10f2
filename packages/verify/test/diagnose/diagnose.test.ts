import { constants, createPrivateKey, generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { isEcdsaBySm2Key, normaliseSignature, recoverRsaDigestInfo, sha1, sha256, sha384, sm2, sm2Z, sm3, type EcPublicKey, type RsaPublicKey } from '@hefu/crypto';
import {
  buildSignedAttributes, buildSignedData, concatBytes, DerReader, hexOf, id_data, id_gm_data, oid, octetString, parseCertificate, readSignedData, readSubjectPublicKeyInfo, sequence, Tag, tlv, type AlgorithmToWrite,
} from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { rsaPair } from '../../../crypto/test/rsa-pair.js';
import { createWorld } from '../../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { checkSignature, DIAGNOSES, diagnoseSigner, diagnoseValue, type Diagnosis, type OtherFile } from '../../src/index.js';

// Each mistake is made by hand here, from the crypto room's digests and the sandbox's keys; GBK octets are written out.
const algorithms = nodeAlgorithms();
const world = createWorld({ seed: 'diagnose', at: Date.UTC(2026, 5, 1, 4) });
const company = (kind: string) => world.companies.find(({ sign, state }) => sign.key.kind === kind && state === 'good')!;
const [gm, p256, rsa] = ['SM2', 'P-256', 'RSA-2048'].map(company) as [ReturnType<typeof company>, ReturnType<typeof company>, ReturnType<typeof company>];
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);
const content = utf8('投标报价\r\n1,280,000.00\r\n');
/** The same in GBK, by iconv. */
const GBK = Uint8Array.from([0xcd, 0xb6, 0xb1, 0xea, 0xb1, 0xa8, 0xbc, 0xdb, 0x0d, 0x0a, ...utf8('1,280,000.00\r\n')]);
const other = utf8('另一份文件');
const point = (der: Uint8Array): Uint8Array => (parseCertificate(der).spki.key as EcPublicKey).point;
const Z = sm2Z(point(gm.sign.certificate));
const base64 = (octets: Uint8Array): Uint8Array => utf8(Buffer.from(octets).toString('base64'));
const e = (message: Uint8Array, z = Z): Uint8Array => sm3.digest(concatBytes(z, message));

interface Made {
  readonly value: Uint8Array;
  readonly attrs?: Uint8Array;
  readonly by?: typeof gm;
  readonly over?: Uint8Array;
  readonly otherFiles?: readonly OtherFile[];
}

const GM_ALGORITHMS: [AlgorithmToWrite, AlgorithmToWrite] = [{ oid: '1.2.156.10197.1.401' }, { oid: '1.2.156.10197.1.301.1' }];
const CMS_ALGORITHMS: Record<string, [AlgorithmToWrite, AlgorithmToWrite]> = {
  'P-256': [{ oid: '2.16.840.1.101.3.4.2.1' }, { oid: '1.2.840.10045.4.3.2' }],
  'RSA-2048': [{ oid: '2.16.840.1.101.3.4.2.1' }, { oid: '1.2.840.113549.1.1.11', parameters: Uint8Array.of(5, 0) }],
};

/** Puts a value into a message as a program would that knows no better, and asks what is wrong. */
async function diagnosed({ value, attrs, by = gm, over = content, otherFiles }: Made): Promise<Diagnosis | undefined> {
  const certificate = parseCertificate(by.sign.certificate);
  const [digestAlgorithm, signatureAlgorithm] = by.sign.key.kind === 'SM2' ? GM_ALGORITHMS : CMS_ALGORITHMS[by.sign.key.kind]!;
  const signed = readSignedData(buildSignedData({
    family: by.sign.key.kind === 'SM2' ? 'gm' : 'cms', digestAlgorithm, certificates: [by.sign.certificate],
    signers: [{ sid: { issuer: certificate.issuer.bytes, serialNumber: certificate.serialNumber }, signatureAlgorithm, signature: value, ...(attrs === undefined ? {} : { signedAttrs: attrs }) }],
  }));
  const signer = signed.signerInfos[0]!;
  const facts = await checkSignature({ signed, signer, subject: 'signer[0]', certificate, content: over, algorithms });
  expect(facts.failure).toBeDefined();
  const others = [by.issuer.certificate, by.encrypt.certificate, world.companies.find((each) => each !== by && each.sign.key.kind === 'SM2')!.sign.certificate].map((der) => parseCertificate(der));
  return diagnoseSigner({ signer, certificate, content: over, facts, algorithms, otherCertificates: others, ...(otherFiles === undefined ? {} : { otherFiles }) });
}

const attributes = (messageDigest: Uint8Array, contentType = id_gm_data): Uint8Array => buildSignedAttributes({ contentType, messageDigest, signingTime: Date.UTC(2026, 4, 1) });
const attrs = attributes(sm3.digest(content));
const otherAttrs = attributes(sm3.digest(other));
const cmsAttrs = attributes(sha256.digest(content), id_data);
const cmsOther = attributes(sha256.digest(other), id_data);
const signE = (digest: Uint8Array): Uint8Array => gm.sign.key.signDigest(digest);
const reversed = (set: Uint8Array): Uint8Array => {
  const inner = new DerReader(set).expect(Tag.SET, 'attributes').enter();
  const found: Uint8Array[] = [];
  while (!inner.done) found.push(inner.next().tlv());
  return tlv(Tag.SET, concatBytes(...found.reverse()));
};
const tagA0 = (set: Uint8Array): Uint8Array => Uint8Array.from(set, (octet, i) => (i === 0 ? 0xa0 : octet));
const raw = (der: Uint8Array): Uint8Array => normaliseSignature(der, 32)!.raw;
const swapped = (der: Uint8Array): Uint8Array => concatBytes(raw(der).subarray(32), raw(der).subarray(0, 32));
const emptyZ = sm2Z(point(gm.sign.certificate), new Uint8Array(0));
const issuerZ = sm2Z(point(gm.issuer.certificate));

/** A value whose r begins with a zero octet: SM2 values are drawn until one does. */
function shortValue(message: Uint8Array): { readonly over: Uint8Array; readonly value: Uint8Array } {
  for (let i = 0; ; i++) {
    const over = concatBytes(message, Uint8Array.of(i & 0xff, i >> 8));
    const value = raw(signE(e(over)));
    if (value[0] === 0) return { over, value: value.subarray(1) };
  }
}

/** With an SM2 key that it was given, Node.js makes SM2 signatures under an empty identifier. */
function byOpenssl(message: Uint8Array): Uint8Array {
  return new Uint8Array(nodeSign('sm3', message, createPrivateKey({ key: Buffer.from(gm.sign.key.pkcs8Der), format: 'der', type: 'pkcs8' })));
}

/** With one that it made itself, it makes ECDSA with SM3; its point stands in the certificate here. */
const generated = generateKeyPairSync('ec', { namedCurve: 'SM2' });
const generatedPoint = new Uint8Array(generated.publicKey.export({ type: 'spki', format: 'der' })).slice(-65);
const ecdsaParty = { ...gm, sign: { ...gm.sign, certificate: replaced(gm.sign.certificate, point(gm.sign.certificate), generatedPoint) } };
function replaced(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const at = Buffer.from(bytes).indexOf(from);
  return concatBytes(bytes.subarray(0, at), to, bytes.subarray(at + from.length));
}
const ecdsa = (message: Uint8Array): Uint8Array => new Uint8Array(nodeSign('sm3', message, generated.privateKey));

type Case = [code: Diagnosis['code'], what: string, made: () => Made, twin: () => Made, evidence?: Record<string, string>];
const CASES: Case[] = [
  ['SM2_Z_MISSING', 'attributes', () => ({ attrs, value: signE(sm3.digest(attrs)) }), () => ({ attrs, value: signE(sm3.digest(otherAttrs)) })],
  ['SM2_EMPTY_ID', 'content', () => ({ value: signE(e(content, emptyZ)) }), () => ({ value: signE(e(other, emptyZ)) })],
  ['SM2_EMPTY_ID', 'attributes', () => ({ attrs, value: signE(e(attrs, emptyZ)) }), () => ({ attrs, value: signE(e(otherAttrs, emptyZ)) })],
  ['SM2_EMPTY_ID', 'by OpenSSL', () => ({ value: byOpenssl(content) }), () => ({ value: byOpenssl(other) })],
  ['SM2_Z_OF_OTHER_KEY', 'of the issuer', () => ({ value: signE(e(content, issuerZ)) }), () => ({ value: signE(e(other, issuerZ)) })],
  ['ATTRIBUTES_TAG_A0', 'SM2', () => ({ attrs, value: signE(e(tagA0(attrs))) }), () => ({ attrs, value: signE(e(tagA0(otherAttrs))) })],
  ['ATTRIBUTES_TAG_A0', 'P-256', () => ({ by: p256, attrs: cmsAttrs, value: p256.sign.key.sign(tagA0(cmsAttrs)) }), () => ({ by: p256, attrs: cmsAttrs, value: p256.sign.key.sign(tagA0(cmsOther)) })],
  ['ATTRIBUTES_REORDERED', 'signed in another order', () => ({ attrs, value: signE(e(reversed(attrs))) }), () => ({ attrs, value: signE(e(reversed(otherAttrs))) })],
  ['ATTRIBUTES_REORDERED', 'RSA', () => ({ by: rsa, attrs: cmsAttrs, value: rsa.sign.key.sign(reversed(cmsAttrs)) }), () => ({ by: rsa, attrs: cmsAttrs, value: rsa.sign.key.sign(reversed(cmsOther)) })],
  ['DIGEST_AS_HEX', 'SM2', () => ({ value: signE(e(utf8(hexOf(sm3.digest(content))))) }), () => ({ value: signE(e(utf8(hexOf(sm3.digest(other))))) })],
  ['DIGEST_AS_HEX', 'RSA', () => ({ by: rsa, value: rsa.sign.key.sign(utf8(hexOf(sha256.digest(content)).toUpperCase())) }), () => ({ by: rsa, value: rsa.sign.key.sign(utf8(hexOf(sha256.digest(other)))) })],
  ['DIGEST_AS_HEX', 'in the attributes', () => ({ attrs: attributes(sm3.digest(utf8(hexOf(sm3.digest(content))))), value: gm.sign.key.sign(attributes(sm3.digest(utf8(hexOf(sm3.digest(content)))))) }), () => ({ attrs: attributes(sm3.digest(utf8(hexOf(sm3.digest(other))))), value: gm.sign.key.sign(attributes(sm3.digest(utf8(hexOf(sm3.digest(other)))))) })],
  ['DIGEST_AS_BASE64', 'SM2', () => ({ value: signE(e(base64(sm3.digest(content)))) }), () => ({ value: signE(e(base64(sm3.digest(other)))) })],
  ['DIGEST_AS_BASE64', 'P-256', () => ({ by: p256, value: p256.sign.key.sign(base64(sha256.digest(content))) }), () => ({ by: p256, value: p256.sign.key.sign(base64(sha256.digest(other))) })],
  ['CONTENT_CHARSET', 'signed in GBK, given in UTF-8', () => ({ value: signE(e(GBK)) }), () => ({ value: signE(e(concatBytes(GBK, GBK))) }), { charset: 'GBK' }],
  ['CONTENT_CHARSET', 'signed in UTF-8, given in GBK', () => ({ over: GBK, value: signE(e(content)) }), () => ({ over: GBK, value: signE(e(other)) }), { charset: 'UTF-8' }],
  ['CONTENT_CHARSET', 'in the attributes', () => ({ attrs: attributes(sm3.digest(GBK)), value: gm.sign.key.sign(attributes(sm3.digest(GBK))) }), () => ({ attrs: otherAttrs, value: gm.sign.key.sign(otherAttrs) })],
  ['CONTENT_LINE_ENDINGS', 'LF', () => ({ value: signE(e(utf8('投标报价\n1,280,000.00\n'))) }), () => ({ value: signE(e(utf8('投标报价\n1,280,001.00\n'))) }), { lineEnds: 'LF' }],
  ['CONTENT_LINE_ENDINGS', 'in the attributes', () => ({ attrs: attributes(sm3.digest(utf8('投标报价\n1,280,000.00\n'))), value: gm.sign.key.sign(attributes(sm3.digest(utf8('投标报价\n1,280,000.00\n')))) }), () => ({ attrs: otherAttrs, value: gm.sign.key.sign(otherAttrs) })],
  ['ECDSA_BY_SM2_KEY', 'with SM3, by OpenSSL', () => ({ by: ecdsaParty, value: ecdsa(content) }), () => ({ by: ecdsaParty, value: ecdsa(other) })],
  ['ECDSA_BY_SM2_KEY', 'attributes', () => ({ by: ecdsaParty, attrs, value: ecdsa(attrs) }), () => ({ by: ecdsaParty, attrs, value: ecdsa(otherAttrs) })],
  ['VALUE_FORM', 'r||s', () => ({ value: raw(signE(e(content))) }), () => ({ value: raw(signE(e(other))) }), { form: 'r||s' }],
  ['VALUE_FORM', 's||r', () => ({ value: swapped(signE(e(content))) }), () => ({ value: swapped(signE(e(other))) }), { form: 's||r' }],
  ['VALUE_FORM', 'a leading zero stripped', () => shortValue(content), () => ({ ...shortValue(content), over: other })],
  ['VALUE_FORM', 'hex text of r||s', () => ({ value: utf8(hexOf(raw(signE(e(content))))) }), () => ({ value: utf8(hexOf(raw(signE(e(other))))) }), { form: 'hex text of r||s' }],
  ['VALUE_FORM', 'base64 text', () => ({ value: base64(signE(e(content))) }), () => ({ value: base64(signE(e(other))) }), { form: 'base64 text' }],
  ['VALUE_FORM', 'P-256 r||s', () => ({ by: p256, attrs: cmsAttrs, value: raw(p256.sign.key.sign(cmsAttrs)) }), () => ({ by: p256, attrs: cmsAttrs, value: raw(p256.sign.key.sign(cmsOther)) })],
  ['VALUE_FORM', 'RSA, octets reversed', () => ({ by: rsa, attrs: cmsAttrs, value: rsa.sign.key.sign(cmsAttrs).slice().reverse() }), () => ({ by: rsa, attrs: cmsAttrs, value: rsa.sign.key.sign(cmsOther).slice().reverse() })],
  ['HASHED_TWICE', 'e hashed again with Z', () => ({ value: signE(e(e(content))) }), () => ({ value: signE(e(e(other))) })],
  ['HASHED_TWICE', 'e hashed again', () => ({ attrs, value: signE(sm3.digest(e(attrs))) }), () => ({ attrs, value: signE(sm3.digest(e(otherAttrs))) })],
  ['HASHED_TWICE', 'RSA', () => ({ by: rsa, attrs: cmsAttrs, value: rsa.sign.key.sign(sha256.digest(cmsAttrs)) }), () => ({ by: rsa, attrs: cmsAttrs, value: rsa.sign.key.sign(sha256.digest(cmsOther)) })],
  ['OTHER_FILE', 'content', () => ({ value: signE(e(other)), otherFiles: [{ name: '技术标.pdf', content: other }] }), () => ({ value: signE(e(utf8('第三份'))), otherFiles: [{ name: '技术标.pdf', content: other }] }), { file: '技术标.pdf' }],
  ['OTHER_FILE', 'attributes, the other given by its digest', () => ({ attrs: otherAttrs, value: gm.sign.key.sign(otherAttrs), otherFiles: [{ name: 'b', content: { length: other.length, head: other, digests: [{ algorithm: 'SM3', prefix: new Uint8Array(0), value: sm3.digest(other) }] } }] }), () => ({ attrs: otherAttrs, value: gm.sign.key.sign(otherAttrs) })],
  ['DIGEST_AS_MESSAGE', 'attributes', () => ({ attrs, value: signE(e(sm3.digest(attrs))) }), () => ({ attrs, value: signE(e(sm3.digest(otherAttrs))) })],
  ['ALGORITHM_OTHER', 'SHA-256 in the attributes', () => ({ attrs: attributes(sha256.digest(content)), value: gm.sign.key.sign(attributes(sha256.digest(content))) }), () => ({ attrs: attributes(sha256.digest(other)), value: gm.sign.key.sign(attributes(sha256.digest(other))) }), { digest: 'SHA-256' }],
  ['ALGORITHM_OTHER', 'SHA-1 in the attributes', () => ({ attrs: attributes(sha1.digest(content)), value: gm.sign.key.sign(attributes(sha1.digest(content))) }), () => ({ attrs: attributes(sha1.digest(other)), value: gm.sign.key.sign(attributes(sha1.digest(other))) }), { digest: 'SHA-1' }],
  ['ALGORITHM_OTHER', 'RSA with SHA-1', () => ({ by: rsa, attrs: cmsAttrs, value: rsaBy('sha1', cmsAttrs) }), () => ({ by: rsa, attrs: cmsAttrs, value: rsaBy('sha1', cmsOther) }), { digest: 'SHA-1' }],
  ['ALGORITHM_OTHER', 'RSASSA-PSS for PKCS #1 v1.5', () => ({ by: rsa, attrs: cmsAttrs, value: rsaBy('sha256', cmsAttrs, true) }), () => ({ by: rsa, attrs: cmsAttrs, value: rsaBy('sha256', cmsOther, true) }), { algorithm: 'RSASSA-PSS' }],
  ['ALGORITHM_OTHER', 'SM2 over SHA-256', () => ({ value: signE(sha256.digest(concatBytes(Z, content))) }), () => ({ value: signE(sha256.digest(concatBytes(Z, other))) }), { digest: 'SHA-256' }],
  ['MESSAGE_DIGEST_WITH_Z', 'of the empty identifier', () => ({ attrs: attributes(e(content, emptyZ)), value: gm.sign.key.sign(attributes(e(content, emptyZ))) }), () => ({ attrs: attributes(e(other, emptyZ)), value: gm.sign.key.sign(attributes(e(other, emptyZ))) })],
  ['MESSAGE_DIGEST_WITH_Z', 'of another key', () => ({ attrs: attributes(e(content, issuerZ)), value: gm.sign.key.sign(attributes(e(content, issuerZ))) }), () => ({ attrs: attributes(e(other, issuerZ)), value: gm.sign.key.sign(attributes(e(other, issuerZ))) })],
  ['SIGNED_BY_OTHER_KEY', 'the encryption half of the pair', () => ({ attrs, value: gm.encrypt.key.sign(attrs) }), () => ({ attrs, value: gm.encrypt.key.sign(otherAttrs) }), { certificate: 'encryption' }],
];

function rsaBy(hash: string, message: Uint8Array, pss = false): Uint8Array {
  const key = createPrivateKey({ key: Buffer.from(rsa.sign.key.pkcs8Der), format: 'der', type: 'pkcs8' });
  return new Uint8Array(nodeSign(hash, message, pss ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : key));
}

describe.each(CASES)('%s: %s', (code, _what, made, twin, evidence) => {
  it('is recognised', async () => {
    const diagnosis = await diagnosed(made());
    expect(diagnosis).toMatchObject({ code, ...DIAGNOSES[code], ...(evidence === undefined ? {} : { evidence }) });
    expect(JSON.parse(JSON.stringify(diagnosis))).toEqual(diagnosis);
  });
  it('is not where the same mistake was made over something else', async () => {
    expect(await diagnosed(twin())).toBeUndefined();
  });
});

it('every code is made and recognised above', () => {
  expect(new Set(CASES.map(([code]) => code))).toEqual(new Set(Object.keys(DIAGNOSES)));
});

describe('what is just wrong', () => {
  it.each<[string, () => Made]>([
    ['a value over another file', () => ({ value: signE(e(other)) })],
    ['by the key of nobody here', () => ({ value: world.companies.filter(({ sign }) => sign.key.kind === 'SM2').at(-1)!.sign.key.sign(utf8('x')) })],
    ['no octets', () => ({ value: new Uint8Array(0) })],
    ['noise', () => ({ value: new Uint8Array(64).fill(0xa5) })],
    ['noise for RSA', () => ({ by: rsa, value: new Uint8Array(256).fill(0x5a) })],
    ['a value far too long', () => ({ value: new Uint8Array(20_000).fill(0x31) })],
  ])('%s: no diagnosis', async (_, made) => {
    expect(await diagnosed(made())).toBeUndefined();
  });

  it('a right value gets none, and the budget ends the search', async () => {
    const certificate = parseCertificate(gm.sign.certificate);
    const algorithm = algorithms.signatures.find(({ name }) => name === 'SM2-SM3')!;
    const digest = algorithms.digests.find(({ name }) => name === 'SM3')!;
    const around = { certificate, algorithm, digest, algorithms, message: content };
    expect(await diagnoseValue({ ...around, value: signE(e(content)) })).toBeUndefined();
    let spent = 0;
    const counting = { ...algorithm, verifyDigest: (...args: Parameters<NonNullable<typeof algorithm.verifyDigest>>) => ((spent += 1), algorithm.verifyDigest!(...args)) };
    expect(await diagnoseValue({ ...around, algorithm: counting, value: signE(e(e(content))), budget: 5 })).toBeUndefined();
    expect(spent).toBe(5);
  });
});

describe('the mathematics behind it', () => {
  it('ECDSA by an SM2 key: OpenSSL makes it, SM2 refuses it', () => {
    const value = ecdsa(content);
    expect(isEcdsaBySm2Key(generatedPoint, sm3.digest(content), value)).toBe(true);
    expect(isEcdsaBySm2Key(generatedPoint, sm3.digest(other), value)).toBe(false);
    expect(isEcdsaBySm2Key(point(gm.sign.certificate), sm3.digest(content), signE(e(content)))).toBe(false);
    expect(sm2.verify({ kty: 'EC', crv: 'SM2', point: generatedPoint }, content, value)).toBe(false);
    expect(() => isEcdsaBySm2Key(new Uint8Array(65).fill(4), sm3.digest(content), value)).toThrowError(expect.objectContaining({ code: 'KEY_INVALID' }));
  });

  it('recovers the DigestInfo of an RSA value by OpenSSL', () => {
    const { publicKey, privateKey } = rsaPair();
    const key = readSubjectPublicKeyInfo(new Uint8Array(publicKey.export({ type: 'spki', format: 'der' }))).key as RsaPublicKey;
    const value = new Uint8Array(nodeSign('sha384', content, privateKey));
    const info = recoverRsaDigestInfo(key, value);
    expect(hexOf(info!)).toBe(hexOf(sequence(sequence(oid('2.16.840.1.101.3.4.2.2'), Uint8Array.of(5, 0)), octetString(sha384.digest(content)))));
    expect(recoverRsaDigestInfo(key, value.slice(1))).toBeUndefined();
    expect(recoverRsaDigestInfo(key, value.map((octet, i) => (i === 9 ? octet ^ 1 : octet)))).toBeUndefined();
    const pss = new Uint8Array(nodeSign('sha256', content, { key: privateKey, padding: constants.RSA_PKCS1_PSS_PADDING }));
    expect(recoverRsaDigestInfo(key, pss)).toBeUndefined();
  });
});
