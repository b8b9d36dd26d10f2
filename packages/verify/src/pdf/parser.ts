import { VerifyError } from '../error.js';
import type { PdfDict, PdfStream, PdfString, PdfValue } from './object.js';

const WHITE = new Set([0x00, 0x09, 0x0a, 0x0c, 0x0d, 0x20]);
const DELIMITERS = new Set([...'()<>[]{}/%'].map((each) => each.charCodeAt(0)));

export function malformed(message: string): VerifyError {
  return new VerifyError('PDF_MALFORMED', message);
}

/** How long a stream is, when its dictionary says it by reference. */
export type LengthOf = (value: PdfValue | undefined) => number;

/** Reads PDF syntax (ISO 32000-1 §7.2, §7.3) at a position, strictly: what two readers could understand differently is refused. */
export class PdfParser {
  readonly bytes: Uint8Array;
  readonly end: number;
  readonly #maxDepth: number;
  position: number;

  constructor(bytes: Uint8Array, position: number, maxDepth: number, end: number = bytes.length) {
    this.bytes = bytes;
    this.position = position;
    this.end = end;
    this.#maxDepth = maxDepth;
  }

  /** White space and comments. */
  skip(): void {
    const { bytes, end } = this;
    while (this.position < end) {
      const octet = bytes[this.position]!;
      if (WHITE.has(octet)) this.position++;
      else if (octet === 0x25) while (this.position < end && bytes[this.position] !== 0x0a && bytes[this.position] !== 0x0d) this.position++;
      else return;
    }
  }

  /** Whether this word stands here, ended by white space, a delimiter or the end. */
  sees(word: string): boolean {
    this.skip();
    for (let index = 0; index < word.length; index++) if (this.bytes[this.position + index] !== word.charCodeAt(index)) return false;
    const after = this.position + word.length;
    return after >= this.end ? after === this.end : !isRegular(this.bytes[after]!);
  }

  take(word: string): boolean {
    if (!this.sees(word)) return false;
    this.position += word.length;
    return true;
  }

  expect(word: string): void {
    if (!this.take(word)) throw malformed(`${word} expected at ${this.position}`);
  }

  /** A whole number without sign, as in headers and cross-reference tables. */
  integer(): number {
    this.skip();
    const text = this.#word();
    if (!/^\d{1,10}$/.test(text)) throw malformed(`number expected at ${this.position - text.length}`);
    return Number(text);
  }

  value(depth = 0): PdfValue {
    if (depth > this.#maxDepth) throw new VerifyError('PDF_LIMIT', `more than ${this.#maxDepth} levels`);
    this.skip();
    const octet = this.bytes[this.position];
    if (octet === undefined || this.position >= this.end) throw malformed('ends within an object');
    switch (octet) {
      case 0x2f: return this.#name();
      case 0x28: return this.#literal();
      case 0x5b: return this.#array(depth);
      case 0x3c: return this.bytes[this.position + 1] === 0x3c ? this.dict(depth) : this.#hex();
      default: return this.#keywordOrNumber();
    }
  }

  dict(depth = 0): PdfDict {
    this.skip();
    if (this.bytes[this.position] !== 0x3c || this.bytes[this.position + 1] !== 0x3c) throw malformed(`dictionary expected at ${this.position}`);
    this.position += 2;
    const entries = new Map<string, PdfValue>();
    for (;;) {
      this.skip();
      if (this.bytes[this.position] === 0x3e && this.bytes[this.position + 1] === 0x3e) break;
      if (this.bytes[this.position] !== 0x2f) throw malformed(`key expected at ${this.position}`);
      const { name } = this.#name();
      // One reader takes the first, another the last.
      if (entries.has(name)) throw malformed(`key ${name} twice`);
      entries.set(name, this.value(depth + 1));
    }
    this.position += 2;
    return { kind: 'dict', entries };
  }

  /** `n g obj … endobj`. */
  indirect(lengthOf: LengthOf): { readonly number: number; readonly generation: number; readonly value: PdfValue } {
    const number = this.integer();
    const generation = this.integer();
    this.expect('obj');
    const read = this.value();
    const value = typeof read === 'object' && read?.kind === 'dict' && this.sees('stream') ? this.#stream(read, lengthOf) : read;
    this.expect('endobj');
    return { number, generation, value };
  }

  #stream(dict: PdfDict, lengthOf: LengthOf): PdfStream {
    this.expect('stream');
    if (this.bytes[this.position] === 0x0d && this.bytes[this.position + 1] === 0x0a) this.position += 2;
    else if (this.bytes[this.position] === 0x0a) this.position++;
    else throw malformed(`no line end after stream at ${this.position}`);
    const length = lengthOf(dict.entries.get('Length'));
    const data = this.bytes.subarray(this.position, this.position + length);
    if (data.length !== length || this.position + length > this.end) throw malformed('stream longer than the file');
    this.position += length;
    // A comment cannot begin here: only white space may stand before endstream.
    while (this.position < this.end && WHITE.has(this.bytes[this.position]!)) this.position++;
    this.expect('endstream');
    return { kind: 'stream', dict, data };
  }

