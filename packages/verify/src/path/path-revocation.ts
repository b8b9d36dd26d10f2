import type { Algorithms } from '@hefu/crypto';
import type { Certificate, CertificateList, OcspResponse } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { RevocationResult } from '../report.js';
import { checkRevocation, revocationSubjects } from '../revocation/check.js';
import type { CrlCache } from '../revocation/crl-cache.js';
import type { Freshness } from '../revocation/freshness.js';
import type { OcspCache } from '../revocation/ocsp-cache.js';
import type { Budget, Spending } from './budget.js';
import type { EdgeCache } from './edge-cache.js';
import type { ValidPath } from './model.js';
import type { PathProfile } from './profile.js';

/**
 * Whether revocation is asked after: not at all; of every certificate about which evidence was brought, which must
 * then give an answer; or of every certificate below the anchor.
 */
export type RevocationMode = 'none' | 'if-present' | 'require';

export interface PathRevocationOptions {
  readonly mode: RevocationMode;
  readonly crls: readonly CertificateList[];
  readonly ocsp: readonly OcspResponse[];
  /** Some evidence could not be read, so its absence proves nothing. */
  readonly unreadable: boolean;
  readonly candidates: readonly Certificate[];
  readonly at: number;
  readonly algorithms: Algorithms;
  readonly profile: PathProfile;
  readonly freshness: Freshness;
  readonly budget: Budget;
  readonly spending: Spending;
  readonly cache: CrlCache;
  readonly ocspCache: OcspCache;
  readonly edges: EdgeCache;
}

export interface PathRevocation {
  readonly results: readonly RevocationResult[];
  /** The first certificate, from the anchor down, that is not good. */
  readonly failure: { readonly code: ReasonCode; readonly certificate: number; readonly actual: string } | undefined;
}

/** RFC 5280 §6.3 over a valid path, from the anchor down: what a revoked CA says about those below counts for nothing. */
export async function checkPathRevocation(path: ValidPath, options: PathRevocationOptions): Promise<PathRevocation> {
  const { mode, profile, crls, ocsp, unreadable, ...common } = options;
  const results: RevocationResult[] = [];
  if (mode === 'none' || (mode === 'if-present' && !unreadable && crls.length === 0 && ocsp.length === 0)) return { results, failure: undefined };
  const evidence = { crls: crls.map((crl) => ({ crl })), ocsp: ocsp.map((response) => ({ response })) };
  const requireCrlNumber = profile.crlExtensions?.some(({ presence }) => presence === 'must') ?? false;
  for (const index of [...revocationSubjects(path)].reverse()) {
    const result = await checkRevocation({ ...common, ...evidence, profile: profile.signers ?? profile, path, index, crlRules: { requireCrlNumber } });
    results.unshift(result);
    if (result.status === 'good') continue;
    const code = result.code ?? 'REVOCATION_UNKNOWN';
    if (mode === 'if-present' && !unreadable && (code === 'CRL_NOT_AVAILABLE' || code === 'OCSP_NOT_AVAILABLE')) continue;
    return { results, failure: { code, certificate: index, actual: result.status } };
  }
  return { results, failure: undefined };
}
