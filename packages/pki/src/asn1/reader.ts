import { PkiError } from '../error.js';
import { contentStart, elementEnd, unexpected } from './scan.js';

/**
 * A cursor over DER (X.690 §10) in the caller's buffer: integer offsets, no object tree, no copies.
 *
 * `next()` moves to the following element and fills `tag`, `start` (of the TLV), `contentStart`, `end`.
 * Lengths must be definite, minimal and inside the parent. Tags are one octet: a high tag number is
 * refused, since nothing read here uses one. Depth is the caller's recursion, counted by `enter()`.
 */
export class DerReader {
  readonly bytes: Uint8Array;
  /** Where the next element begins. */
  offset: number;
  /** One past the last octet this reader may touch. */
  readonly limit: number;
  readonly depth: number;
  readonly maxDepth: number;

  tag = 0;
  start = 0;
  contentStart = 0;
  end = 0;

  constructor(bytes: Uint8Array, offset = 0, limit: number = bytes.length, maxDepth = 30, depth = 0) {
    this.bytes = bytes;
    this.offset = offset;
    this.limit = limit;
    this.depth = depth;
    this.maxDepth = maxDepth;
  }

  /** No element is left. */
  get done(): boolean {
    return this.offset >= this.limit;
  }

  /** The tag of the element ahead, or -1 at the end. */
  peek(): number {
    return this.offset < this.limit ? this.bytes[this.offset]! : -1;
  }

  /**
   * Reads the header of the next element.
   * @throws PkiError TRUNCATED | DER_INVALID
   */
  next(): this {
    const { bytes, offset } = this;
    const end = elementEnd(bytes, offset, this.limit);
    this.tag = bytes[offset]!;
    this.start = offset;
    this.contentStart = contentStart(bytes, offset);
    this.end = end;
    this.offset = end;
    return this;
  }

  /**
   * Reads the next element, which must carry this tag.
   * @throws PkiError STRUCTURE_INVALID when it does not
   */
  expect(tag: number, what: string): this {
    if (this.peek() !== tag) throw unexpected(this.bytes, this.offset, this.limit, tag, what);
    return this.next();
  }

  /** Reads the next element if it carries this tag; otherwise leaves the cursor alone and answers false. */
  optional(tag: number): boolean {
    if (this.peek() !== tag) return false;
    this.next();
    return true;
  }

  /** A reader over the content of the current element. @throws PkiError TOO_DEEP */
  enter(): DerReader {
    if (this.depth >= this.maxDepth) throw new PkiError('TOO_DEEP', `nested deeper than ${this.maxDepth}`, { offset: this.start });
    return new DerReader(this.bytes, this.contentStart, this.end, this.maxDepth, this.depth + 1);
  }

  /** The whole TLV of the current element, as a view. */
  tlv(): Uint8Array {
    return this.bytes.subarray(this.start, this.end);
  }

  /** The content octets of the current element, as a view. */
  content(): Uint8Array {
    return this.bytes.subarray(this.contentStart, this.end);
  }

  /** @throws PkiError TRAILING_DATA when an element or stray octets are left */
  finish(what: string): void {
    if (this.offset !== this.limit) {
      throw new PkiError('TRAILING_DATA', `${what}: ${this.limit - this.offset} octets left over`, { offset: this.offset });
    }
  }
}
