import { equalBytes } from '../asn1/bytes.js';
import { contentStart } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { timeDeviations } from '../asn1/time.js';
import type { X509DeviationId } from '../deviations.js';
import type { AlgorithmIdentifier, Deviation } from '../model.js';
import { extensionOffsets, writesDefault } from './extension.js';
import { sm2_with_SM3 } from './oids.js';

/** The list being written, and the findings that certificates and CRLs share. */
export class Findings {
  readonly list: Deviation[] = [];

  add(id: X509DeviationId, where: string, found?: string): void {
    this.list.push(found === undefined ? { id, where } : { id, where, found });
  }
}

interface Signed {
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly tbsSignatureAlgorithm: AlgorithmIdentifier;
}

export function findAlgorithmDeviations(findings: Findings, signed: Signed, tbs: string): void {
  const inner = signed.tbsSignatureAlgorithm;
  const outer = signed.signatureAlgorithm;
  if (isSm2WithNull(inner)) findings.add('X509_SM2_PARAMETERS_NULL', `${tbs}.signature`);
  if (isSm2WithNull(outer)) findings.add('X509_SM2_PARAMETERS_NULL', 'signatureAlgorithm');
  if (!equalBytes(inner.bytes, outer.bytes)) findings.add('X509_SIGNATURE_ALGORITHM_MISMATCH', 'signatureAlgorithm', `${inner.oid} and ${outer.oid}`);
}

function isSm2WithNull(algorithm: AlgorithmIdentifier): boolean {
  return algorithm.oid === sm2_with_SM3 && algorithm.parameters?.[0] === Tag.NULL;
}

/** The Time whose TLV is at `offset`, short form: times are never longer than 27 octets. */
export function findTimeDeviations(findings: Findings, bytes: Uint8Array, offset: number, where: string): void {
  const start = contentStart(bytes, offset);
  for (const id of timeDeviations(bytes, bytes[offset]!, start, start + bytes[offset + 1]!)) findings.add(`X509_${id}`, where);
}

export function findExtensionDeviations(findings: Findings, bytes: Uint8Array, start: number, end: number, duplicates: readonly string[], where: string): void {
  const offsets = extensionOffsets(bytes, start, end);
  if (offsets.length === 0) findings.add('X509_EXTENSIONS_EMPTY', where);
  offsets.forEach((offset, i) => {
    if (writesDefault(bytes, offset)) findings.add('X509_DEFAULT_ENCODED', `${where}[${i}].critical`);
  });
  for (const oid of duplicates) findings.add('X509_DUPLICATE_EXTENSION', `${where}[${oid}]`);
}
