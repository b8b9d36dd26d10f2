/** Every budget of the trust-list room, each with its origin. */
export interface TrustListLimits {
  /** Octets of an envelope. The design allows lists of 5,000,000 octets; base64url makes that 6.7 million, the signatures little more. */
  readonly maxBytes: number;
  /** Nesting of JSON. A list nests about 10 deep; criteria trees may add to that. */
  readonly maxDepth: number;
  /** Signatures in one envelope. tuf-on-ci and sigstore use 5. */
  readonly maxSignatures: number;
  /** Keys of one role. */
  readonly maxRoleKeys: number;
  /** Signature checks for one envelope in all: each hashes the whole payload. */
  readonly maxVerifications: number;
  /** Services, profiles and tombstones in one list, each. */
  readonly maxEntries: number;
  /** Delegations of one list, and peers of one list, each: a province has some 20 cities, and there are some 30 provinces. */
  readonly maxDelegations: number;
  /** Problems reported for one document. */
  readonly maxProblems: number;
  /** nextUpdate − issued: 180 days (trust-list design §5.2). */
  readonly maxLifetime: number;
  /** expires − issued of a root: 400 days (trust-list design §5.2). */
  readonly maxRootLifetime: number;
  /** Octets of the envelopes of roots and freshness: tuf-js allows 512,000 for roots. */
  readonly maxRootBytes: number;
  readonly maxFreshnessBytes: number;
  /** Roots followed in one update: tuf-js allows 256. */
  readonly maxRootSteps: number;
  /** What a root may allow at most: delegations below the top list, and lists in all. */
  readonly maxDepthOfLists: number;
  readonly maxLists: number;
  /** Octets of a bundle in all: some hundred roots and lists, base64. */
  readonly maxBundleBytes: number;
  /** Milliseconds by which clocks may differ. */
  readonly clockSkew: number;
}

export const DEFAULT_LIMITS: TrustListLimits = {
  maxBytes: 8 * 1024 * 1024,
  maxDepth: 32,
  maxSignatures: 32,
  maxRoleKeys: 64,
  maxVerifications: 256,
  maxEntries: 10_000,
  maxDelegations: 256,
  maxProblems: 100,
  maxLifetime: 180 * 86_400_000,
  maxRootLifetime: 400 * 86_400_000,
  maxRootBytes: 512_000,
  maxFreshnessBytes: 512_000,
  maxRootSteps: 256,
  maxDepthOfLists: 8,
  maxLists: 1024,
  maxBundleBytes: 64 * 1024 * 1024,
  clockSkew: 5 * 60_000,
};
