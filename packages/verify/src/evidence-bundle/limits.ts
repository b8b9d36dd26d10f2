/** Every budget of evidence documents, each with its origin. */
export const EVIDENCE_LIMITS = {
  /** Octets of a manifest: a few hundred bytes an object. */
  maxManifestBytes: 4_194_304,
  /** Octets of an index: some 300 a bid and 200 an object; for 100,000 of either. */
  maxIndexBytes: 64_194_304,
  /** Octets of the seals with their validation data: tokens have some 5 kB, CRLs of time-stamp CAs little more. */
  maxSealsBytes: 64_194_304,
  maxManifests: 100_000,
  maxObjects: 500_000,
  /** Objects of one manifest. */
  maxFiles: 4096,
  /** Renewals: every few years for a century. */
  maxStamps: 64,
  maxDepth: 12,
} as const;
