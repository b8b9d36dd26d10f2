import { equalBytes, type CertificateList } from '@hefu/pki';
import { sameName } from '../path/check.js';

const id_ce_issuingDistributionPoint = '2.5.29.28';

/**
 * Whether a delta CRL brings a complete one up to date: RFC 5280 §5.2.4 (a) to (d) and §6.3.3 (c). Same issuer, same
 * scope, same key identifier; and numbered from no later than the complete CRL to beyond it.
 * @throws PkiError when an extension cannot be read
 */
export function updates(delta: CertificateList, complete: CertificateList): boolean {
  const base = delta.extDeltaCrlIndicator;
  const number = delta.extCrlNumber;
  const held = complete.extCrlNumber;
  if (base === undefined || number === undefined || held === undefined) return false;
  if (!sameName(delta.issuer, complete.issuer)) return false;
  const scope = delta.extension(id_ce_issuingDistributionPoint)?.value;
  const scopeOfComplete = complete.extension(id_ce_issuingDistributionPoint)?.value;
  if (scope === undefined || scopeOfComplete === undefined ? scope !== scopeOfComplete : !equalBytes(scope, scopeOfComplete)) return false;
  const key = delta.extAuthorityKeyIdentifier?.keyIdentifier;
  const keyOfComplete = complete.extAuthorityKeyIdentifier?.keyIdentifier;
  if (key !== undefined && keyOfComplete !== undefined && !equalBytes(key, keyOfComplete)) return false;
  return compareNumbers(base, held) <= 0 && compareNumbers(held, number) < 0;
}

/** Two CRLNumbers, content octets of unsigned INTEGERs. */
export function compareNumbers(a: Uint8Array, b: Uint8Array): number {
  const x = stripped(a);
  const y = stripped(b);
  if (x.length !== y.length) return x.length - y.length;
  for (let i = 0; i < x.length; i++) if (x[i] !== y[i]) return x[i]! - y[i]!;
  return 0;
}

function stripped(number: Uint8Array): Uint8Array {
  let start = 0;
  while (start < number.length - 1 && number[start] === 0) start++;
  return number.subarray(start);
}
