import type { Certificate, SignerInfo } from '@hefu/pki';
import type { WarningCode } from '../codes.js';
import type { JudgeInput } from '../judge-message.js';
import type { PastEvidence } from '../judge-certificate.js';
import type { JudgeCaches } from '../caches.js';
import { DEFAULT_TIME_SOURCES, type Policy, type Scene, type TimeSource } from '../policy.js';
import type { ProvenObject, Reason, TimestampReport } from '../report.js';
import type { Content } from '../signature/content.js';
import type { ProofOfExistence } from '../time/proofs.js';
import { findTimestamps, type FoundTimestamp } from '../timestamp/find-timestamps.js';
import { bestSignatureTime, type SignatureTimes } from './best-signature-time.js';
import type { Surroundings, DocumentTimestamp } from './surroundings.js';

export interface PlaceInTimeInput extends JudgeInput {
  readonly signer: SignerInfo;
  readonly certificate: Certificate;
  readonly content: Content;
  readonly carried: readonly Certificate[];
  readonly caches: JudgeCaches;
  /** Whether the signature itself verifies: time-stamps over one that does not prove nothing. */
  readonly verified: boolean;
  readonly surroundings?: Surroundings;
  readonly placeByEvidence: PlaceByEvidence;
}

/** When a signature was made, as far as it can be proven. */
export interface PlacedInTime {
  readonly best: SignatureTimes;
  readonly found: readonly FoundTimestamp[];
  /** In the order of `found`; empty where they were not looked at. */
  readonly reports: readonly TimestampReport[];
  readonly looked: boolean;
  readonly proofs: readonly ProvenObject[];
  readonly past?: PastEvidence;
  readonly order?: Reason;
  readonly warnings: readonly WarningCode[];
}

/** What there is to place a signature by. */
export interface PlacingEvidence {
  readonly found: readonly FoundTimestamp[];
  /** Whether time-stamps count here. */
  readonly looked: boolean;
  readonly around: readonly DocumentTimestamp[];
  readonly sources: readonly TimeSource[];
  readonly stated: readonly ProofOfExistence[];
  readonly received?: number;
}

/** Judges that evidence; `placeByEvidence` is the one there is. */
export type PlaceByEvidence = (input: PlaceInTimeInput, evidence: PlacingEvidence) => Promise<PlacedInTime>;

/** What may place a signature in time in this scene. */
export function sourcesOf({ scenes }: Policy, scene: Scene): readonly TimeSource[] {
  return scenes[scene].timeSources ?? DEFAULT_TIME_SOURCES[scene];
}

/** EN 319 102-1 §5.5 and §5.6 up to the best signature time: time-stamps, the caller's receipt and proofs, as the scene counts them. */
export async function placeInTime(input: PlaceInTimeInput): Promise<PlacedInTime> {
  const { signer, policy, at } = input;
  const sources = sourcesOf(policy, input.context.scene);
  const received = sources.includes('receipt') ? input.bestSignatureTime : undefined;
  const found = findTimestamps(signer);
  const stated = sources.includes('evidence') ? (input.proofs ?? []) : [];
  const counts = input.verified && sources.includes('time-stamp');
  const around = counts ? (input.surroundings?.timestamps ?? []) : [];
  const looked = counts && (found.length > 0 || around.length > 0);
  // Most signatures: nothing to look at.
  if (!looked && stated.length === 0) return { best: bestSignatureTime([], received, at), found, reports: [], looked: false, proofs: [], warnings: [] };

  return input.placeByEvidence(input, { found, looked, around, sources, stated, ...(received === undefined ? {} : { received }) });
}
