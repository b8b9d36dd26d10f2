import type { Algorithms } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import type { ListReference, ServiceKind, Trust, TrustList, TrustService } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from './caches.js';
import { choosePath } from './choose-path.js';
import type { WarningCode } from './codes.js';
import { readContext, requireTimes, type JudgeContext } from './context.js';
import type { Evidence } from './evidence.js';
import { extractIdentity, missingIdentityFields } from './identity/extract.js';
import { createSpending, DEFAULT_BUDGET, type Budget } from './path/budget.js';
import { kindReasonOf } from './kind-reason.js';
import { algorithmReasons, refusedDeviations, warningsOf } from './path-findings.js';
import { pathReason } from './path-reason.js';
import type { Policy } from './policy.js';
import { makeReason } from './reason.js';
import type { CertificateSummary, CheckRow, Identity, KnowledgeComparison, Reason, RevocationResult, TrustDecision } from './report.js';
import { requiredSha256 } from './required-digest.js';
import { inquireRevocation } from './ask-revocation.js';
import { judgeRevocation, type JudgeRevocationInput } from './judge-revocation.js';
import { isKnownNotRevoked } from './process/expired-certificate.js';
import { validatePast } from './process/past-signature-validation.js';
import type { Proofs } from './time/proofs.js';
import { citeStatus } from './trust/cite.js';
import type { PathDecision } from './trust/decide.js';
import { bilingual, subjectOf, trustDecisionOf, trustReason } from './trust-reason.js';
import type { KnownAt } from './trust/knowledge.js';

/** Everything a verdict on a certificate depends on; nothing has a default in this room but the budget and the caches. */
export interface JudgeCertificateInput {
  readonly certificate: Certificate;
  /** Untrusted certificates that came along, as from a message. */
  readonly candidateCertificates: readonly Certificate[];
  readonly evidence: Evidence;
  /** A list by itself, or a scheme of lists at one moment. */
  readonly trustList: Trust;
  /** Which services of the list may answer for it: `seal-maker` for the certificate of one. Default `ca`. */
  readonly kind?: ServiceKind;
  /** The lists of an earlier moment, to judge by what was known then or to compare with it. */
  readonly knownAt?: KnownAt;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Validation time, epoch milliseconds. */
  readonly at: number;
  /** Time at which the signature is proven to have existed; `undefined` when nothing proves it, then `at` is used. */
  readonly bestSignatureTime?: number;
  /** Time before which the signature is proven not to have been made. */
  readonly notBefore?: number;
  /** What is proven to have existed when: then evidence of its time settles what is open by today's (EN 319 102-1 §5.6.2.4). */
  readonly past?: PastEvidence;
  readonly context: JudgeContext;
  readonly budget?: Budget;
  readonly caches?: JudgeCaches;
}

/** Proofs of existence for past signature validation. */
export interface PastEvidence {
  /** Of revocation data. */
  readonly proofs: Proofs;
  /** Since when a certificate is proven to have existed; undefined: only now. Default: best signature time. */
  readonly certificateProvenAt: (certificate: Certificate) => number | undefined;
  /** Whether the scene counts evidence of the past at all; the proofs of certificates count in any case. */
  readonly settles: boolean;
}

/** The verdict on a certificate: may its holder act here, now, for this. */
export interface CertificateVerdict {
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  readonly path: readonly CertificateSummary[];
  readonly trustDecision?: TrustDecision;
  /** Where what was known then and what is known now differ. */
  readonly knowledge?: KnowledgeComparison;
  readonly revocation: readonly RevocationResult[];
  readonly identity?: Identity;
  readonly warnings: readonly WarningCode[];
  /** The service that answers for it: decides message variants and identity profile. */
  readonly service?: TrustService;
}

/**
 * Judges a certificate against a trust list: kind and key usage, path (RFC 5280 §6), trust decision, revocation, identity.
 * @throws VerifyError CONTEXT_INVALID for misuse; never for what a certificate contains
 */
