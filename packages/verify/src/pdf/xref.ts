import { VerifyError } from '../error.js';
import { decodeStream } from './inflate.js';
import type { PdfLimits } from './limits.js';
import { isKind, nameOf, type PdfDict, type PdfValue } from './object.js';
import { malformed, PdfParser } from './parser.js';

/** Where an object is, by one cross-reference section. */
export type XrefEntry =
  | { readonly kind: 'free' }
  | { readonly kind: 'at'; readonly offset: number; readonly generation: number }
  | { readonly kind: 'within'; readonly stream: number; readonly index: number };

/** One cross-reference section with its trailer (ISO 32000-1 §7.5.4, §7.5.5, §7.5.8). */
export interface XrefSection {
  /** Of the table or of the stream object. */
  readonly offset: number;
  readonly entries: ReadonlyMap<number, XrefEntry>;
  readonly trailer: PdfDict;
  readonly prev: number | undefined;
  /** Of a hybrid file's cross-reference stream. */
  readonly hybrid: number | undefined;
}

/** Octets behind the entries of a cross-reference stream that are passed over. */
const SLACK = 65_536;
const FREE: XrefEntry = { kind: 'free' };

export function readSection(bytes: Uint8Array, offset: number, limits: PdfLimits): XrefSection {
  if (offset >= bytes.length) throw malformed(`no cross-reference section at ${offset}`);
  const parser = new PdfParser(bytes, offset, limits.maxDepth);
  const startsHere = parser.bytes[offset] === 0x78;
  if (!startsHere || !parser.take('xref')) return readStream(bytes, offset, limits);
  const entries = new Map<number, XrefEntry>();
  while (!parser.take('trailer')) {
    const first = parser.integer();
    const count = parser.integer();
    if (entries.size + count > limits.maxObjects) throw new VerifyError('PDF_LIMIT', `more than ${limits.maxObjects} objects`);
    for (let index = 0; index < count; index++) {
      const at = parser.integer();
      const generation = parser.integer();
      const used = parser.take('n');
      if (!used) parser.expect('f');
      add(entries, first + index, used ? { kind: 'at', offset: at, generation } : FREE);
    }
  }
  const trailer = parser.dict();
  const hybrid = position(trailer, 'XRefStm');
  if (hybrid === undefined) return { offset, entries, trailer, prev: position(trailer, 'Prev'), hybrid };
  // A hybrid file hides objects from old readers as free ones (§7.5.8.4).
  const hidden = readStream(bytes, hybrid, limits);
  for (const [number, entry] of hidden.entries) {
    const known = entries.get(number);
    if (known === undefined || known.kind === 'free') entries.set(number, entry);
  }
  return { offset, entries, trailer, prev: position(trailer, 'Prev'), hybrid };
}

function readStream(bytes: Uint8Array, offset: number, limits: PdfLimits): XrefSection {
  if (offset >= bytes.length) throw malformed(`no cross-reference section at ${offset}`);
  const { value } = new PdfParser(bytes, offset, limits.maxDepth).indirect(directLength);
  if (!isKind(value, 'stream') || nameOf(value.dict.entries.get('Type')) !== 'XRef') throw malformed(`no cross-reference section at ${offset}`);
  const { entries: dict } = value.dict;
  const widths = numbers(dict.get('W'));
  if (widths?.length !== 3 || widths.some((width) => width > 8)) throw malformed('W of a cross-reference stream');
  const [size] = numbers({ kind: 'array', items: [dict.get('Size') ?? null] }) ?? [];
  if (size === undefined) throw malformed('Size of a cross-reference stream');
  const index = dict.has('Index') ? numbers(dict.get('Index')) : [0, size];
  if (index === undefined || index.length % 2 === 1) throw malformed('Index of a cross-reference stream');
  const [w0, w1, w2] = widths as [number, number, number];
  const width = w0 + w1 + w2;
  if (width === 0) throw malformed('W of a cross-reference stream');
  let stated = 0;
  for (let pair = 1; pair < index.length; pair += 2) stated += index[pair]!;
  if (stated > limits.maxObjects) throw new VerifyError('PDF_LIMIT', `more than ${limits.maxObjects} objects`);
  // What the entries take, a predictor's octet for each of theirs, and some more: there may be very many such streams.
  const data = decodeStream(value, Math.min(limits.maxInflated, 2 * stated * width + SLACK));
  const entries = new Map<number, XrefEntry>();
  let at = 0;
  const field = (octets: number, absent: number): number => {
    if (octets === 0) return absent;
    let read = 0;
    for (let count = 0; count < octets; count++) read = read * 256 + data[at++]!;
    return read;
  };
  for (let pair = 0; pair < index.length; pair += 2) {
    const [first, count] = [index[pair]!, index[pair + 1]!];
    if (at + count * width > data.length) throw malformed('a cross-reference stream is too short');
    for (let object = first; object < first + count; object++) {
      const [type, second, third] = [field(w0, 1), field(w1, 0), field(w2, 0)];
      // Other types are references to the null object (§7.5.8.3).
      add(entries, object, type === 1 ? { kind: 'at', offset: second, generation: third } : type === 2 ? { kind: 'within', stream: second, index: third } : FREE);
    }
  }
  return { offset, entries, trailer: value.dict, prev: position(value.dict, 'Prev'), hybrid: undefined };
}

function add(entries: Map<number, XrefEntry>, number: number, entry: XrefEntry): void {
  if (entries.has(number)) throw malformed(`object ${number} twice in one cross-reference section`);
  entries.set(number, entry);
}

/** A cross-reference stream is found before any object is, so its Length stands in it. */
function directLength(value: PdfValue | undefined): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw malformed('Length of a cross-reference stream');
  return value;
}

function numbers(value: PdfValue | undefined): number[] | undefined {
  if (!isKind(value, 'array')) return undefined;
  return value.items.every((item): item is number => typeof item === 'number' && Number.isInteger(item) && item >= 0) ? [...value.items] : undefined;
}

function position(trailer: PdfDict, key: string): number | undefined {
  const value = trailer.entries.get(key);
  if (value === undefined) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw malformed(`${key} of a trailer`);
  return value;
}
