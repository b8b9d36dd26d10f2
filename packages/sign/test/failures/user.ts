import { expect } from 'vitest';
import { SignError, type SigningEvent } from '../../src/index.js';
import { OTP, PIN, returning, type Failure, type Scene } from './failure.js';

const pin = { pin: PIN };
const qr = { decides: 'approve', afterMs: 3000, ttlMs: 9000 } as const;
const once = { change: () => ({ limits: { attempts: 1 } }) };
const cancelling = (when: (event: SigningEvent) => boolean): NonNullable<Failure['each']> => (event, { session }) => { if (when(event)) void session.cancel(); };
const attemptsLeft = (events: readonly SigningEvent[]): unknown[] => events.flatMap((event) => (event.type === 'challenge' && event.challenge.type === 'pin' ? [event.challenge.attemptsLeft] : []));
const wrong = { type: 'pin', value: '00000000000000' } as const;

/** 10 to 16: the user; 17 to 24 as far as core decides. */
export const USER_FAILURES: readonly Failure[] = [
  { number: 10, what: 'cancelled before the authorisation', script: pin, each: cancelling(({ type }) => type === 'plan'), ends: { cancelled: 'not-signed' } },
  { number: 10, what: 'cancelled while he is asked', script: pin, each: cancelling(({ type }) => type === 'challenge'), ends: { cancelled: 'not-signed' } },
  { number: 10, what: 'cancelled as the answer to the question', script: pin, answers: { PIN: { type: 'cancel' } }, ends: { cancelled: 'not-signed' } },
  { number: 10, what: 'cancelled while his device waits', script: { qr }, each: cancelling(({ type }) => type === 'poll'), ends: { cancelled: 'not-signed' } },
  { number: 10, what: 'cancelled after the authorisation', script: pin, each: cancelling((event) => event.type === 'phase' && event.phase === 'signing'), ends: { cancelled: 'not-signed' } },
  { number: 10, what: 'a cancel that races with success', script: pin, each: cancelling(({ type }) => type === 'item'), ends: { cancelled: 'signed' }, made: 1, more: (end) => expect(end).toMatchObject({ kept: ['i0'] }) },
  { number: 10, what: 'a cancel that is too late', script: pin, each: cancelling(({ type }) => type === 'done'), ends: 'done', made: 1 },
  { number: 11, what: 'refused on the phone', script: { qr: { ...qr, decides: 'refuse' } }, ends: { code: 'USER_REFUSED', outcome: 'not-signed' } },
  { number: 12, what: 'a user who does not answer', script: { qr: { ...qr, decides: 'never' } }, ...once, ends: { code: 'USER_TIMEOUT', outcome: 'not-signed' } },
  { number: 12, what: 'a network that does not answer meanwhile', script: { qr, fail: (name) => (name === 'poll' ? new SignError('NETWORK', 'gone') : undefined) }, ...once, ends: { code: 'NETWORK', outcome: 'not-signed' } },
  { number: 13, what: 'a wrong PIN, then the right one', script: pin, answers: { PIN: (n) => (n < 3 ? wrong : { type: 'pin', value: PIN }) }, ends: 'done', more: (_, events) => expect(attemptsLeft(events)).toEqual([3, 2, 1]) },
  { number: 13, what: 'the PIN locked', script: pin, answers: { PIN: wrong }, ends: { code: 'PIN_LOCKED', outcome: 'not-signed' }, more: (end) => expect(end).toMatchObject({ error: { attemptsLeft: 0, retry: 'other-credential' } }) },
  { number: 13, what: 'the PIN locked in the middle of a batch', items: 3, script: { ...pin, maxPerAuthorisation: 2 }, answers: { PIN: (n) => (n === 1 ? { type: 'pin', value: PIN } : wrong) }, ends: { code: 'PIN_LOCKED', outcome: 'not-signed' }, made: 2, signed: 2 },
  { number: 14, what: 'wrong codes', script: { otp: OTP }, answers: { OTP: { type: 'otp', value: '111111' } }, ends: { code: 'OTP_INCORRECT', outcome: 'not-signed' } },
  { number: 14, what: 'an expired code', script: { otp: OTP, fail: (name, n) => (name === 'otp' && n === 1 ? new SignError('OTP_EXPIRED', 'late') : undefined) }, ends: 'done', more: (_, events) => expect(events).toContainEqual(expect.objectContaining({ code: 'AUTHORISING_AGAIN' })) },
  { number: 14, what: 'a code sent again', script: { otp: OTP }, answers: { OTP: (n) => (n === 1 ? { type: 'resend' } : { type: 'otp', value: OTP }) }, ends: 'done' },
  { number: 14, what: 'codes asked for too often', script: { otp: OTP, fail: (name, n) => (name === 'send-otp' && n > 1 ? new SignError('OTP_THROTTLED', 'slow down', { retryAfterMs: 60_000 }) : undefined) }, ...once, answers: { OTP: { type: 'resend' } }, ends: { code: 'OTP_THROTTLED', outcome: 'not-signed' }, more: (end) => expect(end).toMatchObject({ error: { retryAfterMs: 60_000 } }) },
  { number: 15, what: 'the wrong verification code chosen', script: { qr: { ...qr, decides: 'wrong-code' } }, ends: { code: 'WRONG_VERIFICATION_CODE', outcome: 'not-signed' } },
  ...([['popup-blocked', 'POPUP_BLOCKED'], ['popup-closed', 'POPUP_CLOSED'], ['other-browser', 'RETURNED_IN_OTHER_BROWSER'], ['access_denied', 'USER_REFUSED']] as const).map(([reason, code]): Failure => ({
    number: 16, what: `the window: ${reason}`, script: { oauth: { issuer: 'https://as.example' } }, ...once, each: returning(() => ({ type: 'oauth-failed', reason })), ends: { code, outcome: 'not-signed' },
  })),
  { number: 16, what: 'back, and what came back before', script: { oauth: { issuer: 'https://as.example' } }, each: returning(() => ({ type: 'oauth', code: 'code-of-another-time', state: 'state-of-another-time', issuer: 'https://as.example' })), ends: { code: 'STATE_MISMATCH', outcome: 'not-signed', detail: 'state' } },
  { number: 16, what: 'a double click', script: pin, change: ({ ports }) => ({ ports: { ...ports, leases: { acquire: async () => false, release: async () => undefined } } }), ends: { code: 'ACTION_PENDING', outcome: 'not-signed' }, more: (_, __, { provider }: Scene) => expect(provider.jobs()).toBe(0) },
  { number: 17, what: 'a token that expires while it polls', script: { qr, fail: (name, n) => (name === 'poll' && n === 2 ? new SignError('TOKEN_EXPIRED', '401') : undefined) }, ends: 'done', made: 1, more: (_, events) => expect(events).toContainEqual(expect.objectContaining({ code: 'AUTHORISING_AGAIN' })) },
  { number: 18, what: 'an authorisation that expires before it is used', script: { ...pin, tokenTtlMs: 10_000 }, ...once, each: (event, { clock }) => { if (event.type === 'phase' && event.phase === 'signing') clock.jump(20_000); }, ends: { code: 'SAD_EXPIRED', outcome: 'not-signed' } },
  ...([[19, 'SAD_REPLAYED', 'used before'], [21, 'BATCH_TOO_LARGE', 'for fewer signatures'], [22, 'HASH_NOT_AUTHORISED', 'for other hashes']] as const).map(([number, code, what]): Failure => ({
    number, what: `an authorisation ${what}, as the provider says`, script: { ...pin, fail: (name) => (name === 'sign' ? new SignError(code, 'refused') : undefined) }, ends: { code, outcome: 'not-signed' }, more: (_, __, { provider }) => expect(provider.requests.filter((name) => name === 'sign')).toHaveLength(1),
  })),
  { number: 24, what: 'an answer of another authorisation server', script: { oauth: { issuer: 'https://as.example' } }, each: returning((state) => ({ type: 'oauth', code: 'code-1234567890', state, issuer: 'https://evil.example' })), ends: { code: 'STATE_MISMATCH', outcome: 'not-signed', detail: 'issuer' } },
  { number: 24, what: 'the answer of the right one', script: { oauth: { issuer: 'https://as.example' } }, each: returning((state, issuer) => ({ type: 'oauth', code: 'code-1234567890', state, ...(issuer === undefined ? {} : { issuer }) })), ends: 'done' },
];
