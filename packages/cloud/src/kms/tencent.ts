import { hexOf } from '@hefu/pki';
import { encodeBase64 } from '@hefu/trust-list';
import { canonicalRequest, hmacSha256, sha256Hex } from './canonical-request.js';
import type { AccessKey, AccessKeySource } from './kms-key.js';
import type { AddressedRequest, KmsService } from './kms-service.js';
import { objectOf, optionalText, textOf } from './read-answer.js';

export interface TencentKmsOptions {
  /** `ap-guangzhou` */
  readonly region: string;
  readonly accessKey: AccessKeySource;
  /** Default `https://kms.tencentcloudapi.com`. */
  readonly endpoint?: string;
}

/**
 * Tencent Cloud KMS, SignByAsymmetricKey of 2019-01-18. `keyId` is the key's id; keys have no versions. Digests of 32 octets
 * only, e = SM3(Z || M) for SM2DSA: which distinguishing identifier its RAW form uses is not documented, so RAW is not used.
 * Values are base64 of DER, for RSA of octets. Errors come with HTTP 200.
 */
export function tencentKms({ region, accessKey, endpoint = 'https://kms.tencentcloudapi.com' }: TencentKmsOptions): KmsService {
  return {
    id: 'kms-tencent', baseUrl: endpoint, versioned: false, maxPerCall: 1, requestsPerSecond: 100,
    algorithms: { 'SM2-SM3': 'SM2DSA', 'ECDSA-SHA-256': 'ECC_P256_R1', 'RSASSA-PKCS1-v1_5-SHA-256': 'RSA_PKCS1_SHA_256' },
    errors: {
      'InvalidParameterValue.InvalidKeyId': 'NO_USABLE_CREDENTIAL', 'ResourceUnavailable.CmkNotFound': 'NO_USABLE_CREDENTIAL', 'ResourceNotFound': 'NO_USABLE_CREDENTIAL',
      'ResourceUnavailable.CmkDisabled': 'CREDENTIAL_DISABLED', 'ResourceUnavailable.KeyDisabled': 'CREDENTIAL_DISABLED', 'ResourceUnavailable.CmkArchived': 'CREDENTIAL_DISABLED', 'ResourceUnavailable.CmkStateNotSupport': 'CREDENTIAL_DISABLED', 'ResourceUnavailable.KeyPendingDelete': 'CREDENTIAL_DISABLED',
      'UnsupportedOperation.UnsupportedKeyUsageInCurrentRegion': 'ALGORITHM_UNSUPPORTED', 'InvalidParameterValue.InvalidAlgorithm': 'ALGORITHM_UNSUPPORTED', 'InvalidParameterValue.InvalidKeyUsage': 'ALGORITHM_UNSUPPORTED',
      'RequestLimitExceeded': 'RATE_LIMITED', 'LimitExceeded': 'RATE_LIMITED', 'AuthFailure.SignatureExpire': 'CLOCK_SKEW', 'AuthFailure.TokenFailure': 'TOKEN_EXPIRED',
      'AuthFailure.SecretIdNotFound': 'ADAPTER_MISCONFIGURED', 'AuthFailure.SignatureFailure': 'ADAPTER_MISCONFIGURED', 'AuthFailure.InvalidSecretId': 'ADAPTER_MISCONFIGURED', 'AuthFailure.InvalidAuthorization': 'ADAPTER_MISCONFIGURED',
      'InternalError': 'PROVIDER_UNAVAILABLE',
    },
    async authenticate(context, renew) {
      const key = await accessKey(renew);
      context.protect(key.secret);
      return (request, now) => signTc3(request, key, now, 'kms');
    },
    write: (key, algorithm, [digest]) => ({
      path: '', headers: { 'content-type': 'application/json; charset=utf-8', 'x-tc-action': 'SignByAsymmetricKey', 'x-tc-version': '2019-01-18', 'x-tc-region': region },
      body: JSON.stringify({ Algorithm: algorithm, Message: encodeBase64(digest!), KeyId: key.keyId, MessageType: 'DIGEST' }),
    }),
    refusalOf(answer) {
      const { Error: error } = objectOf(answer['Response']);
      return error === undefined ? undefined : { code: optionalText(objectOf(error)['Code']) ?? '', description: optionalText(objectOf(error)['Message']) ?? '' };
    },
    read(answer) {
      const response = objectOf(answer['Response']);
      const providerRef = optionalText(response['RequestId']);
      return [{ value: textOf(response, 'Signature'), ...(providerRef === undefined ? {} : { providerRef }) }];
    },
  };
}

/** Request signature v3 of Tencent Cloud. All headers of the request are signed; the path is always `/`. */
export function signTc3({ url, headers, body }: AddressedRequest, { id, secret, sessionToken }: AccessKey, now: number, service: string): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000));
  const date = new Date(now).toISOString().slice(0, 10);
  const { text, signedHeaders } = canonicalRequest('POST', '/', '', { ...headers, host: url.host }, body);
  const scope = `${date}/${service}/tc3_request`;
  const key = hmacSha256(hmacSha256(hmacSha256(`TC3${secret}`, date), service), 'tc3_request');
  const signature = hexOf(hmacSha256(key, `TC3-HMAC-SHA256\n${timestamp}\n${scope}\n${sha256Hex(text)}`));
  return {
    'x-tc-timestamp': timestamp, ...(sessionToken === undefined ? {} : { 'x-tc-token': sessionToken }),
    authorization: `TC3-HMAC-SHA256 Credential=${id}/${scope}, SignedHeaders=${signedHeaders}, Signature=${signature}`,
  };
}
