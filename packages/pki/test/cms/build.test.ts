import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareBytes } from '../../src/asn1/bytes.js';
import { integer, nullValue, octetString, oid, sequence, setOf, tlv } from '../../src/asn1/writer.js';
import { contentTypeOf, messageDigestOf, signingCertificateV2Of, signingTimeOf } from '../../src/cms/attributes.js';
import { buildSignedAttributes, buildSignedData, type SignedDataToWrite, type SignerToWrite } from '../../src/cms/build.js';
import { id_ct_TSTInfo, id_data, id_gm_data, id_gm_signedData, id_signedData } from '../../src/cms/oids.js';
import { parseSignedData } from '../../src/cms/signed-data.js';
import { ascii, commonName, sampleCertificate, sampleMessage, sampleSigner, SHA256, SIGNATURE, SM2_SIGN, SM3 } from './samples.js';

const octets = (maxLength: number): fc.Arbitrary<Uint8Array> => fc.uint8Array({ minLength: 1, maxLength });
const algorithm = fc.record(
  { oid: fc.constantFrom(SHA256, SM3, SM2_SIGN, '1.2.840.113549.1.1.1'), parameters: fc.constantFrom(nullValue(), sequence()) },
  { requiredKeys: ['oid'] },
);
const attributes = fc.record(
  {
    contentType: fc.constantFrom(id_data, id_gm_data, id_ct_TSTInfo),
    messageDigest: fc.uint8Array({ minLength: 0, maxLength: 64 }),
    signingTime: fc.integer({ min: -600_000_000, max: 4_000_000_000 }).map((seconds) => seconds * 1000),
    signingCertificateV2: fc.record({ certHash: octets(32), hashAlgorithm: algorithm, issuerSerial: fc.constant(sequence(sequence(), integer(1))) }, { requiredKeys: ['certHash'] }),
  },
  { requiredKeys: ['contentType', 'messageDigest'] },
);
const signer = (family: 'cms' | 'gm'): fc.Arbitrary<SignerToWrite> => {
  const named = fc.record({ issuer: fc.string({ maxLength: 5 }).map((text) => commonName(text.replace(/[^A-Za-z]/g, 'x'))), serialNumber: octets(20) });
  const bySki = fc.record({ subjectKeyIdentifier: octets(20) });
  return fc.record(
    {
      sid: family === 'cms' ? fc.oneof(named, bySki) : named,
      digestAlgorithm: algorithm,
      signedAttrs: attributes.map(buildSignedAttributes),
      signatureAlgorithm: algorithm,
      signature: fc.uint8Array({ maxLength: 300 }),
      unsignedAttrs: fc.constant(setOf(sequence(oid('1.2.3'), setOf(octetString(ascii('token')))))),
    },
    { requiredKeys: ['sid', 'signatureAlgorithm', 'signature'] },
  );
};
const message: fc.Arbitrary<SignedDataToWrite> = fc.constantFrom('cms' as const, 'gm' as const).chain((family) =>
  fc.record(
    {
      family: fc.constant(family),
      digestAlgorithm: algorithm,
      content: fc.uint8Array({ maxLength: 1000 }),
      certificates: fc.array(fc.string({ maxLength: 8 }).map((text) => sampleCertificate(text.replace(/[^A-Za-z]/g, 'x'))), { maxLength: 4 }),
      crls: fc.array(octets(40).map((content) => sequence(octetString(content))), { maxLength: 3 }),
      signers: fc.array(signer(family), { maxLength: 4 }),
    },
    { requiredKeys: ['family', 'digestAlgorithm', 'certificates', 'signers'] },
  ),
);

const sorted = (values: readonly Uint8Array[]): Uint8Array[] => [...values].sort(compareBytes);

describe('parse ∘ build', () => {
  it('gives every part back, in DER, without deviations', () => {
    fc.assert(
      fc.property(message, (written) => {
        const parsed = parseSignedData(buildSignedData(written));
        expect(parsed.deviations).toEqual([]);
        expect(parsed.family).toBe(written.family);
        expect(parsed.contentType).toBe(written.family === 'gm' ? id_gm_signedData : id_signedData);
        expect(parsed.encapContentInfo.contentType).toBe(written.family === 'gm' ? id_gm_data : id_data);
        expect(parsed.encapContentInfo.content).toEqual(written.content);
        expect(parsed.certificates).toEqual(sorted(written.certificates));
        expect(parsed.crls).toEqual(sorted(written.crls ?? []));
        const encodings = parsed.signerInfos.map((info) => info.bytes);
        expect(encodings).toEqual(sorted(encodings));
        expect(parsed.signerInfos).toHaveLength(written.signers.length);
        for (const one of written.signers) {
          const digest = one.digestAlgorithm ?? written.digestAlgorithm;
          const match = parsed.signerInfos.filter(
            (info) =>
              same(info.signature, one.signature) && info.signatureAlgorithm.oid === one.signatureAlgorithm.oid && same(info.signatureAlgorithm.parameters, one.signatureAlgorithm.parameters) &&
              info.digestAlgorithm.oid === digest.oid && same(info.signedAttrs?.signedBytes, one.signedAttrs) && same(info.unsignedAttrs?.signedBytes, one.unsignedAttrs) &&
              ('issuer' in one.sid
                ? info.version === 1 && info.sid.kind === 'issuerAndSerialNumber' && same(info.sid.issuer.bytes, one.sid.issuer) && same(info.sid.serialNumber, one.sid.serialNumber)
                : info.version === 3 && info.sid.kind === 'subjectKeyIdentifier' && same(info.sid.keyIdentifier, one.sid.subjectKeyIdentifier)),
          );
          expect(match.length).toBeGreaterThan(0);
          expect(parsed.digestAlgorithms.some(({ oid: id, parameters }) => id === digest.oid && same(parameters, digest.parameters))).toBe(true);
        }
      }),
    );
  });

  it('gives the signed attributes back', () => {
    fc.assert(
      fc.property(attributes, (written) => {
        const parsed = parseSignedData(sampleMessage({ signers: [sampleSigner({ signedAttrs: buildSignedAttributes(written) })] }));
        const set = parsed.signerInfos[0]!.signedAttrs!;
        expect(parsed.deviations).toEqual([]);
        expect(contentTypeOf(set)).toEqual({ duplicate: false, value: written.contentType });
        expect(messageDigestOf(set)).toEqual({ duplicate: false, value: written.messageDigest });
        expect(signingTimeOf(set)).toEqual(written.signingTime === undefined ? undefined : { duplicate: false, value: written.signingTime });
        const signing = signingCertificateV2Of(set);
        if (written.signingCertificateV2 === undefined) {
          expect(signing).toBeUndefined();
          return;
        }
        const { certHash, hashAlgorithm, issuerSerial } = written.signingCertificateV2;
        if (signing === undefined || signing.duplicate) throw new Error('missing');
        expect(signing.value.certs).toHaveLength(1);
        expect(signing.value.certs[0]).toMatchObject({ certHash, issuerSerial });
        expect(signing.value.certs[0]!.hashAlgorithm.oid).toBe(hashAlgorithm?.oid ?? SHA256);
        expect(signing.value.certs[0]!.hashAlgorithm.parameters).toEqual(hashAlgorithm?.parameters);
      }),
    );
  });
});

