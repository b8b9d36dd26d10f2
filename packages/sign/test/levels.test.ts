import { createPublicKey, sign as nodeSign, verify as nodeVerify } from 'node:crypto';
import { sha1, sha256, sha512, sm3, type DigestAlgorithm } from '@hefu/crypto';
import {
  archiveTimestampInput, buildAtsHashIndex, buildOcspRequest, equalBytes, hexOf, id_aa_ATSHashIndexV3, id_aa_ets_archiveTimestampV3, id_aa_ets_certValues, id_aa_ets_revocationValues,
  id_aa_timeStampToken, parseCertificate, readCertificateValues, parseOcspResponse, parseSignedData, parseTimeStampToken, readRevocationValues, sequence, enumerated, type SignerInfo,
} from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { signDetached } from '../../sandbox/dist/index.js';
import { addArchiveTimestamp, addSignatureTimestamp, addValidationData, signContent, type PrepareInput, type ToBeSigned } from '../src/index.js';
import { credential } from './certificates.js';
import { algorithms, AT, SigningWorld } from './world.js';

const world = new SigningWorld('sign-levels');
const content = new TextEncoder().encode('投标文件 bid');
const YEAR = 365 * 86_400_000;

const ROWS: readonly [string, 'RSA-2048' | 'P-256' | 'SM2', string, DigestAlgorithm, Partial<PrepareInput>][] = [
  ['RSA', 'RSA-2048', 'rsa', sha256, { level: 'B-B', signingTime: AT }],
  ['P-256, attached', 'P-256', 'p256', sha512, { level: 'B-B', signingTime: AT, attached: true }],
  ['SM2 attrs-za', 'SM2', 'sm2', sm3, { level: 'B-B', signingTime: AT, variant: 'attrs-za' }],
  ['SM2 za-content', 'SM2', 'gm-all', sm3, { variant: 'za-content' }],
];

/** The only value of an unsigned attribute that has `n` of them. */
function tokens({ unsignedAttrs }: SignerInfo, type: string): Uint8Array[] {
  return (unsignedAttrs?.find(type) ?? []).flatMap(({ values }) => values);
}

