import { jsonBody, KmsRefusal, octetsOf, type KmsLike } from './kms-like.js';
import { authorizationParts, basicTime, canonicalText, hmacSha256, requireEqual, requireFresh, sha256Hex } from './request-signature.js';

const SCHEMES: Readonly<Record<string, 'sm2' | 'ecdsa' | 'rsa'>> = { SM2DSA_SM3: 'sm2', ECDSA_SHA_256: 'ecdsa', RSASSA_PKCS1_V1_5_SHA_256: 'rsa' };
const TROUBLES = {
  'no-key': [404, 'KMS.0309'], 'no-version': [404, 'KMS.0309'], disabled: [400, 'KMS.0205'], throttled: [400, 'APIGW.0308'], 'bad-algorithm': [400, 'KMS.0204'], 'bad-auth': [401, 'APIGW.0301'],
  'expired-token': [401, 'APIGW.0307'], skew: [401, 'APIGW.0301'], forbidden: [403, 'KMS.0303'], 'bad-request': [400, 'KMS.0201'],
} as const;

/** `POST /v1.0/{project}/kms/sign` behind SDK-HMAC-SHA256. */
export function huaweiLike(): KmsLike {
  return {
    name: 'huawei',
    answer(call) {
      const { headers, url, account: { accessKey, projectId } } = call;
      const { Access, SignedHeaders = '', Signature } = authorizationParts(headers, 'SDK-HMAC-SHA256');
      requireEqual(Access, accessKey.id);
      const date = headers.get('x-sdk-date');
      const text = canonicalText(call, SignedHeaders, ['host', 'x-sdk-date', 'content-type'], `${url.pathname}/`);
      requireEqual(Signature, hmacSha256(accessKey.secret, `SDK-HMAC-SHA256\n${date}\n${sha256Hex(text)}`).toString('hex'));
      requireFresh(basicTime(date), call.now);
      if (!url.pathname.endsWith(`/v1.0/${projectId}/kms/sign`)) throw new KmsRefusal('bad-request');
      const { key_id, message, signing_algorithm, message_type } = jsonBody(call);
      const scheme = SCHEMES[String(signing_algorithm)];
      if (scheme === undefined) throw new KmsRefusal('bad-algorithm');
      if (message_type !== 'DIGEST') throw new KmsRefusal('bad-request');
      return { key_id, signature: Buffer.from(call.sign(String(key_id), undefined, scheme, octetsOf(message)).value).toString('base64') };
    },
    refuse: (trouble) => ({ status: TROUBLES[trouble][0], body: { error: { error_code: TROUBLES[trouble][1], error_msg: `sandbox: ${trouble}` } } }),
  };
}