function same(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  return a === undefined || b === undefined ? a === b : a.length === b.length && compareBytes(a, b) === 0;
}

describe('versions (RFC 5652 §5.1)', () => {
  const attrs = buildSignedAttributes({ contentType: id_ct_TSTInfo, messageDigest: new Uint8Array(32) });
  it.each([
    ['cms data', { family: 'cms' }, 1],
    ['cms by key identifier', { family: 'cms', signers: [sampleSigner({ sid: { subjectKeyIdentifier: ascii('k') } })] }, 3],
    ['cms other content', { family: 'cms', encapContentType: id_ct_TSTInfo, signers: [sampleSigner({ signedAttrs: attrs })] }, 3],
    ['gm other content', { family: 'gm', encapContentType: id_ct_TSTInfo, signers: [sampleSigner({ signedAttrs: attrs })] }, 1],
  ] as [string, Partial<SignedDataToWrite>, number][])('%s', (_name, extra, version) => {
    const parsed = parseSignedData(sampleMessage(extra));
    expect(parsed.version).toBe(version);
    expect(parsed.deviations).toEqual([]);
  });
});

describe('bytes', () => {
  it('are the same whatever order the parts come in', () => {
    const [a, b] = [sampleCertificate('A'), sampleCertificate('B')];
    expect(sampleMessage({ certificates: [a, b] })).toEqual(sampleMessage({ certificates: [b, a] }));
  });

  it('of SHA-256 in ESSCertIDv2 leave the DEFAULT out', () => {
    const written = (hashAlgorithm?: { oid: string; parameters?: Uint8Array }): Uint8Array =>
      buildSignedAttributes({ contentType: id_data, messageDigest: new Uint8Array(32), signingCertificateV2: { certHash: new Uint8Array(32), ...(hashAlgorithm && { hashAlgorithm }) } });
    expect(written({ oid: SHA256 })).toEqual(written());
    expect(written({ oid: SM3 })).not.toEqual(written());
    expect(written({ oid: SHA256, parameters: nullValue() })).not.toEqual(written());
  });

  it('leave empty certificate and CRL fields out', () => {
    const parsed = parseSignedData(sampleMessage({ certificates: [], crls: [] }));
    const written = sampleMessage({ certificates: [] });
    expect(parsed.bytes).toEqual(written);
    expect(parsed.certificates).toEqual([]);
  });
});

describe('misuse is a TypeError', () => {
  const set = buildSignedAttributes({ contentType: id_data, messageDigest: new Uint8Array(32) });
  it.each([
    ['a GM signer named by key identifier', { signers: [sampleSigner({ sid: { subjectKeyIdentifier: ascii('k') } })] }],
    ['other content without signed attributes', { encapContentType: id_ct_TSTInfo }],
    ['signed attributes already retagged', { signers: [sampleSigner({ signedAttrs: tlv(0xa0, set) })] }],
    ['an issuer that is no Name', { signers: [sampleSigner({ sid: { issuer: ascii('CN=x'), serialNumber: Uint8Array.of(1) } })] }],
    ['an empty serial number', { signers: [sampleSigner({ sid: { issuer: commonName('A'), serialNumber: new Uint8Array(0) } })] }],
    ['a certificate in PEM', { certificates: [ascii('-----BEGIN CERTIFICATE-----')] }],
  ] as [string, Partial<SignedDataToWrite>][])('%s', (_name, extra) => {
    expect(() => sampleMessage(extra)).toThrow(TypeError);
  });

  it('a signing time between seconds', () => {
    const at = (signingTime: number) => (): Uint8Array => buildSignedAttributes({ contentType: id_data, messageDigest: SIGNATURE, signingTime });
    expect(at(1500)).toThrow(TypeError);
    expect(at(Number.NaN)).toThrow(TypeError);
    expect(at(1000)).not.toThrow();
  });
});