describe.each(ROWS)('%s', (_name, kind, tsa, digest, profile) => {
  const party = world.party(kind);
  const basic = signContent({ certificate: party.certificate, chain: party.chain, content, algorithms, ...profile }, party.signer);
  const detached = profile.attached === true ? {} : { content };

  it('B-T: a token over the signature value, nothing signed touched', async () => {
    const before = parseSignedData(await basic).signerInfos[0]!;
    const { message, signer } = await addSignatureTimestamp(await basic, 0, world.timestamper(tsa), digest);
    const after = parseSignedData(message).signerInfos[signer]!;
    expect(after.fields).toEqual(before.fields);
    const [token, ...more] = tokens(after, id_aa_timeStampToken);
    expect(more).toEqual([]);
    const { tstInfo } = parseTimeStampToken(token!);
    expect(hexOf(tstInfo.messageImprint.hashedMessage)).toBe(hexOf(digest.digest(before.signature)));
    expect(tstInfo.genTime).toBe(AT);
  });

  it('B-LT: certificates and CRLs, each once', async () => {
    const stamped = await addSignatureTimestamp(await basic, 0, world.timestamper(tsa), digest);
    const data = { certificates: [...party.chain, ...world.validationDataOf(tsa).certificates], crls: [...party.crls, ...world.validationDataOf(tsa).crls] };
    const once = addValidationData(stamped.message, stamped.signer, data);
    const signed = parseSignedData(once.message);
    for (const certificate of [party.certificate.bytes, ...data.certificates]) expect(signed.certificates.filter((der) => equalBytes(der, certificate))).toHaveLength(1);
    for (const crl of data.crls) expect(signed.crls.filter((der) => equalBytes(der, crl))).toHaveLength(1);
    expect(addValidationData(once.message, once.signer, data).message).toEqual(once.message);
  });

  it('B-LTA, renewed: each archive time-stamp covers what was there before it', async () => {
    const stamped = await addSignatureTimestamp(await basic, 0, world.timestamper(tsa), digest);
    const longTerm = addValidationData(stamped.message, stamped.signer, { certificates: party.chain, crls: party.crls });
    const first = await addArchiveTimestamp(longTerm.message, longTerm.signer, world.timestamper(tsa), { digest, ...detached });
    world.now = AT + 5 * YEAR;
    const evidence = addValidationData(first.message, first.signer, world.validationDataOf(tsa));
    const second = await addArchiveTimestamp(evidence.message, evidence.signer, world.timestamper('p256'), { digest: sha512, ...(profile.attached === true ? {} : { contentDigest: sha512.digest(content) }) });
    world.now = AT;

    for (const [state, by, result] of [[longTerm, digest, first], [evidence, sha512, second]] as const) {
      const before = parseSignedData(state.message);
      const had = before.signerInfos[state.signer]!;
      const now = parseSignedData(result.message).signerInfos[result.signer]!;
      expect(now.fields).toEqual(had.fields);
      const added = tokens(now, id_aa_ets_archiveTimestampV3).filter((token) => !tokens(had, id_aa_ets_archiveTimestampV3).some((old) => equalBytes(old, token)));
      expect(added).toHaveLength(1);
      const { signed, tstInfo } = parseTimeStampToken(added[0]!);
      const index = buildAtsHashIndex(before, had.unsignedAttrs, { oid: by.oids[0]! }, (octets) => by.digest(octets));
      expect(signed.signerInfos[0]!.unsignedAttrs!.find(id_aa_ATSHashIndexV3).map(({ values }) => values)).toEqual([[index]]);
      const input = archiveTimestampInput(before.encapContentInfo.contentType, by.digest(content), had.fields, index);
      expect(hexOf(tstInfo.messageImprint.hashedMessage)).toBe(hexOf(by.digest(input)));
    }
    const stamps = tokens(parseSignedData(second.message).signerInfos[second.signer]!, id_aa_ets_archiveTimestampV3).map((token) => parseTimeStampToken(token).tstInfo.genTime);
    expect(stamps.sort((a, b) => a - b)).toEqual([AT, AT + 5 * YEAR]);
  });

  it('refuses tokens over something else, authorities that fail, signers that are not there', async () => {
    await expect(addSignatureTimestamp(await basic, 0, world.timestamper(`${tsa}/wrong-imprint`), digest)).rejects.toMatchObject({ code: 'TIMESTAMP_MISMATCH' });
    const down = new Error('down');
    await expect(addSignatureTimestamp(await basic, 0, () => Promise.reject(down), digest)).rejects.toMatchObject({ code: 'TIMESTAMP_FAILED', cause: down });
    await expect(addSignatureTimestamp(await basic, 0, async () => new Uint8Array(20), digest)).rejects.toMatchObject({ code: 'TIMESTAMP_FAILED' });
    const claiming = (signingTime: number): Promise<Uint8Array> => signContent({ certificate: party.certificate, content, algorithms, ...profile, signingTime }, party.signer);
    if (profile.variant !== 'za-content') {
      world.now = AT;
      const late = await claiming(AT + 240_000);
      await expect(addSignatureTimestamp(late, 0, world.timestamper(tsa), digest)).rejects.toMatchObject({ code: 'CLOCK_SKEW', detail: 'timestamp-before-signing-time', outcome: 'signed' });
      await expect(addSignatureTimestamp(await claiming(AT + 120_000), 0, world.timestamper(tsa), digest)).resolves.toBeDefined();
    }
    await expect(addSignatureTimestamp(await basic, 1, world.timestamper(tsa), digest)).rejects.toThrow(TypeError);
    await expect(addArchiveTimestamp(await basic, 0, world.timestamper(`${tsa}/wrong-imprint`), { digest, ...detached })).rejects.toMatchObject({ code: 'TIMESTAMP_MISMATCH' });
    await expect(addArchiveTimestamp(await basic, 0, world.timestamper(tsa), { digest, ...(profile.attached === true ? { content } : {}) })).rejects.toThrow(TypeError);
  });
});

