import { Unzlib } from 'fflate';
import { VerifyError } from '../error.js';
import type { PdfLimits } from './limits.js';
import { equalValues, isKind, nameOf, type PdfStream, type PdfValue } from './object.js';
import { malformed } from './parser.js';

/** Streams of one file that were decoded, whichever of its revisions they were read in: each is decoded, and counted, once. */
export class DecodedStreams {
  readonly #known = new Map<number, { readonly stream: PdfStream; readonly outcome: Uint8Array | VerifyError }>();
  #inflated = 0;

  /** @throws as `decodeStream` */
  decode(stream: PdfStream, { maxInflated, maxInflatedTotal }: Pick<PdfLimits, 'maxInflated' | 'maxInflatedTotal'>): Uint8Array {
    const at = stream.data.byteOffset;
    const known = this.#known.get(at);
    // The same octets under another dictionary are another stream.
    if (known !== undefined && known.stream.data.buffer === stream.data.buffer && known.stream.data.length === stream.data.length && equalValues(known.stream.dict, stream.dict)) return resultOf(known.outcome);
    const outcome = this.#tried(stream, Math.min(maxInflated, maxInflatedTotal - this.#inflated));
    this.#known.set(at, { stream, outcome });
    return resultOf(outcome);
  }

  #tried(stream: PdfStream, max: number): Uint8Array | VerifyError {
    try {
      // What came out of one that is broken at its end was work, too.
      return decodeStream(stream, max, (octets) => (this.#inflated += octets));
    } catch (error) {
      if (error instanceof VerifyError) return error;
      throw error;
    }
  }
}

function resultOf(outcome: Uint8Array | VerifyError): Uint8Array {
  if (outcome instanceof VerifyError) throw outcome;
  return outcome;
}

/** Octets that deflate makes of one, at most. */
const MOST_OF_ONE = 1032;
/** Small pieces, so that a bomb is noticed before it has gone off. */
const PIECE = 4096;

/**
 * The octets of a cross-reference or object stream: FlateDecode with PNG predictors, or no filter at all.
 * @param spent told of octets as they come out
 * @throws VerifyError PDF_UNSUPPORTED for other filters, PDF_LIMIT, PDF_MALFORMED
 */
export function decodeStream({ dict, data }: PdfStream, max: number, spent: (octets: number) => void = () => undefined): Uint8Array {
  const filter = one(dict.entries.get('Filter'));
  if (filter === undefined || filter === null) {
    if (data.length > max) throw new VerifyError('PDF_LIMIT', `a stream of more than ${max} octets`);
    spent(data.length);
    return data;
  }
  if (nameOf(filter) !== 'FlateDecode') throw new VerifyError('PDF_UNSUPPORTED', `filter ${nameOf(filter) ?? 'unreadable'}`);
  const parameters = one(dict.entries.get('DecodeParms'));
  const inflated = inflate(data, max, spent);
  return isKind(parameters, 'dict') ? unpredict(inflated, (key) => parameters.entries.get(key)) : inflated;
}

/** A filter by itself or the only one of an array. */
function one(value: PdfValue | undefined): PdfValue | undefined {
  if (!isKind(value, 'array')) return value;
  if (value.items.length > 1) throw new VerifyError('PDF_UNSUPPORTED', 'several filters on one stream');
  return value.items[0];
}

function inflate(data: Uint8Array, max: number, spent: (octets: number) => void): Uint8Array {
  const pieces: Uint8Array[] = [];
  let length = 0;
  const stream = new Unzlib((piece) => {
    length += piece.length;
    spent(piece.length);
    if (length > max) throw new VerifyError('PDF_LIMIT', `a stream inflates to more than ${max} octets`);
    pieces.push(piece);
  });
  try {
    for (let start = 0; start < data.length || start === 0; start += PIECE) stream.push(data.subarray(start, start + PIECE), start + PIECE >= data.length);
  } catch (cause) {
    if (cause instanceof VerifyError) throw cause;
    // Of the piece that broke nothing came out, but work it was.
    spent(Math.min(data.length, PIECE) * MOST_OF_ONE);
    throw new VerifyError('PDF_MALFORMED', 'a stream does not inflate', { cause });
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}

/** PNG filters (ISO 32000-1 §7.4.4.4). */
function unpredict(data: Uint8Array, parameter: (key: string) => PdfValue | undefined): Uint8Array {
  const number = (key: string, absent: number): number => {
    const value = parameter(key) ?? absent;
    if (typeof value !== 'number' || !Number.isInteger(value) || value < 1 || value > 65_536) throw malformed(`DecodeParms ${key}`);
    return value;
  };
  const predictor = number('Predictor', 1);
  if (predictor === 1) return data;
  if (predictor < 10) throw new VerifyError('PDF_UNSUPPORTED', `predictor ${predictor}`);
  const width = Math.max(1, Math.ceil((number('Colors', 1) * number('BitsPerComponent', 8)) / 8));
  const row = Math.ceil((number('Colors', 1) * number('BitsPerComponent', 8) * number('Columns', 1)) / 8);
  if (data.length % (row + 1) !== 0) throw malformed('rows of a predictor');
  const rows = data.length / (row + 1);
  const out = new Uint8Array(rows * row);
  for (let y = 0; y < rows; y++) {
    const type = data[y * (row + 1)]!;
    if (type > 4) throw malformed(`predictor row of type ${type}`);
    for (let x = 0; x < row; x++) {
      const at = y * row + x;
      const left = x >= width ? out[at - width]! : 0;
      const up = y > 0 ? out[at - row]! : 0;
      const corner = x >= width && y > 0 ? out[at - row - width]! : 0;
      out[at] = data[y * (row + 1) + 1 + x]! + [0, left, up, (left + up) >> 1, paeth(left, up, corner)][type]!;
    }
  }
  return out;
}

function paeth(a: number, b: number, c: number): number {
  const p = a + b - c;
  const [pa, pb, pc] = [Math.abs(p - a), Math.abs(p - b), Math.abs(p - c)];
  return pa <= pb && pa <= pc ? a : pb <= pc ? b : c;
}
