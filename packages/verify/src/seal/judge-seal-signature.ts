import { equalBytes, hexOf, parseTimeStampToken, PkiError, type Certificate, type SealSignature } from '@hefu/pki';
import { createJudgeCaches } from '../caches.js';
import { conclude } from '../conclude.js';
import { readContext, requireTimes } from '../context.js';
import { judgeList } from '../judge-list.js';
import { inWords, makeReason } from '../remedies.js';
import type { CheckRow, Reason } from '../report.js';
import { reportFrame } from '../report-frame.js';
import { requiredSha256 } from '../required-digest.js';
import { unknownExtensions } from './extensions.js';
import type { SealQuestion } from './input.js';
import { judgeParty, partyCertificate, type PartyVerdict } from './party.js';
import type { SealReport } from './report.js';
import { judgeSealItself, summariseSeal } from './seal-itself.js';
import { sealAlgorithm, verifyValue } from './signed-value.js';
import { signerListed } from './signer-listed.js';
import { judgeSealTimestamps } from './timestamps.js';

export interface JudgeSealSignatureInput extends SealQuestion {
  readonly signature: SealSignature;
  /** The stamped data, whole … */
  readonly content?: Uint8Array;
  /** … or its digest by the signature's own digest algorithm, computed elsewhere. */
  readonly contentDigest?: Uint8Array;
  /** What `propertyInfo` must be, where the container says what the stamp is on. */
  readonly propertyInfo?: string;
}

type Findings = { readonly reasons: readonly Reason[]; readonly checks: readonly CheckRow[] };

/**
 * Judges a stamped signature (GB/T 38540-2020 §7.3): the data unaltered, the signer among those who may use the seal, both
 * signatures and both certificates, the seal's dates and the time of signing each by itself.
 * @throws VerifyError CONTEXT_INVALID; TypeError when both `content` and `contentDigest` are given
 */
export async function judgeSealSignature(input: JudgeSealSignatureInput): Promise<SealReport> {
  if (input.content !== undefined && input.contentDigest !== undefined) throw new TypeError('give content or contentDigest, not both');
  requireTimes(input);
  const context = readContext({ purpose: 'seal', ...input.context });
  const { signature, trustList, policy, algorithms, at, evidence } = input;
  const { seal } = signature;
  const caches = input.caches ?? createJudgeCaches();
  const asked: SealQuestion = { ...input, caches, context };
  const lists = inWords(judgeList(caches.anchorsOf(trustList, requiredSha256(algorithms)).federation, {
    scene: policy.scenes[context.scene], again: context.scene === 'archive', region: context.region, purpose: context.purpose, at, clockSkew: policy.clockSkew,
  }));

  const { timestamps, proven } = await judgeSealTimestamps([
    { of: 'seal', token: seal.timeStamp, over: seal.signature },
    { of: 'signature', token: signature.timeStamp, over: signature.signature },
  ], asked);
  const signed = earliest(input.bestSignatureTime, proven);
  const question: SealQuestion = signed === undefined ? asked : { ...asked, bestSignatureTime: signed.at };
  const signedAt = signed?.at ?? at;

  const claimed = claimedTime(signature);
  const found = await judgeSealItself(seal, question, [{ what: 'receipt', at: signedAt }, ...(claimed === undefined ? [] : [{ what: 'signing' as const, at: claimed }])]);
  const certificate = partyCertificate(signature.certificate, 'signer');
  const named = sealAlgorithm(signature.signatureAlgorithm, algorithms, policy, at);
  const made = named.code === undefined ? named : undefined;
  const unread = 'code' in certificate;
  const value: Findings = made === undefined
    ? { reasons: [makeReason(named.code!, { subject: 'signer', actual: signature.signatureAlgorithm })], checks: [] }
    : unread ? { reasons: [certificate], checks: [] } : await checkValue(signature, certificate, made.algorithm);
  const content = checkContent(input, made?.digest);
  const listing = checkListing(signature, question);
  const time = checkSigningTime(claimed, signedAt, policy.clockSkew, unread ? undefined : certificate);
  const signer: PartyVerdict | undefined = unread ? undefined : await judgeParty('signer', certificate, question, made?.algorithm.name);

  const parts: readonly Findings[] = [content, value, listing, found, time, ...(signer === undefined ? [] : [signer])];
  const reasons = [
    ...parts.flatMap((part) => part.reasons),
    ...unknownExtensions('signature', signature.extensions, question.knownExtensions),
    ...checkProperty(input),
    ...lists.reasons,
  ];
  const unchecked = timestamps.some(({ outcome }) => outcome === 'not-checked') || signature.timeToken !== undefined;
  return {
    type: 'hefu-seal-report',
    version: 1,
    object: 'seal-signature',
    ...conclude(reasons, context.scene),
    ...reportFrame({ trustList, policy, algorithms, at, context, ...(signed === undefined ? {} : { signed }) }),
    seal: summariseSeal(seal, input),
    signature: {
      ...(claimed === undefined ? {} : { claimedSigningTime: new Date(claimed).toISOString() }),
      propertyInfo: signature.propertyInfo,
      ...(made === undefined ? {} : { digestAlgorithm: made.digest.name }),
      dataHash: hexOf(signature.dataHash),
    },
    maker: found.maker,
    ...(signer === undefined ? {} : { signer: signer.party }),
    timestamps,
    checks: parts.flatMap((part) => part.checks),
    gaps: evidence.gaps.map(({ code, what, detail }) => ({ code, what, ...(detail === undefined ? {} : { detail }) })),
    warnings: [...new Set([
      ...lists.warnings, ...found.warnings, ...(signer?.warnings ?? []),
      ...(signature.deviations.length > 0 ? ['MESSAGE_NON_STANDARD' as const] : []),
      ...(unchecked ? ['TIMESTAMP_NOT_CHECKED' as const] : []),
      ...(claimed !== undefined && claimed < signedAt - DAY ? ['CLAIMED_TIME_DIFFERS' as const] : []),
    ])],
  };
}

