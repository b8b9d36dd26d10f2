import type { Algorithms } from '@hefu/crypto';
import { equalBytes, namesEqual, type Certificate, type SignedData, type SignerInfo } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from './caches.js';
import { carriedCertificates, carriedCrls, carriedHashes, carriedOcsp } from './carried.js';
import { readContext, requireTimes, type JudgeContext } from './context.js';
import { judgeCountersignatures } from './countersignatures.js';
import type { Evidence } from './evidence.js';
import { judgeCertificate } from './judge-certificate.js';
import { judgeList } from './judge-list.js';
import { levelOf } from './level.js';
import type { Budget } from './path/budget.js';
import type { Policy } from './policy.js';
import { isChallenge } from './challenge/challenge.js';
import { conclude } from './conclude.js';
import type { DiagnoseSignerInput } from './diagnose/diagnose-signer.js';
import type { Diagnosis, OtherFile } from './diagnose/model.js';
import { delayFailure } from './process/best-signature-time.js';
import { placeInTime, type PlaceByEvidence } from './process/place-in-time.js';
import type { Surroundings } from './process/surroundings.js';
import { makeReport } from './make-report.js';
import { makeReason } from './reason.js';
import type { CheckRow, Reason, Report, SignerReport } from './report.js';
import { requiredSha256 } from './required-digest.js';
import type { JudgedSigner } from './required-signers.js';
import { checkSignature, type SignatureFacts } from './signature/check-signature.js';
import type { Content } from './signature/content.js';
import { identifies } from './signature/identifies.js';
import { signerFindings } from './signer-findings.js';
import { algorithmReasons, claimDiffers, signatureReasons, variantReasons } from './signer-reasons.js';
import type { ProofOfExistence } from './time/proofs.js';
import type { KnownAt } from './trust/knowledge.js';

/** Everything a verdict depends on. Nothing here is fetched, and no clock is read: the same input gives the same report. */
export interface JudgeInput {
  readonly signed: SignedData;
  /**
   * The bid, for a detached signature: its octets, or the digests that `wantedDigests` names where it is too large for memory.
   * For an attached one the octets may be given too, and must then be equal.
   */
  readonly content?: Content;
  /** Other files of the submission: if a signature fails, one of them may be what was signed. */
  readonly otherFiles?: readonly OtherFile[];
  readonly evidence: Evidence;
  /** A list by itself, or a scheme of lists at one moment. */
  readonly trustList: Trust;
  /** The lists of an earlier moment, to judge by what was known then or to compare with it. JSON. */
  readonly knownAt?: KnownAt;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Validation time, epoch milliseconds. */
  readonly at: number;
  /** Trusted time of receipt of the signature, when the platform has one; epoch milliseconds. A time-stamp may prove an earlier one. */
  readonly bestSignatureTime?: number;
  /** What the caller proves to have existed, as by an evidence bundle that was sealed: messages, CRLs, OCSP responses, certificates, time-stamps. */
  readonly proofs?: readonly ProofOfExistence[];
  readonly context: JudgeContext;
  readonly budget?: Budget;
  readonly caches?: JudgeCaches;
}

/** Certificates carried beyond this are not considered as signers. */
const MAX_SIGNER_CANDIDATES = 8;

/** Looks for the mistake behind a failed signature; `diagnoseSigner` is the one there is. */
export type DiagnoseSigner = (input: DiagnoseSignerInput) => Promise<Diagnosis | undefined>;

/** What one judgement is told beside its input. */
export interface JudgeMeans {
  readonly diagnose: DiagnoseSigner;
  readonly placeByEvidence: PlaceByEvidence;
  /** For a message inside a document, whose validation data are in `input.evidence`. */
  readonly surroundings?: Surroundings;
}

