import type { Algorithms } from '@hefu/crypto';
import { hexOf, PkiError, type Certificate, type CertificateList, type RevokedCertificate } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { CollectedCrl } from '../evidence.js';
import { createSpending, DEFAULT_BUDGET, requireBudget, type Budget, type Spending } from '../path/budget.js';
import { sameName } from '../path/check.js';
import { createEdgeCache, type EdgeCache } from '../path/edge-cache.js';
import type { ValidPath } from '../path/model.js';
import { REGIONAL_CA, type PathProfile } from '../path/profile.js';
import type { RevocationResult } from '../report.js';
import { createCrlCache, type CrlCache } from './crl-cache.js';
import { crlIssuerFault, type CrlIssuerOptions, type ListCrlIssuer } from './issuer.js';
import { ageOf, crlFault, isInScope, type CrlAge, type Freshness } from './scope.js';

export interface CheckRevocationOptions {
  readonly path: ValidPath;
  /** Which certificate of the path; never the anchor. See {@link revocationSubjects}. */
  readonly index: number;
  /** Untrusted. CRLs of other issuers are passed over. */
  readonly crls: readonly CollectedCrl[];
  /** Validation time, epoch milliseconds: what freshness is measured against. */
  readonly at: number;
  readonly algorithms: Algorithms;
  readonly freshness: Freshness;
  /** Keys the trust list states as signing CRLs under a CA's name. */
  readonly listCrlIssuers?: readonly ListCrlIssuer[];
  /** Certificates among which another key of the same CA may be found. Untrusted. */
  readonly candidates?: readonly Certificate[];
  /** For certificates of other CRL signing keys. Default `REGIONAL_CA`. */
  readonly profile?: PathProfile;
  readonly budget?: Budget;
  /** Counts on from path building, so that both share the budget. */
  readonly spending?: Spending;
  readonly cache?: CrlCache;
  readonly edges?: EdgeCache;
}

/** Indexes of the certificates to ask after: the leaf and the intermediates. An anchor is withdrawn by the list, not by itself. */
export function revocationSubjects({ certificates, anchor }: ValidPath): readonly number[] {
  const count = certificates.length - (anchor.certificate === undefined ? 0 : 1);
  return Array.from({ length: count }, (_, index) => index);
}

/**
 * The status of one certificate of a valid path from complete CRLs (RFC 5280 §6.3). Delta and indirect CRLs are not
 * used: CRL_UNSUPPORTED.
 *
 * - `revoked` when any CRL of the issuer, fresh or not, in scope or not, lists it: revocation is not taken back.
 *   `revokedAt` is the earliest date given; whether that is before the signature is the caller's question.
 * - `frozen` when the newest usable CRL lists it as on hold, or one newer still though stale or out of scope.
 * - `good` when the newest usable CRL does not list it.
 * - `unknown` otherwise, with the code of the CRL that came nearest.
 *
 * @throws TypeError when `index` is the anchor's or outside the path, or `at` is no number; never for what a CRL contains
 */
export async function checkRevocation(options: CheckRevocationOptions): Promise<RevocationResult> {
  const { path, index, at, freshness } = options;
  if (!revocationSubjects(path).includes(index)) throw new TypeError('index is not a certificate below the anchor');
  if (![at, freshness.grace, freshness.clockSkew, freshness.maxAge ?? 0].every((value) => Number.isFinite(value))) throw new TypeError('times are milliseconds');
  requireBudget(options.budget ?? DEFAULT_BUDGET);
  return new RevocationCheck(options).run();
}

/** What one CRL says, once its signature holds. */
interface Statement {
  readonly collected: CollectedCrl;
  readonly entry: RevokedCertificate | undefined;
  readonly age: CrlAge;
  /** Fresh and about this certificate: its silence counts too. */
  readonly usable: boolean;
}

/** Codes of unusable CRLs, from the nearest to an answer to the furthest. */
const NEARNESS: readonly ReasonCode[] = [
  'PATH_BUDGET_EXCEEDED', 'CRL_STALE', 'CRL_NOT_YET_VALID', 'CRL_OUT_OF_SCOPE', 'CRL_UNSUPPORTED', 'CRL_ISSUER_NOT_AUTHORISED', 'CRL_SIGNATURE_INVALID',
];

class RevocationCheck {
  readonly #options: CheckRevocationOptions;
  readonly #certificate: Certificate;
  readonly #cache: CrlCache;
  readonly #issuerOptions: CrlIssuerOptions;

