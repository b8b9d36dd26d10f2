import { encodeBase64 } from '@hefu/trust-list';
import type { Json } from '@hefu/sign';
import type { TokenSource } from './bearer-token.js';
import type { KmsService, KmsValue } from './kms-service.js';
import { objectOf, optionalText, protocolError, requireSameKey } from './read-answer.js';

export interface VaultTransitOptions {
  /** `https://vault.example:8200` */
  readonly address: string;
  readonly token: TokenSource;
  /** Where the transit engine is mounted. Default `transit`. */
  readonly mount?: string;
  readonly namespace?: string;
  /** Digests per request. Default 100. */
  readonly maxPerCall?: number;
}

/**
 * HashiCorp Vault and OpenBao, transit engine. `keyId` is the key's name, `version` a number. Digests go as `prehashed`, many in a
 * request; values are `vault:v<version>:` and base64 of DER, for RSA of octets. There is no SM2.
 */
export function vaultTransit({ address, token, mount = 'transit', namespace, maxPerCall = 100 }: VaultTransitOptions): KmsService {
  return {
    id: 'kms-vault', baseUrl: address, versioned: true, maxPerCall,
    algorithms: { 'ECDSA-SHA-256': 'sha2-256', 'ECDSA-SHA-384': 'sha2-384', 'ECDSA-SHA-512': 'sha2-512', 'RSASSA-PKCS1-v1_5-SHA-256': 'sha2-256' },
    errors: {
      'signing key not found': 'NO_USABLE_CREDENTIAL', 'encryption key not found': 'NO_USABLE_CREDENTIAL', 'permission denied': 'TOKEN_EXPIRED',
      'requested version for signing is less than the minimum encryption key version': 'KEY_MISMATCH', 'requested version for signing is higher than the latest key version': 'KEY_MISMATCH',
      'rate limit quota exceeded': 'RATE_LIMITED',
    },
    async authenticate(context, renew) {
      const bearer = await token(context, renew);
      context.protect(bearer);
      return () => ({ 'x-vault-token': bearer, 'x-vault-request': 'true', ...(namespace === undefined ? {} : { 'x-vault-namespace': namespace }) });
    },
    write: ({ keyId, version }, algorithm, digests) => ({
      path: `v1/${mount}/sign/${keyId}/${algorithm}`, headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        batch_input: digests.map((digest) => ({ input: encodeBase64(digest) })), key_version: Number(version),
        prehashed: true, marshaling_algorithm: 'asn1', signature_algorithm: 'pkcs1v15',
      }),
    }),
    refusalOf(answer, status) {
      if (status < 400) return undefined;
      const { errors, data } = answer;
      // A batch all of whose items failed comes as 400 with each item's own error.
      const first = Array.isArray(errors) ? optionalText((errors as readonly Json[])[0]) : optionalText(objectOf((objectOf(data)['batch_results'] as readonly Json[] | undefined)?.[0])['error']);
      const text = first?.trim() ?? '';
      return { code: text.replace(/^1 error occurred:\s*\*\s*/, ''), description: text };
    },
    read(answer, { version }, { digests }) {
      const results = objectOf(answer['data'])['batch_results'];
      if (!Array.isArray(results) || results.length !== digests.length) throw protocolError('batch_results');
      return (results as readonly Json[]).map((each): KmsValue => {
        const { signature, error } = objectOf(each);
        const failed = optionalText(error);
        if (failed !== undefined) return { refused: { code: failed, description: failed } };
        const value = optionalText(signature);
        if (value === undefined) throw protocolError('signature');
        requireSameKey(/^vault:v(\d{1,9}):/.exec(value)?.[1], version!);
        return { value };
      });
    },
  };
}
