import type { CurveName } from './algorithm.js';

/**
 * The two forms an ECDSA or SM2 signature value takes: DER `SEQUENCE { r INTEGER, s INTEGER }` in X.509 and
 * CMS (RFC 3279 §2.2.3, GM/T 0009), and r||s of fixed width (IEEE P1363) in JWS, WebCrypto and some signing services.
 */

/** Octets of r and of s in the fixed-width form, by curve: those of the group order, and on these curves of a coordinate too. */
export const COMPONENT_OCTETS: Readonly<Record<CurveName, number>> = { 'P-256': 32, 'P-384': 48, 'P-521': 66, SM2: 32 };

/**
 * Decodes strictly: definite minimal lengths, minimal positive INTEGERs, nothing after them.
 *
 * @param order octets of the group order: 32, 48, 66
 * @returns r||s, each `order` octets; `undefined` when the value is malformed, zero, or wider than `order`.
 *   Whether r and s are below the group order is for the caller to check.
 */
export function decodeEcdsaSignature(der: Uint8Array, order: number): Uint8Array | undefined {
  const content = readTlv(der, 0, 0x30);
  if (content === undefined || content.end !== der.length) return undefined;
  const r = readTlv(der, content.start, 0x02);
  if (r === undefined) return undefined;
  const s = readTlv(der, r.end, 0x02);
  if (s === undefined || s.end !== der.length) return undefined;
  const raw = new Uint8Array(2 * order);
  return placeInteger(der, r, raw, order) && placeInteger(der, s, raw, 2 * order) ? raw : undefined;
}

/**
 * Encodes r and s, unsigned big-endian of any width, as DER.
 *
 * @throws TypeError when either is zero or so wide (over 120 octets) that it is no signature component
 */
export function encodeEcdsaSignature(r: Uint8Array, s: Uint8Array): Uint8Array {
  const body = [...integer(r), ...integer(s)];
  const length = body.length < 0x80 ? [body.length] : [0x81, body.length];
  return Uint8Array.from([0x30, ...length, ...body]);
}

/** Which form a signature value was found in. */
export type SignatureForm = 'der' | 'raw';

export interface ReadSignature {
  readonly form: SignatureForm;
  /** The value as DER. */
  readonly der: Uint8Array;
  /** The value as r||s. */
  readonly raw: Uint8Array;
}

/**
 * Reads a signature value that may be DER or r||s and says which it was. Strict DER wins: r||s is considered
 * only for exactly `2 * order` octets that are not a DER signature.
 *
 * @param order octets of the group order, 32 by default (SM2, P-256)
 * @returns `undefined` when the value is neither form or of a form not in `accept`
 */
export function normaliseSignature(
  value: Uint8Array,
  order = 32,
  accept: readonly SignatureForm[] = ['der', 'raw'],
): ReadSignature | undefined {
  const decoded = decodeEcdsaSignature(value, order);
  if (decoded !== undefined) return accept.includes('der') ? { form: 'der', der: value, raw: decoded } : undefined;
  if (!accept.includes('raw') || value.length !== 2 * order) return undefined;
  const r = value.subarray(0, order);
  const s = value.subarray(order);
  if (isZero(r) || isZero(s)) return undefined;
  return { form: 'raw', der: encodeEcdsaSignature(r, s), raw: value };
}

function readTlv(bytes: Uint8Array, offset: number, tag: number): { start: number; end: number } | undefined {
  if (bytes[offset] !== tag) return undefined;
  const first = bytes[offset + 1];
  if (first === undefined) return undefined;
  let start = offset + 2;
  let length = first;
  if (first >= 0x80) {
    // One length octet after 81 is enough up to P-521, whose signatures take at most 141 octets.
    const second = bytes[offset + 2];
    if (first !== 0x81 || second === undefined || second < 0x80) return undefined;
    start = offset + 3;
    length = second;
  }
  const end = start + length;
  return end <= bytes.length ? { start, end } : undefined;
}

/** The magnitude of the minimal positive INTEGER at `[start, end)`, right-aligned in the half of `raw` that ends at `until`. */
function placeInteger(der: Uint8Array, { start, end }: { start: number; end: number }, raw: Uint8Array, until: number): boolean {
  const first = der[start];
  if (start === end || first === undefined || first >= 0x80) return false;
  if (first === 0 && (end - start === 1 || der[start + 1]! < 0x80)) return false; // zero, or not minimal
  const from = first === 0 ? start + 1 : start;
  const length = end - from;
  if (length > raw.length / 2) return false;
  raw.set(der.subarray(from, end), until - length);
  return true;
}

function integer(value: Uint8Array): number[] {
  let start = 0;
  while (start < value.length && value[start] === 0) start++;
  const magnitude = value.subarray(start);
  if (magnitude.length === 0 || magnitude.length > 120) throw new TypeError('signature component is zero or too wide');
  const sign = magnitude[0]! >= 0x80 ? [0] : [];
  return [0x02, sign.length + magnitude.length, ...sign, ...magnitude];
}

function isZero(bytes: Uint8Array): boolean {
  return bytes.every((octet) => octet === 0);
}
