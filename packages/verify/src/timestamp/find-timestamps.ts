import { id_aa_ets_archiveTimestampV2, id_aa_ets_archiveTimestampV3, id_aa_ets_contentTimestamp, id_aa_timeStampToken, type SignerInfo } from '@hefu/pki';
import type { TimestampKind } from './model.js';

/** A time-stamp beside a signature, as its attribute value. */
export interface FoundTimestamp {
  readonly kind: Exclude<TimestampKind, 'evidence'>;
  /** DER or BER of the token: the attribute value. */
  readonly bytes: Uint8Array;
  /** An archive time-stamp over the whole message (TS 101 733 §6.4.1), as before there was an index. */
  readonly whole?: true;
  /** Why it is not looked into. */
  readonly unsupported?: string;
}

/** Each costs a path and a signature or two; a file renewed every five years for a century has twenty. */
const MAX_TIMESTAMPS = 32;

const id_aa_ets_archiveTimestamp = '1.2.840.113549.1.9.16.2.27';
const id_aa_ets_escTimeStamp = '1.2.840.113549.1.9.16.2.25';
const id_aa_ets_certCRLTimestamp = '1.2.840.113549.1.9.16.2.26';

const UNSIGNED: readonly (readonly [type: string, kind: FoundTimestamp['kind'], unsupported?: string])[] = [
  [id_aa_timeStampToken, 'signature'],
  [id_aa_ets_archiveTimestampV3, 'archive'],
  [id_aa_ets_archiveTimestampV2, 'archive'],
  // Their imprints are over parts of the message re-encoded, which is not done here (EN 319 122-1 annex A.2).
  [id_aa_ets_archiveTimestamp, 'archive', 'archive-time-stamp'],
  [id_aa_ets_escTimeStamp, 'archive', 'CAdES-C-timestamp'],
  [id_aa_ets_certCRLTimestamp, 'archive', 'time-stamped-certs-crls-references'],
];

const NONE: readonly FoundTimestamp[] = [];

/** The time-stamps of a SignerInfo: content, signature, archive, in the order of the message. */
export function findTimestamps({ signedAttrs, unsignedAttrs }: SignerInfo): readonly FoundTimestamp[] {
  const content = signedAttrs === undefined ? NONE : signedAttrs.find(id_aa_ets_contentTimestamp).flatMap(({ values }) => values.map((bytes) => ({ kind: 'content' as const, bytes })));
  if (unsignedAttrs === undefined) return content;
  const beside = UNSIGNED.flatMap(([type, kind, unsupported]) =>
    unsignedAttrs.find(type).flatMap(({ values }) => values.map((bytes): FoundTimestamp => ({ kind, bytes, ...(type === id_aa_ets_archiveTimestampV2 ? { whole: true } : {}), ...(unsupported === undefined ? {} : { unsupported }) }))),
  );
  const found = [...content, ...beside];
  return found.map((each, index) => (index < MAX_TIMESTAMPS ? each : { ...each, unsupported: `more than ${MAX_TIMESTAMPS} time-stamps` }));
}
