import { SignError, type AdapterContext, type JsonObject, type RequestNature } from '@hefu/sign';
import { createHttpClient, type HttpAnswer, type HttpClient } from '../http/client.js';
import { jsonOf } from '../http/json.js';
import { refusalOf } from './errors.js';
import type { CscOptions } from './ports.js';
import { CSC_QUIRKS, type CscQuirks } from './quirks.js';
import { isObject, listOf, textOf, textsOf, unexpected } from './read.js';

export interface CscInfo {
  readonly version: 'v1' | 'v2';
  readonly methods: readonly string[];
  readonly asynchronous: boolean;
  readonly oauth: { readonly issuer: string } | { readonly base: string } | undefined;
  /** The service says that it takes rich authorization requests. */
  readonly rar: boolean | undefined;
  /** v2.2: the type of a rich request is a URI. */
  readonly rarType: string;
}

export interface CscAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

export interface CallOptions {
  /** In place of the service token: a credential token. */
  readonly bearer?: string;
  readonly form?: boolean;
  /** A refusal in such words is an answer of 202. */
  readonly pendingText?: RegExp;
}

/** A service as it is spoken to. */
export interface CscService {
  readonly quirks: CscQuirks;
  info(context: AdapterContext): Promise<CscInfo>;
  /** @throws SignError of the table, or those of the HTTP client */
  call(context: AdapterContext, method: string, nature: RequestNature, input: JsonObject, options?: CallOptions): Promise<CscAnswer>;
  /** The provider's time, epoch milliseconds, as of its last answer. */
  now(context: AdapterContext): number;
}

export function createCscService(options: CscOptions): CscService {
  const { fetch, baseUrl, tokens, limits } = options;
  const quirks = options.quirks ?? CSC_QUIRKS['spec-strict'];
  const http: HttpClient = createHttpClient({ fetch, baseUrl, ...(limits === undefined ? {} : { limits }) });
  let known: CscInfo | undefined;
  let offset = 0;

  const send = async (context: AdapterContext, method: string, nature: RequestNature, input: JsonObject, bearer: string | undefined, form: boolean): Promise<HttpAnswer> => {
    const answer = await http.send(context, {
      name: method, nature, method: 'POST', path: method,
      headers: { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json', ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }) },
      body: form ? new URLSearchParams(Object.entries(input).map(([name, value]) => [name, String(value)])).toString() : JSON.stringify(input),
    });
    const date = Date.parse(answer.headers.get('date') ?? '');
    if (Number.isFinite(date)) offset = date - context.clock.now();
    return answer;
  };

  const serviceToken = async (context: AdapterContext, stale?: string): Promise<string> => {
    const token = await tokens.service({ signal: context.signal, ...(stale === undefined ? {} : { stale }) }).catch((cause: unknown) => {
      throw cause instanceof SignError ? cause : new SignError('TOKEN_EXPIRED', 'no access token was had', { cause });
    });
    if (token === undefined || token === stale) throw new SignError('TOKEN_EXPIRED', 'the user has to sign in to the service again');
    context.protect(token);
    return token;
  };

  return {
    quirks,
    now: ({ clock }) => clock.now() + offset,
    async info(context) {
      known ??= readInfo(jsonOf(requireOk(await send(context, 'info', 'read', {}, undefined, false)), 'read'), options.version ?? 'auto');
      return known;
    },
    async call(context, method, nature, input, { bearer, form = false, pendingText } = {}) {
      let token = bearer ?? (await serviceToken(context));
      let answer = await send(context, method, nature, input, token, form);
      // 401 is said before anything is done (RFC 6750 §3.1): with a fresh token even what may sign is sent again.
      if (answer.status === 401 && bearer === undefined) {
        token = await serviceToken(context, token);
        answer = await send(context, method, nature, input, token, form);
      }
      if (answer.status >= 400) {
        const body = lenientJson(answer);
        if (pendingText?.test(textOf(body, 'error_description') ?? '') === true) return { status: 202, body: {} };
        throw refusalOf(answer.status, body, quirks.errors);
      }
      return { status: answer.status, body: answer.status === 204 ? {} : jsonOf(answer, nature) };
    },
  };
}

function requireOk(answer: HttpAnswer): HttpAnswer {
  if (answer.status >= 400) throw refusalOf(answer.status, lenientJson(answer));
  return answer;
}

/** A refusal is one whatever its body is. */
function lenientJson(answer: HttpAnswer): JsonObject {
  try {
    return jsonOf(answer, 'read');
  } catch {
    return {};
  }
}

function readInfo(body: JsonObject, asked: 'v1' | 'v2' | 'auto'): CscInfo {
  const specs = textOf(body, 'specs') ?? '';
  const [major = '', minor = '0'] = specs.split('.');
  if (asked === 'auto' && major !== '1' && major !== '2') throw unexpected('specs');
  const server = (listOf(body, 'oauth2Servers') ?? []).find(isObject) ?? {};
  const issuer = textOf(body, 'oauth2Issuer') ?? textOf(server, 'issuerIdentifier');
  const base = textOf(body, 'oauth2') ?? textOf(server, 'baseUri');
  const rar = body['supportsRar'] ?? server['supportsRar'];
  return {
    version: asked === 'auto' ? (major === '1' ? 'v1' : 'v2') : asked,
    methods: textsOf(body, 'methods'),
    asynchronous: body['asynchronousOperationMode'] === true || body['asynchronousOperationMode'] === 'true',
    oauth: issuer !== undefined ? { issuer } : base !== undefined ? { base } : undefined,
    rar: typeof rar === 'boolean' ? rar : undefined,
    rarType: major === '2' && Number(minor) >= 2 ? RAR_TYPES[1] : RAR_TYPES[0],
  };
}

/** Of v2.0 and of v2.2. */
export const RAR_TYPES = ['credential', 'https://cloudsignatureconsortium.org/2025/credential'] as const;
