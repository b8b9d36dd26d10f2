import { ListKeyError } from './error.js';
import type { Sm2Mechanism } from '../keys/pkcs11/mechanism.js';
import type { TokenChoice } from '../keys/pkcs11/token.js';

/** A key on a token by its URI (RFC 7512). */
export interface Pkcs11Uri extends TokenChoice {
  readonly module: string | undefined;
  /** CKA_LABEL of the key or its certificate. */
  readonly object?: string;
  readonly id?: Uint8Array;
  readonly sm2?: Sm2Mechanism;
}

const PATH_ATTRIBUTES = ['token', 'serial', 'slot-id', 'object', 'id', 'type', 'manufacturer', 'model'] as const;
const QUERY_ATTRIBUTES = ['module-path', 'sm2-mechanism', 'sm2-input'] as const;

/**
 * Reads `pkcs11:token=…;object=…;id=%01?module-path=/…`. Beside RFC 7512, `sm2-mechanism=0x…` and `sm2-input=e|message` say how
 * the vendor signs SM2.
 * @throws ListKeyError KEY_URI_INVALID. A PIN in the URI is refused: URIs stand in histories and logs.
 */
export function readPkcs11Uri(uri: string): Pkcs11Uri {
  const [, path = '', query = ''] = /^pkcs11:([^?#]*)(?:\?([^#]*))?$/i.exec(uri) ?? fail('uri');
  const attributes = attributesOf(path, ';', PATH_ATTRIBUTES);
  const parameters = attributesOf(query, '&', QUERY_ATTRIBUTES);
  const [token, serial, slot, object] = (['token', 'serial', 'slot-id', 'object'] as const).map((name) => textOf(attributes, name));
  const id = attributes.get('id');
  if (object === undefined && id === undefined) fail('object');
  if (attributes.has('type') && !['private', 'cert', 'public'].includes(textOf(attributes, 'type')!)) fail('type');
  const mechanism = textOf(parameters, 'sm2-mechanism');
  const takes = textOf(parameters, 'sm2-input') ?? 'e';
  if (takes !== 'e' && takes !== 'message') fail('sm2-input');
  if (mechanism !== undefined && !/^(0x[0-9a-f]{1,8}|\d{1,10})$/i.test(mechanism)) fail('sm2-mechanism');
  if (slot !== undefined && !/^\d{1,15}$/.test(slot)) fail('slot-id');
  return {
    module: textOf(parameters, 'module-path'),
    ...(token === undefined ? {} : { token }), ...(serial === undefined ? {} : { serial }), ...(slot === undefined ? {} : { slot: Number(slot) }),
    ...(object === undefined ? {} : { object }), ...(id === undefined ? {} : { id }),
    ...(mechanism === undefined ? {} : { sm2: { mechanism: Number(mechanism), takes } }),
  };
}

function attributesOf(text: string, separator: string, known: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const found = new Map<string, Uint8Array>();
  for (const part of text === '' ? [] : text.split(separator)) {
    const [name, value] = /^([A-Za-z0-9_-]+)=([^=]*)$/.exec(part)?.slice(1) as [string, string] | undefined ?? [undefined, ''];
    // A word that is not known may narrow which key is meant (RFC 7512 §2.3), and a second value leaves it open.
    if (name === undefined || !known.includes(name) || found.has(name)) fail(name ?? 'uri');
    found.set(name, octetsOf(value, name));
  }
  return found;
}

function octetsOf(value: string, name: string): Uint8Array {
  if (/%(?![0-9A-Fa-f]{2})/.test(value)) fail(name);
  const octets: number[] = [];
  for (const [part] of value.matchAll(/%[0-9A-Fa-f]{2}|[^%]+/g)) octets.push(...(part.startsWith('%') ? [Number.parseInt(part.slice(1), 16)] : Buffer.from(part, 'utf8')));
  return Uint8Array.from(octets);
}

function textOf(attributes: ReadonlyMap<string, Uint8Array>, name: string): string | undefined {
  const octets = attributes.get(name);
  return octets === undefined ? undefined : new TextDecoder().decode(octets);
}

/** The value is not quoted: it may be a PIN. */
function fail(attribute: string): never {
  throw new ListKeyError('KEY_URI_INVALID', `not a PKCS #11 URI that names a key: ${attribute}`);
}
