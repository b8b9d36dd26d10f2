import type { CosignServer } from '@hefu/cloud';
import { packOctets, SignError, unpackOctets, type AdapterContext, type Json } from '@hefu/sign';
import { KID } from '../remote/cosign-protocol.js';
import { post } from '../remote/post.js';
import { readAnswer } from '../remote/remote-session.js';

/** Milliseconds for one request. */
const TIMEOUT = 30_000;

/**
 * The way from a page to a co-signing server by its own backend (`createCosignBackend`), which has the application's secret.
 * @param base where the backend is mounted, as `/api/cosign`
 */
export function remoteCosignServer(base: string, options: { readonly fetch?: typeof fetch } = {}): CosignServer {
  const send = options.fetch ?? ((input, init) => globalThis.fetch(input, init));
  // Sent once: whoever had an answer and lost it asks anew, with another Q1.
  const once = (context: AdapterContext, name: string, path: string, message: unknown): Promise<Record<string, unknown>> => context.request(name, 'once', async (signal) => {
    const startedAt = context.clock.now();
    const bound = new AbortController();
    const timer = setTimeout(() => bound.abort(), TIMEOUT);
    const onAbort = (): void => bound.abort();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (signal.aborted) throw new SignError('ABORTED', 'aborted before it was sent');
      const response = await post(send, `${base}/${path}`, packOctets(message), bound.signal);
      const date = Date.parse(response.headers.get('date') ?? '');
      if (Number.isFinite(date)) context.serverTime(date, context.clock.now() - startedAt);
      return unpackOctets((await readAnswer(response)) as Json) as Record<string, unknown>;
    } catch (cause) {
      if (cause instanceof SignError) throw cause;
      throw new SignError(signal.aborted ? 'ABORTED' : 'NETWORK', 'the backend did not answer', { cause, outcome: 'unknown' });
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    }
  });
  return {
    async createKey(context, point) {
      const { kid, publicKey } = await once(context, 'cosign-create-key', 'keys', { point });
      if (typeof kid !== 'string' || !KID.test(kid)) throw notAnAnswer('kid');
      return { kid, publicKey: octets(publicKey, 'publicKey') };
    },
    async answer(context, kid, { digest, q1 }) {
      const { r, s2, s3 } = await once(context, 'cosign-answer', `keys/${kid}/rounds`, { digest, q1 });
      return { r: octets(r, 'r'), s2: octets(s2, 's2'), s3: octets(s3, 's3') };
    },
  };
}

/** Whether the octets are what they should be is for the protocol to say. */
function octets(value: unknown, name: string): Uint8Array {
  if (!(value instanceof Uint8Array) || value.length > 128) throw notAnAnswer(name);
  return value;
}

function notAnAnswer(detail: string): SignError {
  return new SignError('PROVIDER_PROTOCOL', `the backend's answer has no ${detail}`, { detail, outcome: 'not-signed' });
}
