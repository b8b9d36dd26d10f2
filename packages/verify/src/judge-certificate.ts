import type { Algorithms } from '@hefu/crypto';
import { PkiError, type Certificate } from '@hefu/pki';
import type { Federation, ListReference, ServiceKind, Trust, TrustList, TrustService } from '@hefu/trust-list';
import { createJudgeCaches, type JudgeCaches } from './caches.js';
import { choosePath } from './choose-path.js';
import type { ReasonCode, WarningCode } from './codes.js';
import { readContext, requireTimes, type JudgeContext } from './context.js';
import type { Evidence } from './evidence.js';
import { extractIdentity, missingIdentityFields } from './identity/extract.js';
import { createSpending, DEFAULT_BUDGET, type Budget } from './path/budget.js';
import type { PathFailure, PathOutcome, ValidPath } from './path/model.js';
import type { Policy } from './policy.js';
import { makeReason } from './reason.js';
import type { CertificateSummary, CheckRow, Identity, KnowledgeComparison, NearestMiss, Reason, RevocationResult, TrustDecision } from './report.js';
import { requiredSha256 } from './required-digest.js';
import { inquireRevocation } from './ask-revocation.js';
import { judgeRevocation, type JudgeRevocationInput } from './judge-revocation.js';
import { isKnownNotRevoked } from './process/expired-certificate.js';
import { validatePast } from './process/past-signature-validation.js';
import type { Proofs } from './time/proofs.js';
import { keyName, rsaBits } from './key-name.js';
import { summarise } from './summary.js';
import { allMembers, type ListAnchors } from './trust/anchors.js';
import { certificateKind } from './trust/certificate-kind.js';
import { citeContributions, citeStatus } from './trust/cite.js';
import type { PathDecision } from './trust/decide.js';
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
  const { outcome, best: chosen, list, candidates, services } = await choosePath({ ...sought, spending, ...knowing(decides === 'then' ? pinned : undefined) });
  const other = pinned === undefined ? undefined : await choosePath({ ...sought, spending: createSpending(), ...knowing(decides === 'then' ? undefined : pinned) });

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
    const notRevoked = expired && (await isKnownNotRevoked({ ...sought, spending }, evidence, scene));
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
    path: shown.map((one, index) => summarise(one, algorithms, { reveal: policy.revealPersonalData, person: index === 0 && identity?.subjectType === 'person' })),
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

function warningsOf(path: readonly Certificate[], revocation: readonly RevocationResult[], soft: boolean): WarningCode[] {
  const warnings: WarningCode[] = [];
  if (path.some((certificate) => certificate.deviations.length > 0)) warnings.push('CERTIFICATE_DEVIATIONS');
  if (revocation.some((result) => result.inGrace === true)) warnings.push('CRL_IN_GRACE');
  if (soft && revocation.some((result) => result.status === 'unknown')) warnings.push('REVOCATION_UNKNOWN_TOLERATED');
  return warnings;
}

/** Where a path was looked for in vain. */
export interface PathSought {
  readonly services: ListAnchors['services'];
  readonly federation: Federation;
  readonly region?: string;
  readonly at: number;
  /** Time before which the signature is proven not to have been made. */
  readonly notBefore?: number;
  /** The leaf has expired and is known not to have been revoked. */
  readonly notRevoked?: boolean;
}

export function pathReason(outcome: PathOutcome, leaf: Certificate, { services, federation, region, at, notBefore, notRevoked = false }: PathSought): Reason {
  if (allMembers(federation).every(({ list }) => list.services.length === 0)) return makeReason('LIST_EMPTY', { subject: `list ${federation.top.listId}` });
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
          // What is not here might name it.
          ...(hint.kind === 'same-name-other-key' ? {} : unseen(federation, region, at)),
        };
  const code: ReasonCode = hint?.kind === 'same-name-other-key' ? 'SAME_NAME_OTHER_KEY' : failure.code;
  return makeReason(code, {
    subject: `certificate[${failure.certificate}]`,
    ...(failure.expected === undefined ? {} : { expected: failure.expected }),
    ...(failure.actual === undefined ? {} : { actual: failure.actual }),
    ...(nearestMiss === undefined ? {} : { nearestMiss }),
    ...whenOf(failure, leaf),
    notRevoked,
    provenAfter: failure.code === 'CERTIFICATE_EXPIRED' && notBefore !== undefined && notBefore > (failure.partial[failure.certificate] ?? leaf).validity.notAfter,
  });
}

function unseen(federation: Federation, region: string | undefined, at: number): Pick<NearestMiss, 'code' | 'detail'> | undefined {
  const missing = [
    ...(region === undefined ? federation.missing : federation.missingFor(region)).map(({ listId }) => listId),
    ...federation.peers.filter((peer) => peer.federation === undefined).map(({ peer }) => peer.schemeId),
  ];
  if (missing.length > 0) return { code: 'LIST_NOT_LOADED', detail: [...new Set(missing)].join(', ') };
  const members = region === undefined ? federation.members : federation.membersFor(region);
  const stale = members.filter(({ list }) => at > list.nextUpdate).map(({ list }) => list.listId);
  if (stale.length > 0) return { code: 'LIST_STALE', detail: stale.join(', ') };
  return undefined;
}

