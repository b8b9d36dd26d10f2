import { decodeOidAt } from '../asn1/oid.js';
import { readBoolean, readInteger, readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { Tag, contextConstructed, contextPrimitive } from '../asn1/tag.js';
import { timeAt } from '../asn1/time.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type { Extension } from '../model.js';
import { checkInput } from '../refuse.js';
import { checkExtension, decodeExtensions, duplicatesAmong } from '../x509/extension.js';
import { readGeneralName } from '../x509/general-name.js';
import { readMessageImprint, TspFindings } from './imprint.js';
import type { TstInfo } from './model.js';

/** RFC 3161 §2.4.2: up to 160 bits, and the sign octet. */
const MAX_SERIAL_OCTETS = 21;
/** Nonces are 64 bits in practice; none was seen over 32 octets. */
const MAX_NONCE_OCTETS = 64;

/**
 * Reads a TSTInfo, DER, nothing after it (RFC 3161 §2.4.2). Nothing is verified. Everything is a view over `bytes`.
 * @throws PkiError VERSION_UNSUPPORTED for a version other than 1; TIME_INVALID; otherwise the codes of `parseCertificate`
 */
export function parseTstInfo(bytes: Uint8Array, findings: TspFindings = new TspFindings(), limits?: Partial<PkiLimits>): TstInfo {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxTimeStampBytes);
  const outer = new DerReader(bytes, 0, bytes.length, budget.maxDepth);
  outer.expect(Tag.SEQUENCE, 'TSTInfo');
  outer.finish('TSTInfo');
  const fields = outer.enter();
  if (readSmallInteger(fields, 'version') !== 1) throw new PkiError('VERSION_UNSUPPORTED', 'TSTInfo version is not 1', { offset: fields.start });
  fields.expect(Tag.OID, 'policy');
  const policy = decodeOidAt(fields.bytes, fields.contentStart, fields.end);
  const messageImprint = readMessageImprint(fields, findings);
  const serialNumber = boundedInteger(fields, 'serialNumber', MAX_SERIAL_OCTETS);
  fields.expect(Tag.GENERALIZED_TIME, 'genTime');
  const genTime = timeAt(fields.bytes, Tag.GENERALIZED_TIME, fields.contentStart, fields.end);
  const accuracy = fields.optional(Tag.SEQUENCE) ? readAccuracy(fields.enter()) : undefined;
  let ordering = false;
  if (fields.peek() === Tag.BOOLEAN) {
    ordering = readBoolean(fields);
    if (!ordering) findings.add('TSP_DEFAULT_ENCODED', 'ordering');
  }
  const nonce = fields.peek() === Tag.INTEGER ? boundedInteger(fields, 'nonce', MAX_NONCE_OCTETS) : undefined;
  let tsa: TstInfo['tsa'];
  if (fields.optional(contextConstructed(0))) {
    // GeneralName is a CHOICE, so [0] is explicit (X.680 §31.2.7).
    const explicit = fields.enter();
    tsa = readGeneralName(explicit);
    explicit.finish('tsa');
  }
  const extensions = fields.optional(contextConstructed(1)) ? readExtensions(fields, budget) : [];
  fields.finish('TSTInfo');
  return { bytes, policy, messageImprint, serialNumber, genTime, accuracy, ordering, nonce, tsa, extensions };
}

/** Accuracy ::= SEQUENCE { seconds INTEGER, millis [0] INTEGER (1..999), micros [1] INTEGER (1..999) }, all optional. */
function readAccuracy(fields: DerReader): number {
  const seconds = fields.peek() === Tag.INTEGER ? readSmallInteger(fields, 'seconds') : 0;
  const part = (n: number, what: string): number => {
    if (fields.peek() !== contextPrimitive(n)) return 0;
    const value = readSmallInteger(fields, what, contextPrimitive(n));
    if (value > 999) throw new PkiError('STRUCTURE_INVALID', `${what} of accuracy is over 999`, { offset: fields.start });
    return value;
  };
  const millis = part(0, 'millis');
  const micros = part(1, 'micros');
  fields.finish('Accuracy');
  return seconds * 1000 + millis + micros / 1000;
}

function boundedInteger(fields: DerReader, what: string, max: number): Uint8Array {
  const content = readInteger(fields);
  if (content.length > max) throw new PkiError('INPUT_TOO_LARGE', `${what} of ${content.length} octets`, { offset: fields.start });
  return content;
}

/** `[1] IMPLICIT Extensions`, as in requests (`[0]`). A duplicate would leave open which counts (RFC 5280 §4.2). */
export function readExtensions(reader: DerReader, limits: PkiLimits): readonly Extension[] {
  const { bytes, contentStart, end } = reader;
  let count = 0;
  for (let at = contentStart; at < end; ) {
    at = checkExtension(bytes, at, end);
    if (++count > limits.maxExtensions) throw new PkiError('TOO_MANY', `more than ${limits.maxExtensions} extensions`, { offset: at });
  }
  const extensions = decodeExtensions(bytes, contentStart, end);
  if (duplicatesAmong(extensions).length > 0) throw new PkiError('STRUCTURE_INVALID', 'an extension appears twice', { offset: contentStart });
  return extensions;
}
