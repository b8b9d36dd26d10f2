/** Same length and octets. For public data: the time taken depends on the contents. */
export function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true;
  const { length } = a;
  if (length !== b.length) return false;
  const head = length < LONG ? length : HEAD;
  for (let at = 0; at < head; at++) if (a[at] !== b[at]) return false;
  return head === length || sameOctets(viewOf(a), head, viewOf(b), head, length - head);
}

/** From here on two views cost less than comparing octet by octet. */
const LONG = 256;
/** Certificates of one length that are not the same differ in their serial number, before any view is made. */
const HEAD = 32;

/** Every octet of `bytes`, to be read several at a time. */
export function viewOf({ buffer, byteOffset, length }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, length);
}

/** Whether so many octets of `a` from `at` on are those of `b` from `other` on: four at a time, for what is long or asked a million times. */
export function sameOctets(a: DataView, at: number, b: DataView, other: number, length: number): boolean {
  let i = 0;
  for (; i + 4 <= length; i += 4) if (a.getInt32(at + i) !== b.getInt32(other + i)) return false;
  for (; i < length; i++) if (a.getUint8(at + i) !== b.getUint8(other + i)) return false;
  return true;
}

/** Order of encodings in a DER SET OF (X.690 §11.6): octet by octet, the shorter padded with zeros. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Whether `bytes` goes on with these octets at `at`. */
export function holdsAt(bytes: Uint8Array, at: number, octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) if (bytes[at + i] !== octets[i]) return false;
  return true;
}

export function hexOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at++) text += HEX[bytes[at]!];
  return text;
}

const HEX: readonly string[] = /* @__PURE__ */ Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));
