import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseCertificate } from '@hefu/pki';
import { nodeAlgorithms } from '@hefu/node';
import { signPdf } from '@hefu/sign';
import { textWidth, type PdfReport, type SealReport } from '@hefu/verify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BID, writePdf } from '../../sign/test/pdf/sample.js';
import { AT, PRESENT, run, writtenWorld, type WrittenWorld } from './support.js';

let world: WrittenWorld;
let trust: string[];
beforeAll(async () => {
  world = await writtenWorld('cli-seal');
  trust = ['--list', world.file('list', 'current.json'), '--signers', world.file('list', 'role.json'), '--at', AT];
});
afterAll(() => world?.close());

describe('hefu seal', () => {
  it('a stamped bid, a seal, other content, a suspended maker, something else', async () => {
    const { seals } = world.served.world;
    const { id, company } = seals[0]!;
    const region = ['--region', company.region];
    const at = (name: string, of = id): string => world.file('seal', of, name);
    const passed = await run(['seal', at('bid.ses'), at('bid.txt'), ...trust, ...region, '--json']);
    expect(passed.code).toBe(0);
    expect(JSON.parse(passed.out) as SealReport).toMatchObject({ object: 'seal-signature', conclusion: 'passed' });
    expect((await run(['seal', at('seal.esl'), ...trust, ...region])).code).toBe(0);
    for (const lang of ['zh', 'en']) {
      const failed = await run(['seal', at('bid.ses'), at('bid.ses'), ...trust, ...region, '--lang', lang]);
      expect(failed.code).toBe(1);
      expect(failed.out).toContain('CONTENT_TAMPERED');
      for (const line of failed.out.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(80);
    }
    const suspended = seals.find(({ maker }) => maker.suspended)!;
    expect((await run(['seal', at('bid.ses', suspended.id), at('bid.txt', suspended.id), ...trust, '--region', suspended.company.region])).code).toBe(2);
    expect((await run(['seal', at('bid.txt'), ...trust, ...region])).code).toBe(3);
  });
});

describe('hefu verify with a PDF alone', () => {
  it('judges the signatures inside', async () => {
    const company = world.served.world.companies.find(({ sign, state, issuer }) => sign.key.kind === 'P-256' && state === 'good' && issuer.listed)!;
    const { key, certificate, chain = [] } = company.sign;
    const pdf = await signPdf(writePdf(BID), { certificate: parseCertificate(certificate), chain, algorithms: nodeAlgorithms(), signingTime: PRESENT }, { sign: ({ message }) => key.sign(message!) });
    const file = join(world.parent, 'signed.pdf');
    await writeFile(file, pdf);
    const args = ['verify', file, ...trust, '--region', company.region];
    const passed = await run([...args, '--json']);
    expect(passed.code).toBe(0);
    expect(JSON.parse(passed.out) as PdfReport).toMatchObject({ type: 'hefu-pdf-report', conclusion: 'passed', signatures: [{ field: 'Signature1' }] });
    expect((await run(args)).out).toContain(company.uscc);
    await writeFile(file, writePdf(BID));
    const unsigned = await run(args);
    expect(unsigned.code).toBe(2);
    expect(unsigned.out).toContain('PDF_NOT_SIGNED');
    await writeFile(file, 'text');
    expect((await run(args)).code).toBe(1);
    expect((await run(['verify', '-', ...trust, '--region', company.region])).code).toBe(3);
  });
});
