import { type KeyObject, X509Certificate, generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { rsaPair } from '../../../crypto/test/rsa-pair.js';
import { boolean, explicit, implicitPrimitive, integer, oid, printableString, sequence, time, utf8String } from '../../src/asn1/writer.js';
import type { Certificate } from '../../src/model.js';
import { parseCertificate } from '../../src/x509/certificate.js';
import { KEY_ID, basicConstraints, certificate, extension, keyUsage, name, subjectKeyIdentifier } from '../x509/samples.js';

// node:crypto's own reader (OpenSSL) as a second opinion on certificates this room writes.
const keys: readonly (readonly [string, KeyObject])[] = [
  ['RSA', rsaPair().publicKey],
  ['P-256', generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
  ['Ed25519', generateKeyPairSync('ed25519').publicKey],
];

const DESCRIPTORS: Readonly<Record<string, string>> = { '2.5.4.3': 'CN', '2.5.4.6': 'C', '2.5.4.10': 'O', '2.5.4.11': 'OU', '2.5.4.7': 'L' };
const lines = (found: Certificate['subject']): string => found.rdns.map((rdn) => rdn.map(({ type, value }) => `${DESCRIPTORS[type]!}=${value}`).join(' + ')).join('\n');
const seconds = (text: string): number => Date.parse(text);

describe.each(keys)('%s', (_, key) => {
  const spki = new Uint8Array(key.export({ type: 'spki', format: 'der' }));
  const ca = name(['2.5.4.6', printableString('CN')], ['2.5.4.10', utf8String('示例')], ['2.5.4.3', utf8String('Example CA')]);
  const samples: readonly (readonly [string, Uint8Array])[] = [
    ['a leaf', certificate({
      spki, issuer: ca, subject: name(['2.5.4.7', utf8String('武汉')], ['2.5.4.11', utf8String('x')], ['2.5.4.3', utf8String('leaf')]), serial: integer(0x8123456789n),
      extensions: [
        basicConstraints(true), keyUsage(true, 0, 2), subjectKeyIdentifier(), extension('2.5.29.35', sequence(implicitPrimitive(0, KEY_ID))),
        extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.2'), oid('1.3.6.1.5.5.7.3.4'))),
        extension('2.5.29.17', sequence(
          implicitPrimitive(2, new TextEncoder().encode('a.example.cn')), implicitPrimitive(1, new TextEncoder().encode('a@example.cn')),
          implicitPrimitive(6, new TextEncoder().encode('http://example.cn/')), implicitPrimitive(7, Uint8Array.of(10, 0, 0, 1)),
        )),
        extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), implicitPrimitive(6, new TextEncoder().encode('http://ocsp.example.cn'))))),
      ],
    })],
    ['a CA until 2060', certificate({
      spki, issuer: ca, subject: ca, validity: sequence(time(Date.UTC(1999, 11, 31, 23, 59, 58)), time(Date.UTC(2060, 1, 29))), extensions: [basicConstraints(true, boolean(true), integer(1)), keyUsage(true, 5, 6)],
    })],
    ['a v1 certificate', certificate({ spki, issuer: ca, version: null, extensions: null })],
    ['a key written explicitly critical', certificate({ spki, version: explicit(0, integer(2)), extensions: [extension('2.5.29.14', Uint8Array.of(4, 1, 9), true)] })],
  ];

  it.each(samples)('%s', (__, der) => {
    const found = parseCertificate(der);
    const theirs = new X509Certificate(der);
    expect(lines(found.subject)).toBe(theirs.subject);
    expect(lines(found.issuer)).toBe(theirs.issuer);
    expect(BigInt(`0x${Buffer.from(found.serialNumber).toString('hex')}`)).toBe(BigInt(`0x${theirs.serialNumber}`));
    expect(found.validity).toEqual({ notBefore: seconds(theirs.validFrom), notAfter: seconds(theirs.validTo) });
    expect(found.extBasicConstraints?.ca ?? false).toBe(theirs.ca);
    expect(found.extExtendedKeyUsage).toEqual(theirs.keyUsage);
    expect(found.bytes).toEqual(new Uint8Array(theirs.raw));

    const jwk = theirs.publicKey.export({ format: 'jwk' });
    const ours = found.spki.key;
    const url = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
    if (ours.kty === 'RSA') expect([url(ours.n), url(ours.e)]).toEqual([jwk.n, jwk.e]);
    else if (ours.kty === 'EC') expect([ours.crv, url(ours.point.subarray(1, 33)), url(ours.point.subarray(33))]).toEqual([jwk.crv, jwk.x, jwk.y]);
    else expect([ours.crv, url(ours.x)]).toEqual([jwk.crv, jwk.x]);

    const alternative = found.extSubjectAltName?.map((entry) => {
      if (entry.kind === 'dNSName') return `DNS:${entry.value}`;
      if (entry.kind === 'rfc822Name') return `email:${entry.value}`;
      if (entry.kind === 'uniformResourceIdentifier') return `URI:${entry.value}`;
      return entry.kind === 'iPAddress' ? `IP Address:${entry.octets.join('.')}` : entry.kind;
    }).join(', ');
    expect(alternative).toBe(theirs.subjectAltName);
    const location = found.extAuthorityInfoAccess?.[0]!.location;
    expect(location === undefined ? undefined : `OCSP - URI:${(location as { value: string }).value}\n`.trim()).toBe(theirs.infoAccess?.trim());
  });
});
