import { bmpString, explicit, implicitPrimitive, integer, nullValue, octetString, printableString, sequence, setOf, utf8String } from '@hefu/pki';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeIdentityText, decodeStringContent } from '../../src/identity/decode.js';
import { ascii, concatBytes, GBK_TEST, tlv } from './certificate.js';

const text = (octets: Uint8Array): string | undefined => decodeIdentityText(octets)?.text;
const CODE = '91420199765432101X';

describe('inner encodings of identity extensions', () => {
  it.each([
    ['UTF8String', utf8String(CODE)],
    ['PrintableString', printableString(CODE)],
    ['IA5String', tlv(0x16, ascii(CODE))],
    ['TeletexString', tlv(0x14, ascii(CODE))],
    ['VisibleString', tlv(0x1a, ascii(CODE))],
    ['NumericString', tlv(0x12, ascii(CODE))],
    ['BMPString', bmpString(CODE)],
    ['[0] EXPLICIT', explicit(0, printableString(CODE))],
    ['[0] IMPLICIT', implicitPrimitive(0, ascii(CODE))],
    ['SET { [0] IMPLICIT }', setOf(implicitPrimitive(0, ascii(CODE)))],
    ['SET { [0] EXPLICIT }', setOf(explicit(0, printableString(CODE)))],
    ['SEQUENCE of one', sequence(utf8String(CODE))],
  ])('%s', (_, octets) => {
    expect(decodeIdentityText(octets)).toEqual({ text: CODE, decoder: 'der-string' });
    // Full consumption: one octet more, or one less, and it is no DER string any more.
    expect(decodeIdentityText(concatBytes(octets, Uint8Array.of(0)), ['der-string'])).toBeUndefined();
    expect(decodeIdentityText(octets.subarray(0, -1), ['der-string'])).toBeUndefined();
  });

  it.each([
    ['NULL', nullValue()],
    ['an empty string', utf8String('')],
    ['nothing', new Uint8Array()],
    ['SEQUENCE of two', sequence(utf8String('a'), utf8String('b'))],
    ['SET of none', setOf()],
    ['an integer', integer(7)],
    ['octets in octets', octetString(ascii('a'))],
    ['wrapped too often', sequence(sequence(sequence(sequence(sequence(utf8String('a'))))))],
    ['UTF8String that is not UTF-8', tlv(0x0c, GBK_TEST)],
    ['odd BMPString', tlv(0x1e, Uint8Array.of(0x4e))],
    ['lone surrogate', tlv(0x1e, Uint8Array.of(0xd8, 0x00))],
    ['non-minimal length', concatBytes(Uint8Array.of(0x0c, 0x81, 0x01), ascii('a'))],
    ['indefinite length', concatBytes(Uint8Array.of(0x31, 0x80), utf8String('a'), Uint8Array.of(0, 0))],
  ])('%s holds no value', (_, octets) => {
    expect(decodeIdentityText(octets)).toBeUndefined();
  });

  it('reads raw UTF-8 and raw GBK, and says which', () => {
    expect(decodeIdentityText(ascii('测试'))).toEqual({ text: '测试', decoder: 'raw-utf8' });
    expect(decodeIdentityText(GBK_TEST)).toEqual({ text: '测试', decoder: 'raw-gbk' });
    expect(decodeIdentityText(GBK_TEST, ['raw-utf8'])).toBeUndefined();
    expect(decodeIdentityText(Uint8Array.of(0xff, 0xff), ['raw-gbk'])).toBeUndefined();
    expect(decodeStringContent(0x14, GBK_TEST)).toEqual({ text: '测试', decoder: 'der-string (GBK)' });
  });

  it('does not take raw ASCII for DER: "1" is the tag of SET, "0" of SEQUENCE', () => {
    // 31 30 …: a SET of 48 octets, were it DER; the whole is exactly 50 characters.
    const trap = `10${'1'.repeat(48)}`;
    expect(decodeIdentityText(ascii(trap))).toEqual({ text: trap, decoder: 'raw-utf8' });
    expect(text(ascii('0123456789'))).toBe('0123456789');
    fc.assert(fc.property(fc.string({ minLength: 1, maxLength: 80, unit: fc.integer({ min: 0x20, max: 0x7e }).map((point) => String.fromCharCode(point)) }), (raw) => {
      expect(decodeIdentityText(ascii(raw))).toEqual({ text: raw, decoder: 'raw-utf8' });
    }));
  });

  it('keeps to the decoders asked for, in their order', () => {
    expect(decodeIdentityText(utf8String('a'), ['raw-utf8', 'raw-gbk'])).toBeUndefined();
    expect(decodeIdentityText(ascii('a'), ['der-string'])).toBeUndefined();
    expect(decodeIdentityText(ascii('a'), ['der-string', 'raw-gbk'])?.decoder).toBe('raw-gbk');
  });

  it('answers for any octets, and never with control characters from raw ones', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 60 }), (octets) => {
      const decoded = decodeIdentityText(octets);
      if (decoded?.decoder.startsWith('raw')) expect(decoded.text).not.toMatch(/\p{Cc}/u);
    }), { numRuns: 500 });
  });
});
