import { openClientRound, SCALAR_ENTROPY } from '@hefu/crypto/two-party';
import { SignError, type AdapterContext } from '@hefu/sign';
import type { CosignServer } from './cosign-server.js';
import type { ShareRecord, ShareSeal, ShareState, ShareStore } from './share-record.js';

export interface CoSignInput {
  readonly id: string;
  readonly store: ShareStore;
  readonly seal: ShareSeal;
  readonly server: CosignServer;
  readonly context: AdapterContext;
  /** e, 32 octets. */
  readonly digest: Uint8Array;
  /** States from which this may be signed, and what the record becomes. */
  readonly from: readonly ShareState[];
  readonly to: 'proved' | 'active';
  readonly pin?: string;
}

/**
 * One signature of both halves, DER.
 *
 * The share is used in one place only, between two writes: the record says `checking` before an answer is touched, and `active` or
 * `aborted` before anything of it is let out. So a failed check is final even if the process dies at it, and a lost answer, which touches no share, is not.
 * @throws SignError COSIGN_ABORT; PIN_INCORRECT, PIN_LOCKED; ACTION_PENDING; what the server's refusals mean
 */
export async function coSign(input: CoSignInput): Promise<Uint8Array> {
  const { id, store, seal, server, context, digest, from, to, pin } = input;
  const record = requireUsable(await readRecord(store, id), from);
  const share = await openShare(seal, record, id, pin);
  const round = openClientRound({ digest, publicKey: record.publicKey, random: context.random.bytes(SCALAR_ENTROPY) });
  try {
    const answer = await server.answer(context, record.kid, { digest, q1: round.q1 });
    const before = record.state as 'enrolled' | 'proved' | 'active';
    const checking: ShareRecord = { ...record, revision: record.revision + 1, state: 'checking', before };
    if (!(await writeRecord(store, id, checking, record.revision))) throw new SignError('ACTION_PENDING', 'this share is being used elsewhere');
    const result = round.finish(share, answer);
    if (result.state === 'aborted') throw await abortShare(store, id, checking, result.reason, context);
    const { before: _, ...rest } = checking;
    if (!(await writeRecord(store, id, { ...rest, revision: checking.revision + 1, state: to }, checking.revision))) throw abortError('store-conflict');
    return result.signature;
  } finally {
    round.discard();
    share.fill(0);
  }
}

/** Makes it final, then says it. Where it cannot be written the record stays `checking`, which is as final. */
export async function abortShare(store: ShareStore, id: string, record: ShareRecord, reason: string, { clock, note }: AdapterContext): Promise<SignError> {
  note('cosign-abort', { id, reason });
  const aborted: ShareRecord = { ...record, revision: record.revision + 1, state: 'aborted', abort: { at: clock.now(), reason } };
  const written = await store.write(id, aborted, record.revision).catch(() => false);
  return abortError(written ? reason : `${reason}, not written`);
}

/** @param detail a word of the protocol; nothing of the answer, nothing of the share */
export function abortError(detail: string): SignError {
  return new SignError('COSIGN_ABORT', 'the co-signing server did not do its part; the share is not used again', { detail });
}

export async function readRecord(store: ShareStore, id: string): Promise<ShareRecord> {
  const record = await store.read(id).catch((cause: unknown) => { throw storeError(cause); });
  if (record === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'there is no such share');
  return record;
}

/** @throws SignError COSIGN_ABORT; NO_USABLE_CREDENTIAL where its time has not come */
export function requireUsable(record: ShareRecord, from: readonly ShareState[]): ShareRecord {
  if (record.state === 'aborted') throw abortError(record.abort?.reason ?? 'aborted');
  if (record.state === 'checking') throw abortError('interrupted');
  if (!from.includes(record.state)) throw new SignError('NO_USABLE_CREDENTIAL', `the share is ${record.state}`, { detail: record.state });
  return record;
}

async function openShare(seal: ShareSeal, { sealed }: ShareRecord, id: string, pin: string | undefined): Promise<Uint8Array> {
  try {
    return await seal.open(sealed, id, pin);
  } catch (cause) {
    if (cause instanceof SignError) throw cause;
    throw new SignError('ADAPTER_MISCONFIGURED', 'the share cannot be opened', { cause, detail: 'share-seal' });
  }
}

/** @throws SignError where nothing is known of what was written */
export async function writeRecord(store: ShareStore, id: string, record: ShareRecord, expected: number | undefined): Promise<boolean> {
  return store.write(id, record, expected).catch((cause: unknown) => { throw storeError(cause); });
}

function storeError(cause: unknown): SignError {
  return new SignError('ADAPTER_MISCONFIGURED', 'the store of shares failed', { cause, detail: 'share-store' });
}
