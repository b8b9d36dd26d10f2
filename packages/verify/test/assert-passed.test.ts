import { expect, it } from 'vitest';
import { assertPassed } from '../src/assert-passed.js';
import { VerifyError } from '../src/error.js';
import { makeReason } from '../src/remedies.js';
import type { Report } from '../src/report.js';
import { FAILED_TWO_SIGNERS, INDETERMINATE, PASSED } from './render/reports.js';

function thrown(report: Report): unknown {
  try {
    assertPassed(report);
    return undefined;
  } catch (error) {
    return error;
  }
}

it('lets a passed report pass', () => {
  expect(thrown(PASSED)).toBeUndefined();
});

it.each([
  ['indeterminate', INDETERMINATE],
  ['failed', FAILED_TWO_SIGNERS],
  // Reports no judge makes: `passed` that its own content denies.
  ['no signer', { ...PASSED, signers: [] }],
  ['a signer that failed', { ...PASSED, signers: FAILED_TWO_SIGNERS.signers }],
  ['a reason left', { ...PASSED, reasons: [makeReason('NO_SIGNERS')] }],
  ['a code', { ...PASSED, code: 'NO_SIGNERS' }],
  ['another document', { ...PASSED, type: 'report' }],
] as const)('throws NOT_PASSED with the report: %s', (_, report) => {
  const error = thrown(report as unknown as Report);
  expect(error).toBeInstanceOf(VerifyError);
  expect((error as VerifyError).code).toBe('NOT_PASSED');
  expect((error as VerifyError).report).toBe(report);
});
