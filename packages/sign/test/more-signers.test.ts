import { sha256, sm3 } from '@hefu/crypto';
import {
  contentTypeOf, hexOf, id_aa_ets_commitmentType, id_aa_ets_contentTimestamp, id_aa_ets_sigPolicyId, id_countersignature, id_data, id_signedData, integer,
  messageDigestOf, oid, parseSignedData, sequence, setOf, signingCertificateV2Of, signingTimeOf, buildSignedData, explicit, type SignerInfo,
} from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { addCountersignature, addSignatureTimestamp, addSigner, contentTimestamp, countersign, prepareCountersignature, prepareSignature, signContent } from '../src/index.js';
import { algorithms, AT, SigningWorld } from './world.js';

const world = new SigningWorld('sign-more');
const content = new TextEncoder().encode('投标文件 bid');
const other = new TextEncoder().encode('another bid');
const rsa = world.party('RSA-2048');
const p256 = world.party('P-256');
const sm2 = [world.party('SM2', 0), world.party('SM2', 1)] as const;
const value = (party: typeof rsa, prepared: ReturnType<typeof prepareSignature>) => party.signer.sign(prepared.toBeSigned);

describe('level B-B', () => {
  const PROOF_OF_ORIGIN = '1.2.840.113549.1.9.16.6.1';

  it.each([['RSA', rsa, 'cms', sha256], ['SM2', sm2[0], 'attrs-za', sm3]] as const)('%s: signing time, certificate, commitment, policy and content time-stamp are signed', async (_name, party, variant, digest) => {
    const stamp = await contentTimestamp(content, world.timestamper('sm2'), sm3);
    const signaturePolicy = { oid: '1.2.156.999099.5', hashAlgorithm: { oid: sha256.oids[0]! }, hash: sha256.digest(other), uri: 'http://policy.hefu-test.cn/1' };
    const message = await signContent({ certificate: party.certificate, content, algorithms, level: 'B-B', variant, signingTime: AT, commitment: PROOF_OF_ORIGIN, signaturePolicy, contentTimestamps: [stamp] }, party.signer);
    const attributes = parseSignedData(message).signerInfos[0]!.signedAttrs!;
    expect(signingTimeOf(attributes)).toEqual({ duplicate: false, value: AT });
    const bound = signingCertificateV2Of(attributes);
    if (bound?.duplicate !== false) throw new Error('no signing certificate');
    expect(bound.value.certs.map(({ hashAlgorithm, certHash }) => [hashAlgorithm.oid, hexOf(certHash)])).toEqual([[digest.oids[0], hexOf(digest.digest(party.certificate.bytes))]]);
    expect(attributes.find(id_aa_ets_commitmentType)[0]!.values).toEqual([sequence(oid(PROOF_OF_ORIGIN))]);
    expect(hexOf(attributes.find(id_aa_ets_sigPolicyId)[0]!.values[0]!)).toContain(hexOf(sha256.digest(other)));
    expect(attributes.find(id_aa_ets_contentTimestamp)[0]!.values).toEqual([stamp]);
  });

  it('is not made of less, nor with a time-stamp over other content', async () => {
    const input = { certificate: rsa.certificate, content, algorithms };
    expect(() => prepareSignature({ ...input, level: 'B-B' })).toThrow(TypeError);
    expect(() => prepareSignature({ ...input, level: 'B-B', signingTime: AT, signingCertificate: false })).toThrow(TypeError);
    expect(() => prepareSignature({ ...input, certificate: sm2[0].certificate, level: 'B-B' })).toThrowError(expect.objectContaining({ code: 'VARIANT_UNSUPPORTED' }));
    const stamp = await contentTimestamp(other, world.timestamper('p256'), sha256);
    expect(() => prepareSignature({ ...input, contentTimestamps: [stamp] })).toThrowError(expect.objectContaining({ code: 'TIMESTAMP_MISMATCH' }));
    expect(() => prepareSignature({ ...input, content: other, contentTimestamps: [stamp] })).not.toThrow();
    const hashed = { certificate: rsa.certificate, algorithms, contentTimestamps: [stamp] };
    expect(() => prepareSignature({ ...hashed, contentDigest: sha256.digest(other) })).not.toThrow();
    expect(() => prepareSignature({ ...hashed, contentDigest: sha256.digest(content) })).toThrowError(expect.objectContaining({ code: 'TIMESTAMP_MISMATCH' }));
    await expect(contentTimestamp(content, world.timestamper('p256/wrong-imprint'), sha256)).rejects.toMatchObject({ code: 'TIMESTAMP_MISMATCH' });
  });
});