const DAY = 86_400_000;

function earliest(caller: number | undefined, proven: number | undefined): { readonly at: number; readonly source: string } | undefined {
  if (proven !== undefined && (caller === undefined || proven < caller)) return { at: proven, source: 'time-stamp' };
  return caller === undefined ? undefined : { at: caller, source: 'caller' };
}

/** What the signer says; of a V1 token too, which is no proof until somebody has verified it. */
function claimedTime({ time, timeToken }: SealSignature): number | undefined {
  if (timeToken === undefined) return time;
  try {
    return Math.floor(parseTimeStampToken(timeToken).tstInfo.genTime);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

type Made = Extract<ReturnType<typeof sealAlgorithm>, { readonly code?: undefined }>;

async function checkValue(signature: SealSignature, certificate: Certificate, algorithm: Made['algorithm']): Promise<Findings> {
  const failure = await verifyValue(algorithm, certificate, signature.toSign, signature.signature);
  const row = { id: 'seal.signature', subject: 'signer', clause: 'GB/T 38540-2020 §7.3 b' };
  if (failure === undefined) return { reasons: [], checks: [{ ...row, outcome: 'passed', actual: algorithm.name }] };
  const { code, ...facts } = failure;
  return { reasons: [makeReason(code, { subject: 'signer', ...facts })], checks: [{ ...row, outcome: 'failed', ...facts }] };
}

function checkContent({ signature, content, contentDigest }: JudgeSealSignatureInput, digest: Made['digest'] | undefined): Findings {
  const row = { id: 'seal.dataHash', subject: 'content', clause: 'GB/T 38540-2020 §7.3 c' };
  const computed = content === undefined ? contentDigest : digest?.digest(content);
  if (computed === undefined) {
    return { reasons: content === undefined ? [makeReason('CONTENT_MISSING', { subject: 'content' })] : [], checks: [{ ...row, outcome: 'indeterminate' }] };
  }
  const facts = { expected: hexOf(signature.dataHash), actual: hexOf(computed) };
  if (equalBytes(computed, signature.dataHash)) return { reasons: [], checks: [{ ...row, outcome: 'passed', ...facts }] };
  return { reasons: [makeReason('CONTENT_TAMPERED', { subject: 'content', ...facts })], checks: [{ ...row, outcome: 'failed', ...facts }] };
}

function checkListing({ seal, certificate }: SealSignature, { algorithms, policy }: SealQuestion): Findings {
  const listing = signerListed(seal.info.certList, certificate, algorithms, policy.algorithms.digests);
  const row = { id: 'seal.signerListed', subject: 'signer', clause: 'GB/T 38540-2020 §7.3 d' };
  if (listing.listed) return { reasons: [], checks: [{ ...row, outcome: 'passed', actual: listing.by }] };
  const [unknown] = listing.unknown;
  const reason = unknown === undefined ? makeReason('SEAL_SIGNER_NOT_LISTED', { subject: 'signer' }) : makeReason('SEAL_DIGEST_UNKNOWN', { subject: 'seal', actual: unknown });
  return { reasons: [reason], checks: [{ ...row, outcome: 'failed', ...(unknown === undefined ? {} : { actual: unknown }) }] };
}

/** The claimed time by itself: not after the signature is known to exist, and within the signer's certificate. */
function checkSigningTime(claimed: number | undefined, signedAt: number, clockSkew: number, certificate: Certificate | undefined): Findings {
  const row = { id: 'seal.signingTime', subject: 'signature', clause: 'GB/T 38540-2020 §7.3 f' };
  if (claimed === undefined) return { reasons: [], checks: [{ ...row, outcome: 'indeterminate' }] };
  const actual = new Date(claimed).toISOString();
  const { notBefore, notAfter } = certificate?.validity ?? { notBefore: Number.NEGATIVE_INFINITY, notAfter: Number.POSITIVE_INFINITY };
  const code = claimed > signedAt + clockSkew ? 'SEAL_SIGNING_TIME_LATE' as const : claimed < notBefore || claimed > notAfter ? 'SEAL_SIGNING_TIME_OUTSIDE' as const : undefined;
  if (code === undefined) return { reasons: [], checks: [{ ...row, outcome: 'passed', actual }] };
  return { reasons: [makeReason(code, { subject: 'signature', actual, when: claimed })], checks: [{ ...row, outcome: 'failed', actual }] };
}

function checkProperty({ signature, propertyInfo }: JudgeSealSignatureInput): Reason[] {
  if (propertyInfo === undefined || propertyInfo === signature.propertyInfo) return [];
  return [makeReason('SEAL_PROPERTY_MISMATCH', { subject: 'signature', expected: propertyInfo, actual: signature.propertyInfo })];
}
