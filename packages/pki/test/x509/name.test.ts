import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeOid } from '../../src/asn1/oid.js';
import { DerReader } from '../../src/asn1/reader.js';
import { checkNesting } from '../../src/asn1/scan.js';
import { Tag } from '../../src/asn1/tag.js';
import { bmpString, ia5String, integer, oid, printableString, sequence, setOf, tlv, utf8String } from '../../src/asn1/writer.js';
import { PkiError } from '../../src/error.js';
import type { Name } from '../../src/model.js';
import { attributeValues, formatName, nameKey, namesEqual, readName } from '../../src/x509/name.js';
import { expectCode } from '../expect-code.js';
import { attribute, name } from './samples.js';

const CN = '2.5.4.3';
const read = (der: Uint8Array): Name => readName(new DerReader(der));
const cn = (value: Uint8Array): Name => read(name([CN, value]));
const text = (value: string): Name => cn(utf8String(value));

function isTaken(run: () => unknown): boolean {
  try {
    run();
    return true;
  } catch (error) {
    if (error instanceof PkiError) return false;
    throw error;
  }
}

/** RDNSequence, one element after another. */
function walk(der: Uint8Array): void {
  const rdns = new DerReader(der).expect(Tag.SEQUENCE, 'Name').enter();
  while (!rdns.done) {
    const rdn = rdns.expect(Tag.SET, 'RDN').enter();
    do {
      const { bytes, contentStart, end } = rdn.expect(Tag.SEQUENCE, 'attribute');
      const parts = new DerReader(bytes, contentStart, end);
      decodeOid(parts.expect(Tag.OID, 'type').content());
      parts.next().finish('attribute');
      if ((parts.tag & 0x20) !== 0) checkNesting(bytes, parts.contentStart, parts.end, 1, 30);
    } while (!rdn.done);
  }
}

describe('reading names', () => {
  it('gives attributes in order with their string types', () => {
    const found = read(name(['2.5.4.6', printableString('CN')], ['2.5.4.10', bmpString('示例')], [CN, utf8String('甲')]));
    expect(found.rdns.map((rdn) => rdn.map(({ type, tag, value }) => [type, tag, value]))).toEqual([[['2.5.4.6', 19, 'CN']], [['2.5.4.10', 30, '示例']], [[CN, 12, '甲']]]);
    expect(found.rdns).toBe(found.rdns);
    expect(attributeValues(found, CN)).toEqual(['甲']);
    expect(attributeValues(found, '2.5.4.7')).toEqual([]);
  });

  it('gives what is no text as # and hexadecimal', () => {
    expect(cn(tlv(Tag.BIT_STRING, Uint8Array.of(0, 0xab))).rdns[0]![0]!.value).toBe('#030200ab');
    expect(cn(tlv(Tag.UTF8_STRING, Uint8Array.of(0xd6, 0xd0))).rdns[0]![0]!.value).toBe('#0c02d6d0');
  });

  it('takes and refuses the usual form, any octet of it replaced, as a walk over its elements does', () => {
    const der = name([CN, utf8String('甲')]);
    const otherwise: string[] = [];
    let taken = 0;
    for (let at = 2; at < der.length; at++) {
      for (let octet = 0; octet < 256; octet++) {
        const changed = der.slice();
        changed[at] = octet;
        const walked = isTaken(() => walk(changed));
        if (isTaken(() => read(changed)) !== walked) otherwise.push(`${octet} at ${at}`);
        if (walked) taken++;
      }
    }
    expect(otherwise).toEqual([]);
    // Any octet in the value, most in its tag and in the OID, next to none elsewhere.
    expect(taken).toBeGreaterThan(3 * 256);
    expect(taken).toBeLessThan((der.length - 2) * 128);
  });

  it('reads an empty name and stops at its end', () => {
    const reader = new DerReader(sequence(sequence(), integer(1))).next().enter();
    expect(readName(reader).rdns).toEqual([]);
    expect(reader.peek()).toBe(Tag.INTEGER);
  });

  it.each([
    ['an empty RDN', sequence(setOf()), 'STRUCTURE_INVALID'],
    ['an RDN that is a SEQUENCE', sequence(sequence(attribute(CN, utf8String('a')))), 'STRUCTURE_INVALID'],
    ['an attribute without value', sequence(setOf(sequence(oid(CN)))), 'STRUCTURE_INVALID'],
    ['an attribute without type', sequence(setOf(sequence(utf8String('a')))), 'STRUCTURE_INVALID'],
    ['an attribute of two values', sequence(setOf(sequence(oid(CN), utf8String('a'), utf8String('b')))), 'TRAILING_DATA'],
    ['a type that is no object identifier', sequence(setOf(sequence(tlv(6, Uint8Array.of(0x80)), utf8String('a')))), 'DER_INVALID'],
    ['101 attributes', name(...Array.from({ length: 101 }, () => [CN, utf8String('a')] as const)), 'TOO_MANY'],
    ['a SET', setOf(), 'STRUCTURE_INVALID'],
  ] as const)('refuses %s', (_, der, code) => {
    expectCode(() => read(der), code);
  });
  it('reads 100 attributes', () => {
    expect(read(name(...Array.from({ length: 100 }, () => [CN, utf8String('a')] as const))).rdns).toHaveLength(100);
  });
});

