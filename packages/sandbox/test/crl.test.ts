import { createPublicKey, verify } from 'node:crypto';
import { parseCertificateList } from '@hefu/pki';
import { describe, expect, test } from 'vitest';
import { issueCrl } from '../src/crl.js';
import { deriveKeyPair } from '../src/keys.js';
import { attr, distinguishedName } from '../src/name.js';
import { createSeed } from '../src/seed.js';
import { hasOpenssl, openssl } from './openssl.js';

const seed = createSeed('crl');
const at = Date.UTC(2026, 5, 1);
const issuer = distinguishedName([attr('C', 'CN'), attr('CN', 'Issuer')]);
const entries = [
  { serialNumber: Uint8Array.of(0x41), revocationDate: at - 5000, reason: 'keyCompromise', invalidityDate: at - 9000 },
  { serialNumber: Uint8Array.of(0x42), revocationDate: at - 4000, reason: 'certificateHold' },
  { serialNumber: Uint8Array.of(0x43), revocationDate: at - 3000 },
] as const;

describe('issueCrl', () => {
  const signer = deriveKeyPair(seed, 'rsa', 'RSA-2048');
  const spec = { issuer, signer, thisUpdate: at, nextUpdate: at + 1000, crlNumber: 7, entries };
  const der = issueCrl(spec);

  test('reads back as written', () => {
    const crl = parseCertificateList(der);
    expect(crl.deviations).toEqual([]);
    expect(crl.size).toBe(3);
    expect(crl.find(Uint8Array.of(0x41))).toMatchObject({ reason: 'keyCompromise', revocationDate: at - 5000, invalidityDate: at - 9000 });
    expect(crl.find(Uint8Array.of(0x42))?.reason).toBe('certificateHold');
    expect(crl.find(Uint8Array.of(0x43))?.reason).toBe('unspecified');
    expect(crl.find(Uint8Array.of(0x44))).toBeUndefined();
    expect([crl.thisUpdate, crl.nextUpdate]).toEqual([at, at + 1000]);
    expect(crl.extAuthorityKeyIdentifier?.keyIdentifier).toEqual(signer.keyIdentifier);
  });

  test('an empty CRL leaves the list out', () => {
    const crl = parseCertificateList(issueCrl({ ...spec, entries: [] }));
    expect(crl.size).toBe(0);
    expect(crl.deviations).toEqual([]);
  });

  test('what is left out is found missing', () => {
    const { nextUpdate: _, crlNumber: __, ...less } = spec;
    expect(parseCertificateList(issueCrl(less)).deviations.map(({ id }) => id).sort()).toEqual(['CRL_NEXT_UPDATE_MISSING', 'CRL_NUMBER_MISSING']);
  });

  test('is signed by its issuer', () => {
    const crl = parseCertificateList(der);
    const key = createPublicKey({ key: Buffer.from(signer.spkiDer), format: 'der', type: 'spki' });
    expect(verify('sha256', crl.tbs, key, crl.signature)).toBe(true);
    expect(verify('sha256', crl.tbs.subarray(1), key, crl.signature)).toBe(false);
  });

  test.skipIf(!hasOpenssl)('openssl reads the same entries', () => {
    const { status, output } = openssl(['crl', '-inform', 'DER', '-in', '{crl}', '-noout', '-text'], { crl: der });
    expect(status).toBe(0);
    expect(output).toContain('Certificate Hold');
    expect(output.match(/Serial Number:/g)).toHaveLength(3);
  });
});
