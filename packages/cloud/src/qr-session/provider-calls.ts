import type { Algorithms } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { SignError, type AdapterContext, type Json, type JsonObject } from '@hefu/sign';
import type { HttpAnswer, HttpClient } from '../http/client.js';
import { jsonOf } from '../http/json.js';
import { textAt } from './answer-path.js';
import { authenticate, encodeText, type PlatformKey } from './authenticate.js';
import type { CallShape, MappedError, QrMapping } from './mapping.js';
import { fill, fillText, type Filling, type Scope } from './template.js';

/** An answer that says yes. */
export interface MappedAnswer {
  readonly json: JsonObject;
  /** The provider's time as it came along, epoch milliseconds. */
  readonly serverNow?: number;
}

export interface ProviderCalls {
  /**
   * Everything a QR provider is asked may be asked again: a job whose code nobody saw cannot be confirmed.
   * @throws SignError of the mapping's tables, PROVIDER_REFUSED, and those of `HttpClient.send`
   */
  call(context: AdapterContext, name: string, shape: CallShape, scope: Scope, items?: readonly Scope[], nature?: 'read' | 'idempotent'): Promise<MappedAnswer>;
}

export interface ProviderCallsOptions {
  readonly mapping: QrMapping;
  readonly http: HttpClient;
  readonly keys: Readonly<Record<string, PlatformKey>>;
  readonly settings: Readonly<Record<string, string>>;
  readonly algorithms: Algorithms;
}

export function createProviderCalls({ mapping, http, keys, settings, algorithms }: ProviderCallsOptions): ProviderCalls {
  const { digests } = algorithms;
  return {
    async call(context, name, shape, inner, items = [], nature = 'read') {
      const nonce = hexOf(context.random.bytes(16));
      const scope: Scope = (each) => {
        if (each === 'nonce') return nonce;
        if (each === 'now') return context.clock.now();
        return each.startsWith('platform.') ? settings[each.slice('platform.'.length)] : inner(each);
      };
      const filling: Filling = { scope, items, digests };
      const path = fillText(shape.path, { ...filling, escape: encodeURIComponent });
      const members = shape.body === undefined ? undefined : fill(shape.body, filling);
      const form = shape.encoding === 'form';
      const body = members === undefined ? undefined : form ? formOf(members) : JSON.stringify(members);
      const answer = await http.send(context, {
        name, nature, method: shape.method, path,
        headers: {
          ...(body === undefined ? {} : { 'content-type': form ? 'application/x-www-form-urlencoded' : 'application/json' }),
          ...filledHeaders(shape.headers, filling),
        },
        ...(body === undefined ? {} : { body }),
        authorise: (now) => authorisation({ method: shape.method, path, body: body ?? '', sorted: sortedOf(members) }, now, scope, context),
      });
      return judged(answer, mapping);
    },
  };

  async function authorisation(sent: { readonly method: string; readonly path: string; readonly body: string; readonly sorted: string }, now: number, outer: Scope, context: AdapterContext): Promise<Readonly<Record<string, string>>> {
    const shape = mapping.authentication;
    if (shape === undefined) return {};
    // Of each sending its own: a provider that refuses a nonce twice refuses no repetition.
    const nonce = hexOf(context.random.bytes(16));
    const scope: Scope = (name) => (name === 'now' ? now : name === 'nonce' ? nonce : name.startsWith('call.') ? sent[name.slice('call.'.length) as keyof typeof sent] : outer(name));
    const signed = new TextEncoder().encode(fillText(shape.over, { scope, digests }));
    const signature = encodeText(await authenticate(shape.scheme, keys[shape.key], signed, algorithms), shape.encoding);
    return filledHeaders(shape.headers, { scope: (name) => (name === 'signature' ? signature : scope(name)), digests });
  }
}

function filledHeaders(headers: Readonly<Record<string, string>> | undefined, filling: Filling): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers ?? {}).map(([name, template]) => {
    const value = fillText(template, filling);
    if (!/^[\x20-\x7e]{0,4096}$/.test(value)) throw new SignError('ADAPTER_MISCONFIGURED', `the header ${name} cannot carry its value`, { detail: 'header' });
    return [name, value];
  }));
}

function formOf(members: Json): string {
  return new URLSearchParams(Object.entries(members as JsonObject).map(([name, value]) => [name, typeof value === 'string' ? value : JSON.stringify(value)])).toString();
}

/** `a=1&b=2`, by name; what is no text as JSON. */
function sortedOf(members: Json | undefined): string {
  if (typeof members !== 'object' || members === null) return '';
  return Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`).join('&');
}

/** @throws SignError by the mapping's table */
function judged(answer: HttpAnswer, { answer: { code, success, errors } }: QrMapping): MappedAnswer {
  const { status, headers } = answer;
  if (status >= 400) {
    const found = code === undefined ? undefined : readCode(answer, code);
    const mapped = (found === undefined ? undefined : own(errors, found)) ?? own(errors, `http ${status}`) ?? 'PROVIDER_REFUSED';
    throw refusal(mapped, status, found);
  }
  const json = jsonOf(answer, 'read');
  if (code !== undefined) {
    const said = textAt(json, code);
    if (said === undefined) throw new SignError('PROVIDER_PROTOCOL', 'the answer says neither yes nor no', { provider: { httpStatus: status }, detail: 'no-code', outcome: 'unknown' });
    if (!success!.some((each) => String(each) === said)) throw refusal(own(errors, said) ?? 'PROVIDER_REFUSED', status, said);
  }
  const date = Date.parse(headers.get('date') ?? '');
  return { json, ...(Number.isFinite(date) ? { serverNow: date } : {}) };
}

function readCode(answer: HttpAnswer, path: string): string | undefined {
  try {
    return textAt(jsonOf(answer, 'read'), path, 64);
  } catch {
    return undefined;
  }
}

export function own<T>(table: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function refusal(code: MappedError, httpStatus: number, said: string | undefined): SignError {
  return new SignError(code, 'the provider said no', { outcome: 'not-signed', provider: { httpStatus, ...(said === undefined ? {} : { code: said.slice(0, 64) }) } });
}
