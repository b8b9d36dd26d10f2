import { readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { Tag, contextConstructed } from '../asn1/tag.js';
import { timeAt } from '../asn1/time.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import { checkInput, refusal } from '../refuse.js';
import { readBits, readCertificateOctets, readDate, readExtensions, readOid, readText, SesFindings } from './elements.js';
import type { SealSignature } from './model.js';
import { readSeal } from './seal.js';

/**
 * Reads a stamped signature, DER, nothing after it: SES_Signature of GM/T 0031-2014 (two members), of GB/T 38540-2020
 * or GM/T 0031-2025 (four or five). Its version is its seal's. Everything is a view over `bytes`.
 * @throws PkiError as `parseSeal`
 */
export function parseSealSignature(bytes: Uint8Array, limits?: Partial<PkiLimits>): SealSignature {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxSealBytes);
  try {
    const outer = new DerReader(bytes, 0, bytes.length, budget.maxDepth);
    outer.expect(Tag.SEQUENCE, 'SES_Signature');
    outer.finish('SES_Signature');
    return readSignature(bytes, outer.enter(), new SesFindings());
  } catch (error) {
    throw refusal(error, bytes, 'unknown', budget.maxDepth);
  }
}

function readSignature(bytes: Uint8Array, fields: DerReader, findings: SesFindings): SealSignature {
  const toSign = fields.expect(Tag.SEQUENCE, 'TBS_Sign').tlv();
  const tbs = fields.enter();
  const stated = readSmallInteger(tbs, 'toSign.version');
  const seal = readSeal(tbs, findings);
  if (stated !== seal.version) findings.add('SES_VERSION_MISMATCH', 'toSign.version', String(stated));
  const older = seal.version === 1;
  const when = older ? readTimeInfo(tbs, findings) : { time: readDate(tbs, Tag.GENERALIZED_TIME, 'toSign.timeInfo', findings), timeToken: undefined };
  const dataHash = readBits(tbs, 'toSign.dataHash', findings);
  const propertyInfo = readText(tbs, Tag.IA5_STRING, 'toSign.propertyInfo', findings);
  const common = { bytes, version: seal.version, seal, toSign, ...when, dataHash, propertyInfo, deviations: findings.list };
  if (older) {
    // GM/T 0031-2014 signs the certificate and the algorithm too.
    const certificate = readCertificateOctets(tbs, 'toSign.cert');
    const signatureAlgorithm = readOid(tbs, 'toSign.signatureAlgorithm');
    const extensions = readExtensions(tbs, 'toSign.extDatas', findings);
    tbs.finish('TBS_Sign');
    const signature = readBits(fields, 'signature', findings);
    fields.finish('SES_Signature');
    return { ...common, extensions, certificate, signatureAlgorithm, signature, timeStamp: undefined };
  }
  const extensions = readExtensions(tbs, 'toSign.extDatas', findings);
  tbs.finish('TBS_Sign');
  const certificate = readCertificateOctets(fields, 'cert');
  const signatureAlgorithm = readOid(fields, 'signatureAlgID');
  const signature = readBits(fields, 'signature', findings);
  let timeStamp: Uint8Array | undefined;
  if (fields.optional(contextConstructed(0))) {
    const explicit = fields.enter();
    timeStamp = readBits(explicit, 'timeStamp', findings);
    explicit.finish('timeStamp');
  }
  fields.finish('SES_Signature');
  return { ...common, extensions, certificate, signatureAlgorithm, signature, timeStamp };
}

/** V1's `timeInfo` is a BIT STRING holding a time-stamp token, or a time's TLV or its bare text. */
function readTimeInfo(tbs: DerReader, findings: SesFindings): Pick<SealSignature, 'time' | 'timeToken'> {
  if (tbs.peek() === Tag.UTC_TIME || tbs.peek() === Tag.GENERALIZED_TIME) return { time: readDate(tbs, Tag.UTC_TIME, 'toSign.timeInfo', findings), timeToken: undefined };
  const octets = readBits(tbs, 'toSign.timeInfo', findings);
  const [first] = octets;
  if (first === Tag.SEQUENCE) return { time: undefined, timeToken: octets };
  if (first === Tag.UTC_TIME || first === Tag.GENERALIZED_TIME) {
    const inner = new DerReader(octets);
    inner.next();
    inner.finish('timeInfo');
    return { time: timeAt(octets, first, inner.contentStart, inner.end), timeToken: undefined };
  }
  if (octets.length === 13) return { time: timeAt(octets, Tag.UTC_TIME, 0, octets.length), timeToken: undefined };
  if (octets.length >= 15 && octets.length <= 25) return { time: timeAt(octets, Tag.GENERALIZED_TIME, 0, octets.length), timeToken: undefined };
  throw new PkiError('TIME_INVALID', 'timeInfo is neither a time nor a time-stamp', { offset: tbs.start });
}
