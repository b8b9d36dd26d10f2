import type { DigestAlgorithm } from '@hefu/crypto';
import { concatBytes, equalBytes, parseTimeStampToken, PkiError, type ImprintToWrite } from '@hefu/pki';
import type { UsedEvidence } from '../evidence-used.js';
import { EvidenceError } from './error.js';
import { readDocument, serialize } from './fields.js';
import { rootOctets } from './hash-tree.js';
import { EVIDENCE_LIMITS } from './limits.js';

/** What a time-stamp was verified by while it could still be: kept when the next one is set over it. */
export interface SealValidation {
  readonly kind: UsedEvidence['kind'];
  /** Base64 of DER. */
  readonly octets: string;
}

export interface SealStamp {
  /** Base64 of the TimeStampToken. */
  readonly token: string;
  readonly validation: readonly SealValidation[];
}

/** Time-stamps under one digest: the first over the files, each later one over the one before (RFC 4998 §5.2). */
export interface SealChain {
  /** Name of the digest. */
  readonly digest: string;
  readonly stamps: readonly SealStamp[];
}

/** An archive time-stamp sequence (RFC 4998 §5): a new chain, under another digest, is over the files and all chains before it. */
export interface EvidenceSeals {
  readonly type: 'hefu-evidence-seals';
  readonly version: 1;
  readonly chains: readonly SealChain[];
}

/** The digests of every file of the bundle but the seals, under any algorithm. */
export type FileDigests = (digest: DigestAlgorithm) => Promise<readonly Uint8Array[]> | readonly Uint8Array[];

/** Has an imprint time-stamped and answers with the token: that of the sign room. */
export type SealTimestamper = (imprint: ImprintToWrite) => Promise<Uint8Array>;

const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

export function serializeSeals(seals: EvidenceSeals): Uint8Array {
  const bytes = serialize(seals);
  readSeals(bytes);
  return bytes;
}

/** @throws EvidenceError EVIDENCE_DOCUMENT_INVALID */
export function readSeals(bytes: Uint8Array, file = 'seals.json'): EvidenceSeals {
  return readDocument(bytes, file, EVIDENCE_LIMITS.maxSealsBytes, (fields) => ({
    type: fields.literal('type', 'hefu-evidence-seals'),
    version: fields.literal('version', 1),
    chains: fields.list('chains', 1, EVIDENCE_LIMITS.maxStamps, (chain) => ({
      digest: chain.text('digest', /^[A-Z0-9][A-Z0-9/-]{1,31}$/),
      stamps: chain.list('stamps', 1, EVIDENCE_LIMITS.maxStamps, (stamp) => ({
        token: stamp.text('token', BASE64),
        validation: stamp.list('validation', 0, EVIDENCE_LIMITS.maxFiles, (each) => ({ kind: each.oneOf('kind', ['crl', 'ocsp', 'certificate']), octets: each.text('octets', BASE64) })),
      })),
    })),
  }));
}

/** What the first stamp of a chain is over. */
export async function filesOctets(earlier: readonly SealChain[], files: FileDigests, digest: DigestAlgorithm): Promise<Uint8Array> {
  const leaves = await files(digest);
  if (earlier.length === 0) return rootOctets(leaves, digest);
  // RFC 4998 §5.3: the old sequence is bound to each file's new digest.
  const sequence = digest.digest(serialize(earlier));
  return rootOctets(leaves.map((leaf) => digest.digest(concatBytes(leaf, sequence))), digest);
}

/** What a later stamp of a chain is over: the one before and what verifies it, DER after DER. */
export function stampOctets({ token, validation }: SealStamp): Uint8Array {
  return concatBytes(octetsOfBase64(token), ...validation.map(({ octets }) => octetsOfBase64(octets)));
}

/** Seals files: one time-stamp over the root of a hash tree of them all. @throws EvidenceError EVIDENCE_SEAL_REFUSED */
export async function sealFiles(files: FileDigests, digest: DigestAlgorithm, timestamper: SealTimestamper): Promise<EvidenceSeals> {
  const token = await obtain(timestamper, digest, await filesOctets([], files, digest));
  return { type: 'hefu-evidence-seals', version: 1, chains: [{ digest: digest.name, stamps: [{ token, validation: [] }] }] };
}

export interface RenewSealsOptions {
  readonly files: FileDigests;
  /** That of the last chain: a new stamp over the last (RFC 4998 §5.2). Another: all files are hashed anew (§5.3). */
  readonly digest: DigestAlgorithm;
  readonly timestamper: SealTimestamper;
  /** What the last stamp is verified by today: CRLs and certificates of its authority. Later nobody may have them any more. */
  readonly validation?: readonly Pick<UsedEvidence, 'kind' | 'bytes'>[];
}

/** Renews seals, before what the last one rests on ends: its authority's certificate, or the strength of an algorithm. @throws EvidenceError EVIDENCE_SEAL_REFUSED */
export async function renewSeals(seals: EvidenceSeals, { files, digest, timestamper, validation = [] }: RenewSealsOptions): Promise<EvidenceSeals> {
  const last = seals.chains.at(-1)!;
  const stamp = last.stamps.at(-1)!;
  const known = new Set(stamp.validation.map(({ octets }) => octets));
  const kept: SealStamp = {
    ...stamp,
    validation: [...stamp.validation, ...validation.map(({ kind, bytes }) => ({ kind, octets: base64(bytes) })).filter(({ octets }) => !known.has(octets))],
  };
  const closed: SealChain = { ...last, stamps: [...last.stamps.slice(0, -1), kept] };
  const earlier = seals.chains.slice(0, -1);
  if (digest.name === last.digest) {
    const token = await obtain(timestamper, digest, stampOctets(kept));
    return { ...seals, chains: [...earlier, { ...closed, stamps: [...closed.stamps, { token, validation: [] }] }] };
  }
  const before = [...earlier, closed];
  const token = await obtain(timestamper, digest, await filesOctets(before, files, digest));
  return { ...seals, chains: [...before, { digest: digest.name, stamps: [{ token, validation: [] }] }] };
}

async function obtain(timestamper: SealTimestamper, digest: DigestAlgorithm, octets: Uint8Array): Promise<string> {
  const hashedMessage = digest.digest(octets);
  let bytes: Uint8Array;
  try {
    bytes = await timestamper({ hashAlgorithm: digest.oids[0]!, hashedMessage });
    const { messageImprint } = parseTimeStampToken(bytes).tstInfo;
    if (!digest.oids.includes(messageImprint.hashAlgorithm.oid) || !equalBytes(messageImprint.hashedMessage, hashedMessage)) throw new EvidenceError('EVIDENCE_SEAL_REFUSED', 'the token is over another imprint');
  } catch (cause) {
    if (cause instanceof EvidenceError) throw cause;
    throw new EvidenceError('EVIDENCE_SEAL_REFUSED', cause instanceof PkiError ? `not a time-stamp token (${cause.code})` : 'the timestamper failed', { cause });
  }
  return base64(bytes);
}

export function octetsOfBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
}

export function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
