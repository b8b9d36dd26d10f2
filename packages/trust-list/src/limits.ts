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
  clockSkew: 5 * 60_000,
};
