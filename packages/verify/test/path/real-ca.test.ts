import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createSm2, softwareDigests, type Algorithms } from '@hefu/crypto';
import { readCertificate, type Certificate } from '@hefu/pki';
import { verifySignedBy } from '../../src/path/signed-by.js';
import { anchorOf, AT, build } from './issue.js';

const FOLDER = resolve(process.env['HEFU_VECTORS'] ?? resolve(import.meta.dirname, '../../../../../shared/vectors'), 'real-ca');
const present = existsSync(FOLDER);
if (!present) console.warn(`SKIPPED: real CA certificates are not at ${FOLDER}; set HEFU_VECTORS`);

const read = (name: string): Certificate => readCertificate(new Uint8Array(readFileSync(resolve(FOLDER, `${name}.pem`))));

/** SM2 under one distinguishing identifier for all certificates. */
function sm2Under(id: string): Algorithms {
  const sm2 = createSm2();
  const distinguishingId = new TextEncoder().encode(id);
  return { digests: softwareDigests, signatures: [{ ...sm2, verify: (key, message, signature) => sm2.verify(key, message, signature, { distinguishingId }) }] };
}

describe.skipIf(!present)('real SM2 CAs under the national root', () => {
  it.each(['bjca-sm2-ca', 'sheca-sm2-ca'])('%s chains to NRCAC ROOTCA', async (name) => {
    const anchors = [anchorOf(read('nrcac-rootca'), 'rootca'), anchorOf(read('nrcac-civil-servant-root'), 'civil')];
    const algorithms: Algorithms = { digests: softwareDigests, signatures: [createSm2()] };
    const ca = read(name);
    expect((await build(ca, [], anchors, { algorithms })).accepted?.anchor.source).toBe('rootca');
    expect((await build(ca, [], anchors.slice(1), { algorithms })).failure?.code).toBe('PATH_NOT_FOUND');
    expect((await build(ca, [], anchors, { algorithms, at: Date.UTC(2034, 0, 1) })).failure?.code).toBe('CERTIFICATE_EXPIRED');
    expect((await build(ca, [], anchors, { algorithms: sm2Under('1234567812345678') })).accepted).toBeDefined();
    for (const id of ['', '1234567812345679', '12345678']) {
      expect((await build(ca, [], anchors, { algorithms: sm2Under(id) })).failure?.code).toBe('CERTIFICATE_SIGNATURE_INVALID');
    }
  });

  it.each(['nrcac-rootca', 'nrcac-civil-servant-root', 'explicit-curve-parameters'])('%s signed itself, under the one identifier', (name) => {
    const { signatureAlgorithm: algorithmIdentifier, tbs, signature, spki } = read(name);
    const ask = (distinguishingId?: string) =>
      verifySignedBy(
        { digests: softwareDigests, signatures: [createSm2()] },
        { algorithmIdentifier, tbs, signature, key: spki.key, ...(distinguishingId === undefined ? {} : { distinguishingId: new TextEncoder().encode(distinguishingId) }) },
      );
    expect(ask()).toMatchObject({ ok: true });
    expect(ask('1234567812345678')).toMatchObject({ ok: true });
    expect(ask('')).toMatchObject({ ok: false, code: 'SIGNATURE_INVALID' });
  });

  it('are in force at the time of these tests', () => {
    expect(AT).toBeLessThan(Date.UTC(2033, 0, 1));
  });
});