/** The report, and the signers by their certificates. */
export async function judgeMessage(input: JudgeInput, means: JudgeMeans): Promise<{ readonly report: Report; readonly signers: readonly JudgedSigner[] }> {
  const context = readContext(input.context);
  requireTimes(input);
  const { signed, policy, trustList } = input;
  const caches = input.caches ?? createJudgeCaches();
  const listAnchors = caches.anchorsOf(trustList, requiredSha256(input.algorithms));
  const { federation } = listAnchors;
  const carried = carriedCertificates(signed, listAnchors, caches.certificates);
  const messageReasons: Reason[] = [];
  const digests: Record<string, string> = {};
  const signers: JudgedSigner[] = [];

  const content = resolveContent(input, messageReasons);
  if (context.scene !== 'login' && content !== undefined && isChallenge(content)) messageReasons.push(makeReason('CHALLENGE_AS_DOCUMENT', { subject: 'message' }));
  if (signed.signerInfos.length === 0) messageReasons.push(makeReason('NO_SIGNERS', { subject: 'message' }));
  if (hasDuplicateSigner(signed, [...carried, ...input.evidence.candidateCertificates])) messageReasons.push(makeReason('DUPLICATE_SIGNER', { subject: 'message' }));
  const listReasons = judgeList(federation, {
    scene: policy.scenes[context.scene], again: context.scene === 'archive', region: context.region, purpose: context.purpose, at: input.at, clockSkew: policy.clockSkew,
  });

  if (messageReasons.length === 0 && content !== undefined) {
    for (const [index, signer] of signed.signerInfos.entries()) {
      signers.push(await judgeSigner(Object.assign({}, input, { caches, ...means }), signer, index, content, carried, listReasons.reasons, digests));
    }
  }

  const reasons = messageReasons.length > 0 ? [...messageReasons, ...listReasons.reasons] : signers.flatMap(({ report }) => report.reasons);
  const report = makeReport({
    input, context, federation, reasons, signers,
    content: { attached: signed.encapContentInfo.content !== undefined, ...(content === undefined ? {} : { length: content.length }), digests },
    warnings: listReasons.warnings,
  });
  return { report, signers };
}

async function judgeSigner(
  input: JudgeInput & JudgeMeans & { readonly caches: JudgeCaches },
  signer: SignerInfo,
  index: number,
  content: Content,
  carried: readonly Certificate[],
  listReasons: readonly Reason[],
  digests: Record<string, string>,
): Promise<JudgedSigner> {
  const { signed, algorithms, policy } = input;
  const subject = `signer[${index}]`;
  const pool = [...carried, ...input.evidence.candidateCertificates];
  const matching = pool.filter((certificate) => identifies(signer, certificate)).slice(0, MAX_SIGNER_CANDIDATES);
  if (matching.length === 0) {
    const unreadable = carried.length < signed.certificates.length;
    const reasons = [makeReason(unreadable ? 'SIGNER_CERTIFICATE_UNREADABLE' : 'SIGNER_CERTIFICATE_MISSING', { subject }), ...listReasons];
    return { report: { ...conclude(reasons, input.context.scene), reasons, checks: [], path: [], revocation: [], warnings: [] }, certificate: undefined };
  }

  // Several certificates may carry one issuer and serial number; the one whose key made the signature is meant.
  let facts: SignatureFacts | undefined;
  let certificate = matching[0]!;
  for (const candidate of matching) {
    const found = await checkSignature({ signed, signer, subject, certificate: candidate, content, algorithms });
    if (facts === undefined || found.failure === undefined) {
      facts = found;
      certificate = candidate;
    }
    if (found.failure === undefined) break;
  }
  const signature = facts!;
  Object.assign(digests, signature.contentDigests);

  const evidence = Object.assign({}, input.evidence, {
    crls: [...input.evidence.crls, ...carriedCrls(signed)],
    ocsp: [...(input.evidence.ocsp ?? []), ...carriedOcsp(signed)],
  });
  const diagnosis = await input.diagnose({ signer, certificate, content, facts: signature, algorithms, otherCertificates: pool, ...(input.otherFiles === undefined ? {} : { otherFiles: input.otherFiles }) });
  const times = await placeInTime(Object.assign({}, input, { evidence, signer, certificate, content, carried, verified: signature.failure === undefined }));
  const { best } = times;
  const proven = best.source === 'validation time' ? undefined : best.best;
  const { bestSignatureTime: _, ...rest } = input;
  const verdict = await (input.caches.verdicts?.judge ?? judgeCertificate)(Object.assign({}, rest, {
    evidence, certificate, candidateCertificates: carried,
    ...(proven === undefined ? {} : { bestSignatureTime: proven }),
    ...(best.notBefore === undefined ? {} : { notBefore: best.notBefore }),
    ...(times.past === undefined ? {} : { past: times.past }),
  }));
  const timeReasons = [times.order, delayFailure(best, signature.claimedSigningTime, policy.scenes[input.context.scene].timestampDelay, subject)];
  const reasons = [
    ...signatureReasons(signature, subject, diagnosis),
    ...algorithmReasons(signature, policy, proven ?? input.at, subject, proven === undefined && input.context.scene === 'archive'),
    ...timeReasons.flatMap((reason) => reason ?? []),
    ...variantReasons(signature, verdict, input, subject),
    ...verdict.reasons,
    ...listReasons,
  ];
  const warnings = [
    ...(signature.nonStandard.length > 0 || signed.deviations.length > 0 ? ['MESSAGE_NON_STANDARD' as const] : []),
    ...(signature.claimedSigningTime !== undefined && claimDiffers(signature.claimedSigningTime, best.best, policy) ? ['CLAIMED_TIME_DIFFERS' as const] : []),
    ...(verdict.identity?.warnings ?? []),
    ...verdict.warnings,
    ...times.warnings,
  ];
  const variantRow: CheckRow[] = signature.nonStandard.map((found) => ({ id: 'message.nonStandard', outcome: 'warning', subject, actual: found }));
  const { surroundings } = input;
  const isArchive = (by: string): boolean => times.reports[indexIn(by)]?.kind === 'archive' || surroundings?.timestamps.some((stamp) => stamp.by === by) === true;
  const level = levelOf({
    signed, signer, found: times.found, verified: signature.failure === undefined, report: { path: verdict.path, revocation: verdict.revocation, timestamps: times.reports },
    carried: () => carriedHashes(signed, times.found, requiredSha256(algorithms), surroundings),
    archived: new Set(times.proofs.filter(({ by }) => isArchive(by)).map(({ sha256 }) => sha256)),
    ...(surroundings === undefined ? {} : { surroundings }),
  });
  const countersignatures = await judgeCountersignatures({ ...input, evidence }, signer, carried, subject);
  const report: SignerReport = Object.assign({}, conclude(reasons, input.context.scene), {
    reasons,
    checks: [...signature.checks, ...variantRow, ...verdict.checks],
    ...signerFindings(signature, verdict),
    warnings: [...new Set(warnings)],
    ...(level === undefined ? {} : { level }),
    ...(times.reports.length === 0 ? {} : { timestamps: times.reports }),
    ...(times.looked ? { bestSignature: { time: new Date(best.best).toISOString(), source: best.source } } : {}),
    ...(best.notBefore === undefined ? {} : { notBefore: new Date(best.notBefore).toISOString() }),
    ...(times.proofs.length === 0 ? {} : { proofs: times.proofs }),
    ...(countersignatures.length === 0 ? {} : { countersignatures }),
  });
  return { report, certificate };
}

