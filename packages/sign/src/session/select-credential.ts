import type { Algorithms } from '@hefu/crypto';
import { hexOf, type Certificate } from '@hefu/pki';
import type { Trust } from '@hefu/trust-list';
import { createJudgeCaches, judgeCertificate, readableCertificate, reasonsAgainstForm, type CertificateVerdict, type Evidence, type Identity, type JudgeCaches, type JudgeContext, type Policy, type Reason, type ReasonCode } from '@hefu/verify';
import type { Capabilities, Credential } from '../adapter/index.js';
import type { SignErrorCode } from '../errors/codes.js';
import type { Blame } from '../errors/row.js';
import { SIGN_ERRORS } from '../errors/table.js';
import { SignError } from '../error.js';
import { makeableForms, type MakeableForm } from './makeable-forms.js';
import type { MessageForm } from './message-form.js';

export interface SelectCredentialInput {
  readonly credentials: readonly Credential[];
  readonly capabilities: Capabilities;
  readonly trustList: Trust;
  readonly policy: Policy;
  readonly algorithms: Algorithms;
  readonly evidence: Evidence;
  /** Of the platform the bid is for; a credential is usable when it counts there. */
  readonly context: JudgeContext;
  /** Further regions to say it for, GB/T 2260 codes. */
  readonly regions?: readonly string[];
  /** Epoch milliseconds, server time. */
  readonly at: number;
  /** Closing time, epoch milliseconds: the certificate must still be valid then. */
  readonly deadline?: number;
  /** 统一社会信用代码 of the bidder, 18 characters. */
  readonly uscc?: string;
  /** What the caller's output asks of the message; what it leaves open is chosen. Default: all. */
  readonly form?: MessageForm;
  readonly caches?: JudgeCaches;
}

/** Why a credential cannot be used. */
export interface CredentialReason {
  readonly code: SignErrorCode;
  /** Whose move it is; where the judge said it, `reason.responsible` says it more exactly. */
  readonly blame: Blame;
  readonly message: { readonly zh: string; readonly en: string };
  readonly remedy: { readonly zh: string; readonly en: string };
  /** What the judge said, where it was the judge. */
  readonly reason?: Reason;
}

export interface CredentialCandidate {
  readonly credential: Credential;
  /** The leaf; absent when it is not known or not readable. */
  readonly certificate?: Certificate;
  readonly usable: boolean;
  /** Empty exactly when usable. */
  readonly reasons: readonly CredentialReason[];
  /** Messages that key and provider make and the CA's entry accepts in the region, best first: a session makes the first that its items fit. */
  readonly forms: readonly MessageForm[];
  /** By region: whether it counts there, and why not. */
  readonly regions: Readonly<Record<string, { readonly recognised: boolean; readonly codes: readonly ReasonCode[] }>>;
  readonly identity?: Identity;
  /** `ref` of a better candidate with the same key. */
  readonly sameKeyAs?: string;
}

const REVOKED: readonly ReasonCode[] = ['CERTIFICATE_REVOKED', 'CERTIFICATE_FROZEN', 'CA_CERTIFICATE_REVOKED'];
const NOT_SIGNING: readonly ReasonCode[] = ['KEY_USAGE_NOT_SIGNING', 'KEY_USAGE_ABSENT', 'ENCRYPTION_CERT_USED_TO_SIGN', 'EXTENDED_KEY_USAGE_MISMATCH'];

/**
 * Every credential with whether and why not, the best first: usable ones, those that are no second certificate of a key,
 * recognised in more regions, valid longer, with fewer confirmations; then by `ref`. Nothing is left out.
 */
export async function selectCredential(input: SelectCredentialInput): Promise<readonly CredentialCandidate[]> {
  const caches = input.caches ?? createJudgeCaches();
  const candidates: CredentialCandidate[] = [];
  for (const credential of input.credentials) candidates.push(await assessCredential(credential, { ...input, caches }));
  return markSameKeys(candidates.sort(byPreference)).sort((a, b) => Number(b.usable) - Number(a.usable) || Number(a.sameKeyAs !== undefined) - Number(b.sameKeyAs !== undefined));
}

/** The first that is usable. @throws SignError NO_USABLE_CREDENTIAL */
export function bestCredential(candidates: readonly CredentialCandidate[]): CredentialCandidate {
  const best = candidates.find(({ usable }) => usable);
  if (best === undefined) throw new SignError('NO_USABLE_CREDENTIAL', `none of ${candidates.length} credentials can be used`);
  return best;
}

