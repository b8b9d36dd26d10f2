import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { Algorithms } from '@hefu/crypto';
import { decodeArmoured, parseCertificate, parseSeal, parseSealSignature, PkiError, type Certificate, type Seal, type SealSignature, type SignedData } from '@hefu/pki';
import { isSnapshot, type ListRole, type Trust, type TrustList } from '@hefu/trust-list';
import { createUpdater, crlAcceptance, memoryStore, type Clock, type Fetcher, type RefreshOutcome, type SchemeHealth, type SchemeRefresh, type Store, type TrustListMark, type UpdaterLimits } from '@hefu/updater';
import {
  createDescribedFiles, createJudgeCaches, createVerdictCache, DEFAULT_POLICY, evidenceUsed, explainCertificate, judgePdf, judgeSeal, judgeSealSignature, NO_EVIDENCE, ocspCounts, planEvidence,
  readPdfMessages, readPolicy, recordEvidence, timestampJudge,
  type CertificateExplanation, type Evidence, type EvidenceRecord, type EvidenceUsed, type PdfReport, type Policy, type RecordEvidenceInput, type Report, type SealReport,
} from '@hefu/verify';
import { createBatchEvidence } from './batch/batch-evidence.js';
import { judgesOf, type Judges } from './batch/judges.js';
import { CAPACITY_ALONE, CAPACITY_OF_WORKER, runBatch, type BatchResult, type VerifyManyOptions } from './batch/verify-many.js';
import { createWorkerPool } from './batch/worker-pool.js';
import { nodeAlgorithms } from './algorithms.js';
import { staleCrlGaps, watchCrlFiles } from './crl-files.js';
import { NodeError } from './error.js';
import { fileStore } from './file-store.js';
import { nodeFetcher } from './http-fetcher.js';
import { DEFAULT_NODE_LIMITS, type NodeLimits } from './limits.js';
import { readBoundedFile } from './read-file.js';
import { readCertificates, readInput, type Input } from './read-input.js';
import { readCircumstances, type VerifyPdfRequest, type VerifyRequest, type VerifySealRequest } from './read-request.js';
import { holdTrust } from './hold-trust.js';
import type { SchemeOptions } from './scheme-options.js';
import type { LastRefresh, TrustListSource } from './trust-list-holder.js';
import { judgeMessage, prepareMessage, type Asked, type MessageTools, type Pinned, type PreparedMessage } from './verify-message.js';

