import { expect } from 'vitest';
import { SignError, type SignErrorCode } from '../../src/index.js';
import { PIN, type Failure } from './failure.js';

const pin = { pin: PIN };
const qr = { decides: 'approve', afterMs: 5000, ttlMs: 60_000 } as const;
const failing = (name: string, code: SignErrorCode, times: number, options = {}) => ({ fail: (asked: string, n: number) => (asked === name && n <= times ? new SignError(code, 'scripted', options) : undefined) });
const warned = (code: string) => expect.objectContaining({ type: 'warning', code });

/** 1 to 9: time and network. */
export const NETWORK_FAILURES: readonly Failure[] = [
  { number: 1, what: 'no connection', script: { ...pin, ...failing('pin', 'NETWORK', Infinity) }, ends: { code: 'NETWORK', outcome: 'not-signed' }, more: (_, __, { provider }) => expect(provider.requests.filter((name) => name === 'pin')).toHaveLength(8) },
  { number: 2, what: 'the answer lost after it was signed', items: 2, script: { ...pin, lose: { 1: 'answer' } }, ends: 'done', made: 2, more: (_, events) => expect(events).toContainEqual(expect.objectContaining({ type: 'phase', phase: 'reconciling' })) },
  { number: 2, what: 'the answer lost, and nobody can be asked', script: { ...pin, lose: { 1: 'answer' }, reconcile: 'none' }, ends: { code: 'OUTCOME_UNKNOWN', outcome: 'unknown' }, made: 1, more: (_, __, { provider }) => expect(provider.jobs()).toBe(1) },
  { number: 3, what: 'an answer that does not end', script: { ...pin, lose: { 1: 'silence' } }, ends: 'done', made: 1 },
  { number: 3, what: 'an answer that does not end, past the deadline', script: { ...pin, lose: { 1: 'silence' }, reconcile: 'none' }, change: (_, { clock }) => ({ deadline: clock.now() + 61_000, limits: { confirmationMs: 1000 } }), each: (event, { clock }) => { if (event.type === 'phase' && event.phase === 'signing') clock.jump(30_000); }, ends: { code: 'DEADLINE_PASSED', outcome: 'unknown' }, made: 1 },
  { number: 4, what: 'too many requests, with Retry-After', script: { ...pin, ...failing('pin', 'RATE_LIMITED', 2, { retryAfterMs: 5000 }) }, ends: 'done', more: (_, __, { clock, journal }) => {
    expect(journal.filter((line) => line.includes('"request-again"'))).toHaveLength(2);
    expect(clock.now()).toBeGreaterThanOrEqual(Date.UTC(2026, 5, 1, 4) + 10_000);
  } },
  { number: 4, what: 'too many requests, without Retry-After', script: { ...pin, ...failing('pin', 'RATE_LIMITED', 3) }, ends: 'done' },
  { number: 4, what: 'too many requests, for good', script: { ...pin, ...failing('pin', 'RATE_LIMITED', Infinity) }, change: () => ({ limits: { attempts: 1 } }), ends: { code: 'RATE_LIMITED', outcome: 'not-signed' } },
  { number: 4, what: 'too many requests where it would sign: never sent again under the same authorisation', script: { ...pin, ...failing('sign', 'RATE_LIMITED', 1, { retryAfterMs: 3000 }) }, ends: 'done', made: 1, more: (_, events, { provider }) => {
    expect(events).toContainEqual(warned('AUTHORISING_AGAIN'));
    expect(provider.jobs()).toBe(2);
  } },
  { number: 5, what: 'a burst of 503', script: { ...pin, ...failing('pin', 'PROVIDER_UNAVAILABLE', 3) }, ends: 'done' },
  { number: 5, what: '503 for good', script: { ...pin, ...failing('pin', 'PROVIDER_UNAVAILABLE', Infinity) }, ends: { code: 'PROVIDER_UNAVAILABLE', outcome: 'not-signed' } },
  { number: 6, what: 'polls that are pending', script: { qr }, ends: 'done', more: (_, events) => expect(events.filter(({ type }) => type === 'poll').length).toBeGreaterThan(3) },
  { number: 7, what: 'a tab frozen for ten minutes', script: { qr: { ...qr, afterMs: 20_000 } }, each: (event, { clock }) => { if (event.type === 'poll' && event.attempt === 2) clock.jump(600_000); }, ends: 'done' },
  { number: 7, what: 'a tab frozen for ten minutes, and a user who never confirms', script: { qr: { ...qr, decides: 'never' } }, change: () => ({ limits: { attempts: 1 } }), each: (event, { clock }) => { if (event.type === 'poll' && event.attempt === 2) clock.jump(600_000); }, ends: { code: 'USER_TIMEOUT', outcome: 'not-signed' } },
  { number: 8, what: 'offline and online again', script: { qr, fail: (name, n) => (name === 'poll' && n % 2 === 1 ? new SignError('NETWORK', 'offline') : undefined) }, ends: 'done' },
  { number: 9, what: 'asleep while the authorisation expired', items: 3, script: { ...pin, maxPerCall: 1, tokenTtlMs: 300_000 }, each: (event, { clock }) => { if (event.type === 'item' && event.itemId === 'i0') clock.jump(3_600_000); }, ends: 'done', made: 3, more: (_, events, { provider }) => {
    expect(events).toContainEqual(warned('AUTHORISING_AGAIN'));
    expect(events.filter(({ type }) => type === 'challenge')).toHaveLength(2);
    expect(provider.made).toEqual(['i0', 'i1', 'i2']);
  } },
  { number: 9, what: 'asleep past the deadline', items: 2, script: { ...pin, maxPerCall: 1 }, change: (_, { clock }) => ({ deadline: clock.now() + 600_000 }), each: (event, { clock }) => { if (event.type === 'challenge') clock.jump(3_600_000); }, answers: { PIN: () => undefined }, ends: { code: 'DEADLINE_PASSED', outcome: 'not-signed' } },
];
