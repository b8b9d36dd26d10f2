import { SignError, type AdapterContext, type RequestNature, type SignErrorCode } from '@hefu/sign';
import type { HttpClient } from '../http/client.js';
import { jsonOf } from '../http/json.js';
import type { KmsKey } from './kms-key.js';
import type { Authenticator, KmsRefusal, KmsService, KmsValue } from './kms-service.js';

/** Sends requests to one service. */
export interface KmsClient {
  /**
   * Values of as many digests, in their order.
   * @throws SignError what the service's refusal means; KEY_MISMATCH; OUTCOME_UNKNOWN where the answer was lost
   */
  sign(context: AdapterContext, key: KmsKey, algorithm: string, digests: readonly Uint8Array[]): Promise<readonly KmsValue[]>;
}

export function createKmsClient(service: KmsService, http: HttpClient, nature: RequestNature): KmsClient {
  const base = service.baseUrl.endsWith('/') ? service.baseUrl : `${service.baseUrl}/`;
  const send = async (context: AdapterContext, key: KmsKey, algorithm: string, digests: readonly Uint8Array[], renew: boolean): Promise<readonly KmsValue[]> => {
    const authenticate = await authenticator(service, context, renew);
    const request = service.write(key, algorithm, digests);
    const url = new URL(request.path, base);
    const answer = await http.send(context, {
      name: 'kms-sign', nature, method: 'POST', path: request.path, headers: request.headers, body: request.body,
      authorise: (now) => authenticate({ ...request, url }, now),
    });
    const json = jsonOf(answer, nature);
    const refusal = service.refusalOf(json, answer.status) ?? (answer.status >= 400 ? {} : undefined);
    if (refusal !== undefined) throw refusalError(service, refusal, answer.status);
    return service.read(json, key, { digests, algorithm });
  };
  return {
    async sign(context, key, algorithm, digests) {
      try {
        return await send(context, key, algorithm, digests, false);
      } catch (error) {
        if (!isExpired(error)) throw error;
      }
      // It was refused before anything was signed; with what the source gives now it may be taken.
      try {
        return await send(context, key, algorithm, digests, true);
      } catch (error) {
        throw isExpired(error) ? new SignError('ADAPTER_MISCONFIGURED', 'renewed credentials of the cloud account are refused too', { cause: error, detail: 'account-credentials', ...(error.provider === undefined ? {} : { provider: error.provider }) }) : error;
      }
    },
  };
}

/** What a refusal means. Nothing was signed, except where the service itself broke. */
export function refusalError(service: KmsService, { code, description }: KmsRefusal, httpStatus: number | undefined, itemId?: string): SignError {
  const means: SignErrorCode = (code === undefined ? undefined : service.errors[code]) ?? 'PROVIDER_REFUSED';
  return new SignError(means, `the key service refuses: ${means}`, {
    outcome: means === 'PROVIDER_UNAVAILABLE' ? 'unknown' : 'not-signed',
    ...(means === 'ADAPTER_MISCONFIGURED' ? { detail: 'account-credentials' } : {}),
    ...(itemId === undefined ? {} : { itemId }),
    provider: { ...(httpStatus === undefined ? {} : { httpStatus }), ...(code === undefined || code === '' ? {} : { code }), ...(description === undefined ? {} : { description }) },
  });
}

function isExpired(error: unknown): error is SignError {
  return error instanceof SignError && error.code === 'TOKEN_EXPIRED';
}

async function authenticator(service: KmsService, context: AdapterContext, renew: boolean): Promise<Authenticator> {
  try {
    return await service.authenticate(context, renew);
  } catch (cause) {
    if (cause instanceof SignError) throw cause;
    throw new SignError('ADAPTER_MISCONFIGURED', 'the credentials of the cloud account could not be had', { cause, detail: 'account-credentials' });
  }
}
