import { decodeBase64url, encodeBase64url } from '../base64.js';
import { readEnvelope, type EnvelopeSignature } from '../envelope.js';
import { TrustListError } from '../error.js';
import { readJson, type JsonValue } from '../json.js';
import { DEFAULT_LIMITS } from '../limits.js';
import { MemberReader, ProblemLog } from '../member-reader.js';
import { LIST_ID, PREV } from '../scheme/rules.js';
import { parseInstant } from '../time.js';

/**
 * A candidate on its way to being published, as the file that goes from approver to approver. Its approvals are the
 * very signatures the document is published with, over exactly the payload octets; author, reason and base are words
 * for people, signed by nobody, and decide nothing.
 */
export interface ProposalDocument {
  readonly type: 'proposal';
  readonly spec: '1.0';
  readonly target: 'list' | 'root';
  /** Of the list, or the scheme of the root. */
  readonly id: string;
  /** What it follows; absent for a first document. */
  readonly base?: { readonly number: number; readonly prev: string } | null;
  readonly author: string;
  readonly reason: string;
  readonly created: string;
  /** Base64url of the payload octets. */
  readonly payload: string;
  /** As in an envelope. */
  readonly signatures: readonly EnvelopeSignature[];
  /** Base64 of detached GM/T 0010 SignedData, each one signature. */
  readonly p7s?: readonly string[];
}

export interface Proposal extends Omit<ProposalDocument, 'base' | 'created'> {
  readonly base: { readonly number: number; readonly prev: string } | undefined;
  readonly created: number;
  readonly payloadBytes: Uint8Array;
}

const MEMBERS: ReadonlySet<string> = new Set(['type', 'spec', 'target', 'id', 'base', 'author', 'reason', 'created', 'payload', 'signatures', 'p7s']);
const LONGEST_TEXT = 4000;

/**
 * Reads a proposal strictly: a member it does not know is refused, since nobody could say what it asks of approvers.
 * @throws TrustListError as `readJson`, and TL_SCHEMA_INVALID | TL_TIME_INVALID with every problem found
 */
export function readProposal(bytes: Uint8Array): Proposal {
  const log = new ProblemLog(DEFAULT_LIMITS.maxProblems);
  const reader = new MemberReader(readJson(bytes, DEFAULT_LIMITS), '', log);
  reader.oneOf('type', ['proposal']);
  reader.oneOf('spec', ['1.0']);
  for (const name of Object.keys(reader.value)) if (!MEMBERS.has(name)) reader.fail(name.slice(0, 100), 'is no member of a proposal');
  const base = reader.optionalObject('base');
  const payload = reader.text('payload', { max: DEFAULT_LIMITS.maxBytes });
  const payloadBytes = decodeBase64url(payload);
  if (payload !== '' && (payloadBytes === undefined || payloadBytes.length === 0)) reader.fail('payload', 'is not canonical base64url');
  const signatures = reader.list('signatures', 0, DEFAULT_LIMITS.maxSignatures, readSignature(log));
  const p7s = reader.optionalTexts('p7s', { max: 100_000 }, 0, DEFAULT_LIMITS.maxSignatures);
  const proposal: Proposal = {
    type: 'proposal',
    spec: '1.0',
    target: reader.oneOf('target', ['list', 'root']),
    id: reader.text('id', LIST_ID),
    base: base && { number: base.integer('number', 1, Number.MAX_SAFE_INTEGER), prev: base.text('prev', PREV) },
    author: reader.text('author', { max: LONGEST_TEXT }),
    reason: reader.text('reason', { max: LONGEST_TEXT }),
    created: reader.instant('created'),
    payload,
    signatures,
    ...(p7s !== undefined && { p7s }),
    payloadBytes: payloadBytes ?? new Uint8Array(),
  };
  if (log.problems.length === 0) return proposal;
  const [first] = log.problems;
  const code = log.problems.every((problem) => problem.code === 'TL_TIME_INVALID') ? 'TL_TIME_INVALID' : 'TL_SCHEMA_INVALID';
  throw new TrustListError(code, `${first!.path} ${first!.message}`, { problems: log.problems });
}

function readSignature(log: ProblemLog) {
  return (value: JsonValue, path: string): EnvelopeSignature => {
    const entry = new MemberReader(value, path, log);
    for (const name of Object.keys(entry.value)) if (name !== 'protected' && name !== 'signature') entry.fail(name.slice(0, 100), 'is no member of a signature');
    return { protected: entry.text('protected', { max: 20_000 }), signature: entry.text('signature', { max: 20_000 }) };
  };
}

/** The file of a proposal: members in one order, so that an approval is a small change in git. */
export function formatProposal(proposal: ProposalDocument): string {
  const { type, spec, target, id, base, author, reason, created, payload, signatures, p7s } = proposal;
  parseInstant(created);
  return `${JSON.stringify({ type, spec, target, id, ...(base && { base }), author, reason, created, payload, signatures, ...(p7s !== undefined && p7s.length > 0 && { p7s }) }, null, 2)}\n`;
}

/** The envelope that is published: the payload octets and the approvals as they are. undefined while nobody approved. */
export function envelopeOf({ payload, signatures, p7s = [] }: Pick<ProposalDocument, 'payload' | 'signatures' | 'p7s'>): Uint8Array | undefined {
  if (signatures.length + p7s.length === 0) return undefined;
  return new TextEncoder().encode(JSON.stringify({ payload, signatures, ...(p7s.length > 0 && { p7s }) }));
}

/** The signatures of an envelope over the same octets, taken into a proposal in place of its own. @throws TrustListError */
export function withSignatures(proposal: ProposalDocument, envelope: Uint8Array): ProposalDocument {
  const { payload } = readEnvelope(envelope);
  if (payload !== proposal.payload) throw new TrustListError('TL_SCHEMA_INVALID', 'the envelope is of other octets than the proposal');
  const { signatures, p7s } = JSON.parse(new TextDecoder().decode(envelope)) as { signatures: EnvelopeSignature[]; p7s?: string[] };
  const { p7s: _, ...rest } = proposal;
  return { ...rest, signatures, ...(p7s !== undefined && p7s.length > 0 && { p7s }) };
}

export function payloadText(payload: Uint8Array): string {
  return encodeBase64url(payload);
}
