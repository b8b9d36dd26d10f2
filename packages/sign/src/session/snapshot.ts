import type { Capabilities, Credential, Json, JsonObject } from '../adapter/index.js';
import { SignError, type SignErrorJson } from '../error.js';
import type { JournalHead } from './journal.js';
import { packOctets, unpackOctets } from './octets.js';
import type { SigningPlan } from './plan.js';
import type { MessageForm } from './message-form.js';
import type { PinnedItem } from './prepare-items.js';
import type { ReleasedValue } from './release.js';

/** How far one authorisation has come. `in-flight`: something was sent that may have signed, and its answer is not known. */
export interface AuthorisationState {
  readonly state: 'waiting' | 'begun' | 'in-flight' | 'done';
  /** From 1; part of the adapter's requestId. */
  readonly attempt: number;
  /** Of the adapter's session, while it is live … */
  readonly adapter?: JsonObject;
  /** … and the items it began with: those an earlier attempt left. */
  readonly itemIds?: readonly string[];
}

/** Everything a signing needs to go on elsewhere; no content, no PIN, code or token. */
export interface SigningState {
  readonly requestId: string;
  readonly adapter: { readonly id: string; readonly version: string };
  readonly credential: Credential;
  readonly capabilities: Capabilities;
  readonly items: readonly PinnedItem[];
  /** Octets, in manifest mode: the content of the only item. */
  readonly manifest?: Uint8Array;
  /** As chosen, with nothing left open: another would be another signature. */
  readonly form: MessageForm;
  readonly display: { readonly title: string; readonly lines: readonly string[]; readonly locale: 'zh-CN' | 'en'; readonly shareLabels: boolean };
  readonly signingTime: number;
  readonly deadline?: number;
  /** Of the bidder. */
  readonly uscc?: string;
  readonly plan: SigningPlan;
  readonly authorisations: readonly AuthorisationState[];
  readonly released: readonly ReleasedValue[];
  readonly failed: readonly SignErrorJson[];
  readonly journal: JournalHead;
}

const TYPE = 'hefu-signing-session';
/** Of a snapshot, characters; a manifest of ten thousand files is about two million. */
const MAX_SNAPSHOT = 64 * 1024 * 1024;

export function writeSnapshot(state: SigningState): JsonObject {
  return { type: TYPE, version: 1, state: packOctets(state) };
}

/** @throws SignError SNAPSHOT_INVALID for what is none, or another adapter's */
export function readSnapshot(snapshot: Json, adapter: { readonly id: string }): SigningState {
  const invalid = (what: string): SignError => new SignError('SNAPSHOT_INVALID', `the snapshot is not usable: ${what}`);
  if (JSON.stringify(snapshot).length > MAX_SNAPSHOT) throw invalid('too long');
  const outer = snapshot as { readonly type?: unknown; readonly version?: unknown; readonly state?: Json } | null;
  if (outer?.type !== TYPE || outer.version !== 1 || outer.state === undefined) throw invalid('type or version');
  const state = unpackOctets(outer.state) as SigningState;
  if (!isWhole(state)) throw invalid('members missing');
  if (state.adapter.id !== adapter.id) throw invalid(`made with ${String(state.adapter.id).slice(0, 64)}`);
  return state;
}

function isWhole(state: SigningState): boolean {
  return typeof state === 'object' && state !== null && typeof state.requestId === 'string' && typeof state.signingTime === 'number' && typeof state.form === 'object' && state.form !== null
    && [state.items, state.authorisations, state.released, state.failed, state.credential?.chain, state.plan?.authorisations].every(Array.isArray)
    && state.items.every(({ digest, head }) => digest instanceof Uint8Array && head instanceof Uint8Array)
    && state.released.every(({ value }) => value instanceof Uint8Array)
    && state.credential.chain.every((der) => der instanceof Uint8Array)
    && state.plan.authorisations.length === state.authorisations.length
    && typeof state.adapter?.id === 'string' && typeof state.journal?.hash === 'string';
}
