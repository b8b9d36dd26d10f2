import type { Algorithms } from '@hefu/crypto';
import { equalBytes } from '@hefu/pki';
import { isSnapshot, readJson, type Trust } from '@hefu/trust-list';
import type { JudgeCaches } from '../caches.js';
import type { CitedList, Report } from '../report.js';
import type { Evidence } from '../evidence.js';
import type { Policy } from '../policy.js';
import { DEFAULT_POLICY } from '../policy/default-policy.js';
import type { ProofOfExistence } from '../time/proofs.js';
import { compareReports, type ReportDifference } from './compare-reports.js';
import { EvidenceError } from './error.js';
import type { EvidenceManifest, ObjectSource } from './model.js';
import { checkedObjects } from './objects.js';
import { judgeReplay, readReplay, reportBytes } from './replay.js';
import { createReplayCache, type ReplayCache } from './replay-cache.js';
import { openTrust, requirePin, type TrustPin } from './trust.js';

interface RevalidateBase {
  readonly manifest: EvidenceManifest;
  readonly objects: ObjectSource;
  /** Whom the caller trusts to have signed the lists that are kept. */
  readonly pin: TrustPin;
  /** The signed file, where the bundle holds its digests alone. */
  readonly content?: Uint8Array;
  readonly algorithms: Algorithms;
  readonly caches?: JudgeCaches;
  /** What other verdicts of the bundle share with this one: hand in one for all. */
  readonly shared?: ReplayCache;
}

export interface RevalidateNow {
  /** Epoch milliseconds. */
  readonly at: number;
  /** Today's. */
  readonly trust: Trust;
  /** Default: `DEFAULT_POLICY`, or with `trustsRecord` the one that is kept. */
  readonly policy?: Policy;
  /**
   * Whether whoever wrote the bundle is believed about what nothing in it proves: when the message was received, what else was proven
   * to have existed, and the policy. A seal dates these statements and does not make them true. Default: they are not.
   */
  readonly trustsRecord?: boolean;
  /** Beside what is kept: today's CRLs. */
  readonly evidence?: Evidence;
  /** What the bundle's seal proves: its files existed at these times. */
  readonly proofs?: readonly ProofOfExistence[];
  /** Epoch milliseconds at which the seal proves that the message was there; it counts unless a recorded receipt does. */
  readonly sealedAt?: number;
}

export type RevalidateInput = RevalidateBase & ({ readonly mode: 'as-known' } | ({ readonly mode: 'as-now' } & RevalidateNow));

export interface Revalidation {
  readonly mode: 'as-known' | 'as-now';
  readonly id: string;
  /** `as-known`: the same octets came out again. `as-now`: conclusion and code are those of then. */
  readonly same: boolean;
  readonly stored: Report;
  readonly report: Report;
  readonly differences: readonly ReportDifference[];
  /** Of `as-now`: what places the signature in time beside what its own time-stamps prove. */
  readonly placedBy?: PlacedBy;
}

export interface PlacedBy {
  /** `receipt`: as the bundle states it, since the caller trusts the record. `seal`: what the bundle's seal proves. `nothing`: the time of validation. */
  readonly source: 'receipt' | 'seal' | 'nothing';
  /** Epoch milliseconds. */
  readonly at?: number;
  /** A time of receipt that the bundle states and that did not count, epoch milliseconds. */
  readonly stated?: number;
}

/** A report has fewer: the largest seen, with twenty time-stamps, is below a megabyte. */
const REPORT_JSON = { maxBytes: 64 * 1024 * 1024, maxDepth: 32 } as const;

/**
 * Judges a kept message again. `as-known`: with the list, evidence, policy and time of then, all from the bundle; neither
 * network nor clock has a say, and the same report comes out, octet for octet. `as-now`: in the archive's scene with
 * today's list and policy, at today's time, and says what is different; where only the list's knowledge changed the report has both answers. What
 * the bundle alone states, time of receipt first, moves no verdict unless the caller trusts whoever wrote it (`trustsRecord`). What was asked (region,
 * transaction, purpose, who had to sign) is the record's in any case, and the report names it.
 * @throws EvidenceError for a bundle that cannot be used: a file missing or altered, a list by others than trusted
 */
