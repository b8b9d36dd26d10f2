import type { Algorithms } from '@hefu/crypto';
import { hexOf, type SignedData } from '@hefu/pki';
import { Federation, type Trust } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from './caches.js';
import { carriedCrls, carriedOcsp, certificatesIn, messagesOf } from './carried.js';
import { findTimestamps } from './timestamp/find-timestamps.js';
import type { CollectedOcsp, Evidence } from './evidence.js';
import type { Report, RevocationSource } from './report.js';
import { allMembers } from './trust/anchors.js';
import { requiredSha256 } from './required-digest.js';

/** One thing a verdict rests on, as octets: what an archive keeps so that the verdict can be given again. */
export interface UsedEvidence {
  readonly kind: 'crl' | 'ocsp' | 'certificate';
  /** As the report names it, lower-case hex. */
  readonly sha256: string;
  /** DER. */
  readonly bytes: Uint8Array;
  /** Where it came from, when that is known. */
  readonly url?: string;
  /** Epoch milliseconds. */
  readonly fetchedAt?: number;
  /** Of an OCSP response, what went with the question: `judge` wants it again. */
  readonly nonce?: NonNullable<CollectedOcsp['nonce']>;
}

export interface EvidenceUsed {
  /** Each once, in the order in which the report comes to name them. */
  readonly items: readonly UsedEvidence[];
  /** What the report names and nothing given here holds. Empty for a report that was made from these very values. */
  readonly missing: readonly Pick<UsedEvidence, 'kind' | 'sha256'>[];
}

export interface EvidenceUsedInput {
  readonly report: Report;
  /** As it was given to `judge`. */
  readonly evidence: Evidence;
  readonly signed?: SignedData;
  readonly trustList?: Trust;
  readonly algorithms: Algorithms;
  /** Those given to `judge` know the hashes already. */
  readonly caches?: JudgeCaches;
}

/**
 * The octets of everything that a report rests on beside the message, the content, the list and the policy: the
 * certificates of its paths, the CRLs and OCSP responses behind every status, and the certificates of whoever signed
 * those. Judged again with these alone, at the same time and with the same list and policy, the message has the same verdict.
 */
export function evidenceUsed(input: EvidenceUsedInput): EvidenceUsed {
  const { report, evidence, signed, trustList } = input;
  const sha256 = requiredSha256(input.algorithms);
  const caches = input.caches ?? createJudgeCaches();
  const held = new Map<string, UsedEvidence>();
  const hold = (kind: UsedEvidence['kind'], bytes: Uint8Array, from: Pick<CollectedOcsp, 'url' | 'fetchedAt' | 'nonce'> = {}, hash = hexOf(sha256.digest(bytes))): void => {
    const key = `${kind} ${hash}`;
    if (held.has(key)) return;
    const { url, fetchedAt, nonce } = from;
    held.set(key, { kind, sha256: hash, bytes, ...(url === undefined ? {} : { url }), ...(fetchedAt === undefined ? {} : { fetchedAt }), ...(nonce === undefined ? {} : { nonce }) });
  };
  const wanted = namedBy(report);
  // Hashing is the cost here: kinds that the report names none of are left alone.
  const wants = (kind: UsedEvidence['kind']): boolean => wanted.some((each) => each.kind === kind);
  const messages = signed === undefined ? [] : [signed, ...messagesOf(signed.signerInfos.flatMap(findTimestamps))];
  const ocsp = [...(evidence.ocsp ?? []), ...messages.flatMap(carriedOcsp)];
  if (wants('crl')) {
    for (const collected of evidence.crls) hold('crl', collected.crl.bytes, collected, caches.crls.sha256(collected.crl, sha256));
    for (const { crl } of messages.flatMap(carriedCrls)) hold('crl', crl.bytes);
  }
  if (wants('ocsp')) for (const collected of ocsp) hold('ocsp', collected.response.bytes, collected, caches.ocsp.sha256(collected.response, sha256));
  if (wants('certificate')) {
    for (const bytes of messages.flatMap(certificatesIn)) hold('certificate', bytes);
    for (const { bytes } of evidence.candidateCertificates) hold('certificate', bytes);
    for (const { response } of ocsp) for (const bytes of response.basic?.certificates ?? []) hold('certificate', bytes);
    const lists = trustList === undefined ? [] : allMembers(new Federation(trustList, sha256)).map(({ list }) => list);
    for (const service of lists.flatMap(({ services }) => services)) {
      for (const { certificate } of service.anchors) if (certificate !== undefined) hold('certificate', certificate);
      for (const bytes of service.intermediates) hold('certificate', bytes);
      for (const { responders = [] } of service.revocation.ocsp ?? []) for (const bytes of responders) hold('certificate', bytes);
    }
  }
  const items: UsedEvidence[] = [];
  const missing: Pick<UsedEvidence, 'kind' | 'sha256'>[] = [];
  for (const { kind, sha256: hash } of wanted) {
    const found = held.get(`${kind} ${hash}`);
    if (found === undefined) missing.push({ kind, sha256: hash });
    else items.push(found);
  }
  return { items, missing };
}

/** Everything a report names by its hash, each once. */
function namedBy({ signers }: Report): readonly Pick<UsedEvidence, 'kind' | 'sha256'>[] {
  const named = new Map<string, Pick<UsedEvidence, 'kind' | 'sha256'>>();
  const add = (kind: UsedEvidence['kind'], sha256: string): void => void named.set(`${kind} ${sha256}`, { kind, sha256 });
  for (const { path, revocation } of signers.flatMap((signer) => [signer, ...(signer.timestamps ?? [])])) {
    for (const { sha256 } of path) add('certificate', sha256);
    for (const { source, evidence, doubt } of revocation) {
      const doubted = doubt === undefined ? [] : [doubt.source, ...(doubt.takenBack === undefined ? [] : [doubt.takenBack]), ...(doubt.evidence ?? [])];
      const sources: readonly RevocationSource[] = [...(evidence ?? (source === undefined ? [] : [source])), ...doubted];
      for (const { kind, sha256, certificates = [] } of sources) {
        add(kind, sha256);
        for (const certificate of certificates) add('certificate', certificate);
      }
    }
  }
  return [...named.values()];
}
