import { deflateSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VerifyError } from '../../src/error.js';
import { openPdf, openRevision } from '../../src/pdf/document.js';
import { equalValues, isKind, type PdfStream } from '../../src/pdf/object.js';
import { PdfParser } from '../../src/pdf/parser.js';
import { pdfText } from '../../src/pdf/write.js';
import { readFields } from '../../src/pdf/signature-field.js';
import { BID, update, writePdf } from '../../../sign/test/pdf/sample.js';

const latin1 = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'latin1'));
const value = (text: string) => new PdfParser(latin1(text), 0, 20).value();
const code = (run: () => unknown): string => {
  try {
    run();
    return 'OK';
  } catch (error) {
    if (!(error instanceof VerifyError)) throw error;
    return error.code;
  }
};

describe('syntax', () => {
  it.each([
    ['<< /A 1 /B [true null -.5 (a\\)\\101\\n) <4a4> 3 0 R] >>', '<< /A 1 /B [true null -0.5 <6129410a> <4a40> 3 0 R] >>'],
    ['/A#20b', '/A#20b'],
    ['[1 2 3 4 R]', '[1 2 3 4 R]'],
    ['<< /A << /B /C >> % comment\n>>', '<< /A << /B /C >> >>'],
  ])('%s', (text, written) => {
    expect(pdfText(value(text))).toBe(written);
    expect(equalValues(value(text), value(written))).toBe(true);
  });
  it.each(['<< /A 1 /A 2 >>', '<< 1 2 >>', '[1', '(a', '<4x>', 'nul', '/A#2', '>>', '', '1e5', '['.repeat(15) + ']'.repeat(14)])('refuses %s', (text) => {
    expect(code(() => value(text))).toBe('PDF_MALFORMED');
  });
  it('nests as deep as the limit, no deeper', () => {
    expect(code(() => value('['.repeat(21) + ']'.repeat(21)))).toBe('OK');
    expect(code(() => value('['.repeat(22) + ']'.repeat(22)))).toBe('PDF_LIMIT');
  });
});

describe('a document', () => {
  it.each(['table', 'stream'] as const)('with a cross-reference %s gives its objects', (xref) => {
    const document = openPdf(writePdf(BID, { xref }));
    expect(pdfText(document.catalog)).toBe(pdfText(value(BID[1]!)));
    expect(isKind(document.object(5), 'stream')).toBe(true);
    expect(readFields(document).map(({ name, type }) => [name, type])).toEqual([['remark', 'Tx'], ['approver', 'Sig']]);
    expect([...document.referrers.get(3)!].sort()).toEqual([2, 7, 8]);
  });
  it('the newest section decides', () => {
    expect(pdfText(openPdf(update(writePdf(BID), { 6: '<< /Changed true >>' })).object(6)!)).toBe('<< /Changed true >>');
    expect(openPdf(update(writePdf(BID), {}, { free: [6] })).object(6)).toBeUndefined();
  });
  it('sections in a circle, an object elsewhere, encryption, a stream that needs itself', () => {
    const bid = Buffer.from(writePdf(BID)).toString('latin1');
    const at = /startxref\n(\d+)/.exec(bid)![1]!;
    const trailer = (extra: string): Uint8Array => latin1(bid.replace('/Root 1 0 R', `/Root 1 0 R ${extra}`));
    expect(code(() => openPdf(trailer('')))).toBe('OK');
    expect(code(() => openPdf(trailer(`/Prev ${at}`)))).toBe('PDF_MALFORMED');
    expect(code(() => openPdf(trailer('/Encrypt 9 0 R')))).toBe('PDF_UNSUPPORTED');
    expect(code(() => openPdf(latin1(bid.replace('\n6 0 obj', '\n7 0 obj'))).object(6))).toBe('PDF_MALFORMED');
    expect(code(() => openPdf(latin1(bid.replace('/Length 57', '/Length 5 0 R')).slice()).object(5))).not.toBe('OK');
    expect(code(() => openPdf(latin1(`x${bid}`)))).toBe('PDF_MALFORMED');
    expect(code(() => openPdf(latin1(bid.replace('startxref', 'startxreg'))))).toBe('PDF_MALFORMED');
    expect(code(() => openPdf(latin1(bid), { maxBytes: 100 }))).toBe('PDF_LIMIT');
    expect(code(() => openPdf(latin1(bid), { maxObjects: 5 }))).toBe('PDF_LIMIT');
    expect(code(() => openPdf(update(latin1(bid), {}), { maxSections: 1 }))).toBe('PDF_LIMIT');
  });
  it('a stream that inflates beyond the limit is not inflated to its end', () => {
    const bomb = deflateSync(Buffer.alloc(50_000_000)).toString('latin1');
    const head = '%PDF-1.7\n';
    const pdf = latin1(`${head}1 0 obj\n<< /Type /XRef /Size 2 /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length ${bomb.length} >>\nstream\n${bomb}\nendstream\nendobj\nstartxref\n${head.length}\n%%EOF`);
    expect(code(() => openPdf(pdf, { maxInflated: 1_000_000 }))).toBe('PDF_LIMIT');
  });
  it('a cross-reference stream is inflated as far as its entries go, however many there are', () => {
    const zeros = deflateSync(Buffer.alloc(300_000)).toString('latin1');
    const section = (size: number): Uint8Array => latin1(`%PDF-1.7\n1 0 obj\n<< /Type /XRef /Size ${size} /W [1 2 1] /Root 1 0 R /Filter /FlateDecode /Length ${zeros.length} >>\nstream\n${zeros}\nendstream\nendobj\nstartxref\n9\n%%EOF`);
    expect(code(() => openPdf(section(2)))).toBe('PDF_LIMIT');
    expect(code(() => openPdf(section(60_000)))).toBe('OK');
  });
  it('a stream is inflated once for all revisions, and counts though it breaks off', () => {
    const packed = deflateSync(Buffer.alloc(40_000));
    const stored = (data: Uint8Array): string => `<< /Filter /FlateDecode /Length ${data.length} >>\nstream\n${Buffer.from(data).toString('latin1')}\nendstream`;
    const pdf = writePdf({ ...BID, 5: stored(packed), 10: stored(packed), 11: stored(packed.subarray(0, -20)) });
    const document = openPdf(update(pdf, {}), { maxInflatedTotal: 100_000 });
    const decode = (of: typeof document, number: number) => () => of.decode(of.object(number) as PdfStream);
    const earlier = openRevision(document, pdf.length);
    for (const each of [document, earlier, document]) expect(code(decode(each, 5))).toBe('OK');
    for (const each of [document, earlier]) expect(code(decode(each, 11))).toBe('PDF_MALFORMED');
    expect(code(decode(document, 10))).toBe('PDF_LIMIT');
  });
  it('whatever is flipped in it, reading ends in a document or a typed error', () => {
    fc.assert(fc.property(fc.constantFrom('table', 'stream') as fc.Arbitrary<'table' | 'stream'>, fc.array(fc.tuple(fc.nat(5000), fc.nat(255)), { maxLength: 4 }), (xref, flips) => {
      const pdf = writePdf(BID, { xref });
      for (const [at, octet] of flips) pdf[at % pdf.length] = octet;
      expect(['OK', 'PDF_MALFORMED', 'PDF_UNSUPPORTED', 'PDF_LIMIT']).toContain(code(() => {
        const document = openPdf(pdf);
        readFields(document);
        void document.referrers;
      }));
    }), { numRuns: 300 });
  });
});
