import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  buildSignedAttributes, buildSignedData, contentTypeOf, id_data, id_gm_data, id_gm_signedData, id_signedData, messageDigestOf, nullValue, parseSignedData, PkiError,
  signingTimeOf, type SignedData, type SignedDataToWrite,
} from '../../packages/pki/src/index.js';
import { locateBouncyCastle, runJava } from '../bouncy-castle/locate.js';

// Structure only: whether the signatures hold is judged in a later room, with the same Cms.java.
const bouncyCastle = locateBouncyCastle(['bcprov', 'bcutil', 'bcpkix']);
if (bouncyCastle === undefined) {
  console.warn('SKIPPED: no Java 11+ with bcprov, bcutil and bcpkix found (HEFU_BC_JARS, /usr/share/java, interop/.cache); CMS interop with Bouncy Castle did not run');
}

const SM3 = '1.2.156.10197.1.401';
const SM2_SM3 = '1.2.156.10197.1.501';
const SM2_SIGN = '1.2.156.10197.1.301.1';

describe.skipIf(bouncyCastle === undefined)('CMS with Bouncy Castle', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const read = (name: string): Uint8Array => new Uint8Array(readFileSync(at(name)));
  /** Several requests to one JVM. */
  const java = (...requests: string[][]): unknown[] => runJava(bouncyCastle!, 'Cms.java', requests.map((request) => request.join('\t'))).map((line) => JSON.parse(line) as unknown);
  let content: Uint8Array;
  let leaf: Uint8Array;
  let root: Uint8Array;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-bc-'));
    java(['make', folder]);
    [content, leaf, root] = [read('content.bin'), read('leaf.der'), read('root.der')];
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const shapes = ['cms', 'gm'].flatMap((family) =>
    ['attached', 'detached'].flatMap((where) => ['attrs', 'noattrs'].flatMap((attributes) => ['der', 'ber'].map((rules) => [family, where, attributes, rules] as const))),
  );

  it.each(shapes)('reads %s-%s-%s.%s.p7s', (family, where, attributes, rules) => {
    const message = parseSignedData(read(`${family}-${where}-${attributes}.${rules}.p7s`));
    const data = family === 'gm' ? id_gm_data : id_data;
    expect(message).toMatchObject({ family, version: 1, contentType: family === 'gm' ? id_gm_signedData : id_signedData });
    expect(message.digestAlgorithms.map(({ oid }) => oid)).toEqual([SM3]);
    expect(message.encapContentInfo.contentType).toBe(data);
    expect(message.encapContentInfo.content).toEqual(where === 'attached' ? content : undefined);
    expect(message.certificates).toHaveLength(2);
    expect(message.certificates).toEqual(expect.arrayContaining([leaf, root]));
    expectSigner(message, family === 'gm' ? SM2_SIGN : SM2_SM3, attributes === 'attrs' ? data : undefined);
    expect([...new Set(message.deviations.map(({ id }) => id))].filter((id) => id !== 'CMS_BER_CONSTRUCTED_STRING')).toEqual(rules === 'der' ? [] : ['CMS_BER_INDEFINITE']);
  });

  function expectSigner(message: SignedData, signatureOid: string, attributesOver: string | undefined): void {
    expect(message.signerInfos).toHaveLength(1);
    const [signer] = message.signerInfos;
    if (signer!.sid.kind !== 'issuerAndSerialNumber') throw new Error('unexpected signer identifier');
    expect(Buffer.from(signer!.sid.serialNumber).toString('hex')).toBe('00c0ffee0123456789');
    expect(signer!.sid.issuer.rdns.map(([attribute]) => attribute!.value)).toEqual(['CN', 'Interop', 'Interop SM2 Root']);
    expect([signer!.digestAlgorithm.oid, signer!.signatureAlgorithm.oid]).toEqual([SM3, signatureOid]);
    expect(signer!.signature[0]).toBe(0x30);
    if (attributesOver === undefined) {
      expect(signer!.signedAttrs).toBeUndefined();
      return;
    }
    const set = signer!.signedAttrs!;
    expect(contentTypeOf(set)).toEqual({ duplicate: false, value: attributesOver });
    expect(messageDigestOf(set)).toEqual({ duplicate: false, value: new Uint8Array(createHash('sm3').update(content).digest()) });
    if (message.family === 'cms') expect(signingTimeOf(set)).toMatchObject({ duplicate: false });
  }

  it('reads a streamed message and joins its segments', () => {
    const bytes = read('cms-stream.ber.p7s');
    const message = parseSignedData(bytes);
    expect(message.encapContentInfo.content).toEqual(content);
    expect(new Set(message.deviations.map(({ id }) => id))).toEqual(new Set(['CMS_BER_INDEFINITE', 'CMS_BER_CONSTRUCTED_STRING']));
    expectSigner(message, SM2_SM3, id_data);
    expect(() => parseSignedData(bytes.subarray(0, -2))).toThrow(PkiError);
  });

  it('Bouncy Castle reads what we build as it was meant', () => {
    const { sid } = parseSignedData(read('cms-detached-attrs.der.p7s')).signerInfos[0]!;
    if (sid.kind !== 'issuerAndSerialNumber') throw new Error('unexpected signer identifier');
    const signature = Uint8Array.of(0x30, 6, 2, 1, 1, 2, 1, 1);
    const attributes = (contentType: string): Uint8Array => buildSignedAttributes({ contentType, messageDigest: new Uint8Array(32), signingTime: 1_760_000_000_000, signingCertificateV2: { certHash: new Uint8Array(32) } });
    const named = { issuer: sid.issuer.bytes, serialNumber: sid.serialNumber };
    const shared = { digestAlgorithm: { oid: SM3, parameters: nullValue() }, certificates: [leaf, root] };
    const messages: Record<string, SignedDataToWrite> = {
      'gm.p7s': { ...shared, family: 'gm', content, signers: [{ sid: named, signatureAlgorithm: { oid: SM2_SIGN }, signature }] },
      'gm-attrs.p7s': { ...shared, family: 'gm', signers: [{ sid: named, signedAttrs: attributes(id_gm_data), signatureAlgorithm: { oid: SM2_SIGN }, signature }] },
      'cms.p7s': {
        ...shared, family: 'cms',
        signers: [
          { sid: named, signedAttrs: attributes(id_data), signatureAlgorithm: { oid: SM2_SM3 }, signature },
          { sid: { subjectKeyIdentifier: Uint8Array.of(1, 2, 3) }, signatureAlgorithm: { oid: SM2_SM3 }, signature },
        ],
      },
    };
    for (const [name, message] of Object.entries(messages)) writeFileSync(at(name), buildSignedData(message));
    writeFileSync(at('cut.p7s'), buildSignedData(messages['gm.p7s']!).subarray(0, -1));
    const signer = { version: 1, serial: 'c0ffee0123456789', digest: SM3, signature: SM2_SIGN, attributes: -1 };
    const [inspected] = java(['inspect', ...['gm.p7s', 'gm-attrs.p7s', 'cms.p7s', 'cut.p7s'].map(at)]);
    expect(inspected).toEqual([
      { file: 'gm.p7s', contentType: id_gm_signedData, version: 1, eContentType: id_gm_data, contentLength: 5000, certificates: 2, crls: 0, signers: [signer] },
      { file: 'gm-attrs.p7s', contentType: id_gm_signedData, version: 1, eContentType: id_gm_data, contentLength: -1, certificates: 2, crls: 0, signers: [{ ...signer, attributes: 4 }] },
      {
        file: 'cms.p7s', contentType: id_signedData, version: 3, eContentType: id_data, contentLength: -1, certificates: 2, crls: 0,
        signers: expect.arrayContaining([{ ...signer, signature: SM2_SM3, attributes: 4 }, { version: 3, ski: '010203', digest: SM3, signature: SM2_SM3, attributes: -1 }]),
      },
      { file: 'cut.p7s', error: expect.any(String) },
    ]);
  });

  it('Cms.java verifies what it made, and nothing else', () => {
    writeFileSync(at('other.bin'), content.slice(1));
    const rows: [message: string, external: string | undefined, code: string][] = [
      ['gm-detached-attrs.ber.p7s', 'content.bin', 'OK'],
      ['gm-detached-attrs.ber.p7s', 'other.bin', 'DIGEST_MISMATCH'],
      ['gm-attached-noattrs.ber.p7s', undefined, 'OK'],
      ['gm-attached-noattrs.ber.p7s', 'content.bin', 'CONTENT_TWICE'],
      ['gm-detached-noattrs.der.p7s', 'other.bin', 'SIGNATURE_INVALID'],
      ['cms-detached-attrs.der.p7s', 'content.bin', 'OK'],
      ['cms-detached-attrs.der.p7s', 'other.bin', 'DIGEST_MISMATCH'],
      ['cms-detached-noattrs.der.p7s', undefined, 'CONTENT_MISSING'],
      ['cms-stream.ber.p7s', undefined, 'OK'],
      ['leaf.der', 'content.bin', 'MALFORMED'],
    ];
    const verdicts = java(...rows.map(([message, external]) => ['verify', at(message), ...(external === undefined ? [] : [at(external)])]));
    expect(verdicts).toEqual(rows.map(([, , code]) => ({ verified: code === 'OK', code })));
  });
});
