import type { Algorithms } from '@hefu/crypto';
import { hexOf, type Certificate } from '@hefu/pki';
import type { ListReference, Trust } from '@hefu/trust-list';
import type { JudgeCaches } from '../caches.js';
import { choosePath, type ChosenPath } from '../choose-path.js';
import type { WarningCode } from '../codes.js';
import { conclude } from '../conclude.js';
import type { readContext } from '../context.js';
import type { Evidence } from '../evidence.js';
import { trustDecisionOf, trustReason } from '../trust-reason.js';
import type { Budget, Spending } from '../path/budget.js';
import type { ValidPath } from '../path/model.js';
import type { Policy } from '../policy.js';
import { readableCertificate } from '../readable-certificate.js';
import { makeReason } from '../reason.js';
import type { CheckRow, Reason, RevocationResult, TimestampReport } from '../report.js';
import { requiredSha256 } from '../required-digest.js';
import { acceptedVariants } from '../signer-reasons.js';
import { summarise } from '../summary.js';
import type { Proofs } from '../time/proofs.js';
import { judgeAuthorityRevocation } from './authority-revocation.js';
import { checkTimestamp, type CheckTimestampInput } from './check-timestamp.js';
import { MUST_BE_ALLOWED, type TimestampFacts, type TimestampKind } from './model.js';
import { tsaUsage } from './tsa-usage.js';

export interface JudgeTimestampInput extends Pick<CheckTimestampInput, 'token' | 'octets' | 'nonce'> {
  readonly kind: TimestampKind;
  /** `timestamp[0]`. */
  readonly subject: string;
  /** Certificates that came along beside the token's own. Untrusted. */
  readonly candidateCertificates: readonly Certificate[];
  readonly evidence: Evidence;
  readonly trustList: Trust;
  /** Only what was known in these lists. */
  readonly knownAt?: readonly ListReference[];
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  /** Validation time. */
  readonly at: number;
  readonly context: ReturnType<typeof readContext>;
  /** What is proven to have existed, the token perhaps among it. */
  readonly proofs: Proofs;
  /** Whether evidence of its time settles what is open by today's (EN 319 102-1 §5.6). */
  readonly past: boolean;
  readonly budget: Budget;
  readonly spending: Spending;
  readonly caches: JudgeCaches;
}

export interface TimestampVerdict {
  readonly report: TimestampReport;
  /** The time it proves; undefined: none. Epoch milliseconds, not after validation time. */
  readonly time?: number;
  /** By which genTime may be off, milliseconds. */
  readonly accuracy: number;
}

/**
 * Judges one time-stamp (EN 319 102-1 §5.4): its mathematics, and that its authority's certificate leads to a service of kind
 * `tsa`, granted and valid at genTime, made for stamping and not revoked. Everything about the token itself is asked for
 * the time since which it is proven to have existed, validation time where nothing proves an earlier one: what an
 * authority writes into its own token does not show when it was made. A negative verdict is data.
 */
