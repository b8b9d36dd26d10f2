import { describe, expect, it } from 'vitest';
import { octetString } from '../../src/asn1/writer.js';
import { BerReader, joinOctetString } from '../../src/cms/ber.js';
import { indefinite, join, refusalCode, repeat, tlv } from './samples.js';

const over = (bytes: Uint8Array, maxElements = 1000): BerReader => BerReader.over(bytes, 30, maxElements);
const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);

describe('BerReader', () => {
  it('finds the end of an indefinite element and enters its content without the end-of-contents octets', () => {
    const message = join(indefinite(0x30, octetString(bytes(1)), indefinite(0xa0, octetString(bytes(2, 3)))), bytes(0x05, 0x00));
    const reader = over(message).next();
    expect(reader.indefinite).toBe(true);
    expect(reader.tlv()).toEqual(message.subarray(0, message.length - 2));
    const inner = reader.enter();
    expect(inner.next().content()).toEqual(bytes(1));
    expect(inner.indefinite).toBe(false);
    expect(inner.next().content()).toEqual(octetString(bytes(2, 3)));
    expect(inner.done).toBe(true);
    expect(reader.next().tag).toBe(0x05);
  });

  it('is not misled by two zero octets inside a value', () => {
    const reader = over(indefinite(0x30, octetString(bytes(0, 0, 0, 0)))).next().enter();
    expect(reader.next().content()).toEqual(bytes(0, 0, 0, 0));
    expect(reader.done).toBe(true);
  });

  it.each([
    ['no end-of-contents', bytes(0x30, 0x80, 0x05, 0x00), 'TRUNCATED'],
    ['half of end-of-contents', bytes(0x30, 0x80, 0x05, 0x00, 0x00), 'TRUNCATED'],
    ['nothing after the length octet', bytes(0x30, 0x80), 'TRUNCATED'],
    ['end-of-contents with a length', bytes(0x30, 0x80, 0x00, 0x01, 0x00), 'DER_INVALID'],
    ['an indefinite primitive inside', bytes(0x30, 0x80, 0x04, 0x80, 0, 0, 0, 0), 'DER_INVALID'],
    ['an indefinite primitive', bytes(0x04, 0x80, 0, 0), 'DER_INVALID'],
    ['end-of-contents in a definite parent', bytes(0x00, 0x00), 'DER_INVALID'],
    ['a length that is not minimal', bytes(0x30, 0x81, 0x02, 0x05, 0x00), 'DER_INVALID'],
    ['a high tag number', bytes(0x3f, 0x80, 0x00, 0x00), 'DER_INVALID'],
  ])('refuses %s', (_name, input, code) => {
    expect(refusalCode(() => over(input).next())).toBe(code);
  });

  it('refuses depth in one pass', () => {
    const deep = join(repeat(bytes(0x30, 0x80), 10_000), repeat(bytes(0, 0), 10_000));
    expect(refusalCode(() => over(deep, 1e6).next())).toBe('TOO_DEEP');
    const allowed = join(repeat(bytes(0x30, 0x80), 30), repeat(bytes(0, 0), 30));
    expect(over(allowed).next().end).toBe(allowed.length);
  });

  it('counts the elements inside indefinite lengths', () => {
    const nine = indefinite(0x30, repeat(bytes(0x05, 0x00), 7)); // with its own header and end-of-contents
    expect(over(nine, 9).next().end).toBe(nine.length);
    expect(refusalCode(() => over(nine, 8).next())).toBe('TOO_MANY');
  });
});

describe('joinOctetString', () => {
  const joined = (input: Uint8Array, max = 100): Uint8Array => joinOctetString(over(input).next(), max);

  it('hands out one segment as a view', () => {
    const primitive = octetString(bytes(1, 2, 3));
    expect(joined(primitive)).toEqual(bytes(1, 2, 3));
    expect(joined(primitive).buffer).toBe(primitive.buffer);
    const constructed = tlv(0x24, octetString(bytes(1, 2, 3)));
    expect(joined(constructed)).toEqual(bytes(1, 2, 3));
    expect(joined(constructed).buffer).toBe(constructed.buffer);
  });

  it('joins nested segments in order, definite and indefinite', () => {
    const input = indefinite(0x24, octetString(bytes(1)), tlv(0x24, octetString(bytes(2)), octetString(bytes())), indefinite(0x24, octetString(bytes(3, 4))));
    expect(joined(input)).toEqual(bytes(1, 2, 3, 4));
    expect(joined(tlv(0x24))).toEqual(bytes());
  });

  it.each([
    ['a segment of another type', tlv(0x24, octetString(bytes(1)), tlv(0x0c, bytes(0x41))), 'STRUCTURE_INVALID'],
    ['more segments than allowed', tlv(0x24, repeat(octetString(bytes(1)), 101)), 'TOO_MANY'],
    ['a segment past the end', tlv(0x24, bytes(0x04, 0x05, 1)), 'TRUNCATED'],
  ])('refuses %s', (_name, input, code) => {
    expect(refusalCode(() => joined(input))).toBe(code);
  });

  it('refuses depth, definite and indefinite', () => {
    let definite = octetString(bytes(1));
    for (let i = 0; i < 60; i++) definite = tlv(0x24, definite);
    expect(refusalCode(() => joined(definite))).toBe('TOO_DEEP');
    let open = octetString(bytes(1));
    for (let i = 0; i < 60; i++) open = indefinite(0x24, open);
    expect(refusalCode(() => joined(open))).toBe('TOO_DEEP');
  });
});
