import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { readEnvelope, type ListEnvelope } from '../envelope.js';
import { freeze } from '../freeze.js';
import type { TrustListLimits } from '../limits.js';
import type { UpdateNote } from '../note.js';
import { instantText, openDocument } from '../open-document.js';
import { countQuorum } from '../quorum.js';
import { refuse, refuseError, type Refusal } from '../refuse.js';
import { readRole } from '../role.js';
import type { TrustRoot } from '../scheme.js';
import { hexOf, sha256Of } from '../sha256.js';
import { formatInstant } from '../time.js';
import { verifySignatures } from '../verify-signatures.js';
import { readRootContent, type RootContent } from './read-root.js';

export interface RootContext {
  readonly algorithms: Algorithms;
  /** Now, epoch milliseconds. */
  readonly at: number;
  readonly limits: TrustListLimits;
}

export type TakenRoot = { readonly root: TrustRoot; readonly refusal?: undefined; readonly notes: readonly UpdateNote[] } | { readonly refusal: Refusal; readonly notes: readonly UpdateNote[] };

/** The root after one that is trusted: signed by the root role of both, of the same scheme, chained to it (rule R1). Versions are the engine's. */
export async function takeNextRoot(current: TrustRoot, bytes: Uint8Array, context: RootContext): Promise<TakenRoot> {
  const { limits } = context;
  const read = (payload: Uint8Array, sha256: DigestAlgorithm): RootContent => readRootContent(payload, { sha256, limits });
  const opened = await openDocument(bytes, { kind: 'root', role: current.roles.root, ...context, limits: { ...limits, maxBytes: limits.maxRootBytes }, read });
  const { notes } = opened;
  if (opened.refusal !== undefined) return { refusal: opened.refusal, notes };
  const { content, sha256, outer, envelope, signatures } = opened;
  const no = (code: Parameters<typeof refuse>[0], expected: string, actual: string): TakenRoot => ({ refusal: refuse(code, { expected, actual, signatures, evidence: [current.envelope, envelope] }), notes });
  if (content.schemeId !== current.schemeId) return no('TL_WRONG_SCHEME', current.schemeId, content.schemeId);
  if (content.listId !== current.listId) return no('TL_WRONG_LIST', current.listId, content.listId);
  const follows = content.version === current.version + 1;
  if (follows && content.prev !== `sha256:${current.sha256}`) return no('TL_CHAIN_BROKEN', `sha256:${current.sha256}`, content.prev ?? 'none');
  const refusal = await checkOwn(content, outer, context);
  return refusal === undefined ? { root: freezeRoot(content, sha256, envelope), notes } : { refusal, notes };
}

/** A root on its own word, which a fingerprint must vouch for: signed by its own root role. */
export async function takeFirstRoot(bytes: Uint8Array, context: RootContext & { readonly vouch: (payload: Uint8Array) => Refusal | undefined }): Promise<TakenRoot> {
  const { limits, algorithms, vouch } = context;
  const sha256 = sha256Of(algorithms);
  try {
    const envelope = bytes.length > limits.maxRootBytes ? bytes : bytes.slice();
    const outer = readEnvelope(envelope, { ...limits, maxBytes: limits.maxRootBytes });
    const stranger = vouch(outer.payloadBytes);
    if (stranger !== undefined) return { refusal: stranger, notes: [] };
    const content = readRootContent(outer.payloadBytes, { sha256, limits });
    const refusal = await checkOwn(content, outer, context);
    return refusal === undefined ? { root: freezeRoot(content, hexOf(sha256.digest(outer.payloadBytes)), envelope), notes: [] } : { refusal, notes: [] };
  } catch (error) {
    return { refusal: refuseError(error), notes: [] };
  }
}

/** What a root must satisfy by what it says itself. */
async function checkOwn(content: RootContent, outer: ListEnvelope, { algorithms, at, limits }: RootContext): Promise<Refusal | undefined> {
  const role = content.roles.root;
  const keys = readRole(role, sha256Of(algorithms), limits.maxRoleKeys);
  const quorum = countQuorum(await verifySignatures(outer, 'root', keys, algorithms, limits.maxVerifications), role, content.issued);
  if (quorum.refusal !== undefined) return refuse(quorum.refusal.code, { ...quorum.refusal, signatures: quorum.facts });
  if (content.issued > at + limits.clockSkew) return refuse('TL_ISSUED_IN_FUTURE', { expected: `≤ ${instantText(at)}`, actual: formatInstant(content.issued) });
  const lifetime = content.expires - content.issued;
  return lifetime > limits.maxRootLifetime ? refuse('TL_LIFETIME_TOO_LONG', { expected: `≤ ${limits.maxRootLifetime} ms`, actual: `${lifetime} ms` }) : undefined;
}

function freezeRoot(content: RootContent, sha256: string, envelope: Uint8Array): TrustRoot {
  return freeze({ ...content, sha256, envelope });
}
