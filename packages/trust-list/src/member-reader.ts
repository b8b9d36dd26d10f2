import { TrustListError, type Problem, type ProblemCode } from './error.js';
import type { JsonObject, JsonValue } from './json.js';
import { parseDuration, parseInstant } from './time.js';

/** Everything wrong with one document, up to a number. */
export class ProblemLog {
  readonly problems: Problem[] = [];
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  add(path: string, message: string, code: ProblemCode = 'TL_SCHEMA_INVALID'): void {
    if (this.problems.length < this.#max) this.problems.push({ path, code, message });
  }
}

export interface TextRule {
  readonly max?: number;
  readonly pattern?: RegExp;
  /** What the text should be, for the problem's message. */
  readonly what?: string;
}

/**
 * Reads the members of one JSON object. What is missing or wrong is written to the log and a placeholder is
 * given back, so that reading goes on and finds the rest; nothing read is used once the log holds a problem.
 * `null` counts as absent.
 */
export class MemberReader {
  readonly path: string;
  readonly log: ProblemLog;
  readonly value: JsonObject;

  constructor(value: JsonValue, path: string, log: ProblemLog) {
    this.path = path;
    this.log = log;
    if (isObject(value)) this.value = value;
    else {
      this.value = {};
      log.add(path, 'is not an object');
    }
  }

  pathOf(name: string): string {
    return this.path === '' ? name : `${this.path}.${name}`;
  }

  fail(name: string, message: string, code?: ProblemCode): void {
    this.log.add(this.pathOf(name), message, code);
  }

  get(name: string): JsonValue | undefined {
    return Object.hasOwn(this.value, name) ? (this.value[name] ?? undefined) : undefined;
  }

  optionalText(name: string, rule: TextRule = {}): string | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : this.#text(value, this.pathOf(name), rule);
  }

  text(name: string, rule: TextRule = {}): string {
    return this.#text(this.#required(name), this.pathOf(name), rule);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    return this.#oneOf(this.#required(name), this.pathOf(name), allowed);
  }

  optionalOneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : this.#oneOf(value, this.pathOf(name), allowed);
  }

  optionalInteger(name: string, min: number, max: number): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    if (typeof value === 'number' && value >= min && value <= max) return value;
    this.fail(name, `is not an integer from ${min} to ${max}`);
    return min;
  }

  integer(name: string, min: number, max: number): number {
    if (this.#required(name) === undefined) return min;
    return this.optionalInteger(name, min, max) ?? min;
  }

  optionalBoolean(name: string): boolean | undefined {
    const value = this.get(name);
    if (value === undefined || typeof value === 'boolean') return value;
    this.fail(name, 'is neither true nor false');
    return undefined;
  }

  optionalInstant(name: string): number | undefined {
    return this.#time(name, parseInstant);
  }

  instant(name: string): number {
    return this.#required(name) === undefined ? 0 : (this.optionalInstant(name) ?? 0);
  }

  optionalDuration(name: string): number | undefined {
    return this.#time(name, parseDuration);
  }

  optionalObject(name: string): MemberReader | undefined {
    const value = this.get(name);
    return value === undefined ? undefined : new MemberReader(value, this.pathOf(name), this.log);
  }

  object(name: string): MemberReader {
    const value = this.#required(name);
    return value === undefined ? new MemberReader({}, this.pathOf(name), new ProblemLog(0)) : new MemberReader(value, this.pathOf(name), this.log);
  }

  optionalList<T>(name: string, min: number, max: number, read: (value: JsonValue, path: string) => T): readonly T[] | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    const path = this.pathOf(name);
    if (!Array.isArray(value)) {
      this.log.add(path, 'is not an array');
      return undefined;
    }
    if (value.length < min || value.length > max) {
      this.log.add(path, value.length === 0 ? 'is empty' : `has ${value.length} elements, not ${min} to ${max}`);
      return undefined;
    }
    return (value as readonly JsonValue[]).map((element, index) => read(element, `${path}[${index}]`));
  }

  list<T>(name: string, min: number, max: number, read: (value: JsonValue, path: string) => T): readonly T[] {
    return this.#required(name) === undefined ? [] : (this.optionalList(name, min, max, read) ?? []);
  }

  objects<T>(name: string, min: number, max: number, read: (reader: MemberReader) => T): readonly T[] | undefined {
    return this.optionalList(name, min, max, (value, path) => read(new MemberReader(value, path, this.log)));
  }

  optionalTexts(name: string, rule: TextRule = {}, min = 1, max = 1000): readonly string[] | undefined {
    const texts = this.optionalList(name, min, max, (value, path) => this.#text(value, path, rule));
    if (texts !== undefined && new Set(texts).size !== texts.length) this.fail(name, 'repeats an element');
    return texts;
  }

  texts(name: string, rule: TextRule = {}): readonly string[] {
    return this.#required(name) === undefined ? [] : (this.optionalTexts(name, rule) ?? []);
  }

  optionalChoices<T extends string>(name: string, allowed: readonly T[]): readonly T[] | undefined {
    return this.optionalTexts(name)?.map((text, index) => this.#oneOf(text, `${this.pathOf(name)}[${index}]`, allowed));
  }

  #required(name: string): JsonValue | undefined {
    const value = this.get(name);
    if (value === undefined) this.fail(name, 'is missing');
    return value;
  }

  #text(value: JsonValue | undefined, path: string, rule: TextRule): string {
    const max = rule.max ?? 1000;
    if (value === undefined) return '';
    if (typeof value !== 'string' || value.length === 0) this.log.add(path, `is not ${rule.what ?? 'a non-empty string'}`);
    else if (value.length > max) this.log.add(path, `is longer than ${max} characters`);
    else if (rule.pattern !== undefined && !rule.pattern.test(value)) this.log.add(path, `is not ${rule.what ?? `of the form ${rule.pattern.source}`}`);
    else return value;
    return '';
  }

  #oneOf<T extends string>(value: JsonValue | undefined, path: string, allowed: readonly T[]): T {
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined && value !== undefined) this.log.add(path, `is none of ${allowed.join(', ')}`);
    return found ?? allowed[0]!;
  }

  #time(name: string, parse: (text: string) => number): number | undefined {
    const value = this.get(name);
    if (value === undefined) return undefined;
    try {
      return parse(typeof value === 'string' ? value : JSON.stringify(value));
    } catch (error) {
      if (!(error instanceof TrustListError)) throw error;
      this.fail(name, error.message, 'TL_TIME_INVALID');
      return 0;
    }
  }
}

export function isObject(value: JsonValue): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members that are there: for building values under exactOptionalPropertyTypes. */
export function present<T extends object>(members: { [K in keyof T]: T[K] | undefined }): Partial<T> {
  const out: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(members)) if (value !== undefined) out[name] = value;
  return out as Partial<T>;
}
