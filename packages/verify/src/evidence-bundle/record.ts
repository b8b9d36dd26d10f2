import type { Algorithms } from '@hefu/crypto';
import { equalBytes, hexOf, PkiError, readSignedData, type SignedData } from '@hefu/pki';
import type { ListRole, Trust } from '@hefu/trust-list';
import type { JudgeCaches } from '../caches.js';
import type { JudgeContext } from '../context.js';
import { evidenceUsed, type UsedEvidence } from '../evidence-used.js';
import type { Evidence } from '../evidence.js';
import type { JudgeInput } from '../judge-message.js';
import type { Policy } from '../policy.js';
import { policyBytes } from '../policy/policy-bytes.js';
import type { Report } from '../report.js';
import { objectsNamed, readManifest } from './documents.js';
import { EvidenceError } from './error.js';
import { serialize } from './fields.js';
import type { EvidenceManifest, StoredEvidence, StoredFile } from './model.js';
import { describeFile } from './objects.js';
import type { ReplayCache } from './replay-cache.js';
import type { SignerRequirement } from '../required-signers.js';
import { judgeReplay, readReplay, reportBytes } from './replay.js';
import { keepTrust, openTrust, type KeptTrust } from './trust.js';

/** A verdict and what it was made of. */
export interface RecordEvidenceInput extends Pick<JudgeInput, 'at' | 'bestSignatureTime' | 'knownAt' | 'proofs'> {
  /** The caller's name for it: a bid's number. */
  readonly id: string;
  readonly report: Report;
  /** The signed message as it came. */
  readonly signature: Uint8Array;
  /** What was signed, of a detached signature. */
  readonly content?: Uint8Array;
  /** Whether the bundle holds the content; else its digests alone, and whoever judges again brings it. Default true. */
  readonly keepContent?: boolean;
  readonly context: JudgeContext;
  /** As it was given to `judge`. */
  readonly evidence: Evidence;
  readonly trust: Trust;
  /** Who may sign the list, for a list by itself. */
  readonly role?: ListRole;
  readonly policy: Policy;
  readonly tools: EvidenceManifest['tools'];
  /** Epoch milliseconds. */
  readonly madeAt: number;
  readonly algorithms: Algorithms;
  readonly caches?: JudgeCaches;
  /** What earlier verdicts of the project described already: hand in one map for all. */
  readonly described?: DescribedFiles;
}

/** Remembers digests of octets that many verdicts share, by identity. */
export interface DescribedFiles {
  readonly files: WeakMap<Uint8Array, StoredFile>;
  readonly trusts: WeakMap<Trust, Promise<ReopenedTrust>>;
  readonly parsed: ReplayCache['parsed'];
}

/** A trust as it is kept, and what is read from that again. */
export interface ReopenedTrust extends KeptTrust {
  readonly reopened: Trust;
}

export function createDescribedFiles(): DescribedFiles {
  return { files: new WeakMap(), trusts: new WeakMap(), parsed: new WeakMap() };
}

