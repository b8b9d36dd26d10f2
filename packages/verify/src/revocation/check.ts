import type { Algorithms } from '@hefu/crypto';
import { hexOf, type Certificate } from '@hefu/pki';
import type { CollectedCrl, CollectedOcsp } from '../evidence.js';
import { createSpending, DEFAULT_BUDGET, requireBudget, type Budget, type Spending } from '../path/budget.js';
import { createEdgeCache, type EdgeCache } from '../path/edge-cache.js';
import type { ValidPath } from '../path/model.js';
import { REGIONAL_CA, type PathProfile } from '../path/profile.js';
import type { RevocationDoubt, RevocationResult, RevocationSource } from '../report.js';
import type { AcceptsAlgorithm } from './accepted-algorithm.js';
import type { Answer, Doubt, Item } from './answer.js';
import { IssuerIdentity } from './cert-id.js';
import { combine, type RevocationSources } from './combine.js';
import { createCrlCache, type CrlCache } from './crl-cache.js';
import type { CrlRules } from './crl-form.js';
import { crlStatus, type CrlStatusOptions } from './crl-status.js';
import type { Freshness } from './freshness.js';
import type { BarredByList, ListCrlIssuer } from './issuer.js';
import { createOcspCache, type OcspCache } from './ocsp-cache.js';
import { ocspStatus } from './ocsp-status.js';
import type { ListResponder } from './responder.js';

export interface CheckRevocationOptions {
  readonly path: ValidPath;
  /** Which certificate of the path; never the anchor. See {@link revocationSubjects}. */
  readonly index: number;
  /** Untrusted. CRLs of other issuers are passed over. */
  readonly crls: readonly CollectedCrl[];
  /** Untrusted. Responses about other certificates are passed over. */
  readonly ocsp?: readonly CollectedOcsp[];
  /** Which of them count. Default `crl-first`: either may say good. */
  readonly sources?: RevocationSources;
  /** Validation time, epoch milliseconds: what freshness is measured against. */
  readonly at: number;
  readonly algorithms: Algorithms;
  /** Which algorithms are good enough for evidence. Default: every one of `algorithms`. */
  readonly acceptsAlgorithm?: AcceptsAlgorithm;
  readonly freshness: Freshness;
  /** For OCSP responses. Default: as for CRLs. */
  readonly ocspFreshness?: Freshness;
  /**
   * Whether a responder that says "unknown" takes back what it called good before. Default: it does. `false` where the
   * question is until when something says good: then `doubt` says what ends it.
   */
  readonly takesBack?: boolean;
  /** Keys the trust list states as signing CRLs under a CA's name, or under that of a CRL issuer the certificate names. */
  readonly listCrlIssuers?: readonly ListCrlIssuer[];
  /** Whether the trust list speaks against a certificate that would authorise another CRL signing key. Default: it does not. */
  readonly barredByList?: BarredByList;
  /** OCSP responders the trust list states for the CA. */
  readonly listResponders?: readonly ListResponder[];
  /** What a CRL must be beyond readable. Default: nothing. */
  readonly crlRules?: CrlRules;
  /** Certificates among which another key of the same CA, or a CRL issuer it delegates to, may be found. Untrusted. */
  readonly candidates?: readonly Certificate[];
  /** For certificates of other CRL signing keys. Default `REGIONAL_CA`. */
  readonly profile?: PathProfile;
  readonly budget?: Budget;
  /** Counts on from path building, so that both share the budget. */
  readonly spending?: Spending;
  readonly cache?: CrlCache;
  readonly ocspCache?: OcspCache;
  readonly edges?: EdgeCache;
}

/** Indexes of the certificates to ask after: the leaf and the intermediates. An anchor is withdrawn by the list, not by itself. */
export function revocationSubjects({ certificates, anchor }: ValidPath): readonly number[] {
  const count = certificates.length - (anchor.certificate === undefined ? 0 : 1);
  return Array.from({ length: count }, (_, index) => index);
}

/**
 * The status of one certificate of a valid path by CRLs (RFC 5280 §6.3) and OCSP responses (RFC 6960): complete CRLs,
 * brought up to date by deltas; direct and indirect ones; partitioned by distribution point, kind of certificate and
 * reason; responses of the issuer, of responders it delegated to, and of those the trust list states.
 *
 * - `revoked` when any evidence entitled to speak of it, fresh or not, in scope or not, lists it: revocation is not taken
 *   back. `revokedAt` is the earliest date given; whether that is before the signature is the caller's question.
 * - `frozen` when it is listed as on hold and no newer view that covers holds has let go of it.
 * - `good` when fresh CRLs in scope, together covering all reasons, do not list it, or a fresh response says so; as `sources` has it.
 * - `unknown` otherwise, with the code of the evidence that came nearest.
 *
 * A responder that says "unknown" takes back what it called good before, and leaves what others say (RFC 6960 §2.2): `doubt` tells.
 *
 * @throws TypeError when `index` is the anchor's or outside the path, or `at` is no number; never for what evidence contains
 */