describe('a parallel signer', () => {
  it.each([
    ['CMS, detached', rsa, p256, {}],
    ['CMS, attached', p256, rsa, { attached: true }],
    ['GM, detached', sm2[0], sm2[1], {}],
    ['GM, attached', sm2[1], sm2[0], { attached: true, variant: 'attrs-za' as const }],
  ])('%s: joins the message, and the first one stays as it was', async (_name, first, second, how) => {
    const message = await signContent({ certificate: first.certificate, chain: first.chain, content, algorithms, ...how }, first.signer);
    const prepared = prepareSignature({ certificate: second.certificate, chain: second.chain, content, algorithms });
    const both = parseSignedData(await addSigner(message, prepared, await value(second, prepared)));
    expect(both.deviations).toEqual([]);
    expect(both.signerInfos).toHaveLength(2);
    expect(both.signerInfos.map(({ bytes }) => hexOf(bytes))).toContain(hexOf(parseSignedData(message).signerInfos[0]!.bytes));
    for (const party of [first, second]) {
      const info = both.signerInfos.find(({ sid }) => sid.kind === 'issuerAndSerialNumber' && hexOf(sid.serialNumber) === hexOf(party.certificate.serialNumber))!;
      const algorithm = algorithms.signatures.find(({ signatureOids }) => signatureOids.includes(info.signatureAlgorithm.oid)) ?? algorithms.signatures.find(({ name }) => name === 'SM2-SM3')!;
      expect(await algorithm.verify(party.certificate.spki.key, info.signedAttrs?.signedBytes ?? content, info.signature)).toBe(true);
    }
  });

  it('never is the same one again, of the other family, or over other content', async () => {
    const message = await signContent({ certificate: rsa.certificate, chain: rsa.chain, content, algorithms }, rsa.signer);
    const add = async (party: typeof rsa, over = content, into = message) => {
      const prepared = prepareSignature({ certificate: party.certificate, content: over, algorithms });
      return addSigner(into, prepared, await value(party, prepared));
    };
    await expect(add(rsa)).rejects.toMatchObject({ code: 'SIGNER_ALREADY_THERE' });
    await expect(add(p256, content, await add(p256))).rejects.toMatchObject({ code: 'SIGNER_ALREADY_THERE' });
    await expect(add(sm2[0])).rejects.toMatchObject({ code: 'VARIANT_UNSUPPORTED' });
    await expect(add(p256, other)).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
    const attached = await signContent({ certificate: sm2[0].certificate, content, attached: true, algorithms }, sm2[0].signer);
    await expect(add(sm2[1], other, attached)).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
    const prepared = prepareSignature({ certificate: p256.certificate, content, algorithms });
    await expect(addSigner(message, prepared, await value(p256, prepareSignature({ certificate: p256.certificate, content: other, algorithms })))).rejects.toMatchObject({ code: 'SIGNATURE_NOT_VERIFIED' });
  });

  it('is not added over content of another type', async () => {
    const odd = buildSignedData({
      family: 'cms', digestAlgorithm: { oid: sha256.oids[0]! }, encapContentType: '1.2.3', content, certificates: [],
      signers: [{ sid: { issuer: rsa.certificate.issuer.bytes, serialNumber: rsa.certificate.serialNumber }, signedAttrs: setOf(), signatureAlgorithm: { oid: '1.2.840.113549.1.1.11' }, signature: Uint8Array.of(1) }],
    });
    const prepared = prepareSignature({ certificate: p256.certificate, content, algorithms });
    await expect(addSigner(odd, prepared, await value(p256, prepared))).rejects.toMatchObject({ code: 'VARIANT_UNSUPPORTED' });
  });

  it('may come after a time-stamp of the first, which then still stands with its signer', async () => {
    const stamped = await addSignatureTimestamp(await signContent({ certificate: rsa.certificate, content, algorithms }, rsa.signer), 0, world.timestamper('rsa'), sha256);
    const prepared = prepareSignature({ certificate: p256.certificate, content, algorithms });
    const both = await addSigner(stamped.message, prepared, await value(p256, prepared));
    const index = parseSignedData(both).signerInfos.findIndex(({ unsignedAttrs }) => unsignedAttrs === undefined);
    const again = await addSignatureTimestamp(both, index, world.timestamper('p256'), sha256);
    const infos = parseSignedData(again.message).signerInfos;
    expect(infos.map(({ unsignedAttrs }) => unsignedAttrs?.attributes.length)).toEqual([1, 1]);
    expect(infos[again.signer]!.fields).toEqual(parseSignedData(both).signerInfos[index]!.fields);
  });
});

