import { VerifyError } from './error.js';
import type { Report } from './report.js';

/**
 * For those who prefer an exception to a report.
 *
 * A report that says `passed` and does not bear it out (no signer, a signer that did not pass, a reason left)
 * was not made by `judge`, and is refused like any other.
 * @throws VerifyError NOT_PASSED, with `report`
 */
export function assertPassed(report: Report): asserts report is Report & { readonly conclusion: 'passed'; readonly code: 'OK' } {
  const passed =
    report.type === 'hefu-report' &&
    report.conclusion === 'passed' &&
    report.code === 'OK' &&
    report.reasons.length === 0 &&
    report.signers.length > 0 &&
    report.signers.every((signer) => signer.conclusion === 'passed');
  if (!passed) throw new VerifyError('NOT_PASSED', `${report.conclusion}: ${report.code}${sentence(report)}`, { report });
}

function sentence(report: Report): string {
  const message = report.reasons[0]?.message;
  return message === undefined ? '' : ` – ${message.en} ${message.zh}`;
}