  constructor(options: CheckRevocationOptions, alternatives = true) {
    this.#options = options;
    this.#certificate = options.path.certificates[options.index]!;
    this.#cache = options.cache ?? createCrlCache();
    this.#issuerOptions = {
      path: options.path,
      index: options.index,
      candidates: alternatives ? options.candidates ?? [] : [],
      listCrlIssuers: options.listCrlIssuers ?? [],
      algorithms: options.algorithms,
      profile: options.profile ?? REGIONAL_CA,
      budget: options.budget ?? DEFAULT_BUDGET,
      spending: options.spending ?? createSpending(),
      cache: this.#cache,
      edges: options.edges ?? createEdgeCache(),
      isRevoked: (path) => this.#isAnyRevoked(path),
    };
  }

  async run(): Promise<RevocationResult> {
    const { crls, index } = this.#options;
    const relevant = crls.filter(({ crl }) => sameName(crl.issuer, this.#certificate.issuer)).sort((a, b) => b.crl.thisUpdate - a.crl.thisUpdate);
    if (relevant.length === 0) return { certificate: index, status: 'unknown', code: 'CRL_NOT_AVAILABLE' };

    const refused: { readonly code: ReasonCode; readonly collected: CollectedCrl }[] = [];
    let revoked: Statement | undefined;
    let latest: Statement | undefined;
    let hold: Statement | undefined; // newer than `latest`, though not usable
    for (const collected of relevant) {
      const said = await this.#read(collected, latest !== undefined);
      if (typeof said === 'string') {
        refused.push({ code: said, collected });
        continue;
      }
      if (said === undefined) continue;
      if (said.entry !== undefined && said.entry.reason !== 'certificateHold') {
        if (revoked === undefined || said.entry.revocationDate < revoked.entry!.revocationDate) revoked = said;
      } else if (said.usable) latest ??= said;
      else if (latest === undefined) hold ??= said;
    }

    if (revoked !== undefined) return this.#listed(revoked, 'revoked', index === 0 ? 'CERTIFICATE_REVOKED' : 'CA_CERTIFICATE_REVOKED');
    hold ??= latest?.entry === undefined ? undefined : latest;
    if (hold !== undefined) return this.#listed(hold, 'frozen', 'CERTIFICATE_FROZEN');
    if (latest !== undefined) return { certificate: index, status: 'good', ...graceOf(latest), source: this.#sourceOf(latest.collected) };
    refused.sort((a, b) => NEARNESS.indexOf(a.code) - NEARNESS.indexOf(b.code));
    const nearest = refused[0]!;
    // No source is named: most of what was refused was not even verified.
    return { certificate: index, status: 'unknown', code: nearest.code };
  }

  /**
   * What a CRL says about the certificate; the code of what keeps it from saying anything; undefined when it is
   * silent and a newer one has been heard.
   */
  async #read(collected: CollectedCrl, answered: boolean): Promise<Statement | ReasonCode | undefined> {
    const { crl } = collected;
    const fault = crlFault(crl);
    if (fault !== undefined) return fault;
    const age = ageOf(crl, this.#options.at, this.#options.freshness);
    if (age === 'not-yet-valid') return 'CRL_NOT_YET_VALID';
    try {
      const entry = this.#entryIn(crl);
      const inScope = isInScope(crl, this.#certificate);
      const usable = inScope && age !== 'stale';
      if (entry === undefined && answered) return undefined;
      if (entry === undefined && !usable) return inScope ? 'CRL_STALE' : 'CRL_OUT_OF_SCOPE';
      const unauthorised = await crlIssuerFault(crl, this.#issuerOptions);
      if (unauthorised !== undefined) return unauthorised;
      if (this.#cache.unknownCriticalEntry(crl)) return 'CRL_UNSUPPORTED';
      // removeFromCRL belongs to delta CRLs (§5.3.1): in a complete one it means nothing that can be relied on.
      if (entry?.reason === 'removeFromCRL') return 'CRL_UNSUPPORTED';
      return { collected, entry, age, usable };
    } catch (error) {
      if (error instanceof PkiError) return 'CRL_UNSUPPORTED';
      throw error;
    }
  }

  /** The certificate's entry; of several, which no CA should write, the first that is not merely a hold. */
  #entryIn(crl: CertificateList): RevokedCertificate | undefined {
    const { serialNumber } = this.#certificate;
    const found = crl.find(serialNumber);
    if (found === undefined) return undefined;
    return crl.entries(serialNumber).find(({ reason }) => reason !== 'certificateHold') ?? found;
  }

  #listed(statement: Statement, status: 'revoked' | 'frozen', code: ReasonCode): RevocationResult {
    const { reason, revocationDate } = statement.entry!;
    return {
      certificate: this.#options.index,
      status,
      code,
      reason,
      revokedAt: new Date(revocationDate).toISOString(),
      ...graceOf(statement),
      source: this.#sourceOf(statement.collected),
    };
  }

  #sourceOf({ crl, url }: CollectedCrl): NonNullable<RevocationResult['source']> {
    const sha256 = this.#options.algorithms.digests.find((digest) => digest.name === 'SHA-256');
    return {
      kind: 'crl',
      ...(url === undefined ? {} : { url }),
      thisUpdate: new Date(crl.thisUpdate).toISOString(),
      ...(crl.nextUpdate === undefined ? {} : { nextUpdate: new Date(crl.nextUpdate).toISOString() }),
      sha256: sha256 === undefined ? '' : this.#cache.sha256(crl, sha256),
      ...(crl.extCrlNumber === undefined ? {} : { number: hexOf(crl.extCrlNumber) }),
    };
  }

  /** A key whose certificate is revoked authorises nothing; asked with the CRLs at hand, without looking for further keys. */
  async #isAnyRevoked(path: ValidPath): Promise<boolean> {
    for (const index of revocationSubjects(path)) {
      const { cache, edges, spending } = this.#issuerOptions;
      const { status } = await new RevocationCheck({ ...this.#options, path, index, cache, edges, spending }, false).run();
      if (status === 'revoked' || status === 'frozen') return true;
    }
    return false;
  }
}

function graceOf({ age }: Statement): { inGrace?: true } {
  return age === 'grace' ? { inGrace: true } : {};
}
