import type { Certificate, SignedData } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import { conclude } from '../conclude.js';
import type { JudgeContext } from '../context.js';
import { VerifyError } from '../error.js';
import { judge } from '../judge.js';
import type { JudgeSurroundings } from '../judge-value.js';
import { judgeRaw } from '../raw/judge-raw.js';
import type { ValueEncoding } from '../raw/read-value.js';
import { makeReason } from '../remedies.js';
import type { Reason, Report } from '../report.js';
import { readChallenge, type Challenge } from './challenge.js';

/** Remembers which nonces were issued, and gives each away once. */
export interface NonceStore {
  /**
   * Takes a nonce out. True to exactly one of all callers, on all machines, and only for one that was issued and not yet taken:
   * an atomic delete of a key that was set when the challenge was made.
   */
  consume(nonce: string): boolean | Promise<boolean>;
}

export interface VerifyChallengeInput extends Omit<JudgeSurroundings, 'context' | 'bestSignatureTime' | 'otherFiles'> {
  /** The scene is login. */
  readonly context: Omit<JudgeContext, 'scene'>;
  /** The signed message, … */
  readonly signed?: SignedData;
  /** … or a bare value with the certificate it is said to be by. */
  readonly raw?: { readonly value: Uint8Array | string; readonly encoding?: ValueEncoding; readonly certificate: Certificate };
  /** The octets of the challenge, where the message does not carry them. */
  readonly content?: Uint8Array;
  /** What this platform asked: its own origin, the purpose at hand, and the company that is to log in where that is known. */
  readonly expected: { readonly origin: string; readonly purpose: string; readonly entity?: string };
  readonly nonces: NonceStore;
}

export interface ChallengeVerdict {
  /** As of `judge`, with what speaks against the challenge among its reasons. Only `passed` logs anybody in. */
  readonly report: Report;
  /** What was signed, when it is a challenge. */
  readonly challenge?: Challenge;
}

/**
 * Whether an answer to a login challenge logs its signer in: the signature is judged in the scene `login`, the challenge is this
 * platform's, for this purpose, within its time, by the company it asks for, and was not used before. Its nonce is taken only when
 * all else holds, so that nobody can spend another's.
 * @throws VerifyError CONTEXT_INVALID for misuse; whatever the nonce store throws
 */
export async function verifyChallenge(input: VerifyChallengeInput): Promise<ChallengeVerdict> {
  const { signed, raw, content, expected, nonces, context: given, ...rest } = input;
  if ((signed === undefined) === (raw === undefined)) throw new VerifyError('CONTEXT_INVALID', 'give either signed or raw');
  const octets = signed?.encapContentInfo.content ?? content;
  if (raw !== undefined && octets === undefined) throw new VerifyError('CONTEXT_INVALID', 'a bare value needs the challenge as content');
  const context = { ...given, scene: 'login' as const };
  const report = signed !== undefined
    ? await judge({ ...rest, context, signed, ...(content === undefined ? {} : { content }) })
    : await judgeRaw({ ...rest, context, ...raw!, content: octets! });
  const challenge = octets === undefined ? undefined : readChallenge(octets);
  const against = octets === undefined ? [] : challenge === undefined ? [makeReason('CHALLENGE_MALFORMED', { subject: 'message' })] : reasonsAgainst(challenge, report, expected, rest);
  const used = challenge !== undefined && report.conclusion === 'passed' && against.length === 0 && (await nonces.consume(challenge.nonce)) !== true;
  const reasons: readonly Reason[] = [...report.reasons, ...against, ...(used ? [makeReason('CHALLENGE_USED', { subject: 'message' })] : [])];
  return {
    report: reasons.length === report.reasons.length ? report : { ...report, ...conclude(reasons, 'login') },
    ...(challenge === undefined ? {} : { challenge }),
  };
}

function reasonsAgainst(challenge: Challenge, report: Report, expected: VerifyChallengeInput['expected'], { at, policy }: Pick<VerifyChallengeInput, 'at' | 'policy'>): Reason[] {
  const reasons: Reason[] = [];
  const differs = (code: ReasonCode, wanted: string, found: string): unknown => wanted !== found && reasons.push(makeReason(code, { subject: 'message', expected: wanted, actual: found }));
  differs('CHALLENGE_ORIGIN_MISMATCH', expected.origin, challenge.origin);
  differs('CHALLENGE_PURPOSE_MISMATCH', expected.purpose, challenge.purpose);
  // Every signer logs in for the company that was asked: one beside it lends it nothing.
  for (const wanted of new Set([challenge.entity, expected.entity])) {
    if (wanted === undefined) continue;
    const others = report.signers.map(({ identity }) => identity?.uscc ?? 'none').filter((found) => found !== wanted);
    if (others.length > 0) differs('CHALLENGE_ENTITY_MISMATCH', wanted, others[0]!);
  }
  if (at >= challenge.expiresAt) reasons.push(makeReason('CHALLENGE_EXPIRED', { subject: 'message', when: challenge.expiresAt }));
  if (at < challenge.issuedAt - policy.clockSkew) reasons.push(makeReason('CHALLENGE_NOT_YET_VALID', { subject: 'message', when: challenge.issuedAt }));
  return reasons;
}
