import type { Outcome, QuestionChallenge, SignErrorCode, SigningEvent, TerminalEvent } from '@hefu/sign';
import { expect } from 'vitest';
import { leaks, type Bench } from '../bench.js';

/** What one of the fifty failures has to end with. */
export interface ExpectedFailure {
  readonly code: SignErrorCode;
  readonly outcome: Outcome;
  readonly detail?: string;
}

/** Code, outcome, words for the user in both languages, and that no secret stands anywhere. */
export function expectFailure(on: Bench, { end, events }: { readonly end: TerminalEvent; readonly events: readonly SigningEvent[]; readonly asked?: readonly QuestionChallenge[] }, expected: ExpectedFailure): void {
  expect(end.type === 'failed' ? { code: end.error.code, outcome: end.error.outcome, detail: end.error.detail } : end.type).toMatchObject(expected);
  if (end.type !== 'failed') return;
  for (const text of [end.error.message, end.error.remedy]) {
    expect(text.zh).toMatch(/\p{Script=Han}/u);
    expect(text.en).toMatch(/[a-z]{3}/);
  }
  expect(leaks(on, events)).toEqual([]);
}
