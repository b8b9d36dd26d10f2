// A chunk of its own, loaded while the page has nothing to do. It takes what is loaded already as arguments, so that bundlers leave those chunks whole.
import type { Report } from '@hefu/verify';
import type { BrowserAlgorithms } from './browser-algorithms.js';
import type { holdBrowserTrust, TrustPorts } from './browser-trust.js';
import type { createJudging } from './judging.js';
import { REHEARSAL } from './rehearsal-material.js';

export interface RehearsalParts {
  readonly hold: typeof holdBrowserTrust;
  readonly create: typeof createJudging;
  readonly algorithms: BrowserAlgorithms;
  /** Resolves when the page has nothing to do. */
  readonly idle: () => Promise<void>;
  /** Ends it at the next step. */
  readonly signal: AbortSignal;
}

/** What was run once is compiled to what V8 interprets; as often as this, most of it to machine code. */
const TURNS = 6;

/**
 * Judges a message made for it, under a list made for it: what a verdict needs is loaded and compiled when the first real one is asked for, which otherwise
 * takes some fifteen times as long as those after it (decision 040). List, judge and caches are its own, and nothing of it is kept.
 * @returns what was concluded; `undefined` when it was ended
 * @throws BrowserError TRUST_LIST_UNAVAILABLE, where algorithms are missing
 */
export async function rehearse({ hold, create, algorithms, idle, signal }: RehearsalParts): Promise<Report['conclusion'] | undefined> {
  if (signal.aborted) return undefined;
  const { at, region, role, list, contentOctets } = REHEARSAL;
  const [signature, ...crls] = [REHEARSAL.signature, ...REHEARSAL.crls].map(octetsOf) as [Uint8Array, ...Uint8Array[]];
  const ports: TrustPorts = {
    fetcher: { fetch: () => Promise.reject(new Error('a rehearsal asks nobody')) },
    store: { get: async () => undefined, put: async () => undefined, delete: async () => undefined },
    clock: { now: () => at },
  };
  const { current } = await hold({ trustList: { bytes: new TextEncoder().encode(list) }, role }, ports, { algorithms, online: false, signal });
  const content = new Uint8Array(contentOctets);
  // The message has SM3 alone.
  algorithms.digests.find(({ name }) => name === 'SHA-256')?.digest(content);
  let conclusion: Report['conclusion'] | undefined;
  for (let turn = 0; turn < TURNS; turn++) {
    await idle();
    if (signal.aborted) break;
    const { judge } = create({ ...ports, algorithms, online: false, signal });
    ({ conclusion } = await judge({ signature, content, crls, context: { region }, at }, current));
  }
  return conclusion;
}

function octetsOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (each) => each.charCodeAt(0));
}
