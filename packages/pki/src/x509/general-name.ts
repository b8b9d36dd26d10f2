import { decodeOidAt } from '../asn1/oid.js';
import type { DerReader } from '../asn1/reader.js';
import { decodeString } from '../asn1/string.js';
import { Tag, contextConstructed, contextPrimitive } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { GeneralName } from '../model.js';
import { readName } from './name.js';

/**
 * Reads every element left in `reader` as a GeneralName (RFC 5280 §4.2.1.6): pass the content of the GeneralNames.
 * @throws PkiError STRUCTURE_INVALID (also when there is none) | DER_INVALID | TRUNCATED | TRAILING_DATA | TOO_MANY
 */
export function readGeneralNames(reader: DerReader, maxGeneralNames: number = DEFAULT_LIMITS.maxGeneralNames): readonly GeneralName[] {
  const names: GeneralName[] = [];
  while (!reader.done) {
    if (names.length >= maxGeneralNames) throw new PkiError('TOO_MANY', `more than ${maxGeneralNames} GeneralNames`, { offset: reader.offset });
    names.push(readGeneralName(reader));
  }
  if (names.length === 0) throw new PkiError('STRUCTURE_INVALID', 'GeneralNames without a name', { offset: reader.offset });
  return names;
}

/** Reads the next element as a GeneralName. Text is given as written, NUL and all: comparing it is the caller's part. */
export function readGeneralName(reader: DerReader): GeneralName {
  reader.next();
  switch (reader.tag) {
    case contextConstructed(0): {
      const other = reader.enter();
      other.expect(Tag.OID, 'otherName type');
      const oid = decodeOidAt(other.bytes, other.contentStart, other.end);
      const value = other.expect(contextConstructed(0), 'otherName value').content();
      other.finish('otherName');
      return { kind: 'otherName', oid, value };
    }
    case contextPrimitive(1):
      return { kind: 'rfc822Name', value: text(reader) };
    case contextPrimitive(2):
      return { kind: 'dNSName', value: text(reader) };
    case contextConstructed(3):
      return { kind: 'x400Address', value: reader.content() };
    case contextConstructed(4): {
      // Name is a CHOICE, so [4] is explicit (X.680 §31.2.7).
      const explicit = reader.enter();
      const name = readName(explicit);
      explicit.finish('directoryName');
      return { kind: 'directoryName', name };
    }
    case contextConstructed(5):
      return { kind: 'ediPartyName', value: reader.content() };
    case contextPrimitive(6):
      return { kind: 'uniformResourceIdentifier', value: text(reader) };
    case contextPrimitive(7):
      return { kind: 'iPAddress', octets: reader.content() };
    case contextPrimitive(8):
      return { kind: 'registeredID', oid: decodeOidAt(reader.bytes, reader.contentStart, reader.end) };
    default:
      throw new PkiError('STRUCTURE_INVALID', `tag ${reader.tag.toString(16)} is no GeneralName`, { offset: reader.start });
  }
}

function text(reader: DerReader): string {
  const value = decodeString(Tag.IA5_STRING, reader.content());
  if (value === undefined) throw new PkiError('STRUCTURE_INVALID', 'GeneralName is not text', { offset: reader.start });
  return value;
}
