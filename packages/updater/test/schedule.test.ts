import { expect, it } from 'vitest';
import { DEFAULT_UPDATER_LIMITS } from '../src/limits.js';
import { schedule } from '../src/schedule.js';

const T = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;

it('puts first what was never asked', () => {
  const due = schedule([
    { what: 'trust-list', id: 'hubei', askedAt: T },
    { what: 'crl', id: 'new' },
  ]);
  expect(due).toEqual([
    { what: 'crl', id: 'new', dueAt: 0, reason: 'never-asked' },
    { what: 'trust-list', id: 'hubei', dueAt: T + DEFAULT_UPDATER_LIMITS.trustListIntervalMs, reason: 'interval' },
  ]);
});

it('asks for a CRL before its nextUpdate, or by interval when that is sooner', () => {
  expect(schedule([{ what: 'crl', id: 'short', askedAt: T, thisUpdate: T, nextUpdate: T + 2 * HOUR }])[0])
    .toEqual({ what: 'crl', id: 'short', dueAt: T + 2 * HOUR - 12 * 60_000, reason: 'next-update' });
  expect(schedule([{ what: 'crl', id: 'long', askedAt: T, thisUpdate: T, nextUpdate: T + 720 * HOUR }])[0]).toMatchObject({ dueAt: T + 6 * HOUR, reason: 'interval' });
  expect(schedule([{ what: 'crl', id: 'none', askedAt: T, thisUpdate: T }])[0]).toMatchObject({ dueAt: T + 6 * HOUR, reason: 'interval' });
});

it('does not ask a late CA in a tight loop', () => {
  expect(schedule([{ what: 'crl', id: 'late', askedAt: T, thisUpdate: T - 48 * HOUR, nextUpdate: T - 24 * HOUR }])[0]).toMatchObject({ dueAt: T + 60_000 });
});

it('backs off after failures, up to a bound', () => {
  const dueAfter = (failures: number): number => (schedule([{ what: 'trust-list', id: 'l', askedAt: T, failures }])[0]?.dueAt ?? 0) - T;
  expect([1, 2, 3, 4].map(dueAfter)).toEqual([60_000, 120_000, 240_000, 480_000]);
  expect(dueAfter(1000)).toBe(DEFAULT_UPDATER_LIMITS.maxBackoffMs);
});
