import { SignError, type Json, type JsonObject } from '@hefu/sign';

/** What is said against the protocol where nothing was signed. */
export function unexpected(detail: string): SignError {
  return new SignError('PROVIDER_PROTOCOL', `the service answered against its protocol: ${detail}`, { outcome: 'not-signed', detail });
}

export function textOf(object: JsonObject, name: string): string | undefined {
  const value = object[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function objectOf(object: JsonObject, name: string): JsonObject | undefined {
  const value = object[name];
  return isObject(value) ? value : undefined;
}

export function listOf(object: JsonObject, name: string): readonly Json[] | undefined {
  const value = object[name];
  return Array.isArray(value) ? value : undefined;
}

export function textsOf(object: JsonObject, name: string): readonly string[] {
  return (listOf(object, name) ?? []).filter((each) => typeof each === 'string');
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A whole number from 1, also as text, as some services write it. */
export function countOf(object: JsonObject, name: string): number | undefined {
  const value = Number(object[name]);
  return Number.isSafeInteger(value) && value >= 1 ? value : undefined;
}