/** What is trusted: `trust`, a scheme followed from its root; or `trustList` with `role`, one list and who signs it. */
export interface CreateVerifierOptions {
  readonly trust?: SchemeOptions;
  readonly trustList?: TrustListSource;
  /** Who may sign `trustList`: a role file (see `readRoleFile`) or its value. The root of all trust then. */
  readonly role?: string | ListRole;
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

/** What evidence is wanted for: a message, or certificates by themselves. */
interface Wanted {
  readonly kind: 'ca' | 'tsa' | 'seal-maker';
  readonly message?: SignedData;
  readonly certificates?: readonly Certificate[];
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
   * (`trustList.envelope`; of a scheme, `makeBundle(trust)`) and the policy: what an archive keeps. @see evidenceUsed of the verify room
   */
  verifyWithEvidence(request: VerifyRequest): Promise<{ readonly report: Report; readonly used: EvidenceUsed; readonly trustList: TrustList; readonly trust: Trust }>;
  /**
   * Judges the signatures inside a PDF. One that cannot be read is a failed report.
   * @throws as `verify`
   */
  verifyPdf(request: VerifyPdfRequest): Promise<PdfReport>;
  /**
   * Judges an electronic seal, or a stamped signature with its content.
   * @throws as `verify`; PkiError for what is neither
   */
  verifySeal(request: VerifySealRequest): Promise<SealReport>;
  /**
   * As `verify`, with the record of the verdict for an evidence bundle (`writeEvidenceBundle`): judged again from what it
   * keeps before it is handed out.
   * @throws EvidenceError EVIDENCE_NOT_REPRODUCIBLE
   */
  verifyAndRecord(request: VerifyRequest, options: RecordOptions): Promise<{ readonly report: Report; readonly record: EvidenceRecord }>;
  /**
   * Judges many messages over one state of trust, at one time (`at` of an item, else the time of the call), in several threads where asked for.
   * The reports are those of `verify`, one after the other, in the order of the items; an item that cannot be judged has its own
   * error and spoils no other. Items are taken no faster than results are. Breaking off the loop stops the workers.
   * @throws NodeError CLOSED; UpdaterError ABORTED by the signal or by `close`; what the items' iterator throws
   * @throws TypeError for options out of range, or workers for a verifier with `algorithms` of its own: functions stay in their thread
   */
  verifyMany(items: Iterable<VerifyRequest> | AsyncIterable<VerifyRequest>, options?: VerifyManyOptions): AsyncGenerator<BatchResult, void, undefined>;
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
  refresh(): Promise<RefreshOutcome | SchemeRefresh>;
  /** What is in use: an immutable value, replaced as a whole; each verification pins one at its start. */
  readonly trust: Trust;
  /** The list in use; of a scheme, its top list. */
  readonly trustList: TrustList;
  /** How every list of a scheme stands now; undefined for one list by itself. */
  health(): SchemeHealth | undefined;
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
 * role, or the scheme from its root, before this resolves. Later it is refreshed when a verification finds it due; there are no timers.
 * @throws NodeError TRUST_LIST_UNAVAILABLE | ROLE_INVALID | ROOT_INVALID | FILE_…
 * @throws VerifyError POLICY_INVALID
 * @throws TypeError for options that contradict each other
 */
export async function createVerifier(options: CreateVerifierOptions): Promise<Verifier> {
  const limits: NodeLimits = { ...DEFAULT_NODE_LIMITS, ...options.limits };
  const clock = options.clock ?? { now: () => Date.now() };
  const fetcher = options.fetcher ?? nodeFetcher();
  const algorithms = options.algorithms ?? nodeAlgorithms();
  const online = options.online ?? true;
  assertOneTrust(options);
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
  const held = await holdTrust(options, { limits, fetcher, clock, algorithms, online, store: store('trust-list'), signal: closing.signal });

  function assertOpen(): void {
    if (closing.signal.aborted) throw new NodeError('CLOSED', 'the verifier was closed');
  }

  const tools: MessageTools = { policy, algorithms, limits, online, updater, acceptCrl, crlFiles };
  const workers = createWorkerPool();

  async function pin(signal: AbortSignal | undefined): Promise<Pinned> {
    assertOpen();
    await held.keepFresh();
    return { trust: held.current, at: clock.now(), caches, signal: anyOf(signal, closing.signal) };
  }

  interface Verified {
    readonly report: Report;
    readonly trust: Trust;
    /** What was judged; undefined for a message that could not be read. */
    readonly judged?: PreparedMessage;
    readonly asked: Asked;
  }

  async function run(request: VerifyRequest): Promise<Verified> {
    const pinned = await pin(request.signal);
    const prepared = await prepareMessage(request, pinned, tools);
    const { asked } = prepared;
    if ('report' in prepared) return { report: prepared.report, trust: pinned.trust, asked };
    return { report: await judgeMessage(prepared.message, pinned, tools), trust: pinned.trust, judged: prepared.message, asked };
  }

  async function* verifyMany(items: Iterable<VerifyRequest> | AsyncIterable<VerifyRequest>, many: VerifyManyOptions, { size, judgeHere, sparing }: Judges): AsyncGenerator<BatchResult, void, undefined> {
    const pinned: Pinned = { ...(await pin(many.signal)), caches: { ...caches, verdicts: createVerdictCache() }, gathered: createBatchEvidence() };
    const here = (message: PreparedMessage, signal: AbortSignal): Promise<Report> => judgeMessage(message, { ...pinned, signal }, tools);
    const lease = size === 0 ? undefined : workers.lease({ size, settings: { trust: pinned.trust, policy, limits }, sparing, ...(judgeHere ? { here: (message) => here(message, pinned.signal) } : {}) });
    try {
      yield* runBatch(items, {
        prepare: (request, stopped) => prepareMessage(request, { ...pinned, signal: request.signal === undefined ? stopped : anyOf(request.signal, stopped) }, tools),
        judge: async (message, stopped) => {
          if (lease !== undefined) return lease.judge(message);
          await setImmediate();
          return here(message, stopped);
        },
        capacity: CAPACITY_ALONE + CAPACITY_OF_WORKER * size,
        signal: pinned.signal,
        total: Array.isArray(items) ? items.length : undefined,
        onProgress: many.onProgress,
      });
    } finally {
      lease?.close();
    }
  }

  /** What the two verdicts on other things than messages have in common: evidence for certificates, by the services that may answer for them. */
  async function question(request: VerifyPdfRequest | VerifySealRequest, wanted: readonly Wanted[]) {
    assertOpen();
    await held.keepFresh();
    const trustList = held.current;
    const at = request.at ?? clock.now();
    const { context, crls: brought, candidateCertificates } = await readCircumstances(request, limits);
    const kept = await crlFiles.current();
    const found: { -readonly [Member in keyof Evidence]: Evidence[Member] } = { candidateCertificates, crls: [...brought, ...kept.crls], gaps: kept.gaps };
    for (const { kind, message, certificates = [] } of wanted) {
      const asked = [...certificates, ...candidateCertificates];
      const accepts = acceptCrl(message ?? { certificates: [] }, trustList, asked);
      const wish = { certificates: asked, ...(message === undefined ? {} : { signed: message }), kind, trustList, policy, algorithms, at, context, caches };
      const gathered = await updater.gather(planEvidence(wish), {
        cache: online ? 'first' : 'only',
        signal: AbortSignal.any(request.signal === undefined ? [closing.signal] : [request.signal, closing.signal]),
        acceptCrl: accepts,
        acceptOcsp: ocspCounts({ ...wish, brought: { crls: [...brought, ...kept.crls] } }),
      });
      found.crls = [...found.crls, ...gathered.crls];
      found.ocsp = [...(found.ocsp ?? []), ...(gathered.ocsp ?? [])];
      found.gaps = [...found.gaps, ...gathered.gaps, ...(await staleCrlGaps(kept.crls, at, accepts))];
    }
    const asked = { evidence: found satisfies Evidence, trustList, policy, algorithms, at, context, caches };
    return {
      ...asked,
      judgeTimestamp: timestampJudge(asked),
      ...(request.bestSignatureTime === undefined ? {} : { bestSignatureTime: request.bestSignatureTime }),
    };
  }

  return {
    async verify(request) {
      return (await run(request)).report;
    },
    async verifyWithEvidence(request) {
      const { report, trust, judged } = await run(request);
      return { report, trustList: topOf(trust), trust, used: judged === undefined ? { items: [], missing: [] } : evidenceUsed({ report, signed: judged.signed, evidence: judged.evidence, trustList: trust, algorithms, caches }) };
    },
    verifyMany(items, many = {}) {
      assertOpen();
      return verifyMany(items, many, judgesOf(many, options.algorithms !== undefined));
    },
    async verifyPdf(request) {
      assertOpen();
      const pdf = request.pdf instanceof Uint8Array ? request.pdf : await readBoundedFile(request.pdf.path, limits.maxContentBytes);
      return judgePdf({ ...(await question(request, readPdfMessages(pdf))), pdf });
    },
    async verifySeal(request) {
      assertOpen();
      const bytes = decodeArmoured(await readInput(request.seal, limits.maxSignatureBytes), { labels: [], maxBytes: limits.maxSignatureBytes })[0]!;
      const read = readSealOrSignature(bytes);
      const seal = 'seal' in read ? read.seal : read;
      const asked = await question(request, [
        { kind: 'seal-maker', certificates: readable(seal.makerCertificate) },
        ...('seal' in read ? [{ kind: 'ca' as const, certificates: readable(read.certificate) }] : []),
      ]);
      if (!('seal' in read)) return judgeSeal({ ...asked, seal });
      const { content } = request;
      if (content !== undefined && 'digests' in content) throw new TypeError('a seal is over octets: content is octets or { path }');
      const octets = content === undefined || content instanceof Uint8Array ? content : await readBoundedFile(content.path, limits.maxContentBytes);
      return judgeSealSignature({ ...asked, signature: read, ...(octets === undefined ? {} : { content: octets }) });
    },
    async verifyAndRecord(request, options) {
      // A record is judged again from octets, so a file is read whole here.
      const { content: given } = request;
      if (given !== undefined && 'digests' in given) throw new TypeError('a record is judged again from octets: content is octets or { path }');
      const content = given === undefined || given instanceof Uint8Array ? given : await readBoundedFile(given.path, limits.maxContentBytes);
      const octets = content === undefined ? {} : { content };
      const { report, trust, judged, asked } = await run({ ...request, ...octets });
      const signature = typeof asked.signature === 'string' ? new TextEncoder().encode(asked.signature) : asked.signature;
      const { role } = held;
      const record = await recordEvidence({
        ...asked, ...(judged === undefined ? {} : octets), signature, ...options, report, ...(role === undefined ? {} : { role }), policy, algorithms, caches, described, trust, evidence: judged?.evidence ?? NO_EVIDENCE, madeAt: clock.now(),
      });
      return { report, record };
    },
    async explain(input) {
      assertOpen();
      const [certificate, ...candidateCertificates] = await readCertificates(input, limits.maxCertificateBytes);
      if (certificate === undefined) throw new PkiError('EMPTY_INPUT', 'no certificate was given');
      return explainCertificate({ certificate, candidateCertificates, trustList: held.current, algorithms, at: clock.now(), reveal: policy.revealPersonalData });
    },
    async refresh() {
      assertOpen();
      return held.refresh();
    },
    get trust() {
      return held.current;
    },
    get trustList() {
      return topOf(held.current);
    },
    health: () => held.health(),
    get lastRefresh() {
      return held.lastRefresh;
    },
    close() {
      closing.abort();
      workers.close();
    },
  };
}

/** A stamped signature begins with TBS_Sign, whose first member is an INTEGER; a seal with its information, which begins with a header. */
function readSealOrSignature(bytes: Uint8Array): Seal | SealSignature {
  try {
    return parseSealSignature(bytes);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return parseSeal(bytes);
  }
}

function readable(der: Uint8Array): readonly Certificate[] {
  try {
    return [parseCertificate(der)];
  } catch (error) {
    if (error instanceof PkiError) return [];
    throw error;
  }
}

/** One way to trust, said whole: a role beside a scheme would be taken for a further condition. */
function assertOneTrust({ trust, trustList, role, listId, floor }: CreateVerifierOptions): void {
  if (trust === undefined) {
    if (trustList === undefined || role === undefined) throw new TypeError('a verifier has trust, or trustList with role');
    return;
  }
  for (const [name, value] of Object.entries({ trustList, role, listId, floor })) if (value !== undefined) throw new TypeError(`${name} goes with one list by itself; a scheme has trust alone`);
}

function anyOf(...signals: readonly (AbortSignal | undefined)[]): AbortSignal {
  return AbortSignal.any(signals.filter((signal) => signal !== undefined));
}

function topOf(trust: Trust): TrustList {
  return isSnapshot(trust) ? trust.list : trust;
}

async function loadPolicy(policy: Policy | string | undefined, limits: NodeLimits): Promise<Policy> {
  if (policy === undefined) return DEFAULT_POLICY;
  return readPolicy(typeof policy === 'string' ? await readBoundedFile(policy, limits.maxConfigBytes) : policy);
}
