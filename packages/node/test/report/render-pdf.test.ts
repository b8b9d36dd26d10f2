import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PkiError } from '@hefu/pki';
import { DEFAULT_POLICY, reportMalformed, type Report } from '@hefu/verify';
import { describe, expect, it } from 'vitest';
import { nodeAlgorithms } from '../../src/algorithms.js';
import { renderPdf } from '../../src/report/render-pdf.js';

const stamp = { tool: 'Hefu test', sha256: 'ab'.repeat(32) };
const base = reportMalformed(new PkiError('TRUNCATED', 'cut off'), { at: Date.UTC(2026, 5, 1, 4), context: { scene: 'bid-signing', region: '420100' }, policy: DEFAULT_POLICY, algorithms: nodeAlgorithms() });
const named = (name: string): Report => ({ ...base, identity: { name, evidence: [], conflicts: [], warnings: [] } });
/** poppler's pdftotext, another implementation. */
const hasPoppler = spawnSync('pdftotext', ['-v']).status === 0;
if (!hasPoppler) console.warn('SKIPPED: PDF text by pdftotext: poppler is not installed');

describe('the simple report as PDF', () => {
  it('is the same octets for the same report, with its font inside and small', async () => {
    const [one, two] = [await renderPdf(named('沙盒建设有限公司'), { lang: 'zh', stamp }), await renderPdf(named('沙盒建设有限公司'), { lang: 'zh', stamp })];
    expect(createHash('sha256').update(one).digest('hex')).toBe(createHash('sha256').update(two).digest('hex'));
    expect(Buffer.from(one.subarray(0, 8)).toString()).toBe('%PDF-1.7');
    expect(one.length).toBeLessThan(100_000);
    expect(Buffer.from(one).toString('latin1')).toMatch(/\/FontFile[23]/);
    expect(Buffer.from(one).toString('latin1')).not.toMatch(/\/JavaScript|\/Launch|\/URI/);
  });
  it.skipIf(!hasPoppler)('says who, why, what to do and what it is made from; a character the font lacks by its number', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'hefu-pdf-'));
    try {
      const path = join(folder, 'report.pdf');
      writeFileSync(path, await renderPdf(named('沙盒𠮷建设有限公司'), { lang: 'zh', stamp }));
      const text = execFileSync('pdftotext', ['-layout', path, '-'], { encoding: 'utf8' });
      expect(text).toContain('沙盒[U+20BB7]建设有限公司');
      expect(text).toContain('不通过');
      expect(text).toContain(base.reasons[0]!.remedy.zh.slice(0, 8));
      expect(text).toContain(stamp.sha256);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
  it('many reasons take more pages, each with its foot', async () => {
    const many = { ...base, reasons: Array.from({ length: 40 }, () => base.reasons[0]!) };
    const pdf = Buffer.from(await renderPdf(many, { lang: 'en', stamp })).toString('latin1');
    expect(Number(/\/Count (\d+)/.exec(pdf)?.[1])).toBeGreaterThan(1);
  });
  it('takes another font, and says when it is none', async () => {
    const font = await readFile(new URL('../../fonts/noto-sans-sc-400.woff', import.meta.url));
    expect((await renderPdf(base, { lang: 'en', stamp, font })).length).toBeGreaterThan(5000);
    for (const bad of [Buffer.from('not a font'), font.subarray(0, 5000), Buffer.concat([font.subarray(0, 60), Buffer.alloc(40, 255), font.subarray(100)])]) {
      await expect(renderPdf(base, { lang: 'en', stamp, font: bad })).rejects.toMatchObject({ code: 'FONT_INVALID' });
    }
  });
  it('the font is the one that its licence and source name', async () => {
    const font = await readFile(new URL('../../fonts/noto-sans-sc-400.woff', import.meta.url));
    expect(await readFile(new URL('../../fonts/README.md', import.meta.url), 'utf8')).toContain(createHash('sha256').update(font).digest('hex'));
  });
});
