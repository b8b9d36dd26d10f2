import { sign as nodeSign } from 'node:crypto';
import { compactVerify } from 'jose';
import { createPublicKey } from 'node:crypto';
import { encodeBase64url } from '@hefu/trust-list';
import { reportMalformed, DEFAULT_POLICY, type Report } from '@hefu/verify';
import { PkiError } from '@hefu/pki';
import { describe, expect, it } from 'vitest';
import { signReport, verifyReport, type Signer } from '../../src/index.js';
import { credential } from '../certificates.js';
import { algorithms, AT, SigningWorld } from '../world.js';

const report: Report = reportMalformed(new PkiError('TRUNCATED', 'cut off'), { at: AT, context: { scene: 'bid-signing', region: '420100' }, policy: DEFAULT_POLICY, algorithms });
const p256 = credential('P-256');
const p256Signer: Signer = { sign: ({ message, digestAlgorithm }) => new Uint8Array(nodeSign(digestAlgorithm, message!, p256.privateKey!)) };
const sm2Party = new SigningWorld('sign-report').party('SM2');
const parties = [['P-256', p256.certificate, p256Signer], ['SM2', sm2Party.certificate, sm2Party.signer]] as const;

describe.each(parties)('a report signed by %s', (_kind, certificate, signer) => {
  const signed = (): Promise<string> => signReport({ report, certificate, signingTime: AT, algorithms }, signer);
  it('is verified by the certificate that the caller trusts', async () => {
    const verdict = await verifyReport(await signed(), { trusted: [certificate], algorithms });
    expect(verdict).toMatchObject({ valid: true, report, signingTime: AT });
  });
  it('is not by another, nor by the one it carries', async () => {
    expect(await verifyReport(await signed(), { trusted: [], algorithms })).toEqual({ valid: false, code: 'SIGNER_UNKNOWN' });
    expect(await verifyReport(await signed(), { trusted: [credential('P-384').certificate], algorithms })).toEqual({ valid: false, code: 'SIGNER_UNKNOWN' });
  });
  it('is not when anything of it was altered', async () => {
    const [head, payload, value] = (await signed()).split('.') as [string, string, string];
    const changed = (part: string, from: string, to: string): string => encodeBase64url(new TextEncoder().encode(Buffer.from(part, 'base64url').toString().replace(from, to)));
    const trusted = { trusted: [certificate], algorithms };
    expect(await verifyReport(`${head}.${changed(payload, '"failed"', '"passed"')}.${value}`, trusted)).toEqual({ valid: false, code: 'SIGNATURE_INVALID' });
    expect(await verifyReport(`${changed(head, 'hefu-report', 'hefu-other')}.${payload}.${value}`, trusted)).toEqual({ valid: false, code: 'NOT_A_REPORT' });
    expect(await verifyReport(`${changed(head, '"alg":"', '"alg":"x')}.${payload}.${value}`, trusted)).toEqual({ valid: false, code: 'ALGORITHM_MISMATCH' });
    expect(await verifyReport(`${changed(head, '"alg"', '"b64":false,"alg"')}.${payload}.${value}`, trusted)).toEqual({ valid: false, code: 'MALFORMED' });
    expect(await verifyReport(`${head}.${payload}`, trusted)).toEqual({ valid: false, code: 'MALFORMED' });
    expect(await verifyReport(`${head}.${payload}.${value}.${value}`, trusted)).toEqual({ valid: false, code: 'MALFORMED' });
    const flipped = `${value.slice(0, 5)}${value[5] === 'A' ? 'B' : 'A'}${value.slice(6)}`;
    expect(await verifyReport(`${head}.${payload}.${flipped}`, trusted)).toEqual({ valid: false, code: 'SIGNATURE_INVALID' });
  });
});
it('is a JWS that jose verifies', async () => {
  const jws = await signReport({ report, certificate: p256.certificate, signingTime: AT, algorithms }, p256Signer);
  await expect(compactVerify(jws, createPublicKey(p256.privateKey!))).resolves.toMatchObject({ protectedHeader: { typ: 'hefu-report+jws' } });
});
