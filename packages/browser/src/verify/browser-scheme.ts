import { TrustListError } from '@hefu/trust-list';
import { followScheme } from '@hefu/updater';
import { BrowserError } from '../error.js';
import { fromPage, type BrowserSchemeOptions, type BrowserTrust, type HoldOptions, type TrustPorts } from './browser-trust.js';

/** @throws as `holdBrowserTrust` */
export async function holdScheme({ root, urls, bundle }: BrowserSchemeOptions, ports: TrustPorts, { algorithms, online, signal }: HoldOptions): Promise<BrowserTrust> {
  if (urls !== undefined && bundle !== undefined) throw new TypeError('trust has one of urls and bundle, not both');
  const source = bundle !== undefined ? { mode: 'bundle' as const, file: bundle } : online ? { mode: 'online' as const, urls: urls === undefined ? [] : fromPage(urls) } : { mode: 'cached' as const };
  let follower;
  let first;
  try {
    follower = followScheme(ports, { root: typeof root === 'string' ? { sha256: root } : root, algorithms, source, signal });
    first = await follower.refresh();
  } catch (cause) {
    if (cause instanceof TrustListError || cause instanceof TypeError) throw new BrowserError('ROOT_INVALID', `the pinned root is no root: ${cause.message}`, { cause });
    throw cause;
  }
  if (follower.snapshot === undefined) {
    const [refusal = first.failure] = first.refusals;
    throw new BrowserError('TRUST_LIST_UNAVAILABLE', `no scheme that the pinned root leads to (${refusal?.code}, ${refusal?.detail})`, { cause: first.failure });
  }
  const { refresh, keepFresh, health } = follower;
  return {
    get current() {
      return follower.snapshot!;
    },
    get last() {
      return follower.last;
    },
    refresh: () => refresh(), keepFresh: () => keepFresh(), health: () => health(),
  };
}
