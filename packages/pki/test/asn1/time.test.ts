import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DerReader } from '../../src/asn1/reader.js';
import { Tag } from '../../src/asn1/tag.js';
import { readTime, timeDeviations } from '../../src/asn1/time.js';
import { generalizedTime, integer, time, tlv, utcTime } from '../../src/asn1/writer.js';
import { expectCode } from '../expect-code.js';

const utc = (text: string): number => readTime(new DerReader(tlv(Tag.UTC_TIME, new TextEncoder().encode(text))));
const generalized = (text: string): number => readTime(new DerReader(tlv(Tag.GENERALIZED_TIME, new TextEncoder().encode(text))));

describe('times', () => {
  it('reads both types', () => {
    expect(utc('500101000000Z')).toBe(Date.UTC(1950, 0, 1));
    expect(utc('491231235959Z')).toBe(Date.UTC(2049, 11, 31, 23, 59, 59));
    expect(generalized('20500101000000Z')).toBe(Date.UTC(2050, 0, 1));
    expect(generalized('99991231235959Z')).toBe(Date.UTC(9999, 11, 31, 23, 59, 59));
    expect(generalized('00010101000000Z')).toBe(Date.parse('0001-01-01T00:00:00Z'));
  });

  it('read after write gives the same instant', () => {
    const first = Date.parse('0000-01-01T00:00:00Z');
    const last = Date.parse('9999-12-31T23:59:59.999Z');
    fc.assert(fc.property(fc.integer({ min: first, max: last }), (ms) => {
      expect(readTime(new DerReader(generalizedTime(ms)))).toBe(ms);
    }), { numRuns: 1000 });
    fc.assert(fc.property(fc.integer({ min: Date.UTC(1950, 0) / 1000, max: Date.UTC(2050, 0) / 1000 - 1 }), (seconds) => {
      expect(readTime(new DerReader(utcTime(seconds * 1000)))).toBe(seconds * 1000);
    }));
  });

  it('chooses the type as RFC 5280 does', () => {
    expect(time(Date.UTC(2050, 0) - 1000)[0]).toBe(Tag.UTC_TIME);
    expect(time(Date.UTC(2050, 0))[0]).toBe(Tag.GENERALIZED_TIME);
    expect(time(Date.UTC(1949, 11, 31))[0]).toBe(Tag.GENERALIZED_TIME);
    expect(() => utcTime(Date.UTC(2050, 0))).toThrow(TypeError);
    expect(() => utcTime(1)).toThrow(TypeError);
    expect(() => generalizedTime(Number.NaN)).toThrow();
  });

  it('keeps fractions of a second', () => {
    expect(generalized('20240229120000.5Z')).toBe(Date.UTC(2024, 1, 29, 12) + 500);
    expect(generalized('20240229120000.123Z')).toBe(Date.UTC(2024, 1, 29, 12) + 123);
    expect(generalized('20240229120000.0001Z')).toBeGreaterThan(Date.UTC(2024, 1, 29, 12));
  });

  it.each([
    '2402290000Z', // no seconds
    '240229000000+0800',
    '240229000000',
    '240230000000Z',
    '230229000000Z',
    '241301000000Z',
    '240001000000Z',
    '240100000000Z',
    '240101240000Z',
    '240101006000Z',
    '240101000060Z',
    '24010100000 Z',
    '24010100000oZ',
    '240101000000.5Z',
    '240101000000z',
    '',
  ])('refuses UTCTime %j', (text) => {
    expectCode(() => utc(text), 'TIME_INVALID');
  });

  it.each([
    '20240229000000', '202402290000Z', '20240229000000+0800', '20230229000000Z', '19000229000000Z', '20240229000000.Z', '20240229000000.1234567890Z',
    '20240229000000.5', '20240229000000,5Z', '20240229000000ZZ', '+2024022900000Z', '20240229000000.5 Z', '',
  ])('refuses GeneralizedTime %j', (text) => {
    expectCode(() => generalized(text), 'TIME_INVALID');
  });

  it('refuses another type', () => {
    expectCode(() => readTime(new DerReader(integer(1))), 'STRUCTURE_INVALID');
    expectCode(() => readTime(new DerReader(new Uint8Array(0))), 'STRUCTURE_INVALID');
  });

  it('says how a time departs from the profile', () => {
    const of = (tag: number, text: string): readonly string[] => {
      const content = new TextEncoder().encode(text);
      return timeDeviations(content, tag, 0, content.length);
    };
    expect(of(Tag.UTC_TIME, '240101000000Z')).toEqual([]);
    expect(of(Tag.GENERALIZED_TIME, '20500101000000Z')).toEqual([]);
    expect(of(Tag.GENERALIZED_TIME, '20491231235959Z')).toEqual(['GENERALIZED_TIME_BEFORE_2050']);
    expect(of(Tag.GENERALIZED_TIME, '20491231235959.5Z')).toEqual(['GENERALIZED_TIME_BEFORE_2050', 'TIME_FRACTION']);
  });
});
