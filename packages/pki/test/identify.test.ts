import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import * as fc from 'fast-check';
import {
  bitString, enumerated, explicit, integer, nullValue, octetString, oid, sequence, tlv,
} from '../src/asn1/writer.js';
import { identify } from '../src/identify.js';
import { encodePem } from '../src/pem.js';
import { crl, entry } from './crl/samples.js';
import { LEAF_NAME, certificate, ecSpki } from './x509/samples.js';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const signedData = (type: string): Uint8Array => sequence(oid(type), explicit(0, sequence(integer(1))));
const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const pkcs8 = (key: typeof pair.privateKey, extra: object = {}): Uint8Array => new Uint8Array(key.export({ type: 'pkcs8', format: 'der', ...extra }) as Buffer);

describe('identify', () => {
  it.each([
    ['certificate', certificate()],
    ['certificate', certificate({ version: null, extensions: null })],
    ['certificate', certificate().subarray(0, 300)],
    ['crl', crl({ entries: [entry(1)] })],
    ['crl', crl({ version: null, extensions: null })],
    ['signed-data', signedData('1.2.840.113549.1.7.2')],
    ['signed-data', signedData('1.2.156.10197.6.1.4.2.2')],
    ['signed-data', Uint8Array.from([0x30, 0x80, ...oid('1.2.840.113549.1.7.2'), 0xa0, 0x80, 0x30, 0x80])],
    ['content-info', signedData('1.2.840.113549.1.7.3')],
    ['certificate-request', sequence(sequence(integer(0), LEAF_NAME, ecSpki(), explicit(0)), sequence(oid('1.2.3')), bitString(new Uint8Array(3)))],
    ['private-key', pkcs8(pair.privateKey)],
    ['private-key', pkcs8(pair.privateKey, { cipher: 'aes-256-cbc', passphrase: 'x' })],
    ['private-key', new Uint8Array(pair.privateKey.export({ type: 'sec1', format: 'der' }))],
    ['private-key', new Uint8Array(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ type: 'pkcs1', format: 'der' }))],
    ['public-key', ecSpki()],
    ['pkcs12', sequence(integer(3), signedData('1.2.840.113549.1.7.1'), sequence())],
    ['ocsp-response', sequence(enumerated(0), explicit(0))],
    ['html', text('\n <!DOCTYPE HTML>')],
    ['html', text('<html lang="zh">')],
    ['pdf', text('%PDF-1.7')],
    ['zip', text('PK\u0003\u0004...')],
    ['json', text(' {"a": 1}')],
    ['json', text('[1]')],
    ['text', text('证书')],
    ['text', text('MIIB')],
    ['pem:CERTIFICATE', text(encodePem('CERTIFICATE', Uint8Array.of(1)))],
    ['pem:X509 CRL', text(`\ufeffBag\n${encodePem('X509 CRL', Uint8Array.of(1))}`)],
    ['unknown', new Uint8Array(0)],
    ['unknown', Uint8Array.of(0x30)],
    ['unknown', Uint8Array.of(0x30, 0x82)],
    ['unknown', new Uint8Array(1000)],
    ['unknown', nullValue()],
    ['unknown', sequence(integer(1))],
    ['unknown', sequence(octetString(new Uint8Array(4)))],
    ['unknown', tlv(0x30, new Uint8Array(1000).fill(0x30))],
  ] as const)('%s', (expected, bytes) => {
    expect(identify(bytes)).toBe(expected);
  });

  it('never throws', () => {
    const samples = [certificate(), crl({ entries: [entry(1)] }), signedData('1.2.840.113549.1.7.2')];
    fc.assert(fc.property(fc.constantFrom(...samples), fc.array(fc.tuple(fc.nat(), fc.integer({ min: 0, max: 255 })), { maxLength: 6 }), fc.nat(), (sample, edits, cut) => {
      const bytes = sample.slice();
      for (const [at, value] of edits) bytes[at % bytes.length] = value;
      expect(typeof identify(bytes.subarray(0, cut % bytes.length))).toBe('string');
    }), { numRuns: 2000 });
  });
});
