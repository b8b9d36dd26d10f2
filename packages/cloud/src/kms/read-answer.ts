import { SignError, type Json, type JsonObject } from '@hefu/sign';

/** A member that is a text. @throws SignError PROVIDER_PROTOCOL */
export function textOf(answer: JsonObject, name: string): string {
  const value = answer[name];
  if (typeof value === 'string' && value !== '') return value;
  throw protocolError(name);
}

/** A member that is an object; empty where it is none. */
export function objectOf(value: Json | undefined): JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};
}

/** A text, or undefined. */
export function optionalText(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The answer does not say what it must; whether it signed is not known. */
export function protocolError(detail: string): SignError {
  return new SignError('PROVIDER_PROTOCOL', `an answer of the key service is not as documented: ${detail}`, { detail, outcome: 'unknown' });
}

/** @throws SignError KEY_MISMATCH: it signed with another key, or another version of it, than the certificate is for */
export function requireSameKey(found: string | undefined, wanted: string): void {
  if (found !== wanted) throw new SignError('KEY_MISMATCH', 'the service signed with another key or version than the one configured', { detail: 'key-version', outcome: 'signed' });
}
