import type { Algorithms } from '@hefu/crypto';
import { PkiError, type Certificate } from '@hefu/pki';
import type { TrustList, TrustService } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from './caches.js';
import { choosePath } from './choose-path.js';
import type { ReasonCode, WarningCode } from './codes.js';
import { readContext, requireTimes, type JudgeContext } from './context.js';
import type { Evidence } from './evidence.js';
import { extractIdentity, missingIdentityFields } from './identity/extract.js';
import { createSpending, DEFAULT_BUDGET, type Budget } from './path/budget.js';
import type { PathFailure, PathOutcome, ValidPath } from './path/model.js';
import type { Policy } from './policy.js';
import { makeReason } from './remedies.js';
import type { CertificateSummary, CheckRow, Identity, NearestMiss, Reason, RevocationResult, TrustDecision } from './report.js';
import { judgeRevocation } from './judge-revocation.js';
import { keyName, rsaBits } from './key-name.js';
import { summarise } from './summary.js';
import { certificateKind } from './trust/certificate-kind.js';
import type { ServiceDecision } from './trust/decide.js';

/** Everything a verdict on a certificate depends on; nothing has a default in this room but the budget and the caches. */
export interface JudgeCertificateInput {
  readonly certificate: Certificate;
  /** Untrusted certificates that came along, as from a message. */
  readonly candidateCertificates: readonly Certificate[];
  readonly evidence: Evidence;
  readonly trustList: TrustList;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Validation time, epoch milliseconds. */
  readonly at: number;
  /** Time at which the signature is proven to have existed; `undefined` when nothing proves it, then `at` is used. */
  readonly bestSignatureTime?: number;
  readonly context: JudgeContext;
  readonly budget?: Budget;
  readonly caches?: JudgeCaches;
}

/** The verdict on a certificate: may its holder act here, now, for this. */
export interface CertificateVerdict {
  readonly reasons: readonly Reason[];
  readonly checks: readonly CheckRow[];
  readonly path: readonly CertificateSummary[];
  readonly trustDecision?: TrustDecision;
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

  const { outcome, best: chosen, list, candidates, services } = await choosePath({
    certificate,
    candidateCertificates: [...input.candidateCertificates, ...evidence.candidateCertificates],
    trustList,
    policy,
    algorithms,
    signedAt,
    context,
    budget,
    spending,
    caches,
  });
  const path = chosen?.path;
  const service = chosen?.decision.service;
  if (path === undefined) {
    reasons.push(pathReason(outcome, certificate, services, trustList));
    checks.push({ id: 'path.build', outcome: 'failed', subject: 'certificate[0]', actual: outcome.failure?.code ?? 'PATH_NOT_FOUND', clause: outcome.failure?.clause ?? 'RFC 5280 §6' });
  } else {
    checks.push({ id: 'path.build', outcome: 'passed', subject: 'certificate[0]', actual: path.certificates.length, clause: 'RFC 5280 §6' });
    const { decision } = chosen!;
    checks.push({
      id: 'trust.decision',
      outcome: decision.trusted ? 'passed' : 'failed',
      subject: `service ${decision.service.id}`,
      ...(decision.expected === undefined ? {} : { expected: decision.expected }),
      actual: decision.actual ?? decision.status,
    });
    if (!decision.trusted) reasons.push(trustReason(decision, context.region));
    reasons.push(...algorithmReasons(path, policy, signedAt), ...refusedDeviations(path, policy));
  }

  const kind = kindReasonOf(certificate, service, context.purpose, policy);
  checks.push({ id: 'certificate.kind', outcome: kind === undefined ? 'passed' : 'failed', subject: 'certificate[0]', expected: context.purpose, clause: 'RFC 5280 §4.2.1.3' });
  // A certificate made for something else is a plainer answer than what happened to its path.
  if (kind !== undefined) reasons.unshift(kind);

  const revocation = path === undefined ? [] : await judgeRevocation({
    path,
    service,
    signers: list.signers,
    context,
    crls: evidence.crls,
    ocsp: evidence.ocsp ?? [],
    gaps: evidence.gaps,
    scene: policy.scenes[context.scene],
    clockSkew: policy.clockSkew,
    at: input.at,
    signedAt,
    proven: input.bestSignatureTime !== undefined,
    algorithms,
    caches,
    budget,
    spending,
    candidates,
    reasons,
    checks,
  });

