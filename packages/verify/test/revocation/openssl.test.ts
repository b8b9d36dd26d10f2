import { execFileSync } from 'node:child_process';
import { generateKeyPairSync, sign as nodeSign } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { softwareDigests } from '@hefu/crypto';
import { buildOcspRequest, encodePem, hexOf, nullValue, oid, parseOcspRequest, parseOcspResponse, sequence, type Certificate } from '@hefu/pki';
import { afterAll, describe, expect, it } from 'vitest';
import { rsaPair } from '../../../crypto/test/rsa-pair.js';
import { extension, newCa, newLeaf, type TestKey } from '../path/issue.js';
import { respond, type RespondOptions } from './ocsp-response.js';
import { pathOf, verdict } from './world.js';

// `openssl ocsp` as responder to our requests, and as judge of the responses our test writer makes: both sides of ours
// are checked against an implementation that shares nothing with them. Its responder dates answers by the clock of the
// machine, so these tests ask for that time too.

const openssl = (() => {
  try {
    return execFileSync('openssl', ['version'], { encoding: 'utf8' }).startsWith('OpenSSL');
  } catch {
    return false;
  }
})();
if (!openssl) console.warn('SKIPPED: OCSP against OpenSSL: no openssl on the path');

const directory = mkdtempSync(join(tmpdir(), 'hefu-ocsp-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const file = (name: string): string => join(directory, name);
const NONCE = Uint8Array.from({ length: 32 }, (_, i) => i + 1);

function exportable(kind: 'rsa' | 'p256'): { readonly key: TestKey; readonly pem: string } {
  const { publicKey, privateKey } = kind === 'rsa' ? rsaPair() : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = kind === 'rsa' ? sequence(oid('1.2.840.113549.1.1.11'), nullValue()) : sequence(oid('1.2.840.10045.4.3.2'));
  return {
    key: { kind, spki: new Uint8Array(publicKey.export({ format: 'der', type: 'spki' })), algorithm, sign: (message) => new Uint8Array(nodeSign('sha256', message, privateKey)) },
    pem: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
  };
}

/** One line of a CA's index: status, expiry, revocation, serial number, file, subject. */
const line = (certificate: Certificate, revoked = ''): string =>
  [revoked === '' ? 'V' : 'R', '331231235959Z', revoked, hexOf(certificate.serialNumber).toUpperCase().replace(/^00/, ''), 'unknown', '/CN=x'].join('\t');

describe.skipIf(!openssl).each(['rsa', 'p256'] as const)('%s', (kind) => {
  const root = newCa('O=Root');
  const { key, pem } = exportable(kind);
  const ca = newCa('C=CN,O=CA', root, { key });
  const responder = exportable(kind);
  const delegate = newCa('C=CN,O=CA,CN=OCSP', ca, {
    key: responder.key, kind: 'leaf',
    extensions: [extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.9'))), extension('1.3.6.1.5.5.7.48.1.5', nullValue())],
  });
  const good = newLeaf(ca, { serial: Uint8Array.of(0x11, 1) });
  const revoked = newLeaf(ca, { serial: Uint8Array.of(0x11, 2) });
  const held = newLeaf(ca, { serial: Uint8Array.of(0x11, 3) });
  const stranger = newLeaf(ca, { serial: Uint8Array.of(0x11, 4) });
  const at = Math.floor(Date.now() / 1000) * 1000;

  const put = (): void => {
    writeFileSync(file(`${kind}-ca.pem`), encodePem('CERTIFICATE', ca.certificate.bytes));
    writeFileSync(file(`${kind}-root.pem`), encodePem('CERTIFICATE', root.certificate.bytes));
    writeFileSync(file(`${kind}-ca.key`), pem);
    writeFileSync(file(`${kind}-delegate.pem`), encodePem('CERTIFICATE', delegate.certificate.bytes));
    writeFileSync(file(`${kind}-delegate.key`), responder.pem);
    for (const [name, certificate] of [['good', good], ['revoked', revoked], ['stranger', stranger]] as const) writeFileSync(file(`${kind}-${name}.pem`), encodePem('CERTIFICATE', certificate.bytes));
    writeFileSync(file(`${kind}-index.txt`), [line(good), line(revoked, '250101000000Z,keyCompromise'), line(held, '250101000000Z,certificateHold'), ''].join('\n'));
  };

  function answered(certificate: Certificate, hashName: string, signer: 'ca' | 'delegate', byKey: boolean): { readonly response: Uint8Array; readonly request: Uint8Array } {
    put();
    const hash = softwareDigests.find(({ name }) => name === hashName)!;
    const request = buildOcspRequest({
      issuerName: certificate.issuer.bytes, issuerKey: ca.certificate.spki.publicKey, serialNumber: certificate.serialNumber,
      hash: { oid: hash.oids[0]!, digest: (message) => hash.digest(message) }, nonce: NONCE,
    });
    writeFileSync(file(`${kind}.req`), request);
    execFileSync('openssl', [
      'ocsp', '-index', file(`${kind}-index.txt`), '-CA', file(`${kind}-ca.pem`), '-rsigner', file(`${kind}-${signer}.pem`), '-rkey', file(`${kind}-${signer}.key`),
      '-reqin', file(`${kind}.req`), '-respout', file(`${kind}.resp`), '-ndays', '1', ...(byKey ? ['-resp_key_id'] : []),
    ], { stdio: 'pipe' });
    return { request, response: new Uint8Array(readFileSync(file(`${kind}.resp`))) };
  }

  it.each([
    ['SHA-1', 'ca', false], ['SHA-256', 'ca', true], ['SHA-1', 'delegate', false], ['SHA-256', 'delegate', true],
  ] as const)('OpenSSL answers our request (%s, by the %s, key hash %s)', async (hash, signer, byKey) => {
    for (const [certificate, expected] of [[good, 'good'], [revoked, 'revoked'], [held, 'frozen'], [stranger, 'unknown OCSP_STATUS_UNKNOWN']] as const) {
      const { response, request } = answered(certificate, hash, signer, byKey);
      const parsed = parseOcspResponse(response);
      expect(parsed.basic!.responses[0]!.certId.bytes).toEqual(parseOcspRequest(request).certIds[0]!.bytes);
      const path = await pathOf(certificate, [ca], root);
      const asked = (sent: Uint8Array) => verdict(path, [], { sources: 'ocsp-first', at, freshness: { grace: 0, clockSkew: 300_000 }, ocsp: [{ response: parsed, nonce: { sent, required: true } }] });
      expect(await asked(NONCE)).toBe(expected);
      if (expected === 'good') expect(await asked(NONCE.subarray(1))).toBe('unknown OCSP_NONCE_MISMATCH');
    }
  });

  it.each(['ca', 'delegate', 'imposter'] as const)('OpenSSL and we agree about a response of the %s', async (who) => {
    put();
    const imposter = { name: ca.name, key: exportable(kind).key };
    const signer: RespondOptions['signer'] = who === 'ca' ? ca : who === 'delegate' ? delegate : imposter;
    const certificates = who === 'delegate' ? [delegate.certificate] : [];
    for (const [certificate, name, status, expected] of [[good, 'good', 'good', 'good'], [revoked, 'revoked', 1, 'revoked']] as const) {
      const response = respond({ issuer: ca, signer, certificates, producedAt: at - 60_000, says: [{ about: certificate, status, thisUpdate: at - 60_000, nextUpdate: at + 3_600_000 }] });
      writeFileSync(file(`${kind}.ours`), response.bytes);
      let theirs: string;
      try {
        // Verified by the root; without a nonce, since the request is OpenSSL's own.
        theirs = execFileSync('openssl', [
          'ocsp', '-issuer', file(`${kind}-ca.pem`), '-cert', file(`${kind}-${name}.pem`), '-respin', file(`${kind}.ours`), '-CAfile', file(`${kind}-root.pem`), '-verify_other', file(`${kind}-ca.pem`), '-no_nonce',
        ], { encoding: 'utf8', stdio: ['pipe', 'pipe', 'pipe'] });
      } catch {
        theirs = 'refused';
      }
      const own = await verdict(await pathOf(certificate, [ca], root), [], { sources: 'ocsp-first', at, ocsp: [{ response }] });
      expect([/: (good|revoked|unknown)$/m.exec(theirs)?.[1] ?? 'refused', own]).toEqual(who === 'imposter' ? ['refused', 'unknown OCSP_SIGNATURE_INVALID'] : [expected, expected]);
    }
  });
});
