/** Budgets of importing, each with its origin. */
export interface ExchangeLimits {
  /** Octets of a list as published. The largest national list had 3.4 million in 2026; JSON escapes may double that. */
  readonly maxBytes: number;
  /** Nesting of elements or JSON. TS 119 612 nests about 15 deep, its Qualifications a few more. */
  readonly maxDepth: number;
  /** XML elements, attributes not counted. A list of 3 million octets has some 30,000. */
  readonly maxElements: number;
  /** Services in one list; as many as a list of ours may hold. */
  readonly maxServices: number;
  /** Certificates in one bundle. */
  readonly maxCertificates: number;
  /** Signatures of one JWS looked at. */
  readonly maxSignatures: number;
}

export const DEFAULT_EXCHANGE_LIMITS: ExchangeLimits = {
  maxBytes: 16 * 1024 * 1024,
  maxDepth: 64,
  maxElements: 500_000,
  maxServices: 10_000,
  maxCertificates: 10_000,
  maxSignatures: 32,
};
