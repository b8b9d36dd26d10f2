import { unpackOctets, type Json } from '@hefu/sign';
import type { SessionsMessage, SessionUnderWay } from './protocol.js';
import { askBackend, type AskOptions } from './remote-credentials.js';

/**
 * What this user has under way, wherever it was begun, the last begun first. `remoteSession` of its name goes on with it here, beside whoever
 * follows it already; do so only when the person asked for it.
 * @throws SignError NETWORK; RATE_LIMITED with `retryAfterMs`; AUTH_EXPIRED for nobody
 */
export async function remoteSessions(base: string, options: AskOptions = {}): Promise<readonly SessionUnderWay[]> {
  return (unpackOctets((await askBackend(`${base}/sessions`, options)) as Json) as unknown as SessionsMessage).sessions;
}
