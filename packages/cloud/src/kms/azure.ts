import { importPKCS8, SignJWT } from 'jose';
import { sha256 } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { encodeBase64url } from '@hefu/trust-list';
import type { Fetch } from '../http/ports.js';
import { createTokenExchange, type TokenSource } from './bearer-token.js';
import type { KmsService } from './kms-service.js';
import { objectOf, optionalText, requireSameKey, textOf } from './read-answer.js';

export interface AzureKeyVaultOptions {
  /** `https://<vault>.vault.azure.net`, in China `https://<vault>.vault.azure.cn`. */
  readonly vaultUrl: string;
  readonly token: TokenSource;
}

/**
 * Azure Key Vault and Managed HSM, sign of API version 7.4. `keyId` is the key's name, `version` its version: without one the
 * newest signs, so one is needed. Digests and values are base64url; ECDSA values are r||s. There is no SM2.
 */
export function azureKeyVault({ vaultUrl, token }: AzureKeyVaultOptions): KmsService {
  return {
    id: 'kms-azure', baseUrl: vaultUrl, versioned: true, maxPerCall: 1,
    algorithms: { 'ECDSA-SHA-256': 'ES256', 'ECDSA-SHA-384': 'ES384', 'ECDSA-SHA-512': 'ES512', 'RSASSA-PKCS1-v1_5-SHA-256': 'RS256' },
    errors: {
      KeyNotFound: 'NO_USABLE_CREDENTIAL', KeyDisabled: 'CREDENTIAL_DISABLED', KeyExpired: 'CREDENTIAL_DISABLED', KeyNotYetValid: 'CREDENTIAL_DISABLED',
      BadParameter: 'ALGORITHM_UNSUPPORTED', Unauthorized: 'TOKEN_EXPIRED', Forbidden: 'PROVIDER_REFUSED', Throttled: 'RATE_LIMITED',
    },
    async authenticate(context, renew) {
      const bearer = await token(context, renew);
      context.protect(bearer);
      return () => ({ authorization: `Bearer ${bearer}` });
    },
    write: ({ keyId, version }, algorithm, [digest]) => ({
      path: `keys/${keyId}/${version}/sign?api-version=7.4`, headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ alg: algorithm, value: encodeBase64url(digest!) }),
    }),
    refusalOf(answer) {
      if (answer['error'] === undefined) return undefined;
      const error = objectOf(answer['error']);
      // The inner code is the finer one: Forbidden, of which KeyDisabled.
      const code = optionalText(objectOf(error['innererror'])['code']) ?? optionalText(error['code']) ?? '';
      return { code, description: optionalText(error['message']) ?? '' };
    },
    read(answer, { keyId, version }) {
      requireSameKey(textOf(answer, 'kid').split('/').slice(-2).join('/'), `${keyId}/${version}`);
      return [{ value: textOf(answer, 'value') }];
    },
  };
}

export interface AzureClientCertificateOptions {
  readonly fetch: Fetch;
  readonly tenantId: string;
  readonly clientId: string;
  /** The application's certificate, DER, and its RSA key, PKCS #8 in PEM. Asked for once for each token. */
  readonly credential: () => Promise<{ readonly certificate: Uint8Array; readonly privateKey: string }>;
  /** Default `https://vault.azure.net/.default`. */
  readonly scope?: string;
  /** Default `https://login.microsoftonline.com`. */
  readonly authority?: string;
}

/** Tokens for an application by a signed assertion (RFC 7523 §2.2). */
export function azureClientCertificate(options: AzureClientCertificateOptions): TokenSource {
  const { fetch, tenantId, clientId, credential, scope = 'https://vault.azure.net/.default', authority = 'https://login.microsoftonline.com' } = options;
  const endpoint = `${authority}/${encodeURIComponent(tenantId)}/oauth2/v2.0/token`;
  return createTokenExchange({
    fetch, endpoint,
    async form({ random }, now) {
      const { certificate, privateKey } = await credential();
      const seconds = Math.floor(now / 1000);
      const assertion = await new SignJWT({})
        .setProtectedHeader({ alg: 'PS256', typ: 'JWT', 'x5t#S256': encodeBase64url(sha256.digest(certificate)) })
        .setIssuer(clientId).setSubject(clientId).setAudience(endpoint).setJti(hexOf(random.bytes(16)))
        .setIssuedAt(seconds).setNotBefore(seconds).setExpirationTime(seconds + 600)
        .sign(await importPKCS8(privateKey, 'PS256'));
      return { grant_type: 'client_credentials', client_id: clientId, scope, client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer', client_assertion: assertion };
    },
  });
}
