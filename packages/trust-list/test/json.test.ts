import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJson, TrustListError } from '../src/index.js';
import { utf8 } from './helpers/world.js';

const LIMITS = { maxBytes: 1 << 20, maxDepth: 32 };
const read = (text: string): unknown => readJson(utf8(text), LIMITS);

function refusal(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(TrustListError);
    const { code, detected } = error as TrustListError;
    return detected === undefined ? code : `${code}/${detected}`;
  }
  return 'accepted';
}

describe('readJson', () => {
  const json = fc.letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 6 },
      fc.constant(null), fc.boolean(), fc.maxSafeInteger(), fc.string({ unit: 'grapheme' }), fc.string({ unit: 'binary' }),
      fc.array(tie('value'), { maxLength: 5 }),
      fc.dictionary(fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('__proto__', 'constructor', '0', '')), tie('value'), { maxKeys: 5, noNullPrototype: true }),
    ),
  })).value;

  it('agrees with JSON.parse on documents of integers without duplicates', () => {
    fc.assert(
      fc.property(json, fc.constantFrom(undefined, 1, '\t'), (value, space) => {
        const text = JSON.stringify(value, null, space);
        expect(JSON.stringify(read(text))).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 500 },
    );
  });

  it('accepts nothing JSON.parse refuses, and reads the same where it accepts', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.array(fc.constantFrom('{', '}', '[', ']', ',', ':', '"', '\\', 'u', 'a', '1', '0', '-', '.', 'e', ' ', 'true', 'null', '\n', '"a"')).map((parts) => parts.join(''))), (text) => {
        let mine: unknown;
        try {
          mine = read(text);
        } catch (error) {
          expect(error).toBeInstanceOf(TrustListError);
          return;
        }
        expect(JSON.stringify(mine)).toBe(JSON.stringify(JSON.parse(text)));
      }),
      { numRuns: 5000 },
    );
  });

  it('keeps __proto__ a member', () => {
    const value = read('{"__proto__": {"polluted": 1}, "constructor": 2}') as Record<string, unknown>;
    expect(Object.getPrototypeOf(value)).toBe(null);
    expect(Object.keys(value)).toEqual(['__proto__', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBe(undefined);
  });

  it.each([
    ['', 'TL_EMPTY_INPUT'],
    [' \n\t ', 'TL_EMPTY_INPUT'],
    ['{"a":1,"a":1}', 'TL_DUPLICATE_MEMBER'],
    ['{"a":1,"\\u0061":1}', 'TL_DUPLICATE_MEMBER'],
    ['{"__proto__":1,"__proto__":1}', 'TL_DUPLICATE_MEMBER'],
    ['{"a":1,"b":{"a":1}}', 'accepted'],
    ['1', 'accepted'],
    ['1.0', 'TL_NOT_JSON/fraction'],
    ['1e3', 'TL_NOT_JSON/fraction'],
    ['01', 'TL_NOT_JSON/number'],
    ['-0', 'TL_NOT_JSON/number'],
    ['0', 'accepted'],
    ['9007199254740991', 'accepted'],
    ['9007199254740992', 'TL_NOT_JSON/number'],
    ['-9007199254740991', 'accepted'],
    ['-9007199254740992', 'TL_NOT_JSON/number'],
    ['99999999999999999999999', 'TL_NOT_JSON/number'],
    ['{"a":1} x', 'TL_NOT_JSON/trailing-data'],
    ['{"a":1}{', 'TL_NOT_JSON/trailing-data'],
    ['{"a":1', 'TL_NOT_JSON/truncated'],
    ['{"a":"\\u00', 'TL_NOT_JSON/truncated'],
    ['{"a":tr', 'TL_NOT_JSON/truncated'],
    ['[1,]', 'TL_NOT_JSON/text'],
    ['{"a":1,}', 'TL_NOT_JSON/text'],
    ["{'a':1}", 'TL_NOT_JSON/text'],
    ['"\u0001"', 'TL_NOT_JSON/text'],
    ['"\\ud800"', 'TL_NOT_JSON/unpaired-surrogate'],
    ['"\\ud83d\\ude00"', 'accepted'],
    ['\ufeff{}', 'TL_NOT_JSON/byte-order-mark'],
    ['<!DOCTYPE html><html>', 'TL_NOT_JSON/html'],
    ['<?xml version="1.0"?><a/>', 'TL_NOT_JSON/xml'],
    ['-----BEGIN CERTIFICATE-----', 'TL_NOT_JSON/pem'],
    ['NaN', 'TL_NOT_JSON/text'],
  ])('%j: %s', (text, expected) => {
    expect(refusal(() => read(text))).toBe(expected);
  });

  it('refuses octets that are not UTF-8, and too many of them', () => {
    expect(refusal(() => readJson(Uint8Array.of(0x22, 0xff, 0x22), LIMITS))).toBe('TL_NOT_JSON/not-utf8');
    expect(refusal(() => readJson(Uint8Array.of(0x22, 0xc0, 0x80, 0x22), LIMITS))).toBe('TL_NOT_JSON/not-utf8');
    expect(refusal(() => readJson(Uint8Array.of(0x1f, 0x8b, 8, 0), LIMITS))).toBe('TL_NOT_JSON/gzip');
    expect(refusal(() => readJson(utf8('[1,2]'), { maxBytes: 5, maxDepth: 2 }))).toBe('accepted');
    expect(refusal(() => readJson(utf8('[1,23]'), { maxBytes: 5, maxDepth: 2 }))).toBe('TL_TOO_LARGE');
  });

  it('refuses deep nesting without exhausting the stack, whatever the limit', () => {
    const nested = (depth: number): string => '['.repeat(depth) + '1' + ']'.repeat(depth);
    expect(refusal(() => read(nested(32)))).toBe('accepted');
    expect(refusal(() => read(nested(33)))).toBe('TL_NOT_JSON/too-deep');
    expect(refusal(() => readJson(utf8('{"a":'.repeat(100_000)), { maxBytes: 1 << 20, maxDepth: 1e9 }))).toBe('TL_NOT_JSON/too-deep');
  });
});
