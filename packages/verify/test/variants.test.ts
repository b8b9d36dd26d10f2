import {
  explicit, id_gm_data, id_gm_signedAndEnvelopedData, implicitConstructed, implicitPrimitive, integer, octetString, oid, parseCertificate, parseSignedAndEnvelopedData, readSignedData, sequence, setOf, tlv, type SignedData,
} from '@hefu/pki';
import type { TrustList } from '@hefu/trust-list';
import { beforeAll, describe, expect, it } from 'vitest';
import { signDetached, type Company, type SignedForm } from '../../sandbox/dist/index.js';
import { DEFAULT_POLICY, judge, type MessageVariant, type Policy, type Report } from '../src/index.js';
import { judging, type Judging } from './judging.js';

let told: Judging;
let company: Company;
beforeAll(async () => {
  told = await judging('variants');
  company = told.company('SM2');
});
const content = new TextEncoder().encode('投标函');

const withVariants = (list: TrustList, messageVariants: readonly string[]): TrustList => ({ ...list, services: list.services.map((service) => ({ ...service, messageVariants })) });
const sceneAllows = (messageVariants: readonly MessageVariant[]): Policy => ({ ...DEFAULT_POLICY, scenes: { ...DEFAULT_POLICY.scenes, 'bid-signing': { ...DEFAULT_POLICY.scenes['bid-signing'], messageVariants } } });

function judged(signed: SignedData, change: { readonly trustList?: TrustList; readonly policy?: Policy; readonly content?: Uint8Array } = {}): Promise<Report> {
  return judge({ ...told.surroundings(company), content, signed, ...change });
}

// Field notes §2.2: the six forms of "SM2 PKCS#7". What a form is, is a fact; whether it counts is the word of the CA's entry.
describe.each<[MessageVariant & SignedForm, boolean]>([
  ['za-content', true], ['attrs-za', true], ['plain-content', false], ['contentinfo-der', false], ['attrs-za-md-za', false], ['digest-as-message', false],
])('%s', (form, byDefault) => {
  const signed = (): SignedData => readSignedData(signDetached(company.sign, content, { form }));
  const silent = (): TrustList => ({ ...told.list, services: told.list.services.map((service) => {
    const { messageVariants: _, ...rest } = service;
    return rest;
  }) });

  it('is read and named, and counts where the entry of the CA names it, whatever the scene says', async () => {
    expect(await judged(signed(), { trustList: withVariants(told.list, [form]), policy: sceneAllows([]) })).toMatchObject({ conclusion: 'passed', signers: [{ messageVariant: form }] });
  });
  it('is refused where the entry names others', async () => {
    const others = ['cms', form === 'za-content' ? 'attrs-za' : 'za-content'];
    expect(await judged(signed(), { trustList: withVariants(told.list, others), policy: sceneAllows([form]) })).toMatchObject({ conclusion: 'indeterminate', code: 'MESSAGE_VARIANT_REFUSED', reasons: [{ actual: form, responsible: 'list-operator' }], signers: [{ messageVariant: form }] });
  });
  it(`${byDefault ? 'counts' : 'does not count'} by default where the entry is silent`, async () => {
    expect(await judged(signed(), { trustList: silent() })).toMatchObject(byDefault ? { conclusion: 'passed' } : { code: 'MESSAGE_VARIANT_REFUSED' });
    expect(await judged(signed(), { trustList: silent(), policy: sceneAllows([form]) })).toMatchObject({ conclusion: 'passed' });
  });
  it('over other content is no form at all', async () => {
    const report = await judged(signed(), { trustList: withVariants(told.list, [form]), content: new TextEncoder().encode('投标涵') });
    expect(report.conclusion).toBe('failed');
    expect(report.signers[0]!.messageVariant).toBeUndefined();
  });
});

describe('signed and enveloped', () => {
  /** As GB/T 35275-2017 §11 has it, written by hand around what the sandbox signs. */
  function enveloped(signature: Uint8Array): Uint8Array {
    const certificate = parseCertificate(company.sign.certificate);
    const names = sequence(certificate.issuer.bytes, tlv(2, certificate.serialNumber));
    const signer = sequence(integer(1), names, sequence(oid('1.2.156.10197.1.401')), sequence(oid('1.2.156.10197.1.301.1')), octetString(signature));
    const recipient = sequence(integer(0), names, sequence(oid('1.2.156.10197.1.301.3')), octetString(new Uint8Array(8)));
    return sequence(oid(id_gm_signedAndEnvelopedData), explicit(0, sequence(
      integer(1), setOf(recipient), setOf(sequence(oid('1.2.156.10197.1.401'))), sequence(oid(id_gm_data), sequence(oid('1.2.156.10197.1.104')), implicitPrimitive(0, new Uint8Array(16))),
      implicitConstructed(0, company.sign.certificate), setOf(signer),
    )));
  }
  it('its signers are judged over the content once that is decrypted', async () => {
    const { signed } = parseSignedAndEnvelopedData(enveloped(company.sign.key.sign(content)));
    expect(await judged(signed)).toMatchObject({ conclusion: 'passed', signers: [{ messageVariant: 'za-content' }] });
    expect(await judged(signed, { content: new Uint8Array(16) })).toMatchObject({ conclusion: 'failed', code: 'SIGNATURE_INVALID' });
    const { content: _, ...without } = { ...told.surroundings(company), content, signed };
    expect(await judge(without)).toMatchObject({ conclusion: 'indeterminate', code: 'CONTENT_MISSING' });
  });
});