/** Reads a SignerInfo that stands alone, in a shell around it. */
function signerInfoOf(bytes: Uint8Array): SignerInfo {
  const signedData = sequence(integer(1), setOf(), sequence(oid(id_data)), setOf(bytes));
  return parseSignedData(sequence(oid(id_signedData), explicit(0, signedData))).signerInfos[0]!;
}

describe('a countersignature', () => {
  it.each([['CMS over CMS', rsa, p256, {}], ['GM attrs-za over GM', sm2[0], sm2[1], { variant: 'attrs-za' as const, level: 'B-B' as const, signingTime: AT }], ['GM za-content over GM', sm2[1], sm2[0], {}]])(
    '%s: is over the signature value and says no content type', async (_name, first, second, how) => {
      const message = await signContent({ certificate: first.certificate, content, algorithms }, first.signer);
      const { signature } = parseSignedData(message).signerInfos[0]!;
      const made = await countersign(message, 0, { certificate: second.certificate, algorithms, ...how }, second.signer);
      const signed = parseSignedData(made.message);
      const [attribute] = signed.signerInfos[made.signer]!.unsignedAttrs!.find(id_countersignature);
      expect(signed.certificates.map(hexOf)).toContain(hexOf(second.certificate.bytes));
      // A SignerInfo is read where one stands: among the signers of a message.
      const info = signerInfoOf(attribute!.values[0]!);
      const digest = signed.family === 'gm' ? sm3 : sha256;
      if (info.signedAttrs !== undefined) {
        expect(contentTypeOf(info.signedAttrs)).toBeUndefined();
        expect(messageDigestOf(info.signedAttrs)).toEqual({ duplicate: false, value: digest.digest(signature) });
      }
      const algorithm = algorithms.signatures.find(({ signatureOids }) => signatureOids.includes(info.signatureAlgorithm.oid)) ?? algorithms.signatures.find(({ name }) => name === 'SM2-SM3')!;
      expect(await algorithm.verify(second.certificate.spki.key, info.signedAttrs?.signedBytes ?? signature, info.signature)).toBe(true);
    });

  it('goes only where it was prepared for, and only when its value verifies', async () => {
    const sign = (over: Uint8Array) => signContent({ certificate: rsa.certificate, content: over, algorithms }, rsa.signer);
    const [message, another] = [await sign(content), await sign(other)];
    const prepared = prepareCountersignature(message, 0, { certificate: p256.certificate, algorithms });
    const good = await value(p256, prepared);
    await expect(addCountersignature(message, 0, prepared, good)).resolves.toMatchObject({ signer: 0 });
    await expect(addCountersignature(another, 0, prepared, good)).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
    const wrong = await value(p256, prepareCountersignature(another, 0, { certificate: p256.certificate, algorithms }));
    await expect(addCountersignature(message, 0, prepared, wrong)).rejects.toMatchObject({ code: 'SIGNATURE_NOT_VERIFIED' });
    expect(() => prepareCountersignature(message, 1, { certificate: p256.certificate, algorithms })).toThrow(TypeError);
    const cause = new Error('token removed');
    await expect(countersign(message, 0, { certificate: p256.certificate, algorithms }, { sign: () => Promise.reject(cause) })).rejects.toMatchObject({ code: 'SIGNER_FAILED', cause });
  });
});
