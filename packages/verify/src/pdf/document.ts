import { VerifyError } from '../error.js';
import { DecodedStreams } from './inflate.js';
import { DEFAULT_PDF_LIMITS, type PdfLimits } from './limits.js';
import { isKind, nameOf, referencesIn, type PdfDict, type PdfRef, type PdfStream, type PdfValue } from './object.js';
import { isWhite, malformed, PdfParser } from './parser.js';
import { readSection, type XrefEntry, type XrefSection } from './xref.js';

/** How far from its end a file may carry white space behind `%%EOF`. */
const MAX_TAIL = 1024;

/** A PDF by its cross-reference sections. Nothing is repaired: what is not where they say is malformed. */
export class PdfDocument {
  readonly bytes: Uint8Array;
  readonly limits: PdfLimits;
  /** Newest first. */
  readonly sections: readonly XrefSection[];
  readonly root: PdfRef;
  readonly #values = new Map<number, PdfValue | undefined>();
  readonly #containers = new Map<number, readonly (readonly [number, PdfValue])[]>();
  readonly #resolving = new Set<number>();
  /** Shared with revisions of the same file. */
  readonly decoded: DecodedStreams;
  #referrers: ReadonlyMap<number, ReadonlySet<number>> | undefined;

  constructor(bytes: Uint8Array, sections: readonly XrefSection[], limits: PdfLimits, decoded: DecodedStreams) {
    this.decoded = decoded;
    this.bytes = bytes;
    this.sections = sections;
    this.limits = limits;
    const [newest] = sections;
    const root = newest?.trailer.entries.get('Root');
    if (!isKind(root, 'ref')) throw malformed('no Root');
    // Encrypted strings and streams cannot be compared, and a reader with the password sees what this one does not.
    if (sections.some(({ trailer }) => trailer.entries.has('Encrypt'))) throw new VerifyError('PDF_UNSUPPORTED', 'the document is encrypted');
    this.root = root;
  }

  get trailer(): PdfDict {
    return this.sections[0]!.trailer;
  }

  get catalog(): PdfDict {
    const catalog = this.resolve(this.root);
    if (!isKind(catalog, 'dict')) throw malformed('no catalog');
    return catalog;
  }

