import { buildSignedAttributes, buildSignerInfo, extendSignedData, id_countersignature, id_data, parseCertificate, readSignedData } from '@hefu/pki';
import { sha256 } from '@hefu/crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { signDetached, type Company } from '../../sandbox/dist/index.js';
import { countersign } from '../../sign/dist/index.js';
import { judge, type Report } from '../src/index.js';
import { algorithms, judging, type Judging } from './judging.js';

let told: Judging;
let signer: Company;
let counter: Company;
beforeAll(async () => {
  told = await judging('countersignatures');
  [signer, counter] = [told.company('P-256'), told.company('SM2')];
});
const content = new TextEncoder().encode('投标函');
const message = (): Uint8Array => signDetached(signer.sign, content, { form: 'cms' });

function judged(bytes: Uint8Array): Promise<Report> {
  const each = [signer, counter].map((company) => told.surroundings(company));
  const evidence = { ...each[0]!.evidence, candidateCertificates: each.flatMap(({ evidence: { candidateCertificates } }) => candidateCertificates), crls: each.flatMap(({ evidence: { crls } }) => crls) };
  return judge({ ...each[0]!, evidence, signed: readSignedData(bytes), content });
}

/** An attribute written by hand, over whatever it is given. */
function withAttribute(over: Uint8Array, contentType?: string): Uint8Array {
  const certificate = parseCertificate(signer.sign.certificate);
  const attributes = buildSignedAttributes({ messageDigest: sha256.digest(over), ...(contentType === undefined ? {} : { contentType }) });
  const info = buildSignerInfo({ sid: { issuer: certificate.issuer.bytes, serialNumber: certificate.serialNumber }, signedAttrs: attributes, signatureAlgorithm: { oid: '1.2.840.10045.4.3.2' }, signature: signer.sign.key.sign(attributes) }, { oid: '2.16.840.1.101.3.4.2.1' });
  return extendSignedData(readSignedData(message()), { unsignedAttrs: [{ type: id_countersignature, values: [info] }] });
}

describe('countersignatures', () => {
  it('are judged and shown, with who made them', async () => {
    const { message: countersigned } = await countersign(message(), 0, { certificate: parseCertificate(counter.sign.certificate), chain: counter.sign.chain ?? [], algorithms, variant: 'attrs-za' }, { sign: ({ message: octets }) => counter.sign.key.sign(octets!) });
    const report = await judged(countersigned);
    expect(report).toMatchObject({ conclusion: 'passed', signers: [{ code: 'OK', countersignatures: [{ conclusion: 'passed', identity: { uscc: counter.identity.uscc } }] }] });
  });

  it('over something else fail by themselves, and only by themselves', async () => {
    const { signature } = readSignedData(message()).signerInfos[0]!;
    expect(await judged(withAttribute(signature))).toMatchObject({ conclusion: 'passed', signers: [{ countersignatures: [{ conclusion: 'passed' }] }] });
    expect(await judged(withAttribute(content))).toMatchObject({ conclusion: 'passed', signers: [{ countersignatures: [{ conclusion: 'failed', code: 'CONTENT_TAMPERED' }] }] });
  });

  it('are no signature of a document: one with a content type is refused', async () => {
    const { signature } = readSignedData(message()).signerInfos[0]!;
    expect(await judged(withAttribute(signature, id_data))).toMatchObject({ conclusion: 'passed', signers: [{ countersignatures: [{ conclusion: 'failed', code: 'SIGNED_ATTRIBUTES_INVALID' }] }] });
  });

  it('that cannot be read are said to be so', async () => {
    const bytes = extendSignedData(readSignedData(message()), { unsignedAttrs: [{ type: id_countersignature, values: [Uint8Array.of(0x30, 0)] }] });
    expect(await judged(bytes)).toMatchObject({ conclusion: 'passed', signers: [{ countersignatures: [{ code: 'SIGNED_ATTRIBUTES_INVALID' }] }] });
  });
});
