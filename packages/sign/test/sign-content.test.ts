import { sign as nodeSign, webcrypto, X509Certificate } from 'node:crypto';
import { classicalAlgorithms, sm2, sm2Digest, sm2SignDigest, webCryptoProvider, softwareDigests, type Algorithms } from '@hefu/crypto';
import { contentTypeOf, hexOf, id_gm_data, messageDigestOf, parseSignedData, signingTimeOf } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { assembleSignature, prepareSignature, signContent, sm2SoftKey, webCryptoSoftKey, type Signer } from '../src/index.js';
import { credential, type KeyKind, type TestCredential } from './certificates.js';

const algorithms: Algorithms = {
  digests: softwareDigests,
  signatures: [...classicalAlgorithms(webCryptoProvider(webcrypto.subtle as unknown as SubtleCrypto)), sm2],
};
const content = new TextEncoder().encode('投标文件 bid');

function signerOf(holder: TestCredential): Signer {
  if (holder.d !== undefined) return sm2SoftKey(holder.d);
  return {
    sign(toBeSigned) {
      const hash = holder.privateKey!.asymmetricKeyType === 'ed25519' ? null : toBeSigned.digestAlgorithm;
      return new Uint8Array(nodeSign(hash, toBeSigned.message!, holder.privateKey!));
    },
  };
}

describe.each<KeyKind>(['RSA', 'P-256', 'P-384', 'P-521', 'Ed25519', 'SM2'])('%s', (kind) => {
  const holder = credential(kind);

  it('makes a detached message that its own algorithm verifies', async () => {
    const p7s = await signContent({ certificate: holder.certificate, content, algorithms }, signerOf(holder));
    const signed = parseSignedData(p7s);
    expect(signed.family).toBe(kind === 'SM2' ? 'gm' : 'cms');
    expect(signed.encapContentInfo.content).toBeUndefined();
    expect(signed.deviations).toEqual([]);
    const [signer] = signed.signerInfos;
    const algorithm = algorithms.signatures.find(({ name }) => name === prepareSignature({ certificate: holder.certificate, content, algorithms }).toBeSigned.algorithm)!;
    const octets = signer!.signedAttrs?.signedBytes ?? content;
    expect(await algorithm.verify(holder.certificate.spki.key, octets, signer!.signature)).toBe(true);
    expect(await algorithm.verify(holder.certificate.spki.key, octets.map((octet, i) => (i === 3 ? octet ^ 1 : octet)), signer!.signature)).toBe(false);
  });

  it('carries the content when asked', async () => {
    const p7s = await signContent({ certificate: holder.certificate, content, attached: true, algorithms }, signerOf(holder));
    expect(parseSignedData(p7s).encapContentInfo.content).toEqual(content);
  });

  it('releases nothing that does not verify', async () => {
    const prepared = prepareSignature({ certificate: holder.certificate, content, algorithms });
    const value = await signerOf(holder).sign(prepared.toBeSigned);
    const other = kind === 'SM2' ? await sm2SoftKey(credential('SM2', { seed: 9 }).d!).sign(prepared.toBeSigned) : undefined;
    await expect(assembleSignature(prepared, value)).resolves.toBeInstanceOf(Uint8Array);
    const wrong = other ?? value.map((octet, i) => (i === value.length - 1 ? octet ^ 1 : octet));
    await expect(assembleSignature(prepared, wrong)).rejects.toMatchObject({ code: 'SIGNATURE_NOT_VERIFIED' });
  });

  it('refuses an encryption certificate', () => {
    const encryption = credential(kind, { keyUsage: [2, 3] });
    expect(() => prepareSignature({ certificate: encryption.certificate, content, algorithms })).toThrowError(expect.objectContaining({ code: 'CERTIFICATE_NOT_FOR_SIGNING' }));
  });
});