/** One credential, by itself. */
export async function assessCredential(credential: Credential, input: Omit<SelectCredentialInput, 'credentials'>): Promise<CredentialCandidate> {
  const { context, at, deadline, uscc } = input;
  const reasons: CredentialReason[] = statusReasons(credential);
  const chain = readChain(credential.chain);
  if (chain.length === 0) {
    return { credential, usable: false, reasons: [...reasons, because(credential.chain.length === 0 ? 'CERT_UNKNOWN' : 'ADAPTER_MISCONFIGURED')], forms: [], regions: {} };
  }
  const certificate = chain[0]!;
  const candidateCertificates = chain.slice(1);
  const judged = async (region: string): Promise<CertificateVerdict> =>
    judgeCertificate({ ...input, certificate, candidateCertificates, context: { ...context, region } });
  const verdict = await judged(context.region);
  const offered = formsOf(certificate, credential, verdict, input);
  // What no entry of the region accepts may count elsewhere.
  const intended = offered.accepted[0] ?? offered.makeable[0];
  const regions: Record<string, { recognised: boolean; codes: ReasonCode[] }> = {};
  for (const region of new Set([context.region, ...(input.regions ?? [])])) {
    const there = region === context.region ? verdict : await judged(region);
    const found = [...there.reasons, ...(intended === undefined ? [] : reasonsAgainstForm(intended.intended, there, input, at))];
    regions[region] = { recognised: found.length === 0, codes: found.map(({ code }) => code) };
  }
  for (const reason of verdict.reasons) reasons.push({ ...because(codeOf(reason.code)), message: reason.message, remedy: reason.remedy, reason });
  const expires = certificate.validity.notAfter;
  if (deadline !== undefined && deadline > expires && expires >= at) reasons.push(because('CERT_EXPIRED'));
  if (offered.reason !== undefined && !reasons.some(({ code }) => code === offered.reason!.code)) reasons.push(offered.reason);
  const { identity } = verdict;
  if (uscc !== undefined && identity?.uscc !== uscc) reasons.push(because('ORGANISATION_MISMATCH'));
  return { credential, certificate, usable: reasons.length === 0, reasons, forms: offered.accepted.map(({ form }) => form), regions, ...(identity === undefined ? {} : { identity }) };
}

function statusReasons({ keyStatus }: Credential): CredentialReason[] {
  if (keyStatus === 'locked') return [because('CREDENTIAL_LOCKED')];
  return keyStatus === 'disabled' ? [because('CREDENTIAL_DISABLED')] : [];
}

interface OfferedForms {
  readonly makeable: readonly MakeableForm[];
  readonly accepted: readonly MakeableForm[];
  /** Why no message can be made, or none would be taken. */
  readonly reason?: CredentialReason;
}

/** What can be made with this key, and what of it the judge will not hold against it. */
function formsOf(certificate: Certificate, credential: Credential, verdict: CertificateVerdict, input: Omit<SelectCredentialInput, 'credentials'>): OfferedForms {
  const { capabilities, algorithms, at, form = {} } = input;
  const against = ({ intended }: MakeableForm): readonly Reason[] => reasonsAgainstForm(intended, verdict, input, at);
  const accept = (asked: MessageForm): OfferedForms & { readonly code?: SignErrorCode } => {
    const made = makeableForms(certificate, { credential, algorithms, form: asked, signingTime: at }, capabilities);
    return { ...made, accepted: made.makeable.filter((each) => against(each).length === 0) };
  };
  const { code, makeable, accepted } = accept(form);
  if (code !== undefined) return { makeable, accepted, reason: because(code) };
  if (accepted.length > 0) return { makeable, accepted };
  const [reason] = against(makeable[0]!);
  return { makeable, accepted, reason: { ...because(accept({}).accepted.length > 0 ? 'FORM_REFUSED' : 'NO_COMMON_FORM'), reason: reason! } };
}

function codeOf(code: ReasonCode): SignErrorCode {
  if (code === 'CERTIFICATE_EXPIRED') return 'CERT_EXPIRED';
  if (code === 'CERTIFICATE_NOT_YET_VALID') return 'CERT_NOT_YET_VALID';
  if (REVOKED.includes(code)) return 'CERT_REVOKED';
  return NOT_SIGNING.includes(code) ? 'CERTIFICATE_NOT_FOR_SIGNING' : 'CERT_NOT_TRUSTED';
}

function because(code: SignErrorCode): CredentialReason {
  const { blame, message, remedy } = SIGN_ERRORS[code];
  return { code, blame, message, remedy };
}

/** Empty when the leaf cannot be read; unreadable certificates above it are left to the trust list. */
function readChain(chain: readonly Uint8Array[]): Certificate[] {
  const read = chain.map(readableCertificate);
  return read[0] === undefined ? [] : read.filter((each) => each !== undefined);
}

function byPreference(a: CredentialCandidate, b: CredentialCandidate): number {
  const recognised = ({ regions }: CredentialCandidate): number => Object.values(regions).filter((each) => each.recognised).length;
  const until = ({ certificate }: CredentialCandidate): number => certificate?.validity.notAfter ?? 0;
  return Number(b.usable) - Number(a.usable)
    || recognised(b) - recognised(a)
    || until(b) - until(a)
    || b.credential.maxPerAuthorisation - a.credential.maxPerAuthorisation
    || (a.credential.ref < b.credential.ref ? -1 : a.credential.ref > b.credential.ref ? 1 : 0);
}

/** @param candidates best first */
function markSameKeys(candidates: readonly CredentialCandidate[]): CredentialCandidate[] {
  const seen = new Map<string, string>();
  return candidates.map((candidate) => {
    if (candidate.certificate === undefined) return candidate;
    const key = hexOf(candidate.certificate.spki.bytes);
    const better = seen.get(key);
    if (better !== undefined) return { ...candidate, sameKeyAs: better };
    seen.set(key, candidate.credential.ref);
    return candidate;
  });
}
