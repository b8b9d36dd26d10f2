import { equalBytes, type CertificateList, type Name } from '@hefu/pki';
import { sameName } from '../path/check.js';

const id_ce_issuingDistributionPoint = '2.5.29.28';

/** Where a CRL stands among those of its issuer. Read once: there may be many of them, and each is compared with each. */
export interface CrlPosition {
  readonly issuer: Name;
  readonly base: Uint8Array | undefined;
  readonly number: Uint8Array | undefined;
  readonly scope: Uint8Array | undefined;
  readonly key: Uint8Array | undefined;
}

/** @throws PkiError when an extension cannot be read */
export function positionOf(crl: CertificateList): CrlPosition {
  return {
    issuer: crl.issuer, base: crl.extDeltaCrlIndicator, number: crl.extCrlNumber,
    scope: crl.extension(id_ce_issuingDistributionPoint)?.value, key: crl.extAuthorityKeyIdentifier?.keyIdentifier,
  };
}

/**
 * Whether a delta CRL brings a complete one up to date: RFC 5280 §5.2.4 (a) to (d) and §6.3.3 (c). Same issuer, same
 * scope, same key identifier; and numbered from no later than the complete CRL to beyond it.
 */
export function updates({ issuer, base, number, scope, key }: CrlPosition, complete: CrlPosition): boolean {
  const held = complete.number;
  if (base === undefined || number === undefined || held === undefined) return false;
  if (compareNumbers(base, held) > 0 || compareNumbers(held, number) >= 0) return false;
  if (scope === undefined || complete.scope === undefined ? scope !== complete.scope : !equalBytes(scope, complete.scope)) return false;
  if (key !== undefined && complete.key !== undefined && !equalBytes(key, complete.key)) return false;
  return sameName(issuer, complete.issuer);
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
