import type { SealInfo } from '@hefu/pki';
import { makeReason } from '../remedies.js';
import type { CheckRow, Reason } from '../report.js';

/** A moment at which the seal must be valid. */
export interface SealMoment {
  /** `receipt`: when the seal is proven to have been used, or looked at; `signing`: when the signer says it was. */
  readonly what: 'receipt' | 'signing';
  /** Epoch milliseconds. */
  readonly at: number;
}

/** The seal's own dates, at each moment by itself (GB/T 38540-2020 §6.2 d, §7.3 e). */
export function checkSealValidity({ validStart, validEnd }: SealInfo, moments: readonly SealMoment[]): { readonly reasons: Reason[]; readonly checks: CheckRow[] } {
  const reasons: Reason[] = [];
  const checks: CheckRow[] = [];
  const expected = `${iso(validStart)} - ${iso(validEnd)}`;
  if (validEnd < validStart) reasons.push(makeReason('SEAL_VALIDITY_INVERTED', { subject: 'seal', actual: expected }));
  for (const { what, at } of moments) {
    const code = at < validStart ? 'SEAL_NOT_YET_VALID' as const : at > validEnd ? 'SEAL_EXPIRED' as const : undefined;
    checks.push({ id: `seal.validity.${what}`, outcome: code === undefined ? 'passed' : 'failed', subject: 'seal', expected, actual: iso(at), clause: 'GB/T 38540-2020 §7.3' });
    if (code !== undefined && !reasons.some((reason) => reason.code === code)) {
      reasons.push(makeReason(code, { subject: 'seal', expected, actual: iso(at), when: code === 'SEAL_EXPIRED' ? validEnd : validStart }));
    }
  }
  return { reasons, checks };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
