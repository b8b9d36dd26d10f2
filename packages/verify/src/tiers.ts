import type { TrustService } from '@hefu/trust-list';

/** In which round each kind of evidence is wanted: by the list's addresses, and by the certificate's own. */
export interface Tiers {
  readonly list: number;
  readonly certificate: number;
}

/**
 * What is asked first, and what only where that leaves a status open. `ocsp-first` and `crl-first` put the other kind last,
 * `both` asks for both at once; of each kind, what the list names comes before what the certificate names. Where services
 * that might answer for a certificate disagree, neither kind waits for the other.
 */
export function tiersOf(services: readonly TrustService[]): { readonly crl: Tiers; readonly ocsp: Tiers } {
  const modes = services.map(({ revocation }) => revocation.mode).filter((mode) => mode !== 'none-with-reason');
  const all = (...wanted: readonly string[]): boolean => modes.length > 0 && modes.every((mode) => wanted.includes(mode));
  const at = (start: number, listed: boolean): Tiers => ({ list: start, certificate: listed ? start + 1 : start });
  const crlLast = all('ocsp-first');
  const ocspLast = all('crl-first', 'crl-only');
  const crl = services.some(({ revocation }) => revocation.crl.length > 0);
  const ocsp = services.some(({ revocation }) => (revocation.ocsp ?? []).length > 0);
  return { crl: at(crlLast ? 2 : 0, crl), ocsp: at(ocspLast ? 2 : 0, ocsp) };
}
