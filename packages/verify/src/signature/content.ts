import type { DigestAlgorithm, DigestName } from '@hefu/crypto';
import { equalBytes, Tag } from '@hefu/pki';
import { looksLikeSignedAttributes } from './attribute-confusion.js';

/** A digest of the content, computed elsewhere. */
export interface ContentDigest {
  readonly algorithm: DigestName;
  /** Octets hashed before the content: Z of an SM2 key, a header. Empty for the plain digest. */
  readonly prefix: Uint8Array;
  readonly value: Uint8Array;
}

/** Content too large for memory, as the digests that `wantedDigests` asks for. What they say is the caller's word. */
export interface HashedContent {
  /** Octets of the whole. */
  readonly length: number;
  /** The first octets: `CONTENT_HEAD_OCTETS`, or all there are. */
  readonly head: Uint8Array;
  readonly digests: readonly ContentDigest[];
}

/** What is signed: the octets, or digests of them. */
export type Content = Uint8Array | HashedContent;

/** Enough to see whether content claims to be a set of attributes, and all of any real one. */
export const CONTENT_HEAD_OCTETS: number = 64 * 1024;

const NOTHING = new Uint8Array(0);

/** The digest of prefix and content; undefined where only digests were given and it is not among them. */
export function contentDigest(content: Content, algorithm: DigestAlgorithm, prefix: Uint8Array = NOTHING): Uint8Array | undefined {
  if (content instanceof Uint8Array) return prefix.length === 0 ? algorithm.digest(content) : algorithm.create().update(prefix).update(content).digest();
  const found = content.digests.find((each) => each.algorithm === algorithm.name && equalBytes(each.prefix, prefix));
  return found?.value.length === algorithm.outputLength ? found.value : undefined;
}

/** Octets of the longest tag and length that are looked at. */
const HEADER_OCTETS = 8;

/** As `looksLikeSignedAttributes`; of content that is not here as a whole, whatever is one SET as long as all of it. */
export function mayBeSignedAttributes(content: Content): boolean {
  if (content instanceof Uint8Array) return looksLikeSignedAttributes(content);
  const { head, length } = content;
  if (head.length >= length) return looksLikeSignedAttributes(head);
  if (head.length < HEADER_OCTETS) return head.length === 0 || head[0] === Tag.SET;
  if (head[0] !== Tag.SET) return false;
  if (head[1]! < 0x80) return 2 + head[1]! === length;
  const lengthOctets = head[1]! & 0x7f;
  if (lengthOctets === 0 || lengthOctets > 6) return false;
  let declared = 0;
  for (let i = 0; i < lengthOctets; i++) declared = declared * 256 + head[2 + i]!;
  return 2 + lengthOctets + declared === length;
}

/** The tag and length octets of an element as long as this, DER. */
export function derHeader(tag: number, length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(tag, length);
  const octets: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) octets.unshift(rest % 256);
  return Uint8Array.of(tag, 0x80 | octets.length, ...octets);
}
