import { clientCredentialsGrantRequest, processClientCredentialsResponse } from 'oauth4webapi';
import { SignError, type AdapterContext, type ChallengeAnswer, type QuestionChallenge } from '@hefu/sign';
import { beginAuthorisation, completeAuthorisation, oauthChallenge, type PendingAuthorisation } from './oauth/authorisation.js';
import { authorizationServer, clientAuthOf, oauthError, requestOptions } from './oauth/server.js';
import type { CscOAuthClient, CscOptions } from './ports.js';
import { createCscService } from './service.js';

export interface CscServiceToken {
  readonly accessToken: string;
  /** Seconds. */
  readonly expiresIn: number | undefined;
}

/** A sign-in of a user to the service, under way. */
export interface CscServiceLogin {
  /** To be shown to the user, by a session's surface or one's own. */
  readonly challenge: Extract<QuestionChallenge, { type: 'oauth' }>;
  /** @throws SignError STATE_MISMATCH, AUTH_EXPIRED, … */
  complete(answer: Extract<ChallengeAnswer, { type: 'oauth' }>, context: AdapterContext): Promise<CscServiceToken>;
}

type LoginOptions = CscOptions & { readonly oauth: CscOAuthClient };

/** Scope `service` by the user: authorization code with PKCE. What comes of it is what `CscTokens` gives. */
export async function cscServiceLogin(options: LoginOptions, context: AdapterContext): Promise<CscServiceLogin> {
  const server = await authorizationServer(options, await createCscService(options).info(context), context);
  const pending: PendingAuthorisation = await beginAuthorisation(server, options, { scope: 'service', lang: context.locale }, context);
  return {
    challenge: oauthChallenge('service', options, pending),
    async complete(answer, later) {
      if (answer.state !== pending.state) throw new SignError('STATE_MISMATCH', 'state differs', { detail: 'state' });
      const { token, expiresIn } = await completeAuthorisation(server, options, pending, answer, later);
      return { accessToken: token, expiresIn };
    },
  };
}

/** Scope `service` by the platform itself: client credentials. */
export async function cscClientLogin(options: LoginOptions, context: AdapterContext): Promise<CscServiceToken> {
  const server = await authorizationServer(options, await createCscService(options).info(context), context);
  const client = { client_id: options.oauth.clientId };
  try {
    const response = await clientCredentialsGrantRequest(server, client, await clientAuthOf(options.oauth, context), { scope: 'service' }, requestOptions(options, context, 'oauth2/token', 'idempotent'));
    const { access_token: accessToken, expires_in: expiresIn } = await processClientCredentialsResponse(server, client, response);
    context.protect(accessToken);
    return { accessToken, expiresIn };
  } catch (cause) {
    throw oauthError(cause, 'oauth-token');
  }
}
