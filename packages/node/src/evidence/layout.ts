/**
 * The one form of zip that an evidence bundle has: what the writer writes, and all the reader takes. Names, flags, dates and
 * attributes are fixed, nothing lies between, before or behind the entries, and each octet outside file data can be
 * computed. So one altered is found by comparing, and there is nowhere to hide anything (APPNOTE.TXT §4.3).
 */

export const MIMETYPE = 'application/vnd.hefu.evidence+zip';
/** DOS date and time 0: 1 January 1980. A real one would make every bundle another file. */
const DATE = 0x0021_0000;
const VERSION = 20;
/** Sizes follow the data. */
const DESCRIPTOR_FLAG = 0x0008;
export const STORED = 0;
export const DEFLATED = 8;

/** Names there can be. Paths that lead anywhere else cannot be said. */
export const ENTRY_NAME: RegExp = /^(?:mimetype|index\.json|seals\.json|(?:manifests\/[0-9a-f]{64}\.json)|(?:objects\/[0-9a-f]{64}))$/;

/** Archive comment: a checksum over all that stands before its digits, so that any damaged octet shows, by whatever it is read. */
export const COMMENT_PREFIX = 'hefu-evidence sha256 ';
export const COMMENT_LENGTH: number = COMMENT_PREFIX.length + 64;

export const LOCAL_LENGTH = 30;
export const CENTRAL_LENGTH = 46;
export const DESCRIPTOR_LENGTH = 16;
export const END_LENGTH = 22;

export interface Entry {
  readonly name: string;
  readonly method: typeof STORED | typeof DEFLATED;
  readonly crc32: number;
  readonly compressedLength: number;
  readonly length: number;
  /** Of the local header. */
  readonly offset: number;
}

export function localHeader({ name, method }: Pick<Entry, 'name' | 'method'>): Buffer {
  const header = Buffer.alloc(LOCAL_LENGTH + name.length);
  header.writeUInt32LE(0x04034b50, 0);
  fixedPart(header, 4, method);
  header.writeUInt16LE(name.length, 26);
  header.write(name, LOCAL_LENGTH, 'latin1');
  return header;
}

export function descriptor({ crc32, compressedLength, length }: Entry): Buffer {
  const record = Buffer.alloc(DESCRIPTOR_LENGTH);
  record.writeUInt32LE(0x08074b50, 0);
  sizes(record, 4, { crc32, compressedLength, length });
  return record;
}

export function centralHeader(entry: Entry): Buffer {
  const { name, method, offset } = entry;
  const header = Buffer.alloc(CENTRAL_LENGTH + name.length);
  header.writeUInt32LE(0x02014b50, 0);
  header.writeUInt16LE(VERSION, 4);
  fixedPart(header, 6, method);
  sizes(header, 16, entry);
  header.writeUInt16LE(name.length, 28);
  header.writeUInt32LE(offset, 42);
  header.write(name, CENTRAL_LENGTH, 'latin1');
  return header;
}

export function endRecord(count: number, centralLength: number, centralOffset: number): Buffer {
  const record = Buffer.alloc(END_LENGTH);
  record.writeUInt32LE(0x06054b50, 0);
  record.writeUInt16LE(count, 8);
  record.writeUInt16LE(count, 10);
  record.writeUInt32LE(centralLength, 12);
  record.writeUInt32LE(centralOffset, 16);
  record.writeUInt16LE(COMMENT_LENGTH, 20);
  return record;
}

/** What stands in a central header, unchecked. */
export function readCentralHeader(bytes: Buffer, at: number): Entry {
  const nameLength = bytes.readUInt16LE(at + 28);
  return {
    name: bytes.toString('latin1', at + CENTRAL_LENGTH, at + CENTRAL_LENGTH + nameLength),
    method: bytes.readUInt16LE(at + 10) === DEFLATED ? DEFLATED : STORED,
    crc32: bytes.readUInt32LE(at + 16),
    compressedLength: bytes.readUInt32LE(at + 20),
    length: bytes.readUInt32LE(at + 24),
    offset: bytes.readUInt32LE(at + 42),
  };
}

function fixedPart(header: Buffer, at: number, method: number): void {
  header.writeUInt16LE(VERSION, at);
  header.writeUInt16LE(DESCRIPTOR_FLAG, at + 2);
  header.writeUInt16LE(method, at + 4);
  header.writeUInt32LE(DATE, at + 6);
}

function sizes(header: Buffer, at: number, { crc32, compressedLength, length }: Pick<Entry, 'crc32' | 'compressedLength' | 'length'>): void {
  header.writeUInt32LE(crc32, at);
  header.writeUInt32LE(compressedLength, at + 4);
  header.writeUInt32LE(length, at + 8);
}
