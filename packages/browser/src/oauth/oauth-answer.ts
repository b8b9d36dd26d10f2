import { SignError, type ChallengeAnswer, type QuestionChallenge } from '@hefu/sign';
import type { OAuthReturn } from './oauth-message.js';

export type OAuthChallenge = Extract<QuestionChallenge, { type: 'oauth' }>;
export type OAuthAnswer = Extract<ChallengeAnswer, { type: 'oauth' | 'oauth-failed' }>;

/**
 * What came back, as the answer to a challenge.
 * @throws SignError STATE_MISMATCH for what belongs to another request (RFC 6749 §10.12) or comes from another server (RFC 9207 §2.4)
 */
export function oauthAnswer({ state, issuer }: Pick<OAuthChallenge, 'state' | 'issuer'>, returned: OAuthReturn): OAuthAnswer {
  if (returned.state !== state) throw new SignError('STATE_MISMATCH', 'state differs', { detail: 'state' });
  if (issuer !== undefined && returned.issuer !== issuer) throw new SignError('STATE_MISMATCH', 'issuer differs', { detail: 'issuer' });
  if (returned.code === undefined) return { type: 'oauth-failed', reason: returned.error === 'access_denied' ? 'access_denied' : 'server-error' };
  return { type: 'oauth', code: returned.code, state, ...(returned.issuer === undefined ? {} : { issuer: returned.issuer }) };
}