function indexIn(by: string): number {
  return Number(/^timestamp\[(\d+)\]$/.exec(by)?.[1] ?? -1);
}

function resolveContent(input: JudgeInput, reasons: Reason[]): Content | undefined {
  const attached = input.signed.encapContentInfo.content;
  if (attached !== undefined && input.content !== undefined && !(input.content instanceof Uint8Array && equalBytes(attached, input.content))) {
    reasons.push(makeReason('CONTENT_AMBIGUOUS', { subject: 'message', expected: `${attached.length}`, actual: `${input.content.length}` }));
    return undefined;
  }
  const content = attached ?? input.content;
  if (content === undefined) reasons.push(makeReason('CONTENT_MISSING', { subject: 'message' }));
  return content;
}

/**
 * Two SignerInfos of one signer leave open which of them is meant (field notes §2.2 rule 6), also when one names it by
 * issuer and serial number and the other by key identifier.
 */
function hasDuplicateSigner(signed: SignedData, pool: readonly Certificate[]): boolean {
  return signed.signerInfos.some((signer, index) =>
    signed.signerInfos.slice(0, index).some((other) => sameIdentifier(signer, other) || pool.some((certificate) => identifies(signer, certificate) && identifies(other, certificate))),
  );
}

function sameIdentifier({ sid: a }: SignerInfo, { sid: b }: SignerInfo): boolean {
  if (a.kind === 'issuerAndSerialNumber') return b.kind === a.kind && equalBytes(a.serialNumber, b.serialNumber) && namesEqual(a.issuer, b.issuer);
  return b.kind === a.kind && equalBytes(a.keyIdentifier, b.keyIdentifier);
}
