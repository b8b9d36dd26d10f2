import { SignError, unpackOctets, type Json } from '@hefu/sign';
import { REQUEST_HEADER } from './protocol.js';
import { readAnswer } from './remote-session.js';

/**
 * What the backend lets this user choose from: whatever its `credentials` gives, octets unpacked.
 * @throws SignError NETWORK, and what the backend refused
 */
export async function remoteCredentials(base: string, options: { readonly signal?: AbortSignal; readonly fetch?: typeof fetch } = {}): Promise<unknown> {
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  try {
    const response = await send(`${base}/credentials`, {
      credentials: 'same-origin', cache: 'no-store', redirect: 'error', headers: { accept: 'application/json', [REQUEST_HEADER]: '1' },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return unpackOctets((await readAnswer(response)) as Json);
  } catch (cause) {
    if (cause instanceof SignError) throw cause;
    throw new SignError(options.signal?.aborted === true ? 'ABORTED' : 'NETWORK', 'the backend did not answer', { cause });
  }
}
