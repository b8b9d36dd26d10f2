/** Everything wrong with one policy. */
export type ProblemLog = string[];

/**
 * Reads the members of one JSON object. What is wrong is written to the log and a placeholder given back, so that one
 * reading finds everything; nothing is used once the log holds a problem.
 */
export class Members {
  readonly #value: Readonly<Record<string, unknown>>;
  readonly #path: string;
  readonly #problems: ProblemLog;
  /** Stands in for an object that is missing: says nothing more. */
  readonly #silent: boolean;

  constructor(value: unknown, path: string, problems: ProblemLog) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    this.#value = isObject ? (value as Readonly<Record<string, unknown>>) : {};
    this.#path = path;
    this.#problems = problems;
    this.#silent = !isObject;
    if (!isObject) problems.push(`${path === '' ? 'policy' : path}: is ${value === undefined ? 'missing' : 'not an object'}`);
  }

  /** Refuses members other than these. */
  finish(known: readonly string[]): void {
    for (const name of Object.keys(this.#value)) if (!known.includes(name)) this.#fail(name, 'is not a member of a policy');
  }

  object(name: string): Members {
    return new Members(this.#get(name), this.#pathOf(name), this.#silent ? [] : this.#problems);
  }

  optionalObject(name: string): Members | undefined {
    return this.#get(name) === undefined ? undefined : this.object(name);
  }

  text(name: string, pattern: RegExp): string {
    const value = this.#get(name);
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.#fail(name, value === undefined ? 'is missing' : `is not of the form ${pattern.source}`);
    return '';
  }

  boolean(name: string): boolean {
    const value = this.#get(name);
    if (typeof value === 'boolean') return value;
    this.#fail(name, value === undefined ? 'is missing' : 'is neither true nor false');
    return false;
  }

  integer(name: string, min: number, max: number): number {
    const value = this.#get(name);
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max) return value;
    this.#fail(name, value === undefined ? 'is missing' : `is not an integer from ${min} to ${max}`);
    return min;
  }

  optionalInteger(name: string, min: number, max: number): number | undefined {
    return this.#get(name) === undefined ? undefined : this.integer(name, min, max);
  }

  oneOf<T extends string>(name: string, allowed: readonly T[]): T {
    const value = this.#get(name);
    const found = allowed.find((candidate) => candidate === value);
    if (found === undefined) this.#fail(name, value === undefined ? 'is missing' : `is none of ${allowed.join(', ')}`);
    return found ?? allowed[0]!;
  }

  optionalOneOf<T extends string>(name: string, allowed: readonly T[]): T | undefined {
    return this.#get(name) === undefined ? undefined : this.oneOf(name, allowed);
  }

  /** Distinct strings, at least `min`. */
  texts(name: string, pattern: RegExp, min = 1): readonly string[] {
    const value = this.#get(name);
    if (!Array.isArray(value)) {
      this.#fail(name, value === undefined ? 'is missing' : 'is not an array');
      return [];
    }
    if (value.length < min || value.length > 200) this.#fail(name, `has ${value.length} elements, not ${min} to 200`);
    else if (new Set(value).size !== value.length) this.#fail(name, 'repeats an element');
    else if (!value.every((element) => typeof element === 'string' && pattern.test(element))) this.#fail(name, `has an element not of the form ${pattern.source}`);
    else return [...(value as string[])];
    return [];
  }

  optionalChoices<T extends string>(name: string, allowed: readonly T[]): readonly T[] | undefined {
    return this.#get(name) === undefined ? undefined : this.choices(name, allowed, 0);
  }

  choices<T extends string>(name: string, allowed: readonly T[], min = 1): readonly T[] {
    const texts = this.texts(name, /^/, min);
    if (texts.every((text): text is T => (allowed as readonly string[]).includes(text))) return texts;
    this.#fail(name, `has an element that is none of ${allowed.join(', ')}`);
    return [];
  }

  /** An optional object of instants, epoch milliseconds. */
  numbers(name: string): Readonly<Record<string, number>> | undefined {
    const value = this.#get(name);
    if (value === undefined) return undefined;
    const numbers: Record<string, number> = {};
    const members = this.object(name);
    for (const member of Object.keys(members.#value)) {
      // Defined, not assigned: `__proto__` must stay a member like any other.
      Object.defineProperty(numbers, member, { value: members.integer(member, 0, 8.64e15), enumerable: true });
    }
    return numbers;
  }

  /** Own members only; `undefined` is absent, `null` is not. */
  #get(name: string): unknown {
    return Object.hasOwn(this.#value, name) ? this.#value[name] : undefined;
  }

  #pathOf(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name.slice(0, 64)}`;
  }

  #fail(name: string, message: string): void {
    if (!this.#silent && this.#problems.length < 100) this.#problems.push(`${this.#pathOf(name)}: ${message}`);
  }
}
