import { describe, expect, it } from 'vitest';
import { SIGN_ERRORS, SignError, type SignErrorCode } from '../../src/index.js';

const codes = Object.keys(SIGN_ERRORS) as SignErrorCode[];

describe('the table of errors', () => {
  it.each(codes)('%s has words in both languages', (code) => {
    const { message, remedy } = SIGN_ERRORS[code];
    for (const text of [message.zh, remedy.zh]) expect(text).toMatch(/[\u4e00-\u9fff].*。$/u);
    for (const text of [message.en, remedy.en]) {
      expect(text).toMatch(/^[A-Z].*\.$/);
      expect(text).not.toMatch(/[\u4e00-\u9fff]/u);
    }
  });

  it('never advises to repeat what may have signed', () => {
    const repeats = codes.filter((code) => SIGN_ERRORS[code].outcome !== 'not-signed' && ['new-authorisation', 'new-session', 'after'].includes(SIGN_ERRORS[code].retry));
    expect(repeats).toEqual([]);
  });
});

describe('an error as JSON', () => {
  it('has codes, advice and words, and nothing that may quote a secret', () => {
    const error = new SignError('PIN_INCORRECT', 'PIN 135790 refused', {
      attemptsLeft: 2, cause: new Error('135790'), provider: { httpStatus: 400, code: 'invalid_pin', description: 'pin 135790 wrong' },
    });
    const text = JSON.stringify(error);
    expect(text).not.toContain('135790');
    expect(JSON.parse(text)).toMatchObject({ code: 'PIN_INCORRECT', blame: 'user', retry: 'new-authorisation', outcome: 'not-signed', attemptsLeft: 2, provider: { httpStatus: 400, code: 'invalid_pin' } });
  });

  it('says what is known better than the table', () => {
    expect(new SignError('NETWORK', 'lost', { outcome: 'unknown', retry: 'reconcile' }).toJSON()).toMatchObject({ outcome: 'unknown', retry: 'reconcile' });
  });
});
