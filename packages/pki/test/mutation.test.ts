import { describe, expect, it } from 'vitest';
import { parseCertificateList } from '../src/crl/certificate-list.js';
import { PkiError } from '../src/error.js';
import type { Certificate, CertificateList } from '../src/model.js';
import { encodePem } from '../src/pem.js';
import { readCertificates } from '../src/read.js';
import { parseCertificate } from '../src/x509/certificate.js';
import { formatName, nameKey } from '../src/x509/name.js';
import { explicit, implicitConstructed, implicitPrimitive, namedBitString, nullValue, oid, sequence } from '../src/asn1/writer.js';
import { INDIRECT, authorityKey, certificateIssuer, crl, crlNumber, entry, invalidityDate, reason } from './crl/samples.js';
import { CA_NAME, PLAIN_EXTENSIONS, SM2_WITH_SM3_NULL, certificate, extension } from './x509/samples.js';

/** A fixed sequence (mulberry32), so that a failure can be met again. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) % below;
  };
}

function mutate(sample: Uint8Array, next: (below: number) => number): Uint8Array {
  const octets = [...sample];
  for (let edits = 1 + next(4); edits > 0; edits--) {
    const at = next(octets.length);
    switch (next(6)) {
      case 0: octets[at] = next(256); break;
      case 1: octets[at]! ^= 1 << next(8); break;
      case 2: octets.splice(at, 1 + next(8)); break;
      case 3: octets.splice(at, 0, ...octets.slice(next(octets.length)).slice(0, next(40))); break;
      case 4: octets[at] = [0, 0x7f, 0x80, 0x81, 0x82, 0x84, 0xff, 0x30, 0x31, 0x05, 0x06][next(11)]!; break;
      case 5: octets[at]! += next(2) === 0 ? 1 : -1; break;
    }
    if (octets.length === 0) octets.push(0);
  }
  return Uint8Array.from(octets);
}

/** Runs it; anything but a PkiError fails the test. */
function only(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return false;
  }
}

const CERTIFICATE_FIELDS = [
  'tbs', 'version', 'serialNumber', 'signatureAlgorithm', 'tbsSignatureAlgorithm', 'validity', 'signature', 'extensions', 'duplicateExtensions',
] as const satisfies readonly (keyof Certificate)[];
const DECODED = [
  'extBasicConstraints', 'extKeyUsage', 'extExtendedKeyUsage', 'extSubjectKeyIdentifier', 'extAuthorityKeyIdentifier', 'extSubjectAltName',
  'extCrlDistributionPoints', 'extAuthorityInfoAccess', 'extCertificatePolicies',
] as const satisfies readonly (keyof Certificate)[];

/** What a parsed certificate promises not to throw, and what it may throw a PkiError for. */
function readAll(found: Certificate): void {
  for (const field of CERTIFICATE_FIELDS) void found[field];
  formatName(found.issuer);
  nameKey(found.subject);
  for (const { id } of found.deviations) expect(id).toMatch(/^X509_/);
  void found.spki.algorithm;
  only(() => found.spki.key);
  for (const field of DECODED) only(() => found[field]);
}

const certificates = [
  certificate({ signature: SM2_WITH_SM3_NULL }),
  certificate({ extensions: [
    ...PLAIN_EXTENSIONS,
    extension('2.5.29.17', sequence(implicitConstructed(4, CA_NAME), implicitPrimitive(2, new TextEncoder().encode('a.cn')), implicitConstructed(0, oid('1.2.3'), explicit(0, nullValue())))),
    extension('2.5.29.31', sequence(sequence(explicit(0, implicitConstructed(0, implicitPrimitive(6, new TextEncoder().encode('http://x')))), implicitPrimitive(1, namedBitString(1).subarray(2))))),
    extension('1.3.6.1.5.5.7.1.1', sequence(sequence(oid('1.3.6.1.5.5.7.48.1'), implicitPrimitive(6, new TextEncoder().encode('http://x'))))),
    extension('2.5.29.32', sequence(sequence(oid('1.2.3')))),
    extension('2.5.29.37', sequence(oid('1.2.3'))),
  ] }),
];

/** Of each kind; the fuzzer tries more of them for longer. */
const RUNS = process.env['HEFU_LONG_TESTS'] === '1' ? 20_000 : 5000;

describe('mutated input', () => {
  it(`${RUNS} certificates throw nothing but PkiError`, () => {
    const next = numbers(1);
    let read = 0;
    for (let i = 0; i < RUNS; i++) {
      const bytes = mutate(certificates[i % certificates.length]!, next);
      let found: Certificate | undefined;
      if (only(() => (found = parseCertificate(bytes)))) {
        readAll(found!);
        read++;
      }
    }
    // Neither everything nor nothing is refused, or the test says nothing.
    expect(read).toBeGreaterThan(RUNS / 20);
    expect(read).toBeLessThan(RUNS * 0.95);
  });

  it(`${RUNS} CRLs throw nothing but PkiError`, () => {
    const next = numbers(2);
    const samples = [
      crl({ entries: [entry(1), entry(2, reason(1), invalidityDate(0)), entry(3, extension('1.2.3', nullValue(), true))] }),
      crl({ entries: [entry(1, certificateIssuer(implicitConstructed(4, CA_NAME))), entry(2), entry(1)], extensions: [authorityKey, crlNumber(1), INDIRECT] }),
    ];
    let read = 0;
    for (let i = 0; i < RUNS; i++) {
      const bytes = mutate(samples[i % samples.length]!, next);
      let found: CertificateList | undefined;
      if (!only(() => (found = parseCertificateList(bytes)))) continue;
      read++;
      const list = found!;
      void [list.tbs, list.signatureAlgorithm, list.tbsSignatureAlgorithm, list.signature, list.extensions, list.duplicateExtensions, list.deviations];
      formatName(list.issuer);
      for (const field of ['extCrlNumber', 'extDeltaCrlIndicator', 'extAuthorityKeyIdentifier', 'extIssuingDistributionPoint', 'size'] as const) only(() => list[field]);
      for (const serial of [1, 2, 3]) only(() => list.find(Uint8Array.of(serial)));
      only(() => list.entries(Uint8Array.of(1)));
    }
    expect(read).toBeGreaterThan(RUNS / 20);
    expect(read).toBeLessThan(RUNS * 0.95);
  });

  it(`${RUNS / 4} PEM texts throw nothing but PkiError`, () => {
    const next = numbers(3);
    const sample = new TextEncoder().encode(encodePem('CERTIFICATE', certificates[0]!) + encodePem('CERTIFICATE', certificates[1]!));
    let read = 0;
    for (let i = 0; i < RUNS / 4; i++) if (only(() => readCertificates(mutate(sample, next)))) read++;
    expect(read).toBeGreaterThan(2);
    expect(read).toBeLessThan(RUNS / 4);
  });

  it('a mutation inside the signed part always shows in `tbs`', () => {
    const original = parseCertificate(certificates[0]!);
    const next = numbers(4);
    for (let i = 0; i < 2_000; i++) {
      const bytes = certificates[0]!.slice();
      const at = original.tbs.byteOffset - original.bytes.byteOffset + next(original.tbs.length);
      bytes[at]! ^= 1 << next(8);
      let found: Certificate | undefined;
      if (only(() => (found = parseCertificate(bytes)))) expect(Buffer.from(found!.tbs).equals(Buffer.from(original.tbs))).toBe(false);
    }
  });
});
