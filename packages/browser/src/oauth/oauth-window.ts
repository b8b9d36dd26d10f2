import { SignError } from '@hefu/sign';
import { BROWSER_LIMITS } from '../limits.js';
import { oauthAnswer, type OAuthAnswer, type OAuthChallenge } from './oauth-answer.js';
import { isReturn, OAUTH_CHANNEL, type OAuthReturn } from './oauth-message.js';

/** A window that was opened in the click and waits for its address. */
export interface OAuthWindow {
  /**
   * Leads it to the authorisation server and waits for the answer.
   * @throws SignError POPUP_BLOCKED | POPUP_CLOSED | USER_TIMEOUT | STATE_MISMATCH | ABORTED
   */
  authorise(challenge: OAuthChallenge, options?: { readonly signal?: AbortSignal }): Promise<OAuthAnswer>;
  /** Whether the browser let it open. */
  readonly blocked: boolean;
  /** When it turns out not to be needed. */
  close(): void;
}

/** Another window of ours must not take this one over. */
const FEATURES = 'popup=yes,width=520,height=720';

/**
 * Opens a window for a later authorisation. Call it in the click itself: browsers open windows for a person's gesture alone, and the
 * challenge with the address comes later.
 */
export function openOAuthWindow(): OAuthWindow {
  // An empty page first, so that the address is set only once it is known.
  const popup = window.open('', '', FEATURES);
  const blocked = popup === null || popup.closed;
  return {
    blocked,
    close: () => popup?.close(),
    authorise(challenge, { signal } = {}) {
      if (blocked) return Promise.reject(new SignError('POPUP_BLOCKED', 'the browser opened no window'));
      return authoriseIn(popup, challenge, signal);
    },
  };
}

/** In one step, where the challenge is at hand in the click. @throws as `OAuthWindow.authorise` */
export function authoriseInWindow(challenge: OAuthChallenge, options: { readonly signal?: AbortSignal } = {}): Promise<OAuthAnswer> {
  return openOAuthWindow().authorise(challenge, options);
}

function authoriseIn(popup: Window, challenge: OAuthChallenge, signal: AbortSignal | undefined): Promise<OAuthAnswer> {
  assertWeb(challenge.url);
  return new Promise((resolve, reject) => {
    const channel = typeof BroadcastChannel === 'undefined' ? undefined : new BroadcastChannel(OAUTH_CHANNEL);
    let closedAt: number | undefined;
    const settle = (end: () => void): void => {
      clearInterval(watching);
      clearTimeout(late);
      window.removeEventListener('message', onMessage);
      signal?.removeEventListener('abort', onAbort);
      channel?.close();
      popup.close();
      end();
    };
    const take = (returned: OAuthReturn): void => {
      try {
        const answer = oauthAnswer(challenge, returned);
        channel?.postMessage({ type: 'hefu-oauth-taken', state: challenge.state });
        settle(() => resolve(answer));
      } catch (error) {
        settle(() => reject(error as SignError));
      }
    };
    const onMessage = (event: MessageEvent): void => {
      // From our own return page, in the window we opened; whatever else comes is no answer.
      if (event.origin === location.origin && event.source === popup && isReturn(event.data)) take(event.data);
    };
    const onAbort = (): void => settle(() => reject(new SignError('ABORTED', 'aborted while the user authorised')));
    // Other tabs speak here too: another state is another tab's.
    if (channel !== undefined) channel.onmessage = ({ data }: MessageEvent) => isReturn(data) && data.state === challenge.state && take(data);
    window.addEventListener('message', onMessage);
    signal?.addEventListener('abort', onAbort);
    const late = setTimeout(() => settle(() => reject(new SignError('USER_TIMEOUT', 'nobody authorised in time'))), BROWSER_LIMITS.oauthTimeoutMs);
    const watching = setInterval(() => {
      // A server that cuts the opener off (COOP) looks like a closed window, so the message is still waited for.
      if (!popup.closed) closedAt = undefined;
      else if (closedAt === undefined) closedAt = Date.now();
      else if (Date.now() - closedAt >= BROWSER_LIMITS.oauthGraceMs) settle(() => reject(new SignError('POPUP_CLOSED', 'the window was closed before it came back')));
    }, BROWSER_LIMITS.oauthPollMs);
    if (signal?.aborted === true) onAbort();
    else popup.location.replace(challenge.url);
  });
}

/** @throws SignError ADAPTER_MISCONFIGURED: a `javascript:` address would run in our origin */
export function assertWeb(address: string): void {
  let protocol: string;
  try {
    ({ protocol } = new URL(address));
  } catch {
    protocol = '';
  }
  if (protocol !== 'https:' && protocol !== 'http:') throw new SignError('ADAPTER_MISCONFIGURED', 'an authorisation address is http or https', { detail: 'oauth-url' });
}
