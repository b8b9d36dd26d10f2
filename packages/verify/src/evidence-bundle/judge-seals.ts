import type { Algorithms } from '@hefu/crypto';
import { parseCertificate, parseCertificateList, parseOcspResponse, PkiError } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from '../caches.js';
import type { ReasonCode } from '../codes.js';
import { readContext, type JudgeContext } from '../context.js';
import { NO_EVIDENCE, type Evidence } from '../evidence.js';
import { createSpending, DEFAULT_BUDGET } from '../path/budget.js';
import type { Policy } from '../policy.js';
import { makeReason } from '../remedies.js';
import type { Conclusion, Reason, TimestampReport } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import { judgeTimestamp } from '../verdicts-in-words.js';
import { Proofs, type ProofOfExistence } from '../time/proofs.js';
import type { StoredFile } from './model.js';
import { filesOctets, octetsOfBase64, stampOctets, type EvidenceSeals, type FileDigests, type SealStamp, type SealValidation } from './seals.js';

export interface JudgeSealsInput {
  readonly seals: EvidenceSeals;
  readonly files: FileDigests;
  readonly trust: Trust;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Now, epoch milliseconds. */
  readonly at: number;
  /** GB/T 2260 code: where the authorities must be recognised. */
  readonly region: string;
  /** CRLs and certificates of today, beside those that the seals carry. */
  readonly evidence?: Evidence;
  readonly caches?: JudgeCaches;
}

export interface SealsReport {
  readonly conclusion: Conclusion;
  readonly code: ReasonCode | 'OK';
  readonly reasons: readonly Reason[];
  /** Oldest first. */
  readonly stamps: readonly TimestampReport[];
  /** Since when the files are proven to have existed, epoch milliseconds: only when every stamp holds. */
  readonly sealedAt?: number;
  /** When the certificate ends that the last stamp rests on: renew before. ISO 8601. */
  readonly renewBefore?: string;
}

/**
 * Judges seals as EN 319 102-1 §5.6 judges archive time-stamps: from the newest, valid today, back to the oldest, each valid
 * at the time at which the one after it proves it to have existed. All must hold, for the oldest dates the files.
 */
export async function judgeSeals(input: JudgeSealsInput): Promise<SealsReport> {
  const { seals, files, trust, policy, algorithms, at } = input;
  const context = readContext({ scene: 'archive', region: input.region, purpose: 'sign' } satisfies JudgeContext);
  const caches = input.caches ?? createJudgeCaches();
  const proofs = new Proofs(requiredSha256(algorithms));
  const all = seals.chains.flatMap((chain, link) => chain.stamps.map((stamp, index) => ({ chain, link, stamp, index })));
  const evidence = withValidation(input.evidence ?? NO_EVIDENCE, all.flatMap(({ stamp }) => stamp.validation));
  const stamps: TimestampReport[] = [];
  const reasons: Reason[] = [];
  let sealedAt: number | undefined;
  for (const [position, { chain, link, stamp, index }] of [...all.entries()].reverse()) {
    const subject = `seal[${position}]`;
    const digest = algorithms.digests.find(({ name }) => name === chain.digest);
    const octets = digest === undefined ? undefined : index === 0 ? await filesOctets(seals.chains.slice(0, link), files, digest) : stampOctets(chain.stamps[index - 1]!);
    const { report, time } = await judgeTimestamp({
      kind: 'evidence', token: octetsOfBase64(stamp.token), subject, trustList: trust, candidateCertificates: [], evidence, policy, algorithms, at, context, proofs, past: true,
      octets: (found) => (octets === undefined || found.name !== chain.digest ? { code: 'ALGORITHM_MISMATCH', actual: found.name } : octets),
      budget: DEFAULT_BUDGET, spending: createSpending(), caches,
    });
    stamps.unshift(report);
    sealedAt = time;
    // One that shows nothing dates nothing: those before it are left to what they show by themselves.
    const before = all[position - 1]?.stamp;
    if (time !== undefined && before !== undefined) prove(proofs, before, time, subject);
    if (time === undefined) reasons.push(...(report.reasons.length > 0 ? report.reasons : [makeReason('TIMESTAMP_MALFORMED', { subject })]));
  }
  const worst = stamps.find(({ conclusion }) => conclusion === 'failed') ?? stamps.find(({ conclusion }) => conclusion !== 'passed');
  const ends = stamps.at(-1)?.path.map(({ notAfter }) => notAfter).sort()[0];
  return {
    conclusion: worst?.conclusion ?? 'passed',
    code: worst?.code ?? 'OK',
    reasons,
    stamps,
    ...(worst === undefined && sealedAt !== undefined ? { sealedAt } : {}),
    ...(ends === undefined ? {} : { renewBefore: ends }),
  };
}

/** What a seal that holds proves of the files of its bundle: for `revalidate`. */
export function proofsOf(files: readonly StoredFile[], sealedAt: number): readonly ProofOfExistence[] {
  return files.map(({ sha256 }) => ({ sha256, at: sealedAt }));
}

function prove(proofs: Proofs, { token, validation }: SealStamp, time: number, by: string): void {
  proofs.add('timestamp', octetsOfBase64(token), time, by);
  for (const { kind, octets } of validation) proofs.add(kind === 'certificate' ? 'certificate' : 'revocation', octetsOfBase64(octets), time, by);
}

/** What cannot be read proves nothing and is left out: the stamps say then what is missing. */
function withValidation(evidence: Evidence, validation: readonly SealValidation[]): Evidence {
  const read = <T>(kind: SealValidation['kind'], parse: (bytes: Uint8Array) => T): T[] =>
    validation.flatMap((each) => {
      if (each.kind !== kind) return [];
      try {
        return [parse(octetsOfBase64(each.octets))];
      } catch (error) {
        if (error instanceof PkiError) return [];
        throw error;
      }
    });
  return {
    ...evidence,
    candidateCertificates: [...evidence.candidateCertificates, ...read('certificate', parseCertificate)],
    crls: [...evidence.crls, ...read('crl', (bytes) => ({ crl: parseCertificateList(bytes) }))],
    ocsp: [...(evidence.ocsp ?? []), ...read('ocsp', (bytes) => ({ response: parseOcspResponse(bytes) }))],
  };
}
