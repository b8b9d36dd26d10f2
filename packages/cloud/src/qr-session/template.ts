import type { DigestAlgorithm } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { SignError, type Json } from '@hefu/sign';
import { encodeBase64, encodeBase64url } from '@hefu/trust-list';
import type { Template } from './mapping.js';

/** What a name of a template may stand for. */
export type Value = Json | Uint8Array | undefined;
export type Scope = (name: string) => Value;

export interface Filling {
  readonly scope: Scope;
  /** One scope for each item, for `$items`. */
  readonly items?: readonly Scope[];
  readonly digests: readonly DigestAlgorithm[];
  /** For what is filled into a text: percent-encoding in addresses. */
  readonly escape?: (text: string) => string;
}

const PLACEHOLDER = /\$\{([^${}]*)\}/g;
const NAME = /^[a-z][A-Za-z0-9]*(?:\.[A-Za-z0-9_-]{1,64}){0,2}$/;
const FILTERS = ['base64', 'base64url', 'hex', 'HEX', 'sha256', 'sm3', 'text', 'json', 'seconds'];
const CUT = /^cut:([1-9]\d{0,2})$/;

/** The names in a template, without filters; undefined for one that is not well-formed. */
export function namesIn(text: string): readonly string[] | undefined {
  const names: string[] = [];
  for (const [, inside] of text.matchAll(PLACEHOLDER)) {
    const [name = '', ...filters] = inside!.split('|');
    if (!NAME.test(name) || filters.length > 4 || !filters.every((filter) => FILTERS.includes(filter) || CUT.test(filter))) return undefined;
    names.push(name);
  }
  return text.replace(PLACEHOLDER, '').includes('${') ? undefined : names;
}

/**
 * Fills a template. What is only a placeholder keeps the value's type; a member or entry whose only value is missing is left out.
 * @throws SignError ADAPTER_MISCONFIGURED for a missing value inside a text, and for octets without an encoding
 */
export function fill(template: Template, filling: Filling): Json | undefined {
  if (typeof template === 'string') return fillString(template, filling);
  if (typeof template !== 'object' || template === null) return template;
  if (Array.isArray(template)) return (template as readonly Json[]).map((each) => fill(each, filling)).filter((each) => each !== undefined);
  const { $items: each } = template as { readonly $items?: Template };
  if (each !== undefined) {
    const { items = [] } = filling;
    return items.map((scope) => fill(each, { ...filling, scope: (name) => scope(name) ?? filling.scope(name) })).filter((value) => value !== undefined);
  }
  return Object.fromEntries(Object.entries(template).flatMap(([name, value]) => {
    const filled = fill(value as Json, filling);
    return filled === undefined ? [] : [[name, filled]];
  }));
}

/** As {@link fill}, for what is text. */
export function fillText(template: string, filling: Filling): string {
  return template.replace(PLACEHOLDER, (_, inside: string) => {
    const value = valueOf(inside, filling);
    if (value === undefined || typeof value === 'object') throw misfit(inside);
    const text = String(value);
    return filling.escape?.(text) ?? text;
  });
}

function fillString(template: string, filling: Filling): Json | undefined {
  const whole = /^\$\{([^${}]*)\}$/.exec(template);
  if (whole === null) return fillText(template, filling);
  const value = valueOf(whole[1]!, filling);
  if (value instanceof Uint8Array) throw misfit(whole[1]!);
  return value;
}

function valueOf(inside: string, { scope, digests }: Filling): Value {
  const [name = '', ...filters] = inside.split('|');
  let value = scope(name);
  for (const filter of filters) value = value === undefined ? undefined : filtered(value, filter, digests);
  return value;
}

function filtered(value: Exclude<Value, undefined>, filter: string, digests: readonly DigestAlgorithm[]): Value {
  switch (filter) {
    case 'base64': return encodeBase64(octetsOf(value));
    case 'base64url': return encodeBase64url(octetsOf(value));
    case 'hex': return hexOf(octetsOf(value));
    case 'HEX': return hexOf(octetsOf(value)).toUpperCase();
    case 'sha256': return digest('SHA-256', value, digests);
    case 'sm3': return digest('SM3', value, digests);
    case 'json': return JSON.stringify(value);
    case 'seconds': return Math.floor(Number(value) / 1000);
    default: return cut(String(value), Number(CUT.exec(filter)?.[1] ?? Infinity));
  }
}

function digest(name: string, value: Exclude<Value, undefined>, digests: readonly DigestAlgorithm[]): Uint8Array {
  const algorithm = digests.find((each) => each.name === name);
  if (algorithm === undefined) throw new SignError('ADAPTER_MISCONFIGURED', `a template needs ${name}`);
  return algorithm.digest(octetsOf(value));
}

function octetsOf(value: Exclude<Value, undefined>): Uint8Array {
  return value instanceof Uint8Array ? value : new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
}

/** Whole characters. */
function cut(text: string, length: number): string {
  return length === Infinity ? text : [...text].slice(0, length).join('');
}

function misfit(name: string): SignError {
  return new SignError('ADAPTER_MISCONFIGURED', `a template cannot be filled with ${name}`, { detail: `template ${name.slice(0, 64)}` });
}