export async function checkRevocation(options: CheckRevocationOptions): Promise<RevocationResult> {
  const { path, index, at, freshness } = options;
  if (!revocationSubjects(path).includes(index)) throw new TypeError('index is not a certificate below the anchor');
  for (const { grace, clockSkew, maxAge = 0 } of [freshness, options.ocspFreshness ?? freshness]) {
    if (![at, grace, clockSkew, maxAge].every((value) => Number.isFinite(value))) throw new TypeError('times are milliseconds');
  }
  requireBudget(options.budget ?? DEFAULT_BUDGET);
  const crlOptions: CrlStatusOptions = {
    path,
    index,
    crls: options.crls,
    at,
    freshness,
    rules: options.crlRules ?? {},
    candidates: options.candidates ?? [],
    listCrlIssuers: options.listCrlIssuers ?? [],
    ...(options.barredByList === undefined ? {} : { barredByList: options.barredByList }),
    algorithms: options.algorithms,
    ...(options.acceptsAlgorithm === undefined ? {} : { acceptsAlgorithm: options.acceptsAlgorithm }),
    profile: options.profile ?? REGIONAL_CA,
    budget: options.budget ?? DEFAULT_BUDGET,
    spending: options.spending ?? createSpending(),
    cache: options.cache ?? createCrlCache(),
    edges: options.edges ?? createEdgeCache(),
  };
  const caches = { crls: crlOptions.cache, ocsp: options.ocspCache ?? createOcspCache() };
  const sources = options.sources ?? 'crl-first';
  const crl = await crlStatus(crlOptions);
  if (sources === 'crl-only') return resultOf(crl, options, caches);
  const { rules: _rules, crls: _crls, listCrlIssuers: _listed, barredByList: _barred, ...common } = crlOptions;
  const ocsp = await ocspStatus({
    ocsp: options.ocsp ?? [],
    issuer: new IssuerIdentity(path, index, options.algorithms),
    ...common,
    freshness: options.ocspFreshness ?? freshness,
    takesBack: options.takesBack ?? true,
    listResponders: options.listResponders ?? [],
    cache: caches.ocsp,
    statusOf: (responder) => crlStatus({ ...crlOptions, path: responder, index: 0 }),
  });
  return resultOf(combine(crl, ocsp, sources), options, caches);
}

interface Caches {
  readonly crls: CrlCache;
  readonly ocsp: OcspCache;
}

/** Each piece once, where it is met first. */
function distinct(items: readonly Item[]): readonly Item[] {
  const bytesOf = (item: Item): unknown => (item.kind === 'crl' ? item.collected.crl : item.collected.response);
  return items.filter((item, index) => items.findIndex((other) => bytesOf(other) === bytesOf(item)) === index);
}

/** The answer as a report says it. */
function resultOf(answer: Answer, { index, algorithms }: CheckRevocationOptions, caches: Caches): RevocationResult {
  const { status, code, items, reason, revokedAt, inGrace } = answer;
  const doubt = answer.doubt === undefined ? {} : { doubt: doubtOf(answer.doubt, algorithms, caches) };
  if (status === 'unknown') return { certificate: index, status, ...(code === undefined ? {} : { code }), ...doubt };
  const evidence = distinct(items).map((item) => sourceOf(item, algorithms, caches));
  return {
    certificate: index,
    status,
    ...(status === 'revoked' ? { code: index === 0 ? 'CERTIFICATE_REVOKED' : 'CA_CERTIFICATE_REVOKED' } : status === 'frozen' ? { code: 'CERTIFICATE_FROZEN' } : {}),
    ...(reason === undefined ? {} : { reason }),
    ...(revokedAt === undefined ? {} : { revokedAt: new Date(revokedAt).toISOString() }),
    ...(inGrace === true ? { inGrace } : {}),
    ...(evidence[0] === undefined ? {} : { source: evidence[0] }),
    ...(evidence.length > 1 ? { evidence } : {}),
    ...doubt,
  };
}

function doubtOf({ item, takenBack, standing }: Doubt, algorithms: Algorithms, caches: Caches): RevocationDoubt {
  return {
    source: sourceOf(item, algorithms, caches),
    ...(takenBack === undefined ? {} : { takenBack: sourceOf(takenBack, algorithms, caches) }),
    ...(standing.length === 0 ? {} : { evidence: distinct(standing).map((each) => sourceOf(each, algorithms, caches)) }),
  };
}

function sourceOf(item: Item, { digests }: Algorithms, caches: Caches): RevocationSource {
  const sha256 = digests.find((digest) => digest.name === 'SHA-256');
  const url = item.collected.url === undefined ? {} : { url: item.collected.url };
  const signedBy = {
    ...(item.by === 'issuer' ? {} : { signedBy: item.by }),
    ...(item.certificates.length === 0 || sha256 === undefined ? {} : { certificates: item.certificates.map(({ bytes }) => hexOf(sha256.digest(bytes))) }),
  };
  if (item.kind === 'ocsp') {
    const { thisUpdate, nextUpdate, collected } = item;
    return { kind: 'ocsp', ...url, ...dates(thisUpdate, nextUpdate), sha256: sha256 === undefined ? '' : caches.ocsp.sha256(collected.response, sha256), ...signedBy };
  }
  const { crl } = item.collected;
  return {
    kind: 'crl',
    ...(item.role === 'delta' ? { delta: true } : {}),
    ...url,
    ...dates(crl.thisUpdate, crl.nextUpdate),
    sha256: sha256 === undefined ? '' : caches.crls.sha256(crl, sha256),
    ...(crl.extCrlNumber === undefined ? {} : { number: hexOf(crl.extCrlNumber) }),
    ...signedBy,
  };
}

function dates(thisUpdate: number, nextUpdate: number | undefined): { thisUpdate: string; nextUpdate?: string } {
  return { thisUpdate: new Date(thisUpdate).toISOString(), ...(nextUpdate === undefined ? {} : { nextUpdate: new Date(nextUpdate).toISOString() }) };
}
