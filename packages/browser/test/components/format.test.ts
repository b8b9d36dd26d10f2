import { describe, expect, it } from 'vitest';
import { clockText, dayText, octets, spanText } from '../../src/components/format.js';

describe('octets', () => {
  it.each([[0, '0 B'], [999, '999 B'], [1000, '1 kB'], [1536, '1.5 kB'], [99_960, '100 kB'], [999_600, '1 MB'], [2_040_000_000, '2 GB'], [48_200, '48.2 kB'], [5e15, '5000 TB']])('%d is %s', (count, text) => expect(octets(count)).toBe(text));
});

describe('a countdown', () => {
  it.each([[-5, '0:00'], [0, '0:00'], [1, '0:01'], [59_001, '1:00'], [65_000, '1:05'], [3_600_000, '1:00:00'], [3_725_000, '1:02:05']])('of %d ms is %s', (ms, text) => expect(clockText(ms)).toBe(text));
});

describe('a span', () => {
  it.each([[200, '1 秒', '1 s'], [59_000, '59 秒', '59 s'], [90_000, '2 分钟', '2 min'], [7_200_000, '2 小时', '2 h'], [259_200_000, '3 天', '3 days']])('of %d ms', (ms, zh, en) => {
    expect([spanText(ms, 'zh'), spanText(ms, 'en')]).toEqual([zh, en]);
  });
});

it('a day is one of Beijing', () => {
  expect([dayText(Date.UTC(2026, 5, 1, 15, 59)), dayText(Date.UTC(2026, 5, 1, 16))]).toEqual(['2026-06-01', '2026-06-02']);
});
