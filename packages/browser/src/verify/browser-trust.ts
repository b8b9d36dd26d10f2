import type { Algorithms } from '@hefu/crypto';
import { isSnapshot, readRoleValue, type Fingerprint, type ListRole, type Trust, type TrustList } from '@hefu/trust-list';
import {
  describeRefusals, followTrustList,
  type Clock, type Fetcher, type LastAttempt, type RefreshOutcome, type SchemeHealth, type SchemeRefresh, type Store, type TrustListMark,
} from '@hefu/updater';
import { BrowserError } from '../error.js';
import { loadPart } from '../load-part.js';

/** A scheme of lists, followed from a root that was compared out of band. One of `urls` and `bundle`. */
export interface BrowserSchemeOptions {
  /** SHA-256 of the root as people read it out, further hashes of it, or its octets. */
  readonly root: string | Fingerprint | Uint8Array;
  /** Folders over HTTP, mirrors of each other; relative to the page. */
  readonly urls?: string | readonly string[];
  /** One file of everything. */
  readonly bundle?: Uint8Array;
}

/** What is trusted: `trust`, a scheme followed from its root; or `trustList` with `role`, one list and who signs it. */
export interface BrowserTrustOptions {
  readonly trust?: BrowserSchemeOptions;
  /** Addresses are relative to the page. */
  readonly trustList?: { readonly url: string | readonly string[] } | { readonly bytes: Uint8Array };
  readonly role?: ListRole;
  /** The list's id, when only that one will do. */
  readonly listId?: string;
  /** A list known from elsewhere, behind which this page never goes. */
  readonly floor?: TrustListMark;
}

export interface BrowserTrust {
  readonly current: Trust;
  readonly last: LastAttempt<RefreshOutcome | SchemeRefresh> | undefined;
  refresh(): Promise<RefreshOutcome | SchemeRefresh>;
  /** Never rejects. */
  keepFresh(): Promise<void>;
  /** Of a scheme. */
  health(): SchemeHealth | undefined;
}

export interface TrustPorts {
  readonly fetcher: Fetcher;
  readonly store: Store;
  readonly clock: Clock;
}

export interface HoldOptions {
  readonly algorithms: Algorithms;
  readonly online: boolean;
  readonly signal: AbortSignal;
}

/**
 * Loads what the store has, verified from its root or role, then asks for something newer; that failing, what was kept serves.
 * @throws BrowserError TRUST_LIST_UNAVAILABLE | ROLE_INVALID | ROOT_INVALID; TypeError for options that contradict each other
 */
export async function holdBrowserTrust(options: BrowserTrustOptions, ports: TrustPorts, holding: HoldOptions): Promise<BrowserTrust> {
  const { trust, trustList, role, listId, floor } = options;
  if (trust !== undefined) {
    for (const [name, value] of Object.entries({ trustList, role, listId, floor })) if (value !== undefined) throw new TypeError(`${name} goes with one list by itself; a scheme has trust alone`);
    // A page that follows one list needs none of this.
    const { holdScheme } = await loadPart(() => import('./browser-scheme.js'));
    return holdScheme(trust, ports, holding);
  }
  if (trustList === undefined || role === undefined) throw new TypeError('a verifier has trust, or trustList with role');
  return holdList({ trustList, role, ...(listId === undefined ? {} : { listId }), ...(floor === undefined ? {} : { floor }) }, ports, holding);
}

async function holdList(options: Required<Pick<BrowserTrustOptions, 'trustList' | 'role'>> & BrowserTrustOptions, ports: TrustPorts, { algorithms, online, signal }: HoldOptions): Promise<BrowserTrust> {
  const { trustList, listId, floor } = options;
  const invalidRole = (cause: unknown): unknown => (cause instanceof TypeError ? new BrowserError('ROLE_INVALID', cause.message, { cause }) : cause);
  const sources = 'bytes' in trustList ? [trustList.bytes] : online ? fromPage(trustList.url) : [];
  let follower;
  let refusals;
  try {
    const trusted = { role: readRoleValue(options.role), algorithms, ...(listId === undefined ? {} : { expectedListId: listId }), ...(floor === undefined ? {} : { floor }) };
    follower = followTrustList(ports, { trust: trusted, sources: async () => sources, signal });
    refusals = await follower.start(sources.length > 0);
  } catch (cause) {
    throw invalidRole(cause);
  }
  if (follower.list === undefined) throw new BrowserError('TRUST_LIST_UNAVAILABLE', `no trust list that the role accepts (${describeRefusals(refusals)})`);
  const { refresh, keepFresh } = follower;
  return {
    get current() {
      return follower.list!;
    },
    get last() {
      return follower.last;
    },
    refresh: () => refresh(),
    keepFresh: async () => ('bytes' in trustList || !online ? undefined : keepFresh()),
    health: () => undefined,
  };
}

/** Addresses as `fetch` understands them: relative to the page. One with a scheme, or that a browser would have to mend, stays as it is written, for whoever judges addresses. */
export function fromPage(addresses: string | readonly string[]): readonly string[] {
  return [addresses].flat().map((address) => (/^[a-z][a-z0-9+.-]*:|[\p{Cc} \\]/iu.test(address) ? address : new URL(address, globalThis.document?.baseURI ?? location.href).href));
}

/** The list in use; of a scheme, its top list. */
export function topOf(trust: Trust): TrustList {
  return isSnapshot(trust) ? trust.list : trust;
}