export async function judgeCertificate(input: JudgeCertificateInput): Promise<CertificateVerdict> {
  const context = readContext(input.context);
  requireTimes(input);
  const { certificate, evidence, trustList, policy, algorithms } = input;
  const caches = input.caches ?? createJudgeCaches();
  const signedAt = input.bestSignatureTime ?? input.at;
  const budget = input.budget ?? DEFAULT_BUDGET;
  const spending = createSpending();
  const reasons: Reason[] = [];
  const checks: CheckRow[] = [];

  const { federation } = caches.anchorsOf(trustList, requiredSha256(algorithms));
  // A page that judges by the present alone need not have it.
  const past = input.knownAt === undefined ? undefined : await import('./trust/knowledge.js');
  const pinned = past?.readKnownAt(input.knownAt!, federation);
  const decides = input.knownAt?.decides ?? 'now';
  const scene = policy.scenes[context.scene];
  const sought = {
    certificate, candidateCertificates: [...input.candidateCertificates, ...evidence.candidateCertificates], trustList, policy, algorithms, signedAt, at: input.at, context, budget, caches,
    ...(input.kind === undefined ? {} : { kind: input.kind }),
  };
  const knowing = (knownAt: readonly ListReference[] | undefined): { readonly knownAt?: readonly ListReference[] } => (knownAt === undefined ? {} : { knownAt });
  const { outcome, best: chosen, list, candidates, services } = await choosePath({ spending, ...sought, ...knowing(decides === 'then' ? pinned : undefined) });
  const other = pinned === undefined ? undefined : await choosePath({ spending: createSpending(), ...sought, ...knowing(decides === 'then' ? undefined : pinned) });

  const path = chosen?.path;
  const answering = chosen?.decision.anchor?.statement;
  const service = answering?.service;
  const facts = { region: context.region, proven: input.bestSignatureTime !== undefined };
  const sideOf = ({ decision }: { readonly decision: PathDecision }): { decision: PathDecision; reason: Reason | undefined } => ({ decision, reason: decision.trusted ? undefined : trustReason(decision, facts) });
  const knowledge = pinned === undefined || chosen === undefined || other?.best === undefined ? undefined
    : decides === 'then' ? past!.compareKnowledge(sideOf(chosen), sideOf(other.best), { federation, lists: pinned, decides })
    : past!.compareKnowledge(sideOf(other.best), sideOf(chosen), { federation, lists: pinned, decides });
  if (path === undefined) {
    // Only the archive tells them apart: elsewhere an expired certificate fails (decision 004).
    const expired = context.scene === 'archive' && outcome.failure?.code === 'CERTIFICATE_EXPIRED' && outcome.failure.certificate === 0;
    const notRevoked = expired && (await isKnownNotRevoked({ spending, ...sought }, evidence, scene));
    reasons.push(pathReason(outcome, certificate, { services, federation, region: context.region, at: input.at, notRevoked, ...(input.notBefore === undefined ? {} : { notBefore: input.notBefore }) }));
    checks.push({ id: 'path.build', outcome: 'failed', subject: 'certificate[0]', actual: outcome.failure?.code ?? 'PATH_NOT_FOUND', clause: outcome.failure?.clause ?? 'RFC 5280 §6' });
  } else {
    checks.push({ id: 'path.build', outcome: 'passed', subject: 'certificate[0]', actual: path.certificates.length, clause: 'RFC 5280 §6' });
    const { decision } = chosen!;
    checks.push({
      id: 'trust.decision',
      outcome: decision.trusted ? 'passed' : 'failed',
      subject: subjectOf(decision),
      ...(decision.expected === undefined ? {} : { expected: decision.expected }),
      actual: decision.actual ?? (decision.decisive === undefined ? decision.code : citeStatus(decision.decisive).status),
    });
    if (!decision.trusted) reasons.push(trustReason(decision, facts));
    reasons.push(...algorithmReasons(path, policy, signedAt, context.scene === 'archive' && input.bestSignatureTime === undefined), ...refusedDeviations(path, policy));
  }

  const kind = kindReasonOf(certificate, service, context.purpose, policy);
  checks.push({ id: 'certificate.kind', outcome: kind === undefined ? 'passed' : 'failed', subject: 'certificate[0]', expected: context.purpose, clause: 'RFC 5280 §4.2.1.3' });
  // A certificate made for something else is a plainer answer than what happened to its path.
  if (kind !== undefined) reasons.unshift(kind);

  const revocation = path === undefined ? [] : await revocationOf({
    path,
    service,
    signers: list.signers,
    context,
    crls: evidence.crls,
    ocsp: evidence.ocsp ?? [],
    gaps: evidence.gaps,
    scene,
    clockSkew: policy.clockSkew,
    at: input.at,
    signedAt,
    proven: input.bestSignatureTime !== undefined,
    ...(input.notBefore === undefined ? {} : { notBefore: input.notBefore }),
    ...(input.past === undefined ? {} : { certificateProvenAt: input.past.certificateProvenAt }),
    algorithms,
    policy,
    ...(input.past === undefined ? {} : { provenAt: (octets: Uint8Array) => input.past!.proofs.provenAt(octets) }),
    caches,
    budget,
    spending,
    candidates,
    reasons,
    checks,
  }, input);

  // Who a signer is must be known; of other services it is their entry that says who they are.
  const named = service?.kind === 'ca' || service?.identity !== undefined;
  const identity = named ? readIdentity(certificate, service, answering?.member.list, policy, reasons) : undefined;
  const shown = path?.certificates ?? outcome.failure?.partial ?? [certificate];
  return {
    reasons,
    checks,
    path: shown.map((one, index) => caches.summarise(one, algorithms, { reveal: policy.revealPersonalData, person: index === 0 && identity?.subjectType === 'person' })),
    ...(chosen === undefined ? {} : trustDecisionOf(chosen.decision, context)),
    ...(knowledge === undefined ? {} : { knowledge }),
    revocation,
    ...(identity === undefined ? {} : { identity }),
    warnings: [...warningsOf(shown, revocation, scene.revocation === 'soft'), ...(knowledge === undefined ? [] : ['TRUST_CHANGED_SINCE' as const])],
    ...(service === undefined ? {} : { service }),
  };
}

