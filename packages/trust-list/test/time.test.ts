import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatInstant, parseDuration, parseInstant } from '../src/index.js';

describe('instants', () => {
  it.each([
    ['2026-08-01T00:00Z', '2026-08-01T00:00:00.000Z'],
    ['2026-08-01T00:00:30Z', '2026-08-01T00:00:30.000Z'],
    ['2026-08-01T00:00:30.123Z', '2026-08-01T00:00:30.123Z'],
    ['2024-02-29T23:59Z', '2024-02-29T23:59:00.000Z'],
    ['0050-01-01T00:00Z', '0050-01-01T00:00:00.000Z'],
  ])('%s', (text, expected) => {
    expect(new Date(parseInstant(text)).toISOString()).toBe(expected);
  });

  it.each([
    '2026-02-29T00:00Z', '2026-04-31T00:00Z', '2026-13-01T00:00Z', '2026-00-01T00:00Z', '2026-01-00T00:00Z', '2026-01-32T00:00Z', '2026-01-01T24:00Z', '2026-01-01T23:60Z',
    '2026-01-01T23:59:60Z', '2026-01-01T00:00+08:00', '2026-01-01T00:00', '2026-01-01', '2026-01-01 00:00Z', '2026-01-01T00:00:00.1Z', '2026-01-01t00:00z', '+012026-01-01T00:00Z', '', ' 2026-01-01T00:00Z',
    '2026-01-01T00:00Z\n',
  ])('refuses %j', (text) => {
    expect(() => parseInstant(text)).toThrowError(expect.objectContaining({ code: 'TL_TIME_INVALID' }));
  });

  it('reads what it writes', () => {
    fc.assert(fc.property(fc.date({ min: new Date('0000-01-01T00:00:00Z'), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true }), (date) => {
      expect(parseInstant(formatInstant(date.getTime()))).toBe(date.getTime());
    }));
    expect(() => formatInstant(Number.NaN)).toThrow(TypeError);
    expect(() => formatInstant(1e15)).toThrow(TypeError);
  });
});

describe('durations', () => {
  it.each([['PT24H', 86_400_000], ['P180D', 15_552_000_000], ['P1W', 604_800_000], ['P1DT2H3M4S', 93_784_000], ['PT0S', 0]] as const)('%s', (text, expected) => {
    expect(parseDuration(text)).toBe(expected);
  });

  it.each(['', 'P', 'PT', 'P1DT', 'P1Y', 'P1M', '24H', 'PT1.5H', '-P1D', 'P1H', 'PT1D', 'P1W1D', 'PT1S\n', 'P9999999D'])('refuses %j', (text) => {
    expect(() => parseDuration(text)).toThrowError(expect.objectContaining({ code: 'TL_TIME_INVALID' }));
  });
});