  const identity = readIdentity(certificate, service, trustList, policy, reasons);
  const shown = path?.certificates ?? outcome.failure?.partial ?? [certificate];
  return {
    reasons,
    checks,
    path: shown.map((one, index) => summarise(one, algorithms, { reveal: policy.revealPersonalData, person: index === 0 && identity?.subjectType === 'person' })),
    ...(chosen === undefined ? {} : { trustDecision: trustDecisionOf(chosen.decision, context) }),
    revocation,
    ...(identity === undefined ? {} : { identity }),
    warnings: warningsOf(shown, revocation, policy.scenes[context.scene].revocation === 'soft'),
    ...(service === undefined ? {} : { service }),
  };
}

function warningsOf(path: readonly Certificate[], revocation: readonly RevocationResult[], soft: boolean): WarningCode[] {
  const warnings: WarningCode[] = [];
  if (path.some((certificate) => certificate.deviations.length > 0)) warnings.push('CERTIFICATE_DEVIATIONS');
  if (revocation.some((result) => result.inGrace === true)) warnings.push('CRL_IN_GRACE');
  if (soft && revocation.some((result) => result.status === 'unknown')) warnings.push('REVOCATION_UNKNOWN_TOLERATED');
  return warnings;
}

export function pathReason(outcome: PathOutcome, leaf: Certificate, services: ReadonlyMap<string, readonly TrustService[]>, list: TrustList): Reason {
  if (list.services.length === 0) return makeReason('LIST_EMPTY', { subject: `list ${list.listId}` });
  const failure: PathFailure | undefined = outcome.failure;
  if (failure === undefined) return makeReason('PATH_NOT_FOUND', { subject: 'certificate[0]' });
  const hint = failure.anchorHint;
  const listed = hint?.source === undefined ? undefined : services.get(hint.source)?.[0];
  const nearestMiss: NearestMiss | undefined =
    hint === undefined
      ? undefined
      : {
          code: hint.kind === 'same-name-other-key' ? 'SAME_SUBJECT_OTHER_KEY' : hint.kind === 'issuer-unknown' ? 'ISSUER_CERTIFICATE_MISSING' : 'ISSUER_KNOWN_BUT_NOT_LISTED',
          ...(listed === undefined ? {} : { serviceId: listed.id, serviceName: bilingual(listed.name) }),
        };
  const code: ReasonCode = hint?.kind === 'same-name-other-key' ? 'SAME_NAME_OTHER_KEY' : failure.code;
  return makeReason(code, {
    subject: `certificate[${failure.certificate}]`,
    ...(failure.expected === undefined ? {} : { expected: failure.expected }),
    ...(failure.actual === undefined ? {} : { actual: failure.actual }),
    ...(nearestMiss === undefined ? {} : { nearestMiss }),
    ...whenOf(failure, leaf),
  });
}

/** The date a reader wants to see beside EXPIRED and NOT_YET_VALID. */
function whenOf(failure: PathFailure, leaf: Certificate): { when?: number } {
  const certificate = failure.partial[failure.certificate] ?? leaf;
  if (failure.code === 'CERTIFICATE_EXPIRED') return { when: certificate.validity.notAfter };
  if (failure.code === 'CERTIFICATE_NOT_YET_VALID') return { when: certificate.validity.notBefore };
  return {};
}

function trustReason(decision: ServiceDecision, region: string): Reason {
  const code = decision.code === 'GRANTED' ? 'SERVICE_UNSUPPORTED' : decision.code;
  return makeReason(code, {
    subject: `service ${decision.service.id}`,
    service: bilingual(decision.service.name),
    region,
    ...(decision.expected === undefined ? {} : { expected: decision.expected }),
    ...(decision.actual === undefined ? {} : { actual: decision.actual }),
    ...(decision.statusSince === undefined ? {} : { when: decision.statusSince }),
  });
}