  #array(depth: number): PdfValue {
    this.position++;
    const items: PdfValue[] = [];
    for (;;) {
      this.skip();
      if (this.bytes[this.position] === 0x5d) break;
      items.push(this.value(depth + 1));
    }
    this.position++;
    return { kind: 'array', items };
  }

  #name(): { kind: 'name'; name: string } {
    this.position++;
    const raw = this.#word();
    if (/#(?![0-9A-Fa-f]{2})/.test(raw)) throw malformed(`name at ${this.position}`);
    return { kind: 'name', name: raw.replace(/#([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))) };
  }

  #word(): string {
    const { bytes, end } = this;
    const start = this.position;
    while (this.position < end && isRegular(bytes[this.position]!)) this.position++;
    let text = '';
    for (let index = start; index < this.position; index++) text += String.fromCharCode(bytes[index]!);
    return text;
  }

  #keywordOrNumber(): PdfValue {
    const start = this.position;
    const word = this.#word();
    if (word === 'true' || word === 'false') return word === 'true';
    if (word === 'null') return null;
    if (!/^[+-]?(\d+\.?\d*|\.\d+)$/.test(word)) throw malformed(`object expected at ${start}`);
    if (/^\d{1,10}$/.test(word)) {
      const after = this.position;
      this.skip();
      const second = this.#word();
      if (/^\d{1,5}$/.test(second) && this.take('R')) return { kind: 'ref', number: Number(word), generation: Number(second) };
      this.position = after;
    }
    return Number(word);
  }

  #hex(): PdfString {
    const { bytes, end } = this;
    const start = this.position++;
    const digits: number[] = [];
    for (; ; this.position++) {
      if (this.position >= end) throw malformed('ends within a string');
      const octet = bytes[this.position]!;
      if (octet === 0x3e) break;
      if (WHITE.has(octet)) continue;
      const digit = hexDigit(octet);
      if (digit === undefined) throw malformed(`hexadecimal digit expected at ${this.position}`);
      digits.push(digit);
    }
    this.position++;
    if (digits.length % 2 === 1) digits.push(0);
    const octets = new Uint8Array(digits.length / 2);
    for (let index = 0; index < octets.length; index++) octets[index] = digits[2 * index]! * 16 + digits[2 * index + 1]!;
    return { kind: 'string', bytes: octets, hex: true, start, end: this.position };
  }

  #literal(): PdfString {
    const { bytes, end } = this;
    const start = this.position++;
    const octets: number[] = [];
    for (let open = 1; ;) {
      if (this.position >= end) throw malformed('ends within a string');
      const octet = bytes[this.position++]!;
      if (octet === 0x28) open++;
      else if (octet === 0x29 && --open === 0) break;
      if (octet === 0x5c) this.#escape(octets);
      else if (octet === 0x0d) {
        // Any line end is one LF (§7.3.4.2).
        if (bytes[this.position] === 0x0a) this.position++;
        octets.push(0x0a);
      } else octets.push(octet);
    }
    return { kind: 'string', bytes: Uint8Array.from(octets), hex: false, start, end: this.position };
  }

  #escape(octets: number[]): void {
    const octet = this.bytes[this.position++];
    if (octet === undefined) throw malformed('ends within a string');
    const simple = ESCAPES[String.fromCharCode(octet)];
    if (simple !== undefined) octets.push(simple);
    else if (octet >= 0x30 && octet <= 0x37) {
      let code = octet - 0x30;
      for (let more = 0; more < 2; more++) {
        const next = this.bytes[this.position]!;
        if (!(next >= 0x30 && next <= 0x37)) break;
        code = code * 8 + next - 0x30;
        this.position++;
      }
      octets.push(code & 0xff);
    } else if (octet === 0x0d) {
      if (this.bytes[this.position] === 0x0a) this.position++;
    } else if (octet !== 0x0a) octets.push(octet);
  }
}

const ESCAPES: Readonly<Record<string, number>> = { n: 0x0a, r: 0x0d, t: 0x09, b: 0x08, f: 0x0c, '(': 0x28, ')': 0x29, '\\': 0x5c };

export function isWhite(octet: number | undefined): boolean {
  return octet !== undefined && WHITE.has(octet);
}

function isRegular(octet: number): boolean {
  return !WHITE.has(octet) && !DELIMITERS.has(octet);
}

export function hexDigit(octet: number): number | undefined {
  if (octet >= 0x30 && octet <= 0x39) return octet - 0x30;
  const lower = octet | 0x20;
  return lower >= 0x61 && lower <= 0x66 ? lower - 0x57 : undefined;
}
