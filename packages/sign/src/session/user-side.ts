import { ANSWERS } from '../adapter/challenge.js';
import type { ChallengeAnswer, QuestionChallenge, ShownChallenge } from '../adapter/index.js';
import { SignError } from '../error.js';
import type { SignErrorCode } from '../errors/codes.js';
import { interruptible } from './interruptible.js';
import type { Redactor } from './redactor.js';

/** `malformed`: not an answer to this challenge, or an impossible one; the challenge stays. */
export type AnswerReceipt = 'accepted' | 'not-asked' | 'malformed';

/** The user as an adapter sees him, and the adapter as he does. */
export interface UserSide {
  ask(challenge: QuestionChallenge): Promise<ChallengeAnswer>;
  show(challenge: ShownChallenge): void;
  answer(id: string, answer: ChallengeAnswer): AnswerReceipt;
}

export interface UserSideOptions {
  readonly signal: AbortSignal;
  readonly redactor: Redactor;
  readonly present: (challenge: QuestionChallenge | ShownChallenge) => void;
  readonly cancel: () => void;
  /** For the journal: that it was asked or answered, never what. */
  readonly note: (event: string, id: string, type: string) => void;
}

/** Longer answers are none; an authorisation code or an assertion may be long. */
const MAX_SECRET = 256;
const MAX_ANSWER = 64 * 1024;

const OAUTH_FAILURES: Readonly<Record<Extract<ChallengeAnswer, { type: 'oauth-failed' }>['reason'], SignErrorCode>> = {
  access_denied: 'USER_REFUSED', 'popup-blocked': 'POPUP_BLOCKED', 'popup-closed': 'POPUP_CLOSED', 'other-browser': 'RETURNED_IN_OTHER_BROWSER', 'server-error': 'PROVIDER_UNAVAILABLE',
};

export function createUserSide({ signal, redactor, present, cancel, note }: UserSideOptions): UserSide {
  let asked: { readonly challenge: QuestionChallenge; readonly resolve: (answer: ChallengeAnswer) => void; readonly reject: (error: SignError) => void } | undefined;
  return {
    async ask(challenge) {
      if (asked !== undefined) throw new SignError('ADAPTER_MISCONFIGURED', 'an adapter asks twice at once');
      note('asked', challenge.id, challenge.type);
      const answered = new Promise<ChallengeAnswer>((resolve, reject) => (asked = { challenge, resolve, reject }));
      present(challenge);
      try {
        return await interruptible(answered, signal);
      } catch (error) {
        throw error instanceof SignError ? error : new SignError('ABORTED', 'aborted while the user was asked');
      } finally {
        asked = undefined;
      }
    },
    show(challenge) {
      if (!signal.aborted) present(challenge);
    },
    answer(id, answer) {
      if (asked === undefined || asked.challenge.id !== id || signal.aborted) return 'not-asked';
      const { challenge, resolve, reject } = asked;
      if (answer.type === 'cancel') {
        cancel();
        return 'accepted';
      }
      if (!fits(challenge, answer)) return 'malformed';
      protect(answer, redactor);
      asked = undefined;
      note('answered', id, answer.type);
      const error = refusalOf(challenge, answer);
      if (error === undefined) resolve(answer);
      else reject(error);
      return 'accepted';
    },
  };
}

function fits(challenge: QuestionChallenge, answer: ChallengeAnswer): boolean {
  if (!ANSWERS[challenge.type].includes(answer.type)) return false;
  switch (answer.type) {
    case 'pin':
    case 'otp': {
      const digits = (challenge.type === 'pin' || challenge.type === 'otp') && challenge.format === 'N';
      return answer.value.length > 0 && answer.value.length <= MAX_SECRET && (!digits || /^\d+$/.test(answer.value));
    }
    case 'oauth': return answer.code.length > 0 && answer.code.length <= MAX_ANSWER;
    case 'webauthn': return JSON.stringify(answer.credential).length <= MAX_ANSWER;
    case 'choose': return challenge.type === 'choose' && Number.isInteger(answer.index) && answer.index >= 0 && answer.index < challenge.among.length;
    default: return true;
  }
}

function protect(answer: ChallengeAnswer, redactor: Redactor): void {
  if (answer.type === 'pin' || answer.type === 'otp') redactor.protect(answer.value);
  if (answer.type === 'oauth') redactor.protect(answer.code);
  if (answer.type === 'webauthn') for (const each of Object.values(answer.credential)) if (typeof each === 'string' && each.length >= 16) redactor.protect(each);
}

/** What came back from an authorisation server is for this request or for none (RFC 6749 §10.12, RFC 9207 §2.4). */
function refusalOf(challenge: QuestionChallenge, answer: ChallengeAnswer): SignError | undefined {
  if (answer.type === 'oauth-failed') return new SignError(OAUTH_FAILURES[answer.reason], `authorisation: ${answer.reason}`);
  if (answer.type !== 'oauth' || challenge.type !== 'oauth') return undefined;
  if (answer.state !== challenge.state) return new SignError('STATE_MISMATCH', 'state differs', { detail: 'state' });
  return challenge.issuer === undefined || answer.issuer === challenge.issuer ? undefined : new SignError('STATE_MISMATCH', 'issuer differs', { detail: 'issuer' });
}
