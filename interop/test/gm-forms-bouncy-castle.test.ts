import { beforeAll, describe, expect, it } from 'vitest';
import { sm2PublicKey } from '../../packages/crypto/src/index.js';
import { buildSignedAttributes, buildSignedData, id_gm_data, nullValue, parseCertificate, parseSignedData } from '../../packages/pki/src/index.js';
import type { TrustList } from '../../packages/trust-list/src/index.js';
import { signDetached, type SignedForm } from '../../packages/sandbox/src/sign-detached.js';
import type { KeyPair } from '../../packages/sandbox/src/keys.js';
import { createWorld } from '../../packages/sandbox/dist/index.js';
import { newKey } from '../../packages/verify/test/path/issue.js';
import { caFrom, CONTENT, crl, judged, list, party, said } from '../../packages/verify/test/time/timeline.js';
import { locateBouncyCastle, runJava } from '../bouncy-castle/locate.js';

// Recorded with bcprov 1.72: Z, the hash e and the value of each form are Bouncy Castle's own.
const bouncyCastle = locateBouncyCastle(['bcprov', 'bcpkix']);
if (bouncyCastle === undefined) {
  console.warn('SKIPPED: no Java 11+ with bcprov and bcpkix found (bash interop/install.sh); the six forms of GM/T 0010 were not compared with Bouncy Castle');
}

const FORMS = ['za-content', 'plain-content', 'contentinfo-der', 'attrs-za', 'attrs-za-md-za', 'digest-as-message'] as const satisfies readonly SignedForm[];
type Form = (typeof FORMS)[number];
const hex = (bytes: Uint8Array): string => (bytes.length === 0 ? '-' : Buffer.from(bytes).toString('hex'));
const unhex = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'));
const OTHER = new TextEncoder().encode('投标涵件');

describe.skipIf(bouncyCastle === undefined)('the six forms of GM/T 0010 messages with Bouncy Castle', () => {
  const d = Uint8Array.from({ length: 32 }, (_, index) => index + 17);
  const point = sm2PublicKey(d);
  const ca = caFrom('C=CN,O=CA');
  const made = newKey('sm2');
  // Another key of that kind in its place: BIT STRING of 66 octets at the end.
  const spki = Uint8Array.of(...made.spki.subarray(0, -point.length), ...point);
  const signer = party(ca, -100, 300, { key: { ...made, spki } });
  const listed = (forms: readonly string[]): TrustList => {
    const whole = list({ ca: [ca] });
    return { ...whole, services: whole.services.map((service) => ({ ...service, messageVariants: forms })) };
  };
  const asked = (form: Form) => ({ trustList: listed([form]), at: 10, crls: [crl(ca, 9, 12)] });
  const attributes = new Map<Form, Uint8Array>();
  const messages = new Map<Form, Uint8Array>();

  beforeAll(() => {
    expect(Buffer.from(signer.certificate.spki.bytes).equals(Buffer.from(spki))).toBe(true);
    const [plain, withZ] = runJava(bouncyCastle!, 'Sm2Raw.java', [`digests ${hex(point)} ${hex(CONTENT)}`])[0]!.split(' ').map(unhex) as [Uint8Array, Uint8Array];
    attributes.set('attrs-za', buildSignedAttributes({ contentType: id_gm_data, messageDigest: plain }));
    attributes.set('attrs-za-md-za', buildSignedAttributes({ contentType: id_gm_data, messageDigest: withZ }));
    const values = runJava(bouncyCastle!, 'Sm2Raw.java', FORMS.map((form) => `signForm ${form} ${hex(d)} ${hex(CONTENT)} ${hex(attributes.get(form) ?? new Uint8Array(0))}`)).map(unhex);
    const { issuer, serialNumber, bytes } = signer.certificate;
    for (const [index, form] of FORMS.entries()) {
      const signedAttrs = attributes.get(form);
      messages.set(form, buildSignedData({
        family: 'gm', digestAlgorithm: { oid: '1.2.156.10197.1.401', parameters: nullValue() }, certificates: [bytes],
        signers: [{ sid: { issuer: issuer.bytes, serialNumber }, ...(signedAttrs === undefined ? {} : { signedAttrs }), signatureAlgorithm: { oid: '1.2.156.10197.1.301.1' }, signature: values[index]! }],
      }));
    }
  });

  it.each(FORMS)('%s made by it is named and passes where the CA\'s entry has it; not with other content, a flipped bit, or elsewhere', async (form) => {
    const message = messages.get(form)!;
    const report = await judged(message, asked(form));
    expect([said(report), report.signers[0]!.messageVariant]).toEqual(['passed', form]);
    const refused = await judged(message, { ...asked(form), trustList: listed(FORMS.filter((each) => each !== form)) });
    expect(refused).toMatchObject({ conclusion: 'indeterminate', code: 'MESSAGE_VARIANT_REFUSED', signers: [{ messageVariant: form }] });
    const other = await judged(message, { ...asked(form), more: { content: OTHER } });
    expect(other).toMatchObject({ conclusion: 'failed', code: form.startsWith('attrs') ? 'CONTENT_TAMPERED' : 'SIGNATURE_INVALID' });
    const { signature } = parseSignedData(message).signerInfos[0]!;
    const flipped = message.slice();
    flipped[signature.byteOffset - message.byteOffset + 20]! ^= 0x10;
    expect(await judged(flipped, asked(form))).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
  });

  it('those made here verify there as what they are, and as no other form', () => {
    const company = createWorld({ seed: 'gm-forms', at: Date.UTC(2026, 5, 1) }).companies.find(({ sign }) => sign.key.kind === 'SM2')!;
    const key: KeyPair = company.sign.key;
    const leaf = parseCertificate(company.sign.certificate).spki.key;
    if (leaf.kty !== 'EC') throw new Error('not SM2');
    const rows = FORMS.flatMap((form) => {
      const info = parseSignedData(signDetached({ ...company.sign, key }, CONTENT, { form })).signerInfos[0]!;
      const attrs = hex(info.signedAttrs?.signedBytes ?? new Uint8Array(0));
      const row = (as: Form, content: Uint8Array): string => `verifyForm ${as} ${hex(leaf.point)} ${hex(content)} ${attrs} ${hex(info.signature)}`;
      return [...FORMS.map((as) => ({ line: row(as, CONTENT), expected: as === form || (form.startsWith('attrs') && as.startsWith('attrs')) })), ...(form.startsWith('attrs') ? [] : [{ line: row(form, OTHER), expected: false }])];
    });
    const answers = runJava(bouncyCastle!, 'Sm2Raw.java', rows.map(({ line }) => line));
    expect(answers).toEqual(rows.map(({ expected }) => String(expected)));
  });
});
