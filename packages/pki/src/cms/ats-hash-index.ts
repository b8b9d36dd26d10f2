import { DerReader } from '../asn1/reader.js';
import { Tag } from '../asn1/tag.js';
import { concatBytes, octetString, oid, sequence } from '../asn1/writer.js';
import { PkiError } from '../error.js';
import { DEFAULT_LIMITS } from '../limits.js';
import type { AlgorithmIdentifier, AttributeSet, SignedData } from '../model.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import type { AlgorithmToWrite } from './build.js';

/** ATSHashIndexV3 (EN 319 122-1 §5.5.2): which parts of a message an archive time-stamp covers, by their digests. */
export interface AtsHashIndex {
  /** The whole TLV. */
  readonly bytes: Uint8Array;
  readonly hashIndAlgorithm: AlgorithmIdentifier;
  readonly certificatesHashIndex: readonly Uint8Array[];
  readonly crlsHashIndex: readonly Uint8Array[];
  readonly unsignedAttrValuesHashIndex: readonly Uint8Array[];
}

/** @throws PkiError */
export function readAtsHashIndex(value: Uint8Array): AtsHashIndex {
  const outer = new DerReader(value, 0, value.length, DEFAULT_LIMITS.maxDepth);
  outer.expect(Tag.SEQUENCE, 'ATSHashIndexV3');
  outer.finish('ATSHashIndexV3');
  const fields = outer.enter();
  const hashIndAlgorithm = readAlgorithmIdentifier(fields);
  const certificatesHashIndex = readHashes(fields, 'certificatesHashIndex');
  const crlsHashIndex = readHashes(fields, 'crlsHashIndex');
  const unsignedAttrValuesHashIndex = readHashes(fields, 'unsignedAttrValuesHashIndex');
  fields.finish('ATSHashIndexV3');
  return { bytes: value, hashIndAlgorithm, certificatesHashIndex, crlsHashIndex, unsignedAttrValuesHashIndex };
}

/** A message holds at most this many certificates, CRLs and attribute values together. */
const MAX_HASHES = 10_000;

function readHashes(fields: DerReader, what: string): Uint8Array[] {
  const list = fields.expect(Tag.SEQUENCE, what).enter();
  const hashes: Uint8Array[] = [];
  while (!list.done) {
    if (hashes.length >= MAX_HASHES) throw new PkiError('TOO_MANY', `more than ${MAX_HASHES} hashes in ${what}`, { offset: list.offset });
    hashes.push(list.expect(Tag.OCTET_STRING, what).content());
  }
  return hashes;
}

/**
 * Writes the index of everything that is in a message now (§5.5.2): each element of `certificates` and of `crls`, and each
 * unsigned attribute value of the signer, digested with its attribute's type before it.
 */
export function buildAtsHashIndex(signed: SignedData, unsignedAttrs: AttributeSet | undefined, algorithm: AlgorithmToWrite, digest: (octets: Uint8Array) => Uint8Array): Uint8Array {
  const hashes = (parts: readonly Uint8Array[]): Uint8Array => sequence(...parts.map((part) => octetString(digest(part))));
  return sequence(
    sequence(oid(algorithm.oid), ...(algorithm.parameters === undefined ? [] : [algorithm.parameters])),
    hashes(signed.certificateChoices),
    hashes(signed.revocationInfoChoices),
    hashes(indexedAttributeValues(unsignedAttrs)),
  );
}

/** What is digested for each unsigned attribute value: the type's TLV, then the value's (§5.5.2). */
export function indexedAttributeValues(unsignedAttrs: AttributeSet | undefined): Uint8Array[] {
  return (unsignedAttrs?.attributes ?? []).flatMap(({ type, values }) => values.map((value) => concatBytes(oid(type), value)));
}

/**
 * The octets over which an archive time-stamp V3's imprint is computed (§5.5.3): the content type, the digest of the
 * content, the signer's fields up to its signature, and the index.
 * @param contentDigest of the content octets that messageDigest is of, by the imprint's algorithm
 */
export function archiveTimestampInput(contentType: string, contentDigest: Uint8Array, signerFields: Uint8Array, atsHashIndex: Uint8Array): Uint8Array {
  return concatBytes(oid(contentType), contentDigest, signerFields, atsHashIndex);
}