function kindReasonOf(certificate: Certificate, service: TrustService | undefined, purpose: string, policy: Policy): Reason | undefined {
  try {
    return kindReason(certificate, service, purpose, policy);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
    return makeReason('CERTIFICATE_MALFORMED', { subject: 'certificate[0]', actual: 'keyUsage or extendedKeyUsage' });
  }
}

/** @throws PkiError when an extension it asks for cannot be decoded */
function kindReason(certificate: Certificate, service: TrustService | undefined, purpose: string, policy: Policy): Reason | undefined {
  if (purpose === 'encrypt') return undefined;
  const kind = certificateKind(certificate, service?.certKinds ?? []);
  if (kind === 'encrypt') return makeReason('ENCRYPTION_CERT_USED_TO_SIGN', { subject: 'certificate[0]' });
  if (kind === 'neither') return makeReason('KEY_USAGE_NOT_SIGNING', { subject: 'certificate[0]', expected: policy.signerKeyUsage.join(' | ') });
  if (kind === 'unstated' && policy.keyUsageAbsent === 'refuse') return makeReason('KEY_USAGE_ABSENT', { subject: 'certificate[0]' });
  const extended = certificate.extExtendedKeyUsage;
  if (extended !== undefined && !policy.signerExtendedKeyUsage.some((oid) => extended.includes(oid))) {
    return makeReason('EXTENDED_KEY_USAGE_MISMATCH', { subject: 'certificate[0]', expected: policy.signerExtendedKeyUsage.join(' | '), actual: extended.join(', ') });
  }
  const usage = certificate.extKeyUsage;
  if (usage !== undefined && !policy.signerKeyUsage.some((bit) => usage.has(bit))) {
    return makeReason('KEY_USAGE_NOT_SIGNING', { subject: 'certificate[0]', expected: policy.signerKeyUsage.join(' | '), actual: [...usage].join(', ') });
  }
  return undefined;
}

/** The policy's word on the algorithms and keys of the path; the message's own signature is judged beside it. */
function algorithmReasons(path: ValidPath, policy: Policy, at: number): Reason[] {
  const { signatures, sunset, minRsaBits } = policy.algorithms;
  const reasons: Reason[] = [];
  for (const [index, name] of path.signatureAlgorithms.entries()) {
    if (!signatures.includes(name) || (sunset?.[name] ?? Number.POSITIVE_INFINITY) <= at) {
      reasons.push(makeReason('ALGORITHM_REFUSED', { subject: `certificate[${index}]`, actual: name }));
    }
  }
  for (const [index, certificate] of path.certificates.entries()) {
    const { key } = certificate.spki;
    if (key.kty === 'RSA' && rsaBits(key) < minRsaBits) {
      reasons.push(makeReason('KEY_TOO_WEAK', { subject: `certificate[${index}]`, expected: `RSA of at least ${minRsaBits} bits`, actual: keyName(key) }));
    }
  }
  return reasons;
}

function refusedDeviations(path: ValidPath, policy: Policy): Reason[] {
  if (policy.refusedDeviations.length === 0) return [];
  return path.certificates.flatMap((certificate, index) =>
    certificate.deviations
      .filter((deviation) => policy.refusedDeviations.includes(deviation.id))
      .map((deviation) => makeReason('CERTIFICATE_DEVIATION_REFUSED', { subject: `certificate[${index}]`, actual: deviation.id })),
  );
}

function readIdentity(certificate: Certificate, service: TrustService | undefined, list: TrustList, policy: Policy, reasons: Reason[]): Identity | undefined {
  if (service === undefined) return undefined;
  const profile = service.identity === undefined ? undefined : list.identityProfiles.get(service.identity);
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

function trustDecisionOf(decision: ServiceDecision, context: { region: string; purpose: string; transaction?: string }): TrustDecision {
  return {
    serviceId: decision.service.id,
    serviceName: bilingual(decision.service.name),
    status: decision.status,
    statusSince: decision.statusSince === undefined ? '' : new Date(decision.statusSince).toISOString(),
    region: context.region,
    purpose: context.purpose,
    ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
  };
}

export function bilingual(text: { readonly zh: string; readonly en?: string }): { zh: string; en: string } {
  return { zh: text.zh, en: text.en ?? text.zh };
}
