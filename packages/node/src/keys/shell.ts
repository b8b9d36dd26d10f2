import { BerReader, joinOctetString } from '@hefu/pki';

/** PFX files of Java tools are BER: indefinite lengths and strings in segments. */
const MAX_DEPTH = 30;
const MAX_ELEMENTS = 10_000;
const MAX_SEGMENTS = 4_096;

export function shellReader(bytes: Uint8Array): BerReader {
  return BerReader.over(bytes, MAX_DEPTH, MAX_ELEMENTS);
}

/** Of the OCTET STRING the reader stands on, or of one tagged implicitly: what it holds, joined. */
export function octetsOf(reader: BerReader): Uint8Array {
  return joinOctetString(reader, MAX_SEGMENTS);
}