/** By what is fresh now; where that leaves it open and proofs of the past count, by the evidence of its time. */
async function revocationOf(question: JudgeRevocationInput, { past, policy }: JudgeCertificateInput): Promise<readonly RevocationResult[]> {
  const { scene, at, path, checks, reasons } = question;
  const found: Reason[] = [];
  const results = await judgeRevocation({ ...question, reasons: found });
  if (past?.settles === true && found.length > 0) {
    const outcome = await validatePast({
      path, at, proofs: past.proofs, certificateProvenAt: past.certificateProvenAt, inquiry: inquireRevocation(question),
      freshness: { grace: scene.crlGrace, clockSkew: question.clockSkew, ...(scene.crlMaxAge === undefined ? {} : { maxAge: scene.crlMaxAge }) },
      stale: scene.staleRevocation ?? 'issuance',
      sunsetOf: (name) => policy.algorithms.sunset?.[name],
    }, question.proven ? question.signedAt : undefined, 'certificate[0]');
    checks.push(outcome.check);
    if (outcome.settled) return outcome.revocation;
    if (outcome.reason !== undefined && !found.some(({ code }) => code === outcome.reason!.code)) found.push(outcome.reason);
  }
  reasons.push(...found);
  return results;
}

function readIdentity(certificate: Certificate, service: TrustService | undefined, list: TrustList | undefined, policy: Policy, reasons: Reason[]): Identity | undefined {
  if (service === undefined) return undefined;
  const profile = service.identity === undefined ? undefined : list?.identityProfiles.get(service.identity);
  if (profile === undefined) {
    reasons.push(makeReason('IDENTITY_PROFILE_MISSING', { subject: `service ${service.id}`, service: bilingual(service.name) }));
    return undefined;
  }
  const identity = extractIdentity(certificate, profile, { reveal: policy.revealPersonalData });
  if (identity.conflicts.length > 0) {
    reasons.push(makeReason('IDENTITY_CONFLICT', { subject: 'certificate[0]', actual: identity.conflicts.map((conflict) => conflict.field).join(', ') }));
  }
  const missing = missingIdentityFields(identity, profile);
  if (identity.conflicts.length === 0 && missing.length > 0) {
    reasons.push(makeReason('IDENTITY_MISSING', { subject: 'certificate[0]', expected: missing.join(', ') }));
  }
  return identity;
}
