import { expect } from 'vitest';
import { SIGN_ERRORS, type SignErrorCode } from '@hefu/sign';
import { leaks, type Bench, type Ran } from '../bench.js';

/** It ended so: the code, what is known of the signature, words in both languages; and nothing leaked on the way. */
export function expectFailure({ end }: Pick<Ran, 'end'>, bench: Bench, code: SignErrorCode, outcome: 'not-signed' | 'signed' | 'unknown', detail?: string): void {
  expect(end).toMatchObject({ type: 'failed', error: { code, outcome, ...(detail === undefined ? {} : { detail }) }, signatures: [] });
  if (end.type !== 'failed') return;
  expect(end.error.message).toEqual(SIGN_ERRORS[code].message);
  for (const { zh, en } of [end.error.message, end.error.remedy]) {
    expect(zh).toMatch(/[\u4e00-\u9fff].*。$/u);
    expect(en).toMatch(/^[A-Z].*\.$/);
  }
  expect(leaks(bench)).toEqual([]);
}

export function expectDone({ end }: Pick<Ran, 'end'>, bench: Bench, count = 1): void {
  expect(end).toMatchObject({ type: 'done' });
  if (end.type === 'done') expect(end.signatures.map(({ report }) => report.conclusion)).toEqual(Array.from({ length: count }, () => 'passed'));
  expect(leaks(bench)).toEqual([]);
}
