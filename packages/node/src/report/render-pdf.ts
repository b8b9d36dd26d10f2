import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { PRINTED_LABELS, simpleReport, type Conclusion, type Report, type ReportStamp, type SimpleReport } from '@hefu/verify';
import type {} from 'pdfkit';
import { NodeError } from '../error.js';
import { unwrapWoff } from './unwrap-woff.js';

export interface RenderPdfOptions {
  readonly lang: 'zh' | 'en';
  readonly stamp: ReportStamp;
  /** A font in TrueType, OpenType or WOFF that has the characters of the report. Default: the Noto Sans SC that comes along. */
  readonly font?: Uint8Array;
}

/** Noto Sans SC, 7,333 Chinese characters (SIL Open Font License); see packages/node/fonts. */
const FONT = new URL('../../fonts/noto-sans-sc-400.woff', import.meta.url);

const COLOURS: Readonly<Record<Conclusion, { readonly ink: string; readonly ground: string }>> = {
  passed: { ink: '#0b6b3a', ground: '#eef7f1' },
  failed: { ink: '#b3261e', ground: '#fcefee' },
  indeterminate: { ink: '#8a5a00', ground: '#fdf5e6' },
};
const INK = '#1a1f24';
const QUIET = '#59636e';
const LINE = '#dfe3e8';
const MARGIN = { top: 48, left: 56, right: 56, bottom: 76 };
const LABEL_WIDTH = 108;

/**
 * The simple report as a PDF, A4: with the characters it uses embedded, the maker's name and the report's SHA-256 at the foot of
 * every page. The same report and font give the same octets. A character that the font lacks is written as its code point.
 * @throws NodeError FONT_INVALID
 */
export async function renderPdf(report: Report, { lang, stamp, font }: RenderPdfOptions): Promise<Uint8Array> {
  // Two megabytes that a process without PDFs never needs.
  const { default: PDFDocument } = await import('pdfkit');
  const simple = simpleReport(report, lang);
  const title = PRINTED_LABELS.title[lang];
  const document = new PDFDocument({
    size: 'A4', margins: MARGIN, bufferPages: true, lang: lang === 'zh' ? 'zh-CN' : 'en', displayTitle: true, pdfVersion: '1.7',
    info: { Title: title, Producer: stamp.tool, Creator: stamp.tool, CreationDate: new Date(report.times.validation), ModDate: new Date(report.times.validation) },
  });
  const parts: Buffer[] = [];
  const done = new Promise<Uint8Array>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part));
    document.on('end', () => resolve(new Uint8Array(Buffer.concat(parts))));
    document.on('error', reject);
  });
  useFont(document, unwrapWoff(font === undefined ? readFileSync(fileURLToPath(FONT)) : Buffer.from(font)));
  new Page(document).draw(simple, title, lang, stamp);
  document.end();
  return done;
}

function useFont(document: PDFKit.PDFDocument, font: Buffer): void {
  try {
    document.registerFont('text', font).font('text');
  } catch (cause) {
    throw new NodeError('FONT_INVALID', 'not a font that can be embedded', { cause });
  }
}

class Page {
  readonly #document: PDFKit.PDFDocument;
  readonly #left = MARGIN.left;
  readonly #width: number;
  readonly #has: (codePoint: number) => boolean;

  constructor(document: PDFKit.PDFDocument) {
    this.#document = document;
    this.#width = document.page.width - MARGIN.left - MARGIN.right;
    const { font } = (document as unknown as { _font: { font: { hasGlyphForCodePoint(codePoint: number): boolean } } })._font;
    this.#has = (codePoint) => font.hasGlyphForCodePoint(codePoint);
  }

  draw(simple: SimpleReport, title: string, lang: 'zh' | 'en', stamp: ReportStamp): void {
    this.#text(title, 9, QUIET);
    this.#document.moveDown(0.8);
    this.#verdict(simple);
    this.#document.moveDown(0.9);
    for (const [label, text] of simple.rows) this.#row(label, text, 10.5);
    if (simple.reasons.length > 0) this.#heading(PRINTED_LABELS.why[lang]);
    for (const [index, reason] of simple.reasons.entries()) {
      this.#room(60);
      if (index > 0) this.#document.moveDown(0.5);
      this.#text(`${simple.reasons.length > 1 ? `${index + 1}. ` : ''}${reason.message}`, 10.5, INK);
      if (reason.note !== undefined) this.#text(reason.note, 9.5, QUIET);
      this.#document.moveDown(0.25);
      this.#row(PRINTED_LABELS.remedy[lang], reason.remedy, 10);
      this.#row(PRINTED_LABELS.responsible[lang], reason.responsible, 10);
      if (simple.reasons.length > 1) this.#text(reason.code, 8, QUIET);
    }
    if (simple.notes.length > 0) this.#heading(PRINTED_LABELS.notes[lang]);
    for (const note of simple.notes) this.#text(`· ${note}`, 9.5, INK);
    this.#heading(PRINTED_LABELS.basis[lang]);
    for (const [label, text] of simple.basis) this.#row(label, text, 9);
    const { count } = this.#document.bufferedPageRange();
    for (let page = 0; page < count; page += 1) {
      this.#document.switchToPage(page);
      this.#foot(stamp, lang, count > 1 ? `${page + 1} / ${count}` : undefined);
    }
  }

