import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Algorithms } from '@hefu/crypto';
import { PkiError, readSignedData, type SignedData } from '@hefu/pki';
import type { ListRole, TrustList } from '@hefu/trust-list';
import { createUpdater, memoryStore, type Clock, type Fetcher, type RefreshOutcome, type Store, type TrustListMark, type UpdaterLimits } from '@hefu/updater';
import {
  createDescribedFiles, createJudgeCaches, DEFAULT_POLICY, evidenceSettles, evidenceUsed, explainCertificate, judge, NO_EVIDENCE, planEvidence, readPolicy, recordEvidence, reportMalformed,
  type CertificateExplanation, type Evidence, type EvidenceRecord, type EvidenceUsed, type Policy, type RecordEvidenceInput, type Report,
} from '@hefu/verify';
import { crlAcceptance } from './accept-crl.js';
import { nodeAlgorithms } from './algorithms.js';
import { staleCrlGaps, watchCrlFiles } from './crl-files.js';
import { NodeError } from './error.js';
import { fileStore } from './file-store.js';
import { nodeFetcher } from './http-fetcher.js';
import { DEFAULT_NODE_LIMITS, type NodeLimits } from './limits.js';
import { readBoundedFile } from './read-file.js';
import { readCertificates, type Input } from './read-input.js';
import { readRequest, type VerifyRequest } from './read-request.js';
import { readRole, readRoleFile } from './role-file.js';
import { holdTrustList, type LastRefresh, type TrustListSource } from './trust-list-holder.js';

export interface CreateVerifierOptions {
  readonly trustList: TrustListSource;
  /** Who may sign the list: a role file (see `readRoleFile`) or its value. The root of all trust here. */
  readonly role: string | ListRole;
  /** The list's id, when only that one will do. */
  readonly listId?: string;
  /** A list known from elsewhere, behind which this verifier never goes. */
  readonly floor?: TrustListMark;
  /** Keeps the newest accepted list and CRLs over restarts. Untrusted: everything is verified again on load. */
  readonly cacheDir?: string;
  /** A policy, or a JSON file of one. Default: the verify room's. */
  readonly policy?: Policy | string;
  /** False: nothing is fetched; evidence comes from the cache alone. Default true. */
  readonly online?: boolean;
  readonly fetcher?: Fetcher;
  readonly clock?: Clock;
  /** Default `nodeAlgorithms()`, made once. */
  readonly algorithms?: Algorithms;
  /**
   * CRLs kept by operations, for CAs whose own address cannot be reached and for authority CRLs (ARL): files, or folders of
   * them. Read at the start and again when changed; judged like any other; one that cannot be read is a gap in the report.
   */
  readonly crlFiles?: readonly string[];
  readonly limits?: Partial<NodeLimits>;
  readonly updaterLimits?: Partial<UpdaterLimits>;
}

export interface Verifier {
  /**
   * Judges one signed message: parse, plan, gather, judge. A message that cannot be read is a failed report too.
   * @throws NodeError FILE_… for files that cannot be read, CLOSED
   * @throws PkiError for `crls` and `certificates` that are none: what the caller brings is not the message
   * @throws UpdaterError ABORTED by the signal or by `close`
   * @throws VerifyError CONTEXT_INVALID
   */
  verify(request: VerifyRequest): Promise<Report>;
  /**
   * As `verify`, with the octets of everything the verdict rests on beside the message, the content, the list
   * (`trustList.envelope`) and the policy: what an archive keeps. @see evidenceUsed of the verify room
   */
  verifyWithEvidence(request: VerifyRequest): Promise<{ readonly report: Report; readonly used: EvidenceUsed; readonly trustList: TrustList }>;
  /**
   * As `verify`, with the record of the verdict for an evidence bundle (`writeEvidenceBundle`): judged again from what it
   * keeps before it is handed out.
   * @throws EvidenceError EVIDENCE_NOT_REPRODUCIBLE
   */
  verifyAndRecord(request: VerifyRequest, options: RecordOptions): Promise<{ readonly report: Report; readonly record: EvidenceRecord }>;
  /**
   * What a certificate says and who answers for it. Nothing is fetched, revocation is not asked after. Further
   * certificates in the same PEM may be its issuers.
   * @throws PkiError when it is no certificate; NodeError FILE_…, CLOSED
   */
  explain(certificate: Input): Promise<CertificateExplanation>;
  /**
   * Asks the sources for a newer list now and uses it from the next verification on.
   * @throws NodeError FILE_…, CLOSED; UpdaterError ABORTED by `close`
   */
  refresh(): Promise<RefreshOutcome>;
  /** The list in use: an immutable snapshot; each verification pins one at its start. */
  readonly trustList: TrustList;
  /** For health checks: a failed refresh does not stop verification while there is a list. */
  readonly lastRefresh: LastRefresh | undefined;
  /** Stops what is under way; later calls fail with NodeError CLOSED. */
  close(): void;
}

/** How a verdict is recorded: its name, what made it, whether the signed file is kept (default) or its digests alone. */
export type RecordOptions = Pick<RecordEvidenceInput, 'id' | 'tools' | 'keepContent'>;

/** Octets of CRLs kept on disk. Certificates name the URLs, so there must be a bound; a province's CAs need a tenth. */
const MAX_EVIDENCE_BYTES = 1024 * 1024 * 1024;

/**
 * A verifier ready for use; make one per process and keep it. The trust list is loaded and verified against the
 * role before this resolves. Later the list is refreshed when a verification finds it due; there are no timers.
 * @throws NodeError TRUST_LIST_UNAVAILABLE | ROLE_INVALID | FILE_…
 * @throws VerifyError POLICY_INVALID
 */
