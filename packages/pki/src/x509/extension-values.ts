import { decodeOidAt } from '../asn1/oid.js';
import { readBoolean, readInteger, readNamedBits, readSmallInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { Tag, contextConstructed, contextPrimitive } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { PkiLimits } from '../limits.js';
import type {
  AccessDescription, AuthorityKeyIdentifier, BasicConstraints, DistributionPoint, GeneralName, IssuingDistributionPoint, KeyUsageBit,
} from '../model.js';
import { extensionReader } from './extension.js';
import { readGeneralName, readGeneralNames } from './general-name.js';

/** Each decodes one extnValue (RFC 5280 §4.2.1, §5.2): all that `value` reads, and nothing after it. All throw PkiError. */
export type ExtensionDecoder<T> = (value: DerReader, limits: PkiLimits) => T;

/** Runs a decoder over an extnValue; whatever is wrong inside an extension is STRUCTURE_INVALID outside, with the finding as `cause`. */
export function decodeExtension<T>(oid: string, value: Uint8Array, limits: PkiLimits, decode: ExtensionDecoder<T>): T {
  return decodeExtensionIn(new DerReader(value, 0, value.length, limits.maxDepth), oid, limits, decode);
}

/** As {@link decodeExtension}, over the extnValue of the checked Extension at `offset`. */
export function decodeExtensionAt<T>(bytes: Uint8Array, offset: number, oid: string, limits: PkiLimits, decode: ExtensionDecoder<T>): T {
  return decodeExtensionIn(extensionReader(bytes, offset, limits.maxDepth), oid, limits, decode);
}

function decodeExtensionIn<T>(value: DerReader, oid: string, limits: PkiLimits, decode: ExtensionDecoder<T>): T {
  try {
    return decode(value, limits);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    throw new PkiError('STRUCTURE_INVALID', `extension ${oid}: ${error.message}`, { cause: error });
  }
}

/** A reader over the content of the one element that `value` holds. */
function enterOnly(value: DerReader, tag: number, what: string): DerReader {
  value.expect(tag, what).finish(what);
  return value.enter();
}

const KEY_USAGE_BITS: readonly KeyUsageBit[] = [
  'digitalSignature', 'nonRepudiation', 'keyEncipherment', 'dataEncipherment', 'keyAgreement', 'keyCertSign', 'cRLSign', 'encipherOnly', 'decipherOnly',
];

/** §4.2.1.3 */
export function decodeKeyUsage(value: DerReader): ReadonlySet<KeyUsageBit> {
  const bits = readNamedBits(value, KEY_USAGE_BITS.length);
  value.finish('KeyUsage');
  const usage = new Set<KeyUsageBit>();
  for (const bit of bits) usage.add(KEY_USAGE_BITS[bit]!);
  return usage;
}

/** §4.2.1.9. An encoded FALSE, which DER forbids, is read. */
export function decodeBasicConstraints(value: DerReader): BasicConstraints {
  const inner = enterOnly(value, Tag.SEQUENCE, 'BasicConstraints');
  const ca = inner.peek() === Tag.BOOLEAN && readBoolean(inner);
  const pathLength = inner.done ? undefined : readSmallInteger(inner, 'pathLenConstraint');
  inner.finish('BasicConstraints');
  return { ca, pathLength };
}

/** §4.2.1.12 */
export function decodeExtendedKeyUsage(value: DerReader): readonly string[] {
  const inner = enterOnly(value, Tag.SEQUENCE, 'ExtKeyUsageSyntax');
  const purposes: string[] = [];
  while (!inner.done) {
    inner.expect(Tag.OID, 'KeyPurposeId');
    purposes.push(decodeOidAt(inner.bytes, inner.contentStart, inner.end));
  }
  if (purposes.length === 0) throw new PkiError('STRUCTURE_INVALID', 'no KeyPurposeId');
  return purposes;
}

/** §4.2.1.2 */
export function decodeSubjectKeyIdentifier(value: DerReader): Uint8Array {
  value.expect(Tag.OCTET_STRING, 'SubjectKeyIdentifier').finish('SubjectKeyIdentifier');
  return value.content();
}

/** §4.2.1.1 */
export function decodeAuthorityKeyIdentifier(value: DerReader, limits: PkiLimits): AuthorityKeyIdentifier {
  const inner = enterOnly(value, Tag.SEQUENCE, 'AuthorityKeyIdentifier');
  const keyIdentifier = inner.optional(contextPrimitive(0)) ? inner.content() : undefined;
  const authorityCertIssuer = inner.optional(contextConstructed(1)) ? readGeneralNames(inner.enter(), limits.maxGeneralNames) : undefined;
  const authorityCertSerialNumber = inner.peek() === contextPrimitive(2) ? readInteger(inner, contextPrimitive(2)) : undefined;
  inner.finish('AuthorityKeyIdentifier');
  return { keyIdentifier, authorityCertIssuer, authorityCertSerialNumber };
}

/** §4.2.1.6 */
export function decodeSubjectAltName(value: DerReader, limits: PkiLimits): readonly GeneralName[] {
  return readGeneralNames(enterOnly(value, Tag.SEQUENCE, 'SubjectAltName'), limits.maxGeneralNames);
}

/** §4.2.1.13 */
export function decodeCrlDistributionPoints(value: DerReader, limits: PkiLimits): readonly DistributionPoint[] {
  const outer = enterOnly(value, Tag.SEQUENCE, 'CRLDistributionPoints');
  const points: DistributionPoint[] = [];
  while (!outer.done) {
    if (points.length >= limits.maxGeneralNames) throw new PkiError('TOO_MANY', `more than ${limits.maxGeneralNames} DistributionPoints`);
    const inner = outer.expect(Tag.SEQUENCE, 'DistributionPoint').enter();
    const { fullName, relativeName } = readDistributionPointName(inner, limits);
    const reasons = inner.peek() === contextPrimitive(1) ? readNamedBits(inner, REASON_FLAGS, contextPrimitive(1)) : undefined;
    const crlIssuer = inner.optional(contextConstructed(2)) ? readGeneralNames(inner.enter(), limits.maxGeneralNames) : [];
    inner.finish('DistributionPoint');
    points.push({ fullName, relativeName, reasons, crlIssuer });
  }
  if (points.length === 0) throw new PkiError('STRUCTURE_INVALID', 'no DistributionPoint');
  return points;
}

/** Bits of ReasonFlags: unused(0) to aACompromise(8). */
const REASON_FLAGS = 9;

function readDistributionPointName(reader: DerReader, limits: PkiLimits): { fullName: readonly GeneralName[]; relativeName: Uint8Array | undefined } {
  if (!reader.optional(contextConstructed(0))) return { fullName: [], relativeName: undefined };
  const choice = reader.enter();
  if (choice.optional(contextConstructed(0))) {
    const fullName = readGeneralNames(choice.enter(), limits.maxGeneralNames);
    choice.finish('DistributionPointName');
    return { fullName, relativeName: undefined };
  }
  const relativeName = choice.expect(contextConstructed(1), 'DistributionPointName').tlv();
  choice.finish('DistributionPointName');
  return { fullName: [], relativeName };
}

/** §4.2.2.1 */
export function decodeAuthorityInfoAccess(value: DerReader, limits: PkiLimits): readonly AccessDescription[] {
  const outer = enterOnly(value, Tag.SEQUENCE, 'AuthorityInfoAccessSyntax');
  const descriptions: AccessDescription[] = [];
  while (!outer.done) {
    if (descriptions.length >= limits.maxGeneralNames) throw new PkiError('TOO_MANY', `more than ${limits.maxGeneralNames} AccessDescriptions`);
    const inner = outer.expect(Tag.SEQUENCE, 'AccessDescription').enter();
    inner.expect(Tag.OID, 'accessMethod');
    const method = decodeOidAt(inner.bytes, inner.contentStart, inner.end);
    const location = readGeneralName(inner);
    inner.finish('AccessDescription');
    descriptions.push({ method, location });
  }
  if (descriptions.length === 0) throw new PkiError('STRUCTURE_INVALID', 'no AccessDescription');
  return descriptions;
}

/** §4.2.1.4; qualifiers are checked to be one SEQUENCE and left alone. */
export function decodeCertificatePolicies(value: DerReader): readonly string[] {
  const outer = enterOnly(value, Tag.SEQUENCE, 'CertificatePolicies');
  const policies: string[] = [];
  while (!outer.done) {
    const inner = outer.expect(Tag.SEQUENCE, 'PolicyInformation').enter();
    inner.expect(Tag.OID, 'policyIdentifier');
    policies.push(decodeOidAt(inner.bytes, inner.contentStart, inner.end));
    inner.optional(Tag.SEQUENCE);
    inner.finish('PolicyInformation');
  }
  if (policies.length === 0) throw new PkiError('STRUCTURE_INVALID', 'no PolicyInformation');
  return policies;
}

/** §5.2.3 CRLNumber and §5.2.4 BaseCRLNumber: content octets. */
export function decodeCrlNumber(value: DerReader): Uint8Array {
  const number = readInteger(value);
  value.finish('CRLNumber');
  return number;
}

/** §5.2.5 */
export function decodeIssuingDistributionPoint(value: DerReader, limits: PkiLimits): IssuingDistributionPoint {
  const inner = enterOnly(value, Tag.SEQUENCE, 'IssuingDistributionPoint');
  const { fullName, relativeName } = readDistributionPointName(inner, limits);
  const onlyContainsUserCerts = optionalFlag(inner, 1);
  const onlyContainsCACerts = optionalFlag(inner, 2);
  const onlySomeReasons = inner.peek() === contextPrimitive(3) ? readNamedBits(inner, REASON_FLAGS, contextPrimitive(3)) : undefined;
  const indirectCRL = optionalFlag(inner, 4);
  const onlyContainsAttributeCerts = optionalFlag(inner, 5);
  inner.finish('IssuingDistributionPoint');
  return { fullName, relativeName, onlyContainsUserCerts, onlyContainsCACerts, onlySomeReasons, indirectCRL, onlyContainsAttributeCerts };
}

function optionalFlag(reader: DerReader, n: number): boolean {
  return reader.peek() === contextPrimitive(n) && readBoolean(reader, contextPrimitive(n));
}
