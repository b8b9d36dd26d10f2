import { SignError } from '@hefu/sign';
import { BROWSER_LIMITS } from '../limits.js';
import { assertWeb } from './oauth-window.js';
import { oauthAnswer, type OAuthAnswer, type OAuthChallenge } from './oauth-answer.js';
import { OAUTH_CHANNEL, readReturn, type OAuthReturn } from './oauth-message.js';

/** Of this tab alone, and gone with it: a return in another tab or browser finds nothing. */
const PENDING = 'hefu-oauth-pending';

interface Pending {
  readonly state: string;
  readonly issuer?: string;
  readonly challengeId: string;
  /** The page's own, to find its session again. */
  readonly resume: string;
  readonly at: number;
}

/**
 * Leaves the page for the authorisation server, where a window is blocked or there can be none. Ends with the page; what is
 * needed to go on is `resume`, which `completeOAuthReturn` gives back.
 * @param resume the id of the session or job; no secret
 */
export function redirectToAuthorise(challenge: OAuthChallenge, resume: string): void {
  assertWeb(challenge.url);
  const pending: Pending = { state: challenge.state, challengeId: challenge.id, resume, at: Date.now(), ...(challenge.issuer === undefined ? {} : { issuer: challenge.issuer }) };
  sessionStorage.setItem(PENDING, JSON.stringify(pending));
  location.assign(challenge.url);
}

/** How a return came out. */
export type OAuthCompletion =
  /** Not a return: the page was opened in the ordinary way. */
  | { readonly kind: 'none' }
  /** A window of ours: the page that waits has the answer, and this one may close. */
  | { readonly kind: 'handed-over' }
  /** After a redirect: answer the session `resume` with it. */
  | { readonly kind: 'answer'; readonly resume: string; readonly challengeId: string; readonly answer: OAuthAnswer }
  /** RETURNED_IN_OTHER_BROWSER where nobody here waits for it, STATE_MISMATCH where somebody waits for another. */
  | { readonly kind: 'failed'; readonly error: SignError };

/** How long a page that waits may take to say that it has the answer. */
const HANDOVER_MS = 1000;

/**
 * To be called by the page that `redirectUri` names, before anything else. Takes the code out of the address, so that it is neither
 * kept in history nor sent on as a referrer.
 */
export async function completeOAuthReturn(address: string = location.href): Promise<OAuthCompletion> {
  const returned = readReturn(address);
  if (returned === undefined) return { kind: 'none' };
  const clean = new URL(address);
  for (const name of ['code', 'state', 'error', 'error_description', 'error_uri', 'iss']) clean.searchParams.delete(name);
  history.replaceState(history.state, '', clean.href);
  const pending = readPending();
  if (pending !== undefined) {
    // Used once, right or wrong.
    sessionStorage.removeItem(PENDING);
    try {
      return { kind: 'answer', resume: pending.resume, challengeId: pending.challengeId, answer: oauthAnswer(pending, returned) };
    } catch (error) {
      return { kind: 'failed', error: error as SignError };
    }
  }
  if (await handOver(returned)) {
    window.close();
    return { kind: 'handed-over' };
  }
  return { kind: 'failed', error: new SignError('RETURNED_IN_OTHER_BROWSER', 'nothing in this browser waits for this answer') };
}

/** Tells the page that waits: the opener, and whoever of this origin listens. False when nobody took it. */
function handOver(returned: OAuthReturn): Promise<boolean> {
  const opener = window.opener as Window | null;
  const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(OAUTH_CHANNEL);
  if (channel === undefined) {
    opener?.postMessage(returned, location.origin);
    return Promise.resolve(opener !== null);
  }
  return new Promise((resolve) => {
    const settle = (taken: boolean): void => {
      clearTimeout(late);
      channel.close();
      resolve(taken);
    };
    const late = setTimeout(() => settle(false), HANDOVER_MS);
    channel.onmessage = ({ data }: MessageEvent<{ readonly type?: unknown; readonly state?: unknown } | null>) => {
      if (data?.type === 'hefu-oauth-taken' && data.state === returned.state) settle(true);
    };
    opener?.postMessage(returned, location.origin);
    channel.postMessage(returned);
  });
}

function readPending(): Pending | undefined {
  try {
    const pending = JSON.parse(sessionStorage.getItem(PENDING) ?? 'null') as Pending | null;
    if (pending === null || typeof pending.state !== 'string' || Date.now() - pending.at > BROWSER_LIMITS.oauthTimeoutMs) return undefined;
    return pending;
  } catch {
    return undefined;
  }
}
