import type { DigestAlgorithm } from '@hefu/crypto';
import { hexOf, type Certificate } from '@hefu/pki';
import type { PathKey, ServiceKind, Trust } from '@hefu/trust-list';
import { createCertificateCache, type CertificateCache } from './certificate-cache.js';
import { createEdgeCache, type EdgeCache } from './path/edge-cache.js';
import type { Policy } from './policy.js';
import { policyBytes } from './policy/policy-bytes.js';
import { createCrlCache, type CrlCache } from './revocation/crl-cache.js';
import { createOcspCache, type OcspCache } from './revocation/ocsp-cache.js';
import { readAnchors, type ListAnchors } from './trust/anchors.js';
import { createSummaries, type Summarise } from './summary.js';
import type { VerdictCache } from './verdict-cache.js';

/**
 * What a long-lived verifier may remember between verdicts: facts about immutable values, no verdict (but see `verdicts`).
 * Owned by the caller and passed in, so that nothing in this room outlives a call by itself.
 */
export interface JudgeCaches {
  /** Certificates that came along. */
  readonly certificates: CertificateCache;
  /** Signatures between certificates that held. */
  readonly edges: EdgeCache;
  /** CRL signatures that held. */
  readonly crls: CrlCache;
  /** Signatures of OCSP responses that held. */
  readonly ocsp: OcspCache;
  /** Of one batch alone: answers to questions that are the same in every member. Without it nothing like a verdict is kept. */
  readonly verdicts?: VerdictCache;
  /** @param kind whose anchors. Default `ca`. */
  anchorsOf(trust: Trust, sha256: DigestAlgorithm, kind?: ServiceKind): ListAnchors;
  /** What a list may name a certificate by. */
  keyOf(certificate: Certificate, sha256: DigestAlgorithm): PathKey;
  /** What reports say of a certificate. */
  readonly summarise: Summarise;
  /** What reports name a policy by, lower-case hex. */
  policySha256(policy: Policy, sha256: DigestAlgorithm): string;
}

export function createJudgeCaches(): JudgeCaches {
  const anchors = new Map<ServiceKind, WeakMap<Trust, ListAnchors>>();
  const keys = new WeakMap<Certificate, PathKey>();
  const policies = new WeakMap<Policy, string>();
  return {
    certificates: createCertificateCache(),
    edges: createEdgeCache(),
    crls: createCrlCache(),
    ocsp: createOcspCache(),
    summarise: createSummaries(),
    anchorsOf(trust, sha256, kind = 'ca') {
      let ofKind = anchors.get(kind);
      if (ofKind === undefined) anchors.set(kind, (ofKind = new WeakMap()));
      let known = ofKind.get(trust);
      if (known === undefined) ofKind.set(trust, (known = readAnchors(trust, sha256, kind)));
      return known;
    },
    keyOf(certificate, sha256) {
      let known = keys.get(certificate);
      if (known === undefined) {
        known = { spkiSha256: hexOf(sha256.digest(certificate.spki.bytes)), certificateSha256: hexOf(sha256.digest(certificate.bytes)) };
        keys.set(certificate, known);
      }
      return known;
    },
    policySha256(policy, sha256) {
      let known = policies.get(policy);
      if (known === undefined) policies.set(policy, (known = hexOf(sha256.digest(policyBytes(policy)))));
      return known;
    },
  };
}
