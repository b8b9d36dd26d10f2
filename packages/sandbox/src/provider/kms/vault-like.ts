import { jsonBody, KmsRefusal, octetsOf, type KmsLike } from './kms-like.js';
import { requireEqual } from './request-signature.js';

const TROUBLES = {
  'no-key': [400, 'signing key not found'], 'no-version': [400, 'requested version for signing is higher than the latest key version'], disabled: [400, 'key is disabled'], throttled: [429, 'rate limit quota exceeded'],
  'bad-algorithm': [400, 'unsupported signature algorithm'], 'bad-auth': [403, 'permission denied'], 'expired-token': [403, 'permission denied'], skew: [400, 'skew'], forbidden: [403, 'permission denied'], 'bad-request': [400, 'bad request'],
} as const;

/** `v1/transit/sign/<key>/sha2-256` with `batch_input`, behind a token. */
export function vaultLike(): KmsLike {
  return {
    name: 'vault',
    answer(call) {
      const { headers, url, account, hits } = call;
      requireEqual(headers.get('x-vault-token') ?? '', account.vaultToken);
      const [, key = ''] = /\/v1\/transit\/sign\/([^/]+)\/sha2-256$/.exec(url.pathname) ?? [];
      const { batch_input, key_version, prehashed, marshaling_algorithm, signature_algorithm } = jsonBody(call);
      if (!Array.isArray(batch_input) || prehashed !== true || marshaling_algorithm !== 'asn1' || signature_algorithm !== 'pkcs1v15') throw new KmsRefusal('bad-request');
      const results: Record<string, unknown>[] = batch_input.map(({ input }: { input: unknown }, index) => {
        if (index === 0 && hits('kms-item-fails')) return { error: 'invalid input' };
        const { value, version } = call.sign(key, Number(key_version), 'any', octetsOf(input));
        return { signature: `vault:v${version}:${Buffer.from(value).toString('base64')}`, key_version: version };
      });
      if (hits('kms-permuted')) results.push(results.shift()!);
      if (hits('kms-same-value')) results.fill(results[0]!);
      if (hits('kms-fewer')) results.pop();
      return { data: { batch_results: results }, request_id: 'sandbox' };
    },
    refuse: (trouble) => ({ status: TROUBLES[trouble][0], body: { errors: [TROUBLES[trouble][1]] } }),
  };
}