export async function judgeTimestamp(input: JudgeTimestampInput): Promise<TimestampVerdict> {
  const { kind, token, subject, algorithms, policy, at, context, proofs } = input;
  const sha256 = requiredSha256(algorithms);
  const facts = await checkTimestamp({ ...input, certificates: [...input.candidateCertificates, ...input.evidence.candidateCertificates, ...input.caches.anchorsOf(input.trustList, sha256, 'tsa').anchors.flatMap(({ certificate }) => certificate ?? [])] });
  const proven = proofs.provenAt(token);
  const reasons: Reason[] = [];
  const warnings: WarningCode[] = [];
  const checks: CheckRow[] = [...facts.checks];
  let signer: SignerVerdict = { path: [], revocation: [] };
  const info = facts.token?.tstInfo;
  if (facts.failure !== undefined) reasons.push(makeReason(facts.failure.code, { subject, ...facts.failure }));
  else if (info!.genTime > at + policy.clockSkew) reasons.push(makeReason('TIMESTAMP_IN_FUTURE', { subject, when: info!.genTime }));
  // Proven before it says it was made: one of the two clocks lies, or the order was forged.
  else if (proven !== undefined && info!.genTime - (info!.accuracy ?? 0) > proven) {
    reasons.push(makeReason('TIMESTAMP_ORDER_FAILURE', { subject, expected: new Date(proven).toISOString(), actual: new Date(info!.genTime).toISOString() }));
  } else signer = await judgeSigner(input, facts, proven, reasons, warnings, checks);

  const { reasons: deciding, ...verdict } = conclude(reasons, 'archive');
  const time = info === undefined || verdict.conclusion !== 'passed' ? undefined : Math.min(Math.floor(info.genTime), at);
  const report: TimestampReport = {
    kind,
    ...verdict,
    reasons: deciding,
    sha256: hexOf(sha256.digest(token)),
    ...(info === undefined ? {} : {
      genTime: new Date(info.genTime).toISOString(),
      ...(info.accuracy === undefined ? {} : { accuracy: info.accuracy }),
      serialNumber: hexOf(info.serialNumber),
      policy: info.policy,
    }),
    ...(facts.variant === undefined ? {} : { variant: facts.variant }),
    deviations: [...facts.deviations, ...(signer.deviation === undefined ? [] : [signer.deviation])],
    ...(facts.imprintAlgorithm === undefined ? {} : { imprintAlgorithm: facts.imprintAlgorithm }),
    ...(facts.digestAlgorithm === undefined ? {} : { digestAlgorithm: facts.digestAlgorithm }),
    ...(facts.signatureAlgorithm === undefined ? {} : { signatureAlgorithm: facts.signatureAlgorithm }),
    ...(proven === undefined ? {} : { provenAt: new Date(proven).toISOString() }),
    path: signer.path.map((certificate) => summarise(certificate, algorithms, { reveal: policy.revealPersonalData, person: false })),
    ...(signer.chosen === undefined ? {} : trustDecisionOf(signer.chosen.decision, context)),
    revocation: signer.revocation,
    checks,
    warnings,
  };
  return { report, accuracy: info?.accuracy ?? 0, ...(time === undefined ? {} : { time }) };
}

interface SignerVerdict {
  readonly path: readonly Certificate[];
  readonly revocation: readonly RevocationResult[];
  readonly chosen?: NonNullable<ChosenPath['best']>;
  readonly deviation?: string;
}

/** The authority: path, trust, purpose, algorithms, revocation. */
async function judgeSigner(input: JudgeTimestampInput, facts: TimestampFacts, proven: number | undefined, reasons: Reason[], warnings: WarningCode[], checks: CheckRow[]): Promise<SignerVerdict> {
  const { subject, policy, at, context } = input;
  const { tstInfo: { genTime }, signed } = facts.token!;
  const certificate = facts.certificate!;
  const stampedAt = Math.min(genTime, at);
  const carried = signed.certificates.flatMap((der) => readableCertificate(der) ?? []);
  const { outcome, best: chosen, list, candidates } = await choosePath({
    ...input, kind: 'tsa', certificate, signedAt: stampedAt, candidateCertificates: [...carried, ...input.candidateCertificates, ...input.evidence.candidateCertificates],
  });
  const usage = tsaUsage(certificate);
  checks.push({ id: 'timestamp.authority', outcome: chosen === undefined ? 'failed' : 'passed', subject, actual: outcome.failure !== undefined && chosen === undefined ? outcome.failure.code : (chosen?.path.certificates.length ?? 0), clause: 'EN 319 102-1 §5.4' });
  if (chosen === undefined) {
    reasons.push(pathReasonOf(outcome.failure, certificate, subject));
    return { path: outcome.failure?.partial ?? [certificate], revocation: [] };
  }
  const { path, decision } = chosen;
  checks.push({ id: 'timestamp.trust', outcome: decision.trusted ? 'passed' : 'failed', subject, actual: decision.code });
  if (!decision.trusted) reasons.push(trustReason(decision, { region: context.region, proven: true }));
  // Who holds a lost key writes any genTime: from the loss on a token counts by what else shows its age.
  else if (await isDistrustedSince(input, certificate, proven ?? at, candidates)) reasons.push(makeReason('CA_DISTRUSTED', { subject, ...(decision.anchor === undefined ? {} : { service: { zh: decision.anchor.statement.service.name.zh, en: decision.anchor.statement.service.name.en ?? decision.anchor.statement.service.name.zh } }) }));

  const service = decision.anchor?.statement.service;
  const allowed = acceptedVariants(service, input);
  if (usage.refusal !== undefined) reasons.push(makeReason('TSA_USAGE_MISMATCH', { subject, actual: usage.refusal }));
  const { deviation } = usage;
  if (deviation !== undefined) {
    const accepted = policy.timestampPurposeAbsent === 'accept' || allowed.includes(deviation);
    if (accepted) warnings.push('TSA_EKU_ABSENT');
    else reasons.push(makeReason('TSA_USAGE_MISMATCH', { subject, actual: deviation }));
    checks.push({ id: 'timestamp.purpose', outcome: accepted ? 'warning' : 'failed', subject, expected: 'critical timeStamping', actual: deviation, clause: 'RFC 3161 §2.3' });
  }
  const refused = [facts.variant!, ...facts.deviations.filter((each) => MUST_BE_ALLOWED.has(each))].filter((form) => !allowed.includes(form));
  if (refused.length > 0) reasons.push(makeReason('TIMESTAMP_VARIANT_REFUSED', { subject, expected: allowed.join(', '), actual: refused.join(', ') }));
  reasons.push(...algorithmReasons(facts, path, policy, proven, at, subject));

  const end = Math.min(...path.certificates.map(({ validity }) => validity.notAfter));
  if ((proven ?? at) > end) reasons.push(makeReason('TSA_EXPIRED', { subject, when: end }));
  const revocation = await judgeAuthorityRevocation(input, { path, service, list, candidates, signed, stampedAt, proven }, reasons, checks);
  return { path: path.certificates, revocation, chosen, ...(deviation === undefined ? {} : { deviation }) };
}