export async function revalidate(input: RevalidateInput): Promise<Revalidation> {
  const { manifest, algorithms, content, caches } = input;
  const pin = requirePin(input.pin);
  const { trust, circumstances } = manifest;
  const shared = input.shared ?? createReplayCache();
  const names = new Set([...manifest.evidence.map(({ sha256 }) => sha256), ...(trust.kind === 'list' ? [trust.list, trust.role] : [trust.bundle]), manifest.policy]);
  const objects = checkedObjects(input.objects, manifest.files, algorithms, { cache: shared, names });
  // By whom it was found in order, too: another pin is another question.
  const key = `${trust.kind === 'list' ? `${trust.list} ${trust.role}` : trust.bundle} ${JSON.stringify(pin)}`;
  let opening = shared.trusts.get(key);
  if (opening === undefined) shared.trusts.set(key, (opening = openTrust(trust, objects, { pin, algorithms, at: circumstances.at, madeAt: Date.parse(manifest.madeAt) })));
  const kept = await opening;
  const storedBytes = await objects(manifest.report);
  const storedReport = readStoredReport(storedBytes, manifest);
  const replay = await readReplay(manifest, objects, kept, { algorithms, parsed: shared.parsed, ...(content === undefined ? {} : { content }) });
  const with_ = { algorithms, ...(caches === undefined ? {} : { caches }) };
  if (input.mode === 'as-known') {
    const report = await judgeReplay(replay, with_);
    const same = equalBytes(reportBytes(report), storedBytes);
    return { mode: 'as-known', id: manifest.id, same, stored: storedReport, report, differences: same ? [] : orUnnamed(compareReports(storedReport, report)) };
  }
  const { trustsRecord = false } = input;
  const { knownAt: _, proofs = [], bestSignatureTime: stated, ...rest } = circumstances;
  const placedBy = placing(stated, input.sealedAt, trustsRecord);
  const known = knownIn(storedReport, input.trust, kept);
  const report = await judgeReplay({
    ...replay,
    trust: input.trust,
    policy: input.policy ?? (trustsRecord ? replay.policy : DEFAULT_POLICY),
    evidence: {
      candidateCertificates: [...replay.evidence.candidateCertificates, ...(input.evidence?.candidateCertificates ?? [])],
      crls: [...replay.evidence.crls, ...(input.evidence?.crls ?? [])],
      ocsp: [...(replay.evidence.ocsp ?? []), ...(input.evidence?.ocsp ?? [])],
      gaps: input.evidence?.gaps ?? [],
    },
    circumstances: {
      ...rest,
      scene: 'archive',
      purpose: rest.purpose ?? (rest.scene === 'login' ? 'auth' : 'sign'),
      at: input.at,
      proofs: [...(trustsRecord ? proofs : []), ...(input.proofs ?? [])],
      ...(placedBy.at === undefined ? {} : { bestSignatureTime: placedBy.at }),
      ...(known.length === 0 ? {} : { knownAt: { lists: known, decides: 'now' } }),
    },
  }, with_);
  const same = report.conclusion === storedReport.conclusion && report.code === storedReport.code;
  return { mode: 'as-now', id: manifest.id, same, stored: storedReport, report, differences: compareReports(storedReport, report), placedBy };
}

function placing(stated: number | undefined, sealedAt: number | undefined, trustsRecord: boolean): PlacedBy {
  if (trustsRecord && stated !== undefined) return { source: 'receipt', at: stated };
  return { ...(sealedAt === undefined ? { source: 'nothing' } : { source: 'seal', at: sealedAt }), ...(stated === undefined ? {} : { stated }) };
}

/** The list a verdict was judged by, verified again by whom the caller trusts. @throws EvidenceError */
export function openKeptTrust({ manifest, objects, pin, algorithms }: Pick<RevalidateBase, 'manifest' | 'objects' | 'pin' | 'algorithms'>): Promise<Trust> {
  return openTrust(manifest.trust, checkedObjects(objects, manifest.files, algorithms), { pin: requirePin(pin), algorithms, at: manifest.circumstances.at, madeAt: Date.parse(manifest.madeAt) });
}

function readStoredReport(bytes: Uint8Array, manifest: EvidenceManifest): Report {
  const file = `objects/${manifest.report}`;
  let value: unknown;
  try {
    readJson(bytes, REPORT_JSON);
    value = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', `${file} is not a report`, { cause, file });
  }
  const { type, version, conclusion, code } = value as Partial<Report>;
  if (type !== 'hefu-report' || version !== 1) throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', `${file} is not a report`, { file });
  if (conclusion !== manifest.verdict.conclusion || code !== manifest.verdict.code) throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', `the verdict of ${manifest.id} is not that of its report`, { file });
  return value as Report;
}

/** The lists of then, where today's trust is a later state of the same ones: else there is nothing to compare knowledge with. */
function knownIn(stored: Report, now: Trust, then: Trust): readonly Pick<CitedList, 'id' | 'sequence' | 'schemeId'>[] {
  const cited = stored.trustLists ?? (stored.trustList === undefined ? [] : [stored.trustList]);
  const top = (trust: Trust) => (isSnapshot(trust) ? trust.list : trust);
  if (isSnapshot(now) !== isSnapshot(then) || top(now).listId !== top(then).listId || top(now).sequence < top(then).sequence) return [];
  return cited.map((list) => ({ ...('schemeId' in list ? { schemeId: list.schemeId } : {}), id: list.id, sequence: list.sequence }));
}

/** Octets that differ though nothing people look at does. */
function orUnnamed(differences: readonly ReportDifference[]): readonly ReportDifference[] {
  return differences.length > 0 ? differences : [{ what: 'octets' }];
}
