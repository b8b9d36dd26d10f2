import { jsonBody, KmsRefusal, octetsOf, type KmsLike } from './kms-like.js';
import { authorizationParts, canonicalText, hmacSha256, requireEqual, requireFresh, sha256Hex } from './request-signature.js';

const SCHEMES: Readonly<Record<string, 'sm2' | 'ecdsa' | 'rsa'>> = { SM2DSA: 'sm2', ECC_P256_R1: 'ecdsa', RSA_PKCS1_SHA_256: 'rsa' };
const CODES = {
  'no-key': 'ResourceUnavailable.CmkNotFound', 'no-version': 'InvalidParameterValue.InvalidKeyId', disabled: 'ResourceUnavailable.CmkDisabled', throttled: 'RequestLimitExceeded',
  'bad-algorithm': 'InvalidParameterValue.InvalidAlgorithm', 'bad-auth': 'AuthFailure.SignatureFailure', 'expired-token': 'AuthFailure.TokenFailure', skew: 'AuthFailure.SignatureExpire',
  forbidden: 'AuthFailure.UnauthorizedOperation', 'bad-request': 'InvalidParameter',
} as const;

/** SignByAsymmetricKey behind TC3-HMAC-SHA256. Refusals come with HTTP 200. */
export function tencentLike(): KmsLike {
  return {
    name: 'tencent',
    answer(call) {
      const { headers, account: { accessKey } } = call;
      const { Credential = '', SignedHeaders = '', Signature } = authorizationParts(headers, 'TC3-HMAC-SHA256');
      const timestamp = headers.get('x-tc-timestamp') ?? '';
      const date = new Date(Number(timestamp) * 1000);
      if (Number.isNaN(date.getTime())) throw new KmsRefusal('bad-auth');
      const [id, day = '', service = '', end] = Credential.split('/');
      requireEqual(id, accessKey.id);
      if (day !== date.toISOString().slice(0, 10) || service !== 'kms' || end !== 'tc3_request') throw new KmsRefusal('bad-auth');
      const text = canonicalText(call, SignedHeaders, ['content-type', 'host'], '/', '');
      const key = hmacSha256(hmacSha256(hmacSha256(`TC3${accessKey.secret}`, day), service), 'tc3_request');
      requireEqual(Signature, hmacSha256(key, `TC3-HMAC-SHA256\n${timestamp}\n${day}/kms/tc3_request\n${sha256Hex(text)}`).toString('hex'));
      requireFresh(date.getTime(), call.now);
      if (headers.get('x-tc-action') !== 'SignByAsymmetricKey' || headers.get('x-tc-version') !== '2019-01-18') throw new KmsRefusal('bad-request');
      const { Algorithm, Message, KeyId, MessageType } = jsonBody(call);
      const scheme = SCHEMES[String(Algorithm)];
      const digest = octetsOf(Message);
      if (scheme === undefined) throw new KmsRefusal('bad-algorithm');
      if (MessageType !== 'DIGEST' || digest.length !== 32) throw new KmsRefusal('bad-request');
      return { Response: { Signature: Buffer.from(call.sign(String(KeyId), undefined, scheme, digest).value).toString('base64'), RequestId: 'sandbox' } };
    },
    refuse: (trouble) => ({ status: 200, body: { Response: { Error: { Code: CODES[trouble], Message: `sandbox: ${trouble}` }, RequestId: 'sandbox' } } }),
  };
}
