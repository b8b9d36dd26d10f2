import { sha256 } from '@hefu/crypto';
import { buildTimeStampRequest, parseCertificate, parseTimeStampResponse } from '@hefu/pki';
import { completePdfSignature, preparePdfSignature, signPdf } from '@hefu/sign';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
// The sandbox stands beside this package, not beneath it, so it is reached by path.
import { startSandbox, type ServedWorld, type World } from '../../sandbox/dist/index.js';
import { createVerifier, nodeAlgorithms, type Verifier } from '../src/index.js';
import { BID, writePdf } from '../../sign/test/pdf/sample.js';

const AT = Date.UTC(2026, 5, 1, 4);
let served: ServedWorld;
let world: World;
let verifier: Verifier;

beforeAll(async () => {
  served = await startSandbox({ seed: 'node-sealed', at: AT });
  ({ world } = served);
  verifier = await createVerifier({ trustList: { bytes: world.lists.current }, role: world.listRole, clock: { now: () => AT } });
});
afterAll(async () => {
  verifier?.close();
  await served?.close();
});

describe('verifySeal', () => {
  it('fetches what maker and signer want; a seal by itself, and one stamped on other content', async () => {
    const { seal, stamped, content, company } = world.seals[0]!;
    const asked = { region: company.region };
    expect(await verifier.verifySeal({ ...asked, seal: stamped, content })).toMatchObject({ object: 'seal-signature', conclusion: 'passed', gaps: [] });
    expect(await verifier.verifySeal({ ...asked, seal: Buffer.from(stamped).toString('base64'), content })).toMatchObject({ conclusion: 'passed' });
    expect(await verifier.verifySeal({ ...asked, seal })).toMatchObject({ object: 'seal', conclusion: 'passed' });
    expect(await verifier.verifySeal({ ...asked, seal: stamped, content: Uint8Array.of(1) })).toMatchObject({ conclusion: 'failed', code: 'CONTENT_TAMPERED' });
    await expect(verifier.verifySeal({ ...asked, seal: Uint8Array.of(0x30, 0) })).rejects.toMatchObject({ name: 'PkiError' });
  });
});

describe('verifyPdf', () => {
  it('fetches for the signatures inside; what is no PDF is a report', async () => {
    const company = world.companies.find(({ sign, state, issuer }) => sign.key.kind === 'P-256' && state === 'good' && issuer.listed)!;
    const { key, certificate, chain = [] } = company.sign;
    const pdf = await signPdf(writePdf(BID), { certificate: parseCertificate(certificate), chain, algorithms: nodeAlgorithms(), signingTime: AT }, { sign: ({ message }) => key.sign(message!) });
    expect(await verifier.verifyPdf({ pdf, region: company.region })).toMatchObject({ conclusion: 'passed', gaps: [] });
    expect(await verifier.verifyPdf({ pdf: pdf.subarray(0, 100), region: company.region })).toMatchObject({ conclusion: 'failed', code: 'PDF_MALFORMED' });
  });

  it('a document time-stamp counts when the list has its authority, not otherwise', async () => {
    const company = world.companies.find(({ sign, state, issuer }) => sign.key.kind === 'P-256' && state === 'good' && issuer.listed)!;
    const { key, certificate, chain = [] } = company.sign;
    const pdf = await signPdf(writePdf(BID), { certificate: parseCertificate(certificate), chain, algorithms: nodeAlgorithms(), signingTime: AT }, { sign: ({ message }) => key.sign(message!) });
    const room = preparePdfSignature(pdf, { subFilter: 'ETSI.RFC3161' });
    const by = (unit: string): Uint8Array => completePdfSignature(room, parseTimeStampResponse(world.tsa.get(`/tsa/${unit}`)!(buildTimeStampRequest({ hashAlgorithm: sha256.oids[0]!, hashedMessage: sha256.digest(room.content) }))).token!);
    const of = async (unit: string) => (await verifier.verifyPdf({ pdf: by(unit), region: company.region })).signatures[1]!;
    expect(await of('p256')).toMatchObject({ kind: 'document-timestamp', conclusion: 'passed', timestamp: { outcome: 'passed', genTime: new Date(AT).toISOString() } });
    expect(await of('unlisted')).toMatchObject({ conclusion: 'indeterminate', code: 'PDF_TIMESTAMP_UNPROVEN' });
  });
});
