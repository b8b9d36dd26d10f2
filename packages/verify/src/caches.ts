import type { DigestAlgorithm } from '@hefu/crypto';
import type { TrustList } from '@hefu/trust-list';
import { createEdgeCache, type EdgeCache } from './path/edge-cache.js';
import { createCrlCache, type CrlCache } from './revocation/crl-cache.js';
import { createOcspCache, type OcspCache } from './revocation/ocsp-cache.js';
import { readAnchors, type ListAnchors } from './trust/anchors.js';

/**
 * What a long-lived verifier may remember between verdicts: facts about immutable values, never a verdict.
 * Owned by the caller and passed in, so that nothing in this room outlives a call by itself.
 */
export interface JudgeCaches {
  /** Signatures between certificates that held. */
  readonly edges: EdgeCache;
  /** CRL signatures that held. */
  readonly crls: CrlCache;
  /** Signatures of OCSP responses that held. */
  readonly ocsp: OcspCache;
  anchorsOf(list: TrustList, sha256: DigestAlgorithm): ListAnchors;
}

export function createJudgeCaches(): JudgeCaches {
  const anchors = new WeakMap<TrustList, ListAnchors>();
  return {
    edges: createEdgeCache(),
    crls: createCrlCache(),
    ocsp: createOcspCache(),
    anchorsOf(list, sha256) {
      let known = anchors.get(list);
      if (known === undefined) {
        known = readAnchors(list, sha256);
        anchors.set(list, known);
      }
      return known;
    },
  };
}
