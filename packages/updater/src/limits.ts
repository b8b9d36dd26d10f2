/** Every budget of the updater room, each with its origin. All times in milliseconds. */
export interface UpdaterLimits {
  /** Characters of a URL. RFC 9110 §4.1 asks recipients to support 8000; URLs in real certificates stay under 300. */
  readonly maxUrlLength: number;
  /** Octets of one CRL by default; the pki room's `maxCrlBytes`. About 1.3 million entries. */
  readonly maxCrlBytes: number;
  /** Octets of one CRL at most, however much the trust list grants an endpoint. */
  readonly maxCrlBytesCeiling: number;
  /** Octets of one OCSP response; the pki room's `maxOcspBytes`. */
  readonly maxOcspBytes: number;
  /** Octets of one time-stamp response; the pki room's `maxTimeStampBytes`. */
  readonly maxTimestampBytes: number;
  /** Authorities asked for one time-stamp. */
  readonly maxTimestampAuthorities: number;
  /** Octets of one signed trust list. TUF clients cap targets at 5,000,000; base64 adds a third. */
  readonly maxTrustListBytes: number;
  /** One request, redirects included. Microsoft's endpoint test gives a CRL 12 s. */
  readonly requestTimeoutMs: number;
  /** One `gather` or one trust-list refresh. */
  readonly totalTimeoutMs: number;
  /** Redirects followed in one request. curl's older default was 5; a CRL needs one at most. */
  readonly maxRedirects: number;
  /** Requests under way at once in one `gather`. */
  readonly parallelism: number;
  /** Requests in one `gather`; with `maxCrlBytesCeiling` it bounds its traffic. */
  readonly maxFetches: number;
  /** Wishes served in one plan; the rest become gaps. A path of 10 with 3 distribution points each stays below. */
  readonly maxWanted: number;
  /** Rounds of one `gather`: what a plan puts in later tiers still is asked in the last. A kind of source has two, and there are two kinds. */
  readonly maxRounds: number;
  /** URLs tried for one wish. */
  readonly maxUrlsPerWish: number;
  /** Sources asked in one trust-list refresh. */
  readonly maxTrustListSources: number;
  /** One refresh of a scheme: a province and its cities, each a list of some hundred kilobytes, from a slow server. */
  readonly schemeTimeoutMs: number;
  /** Requests in one refresh of a scheme, its peers' included: 30 provinces of 20 cities, and a mirror that fails. */
  readonly maxSchemeFetches: number;
  /** Octets kept as evidence of documents that contradict each other, in all. */
  readonly maxSchemeEvidenceBytes: number;
  /** A cached CRL is used this long without asking again, even when its nextUpdate is later: CAs publish early after a key loss. */
  readonly crlRecheckMs: number;
  /** A cached OCSP answer that was verified is used this long without asking again: a revocation is known no later. */
  readonly ocspRecheckMs: number;
  /** One that nothing verified, or that proved to be nobody's: a forged one costs no bid for longer, and has the responder asked no more often. */
  readonly ocspUncheckedMs: number;
  /** OCSP answers that proved to be nobody's, remembered so long; the oldest gives way. */
  readonly maxRefusedOcsp: number;
  /** How far ahead of our clock a thisUpdate may be. OCSP clients in wide use grant 15 minutes. */
  readonly clockSkewMs: number;
  /** Parsed CRLs kept in memory by one updater, octets. */
  readonly maxMemoryBytes: number;
  /** A trust list is asked for again after this; sigstore's clients discuss the same least interval. */
  readonly trustListIntervalMs: number;
  /** Longest wait after repeated failures. */
  readonly maxBackoffMs: number;
}

export const DEFAULT_UPDATER_LIMITS: UpdaterLimits = {
  maxUrlLength: 2048,
  maxCrlBytes: 64 * 1024 * 1024,
  maxCrlBytesCeiling: 256 * 1024 * 1024,
  maxOcspBytes: 256 * 1024,
  maxTimestampBytes: 256 * 1024,
  maxTimestampAuthorities: 8,
  maxTrustListBytes: 8 * 1024 * 1024,
  requestTimeoutMs: 12_000,
  totalTimeoutMs: 30_000,
  maxRedirects: 3,
  parallelism: 4,
  maxFetches: 32,
  maxWanted: 32,
  maxRounds: 4,
  maxUrlsPerWish: 8,
  maxTrustListSources: 8,
  schemeTimeoutMs: 120_000,
  maxSchemeFetches: 1024,
  maxSchemeEvidenceBytes: 32 * 1024 * 1024,
  crlRecheckMs: 6 * 3_600_000,
  ocspRecheckMs: 10 * 60_000,
  ocspUncheckedMs: 10_000,
  maxRefusedOcsp: 64,
  clockSkewMs: 15 * 60_000,
  maxMemoryBytes: 128 * 1024 * 1024,
  trustListIntervalMs: 15 * 60_000,
  maxBackoffMs: 4 * 3_600_000,
};

/** The defaults with some of them replaced. */
export function withUpdaterLimits(limits?: Partial<UpdaterLimits>): UpdaterLimits {
  return limits === undefined ? DEFAULT_UPDATER_LIMITS : { ...DEFAULT_UPDATER_LIMITS, ...limits };
}