describe('attributes', () => {
  it('bind type, digest and time; the digest may come from outside', async () => {
    const holder = credential('P-256');
    const digest = softwareDigests.find(({ name }) => name === 'SHA-256')!.digest(content);
    const prepared = prepareSignature({ certificate: holder.certificate, contentDigest: digest, signingTime: Date.UTC(2026, 9, 1, 8, 0, 0, 999), algorithms });
    const signed = parseSignedData(await assembleSignature(prepared, await signerOf(holder).sign(prepared.toBeSigned)));
    const attributes = signed.signerInfos[0]!.signedAttrs!;
    expect(messageDigestOf(attributes)).toEqual({ duplicate: false, value: digest });
    expect(signingTimeOf(attributes)).toEqual({ duplicate: false, value: Date.UTC(2026, 9, 1, 8) });
    expect(contentTypeOf(attributes)).toEqual({ duplicate: false, value: '1.2.840.113549.1.7.1' });
  });

  it('attrs-za binds GM attributes', async () => {
    const holder = credential('SM2');
    const p7s = await signContent({ certificate: holder.certificate, content, variant: 'attrs-za', signingTime: 0, algorithms }, sm2SoftKey(holder.d!));
    const [signer] = parseSignedData(p7s).signerInfos;
    expect(contentTypeOf(signer!.signedAttrs!)).toEqual({ duplicate: false, value: id_gm_data });
    expect(sm2.verify(holder.certificate.spki.key, signer!.signedAttrs!.signedBytes, signer!.signature)).toBe(true);
  });

  it('za-content has no room for a time, and a key has no other family', () => {
    const gm = credential('SM2');
    const rsa = credential('RSA');
    expect(() => prepareSignature({ certificate: gm.certificate, content, signingTime: 0, algorithms })).toThrowError(expect.objectContaining({ code: 'VARIANT_UNSUPPORTED' }));
    expect(() => prepareSignature({ certificate: rsa.certificate, content, variant: 'za-content', algorithms })).toThrowError(expect.objectContaining({ code: 'VARIANT_UNSUPPORTED' }));
    expect(() => prepareSignature({ certificate: gm.certificate, content, variant: 'cms', algorithms })).toThrowError(expect.objectContaining({ code: 'VARIANT_UNSUPPORTED' }));
  });
});

describe('what is to be signed', () => {
  it('is e = SM3(Z || content) for za-content, whoever computes it', async () => {
    const holder = credential('SM2');
    const { key } = holder.certificate.spki;
    const e = sm2Digest((key as { point: Uint8Array }).point, content);
    const whole = prepareSignature({ certificate: holder.certificate, content, algorithms });
    expect(hexOf(whole.toBeSigned.digest!)).toBe(hexOf(e));
    const hashed = prepareSignature({ certificate: holder.certificate, contentDigest: e, algorithms });
    await expect(assembleSignature(hashed, sm2SignDigest(holder.d!, e))).resolves.toEqual(await assembleSignature(whole, sm2SignDigest(holder.d!, e)));
  });

  it('has the right length', () => {
    const holder = credential('SM2');
    expect(() => prepareSignature({ certificate: holder.certificate, contentDigest: new Uint8Array(20), algorithms })).toThrowError(expect.objectContaining({ code: 'CONTENT_DIGEST_INVALID' }));
    expect(() => prepareSignature({ certificate: holder.certificate, algorithms })).toThrow(TypeError);
    expect(() => prepareSignature({ certificate: holder.certificate, content, contentDigest: content, algorithms })).toThrow(TypeError);
  });
});

describe('signature values', () => {
  it('may come as r||s and are written as DER', async () => {
    const holder = credential('SM2');
    const prepared = prepareSignature({ certificate: holder.certificate, content, algorithms });
    const der = await sm2SoftKey(holder.d!).sign(prepared.toBeSigned);
    const raw = rawOf(der);
    expect(await assembleSignature(prepared, raw)).toEqual(await assembleSignature(prepared, der));
    await expect(assembleSignature(prepared, raw.subarray(1))).rejects.toMatchObject({ code: 'SIGNATURE_MALFORMED' });
  });

  it('a signer that throws is named with its cause', async () => {
    const holder = credential('P-256');
    const cause = new Error('token removed');
    await expect(signContent({ certificate: holder.certificate, content, algorithms }, { sign: () => Promise.reject(cause) })).rejects.toMatchObject({ code: 'SIGNER_FAILED', cause });
  });

  it('WebCrypto keys sign', async () => {
    const holder = credential('P-256');
    const key = await webcrypto.subtle.importKey('pkcs8', holder.privateKey!.export({ type: 'pkcs8', format: 'der' }), { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    const p7s = await signContent({ certificate: holder.certificate, content, algorithms }, webCryptoSoftKey(webcrypto.subtle as unknown as SubtleCrypto, key as unknown as CryptoKey));
    expect(parseSignedData(p7s).signerInfos).toHaveLength(1);
    expect(new X509Certificate(holder.certificate.bytes).publicKey.asymmetricKeyType).toBe('ec');
  });
});

/** r||s of a DER SEQUENCE { r, s }. */
function rawOf(der: Uint8Array): Uint8Array {
  const raw = new Uint8Array(64);
  let offset = 2;
  for (const end of [32, 64]) {
    const length = der[offset + 1]!;
    const value = der.subarray(offset + 2, offset + 2 + length);
    const trimmed = value[0] === 0 ? value.subarray(1) : value;
    raw.set(trimmed, end - trimmed.length);
    offset += 2 + length;
  }
  return raw;
}
