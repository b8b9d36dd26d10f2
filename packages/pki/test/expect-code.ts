import { expect } from 'vitest';
import { PkiError, type PkiErrorCode } from '../src/error.js';

/** Runs it and returns the PkiError it must throw. */
export function pkiError(run: () => unknown): PkiError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(PkiError);
    return error as PkiError;
  }
  throw new Error('expected a PkiError, nothing was thrown');
}

export function expectCode(run: () => unknown, code: PkiErrorCode): PkiError {
  const error = pkiError(run);
  expect(error.code).toBe(code);
  return error;
}
