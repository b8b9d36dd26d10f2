import { changesSince, isPdf, openPdf, pdfPermissionsIn, pdfText, VerifyError, type PdfDict, type PdfDocument, type PdfRef, type PdfValue } from '@hefu/verify';
import { SignError } from '../error.js';

/** Opens a PDF that is to be signed. @throws SignError PDF_UNSUITABLE */
export function openForSigning(pdf: Uint8Array): PdfDocument {
  try {
    const document = openPdf(pdf);
    void document.catalog;
    return document;
  } catch (cause) {
    if (!(cause instanceof VerifyError)) throw cause;
    throw new SignError('PDF_UNSUITABLE', cause.message, { cause });
  }
}

/** An incremental update in the making (ISO 32000-1 §7.5.6): nothing before it is touched. */
export class PdfUpdate {
  readonly document: PdfDocument;
  readonly #objects = new Map<number, { readonly generation: number; readonly body: readonly (string | Uint8Array)[] }>();
  #next: number;

  constructor(document: PdfDocument) {
    this.document = document;
    const size = document.trailer.entries.get('Size');
    // Beyond what the trailer claims too: a reference to a number within is to nothing, and must stay so.
    let next = typeof size === 'number' ? size : 1;
    for (const number of document.numbers()) next = Math.max(next, number + 1);
    this.#next = next;
  }

  reserve(): PdfRef {
    return { kind: 'ref', number: this.#next++, generation: 0 };
  }

  /** A new object, or a new version of one. */
  put({ number, generation }: PdfRef, value: PdfValue | string): void {
    this.#objects.set(number, { generation, body: [typeof value === 'string' ? value : pdfText(value)] });
  }

  /** A stream without filters. */
  putStream({ number, generation }: PdfRef, entries: Readonly<Record<string, PdfValue>>, data: Uint8Array): void {
    const header = pdfText(dictionary({ ...entries, Length: data.length }));
    this.#objects.set(number, { generation, body: [`${header}\nstream\n`, data, '\nendstream'] });
  }

  /** The whole file with the update behind it. */
  write(): Uint8Array {
    const { bytes, sections, trailer, root } = this.document;
    const parts: Uint8Array[] = [bytes];
    let length = bytes.length;
    const add = (part: string | Uint8Array): void => {
      const octets = typeof part === 'string' ? latin1(part) : part;
      parts.push(octets);
      length += octets.length;
    };
    const last = bytes[bytes.length - 1];
    if (last !== 0x0a && last !== 0x0d) add('\n');
    const offsets = new Map<number, { readonly offset: number; readonly generation: number }>();
    for (const [number, { generation, body }] of [...this.#objects].sort(([a], [b]) => a - b)) {
      offsets.set(number, { offset: length, generation });
      add(`${number} ${generation} obj\n`);
      for (const part of body) add(part);
      add('\nendobj\n');
    }
    const prev = sections[0]!.offset;
    const kept = new Map<string, PdfValue>([['Root', root], ...['Info', 'ID'].flatMap((key) => (trailer.entries.has(key) ? [[key, trailer.entries.get(key)!] as const] : []))]);
    const start = length;
    // What the last section is, the next one is too (§7.5.8.1).
    if (bytes[prev] === 0x78) {
      add(table(offsets));
      add(`trailer\n${pdfText({ kind: 'dict', entries: new Map<string, PdfValue>([['Size', this.#next], ['Prev', prev], ...kept]) })}\n`);
    } else {
      const own = this.reserve();
      offsets.set(own.number, { offset: start, generation: 0 });
      const numbers = [...offsets.keys()].sort((a, b) => a - b);
      const data = Uint8Array.from(numbers.flatMap((number) => { const { offset, generation } = offsets.get(number)!; return [1, ...uint(offset, 5), ...uint(generation, 2)]; }));
      const entries: Record<string, PdfValue> = {
        Type: name('XRef'), Size: this.#next, Prev: prev, W: array([1, 5, 2]), Index: array(numbers.flatMap((number) => [number, 1])), ...Object.fromEntries(kept),
      };
      add(`${own.number} 0 obj\n${pdfText(dictionary({ ...entries, Length: data.length }))}\nstream\n`);
      add(data);
      add('\nendstream\nendobj\n');
    }
    add(`startxref\n${start}\n%%EOF\n`);
    const whole = new Uint8Array(length);
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  }
}

/** Refuses an update that a signature already there forbids. @throws SignError PDF_LOCKED */
export function assertAllowed(before: PdfDocument, after: Uint8Array): void {
  const permissions = pdfPermissionsIn(before);
  const signed = [...changesSince(before, openPdf(after), permissions)].find(({ allowed }) => !allowed);
  if (signed !== undefined) throw new SignError('PDF_LOCKED', `a signature in the document does not allow ${signed.detail}`);
}

function table(offsets: ReadonlyMap<number, { readonly offset: number; readonly generation: number }>): string {
  const rows = [...offsets].sort(([a], [b]) => a - b).map(([number, { offset, generation }]) => `${number} 1\n${String(offset).padStart(10, '0')} ${String(generation).padStart(5, '0')} n \n`);
  return `xref\n${rows.join('')}`;
}

function uint(value: number, octets: number): number[] {
  return Array.from({ length: octets }, (_, index) => Math.floor(value / 256 ** (octets - 1 - index)) % 256);
}

export function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (each) => each.charCodeAt(0));
}

export function name(text: string): PdfValue {
  return { kind: 'name', name: text };
}

export function array(items: readonly PdfValue[]): PdfValue {
  return { kind: 'array', items };
}

export function dictionary(entries: Readonly<Record<string, PdfValue>>): PdfDict {
  return { kind: 'dict', entries: new Map(Object.entries(entries)) };
}

/** As a text string: ASCII as it is, else UTF-16BE with its mark (§7.9.2.2). */
export function textString(text: string): PdfValue {
  const ascii = /^[ -~]*$/.test(text);
  const bytes = ascii ? latin1(text) : Uint8Array.from([0xfe, 0xff, ...[...Array(text.length).keys()].flatMap((index) => uint(text.charCodeAt(index), 2))]);
  return { kind: 'string', bytes, hex: true, start: 0, end: 0 };
}

/** The same dictionary with some entries set. */
export function withEntries(dict: PdfDict, entries: Readonly<Record<string, PdfValue>>): PdfDict {
  return { kind: 'dict', entries: new Map([...dict.entries, ...Object.entries(entries)]) };
}

export function itemsOf(value: PdfValue | undefined): readonly PdfValue[] {
  return isPdf(value, 'array') ? value.items : [];
}