  #verdict({ conclusion, verdict, codes }: SimpleReport): void {
    const document = this.#document;
    const { ink, ground } = COLOURS[conclusion];
    const inner = this.#width - 76;
    document.fontSize(15);
    const textHeight = document.heightOfString(this.#sound(verdict), { width: inner }) + (codes.length > 0 ? 15 : 0);
    const height = Math.max(textHeight + 26, 58);
    const top = document.y;
    document.rect(this.#left, top, this.#width, height).fill(ground);
    document.rect(this.#left, top, 4, height).fill(ink);
    this.#mark(conclusion, this.#left + 34, top + height / 2, ink);
    document.fillColor(ink).fontSize(15).text(this.#sound(verdict), this.#left + 62, top + (height - textHeight) / 2, { width: inner });
    if (codes.length > 0) document.fillColor(QUIET).fontSize(8.5).text(codes.join(' / '), { width: inner });
    document.x = this.#left;
    document.y = top + height;
  }

  /** Tick, cross or question mark, drawn: not every font has them. */
  #mark(conclusion: Conclusion, x: number, y: number, ink: string): void {
    const document = this.#document;
    document.circle(x, y, 14).fill(ink);
    document.lineWidth(2.6).lineCap('round').lineJoin('round').strokeColor('#ffffff');
    if (conclusion === 'passed') document.moveTo(x - 6, y + 0.5).lineTo(x - 1.5, y + 5).lineTo(x + 6.5, y - 5).stroke();
    else if (conclusion === 'failed') document.moveTo(x - 5, y - 5).lineTo(x + 5, y + 5).moveTo(x + 5, y - 5).lineTo(x - 5, y + 5).stroke();
    else document.fillColor('#ffffff').fontSize(18).text('?', x - 14, y - 13, { width: 28, align: 'center' });
  }

  #heading(text: string): void {
    this.#room(64);
    const document = this.#document;
    document.moveDown(1);
    document.moveTo(this.#left, document.y).lineTo(this.#left + this.#width, document.y).lineWidth(0.7).strokeColor(LINE).stroke();
    document.moveDown(0.7);
    this.#text(text, 11.5, INK);
    document.moveDown(0.25);
  }

  #row(label: string, text: string, size: number): void {
    const document = this.#document;
    document.fontSize(size);
    const sound = this.#sound(text);
    const width = this.#width - LABEL_WIDTH;
    this.#room(Math.min(document.heightOfString(sound, { width }), 300) + 4);
    const top = document.y;
    document.fillColor(QUIET).text(this.#sound(label), this.#left, top, { width: LABEL_WIDTH - 10 });
    const after = document.y;
    document.fillColor(INK).text(sound, this.#left + LABEL_WIDTH, top, { width });
    document.x = this.#left;
    document.y = Math.max(document.y, after) + 2;
  }

  #text(text: string, size: number, colour: string): void {
    this.#document.fontSize(size).fillColor(colour).text(this.#sound(text), this.#left, this.#document.y, { width: this.#width });
  }

  #foot({ tool, sha256 }: ReportStamp, lang: 'zh' | 'en', number: string | undefined): void {
    const document = this.#document;
    const top = document.page.height - MARGIN.bottom + 22;
    const { bottom } = document.page.margins;
    // What stands in the margin would otherwise open another page.
    document.page.margins.bottom = 0;
    document.moveTo(this.#left, top - 8).lineTo(this.#left + this.#width, top - 8).lineWidth(0.7).strokeColor(LINE).stroke();
    document.fillColor(QUIET).fontSize(8).text(this.#sound(`${tool} · ${PRINTED_LABELS.stamp[lang]}`), this.#left, top, { width: this.#width - 60, lineBreak: false });
    if (number !== undefined) document.text(number, this.#left + this.#width - 60, top, { width: 60, align: 'right', lineBreak: false });
    document.text(this.#sound(`${PRINTED_LABELS.report[lang]} SHA-256 ${sha256}`), this.#left, top + 12, { width: this.#width, lineBreak: false });
    document.page.margins.bottom = bottom;
  }

  #room(height: number): void {
    if (this.#document.y + height > this.#document.page.height - MARGIN.bottom) this.#document.addPage();
  }

  /** What the font cannot show is said by number, never left out: names must not lose a character unseen. */
  #sound(text: string): string {
    return [...text].map((character) => (character === '\n' || this.#has(character.codePointAt(0)!) ? character : `[U+${character.codePointAt(0)!.toString(16).toUpperCase()}]`)).join('');
  }
}
