import { isMinimalInteger, readInteger } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { checkNesting } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { timeAt, timeDeviations } from '../asn1/time.js';
import { PkiError } from '../error.js';
import type { PkiLimits } from '../limits.js';
import type { AlgorithmIdentifier, Deviation, Extension } from '../model.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { checkExtension, decodeExtensions, duplicatesAmong, extensionOffsets, writesDefault } from '../x509/extension.js';
import type { OcspDeviationId } from './deviations.js';
import type { CertId } from './model.js';

/** What reading has tolerated so far. */
export class OcspFindings {
  readonly list: Deviation[] = [];
  readonly duplicates: Set<string> = new Set<string>();

  add(id: OcspDeviationId, where: string): void {
    this.list.push({ id, where });
  }
}

/** CertID, RFC 6960 §4.1.1. @throws PkiError */
export function readCertId(reader: DerReader, findings: OcspFindings, where: string): CertId {
  const bytes = reader.expect(Tag.SEQUENCE, 'CertID').tlv();
  const inner = reader.enter();
  const hashAlgorithm = readAlgorithm(inner);
  const issuerNameHash = inner.expect(Tag.OCTET_STRING, 'issuerNameHash').content();
  const issuerKeyHash = inner.expect(Tag.OCTET_STRING, 'issuerKeyHash').content();
  const serialNumber = readInteger(inner);
  if (!isMinimalInteger(serialNumber)) findings.add('OCSP_SERIAL_NOT_MINIMAL', `${where}.serialNumber`);
  inner.finish('CertID');
  return { bytes, hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber };
}

/** An AlgorithmIdentifier whose parameters, decoded later or never, are well-formed. @throws PkiError */
export function readAlgorithm(reader: DerReader): AlgorithmIdentifier {
  const algorithm = readAlgorithmIdentifier(reader);
  if (algorithm.parameters !== undefined) checkNesting(algorithm.parameters, 0, algorithm.parameters.length, reader.depth, reader.maxDepth);
  return algorithm;
}

/** GeneralizedTime; all times of OCSP are. @throws PkiError */
export function readGeneralizedTime(reader: DerReader, findings: OcspFindings, where: string): number {
  reader.expect(Tag.GENERALIZED_TIME, where);
  const { bytes, contentStart, end } = reader;
  if (timeDeviations(bytes, Tag.GENERALIZED_TIME, contentStart, end).includes('TIME_FRACTION')) findings.add('OCSP_TIME_FRACTION', where);
  return timeAt(bytes, Tag.GENERALIZED_TIME, contentStart, end);
}

/** The Extensions inside the current, explicitly tagged element. @throws PkiError */
export function readExtensions(reader: DerReader, limits: PkiLimits, findings: OcspFindings, where: string): readonly Extension[] {
  const explicit = reader.enter();
  explicit.expect(Tag.SEQUENCE, where);
  explicit.finish(where);
  const { bytes, contentStart, end } = explicit;
  let count = 0;
  for (let at = contentStart; at < end; ) {
    at = checkExtension(bytes, at, end);
    if (++count > limits.maxExtensions) throw new PkiError('TOO_MANY', `more than ${limits.maxExtensions} extensions`, { offset: at });
  }
  if (count === 0) findings.add('OCSP_EXTENSIONS_EMPTY', where);
  for (const offset of extensionOffsets(bytes, contentStart, end)) if (writesDefault(bytes, offset)) findings.add('OCSP_DEFAULT_ENCODED', where);
  const extensions = decodeExtensions(bytes, contentStart, end);
  for (const oid of duplicatesAmong(extensions)) {
    findings.duplicates.add(oid);
    findings.add('OCSP_DUPLICATE_EXTENSION', `${where}[${oid}]`);
  }
  return extensions;
}

/** A nonce from its extnValue: an OCTET STRING (RFC 8954 §2.1), or the bare octets of older responders. */
export function nonceOf(value: Uint8Array): { readonly nonce: Uint8Array; readonly wrapped: boolean } {
  try {
    const reader = new DerReader(value);
    reader.expect(Tag.OCTET_STRING, 'Nonce');
    reader.finish('Nonce');
    return { nonce: reader.content(), wrapped: true };
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return { nonce: value, wrapped: false };
  }
}
