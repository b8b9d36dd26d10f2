import { processRevocationResponse, revocationRequest } from 'oauth4webapi';
import type { AdapterContext } from '@hefu/sign';
import { sentOnce } from '../../http/sent-once.js';
import type { CscOAuthClient, CscOptions } from '../ports.js';
import type { CscInfo } from '../service.js';
import { authorizationServer, clientAuthOf, requestOptions } from './server.js';

/** The user waits for the end of his signing meanwhile, milliseconds for each request. */
const PATIENCE_MS = 5000;

/**
 * Ends a token at its server (RFC 7009), where the server has that. A token that stays ends by itself, so nothing is thrown.
 * @returns whether the server took it
 */
export async function revokeToken(options: Pick<CscOptions, 'fetch' | 'limits'> & { readonly oauth: CscOAuthClient }, info: CscInfo, token: string, context: AdapterContext): Promise<boolean> {
  const { oauth } = options;
  const patient = { ...options, limits: { ...options.limits, timeoutMs: PATIENCE_MS } };
  const tried = sentOnce(context);
  try {
    const server = await authorizationServer(patient, info, tried);
    if (server.revocation_endpoint === undefined) return false;
    await processRevocationResponse(await revocationRequest(server, { client_id: oauth.clientId }, await clientAuthOf(oauth, tried), token, requestOptions(patient, tried, 'oauth2/revoke', 'idempotent')));
    return true;
  } catch {
    context.note('token-not-revoked', {});
    return false;
  }
}