function pathReasonOf(failure: ChosenPath['outcome']['failure'], certificate: Certificate, subject: string): Reason {
  if (failure === undefined) return makeReason('TSA_NOT_LISTED', { subject });
  switch (failure.code) {
    case 'PATH_NOT_FOUND':
    case 'ISSUER_NOT_LISTED':
    case 'SAME_NAME_OTHER_KEY':
      return makeReason('TSA_NOT_LISTED', { subject });
    case 'CERTIFICATE_EXPIRED':
      return makeReason('TSA_NOT_VALID', { subject, when: (failure.partial[failure.certificate] ?? certificate).validity.notAfter });
    case 'CERTIFICATE_NOT_YET_VALID':
      return makeReason('TSA_NOT_VALID', { subject, when: (failure.partial[failure.certificate] ?? certificate).validity.notBefore });
    default:
      return makeReason('TSA_PATH_INVALID', { subject, actual: failure.code });
  }
}

/** Asked anew for the time since which the token is proven: by genTime alone, a lost key could date itself back. */
async function isDistrustedSince(input: JudgeTimestampInput, certificate: Certificate, instant: number, candidates: readonly Certificate[]): Promise<boolean> {
  const { federation } = input.caches.anchorsOf(input.trustList, requiredSha256(input.algorithms), 'tsa');
  const distrusts = [...federation.members, ...federation.peers.flatMap((peer) => peer.federation?.members ?? [])].some(({ list }) => list.services.some(({ kind, status }) => kind === 'tsa' && status.some((event) => event.status === 'distrusted')));
  if (!distrusts) return false;
  const { best } = await choosePath({ ...input, kind: 'tsa', certificate, signedAt: Math.min(instant, certificate.validity.notAfter), candidateCertificates: candidates });
  return best !== undefined && !best.decision.trusted && best.decision.code === 'CA_DISTRUSTED';
}

function algorithmReasons(facts: TimestampFacts, path: ValidPath, policy: Policy, proven: number | undefined, at: number, subject: string): Reason[] {
  const { signatures, digests, sunset } = policy.algorithms;
  const refuse = (name: string | undefined, allowed: readonly string[]): Reason[] => {
    if (name === undefined) return [];
    if (!allowed.includes(name)) return [makeReason('ALGORITHM_REFUSED', { subject, actual: name })];
    return (sunset?.[name] ?? Infinity) <= (proven ?? at) ? [makeReason('ALGORITHM_REFUSED', { subject, actual: name, noPoe: proven === undefined })] : [];
  };
  return [
    ...refuse(facts.imprintAlgorithm, digests),
    ...refuse(facts.digestAlgorithm, digests),
    ...[facts.signatureAlgorithm, ...path.signatureAlgorithms].flatMap((name) => refuse(name, signatures)),
  ];
}