/** The date a reader wants to see beside EXPIRED and NOT_YET_VALID. */
function whenOf(failure: PathFailure, leaf: Certificate): { when?: number } {
  const certificate = failure.partial[failure.certificate] ?? leaf;
  if (failure.code === 'CERTIFICATE_EXPIRED') return { when: certificate.validity.notAfter };
  if (failure.code === 'CERTIFICATE_NOT_YET_VALID') return { when: certificate.validity.notBefore };
  return {};
}

export function trustReason(decision: PathDecision, { region, proven }: { readonly region: string; readonly proven: boolean }): Reason {
  const code = decision.code === 'GRANTED' ? 'SERVICE_UNSUPPORTED' : decision.code;
  const said = decision.decisive ?? decision.anchor;
  const since = said?.status.event?.since;
  const nearestMiss = nearestOf(decision);
  return makeReason(code, {
    subject: subjectOf(decision),
    ...(said === undefined ? {} : { service: bilingual(said.statement.service.name) }),
    region,
    settled: said?.status.void === true || (proven && (code === 'CA_WITHDRAWN' || code === 'CA_DISTRUSTED')),
    ...(decision.expected === undefined ? {} : { expected: decision.expected }),
    ...(decision.actual === undefined ? {} : { actual: decision.actual }),
    ...(since === undefined ? {} : { when: since }),
    ...(nearestMiss === undefined ? {} : { nearestMiss }),
  });
}

function subjectOf({ decisive, ruling, anchor }: PathDecision): string {
  if (decisive === undefined && ruling.missing.length > 0) return `list ${ruling.missing[0]!.listId}`;
  const said = decisive ?? anchor;
  return said === undefined ? 'certificate[0]' : `service ${said.statement.service.id}`;
}

/** How near the service came that the path leads to (trust-list design §5.8). */
function nearestOf({ code, decisive, ruling }: PathDecision): NearestMiss | undefined {
  if (code === 'LIST_NOT_LOADED') return { code, detail: ruling.missing.map(({ listId }) => listId).join(', ') };
  if (decisive === undefined) return undefined;
  const { service } = decisive.statement;
  const since = decisive.status.event?.since;
  const miss = NEAREST[code];
  if (miss === undefined) return undefined;
  const detail = miss === 'SERVICE_IN_OTHER_REGION' ? [...new Set(service.scope.flatMap(({ regions }) => regions))].join(', ') : since === undefined ? undefined : new Date(since).toISOString();
  return { code: miss, serviceId: service.id, serviceName: bilingual(service.name), ...(detail === undefined ? {} : { detail }) };
}

const NEAREST: Readonly<Partial<Record<PathDecision['code'], NearestMiss['code']>>> = {
  REGION_NOT_IN_SCOPE: 'SERVICE_IN_OTHER_REGION', TRANSACTION_NOT_IN_SCOPE: 'SERVICE_IN_OTHER_TRANSACTION',
  CA_WITHDRAWN: 'SERVICE_WITHDRAWN', CA_DISTRUSTED: 'SERVICE_WITHDRAWN', CA_SUSPENDED: 'SERVICE_STATUS', CA_CEASED: 'SERVICE_STATUS', CA_NOT_YET_GRANTED: 'SERVICE_STATUS',
  SERVICE_UNSUPPORTED: 'SERVICE_UNSUPPORTED',
};

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
function algorithmReasons(path: ValidPath, policy: Policy, at: number, noPoe: boolean): Reason[] {
  const { signatures, sunset, minRsaBits } = policy.algorithms;
  const reasons: Reason[] = [];
  for (const [index, name] of path.signatureAlgorithms.entries()) {
    const allowed = signatures.includes(name);
    if (!allowed || (sunset?.[name] ?? Number.POSITIVE_INFINITY) <= at) {
      reasons.push(makeReason('ALGORITHM_REFUSED', { subject: `certificate[${index}]`, actual: name, noPoe: noPoe && allowed }));
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

export function trustDecisionOf({ decisive, anchor, ruling }: PathDecision, context: { region: string; purpose: string; transaction?: string }): { trustDecision?: TrustDecision } {
  const said = decisive ?? anchor;
  if (said === undefined) return {};
  const { service, member } = said.statement;
  const { status, statusSince = '' } = citeStatus(said);
  return {
    trustDecision: {
      listId: member.list.listId,
      serviceId: service.id,
      serviceName: bilingual(service.name),
      status,
      statusSince,
      region: context.region,
      purpose: context.purpose,
      ...(context.transaction === undefined ? {} : { transaction: context.transaction }),
      ...(ruling.peer === undefined ? {} : { peer: ruling.peer.peer.schemeId }),
      lists: citeContributions(ruling),
    },
  };
}

export function bilingual(text: { readonly zh: string; readonly en?: string }): { zh: string; en: string } {
  return { zh: text.zh, en: text.en ?? text.zh };
}
