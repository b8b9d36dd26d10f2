import { decodeBase64, encodeBase64 } from '@hefu/trust-list';
import type { Json, JsonObject } from '../adapter/index.js';

/** Octets travel as base64 under this name, so that no other object is mistaken for them. */
const OCTETS = '$octets';

/** A value with octets in it as JSON: snapshots and events on their way through a store or a network. Undefined members are left out. */
export function packOctets(value: unknown): Json {
  if (value instanceof Uint8Array) return { [OCTETS]: encodeBase64(value) };
  if (Array.isArray(value)) return value.map(packOctets);
  if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined).map(([name, each]) => [name, packOctets(each)]));
  return value as Json;
}

/** The value again; what is no base64 becomes undefined. */
export function unpackOctets(value: Json): unknown {
  if (Array.isArray(value)) return value.map(unpackOctets);
  if (typeof value !== 'object' || value === null) return value;
  const { [OCTETS]: octets } = value as JsonObject;
  if (typeof octets === 'string') return decodeBase64(octets);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, unpackOctets(each as Json)]));
}