  /** Where an object is now; undefined: no section knows it. */
  entry(number: number): XrefEntry | undefined {
    for (const { entries } of this.sections) {
      const entry = entries.get(number);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  /** The value itself for what is no reference; undefined for a reference to nothing. */
  resolve(value: PdfValue | undefined): PdfValue | undefined {
    if (!isKind(value, 'ref')) return value;
    const entry = this.entry(value.number);
    if (entry?.kind === 'at' && entry.generation !== value.generation) return undefined;
    if (entry?.kind === 'within' && value.generation !== 0) return undefined;
    const found = this.object(value.number);
    // A reference to a reference: no writer makes one, and following them could go on for ever.
    if (isKind(found, 'ref')) throw malformed(`object ${value.number} is a reference`);
    return found;
  }

  get(dict: PdfDict, key: string): PdfValue | undefined {
    return this.resolve(dict.entries.get(key));
  }

  /** The object of this number; undefined when it is free or unknown. */
  object(number: number): PdfValue | undefined {
    if (this.#values.has(number)) return this.#values.get(number);
    const entry = this.entry(number);
    if (entry === undefined || entry.kind === 'free') return undefined;
    if (this.#resolving.has(number)) throw malformed(`object ${number} is needed to read itself`);
    this.#resolving.add(number);
    try {
      const value = entry.kind === 'at' ? this.#readAt(number, entry) : this.#readWithin(number, entry);
      this.#values.set(number, value);
      return value;
    } finally {
      this.#resolving.delete(number);
    }
  }

  /** Numbers of all objects in use. */
  numbers(): Set<number> {
    const seen = new Set<number>();
    for (const { entries } of this.sections) for (const number of entries.keys()) seen.add(number);
    return seen;
  }

  /** Which objects refer to an object. Reads the whole document, once. */
  get referrers(): ReadonlyMap<number, ReadonlySet<number>> {
    if (this.#referrers !== undefined) return this.#referrers;
    const found = new Map<number, Set<number>>();
    for (const number of this.numbers()) {
      const value = this.object(number);
      if (value === undefined || isKind(value, 'stream') && nameOf(value.dict.entries.get('Type')) === 'XRef') continue;
      for (const { number: to } of referencesIn(value)) {
        const known = found.get(to);
        if (known === undefined) found.set(to, new Set([number]));
        else known.add(number);
      }
    }
    return (this.#referrers = found);
  }

  /** The octets of a stream, within what may be inflated of the document. @throws VerifyError PDF_UNSUPPORTED | PDF_LIMIT | PDF_MALFORMED */
  decode(stream: PdfStream): Uint8Array {
    return this.decoded.decode(stream, this.limits);
  }

  lengthOf = (value: PdfValue | undefined): number => {
    const length = this.resolve(value);
    if (typeof length !== 'number' || !Number.isInteger(length) || length < 0) throw malformed('Length of a stream');
    return length;
  };

  #readAt(number: number, { offset, generation }: Extract<XrefEntry, { kind: 'at' }>): PdfValue {
    if (offset >= this.bytes.length) throw malformed(`object ${number} is beyond the end`);
    const read = new PdfParser(this.bytes, offset, this.limits.maxDepth).indirect(this.lengthOf);
    if (read.number !== number || read.generation !== generation) throw malformed(`object ${number} is not where it should be`);
    return read.value;
  }

  #readWithin(number: number, { stream, index }: Extract<XrefEntry, { kind: 'within' }>): PdfValue {
    let objects = this.#containers.get(stream);
    if (objects === undefined) {
      const container = this.entry(stream)?.kind === 'at' ? this.object(stream) : undefined;
      if (!isKind(container, 'stream') || nameOf(container.dict.entries.get('Type')) !== 'ObjStm') throw malformed(`object stream ${stream}`);
      this.#containers.set(stream, (objects = this.#readContainer(container)));
    }
    const found = objects[index];
    if (found?.[0] !== number) throw malformed(`object ${number} is not in its stream`);
    return found[1];
  }

  /** ISO 32000-1 §7.5.7. */
  #readContainer(container: PdfStream): readonly (readonly [number, PdfValue])[] {
    const [count, first] = ['N', 'First'].map((key) => this.lengthOf(container.dict.entries.get(key))) as [number, number];
    if (count > this.limits.maxObjects) throw new VerifyError('PDF_LIMIT', `more than ${this.limits.maxObjects} objects`);
    const data = this.decode(container);
    const header = new PdfParser(data, 0, 0, Math.min(first, data.length));
    const places = Array.from({ length: count }, () => [header.integer(), header.integer()] as const);
    return places.map(([number, offset]) => [number, new PdfParser(data, first + offset, this.limits.maxDepth).value()] as const);
  }
}

/** An earlier revision of a document: the file up to there. @throws as `openPdf` */
export function openRevision({ bytes, limits, decoded }: PdfDocument, end: number): PdfDocument {
  return openWith(bytes.subarray(0, end), limits, decoded);
}

/**
 * Opens a PDF by the cross-reference section that its last `startxref` names.
 * @throws VerifyError PDF_MALFORMED | PDF_UNSUPPORTED | PDF_LIMIT
 */
export function openPdf(bytes: Uint8Array, options: Partial<PdfLimits> = {}): PdfDocument {
  return openWith(bytes, { ...DEFAULT_PDF_LIMITS, ...options }, new DecodedStreams());
}

function openWith(bytes: Uint8Array, limits: PdfLimits, decoded: DecodedStreams): PdfDocument {
  if (bytes.length > limits.maxBytes) throw new VerifyError('PDF_LIMIT', `more than ${limits.maxBytes} octets`);
  if (!startsWith(bytes, '%PDF-')) throw malformed('not a PDF');
  const sections: XrefSection[] = [];
  const seen = new Set<number>();
  let objects = 0;
  for (let offset: number | undefined = startXref(bytes); offset !== undefined;) {
    if (seen.has(offset)) throw malformed('cross-reference sections run in a circle');
    if (seen.size >= limits.maxSections) throw new VerifyError('PDF_LIMIT', `more than ${limits.maxSections} cross-reference sections`);
    seen.add(offset);
    const section = readSection(bytes, offset, limits);
    objects += section.entries.size;
    if (objects > limits.maxObjects) throw new VerifyError('PDF_LIMIT', `more than ${limits.maxObjects} objects`);
    sections.push(section);
    offset = section.prev;
  }
  return new PdfDocument(bytes, sections, limits, decoded);
}

/** The number behind the last `startxref`, with nothing after its `%%EOF` but white space (ISO 32000-1 §7.5.5). */
function startXref(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < MAX_TAIL && isWhite(bytes[end - 1])) end--;
  const tail = new TextDecoder('latin1').decode(bytes.subarray(Math.max(0, end - 64), end));
  const found = /startxref\s+(\d{1,10})\s+%%EOF$/.exec(tail);
  if (found === null) throw malformed('no startxref at the end');
  return Number(found[1]);
}

function startsWith(bytes: Uint8Array, text: string): boolean {
  return [...text].every((each, index) => bytes[index] === each.charCodeAt(0));
}
