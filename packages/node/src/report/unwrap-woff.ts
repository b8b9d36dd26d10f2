import { inflateSync } from 'node:zlib';
import { NodeError } from '../error.js';

const HEADER = 44;
const ENTRY = 20;
/** Fonts of all CJK characters have some 30 MB. */
const MAX_FONT_BYTES = 128 * 1024 * 1024;

/**
 * The font within a WOFF file (WOFF 1.0 §3 to §5), any other font as it is. Font libraries that read WOFF inflate a table each
 * time it is looked at, which with the outlines of all Chinese characters takes minutes.
 * @throws NodeError FONT_INVALID
 */
export function unwrapWoff(file: Buffer): Buffer {
  if (file.length < HEADER || file.toString('latin1', 0, 4) !== 'wOFF') return file;
  try {
    return unwrap(file);
  } catch (cause) {
    throw new NodeError('FONT_INVALID', 'not a WOFF font that can be read', { cause });
  }
}

function unwrap(file: Buffer): Buffer {
  const count = file.readUInt16BE(12);
  const tables = Array.from({ length: count }, (_, index) => {
    const at = HEADER + index * ENTRY;
    const [offset, packed, length] = [file.readUInt32BE(at + 4), file.readUInt32BE(at + 8), file.readUInt32BE(at + 12)];
    if (length > MAX_FONT_BYTES || offset + packed > file.length || packed > length) throw new RangeError(`table ${index}`);
    const raw = file.subarray(offset, offset + packed);
    const data = packed < length ? inflateSync(raw, { maxOutputLength: length }) : raw;
    if (data.length !== length) throw new RangeError(`length of table ${index}`);
    return { tag: file.subarray(at, at + 4), checksum: file.readUInt32BE(at + 16), data };
  });
  const directory = Buffer.alloc(12 + 16 * count);
  file.copy(directory, 0, 4, 8);
  const power = Math.floor(Math.log2(count));
  directory.writeUInt16BE(count, 4);
  directory.writeUInt16BE(16 * 2 ** power, 6);
  directory.writeUInt16BE(power, 8);
  directory.writeUInt16BE(16 * count - 16 * 2 ** power, 10);
  const parts = [directory];
  let offset = directory.length;
  for (const [index, { tag, checksum, data }] of tables.entries()) {
    const at = 12 + 16 * index;
    tag.copy(directory, at);
    directory.writeUInt32BE(checksum, at + 4);
    directory.writeUInt32BE(offset, at + 8);
    directory.writeUInt32BE(data.length, at + 12);
    const padded = Buffer.concat([data, Buffer.alloc((4 - (data.length % 4)) % 4)]);
    parts.push(padded);
    offset += padded.length;
    if (offset > MAX_FONT_BYTES) throw new RangeError('the font');
  }
  return Buffer.concat(parts);
}
