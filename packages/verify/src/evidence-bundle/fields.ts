import { readJson, type JsonValue } from '@hefu/trust-list';
import { EvidenceError } from './error.js';
import { EVIDENCE_LIMITS } from './limits.js';

/**
 * Reads an evidence document: strict JSON that is, octet for octet, what `serialize` writes of what was read. So nothing
 * can hide in it: no unknown member, no other order, no white space.
 * @throws EvidenceError EVIDENCE_DOCUMENT_INVALID
 */
export function readDocument<T>(bytes: Uint8Array, file: string, maxBytes: number, read: (fields: Fields) => T): T {
  let value: JsonValue;
  try {
    value = readJson(bytes, { maxBytes, maxDepth: EVIDENCE_LIMITS.maxDepth });
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'TrustListError') throw cause;
    throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', `${file}: ${cause.message}`, { cause, file, problems: [cause.message] });
  }
  const problems: string[] = [];
  const document = read(new Fields(value, '', problems));
  if (problems.length === 0 && !same(serialize(document), bytes)) problems.push('is not written as its reader would write it');
  if (problems.length > 0) throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', `${file}: ${problems.slice(0, 3).join('; ')}`, { file, problems });
  return document;
}

/** JSON in UTF-8 without white space, members in the order of the value. */
export function serialize(document: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(document));
}

function same(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, index) => octet === b[index]);
}

export const HEX_256: RegExp = /^[0-9a-f]{64}$/;

/** The members of one object. What is wrong goes to the list of problems and a placeholder is given; what is not asked for shows when the document is written again. */
export class Fields {
  readonly #value: Readonly<Record<string, JsonValue>>;
  readonly #path: string;
  readonly #problems: string[];

  constructor(value: JsonValue | undefined, path: string, problems: string[]) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#value = isObject ? (value as Readonly<Record<string, JsonValue>>) : {};
    this.#path = path;
    this.#problems = problems;
    if (!isObject) this.fail('', 'is not an object');
  }

  fail(name: string, message: string): void {
    const path = [this.#path, name].filter((part) => part !== '').join('.');
    if (this.#problems.length < 100) this.#problems.push(`${path === '' ? 'document' : path} ${message}`);
  }

  has(name: string): boolean {
    return Object.hasOwn(this.#value, name);
  }

  get(name: string): JsonValue | undefined {
    return this.has(name) ? this.#value[name] : undefined;
  }

  literal<const T extends string | number>(name: string, expected: T): T {
    if (this.get(name) !== expected) this.fail(name, `is not ${JSON.stringify(expected)}`);
    return expected;
  }

  text(name: string, pattern: RegExp = /^[^\p{Cc}]{1,2000}$/u): string {
    const value = this.get(name);
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.fail(name, value === undefined ? 'is missing' : 'is not a text of its form');
    return '';
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const found = allowed.find((each) => each === this.get(name));
    if (found === undefined) this.fail(name, `is none of ${allowed.join(', ')}`);
    return found ?? allowed[0]!;
  }

  integer(name: string, min = 0, max: number = Number.MAX_SAFE_INTEGER): number {
    const value = this.get(name);
    if (typeof value === 'number' && value >= min && value <= max) return value;
    this.fail(name, `is not an integer from ${min} to ${max}`);
    return min;
  }

  boolean(name: string): boolean {
    const value = this.get(name);
    if (typeof value !== 'boolean') this.fail(name, 'is neither true nor false');
    return value === true;
  }

  object(name: string): Fields {
    return new Fields(this.get(name), this.#path === '' ? name : `${this.#path}.${name}`, this.#problems);
  }

  list<T>(name: string, min: number, max: number, read: (element: Fields) => T): readonly T[] {
    const value = this.get(name);
    if (!Array.isArray(value) || value.length < min || value.length > max) {
      this.fail(name, `is not a list of ${min} to ${max}`);
      return [];
    }
    return (value as readonly JsonValue[]).map((element, index) => read(new Fields(element, `${this.#path === '' ? '' : `${this.#path}.`}${name}[${index}]`, this.#problems)));
  }

  texts(name: string, min: number, max: number, pattern: RegExp): readonly string[] {
    const value = this.get(name);
    if (Array.isArray(value) && value.length >= min && value.length <= max && value.every((each): each is string => typeof each === 'string' && pattern.test(each))) return value;
    this.fail(name, `is not a list of ${min} to ${max} texts of their form`);
    return [];
  }

  /** `{ [name]: read() }` when the member is there, else nothing: for building values under exactOptionalPropertyTypes. */
  optional<K extends string, T>(name: K, read: (fields: this) => T): { readonly [P in K]?: T } {
    return this.has(name) ? ({ [name]: read(this) } as { readonly [P in K]?: T }) : {};
  }
}