describe('comparing names (RFC 5280 7.1)', () => {
  const equal: readonly (readonly [string, Name, Name])[] = [
    ['string types', cn(printableString('Example CA')), text('Example CA')],
    ['BMPString and UTF8String', cn(bmpString('上海')), text('上海')],
    ['IA5String and PrintableString', cn(ia5String('a.b')), cn(printableString('a.b'))],
    ['TeletexString and UTF8String', cn(tlv(Tag.TELETEX_STRING, Uint8Array.of(0xe9))), text('é')],
    ['case', text('EXAMPLE ca'), text('example CA')],
    ['sharp s', text('straße'), text('STRASSE')],
    ['white space', text('  Example   CA '), text('Example CA')],
    ['ideographic space and tab', text('甲\u3000乙'), text('甲\t乙')],
    ['full width', text('ＡＢＣ１'), text('abc1')],
    ['composition', text('e\u0301'), text('\u00e9')],
    ['soft hyphen and zero width space', text('ex\u00adam\u200bple'), text('example')],
    ['order within an RDN',
      read(sequence(tlv(0x31, attribute(CN, utf8String('a')), attribute('2.5.4.5', printableString('1'))))),
      read(sequence(tlv(0x31, attribute('2.5.4.5', printableString('1')), attribute(CN, utf8String('A')))))],
  ];
  it.each(equal)('disregards %s', (_, a, b) => {
    expect(namesEqual(a, b)).toBe(true);
    expect(nameKey(a)).toBe(nameKey(b));
  });

  const A = (value: string): Uint8Array => attribute(CN, utf8String(value));
  const different: readonly (readonly [string, Name, Name])[] = [
    ['text', text('Example CA'), text('Example CB')],
    ['space within words', text('Example CA'), text('ExampleCA')],
    ['type', text('a'), read(name(['2.5.4.10', utf8String('a')]))],
    ['order of RDNs', read(sequence(setOf(A('a')), setOf(A('b')))), read(sequence(setOf(A('b')), setOf(A('a'))))],
    ['grouping', read(sequence(setOf(A('a')), setOf(A('b')))), read(sequence(setOf(A('a'), A('b'))))],
    ['a missing RDN', read(sequence(setOf(A('a')), setOf(A('b')))), read(sequence(setOf(A('a'))))],
    ['a repeated attribute', read(sequence(tlv(0x31, A('a'), A('a')))), read(sequence(setOf(A('a'))))],
    ['octets and their hexadecimal as text', cn(tlv(Tag.BIT_STRING, Uint8Array.of(0, 1))), text('#03020001')],
    ['octets', cn(tlv(Tag.BIT_STRING, Uint8Array.of(0, 1))), cn(tlv(Tag.BIT_STRING, Uint8Array.of(0, 2)))],
    ['undecodable text in another string type', cn(tlv(Tag.UTF8_STRING, Uint8Array.of(0xff))), cn(tlv(Tag.BMP_STRING, Uint8Array.of(0xff)))],
    ['a value that imitates the key of two RDNs', read(sequence(setOf(A('a')), setOf(A('b')))), text(nameKey(read(sequence(setOf(A('a')), setOf(A('b'))))))],
    ['the empty name', read(sequence()), text('')],
    ['a NUL and what follows', text('good.cn\0.evil'), text('good.cn')],
  ];
  it.each(different)('regards %s', (_, a, b) => {
    expect(namesEqual(a, b)).toBe(false);
    expect(nameKey(a)).not.toBe(nameKey(b));
  });

  it('equal names, and only they, have equal keys', () => {
    const piece = fc.constantFrom('a', 'A', ' ', '  ', 'ß', 'ss', 'ı', 'i', 'İ', 'é', 'e\u0301', '甲', '\u3000', ',', '=', '+', '1:', 'σ', 'ς');
    const anyName = fc.array(fc.array(fc.tuple(fc.constantFrom(CN, '2.5.4.10'), fc.array(piece, { maxLength: 3 })), { minLength: 1, maxLength: 2 }), { maxLength: 2 })
      .map((rdns) => read(sequence(...rdns.map((rdn) => tlv(0x31, ...rdn.map(([type, value]) => attribute(type, utf8String(value.join('')))))))));
    fc.assert(fc.property(anyName, anyName, (a, b) => {
      expect(namesEqual(a, b)).toBe(nameKey(a) === nameKey(b));
      expect(namesEqual(a, a)).toBe(true);
      expect(namesEqual(a, b)).toBe(namesEqual(b, a));
    }), { numRuns: 1000 });
  });
});

describe('formatting names (RFC 4514)', () => {
  it('reverses the order, joins sets, keeps Chinese', () => {
    expect(formatName(read(name(['2.5.4.6', printableString('CN')], ['2.5.4.10', utf8String('示例公司')], [CN, utf8String('张三')])))).toBe('CN=张三,O=示例公司,C=CN');
    expect(formatName(read(sequence(setOf(attribute(CN, utf8String('a')), attribute('2.5.4.11', utf8String('b'))))))).toBe('CN=a+OU=b');
    expect(formatName(read(sequence()))).toBe('');
  });
  it('escapes what RFC 4514 2.4 asks for, and what would disturb a log', () => {
    expect(formatName(text('a,b+c"d\\e<f>g;h=i'))).toBe('CN=a\\,b\\+c\\"d\\\\e\\<f\\>g\\;h\\=i');
    expect(formatName(text(' #a '))).toBe('CN=\\ #a\\ ');
    expect(formatName(text('#a'))).toBe('CN=\\#a');
    expect(formatName(text('a\0b\n\u202e'))).toBe('CN=a\\00b\\0a\\e2\\80\\ae');
    expect(formatName(text('#0c0161'))).not.toBe(formatName(cn(tlv(Tag.BIT_STRING, Uint8Array.of(0)))));
  });
  it('prints unknown types by number', () => {
    expect(formatName(read(name(['1.2.156.1.2', utf8String('x')])))).toBe('1.2.156.1.2=x');
    expect(formatName(cn(tlv(Tag.BIT_STRING, Uint8Array.of(0, 1))))).toBe('CN=#03020001');
  });
});