describe('Ed25519', () => {
  it('climbs the levels as the others do', async () => {
    const { certificate, privateKey } = credential('Ed25519');
    const signer = { sign: ({ message }: ToBeSigned) => new Uint8Array(nodeSign(null, message!, privateKey!)) };
    const stamped = await addSignatureTimestamp(await signContent({ certificate, content, algorithms, level: 'B-B', signingTime: AT }, signer), 0, world.timestamper('p256'), sha512);
    const { message } = await addArchiveTimestamp(stamped.message, stamped.signer, world.timestamper('p256'), { digest: sha512, content });
    const [info] = parseSignedData(message).signerInfos;
    expect(nodeVerify(null, info!.signedAttrs!.signedBytes, createPublicKey(privateKey!), info!.signature)).toBe(true);
    expect(info!.unsignedAttrs!.attributes.map(({ type }) => type).sort()).toEqual([id_aa_ets_archiveTimestampV3, id_aa_timeStampToken]);
    await expect(addArchiveTimestamp(message, 0, world.timestamper('p256'), { digest: sha512, content: new Uint8Array(1) })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
  });
});

describe('archive time-stamps', () => {
  it('refuse other content where the message states its digest, and digests of other length', async () => {
    const party = world.party('P-256');
    const message = await signContent({ certificate: party.certificate, content, algorithms }, party.signer);
    const other = new TextEncoder().encode('another');
    const archive = (options: Parameters<typeof addArchiveTimestamp>[3]) => addArchiveTimestamp(message, 0, world.timestamper('p256'), options);
    await expect(archive({ digest: sha256, content })).resolves.toMatchObject({ signer: 0 });
    await expect(archive({ digest: sha256, content: other })).rejects.toMatchObject({ code: 'CONTENT_MISMATCH' });
    await expect(archive({ digest: sha512, contentDigest: sha256.digest(content) })).rejects.toMatchObject({ code: 'CONTENT_DIGEST_INVALID' });
  });
});

describe('a message of another maker that states no content type', () => {
  it('is time-stamped, but not archived', async () => {
    const company = world.world.companies.find(({ authority, state, issuer }) => authority.design.form === 'empty-oid' && state === 'good' && issuer.listed)!;
    const message = signDetached(company.sign, content, { form: 'empty-oid' });
    const { message: stamped } = await addSignatureTimestamp(message, 0, world.timestamper('sm2'), sm3);
    expect(parseSignedData(stamped).encapContentInfo.contentType).toBe('');
    await expect(addArchiveTimestamp(stamped, 0, world.timestamper('sm2'), { digest: sm3, content })).rejects.toMatchObject({ code: 'VARIANT_UNSUPPORTED' });
  });
});

describe('OCSP responses', () => {
  const answerFor = (kind: 'RSA-2048' | 'SM2') => {
    const party = world.party(kind);
    const issuer = parseCertificate(party.chain[0]!);
    const company = world.world.companies.find(({ sign }) => equalBytes(sign.certificate, party.certificate.bytes))!;
    const request = buildOcspRequest({ issuerName: party.certificate.issuer.bytes, issuerKey: issuer.spki.publicKey, serialNumber: party.certificate.serialNumber, hash: { oid: '1.3.14.3.2.26', digest: (octets) => sha1.digest(octets) } });
    return { party, response: world.ocsp(`/ocsp/${company.authority.id}`, request) };
  };

  it('stand beside the CRLs of a CMS message, and in the revocation values of a GM one', async () => {
    const rsa = answerFor('RSA-2048');
    const cms = addValidationData(await signContent({ certificate: rsa.party.certificate, content, algorithms }, rsa.party.signer), 0, { ocspResponses: [rsa.response] });
    expect(parseSignedData(cms.message)).toMatchObject({ version: 5, ocspResponses: [rsa.response] });

    const gm = answerFor('SM2');
    const made = addValidationData(await signContent({ certificate: gm.party.certificate, content, algorithms }, gm.party.signer), 0, { ocspResponses: [gm.response], crls: gm.party.crls });
    const signed = parseSignedData(made.message);
    expect([signed.version, signed.crls.length]).toEqual([1, gm.party.crls.length]);
    const [value] = tokens(signed.signerInfos[0]!, id_aa_ets_revocationValues);
    expect(readRevocationValues(value!)).toEqual({ crls: [], ocspResponses: [parseOcspResponse(gm.response).basic!.bytes] });
    expect(() => addValidationData(made.message, 0, { ocspResponses: [gm.response] })).toThrowError(expect.objectContaining({ code: 'EVIDENCE_UNUSABLE' }));
  });

  it('and certificates and CRLs go into attributes where that is asked for, once', async () => {
    for (const { party, response } of [answerFor('RSA-2048'), answerFor('SM2')]) {
      const message = await signContent({ certificate: party.certificate, content, algorithms }, party.signer);
      const data = { certificates: party.chain, crls: party.crls, ocspResponses: [response], asAttributes: true };
      const made = addValidationData(message, 0, data);
      const { certificates, crls, ocspResponses, signerInfos } = parseSignedData(made.message);
      expect([certificates, crls, ocspResponses]).toEqual([[party.certificate.bytes], [], []]);
      expect(readCertificateValues(tokens(signerInfos[0]!, id_aa_ets_certValues)[0]!)).toEqual(party.chain);
      expect(readRevocationValues(tokens(signerInfos[0]!, id_aa_ets_revocationValues)[0]!)).toEqual({ crls: party.crls, ocspResponses: [parseOcspResponse(response).basic!.bytes] });
      for (const again of [{ certificates: party.chain }, { crls: party.crls }]) {
        expect(() => addValidationData(made.message, 0, { ...again, asAttributes: true })).toThrowError(expect.objectContaining({ code: 'EVIDENCE_UNUSABLE' }));
      }
      expect(parseSignedData(addValidationData(made.message, 0, { crls: party.crls }).message).crls).toHaveLength(party.crls.length);
    }
  });

  it('that answer nothing, and octets that are nothing, do not go in', async () => {
    const { party } = answerFor('SM2');
    const message = await signContent({ certificate: party.certificate, content, algorithms }, party.signer);
    expect(() => addValidationData(message, 0, { ocspResponses: [sequence(enumerated(6))] })).toThrowError(expect.objectContaining({ code: 'EVIDENCE_UNUSABLE' }));
    for (const data of [{ certificates: [new Uint8Array(3)] }, { crls: [sequence()] }, { ocspResponses: [new Uint8Array(0)] }]) {
      expect(() => addValidationData(message, 0, data)).toThrowError(expect.objectContaining({ name: 'PkiError' }));
    }
  });
});
