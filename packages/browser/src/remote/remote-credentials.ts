import { SignError, unpackOctets, type Json } from '@hefu/sign';
import { REQUEST_HEADER } from './protocol.js';
import { readAnswer } from './remote-session.js';

export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly fetch?: typeof fetch;
}

/**
 * What the backend lets this user choose from: whatever its `credentials` gives, octets unpacked.
 * @throws SignError NETWORK, and what the backend refused
 */
export async function remoteCredentials(base: string, options: AskOptions = {}): Promise<unknown> {
  return unpackOctets((await askBackend(`${base}/credentials`, options)) as Json);
}

/** Asked once, by the person's own click. @throws SignError NETWORK | ABORTED, and what the backend refused */
export async function askBackend(address: string, options: AskOptions): Promise<unknown> {
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  try {
    const response = await send(address, {
      credentials: 'same-origin', cache: 'no-store', redirect: 'error', headers: { accept: 'application/json', [REQUEST_HEADER]: '1' },
      ...(options.signal === undefined ? {} : { signal: options.signal }),
    });
    return await readAnswer(response);
  } catch (cause) {
    if (cause instanceof SignError) throw cause;
    throw new SignError(options.signal?.aborted === true ? 'ABORTED' : 'NETWORK', 'the backend did not answer', { cause });
  }
}
