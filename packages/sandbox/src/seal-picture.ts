import { concatBytes } from '@hefu/pki';

/** Pixels on a side. */
const SIDE = 64;
const RED = [0xd0, 0x10, 0x18];

/**
 * The picture of a toy seal, PNG: a red ring around a bar, the rest transparent. No text, so that nobody takes it for a real one.
 * Written with stored blocks, so that it is the same octets under every version of zlib.
 */
export function sealPicture(): { readonly type: 'png'; readonly data: Uint8Array; readonly width: number; readonly height: number } {
  const rows = Array.from({ length: SIDE }, (_, y) => Uint8Array.from([0, ...Array.from({ length: SIDE / 8 }, (__, octet) => octetAt(octet * 8, y))]));
  const data = concatBytes(
    Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a),
    chunk('IHDR', concatBytes(uint32(SIDE), uint32(SIDE), Uint8Array.of(1, 3, 0, 0, 0))),
    chunk('PLTE', Uint8Array.of(0xff, 0xff, 0xff, ...RED)),
    chunk('tRNS', Uint8Array.of(0, 0xff)),
    chunk('IDAT', stored(concatBytes(...rows))),
    chunk('IEND', new Uint8Array()),
  );
  return { type: 'png', data, width: SIDE, height: SIDE };
}

function octetAt(x: number, y: number): number {
  let octet = 0;
  for (let bit = 0; bit < 8; bit++) octet = (octet << 1) | (inked(x + bit, y) ? 1 : 0);
  return octet;
}

function inked(x: number, y: number): boolean {
  const [dx, dy] = [x - SIDE / 2 + 0.5, y - SIDE / 2 + 0.5];
  const radius = Math.hypot(dx, dy);
  return (radius > 26 && radius < 31) || (Math.abs(dx) < 14 && Math.abs(dy) < 3);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concatBytes(new TextEncoder().encode(type), data);
  return concatBytes(uint32(data.length), body, uint32(crc32(body)));
}

/** A zlib stream of one stored block (RFC 1950, RFC 1951 §3.2.4). */
function stored(data: Uint8Array): Uint8Array {
  const { length } = data;
  const sizes = [length & 0xff, length >> 8, ~length & 0xff, (~length >> 8) & 0xff];
  return concatBytes(Uint8Array.of(0x78, 0x01, 0x01, ...sizes), data, uint32(adler32(data)));
}

function uint32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const octet of data) {
    crc ^= octet;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return ~crc >>> 0;
}

function adler32(data: Uint8Array): number {
  let [a, b] = [1, 0];
  for (const octet of data) {
    a = (a + octet) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