export interface EvidenceRecord {
  readonly manifest: EvidenceManifest;
  /** Octets of the manifest. */
  readonly bytes: Uint8Array;
  readonly file: StoredFile;
  /** What the manifest names, by SHA-256. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
}

/**
 * Makes the record of one verdict and, before it is handed out, judges again from the octets that will be kept: what comes
 * out must be the report, octet for octet. The evidence that the report names is kept; where that alone leads to another
 * report (what was looked at and refused leaves traces too), all that was gathered.
 * @throws EvidenceError EVIDENCE_NOT_REPRODUCIBLE; EVIDENCE_DOCUMENT_INVALID for an id or tool that cannot be written
 */
export async function recordEvidence(input: RecordEvidenceInput): Promise<EvidenceRecord> {
  const { report, algorithms, signature, evidence, trust, caches } = input;
  const described = input.described ?? createDescribedFiles();
  const describe = (bytes: Uint8Array): StoredFile => {
    let file = described.files.get(bytes);
    if (file === undefined) described.files.set(bytes, (file = describeFile(bytes, algorithms)));
    return file;
  };
  const signed = readable(signature);
  const used = evidenceUsed({ report, evidence, trustList: trust, algorithms, ...(signed === undefined ? {} : { signed }), ...(caches === undefined ? {} : { caches }) });
  const expected = reportBytes(report);
  let keeping = described.trusts.get(trust);
  if (keeping === undefined) described.trusts.set(trust, (keeping = reopen(input, (bytes) => describe(bytes).sha256)));
  const kept = await keeping;
  for (const items of [used.items, everything(evidence, describe)]) {
    const record = build(input, items, expected, describe, kept);
    // Named by what they are a moment ago, so there is nothing to check.
    const objects = (sha256: string): Promise<Uint8Array> => Promise.resolve(record.objects.get(sha256)!);
    const replay = await readReplay(record.manifest, objects, kept.reopened, { algorithms, parsed: described.parsed, ...(input.content === undefined ? {} : { content: input.content }) });
    if (equalBytes(reportBytes(await judgeReplay(replay, { algorithms, ...(caches === undefined ? {} : { caches }) })), expected)) return record;
  }
  throw new EvidenceError('EVIDENCE_NOT_REPRODUCIBLE', `the report on ${input.id} does not come out again from what it is said to be made of`);
}

/** What is kept of the trust must lead to it again, for whoever pins it: else the bundle could be written and never be used. */
async function reopen({ trust, role, algorithms, at, madeAt, id }: RecordEvidenceInput, nameOf: (bytes: Uint8Array) => string): Promise<ReopenedTrust> {
  const kept = keepTrust(trust, role, algorithms, nameOf);
  const objects = new Map(kept.objects.map((bytes) => [nameOf(bytes), bytes]));
  const pin = { sha256: kept.stored.kind === 'list' ? kept.stored.role : kept.stored.root };
  try {
    return { ...kept, reopened: await openTrust(kept.stored, (sha256) => Promise.resolve(objects.get(sha256)!), { pin, algorithms, at, madeAt }) };
  } catch (cause) {
    if (!(cause instanceof EvidenceError)) throw cause;
    throw new EvidenceError('EVIDENCE_NOT_REPRODUCIBLE', `the lists that ${id} was judged by cannot be read again from what would be kept: ${cause.message}`, { cause });
  }
}

function build(input: RecordEvidenceInput, items: readonly UsedEvidence[], report: Uint8Array, describe: (bytes: Uint8Array) => StoredFile, kept: KeptTrust): EvidenceRecord {
  const { algorithms, content, evidence, context } = input;
  const files = new Map<string, StoredFile>();
  const objects = new Map<string, Uint8Array>();
  const keep = (bytes: Uint8Array): string => {
    const file = describe(bytes);
    files.set(file.sha256, file);
    objects.set(file.sha256, bytes);
    return file.sha256;
  };
  for (const bytes of kept.objects) keep(bytes);
  const keepContent = input.keepContent ?? true;
  if (content !== undefined && keepContent) keep(content);
  const { identity, conclusion, code } = input.report;
  const manifest: Omit<EvidenceManifest, 'files'> = {
    type: 'hefu-evidence',
    version: 1,
    id: input.id,
    madeAt: new Date(input.madeAt).toISOString(),
    tools: input.tools.map(({ name, version }) => ({ name, version })),
    signature: keep(input.signature),
    ...(content === undefined ? {} : { content: { ...describe(content), kept: keepContent } }),
    evidence: items.map(({ kind, bytes, url, fetchedAt, nonce }): StoredEvidence => ({
      kind,
      sha256: keep(bytes),
      ...(url === undefined ? {} : { url }),
      ...(fetchedAt === undefined ? {} : { fetchedAt }),
      ...(nonce === undefined ? {} : { nonce: { sent: hexOf(nonce.sent), ...(nonce.required === undefined ? {} : { required: nonce.required }) } }),
    })),
    trust: kept.stored,
    policy: keep(policyBytes(input.policy)),
    circumstances: {
      at: input.at,
      ...(input.bestSignatureTime === undefined ? {} : { bestSignatureTime: input.bestSignatureTime }),
      scene: context.scene,
      region: context.region,
      ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
      ...(context.purpose === undefined ? {} : { purpose: context.purpose }),
      ...(context.role === undefined ? {} : { role: context.role }),
      ...(context.requireSigners === undefined ? {} : { requireSigners: context.requireSigners.map(({ role, subjectType, uscc, certificatePolicies, count }) => ({ role, subjectType, uscc, certificatePolicies, count }) as SignerRequirement) }),
      ...(input.knownAt === undefined ? {} : { knownAt: input.knownAt }),
      ...(input.proofs === undefined ? {} : { proofs: input.proofs }),
      gaps: evidence.gaps.map(({ code: gap, what, detail }) => ({ code: gap, what, ...(detail === undefined ? {} : { detail }) })),
    },
    report: keep(report),
    verdict: {
      conclusion,
      code,
      ...(identity?.name === undefined ? {} : { name: identity.name }),
      ...(identity?.uscc === undefined ? {} : { uscc: identity.uscc }),
    },
  };
  const named = [...objectsNamed(manifest)].sort();
  const bytes = serialize({ ...manifest, files: named.map((sha256) => files.get(sha256)!) });
  return { manifest: readManifest(bytes), bytes, file: describeFile(bytes, algorithms), objects };
}

function readable(signature: Uint8Array): SignedData | undefined {
  try {
    return readSignedData(signature);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function everything({ candidateCertificates, crls, ocsp = [] }: Evidence, describe: (bytes: Uint8Array) => StoredFile): readonly UsedEvidence[] {
  const from = ({ url, fetchedAt }: { readonly url?: string; readonly fetchedAt?: number }) => ({ ...(url === undefined ? {} : { url }), ...(fetchedAt === undefined ? {} : { fetchedAt }) });
  return [
    ...candidateCertificates.map(({ bytes }): UsedEvidence => ({ kind: 'certificate', bytes, sha256: describe(bytes).sha256 })),
    ...crls.map((each): UsedEvidence => ({ kind: 'crl', bytes: each.crl.bytes, sha256: describe(each.crl.bytes).sha256, ...from(each) })),
    ...ocsp.map((each): UsedEvidence => ({ kind: 'ocsp', bytes: each.response.bytes, sha256: describe(each.response.bytes).sha256, ...from(each), ...(each.nonce === undefined ? {} : { nonce: each.nonce }) })),
  ];
}
