import { KmsRefusal, octetsOf, type KmsLike } from './kms-like.js';
import { authorizationParts, canonicalText, hmacSha256, requireEqual, requireFresh, sha256Hex } from './request-signature.js';

const SCHEMES: Readonly<Record<string, 'sm2' | 'ecdsa' | 'rsa'>> = { SM2DSA: 'sm2', ECDSA_SHA_256: 'ecdsa', RSA_PKCS1_SHA_256: 'rsa' };
const TROUBLES = {
  'no-key': [404, 'Forbidden.KeyNotFound'], 'no-version': [404, 'Forbidden.KeyVersionNotFound'], disabled: [409, 'Rejected.Disabled'], throttled: [400, 'Rejected.Throttling'],
  'bad-algorithm': [400, 'UnsupportedOperation'], 'bad-auth': [400, 'SignatureDoesNotMatch'], 'expired-token': [400, 'InvalidSecurityToken.Expired'], skew: [400, 'InvalidTimeStamp.Expired'],
  forbidden: [403, 'Forbidden.NoPermission'], 'bad-request': [400, 'MissingParameter'],
} as const;

/** AsymmetricSign behind ACS3-HMAC-SHA256. Version ids are `<key>-v<number>`. */
export function aliyunLike(): KmsLike {
  const nonces = new Set<string>();
  return {
    name: 'aliyun',
    answer(call) {
      const { headers, url, account: { accessKey }, body } = call;
      const { Credential, SignedHeaders = '', Signature } = authorizationParts(headers, 'ACS3-HMAC-SHA256');
      requireEqual(Credential, accessKey.id);
      requireEqual(headers.get('x-acs-content-sha256') ?? '', sha256Hex(body));
      const text = canonicalText(call, SignedHeaders, ['host', 'x-acs-action', 'x-acs-version', 'x-acs-date', 'x-acs-signature-nonce', 'x-acs-content-sha256']);
      requireEqual(Signature, hmacSha256(accessKey.secret, `ACS3-HMAC-SHA256\n${sha256Hex(text)}`).toString('hex'));
      requireFresh(Date.parse(headers.get('x-acs-date') ?? ''), call.now);
      const nonce = headers.get('x-acs-signature-nonce') ?? '';
      if (nonces.has(nonce)) throw new KmsRefusal('bad-auth');
      nonces.add(nonce);
      if (headers.get('x-acs-action') !== 'AsymmetricSign' || headers.get('x-acs-version') !== '2016-01-20') throw new KmsRefusal('bad-request');
      const { KeyId = '', KeyVersionId = '', Algorithm = '', Digest } = Object.fromEntries(url.searchParams);
      const scheme = SCHEMES[Algorithm];
      if (scheme === undefined) throw new KmsRefusal('bad-algorithm');
      const { value, version } = call.sign(KeyId, KeyVersionId.startsWith(`${KeyId}-v`) ? Number(KeyVersionId.slice(KeyId.length + 2)) : 0, scheme, octetsOf(Digest));
      return { KeyId, KeyVersionId: `${KeyId}-v${version}`, Value: Buffer.from(value).toString('base64'), RequestId: nonce };
    },
    refuse: (trouble) => ({ status: TROUBLES[trouble][0], body: { Code: TROUBLES[trouble][1], Message: `sandbox: ${trouble}`, RequestId: 'sandbox' } }),
  };
}
