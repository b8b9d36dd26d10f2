import { parseTimeStampToken, PkiError, type SignedData, type SignerInfo } from '@hefu/pki';
import type { WarningCode } from '../codes.js';
import type { TimestampReport } from '../report.js';
import { coveredByArchive } from '../time/covered.js';
import { contentDigest, type Content } from '../signature/content.js';
import type { Proofs } from '../time/proofs.js';
import { archiveInput, type ArchiveCoverage, type ArchivedMessage } from '../timestamp/archive-index.js';
import type { TimestampRefusal } from '../timestamp/check-timestamp.js';
import type { FoundTimestamp } from '../timestamp/find-timestamps.js';
import { judgeTimestamp, type JudgeTimestampInput } from '../timestamp/judge-timestamp.js';
import { unsupportedTimestamp } from '../timestamp/unsupported.js';
import type { ValidTimestamp } from './best-signature-time.js';

export interface TimestampsInput extends Omit<JudgeTimestampInput, 'kind' | 'token' | 'octets' | 'nonce' | 'subject'> {
  readonly signed: SignedData;
  readonly signer: SignerInfo;
  readonly content: Content;
  readonly found: readonly FoundTimestamp[];
}

export interface JudgedTimestamps {
  /** In the order of the message. */
  readonly reports: readonly TimestampReport[];
  /** Those that hold. */
  readonly valid: readonly ValidTimestamp[];
  readonly warnings: readonly WarningCode[];
}

/** The archive's first, newest first: what they cover is proven by them (EN 319 102-1 §5.6.3, step 3). */
const TURN: readonly FoundTimestamp['kind'][] = ['archive', 'signature', 'content'];

/**
 * Judges the time-stamps of one signer. Each that holds adds proofs of existence of what it covers, older time-stamps
 * among it, before those are judged (EN 319 102-1 §5.6.2.3).
 */
export async function judgeTimestamps(input: TimestampsInput): Promise<JudgedTimestamps> {
  const { signed, signer, found, proofs, algorithms } = input;
  const message: ArchivedMessage = { signed, signer, contentDigest: digestsOf(input.content) };
  coverStated(message, proofs);
  const turns = found.map((each, index) => ({ each, index, genTime: genTimeOf(each) }));
  turns.sort((a, b) => TURN.indexOf(a.each.kind) - TURN.indexOf(b.each.kind) || b.genTime - a.genTime || a.index - b.index);
  const reports: TimestampReport[] = [];
  const valid: ValidTimestamp[] = [];
  for (const { each, index } of turns) {
    const by = `timestamp[${index}]`;
    if (each.unsupported !== undefined) {
      reports[index] = unsupportedTimestamp(each, each.unsupported, by, algorithms);
      continue;
    }
    let coverage: ArchiveCoverage | undefined;
    const verdict = await judgeTimestamp({
      ...input, kind: each.kind, token: each.bytes, subject: by,
      octets: each.kind === 'content' ? input.content : each.kind === 'signature' ? signer.signature : (digest, token): Uint8Array | TimestampRefusal => {
        const archived = archiveInput(message, digest, token);
        if ('code' in archived) return archived;
        ({ coverage } = archived);
        return archived.octets;
      },
    });
    reports[index] = verdict.report;
    const { time, accuracy } = verdict;
    if (time === undefined) continue;
    valid.push({ kind: each.kind, time, accuracy });
    if (each.kind !== 'content') proofs.add('signature', signer.signature, time, by);
    if (coverage !== undefined) for (const { what, octets } of coveredByArchive(coverage, signed)) proofs.add(what, octets, time, by);
  }
  const warnings = [...(valid.length < found.length ? ['TIMESTAMP_NOT_COUNTED' as const] : []), ...reports.flatMap((report) => report.warnings)];
  return { reports, valid, warnings: [...new Set(warnings)] };
}

/** Where the caller states when it had this very message, all of it existed then. */
function coverStated(message: ArchivedMessage, proofs: Proofs): void {
  const since = proofs.provenAt(message.signed.bytes);
  if (since !== undefined) coverWhole(message, proofs, since, 'caller');
}

/** What is proven with the whole of a message: the signature and everything beside it. */
export function coverWhole({ signed, signer }: Pick<ArchivedMessage, 'signed' | 'signer'>, proofs: Proofs, since: number, by: string): void {
  proofs.add('signature', signer.signature, since, by);
  const coverage = { certificates: signed.certificateChoices, revocation: signed.revocationInfoChoices, attributes: signer.unsignedAttrs?.attributes ?? [] };
  for (const { what, octets } of coveredByArchive(coverage, signed)) proofs.add(what, octets, since, by);
}

function digestsOf(content: Content): ArchivedMessage['contentDigest'] {
  const known = new Map<string, Uint8Array | undefined>();
  return (digest) => {
    if (!known.has(digest.name)) known.set(digest.name, contentDigest(content, digest));
    return known.get(digest.name);
  };
}

/** For the order of judging only; what cannot be read comes last. */
function genTimeOf({ bytes, unsupported }: FoundTimestamp): number {
  if (unsupported !== undefined) return -Infinity;
  try {
    return parseTimeStampToken(bytes).tstInfo.genTime;
  } catch (error) {
    if (error instanceof PkiError) return -Infinity;
    throw error;
  }
}
