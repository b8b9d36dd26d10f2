import type { DigestAlgorithm } from '@hefu/crypto';
import {
  archiveTimestampInput, concatBytes, hexOf, id_aa_ATSHashIndex, id_aa_ATSHashIndexV2, id_aa_ATSHashIndexV3, oid, PkiError, readAtsHashIndex,
  type AtsHashIndex, type Attribute, type SignedData, type SignerInfo, type TimeStampToken,
} from '@hefu/pki';
import { resolveAlias } from '../signature/aliases.js';
import type { TimestampRefusal } from './check-timestamp.js';

/** What an archive time-stamp stands beside. */
export interface ArchivedMessage {
  readonly signed: SignedData;
  readonly signer: SignerInfo;
  /** The plain digest of the content octets; undefined where they are not here and it is not known. */
  readonly contentDigest: (digest: DigestAlgorithm) => Uint8Array | undefined;
}

/** The parts of a message that an archive time-stamp covers beside the signer's fields and the content. Whole TLVs. */
export interface ArchiveCoverage {
  readonly certificates: readonly Uint8Array[];
  readonly revocation: readonly Uint8Array[];
  /** Unsigned attributes of the signer, with those of their values that are covered. */
  readonly attributes: readonly Pick<Attribute, 'type' | 'values'>[];
}

export interface ArchiveInput {
  /** What the imprint is of (EN 319 122-1 §5.5.3). */
  readonly octets: Uint8Array;
  readonly coverage: ArchiveCoverage;
}

/**
 * The octets of an archive time-stamp V3 and what they cover. Every entry of its ATSHashIndexV3 must be met by something in the
 * message (EN 319 122-1 §5.5.2): otherwise something was removed since. What has no entry came later, and is not covered.
 */
export function archiveInput({ signed, signer, contentDigest }: ArchivedMessage, digest: DigestAlgorithm, token: TimeStampToken): ArchiveInput | TimestampRefusal {
  const index = indexOf(token);
  if ('code' in index) return index;
  if (!digest.oids.includes(resolveAlias(index.hashIndAlgorithm.oid, 'digestAlgorithm').oid)) {
    return { code: 'TIMESTAMP_INDEX_INVALID', actual: `hashIndAlgorithm ${index.hashIndAlgorithm.oid}` };
  }
  // One CA writes the content type of detached messages as an OID of no octets, of which there is no input to build.
  if (signed.encapContentInfo.contentType === '') return { code: 'TIMESTAMP_UNSUPPORTED', actual: 'a message without content type' };

  const certificates = new Covered(index.certificatesHashIndex);
  const revocation = new Covered(index.crlsHashIndex);
  const attributes = new Covered(index.unsignedAttrValuesHashIndex);
  const coverage: ArchiveCoverage = {
    certificates: signed.certificateChoices.filter((choice) => certificates.has(digest.digest(choice))),
    revocation: signed.revocationInfoChoices.filter((choice) => revocation.has(digest.digest(choice))),
    attributes: (signer.unsignedAttrs?.attributes ?? []).map(({ type, values }) => ({ type, values: values.filter((value) => attributes.has(digest.digest(concatBytes(oid(type), value)))) })),
  };
  for (const [what, covered] of [['certificates', certificates], ['crls', revocation], ['unsignedAttrs', attributes]] as const) {
    if (covered.missing > 0) return { code: 'TIMESTAMP_INDEX_INVALID', actual: `${covered.missing} of ${what}` };
  }
  const ofContent = contentDigest(digest);
  if (ofContent === undefined) return { code: 'CONTENT_MISSING', actual: `no ${digest.name} of it` };
  return { octets: archiveTimestampInput(signed.encapContentInfo.contentType, ofContent, signer.fields, index.bytes), coverage };
}

function indexOf({ signed }: TimeStampToken): AtsHashIndex | TimestampRefusal {
  const attributes = signed.signerInfos[0]?.unsignedAttrs;
  const values = attributes?.find(id_aa_ATSHashIndexV3).flatMap((attribute) => attribute.values) ?? [];
  const [value, another] = values;
  if (value === undefined) {
    const older = [id_aa_ATSHashIndex, id_aa_ATSHashIndexV2].find((type) => (attributes?.find(type).length ?? 0) > 0);
    return older === undefined ? { code: 'TIMESTAMP_INDEX_INVALID', actual: 'no ATSHashIndexV3' } : { code: 'TIMESTAMP_UNSUPPORTED', actual: `hash index ${older}` };
  }
  if (another !== undefined) return { code: 'TIMESTAMP_INDEX_INVALID', actual: 'more than one ATSHashIndexV3' };
  try {
    return readAtsHashIndex(value);
  } catch (error) {
    if (error instanceof PkiError) return { code: 'TIMESTAMP_MALFORMED', actual: `ATSHashIndexV3 ${error.code}` };
    throw error;
  }
}

/** Entries of an index, and which of them have been met. */
class Covered {
  readonly #entries: ReadonlySet<string>;
  readonly #met = new Set<string>();

  constructor(entries: readonly Uint8Array[]) {
    this.#entries = new Set(entries.map(hexOf));
  }

  has(digest: Uint8Array): boolean {
    const key = hexOf(digest);
    if (!this.#entries.has(key)) return false;
    this.#met.add(key);
    return true;
  }

  get missing(): number {
    return this.#entries.size - this.#met.size;
  }
}
