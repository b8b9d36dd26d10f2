import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nullValue } from '../../src/asn1/writer.js';
import { contentTypeOf, messageDigestOf, signingTimeOf } from '../../src/cms/attributes.js';
import { buildSignedAttributes, buildSignedData } from '../../src/cms/build.js';
import { parseSignedData } from '../../src/cms/signed-data.js';
import type { SignedData } from '../../src/model.js';
import { refusal, refusalCode, SHA256 } from './samples.js';

const present = spawnSync('openssl', ['version']).status === 0;
if (!present) console.warn('SKIPPED: openssl is not on the path; messages made by OpenSSL are not tested');

describe.skipIf(!present)('messages made by OpenSSL', () => {
  let folder: string;
  const at = (name: string): string => join(folder, name);
  const openssl = (...args: string[]): Uint8Array => execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  const content = new Uint8Array(20_000).map((_, i) => (i * 7) & 0xff);
  const der = (name: string): Uint8Array => new Uint8Array(readFileSync(at(name)));

  function certificate(name: string, issuer: string | undefined, key: string[]): void {
    openssl('genpkey', ...key, '-out', `${name}.key`);
    openssl('req', '-new', '-key', `${name}.key`, '-subj', `/C=CN/O=Interop/CN=${name}`, '-out', `${name}.csr`);
    const signer = issuer === undefined ? ['-signkey', `${name}.key`] : ['-CA', `${issuer}.pem`, '-CAkey', `${issuer}.key`, '-CAcreateserial'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signer, '-days', '3650', '-extfile', name === 'root' || name === 'sub' ? 'ca.cnf' : 'leaf.cnf', '-out', `${name}.pem`);
    openssl('x509', '-in', `${name}.pem`, '-outform', 'DER', '-out', `${name}.der`);
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hefu-openssl-'));
    writeFileSync(at('content.bin'), content);
    writeFileSync(at('leaf.cnf'), 'subjectKeyIdentifier=hash\n');
    writeFileSync(at('ca.cnf'), 'subjectKeyIdentifier=hash\nbasicConstraints=critical,CA:TRUE\n');
    const rsa = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
    const p256 = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
    certificate('root', undefined, p256);
    certificate('sub', 'root', p256);
    certificate('rsa', 'sub', rsa);
    certificate('p256', 'sub', p256);
    writeFileSync(at('chain.pem'), readFileSync(at('sub.pem'), 'utf8') + readFileSync(at('root.pem'), 'utf8'));
  });

  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function sign(signer: string, ...options: string[]): SignedData {
    openssl('cms', '-sign', '-binary', '-in', 'content.bin', '-signer', `${signer}.pem`, '-inkey', `${signer}.key`, '-certfile', 'chain.pem', '-outform', 'DER', '-out', 'message.p7s', '-md', 'sha256', ...options);
    return parseSignedData(der('message.p7s'));
  }

  describe.each(['rsa', 'p256'])('%s', (signer) => {
    it.each([
      ['attached with attributes', ['-nodetach']],
      ['detached with attributes', []],
      ['attached without attributes', ['-nodetach', '-noattr']],
      ['detached without attributes', ['-noattr']],
    ] as [string, string[]][])('%s', (_name, options) => {
      const message = sign(signer, ...options);
      expect(message).toMatchObject({ family: 'cms', version: 1, contentType: '1.2.840.113549.1.7.2', deviations: [] });
      expect(message.digestAlgorithms.map(({ oid }) => oid)).toEqual([SHA256]);
      expect(message.encapContentInfo.content === undefined ? undefined : Buffer.compare(message.encapContentInfo.content, content)).toBe(options.includes('-nodetach') ? 0 : undefined);
      expect(message.certificates).toHaveLength(3);
      for (const name of ['root.der', 'sub.der', `${signer}.der`]) expect(message.certificates).toContainEqual(der(name));
      const [info] = message.signerInfos;
      const serial = openssl('x509', '-in', `${signer}.pem`, '-noout', '-serial').toString().trim().replace('serial=', '').toLowerCase();
      expect(info!.sid.kind === 'issuerAndSerialNumber' && Buffer.from(info!.sid.serialNumber).toString('hex').replace(/^00/, '')).toBe(serial);
      expect(info!.sid.kind === 'issuerAndSerialNumber' && info!.sid.issuer.rdns.map(([attribute]) => attribute!.value)).toEqual(['CN', 'Interop', 'sub']);
      expect(info!.signatureAlgorithm.oid).toBe(signer === 'rsa' ? '1.2.840.113549.1.1.1' : '1.2.840.10045.4.3.2');
      if (options.includes('-noattr')) {
        expect(info!.signedAttrs).toBeUndefined();
      } else {
        const set = info!.signedAttrs!;
        expect(messageDigestOf(set)).toEqual({ duplicate: false, value: new Uint8Array(createHash('sha256').update(content).digest()) });
        expect(contentTypeOf(set)).toEqual({ duplicate: false, value: '1.2.840.113549.1.7.1' });
        expect(signingTimeOf(set)).toMatchObject({ duplicate: false });
        // What the signature covers, proved by OpenSSL itself over the bytes handed out.
        writeFileSync(at('attrs.der'), set.signedBytes);
        writeFileSync(at('value.bin'), info!.signature);
        writeFileSync(at('key.pub'), openssl('x509', '-in', `${signer}.pem`, '-noout', '-pubkey'));
        expect(openssl('dgst', '-sha256', '-verify', 'key.pub', '-signature', 'value.bin', 'attrs.der').toString()).toContain('Verified OK');
        writeFileSync(at('attrs.der'), set.bytes);
        expect(() => openssl('dgst', '-sha256', '-verify', 'key.pub', '-signature', 'value.bin', 'attrs.der')).toThrow();
      }
    });

    it('streaming: indefinite lengths and segments', () => {
      const message = sign(signer, '-nodetach', '-stream');
      expect(new Set(message.deviations.map(({ id }) => id))).toEqual(new Set(['CMS_BER_INDEFINITE', 'CMS_BER_CONSTRUCTED_STRING']));
      expect(Buffer.compare(message.encapContentInfo.content!, content)).toBe(0);
      expect(message.certificates).toHaveLength(3);
      expect(message.signerInfos).toHaveLength(1);
    });

    it('a signer named by key identifier, two signers, no certificates', () => {
      const bySki = sign(signer, '-keyid');
      expect(bySki).toMatchObject({ version: 3, deviations: [] });
      expect(bySki.signerInfos[0]).toMatchObject({ version: 3, sid: { kind: 'subjectKeyIdentifier' } });
      expect(sign(signer, '-nocerts').certificates).toHaveLength(2); // -certfile still adds its own
      const other = signer === 'rsa' ? 'p256' : 'rsa';
      expect(sign(signer, '-signer', `${other}.pem`, '-inkey', `${other}.key`).signerInfos).toHaveLength(2);
    });
  });

  it('PKCS #7 through smime, and a bag of certificates without signers', () => {
    openssl('smime', '-sign', '-binary', '-nodetach', '-in', 'content.bin', '-signer', 'rsa.pem', '-inkey', 'rsa.key', '-outform', 'DER', '-out', 'smime.p7s');
    expect(parseSignedData(der('smime.p7s'))).toMatchObject({ family: 'cms', version: 1, deviations: [] });
    openssl('crl2pkcs7', '-nocrl', '-certfile', 'chain.pem', '-outform', 'DER', '-out', 'bag.p7b');
    expect(parseSignedData(der('bag.p7b'))).toMatchObject({ signerInfos: [], certificates: [expect.anything(), expect.anything()] });
  });

  it('EnvelopedData is named', () => {
    openssl('cms', '-encrypt', '-binary', '-aes256', '-in', 'content.bin', '-outform', 'DER', '-out', 'enveloped.p7m', 'rsa.pem');
    expect(refusal(() => parseSignedData(der('enveloped.p7m')))).toMatchObject({ code: 'CONTENT_TYPE_UNSUPPORTED', detected: 'enveloped-data' });
    expect(refusal(() => parseSignedData(der('rsa.der')))).toMatchObject({ code: 'WRONG_STRUCTURE', detected: 'certificate' });
  });

  it('cut anywhere, a streamed message is TRUNCATED', () => {
    sign('p256', '-nodetach', '-stream');
    const whole = der('message.p7s');
    for (let length = 1; length < whole.length; length += length < 200 || length > whole.length - 3000 ? 1 : 97) {
      expect([length, refusalCode(() => parseSignedData(whole.subarray(0, length)))]).toEqual([length, 'TRUNCATED']);
    }
  });

  it('a message built here verifies in OpenSSL, and not over other content', () => {
    const signerName = parseSignedData((sign('p256'), der('message.p7s'))).signerInfos[0]!.sid;
    if (signerName.kind !== 'issuerAndSerialNumber') throw new Error('unexpected');
    const build = (certHashOf: string): void => {
      const attributes = buildSignedAttributes({
        contentType: '1.2.840.113549.1.7.1',
        messageDigest: new Uint8Array(createHash('sha256').update(content).digest()),
        signingTime: 1_760_000_000_000,
        signingCertificateV2: { certHash: new Uint8Array(createHash('sha256').update(der(certHashOf)).digest()) },
      });
      writeFileSync(at('attrs.der'), attributes);
      const signature = new Uint8Array(openssl('dgst', '-sha256', '-sign', 'p256.key', 'attrs.der'));
      const built = buildSignedData({
        family: 'cms',
        digestAlgorithm: { oid: SHA256, parameters: nullValue() },
        certificates: [der('p256.der'), der('sub.der')],
        signers: [{ sid: { issuer: signerName.issuer.bytes, serialNumber: signerName.serialNumber }, signedAttrs: attributes, signatureAlgorithm: { oid: '1.2.840.10045.4.3.2' }, signature }],
      });
      writeFileSync(at('built.p7s'), built);
    };
    const verify = (file: string): number | null =>
      spawnSync('openssl', ['cms', '-verify', '-cades', '-binary', '-inform', 'DER', '-in', 'built.p7s', '-content', file, '-CAfile', 'root.pem', '-purpose', 'any', '-out', 'out.bin'], { cwd: folder }).status;
    build('p256.der');
    expect(verify('content.bin')).toBe(0);
    writeFileSync(at('other.bin'), content.slice(1));
    expect(verify('other.bin')).not.toBe(0);
    build('sub.der');
    expect(verify('content.bin')).not.toBe(0);
  });
});
