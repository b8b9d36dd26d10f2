import { DerReader } from '../asn1/reader.js';
import { PkiError } from '../error.js';

const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const END_OF_CONTENTS = 0x00;

/**
 * What the readers of one message share. Each indefinite element's end is found once and kept, so that
 * entering it costs nothing more; every element stepped over while looking counts against one budget.
 */
interface BerScan {
  /** Offset of an indefinite element to one past its end-of-contents octets. */
  readonly ends: Map<number, number>;
  /** Elements that may still be stepped over. */
  left: number;
}

/**
 * A cursor over the outer shell of a message: DER, plus the two BER forms that streaming signers write,
 * indefinite lengths (X.690 §8.1.3.6) and constructed OCTET STRINGs (§8.7.3). Definite lengths stay minimal.
 *
 * `end` of an indefinite element is past its end-of-contents octets, `contentEnd` before them.
 */
export class BerReader extends DerReader {
  /** One past the content octets of the current element. */
  contentEnd = 0;
  /** The current element has an indefinite length. */
  indefinite = false;
  readonly #scan: BerScan;

  private constructor(bytes: Uint8Array, offset: number, limit: number, maxDepth: number, depth: number, scan: BerScan) {
    super(bytes, offset, limit, maxDepth, depth);
    this.#scan = scan;
  }

  /** A reader over a whole input. `maxElements` bounds the elements inside indefinite lengths. */
  static over(bytes: Uint8Array, maxDepth: number, maxElements: number): BerReader {
    return new BerReader(bytes, 0, bytes.length, maxDepth, 0, { ends: new Map(), left: maxElements });
  }

  /** @throws PkiError TRUNCATED | DER_INVALID | TOO_DEEP | TOO_MANY */
  override next(): this {
    const start = this.offset;
    if (this.bytes[start + 1] === INDEFINITE && start + 2 <= this.limit) {
      const tag = this.bytes[start]!;
      if ((tag & 0x1f) === 0x1f) throw new PkiError('DER_INVALID', 'high tag number', { offset: start });
      this.tag = tag;
      this.start = start;
      this.contentStart = start + 2;
      this.end = this.offset = this.#endOfIndefinite(start);
      this.contentEnd = this.end - 2;
      this.indefinite = true;
      return this;
    }
    super.next();
    if (this.tag === END_OF_CONTENTS) throw new PkiError('DER_INVALID', 'end-of-contents octets without an indefinite length', { offset: start });
    this.contentEnd = this.end;
    this.indefinite = false;
    return this;
  }

  override enter(): BerReader {
    if (this.depth >= this.maxDepth) throw new PkiError('TOO_DEEP', `nested deeper than ${this.maxDepth}`, { offset: this.start });
    return new BerReader(this.bytes, this.contentStart, this.contentEnd, this.maxDepth, this.depth + 1, this.#scan);
  }

  override content(): Uint8Array {
    return this.bytes.subarray(this.contentStart, this.contentEnd);
  }

  /** A strict reader from here on, for what must be DER; hand its progress back with `resume`. */
  strict(): DerReader {
    return new DerReader(this.bytes, this.offset, this.limit, this.maxDepth, this.depth);
  }

  /** Continues where a strict reader stopped. */
  resume(reader: DerReader): void {
    this.offset = reader.offset;
  }

  #endOfIndefinite(outermost: number): number {
    const known = this.#scan.ends.get(outermost);
    if (known !== undefined) return known;
    const { bytes, limit } = this;
    const header = new DerReader(bytes, outermost, limit);
    const open: number[] = [];
    let at = outermost;
    for (;;) {
      if (at + 2 > limit) throw new PkiError('TRUNCATED', 'indefinite length without end-of-contents octets', { offset: at });
      if (this.#scan.left-- <= 0) throw new PkiError('TOO_MANY', 'too many elements inside indefinite lengths', { offset: at });
      const tag = bytes[at]!;
      if (tag === END_OF_CONTENTS) {
        if (bytes[at + 1] !== 0) throw new PkiError('DER_INVALID', 'end-of-contents octets with a length', { offset: at });
        at += 2;
        const start = open.pop()!;
        this.#scan.ends.set(start, at);
        if (open.length === 0) return at;
      } else if (bytes[at + 1] === INDEFINITE) {
        if ((tag & CONSTRUCTED) === 0) throw new PkiError('DER_INVALID', 'indefinite length of a primitive element', { offset: at });
        if (this.depth + open.length >= this.maxDepth) throw new PkiError('TOO_DEEP', `nested deeper than ${this.maxDepth}`, { offset: at });
        open.push(at);
        at += 2;
      } else {
        header.offset = at;
        at = header.next().end;
      }
    }
  }
}

/**
 * The octets of the OCTET STRING the reader stands on, primitive (tag 04) or constructed (24, X.690 §8.7.3).
 * One segment is a view; several are joined into one copy.
 * @throws PkiError STRUCTURE_INVALID when a segment is no OCTET STRING, TOO_MANY, TOO_DEEP
 */
export function joinOctetString(reader: BerReader, maxSegments: number): Uint8Array {
  if ((reader.tag & CONSTRUCTED) === 0) return reader.content();
  const segments: Uint8Array[] = [];
  let total = 0;
  let count = 0;
  const collect = (inner: BerReader): void => {
    while (!inner.done) {
      inner.next();
      if (++count > maxSegments) throw new PkiError('TOO_MANY', `more than ${maxSegments} segments in one string`, { offset: inner.start });
      if (inner.tag === 0x24) {
        collect(inner.enter());
      } else if (inner.tag === 0x04) {
        const segment = inner.content();
        total += segment.length;
        segments.push(segment);
      } else {
        throw new PkiError('STRUCTURE_INVALID', 'a segment of an OCTET STRING is not an OCTET STRING', { offset: inner.start });
      }
    }
  };
  collect(reader.enter());
  if (segments.length === 1) return segments[0]!;
  const joined = new Uint8Array(total);
  let at = 0;
  for (const segment of segments) {
    joined.set(segment, at);
    at += segment.length;
  }
  return joined;
}
