import { hexOf } from '@hefu/pki';
import { SignError, type AdapterContext, type JsonObject, type RequestNature, type SignErrorCode } from '@hefu/sign';
import { createHttpClient } from '../http/client.js';
import { jsonOf } from '../http/json.js';
import type { Fetch, HttpLimits } from '../http/ports.js';
import { hmacSha256, sha256Hex } from '../kms/canonical-request.js';
import { isoBasic } from '../kms/time-text.js';
import type { CosignServer } from './cosign-server.js';

export interface HttpCosignServerOptions {
  readonly fetch: Fetch;
  readonly baseUrl: string;
  /** How the server knows the application. The secret belongs in a backend half; never in a page. */
  readonly app: { readonly id: string; readonly secret: () => Promise<string> };
  readonly limits?: Partial<HttpLimits>;
}

const ERRORS: Readonly<Record<string, SignErrorCode>> = {
  'no-key': 'NO_USABLE_CREDENTIAL', 'key-disabled': 'CREDENTIAL_DISABLED', 'key-locked': 'CREDENTIAL_LOCKED', busy: 'ACTION_PENDING', 'bad-signature': 'ADAPTER_MISCONFIGURED', skew: 'CLOCK_SKEW',
};

/**
 * The wire of the reference server: JSON, octets in hex, `POST keys {p1}` → `{kid, p}`, `POST keys/<kid>/sign {e, q1}` → `{r, s2, s3}`, refusals
 * `{error}`; each request signed by HMAC-SHA256 over method, path, time, nonce and the digest of its body.
 */
export function createHttpCosignServer({ fetch, baseUrl, app, limits }: HttpCosignServerOptions): CosignServer {
  const http = createHttpClient({ fetch, baseUrl, ...(limits === undefined ? {} : { limits }) });
  const base = baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`;
  const post = async (context: AdapterContext, name: string, nature: RequestNature, path: string, members: JsonObject): Promise<JsonObject> => {
    const body = JSON.stringify(members);
    const secret = await app.secret().catch((cause: unknown) => {
      throw new SignError('ADAPTER_MISCONFIGURED', 'the application’s secret could not be had', { cause, detail: 'account-credentials' });
    });
    context.protect(secret);
    const nonce = hexOf(context.random.bytes(16));
    const answer = await http.send(context, {
      name, nature, method: 'POST', path, body, headers: { 'content-type': 'application/json' },
      authorise(now) {
        const time = isoBasic(now);
        const text = ['POST', new URL(path, base).pathname, time, nonce, sha256Hex(body)].join('\n');
        return { 'x-cosign-app': app.id, 'x-cosign-time': time, 'x-cosign-nonce': nonce, 'x-cosign-signature': hexOf(hmacSha256(secret, text)) };
      },
    });
    const json = jsonOf(answer, nature);
    if (answer.status < 400) return json;
    const code = typeof json['error'] === 'string' ? json['error'] : undefined;
    throw new SignError((code === undefined ? undefined : ERRORS[code]) ?? 'PROVIDER_REFUSED', 'the co-signing server refuses', { outcome: 'not-signed', provider: { httpStatus: answer.status, ...(code === undefined ? {} : { code }) } });
  };
  return {
    async createKey(context, point) {
      const answer = await post(context, 'cosign-create-key', 'once', 'keys', { p1: hexOf(point) });
      const { kid } = answer;
      if (typeof kid !== 'string' || !/^[A-Za-z0-9._-]{1,64}$/.test(kid)) throw notAnAnswer('kid');
      return { kid, publicKey: octets(answer, 'p') };
    },
    async answer(context, kid, { digest, q1 }) {
      const answer = await post(context, 'cosign-answer', 'once', `keys/${kid}/sign`, { e: hexOf(digest), q1: hexOf(q1) });
      return { r: octets(answer, 'r'), s2: octets(answer, 's2'), s3: octets(answer, 's3') };
    },
  };
}

/** Whether the octets are what they should be is for the protocol to say. */
function octets(answer: JsonObject, name: string): Uint8Array {
  const text = answer[name];
  if (typeof text !== 'string' || text.length > 256 || text.length % 2 !== 0 || !/^[0-9a-f]*$/i.test(text)) throw notAnAnswer(name);
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

function notAnAnswer(detail: string): SignError {
  return new SignError('PROVIDER_PROTOCOL', `the co-signing server’s answer has no ${detail}`, { detail, outcome: 'not-signed' });
}
