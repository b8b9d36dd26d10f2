import type { DigestAlgorithm } from '@hefu/crypto';
import {
  concatBytes, equalBytes, id_aa_ets_archiveTimestampV2, id_aa_ets_archiveTimestampV3, implicitConstructed, parseTimeStampToken, PkiError,
  type Attribute, type SignedData, type SignerInfo, type TimeStampToken,
} from '@hefu/pki';
import type { Content } from '../signature/content.js';
import type { ArchiveInput } from './archive-index.js';
import type { TimestampRefusal } from './check-timestamp.js';

/** What an archive time-stamp of version 2 stands beside. */
export interface ArchivedWhole {
  readonly signed: SignedData;
  readonly signer: SignerInfo;
  readonly content: Content;
}

const ARCHIVES: readonly string[] = [id_aa_ets_archiveTimestampV2, id_aa_ets_archiveTimestampV3];

/**
 * The octets of an archive time-stamp of version 2 (TS 101 733 §6.4.1) and what they cover: encapContentInfo, detached content,
 * certificates, CRLs, and every element of the SignerInfo, as received, tags and lengths included. It has no index: what stood there
 * when it was made is what stands there now but for itself and the archive time-stamps that came later. Some writers hash the unsigned
 * attributes without tag and length of their SET; either form binds the same. Where neither meets the imprint, what was added since or written otherwise cannot
 * be told from what was altered: that is no proof, and no failure either.
 */
export function archiveInputV2({ signed, signer, content }: ArchivedWhole, digest: DigestAlgorithm, token: TimeStampToken, value: Uint8Array): ArchiveInput | TimestampRefusal {
  const detached = signed.encapContentInfo.content === undefined;
  if (detached && !(content instanceof Uint8Array)) return { code: 'CONTENT_MISSING', actual: 'the octets themselves, for an archive time-stamp of version 2' };
  const all = signer.unsignedAttrs?.attributes ?? [];
  const before = all.filter((attribute) => !ARCHIVES.includes(attribute.type) || !isThisOrLater(attribute, value, token.tstInfo.genTime));
  const start = concatBytes(
    signed.encapContentInfo.bytes, ...(detached ? [content as Uint8Array] : []),
    ...(signed.certificateChoices.length === 0 ? [] : [implicitConstructed(0, ...signed.certificateChoices)]),
    ...(signed.revocationInfoChoices.length === 0 ? [] : [implicitConstructed(1, ...signed.revocationInfoChoices)]),
    signer.fields,
  );
  const attributes = before.map(({ bytes }) => bytes);
  const forms = attributes.length === 0 ? [start] : [concatBytes(start, implicitConstructed(1, ...attributes)), concatBytes(start, ...attributes)];
  const octets = forms.find((form) => equalBytes(digest.digest(form), token.tstInfo.messageImprint.hashedMessage));
  if (octets === undefined) return { code: 'ARCHIVE_TIMESTAMP_OPEN' };
  return { octets, coverage: { certificates: signed.certificateChoices, revocation: signed.revocationInfoChoices, attributes: before } };
}

/** Of one attribute with several tokens no part can be left out without writing it anew. */
function isThisOrLater({ values }: Attribute, value: Uint8Array, genTime: number): boolean {
  return values.some((other) => equalBytes(other, value) || genTimeOf(other) >= genTime);
}

function genTimeOf(token: Uint8Array): number {
  try {
    return parseTimeStampToken(token).tstInfo.genTime;
  } catch (error) {
    if (error instanceof PkiError) return Infinity;
    throw error;
  }
}
