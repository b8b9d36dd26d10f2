import type { Algorithms } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import type { Clock, Json, JsonObject, SignErrorCode } from '@hefu/sign';
import { textAt } from './answer-path.js';
import { decodeText, isAuthentic, type PlatformKey } from './authenticate.js';
import type { CallbackShape } from './mapping.js';
import { fillText } from './template.js';

/** A request of the provider to the platform, as it came. */
export interface IncomingCallback {
  readonly headers: Readonly<Record<string, string | undefined>> | Headers;
  /** As received, before anything is parsed. */
  readonly body: Uint8Array | string;
}

/**
 * - `taken`: a session was woken, and asks the provider itself; `early`: kept for a job that is not known here (yet);
 * - `duplicate`: the same came before; `forged`: its signature does not verify; `stale`: outside the tolerance of time; `malformed`.
 */
export type CallbackOutcome = 'taken' | 'early' | 'duplicate' | 'forged' | 'stale' | 'malformed';

export interface CallbackReceipt {
  readonly outcome: CallbackOutcome;
  /** For the operator's log, with words in `SIGN_ERRORS`. */
  readonly code?: SignErrorCode;
  readonly jobId?: string;
  /** What to answer the provider. */
  readonly reply: { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };
}

export interface CallbackDesk {
  /** Idempotent; never throws. */
  handle(callback: IncomingCallback): Promise<CallbackReceipt>;
  /** Wakes the session of a job, as after a callback that another process had. */
  wake(jobId: string): void;
  /** Called for each hint from now on, and at once if one came earlier. @returns what ends it */
  listen(jobId: string, heard: (what: 'hint' | 'duplicate' | 'forged') => void): () => void;
}

export interface CallbackDeskOptions {
  readonly shape: CallbackShape | undefined;
  readonly keys: Readonly<Record<string, PlatformKey>>;
  readonly clock: Pick<Clock, 'now'>;
  readonly algorithms: Algorithms;
  readonly open?: (body: Uint8Array) => Promise<JsonObject>;
}

const MAX_BODY = 256 * 1024;
/** Callbacks remembered as seen, and jobs nobody listens for: bounded, the oldest go first. */
const MAX_SEEN = 10_000;
const EARLY_MS = 600_000;

/**
 * Where callbacks arrive. What they say is believed of nobody: a callback is a reason to ask the provider now rather than later,
 * so that a forged, repeated, late or reordered one changes nothing that matters.
 */
export function createCallbackDesk({ shape, keys, clock, algorithms, open }: CallbackDeskOptions): CallbackDesk {
  const listeners = new Map<string, Set<(what: 'hint' | 'duplicate' | 'forged') => void>>();
  const early = new Map<string, number>();
  const seen = new Map<string, true>();
  const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256');

  const tell = (jobId: string, what: 'hint' | 'duplicate' | 'forged'): boolean => {
    const heard = listeners.get(jobId);
    for (const each of heard ?? []) each(what);
    return heard !== undefined;
  };
  const remember = <T>(map: Map<string, T>, name: string, value: T): void => {
    map.delete(name);
    map.set(name, value);
    if (map.size > MAX_SEEN) map.delete(map.keys().next().value!);
  };
  const wake = (jobId: string): boolean => {
    if (tell(jobId, 'hint')) return true;
    remember(early, jobId, clock.now());
    return false;
  };
  const receipt = (outcome: CallbackOutcome, jobId?: string): CallbackReceipt => {
    const code: SignErrorCode | undefined = outcome === 'forged' || outcome === 'stale' ? 'CALLBACK_FORGED' : outcome === 'duplicate' ? 'CALLBACK_DUPLICATE' : undefined;
    const status = outcome === 'malformed' ? 400 : outcome === 'forged' || outcome === 'stale' ? 401 : 200;
    return {
      outcome, ...(code === undefined ? {} : { code }), ...(jobId === undefined ? {} : { jobId }),
      reply: { status, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: status === 200 ? JSON.stringify(shape?.reply ?? {}) : '{}' },
    };
  };

  return {
    async handle({ headers, body }) {
      const octets = typeof body === 'string' ? new TextEncoder().encode(body) : body;
      if (shape === undefined || octets.length > MAX_BODY) return receipt('malformed');
      const header = (name: string): string | undefined => headerOf(headers, name);
      const text = textOf(octets);
      const plain = text === undefined ? undefined : objectOf(text);
      const named = plain === undefined ? undefined : textAt(plain, shape.job, 256);
      if (shape.signature !== undefined) {
        const { scheme, key, over, header: where, encoding, time } = shape.signature;
        const proof = decodeText(header(where) ?? '', encoding);
        if (text === undefined || !(await isAuthentic(scheme, keys[key], signedBy(over, text, header, algorithms), proof, algorithms))) {
          if (named !== undefined) tell(named, 'forged');
          return receipt('forged', named);
        }
        if (time !== undefined) {
          const at = Number(header(time.header)) * (time.unit === 's' ? 1000 : 1);
          if (!(Math.abs(clock.now() - at) <= time.toleranceMs)) return receipt('stale', named);
        }
      }
      const opened = shape.sealed !== true ? plain : await open?.(octets).catch(() => undefined);
      const jobId = opened === undefined ? undefined : textAt(opened, shape.job, 256);
      if (jobId === undefined) return receipt('malformed');
      // What is enciphered afresh each time is not recognised, and costs a question more.
      const print = sha256 === undefined ? text ?? '' : hexOf(sha256.digest(octets));
      if (seen.has(print)) {
        tell(jobId, 'duplicate');
        return receipt('duplicate', jobId);
      }
      remember(seen, print, true);
      return receipt(wake(jobId) ? 'taken' : 'early', jobId);
    },
    wake: (jobId) => void wake(jobId),
    listen(jobId, heard) {
      const all = listeners.get(jobId) ?? new Set();
      listeners.set(jobId, all.add(heard));
      const cameAt = early.get(jobId);
      early.delete(jobId);
      if (cameAt !== undefined && clock.now() - cameAt <= EARLY_MS) heard('hint');
      return () => {
        all.delete(heard);
        if (all.size === 0 && listeners.get(jobId) === all) listeners.delete(jobId);
      };
    },
  };
}

function signedBy(over: string, body: string, header: (name: string) => string | undefined, { digests }: Algorithms): Uint8Array {
  const scope = (name: string): Json => (name === 'callback.body' ? body : header(name.slice('callback.header-'.length)) ?? '');
  return new TextEncoder().encode(fillText(over, { scope, digests }));
}

function headerOf(headers: IncomingCallback['headers'], name: string): string | undefined {
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const wanted = name.toLowerCase();
  return Object.entries(headers).find(([each]) => each.toLowerCase() === wanted)?.[1];
}

function textOf(octets: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(octets);
  } catch {
    return undefined;
  }
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
  } catch {
    return undefined;
  }
}
