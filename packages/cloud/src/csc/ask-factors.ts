import { SignError, type AdapterContext, type AuthFactor, type SessionIO } from '@hefu/sign';
import { textOf } from './read.js';
import type { CscWork } from './work.js';

/** Codes sent again, and addresses made anew, for one question. */
export const MAX_RESENDS = 10;
const RESEND_MS = 30_000;
const LABELS: Readonly<Record<'pin' | 'otp', Readonly<Record<'zh-CN' | 'en', string>>>> = {
  pin: { 'zh-CN': '签名口令', en: 'Signing PIN' },
  otp: { 'zh-CN': '验证码', en: 'One-time code' },
};

export interface Asking {
  readonly attemptsLeft?: number;
}

/** Asks the user for one factor; one that is sent is sent first, and again when he wants it. */
export async function askFactor(work: CscWork, factor: AuthFactor, io: SessionIO, { attemptsLeft }: Asking): Promise<string> {
  const { context } = work;
  const type = factor.factor === 'pin' ? 'pin' : 'otp';
  const common = {
    id: factor.id, label: factor.label ?? LABELS[type][context.locale], ...(factor.format === undefined ? {} : { format: factor.format }), ...(attemptsLeft === undefined ? {} : { attemptsLeft }),
  };
  let sent = factor.factor === 'otp-online' ? await sendCode(work, factor, context) : undefined;
  for (let resends = 0; ; resends++) {
    const answer = await io.ask(type === 'pin' ? { type, ...common } : {
      type, ...common, ...(sent === undefined ? {} : { resendAfter: sent.resendAfter, label: sent.challenge === undefined ? common.label : `${common.label} (${sent.challenge})` }),
    });
    if (answer.type === 'pin' || answer.type === 'otp') {
      context.protect(answer.value);
      return answer.value;
    }
    if (answer.type !== 'resend' || resends >= MAX_RESENDS) throw new SignError('OTP_THROTTLED', 'codes were asked for too often', { retry: 'new-session' });
    if (sent !== undefined) sent = { ...sent, ...(await sendCode(work, factor, context)) };
  }
}

interface SentCode {
  /** Epoch milliseconds by the local clock. */
  readonly resendAfter: number;
  /** What the user answers to, where the service shows something. */
  readonly challenge?: string;
}

/** `sendOTP`, `getChallenge`. Sent once: each sends a message. What is throttled or lost leaves the code that may be there already. */
async function sendCode({ service, info, request }: CscWork, { id }: AuthFactor, context: AdapterContext): Promise<SentCode> {
  const { clock } = context;
  try {
    const { body } = info.version === 'v1' ? await service.call(context, 'credentials/sendOTP', 'once', { credentialID: request.credential.ref })
      : await service.call(context, 'credentials/getChallenge', 'once', { credentialID: request.credential.ref, authObjectID: id });
    const challenge = textOf(body, 'challenge')?.slice(0, 100);
    return { resendAfter: clock.now() + RESEND_MS, ...(challenge === undefined ? {} : { challenge }) };
  } catch (error) {
    if (!(error instanceof SignError) || !['RATE_LIMITED', 'OTP_THROTTLED', 'OUTCOME_UNKNOWN'].includes(error.code)) throw error;
    return { resendAfter: clock.now() + (error.retryAfterMs ?? RESEND_MS) };
  }
}
