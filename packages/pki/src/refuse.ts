import { checkNesting } from './asn1/scan.js';
import { Tag } from './asn1/tag.js';
import { PkiError } from './error.js';
import { type Identified, identify } from './identify.js';

/**
 * The error to throw when `bytes` could not be read as `wanted`: WRONG_STRUCTURE when they are recognisably
 * something else; what is wrong with the encoding when that comes first (a structure of DER nested too deep, or
 * cut off, is no structure of another kind); otherwise the finding itself.
 */
export function refusal(error: unknown, bytes: Uint8Array, wanted: Identified, maxDepth: number): unknown {
  if (!(error instanceof PkiError)) return error;
  const detected = identify(bytes);
  if (detected === wanted) return error;
  if (detected === 'unknown') return bytes[0] === Tag.SEQUENCE && error.code === 'STRUCTURE_INVALID' ? (encodingError(bytes, maxDepth) ?? error) : error;
  return new PkiError('WRONG_STRUCTURE', `expected ${wanted}, this looks like ${detected}`, { cause: error, detected });
}

function encodingError(bytes: Uint8Array, maxDepth: number): unknown {
  try {
    checkNesting(bytes, 0, bytes.length, 0, maxDepth);
    return undefined;
  } catch (error) {
    return error;
  }
}

/** Checks common to parser entries. @throws TypeError, PkiError EMPTY_INPUT | INPUT_TOO_LARGE */
export function checkInput(bytes: Uint8Array, maxBytes: number): void {
  if (!(bytes instanceof Uint8Array)) throw new TypeError('expected DER as a Uint8Array; the read functions take text too');
  if (bytes.length === 0) throw new PkiError('EMPTY_INPUT', 'nothing was given');
  if (bytes.length > maxBytes) throw new PkiError('INPUT_TOO_LARGE', `${bytes.length} octets, over the limit of ${maxBytes}`);
}
