import { importPKCS8, SignJWT } from 'jose';
import { decodeBase64, encodeBase64 } from '@hefu/trust-list';
import type { Fetch } from '../http/ports.js';
import { createTokenExchange, type TokenSource } from './bearer-token.js';
import { crc32c } from './crc32c.js';
import type { KmsService } from './kms-service.js';
import { objectOf, optionalText, protocolError, requireSameKey, textOf } from './read-answer.js';

export interface GoogleKmsOptions {
  readonly token: TokenSource;
  /** Default `https://cloudkms.googleapis.com`. */
  readonly endpoint?: string;
}

/**
 * Google Cloud KMS, asymmetricSign. `keyId` is the key's resource name `projects/…/cryptoKeys/…`, `version` the number of the
 * version. The key fixes the algorithm, of which the digest's name is what is asked for; there is no SM2. Digest and value carry CRC-32C both ways.
 */
export function googleKms({ token, endpoint = 'https://cloudkms.googleapis.com' }: GoogleKmsOptions): KmsService {
  return {
    id: 'kms-google', baseUrl: endpoint, versioned: true, maxPerCall: 1,
    algorithms: { 'ECDSA-SHA-256': 'sha256', 'ECDSA-SHA-384': 'sha384', 'RSASSA-PKCS1-v1_5-SHA-256': 'sha256' },
    errors: {
      NOT_FOUND: 'NO_USABLE_CREDENTIAL', FAILED_PRECONDITION: 'CREDENTIAL_DISABLED', INVALID_ARGUMENT: 'ALGORITHM_UNSUPPORTED', RESOURCE_EXHAUSTED: 'RATE_LIMITED',
      UNAUTHENTICATED: 'TOKEN_EXPIRED', PERMISSION_DENIED: 'PROVIDER_REFUSED',
    },
    async authenticate(context, renew) {
      const bearer = await token(context, renew);
      context.protect(bearer);
      return () => ({ authorization: `Bearer ${bearer}` });
    },
    write: (key, algorithm, [digest]) => ({
      path: `v1/${versionName(key)}:asymmetricSign`, headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ digest: { [algorithm]: encodeBase64(digest!) }, digestCrc32c: String(crc32c(digest!)) }),
    }),
    refusalOf(answer) {
      const error = objectOf(answer['error']);
      return answer['error'] === undefined ? undefined : { code: optionalText(error['status']) ?? '', description: optionalText(error['message']) ?? '' };
    },
    read(answer, key) {
      requireSameKey(optionalText(answer['name']), versionName(key));
      const value = textOf(answer, 'signature');
      const octets = decodeBase64(value);
      if (answer['verifiedDigestCrc32c'] !== true || octets === undefined || String(answer['signatureCrc32c']) !== String(crc32c(octets))) throw protocolError('crc32c');
      return [{ value }];
    },
  };
}

function versionName({ keyId, version }: { readonly keyId: string; readonly version?: string }): string {
  return `${keyId}/cryptoKeyVersions/${version}`;
}

export interface GoogleServiceAccountOptions {
  readonly fetch: Fetch;
  /** Asked for once for each token. `privateKey`: PKCS #8 in PEM, as in the account's key file. */
  readonly account: () => Promise<{ readonly clientEmail: string; readonly privateKeyId: string; readonly privateKey: string }>;
  /** Default `https://oauth2.googleapis.com/token`. */
  readonly endpoint?: string;
}

/** Tokens for a service account by a signed assertion (RFC 7523 §2.1). */
export function googleServiceAccount({ fetch, account, endpoint = 'https://oauth2.googleapis.com/token' }: GoogleServiceAccountOptions): TokenSource {
  return createTokenExchange({
    fetch, endpoint,
    async form(_, now) {
      const { clientEmail, privateKeyId, privateKey } = await account();
      const seconds = Math.floor(now / 1000);
      const assertion = await new SignJWT({ scope: 'https://www.googleapis.com/auth/cloudkms' })
        .setProtectedHeader({ alg: 'RS256', typ: 'JWT', kid: privateKeyId })
        .setIssuer(clientEmail).setAudience(endpoint).setIssuedAt(seconds).setExpirationTime(seconds + 600)
        .sign(await importPKCS8(privateKey, 'RS256'));
      return { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion };
    },
  });
}
