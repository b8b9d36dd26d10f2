import { createPublicKey, createVerify } from 'node:crypto';
import { sm2Z, sm3 } from '@hefu/crypto';
import { concatBytes, encodePem, messageDigestOf, parseSignedData } from '@hefu/pki';
import { describe, expect, test } from 'vitest';
import { issueCertificate } from '../src/certificate.js';
import { subjectKeyIdentifier } from '../src/extension.js';
import { deriveKeyPair, type KeyKind, type KeyPair } from '../src/keys.js';
import { attr } from '../src/name.js';
import { createSeed } from '../src/seed.js';
import { signDetached, type Credential, type SignedForm } from '../src/sign-detached.js';
import { hasOpenssl, openssl } from './openssl.js';

const seed = createSeed('sign');
const content = new TextEncoder().encode('投标函');
const at = Date.UTC(2026, 5, 1);

function selfSigned(kind: KeyKind): Credential {
  const key = deriveKeyPair(seed, 'self', kind);
  const name = [attr('C', 'CN'), attr('CN', 'Signer')];
  const certificate = issueCertificate({
    serialNumber: Uint8Array.of(0x55), issuer: name, subject: name, notBefore: at, notAfter: at + 86_400_000, spki: key.spkiDer, signer: key,
    extensions: [subjectKeyIdentifier(key.keyIdentifier)],
  });
  return { key, certificate };
}

/** Node's SM2 over exactly these octets, with or without Z in front. */
function nodeSm2(key: KeyPair, signature: Uint8Array, ...parts: Uint8Array[]): boolean {
  const object = createPublicKey({ key: Buffer.from(key.spkiDer), format: 'der', type: 'spki' });
  const verifier = createVerify('sm3');
  for (const part of parts) verifier.update(part);
  return verifier.verify(object, signature);
}

describe('SM2 forms', () => {
  const credential = selfSigned('SM2');
  const { key } = credential;
  const z = sm2Z(key.publicKey.kty === 'EC' ? key.publicKey.point : new Uint8Array());
  const contentInfo = Uint8Array.from([
    0x30, 0x19, 0x06, 0x0a, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x06, 0x01, 0x04, 0x02, 0x01, 0xa0, 0x0b, 0x04, 0x09, ...content,
  ]);

  test.each<[SignedForm, (attrs: Uint8Array) => Uint8Array[]]>([
    ['za-content', () => [z, content]],
    ['attrs-za', (attrs) => [z, attrs]],
    ['attrs-za-md-za', (attrs) => [z, attrs]],
    ['plain-content', () => [content]],
    ['contentinfo-der', () => [contentInfo]],
    ['digest-as-message', () => [z, sm3.digest(content)]],
    ['empty-oid', () => [z, content]],
  ])('%s hashes what it says', (form, input) => {
    const signed = parseSignedData(signDetached(credential, content, { form }));
    const signer = signed.signerInfos[0]!;
    expect(nodeSm2(key, signer.signature, ...input(signer.signedAttrs?.signedBytes ?? new Uint8Array()))).toBe(true);
    expect(nodeSm2(key, signer.signature, z, content, new Uint8Array(1))).toBe(false);
    expect(signed.encapContentInfo.content).toBeUndefined();
  });

  test('the message digest has Z in front only where the form says so', () => {
    const digestOf = (form: SignedForm): unknown => {
      const set = parseSignedData(signDetached(credential, content, { form })).signerInfos[0]!.signedAttrs!;
      return messageDigestOf(set);
    };
    expect(digestOf('attrs-za')).toEqual({ duplicate: false, value: sm3.digest(content) });
    expect(digestOf('attrs-za-md-za')).toEqual({ duplicate: false, value: sm3.digest(concatBytes(z, content)) });
  });

  test('shells differ as in the field', () => {
    const read = (form: SignedForm) => parseSignedData(signDetached(credential, content, { form }));
    expect(read('za-content')).toMatchObject({ family: 'gm', deviations: [] });
    expect(read('empty-oid').encapContentInfo.contentType).toBe('');
    expect(read('empty-oid').deviations.map(({ id }) => id)).toContain('CMS_CONTENT_TYPE_EMPTY');
    expect(read('plain-content').signerInfos[0]!.signatureAlgorithm.oid).toBe('1.2.156.10197.1.301.3');
    expect(read('attrs-za-md-za').signerInfos[0]!.digestAlgorithm.oid).toBe('1.2.156.10197.1.501');
  });

  test('digest parameters and attached content are as asked', () => {
    const absent = parseSignedData(signDetached(credential, content, { form: 'za-content', digestParameters: 'absent', attached: true }));
    expect(absent.signerInfos[0]!.digestAlgorithm.parameters).toBeUndefined();
    expect(absent.encapContentInfo.content).toEqual(content);
    expect(() => signDetached(credential, content, { form: 'empty-oid', attached: true })).toThrow(TypeError);
  });

  test('forms refuse keys of the other kind', () => {
    expect(() => signDetached(credential, content, { form: 'cms' })).toThrow(TypeError);
    expect(() => signDetached(selfSigned('P-256'), content, { form: 'za-content' })).toThrow(TypeError);
  });
});

describe.each<KeyKind>(['RSA-2048', 'P-256'])('%s messages', (kind) => {
  const credential = selfSigned(kind);
  describe.each<SignedForm>(['cms', 'cms-content'])('%s', (form) => {
    const message = signDetached(credential, content, { form, ...(form === 'cms' ? { signingTime: at } : {}) });
    const ask = (data: Uint8Array): number =>
      openssl(
        ['cms', '-verify', '-inform', 'DER', '-in', '{message}', '-content', '{data}', '-binary', '-CAfile', '{ca}', '-purpose', 'any', '-no_check_time'],
        { message, data, ca: encodePem('CERTIFICATE', credential.certificate) },
      ).status;

    test.skipIf(!hasOpenssl)('openssl accepts it, and not over other content', () => {
      expect(ask(content)).toBe(0);
      expect(ask(content.subarray(1))).not.toBe(0);
    });

    test('the same call gives the same octets', () => {
      expect(signDetached(credential, content, { form, ...(form === 'cms' ? { signingTime: at } : {}) })).toEqual(message);
    });
  });
});