export async function createVerifier(options: CreateVerifierOptions): Promise<Verifier> {
  const limits: NodeLimits = { ...DEFAULT_NODE_LIMITS, ...options.limits };
  const clock = options.clock ?? { now: () => Date.now() };
  const fetcher = options.fetcher ?? nodeFetcher();
  const algorithms = options.algorithms ?? nodeAlgorithms();
  const online = options.online ?? true;
  const role = typeof options.role === 'string' ? await readRoleFile(options.role) : readRole(options.role);
  const policy = await loadPolicy(options.policy, limits);
  const store = (name: string, bounds?: { readonly maxTotalBytes: number }): Store =>
    options.cacheDir === undefined ? memoryStore() : fileStore(join(options.cacheDir, name), bounds);
  const updaterLimits = options.updaterLimits === undefined ? {} : { limits: options.updaterLimits };
  const updater = createUpdater({ fetcher, clock, store: store('evidence', { maxTotalBytes: MAX_EVIDENCE_BYTES }), randomBytes: (length) => new Uint8Array(randomBytes(length)), ...updaterLimits });
  const caches = createJudgeCaches();
  const described = createDescribedFiles();
  const acceptCrl = crlAcceptance(algorithms);
  const crlFiles = watchCrlFiles(options.crlFiles ?? [], clock, limits);
  await crlFiles.current();
  const closing = new AbortController();
  const lists = await holdTrustList({
    source: options.trustList,
    trust: {
      role,
      algorithms,
      ...(options.listId === undefined ? {} : { expectedListId: options.listId }),
      ...(options.floor === undefined ? {} : { floor: options.floor }),
    },
    store: store('trust-list'),
    fetcher,
    clock,
    online,
    maxBytes: limits.maxTrustListBytes,
    signal: closing.signal,
    ...updaterLimits,
  });

  function assertOpen(): void {
    if (closing.signal.aborted) throw new NodeError('CLOSED', 'the verifier was closed');
  }

  interface Verified {
    readonly report: Report;
    readonly trustList: TrustList;
    /** What was judged; undefined for a message that could not be read. */
    readonly judged?: { readonly signed: SignedData; readonly evidence: Evidence };
    readonly request: Pick<RecordEvidenceInput, 'signature' | 'content' | 'context' | 'at' | 'bestSignatureTime'>;
  }

  async function run(request: VerifyRequest): Promise<Verified> {
    assertOpen();
    await lists.keepFresh();
    const trustList = lists.current;
    const at = request.at ?? clock.now();
    const proven = request.bestSignatureTime === undefined ? {} : { bestSignatureTime: request.bestSignatureTime };
    const { context, signature, content, crls: brought, candidateCertificates } = await readRequest(request, limits);
    const asked = { signature: typeof signature === 'string' ? new TextEncoder().encode(signature) : signature, context, at, ...proven, ...(content === undefined ? {} : { content }) };
    let signed: SignedData;
    try {
      signed = readSignedData(signature);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
      return { report: reportMalformed(error, { at, context, policy, trustList, algorithms, ...proven }), trustList, request: asked };
    }
    const question = { signed, certificates: candidateCertificates, trustList, policy, algorithms, at, context, caches, ...proven };
    const plan = planEvidence(question);
    const accepts = acceptCrl(signed, trustList, candidateCertificates);
    const kept = await crlFiles.current();
    const crls = [...brought, ...kept.crls];
    const gathered = await updater.gather(plan, {
      cache: online ? 'first' : 'only',
      // A signal of its own for each call, so that listeners do not pile up on the shared one.
      signal: AbortSignal.any(request.signal === undefined ? [closing.signal] : [request.signal, closing.signal]),
      acceptCrl: accepts,
      settles: evidenceSettles({ ...question, brought: { crls } }),
    });
    const gaps = [...gathered.gaps, ...kept.gaps, ...(await staleCrlGaps(kept.crls, at, accepts))];
    const evidence = { ...gathered, candidateCertificates, crls: [...crls, ...gathered.crls], gaps };
    const report = await judge({
      signed,
      evidence,
      trustList,
      policy,
      algorithms,
      at,
      context,
      caches,
      ...(content === undefined ? {} : { content }),
      ...proven,
    });
    return { report, trustList, judged: { signed, evidence }, request: asked };
  }

  return {
    async verify(request) {
      return (await run(request)).report;
    },
    async verifyWithEvidence(request) {
      const { report, trustList, judged } = await run(request);
      return { report, trustList, used: judged === undefined ? { items: [], missing: [] } : evidenceUsed({ report, ...judged, trustList, algorithms, caches }) };
    },
    async verifyAndRecord(request, options) {
      const { report, trustList, judged, request: asked } = await run(request);
      const record = await recordEvidence({
        ...asked, ...options, report, role, policy, algorithms, caches, described, trust: trustList, evidence: judged?.evidence ?? NO_EVIDENCE, madeAt: clock.now(),
      });
      return { report, record };
    },
    async explain(input) {
      assertOpen();
      const [certificate, ...candidateCertificates] = await readCertificates(input, limits.maxCertificateBytes);
      if (certificate === undefined) throw new PkiError('EMPTY_INPUT', 'no certificate was given');
      return explainCertificate({ certificate, candidateCertificates, trustList: lists.current, algorithms, at: clock.now(), reveal: policy.revealPersonalData });
    },
    async refresh() {
      assertOpen();
      return lists.refresh();
    },
    get trustList() {
      return lists.current;
    },
    get lastRefresh() {
      return lists.lastRefresh;
    },
    close() {
      closing.abort();
    },
  };
}

async function loadPolicy(policy: Policy | string | undefined, limits: NodeLimits): Promise<Policy> {
  if (policy === undefined) return DEFAULT_POLICY;
  return readPolicy(typeof policy === 'string' ? await readBoundedFile(policy, limits.maxConfigBytes) : policy);
}
