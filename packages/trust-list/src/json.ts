import { sniff } from './sniff.js';
import { TrustListError } from './error.js';

/** What strict JSON reads as. Objects have no prototype, so `__proto__` is a member like any other. */
export type JsonValue = null | boolean | number | string | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue;
}

/** Recursion stays far below what any stack allows, whatever the caller's limit. */
const DEEPEST = 500;

/**
 * Reads JSON (RFC 8259) as signers and verifiers must agree on it: UTF-8 without byte order mark, no
 * duplicate members (compared after escapes are resolved), integers within ±(2^53−1) only and never `-0`,
 * no unpaired surrogates (RFC 7493 §2.1), nothing after the value. Linear in the input.
 *
 * @param bytes the octets as received
 * @throws TrustListError TL_EMPTY_INPUT | TL_TOO_LARGE | TL_NOT_JSON | TL_DUPLICATE_MEMBER
 */
export function readJson(bytes: Uint8Array, limits: { readonly maxBytes: number; readonly maxDepth: number }): JsonValue {
  if (bytes.length === 0) throw new TrustListError('TL_EMPTY_INPUT', 'the input is empty');
  if (bytes.length > limits.maxBytes) throw new TrustListError('TL_TOO_LARGE', `${bytes.length} octets are more than ${limits.maxBytes}`);
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new TrustListError('TL_NOT_JSON', 'the input is not UTF-8', { cause, detected: sniff(bytes) ?? 'not-utf8' });
  }
  if (/^[ \t\n\r]*$/.test(text)) throw new TrustListError('TL_EMPTY_INPUT', 'the input is only white space');
  try {
    return new JsonReader(text, Math.min(limits.maxDepth, DEEPEST)).document();
  } catch (error) {
    if (!(error instanceof TrustListError) || error.code !== 'TL_NOT_JSON') throw error;
    throw new TrustListError('TL_NOT_JSON', error.message, { detected: sniff(bytes) ?? error.detected });
  }
}

class JsonReader {
  readonly #text: string;
  readonly #maxDepth: number;
  #at = 0;

  constructor(text: string, maxDepth: number) {
    this.#text = text;
    this.#maxDepth = maxDepth;
  }

  document(): JsonValue {
    this.#skipSpace();
    const value = this.#value(0);
    this.#skipSpace();
    if (this.#at < this.#text.length) throw this.#unexpected('the end', 'trailing-data');
    return value;
  }

  #value(depth: number): JsonValue {
    if (depth > this.#maxDepth) throw new TrustListError('TL_NOT_JSON', `nested deeper than ${this.#maxDepth} at character ${this.#at}`, { detected: 'too-deep' });
    switch (this.#text.charCodeAt(this.#at)) {
      case 0x7b:
        return this.#object(depth);
      case 0x5b:
        return this.#array(depth);
      case 0x22:
        return this.#string();
      case 0x74:
        return this.#word('true', true);
      case 0x66:
        return this.#word('false', false);
      case 0x6e:
        return this.#word('null', null);
      default:
        return this.#integer();
    }
  }

  #object(depth: number): JsonObject {
    const members: Record<string, JsonValue> = Object.create(null);
    this.#at++;
    this.#skipSpace();
    if (this.#take('}')) return members;
    for (;;) {
      if (this.#text[this.#at] !== '"') throw this.#unexpected('a member name');
      const start = this.#at;
      const name = this.#string();
      if (name in members) {
        throw new TrustListError('TL_DUPLICATE_MEMBER', `member ${JSON.stringify(name.slice(0, 64))} is repeated at character ${start}`);
      }
      this.#skipSpace();
      if (!this.#take(':')) throw this.#unexpected("':'");
      this.#skipSpace();
      members[name] = this.#value(depth + 1);
      this.#skipSpace();
      if (this.#take('}')) return members;
      if (!this.#take(',')) throw this.#unexpected("',' or '}'");
      this.#skipSpace();
    }
  }

  #array(depth: number): readonly JsonValue[] {
    const elements: JsonValue[] = [];
    this.#at++;
    this.#skipSpace();
    if (this.#take(']')) return elements;
    for (;;) {
      elements.push(this.#value(depth + 1));
      this.#skipSpace();
      if (this.#take(']')) return elements;
      if (!this.#take(',')) throw this.#unexpected("',' or ']'");
      this.#skipSpace();
    }
  }

  #string(): string {
    let out = '';
    let start = ++this.#at;
    let escapedUnits = false;
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code === 0x22) break;
      if (code !== 0x5c) {
        if (!(code >= 0x20)) throw this.#unexpected('a character of a string');
        this.#at++;
        continue;
      }
      out += this.#text.slice(start, this.#at++);
      const letter = this.#text[this.#at] ?? '';
      const simple = SIMPLE_ESCAPES[letter];
      if (simple !== undefined) {
        out += simple;
        this.#at++;
      } else {
        const hex = letter === 'u' ? this.#text.slice(this.#at + 1, this.#at + 5) : '';
        if (!/^[0-9a-fA-F]{4}$/.test(hex)) {
          if (this.#at + 5 > this.#text.length) this.#at = this.#text.length;
          throw this.#unexpected('an escape');
        }
        out += String.fromCharCode(Number.parseInt(hex, 16));
        escapedUnits = true;
        this.#at += 5;
      }
      start = this.#at;
    }
    out += this.#text.slice(start, this.#at++);
    if (escapedUnits && /\p{Surrogate}/u.test(out)) {
      throw new TrustListError('TL_NOT_JSON', `a string before character ${this.#at} has an unpaired surrogate`, { detected: 'unpaired-surrogate' });
    }
    return out;
  }

  #integer(): number {
    const start = this.#at;
    if (this.#text[this.#at] === '-') this.#at++;
    const digits = this.#at;
    while (isDigit(this.#text.charCodeAt(this.#at))) this.#at++;
    const length = this.#at - digits;
    if (length === 0) throw this.#unexpected('a value');
    const next = this.#text[this.#at];
    if (next === '.' || next === 'e' || next === 'E') {
      throw new TrustListError('TL_NOT_JSON', `a fraction or exponent at character ${start}; only integers are read`, { detected: 'fraction' });
    }
    const value = length > 16 ? Number.NaN : Number(this.#text.slice(start, this.#at));
    if (!Number.isSafeInteger(value) || Object.is(value, -0) || (length > 1 && this.#text[digits] === '0')) {
      throw new TrustListError('TL_NOT_JSON', `the number at character ${start} is not a plain integer within ±(2^53-1)`, { detected: 'number' });
    }
    return value;
  }

  #word<T extends JsonValue>(word: string, value: T): T {
    if (!this.#text.startsWith(word, this.#at)) {
      if (word.startsWith(this.#text.slice(this.#at))) this.#at = this.#text.length;
      throw this.#unexpected('a value');
    }
    this.#at += word.length;
    return value;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }

  #unexpected(expected: string, detected = 'text'): TrustListError {
    if (this.#at >= this.#text.length) return new TrustListError('TL_NOT_JSON', `the input ends where ${expected} should be`, { detected: 'truncated' });
    const found = JSON.stringify(String.fromCodePoint(this.#text.codePointAt(this.#at)!));
    return new TrustListError('TL_NOT_JSON', `${found} at character ${this.#at} where ${expected} should be`, { detected });
  }
}

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = Object.assign(Object.create(null), {
  '"': '"', '\\': '\\', '/': '/', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t',
});

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}
