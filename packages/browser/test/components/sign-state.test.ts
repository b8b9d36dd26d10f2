import type { SigningEvent } from '@hefu/sign';
import { describe, expect, it } from 'vitest';
import { afterEvent, answered, resent, STARTED, type Running } from '../../src/components/sign-state.js';

const pin: SigningEvent = { type: 'challenge', challenge: { type: 'pin', id: 'PIN', label: 'PIN' } };
const otp: SigningEvent = { type: 'challenge', challenge: { type: 'otp', id: 'OTP', label: 'OTP' } };
const phase = (name: 'authorising' | 'signing', authorisation: number): SigningEvent => ({ type: 'phase', phase: name, authorisation, of: 2 });
const after = (state: Running, ...events: readonly SigningEvent[]): Running => events.reduce<Running>((each, event) => afterEvent(each, event) as Running, state);

describe('a question asked again', () => {
  it('in one authorisation means that the answer was wrong', () => {
    const first = after(STARTED, phase('authorising', 1), pin);
    expect(first.asked).toBe(1);
    expect(after(answered(first), pin).asked).toBe(2);
    expect(after(answered(after(answered(first), otp)), pin).asked).toBe(2);
    expect(after(answered(first), otp).asked).toBe(1);
  });

  it('by the next authorisation, or because it was to be sent again, does not', () => {
    const first = after(STARTED, phase('authorising', 1), pin);
    expect(after(answered(first), phase('signing', 1), phase('authorising', 2), pin).asked).toBe(1);
    expect(after(answered(first), phase('authorising', 2), pin).asked).toBe(1);
    expect(after(resent(after(STARTED, otp)), otp).asked).toBe(1);
  });
});

describe('what is shown', () => {
  it('is no longer the question once it was answered, or signing goes on', () => {
    expect(answered(after(STARTED, pin)).challenge).toBeUndefined();
    expect(after(STARTED, pin, phase('signing', 1)).challenge).toBeUndefined();
    expect(after(STARTED, pin, phase('authorising', 1)).challenge).toBeDefined();
  });

  it('is each warning once, and each verified item', () => {
    const state = after(STARTED, { type: 'warning', code: 'SLOW_PROVIDER' }, { type: 'warning', code: 'SLOW_PROVIDER' }, { type: 'item', itemId: 'a', state: 'verified' }, { type: 'item', itemId: 'b', state: 'failed' });
    expect(state).toMatchObject({ warnings: ['SLOW_PROVIDER'], verified: 1 });
  });

  it('is the end, when it comes', () => {
    expect(afterEvent(STARTED, { type: 'cancelled', reason: 'user', outcome: 'not-signed', kept: [] })).toMatchObject({ at: 'ended', event: { type: 'cancelled' } });
  });
});
