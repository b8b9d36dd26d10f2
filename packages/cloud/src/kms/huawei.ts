import { hexOf } from '@hefu/pki';
import { encodeBase64 } from '@hefu/trust-list';
import { canonicalRequest, hmacSha256, sha256Hex } from './canonical-request.js';
import type { AccessKey, AccessKeySource } from './kms-key.js';
import type { AddressedRequest, KmsService } from './kms-service.js';
import { objectOf, optionalText, requireSameKey, textOf } from './read-answer.js';
import { isoBasic } from './time-text.js';

export interface HuaweiKmsOptions {
  /** `https://kms.cn-north-4.myhuaweicloud.com` */
  readonly endpoint: string;
  readonly projectId: string;
  readonly accessKey: AccessKeySource;
}

/**
 * Huawei Cloud DEW, `POST /v1.0/{project}/kms/sign`. `keyId` is the key's id; asymmetric keys have no versions. SM2 keys sign
 * digests only, and the digest is e = SM3(Z || M). Values are base64 of DER, for RSA of octets.
 */
export function huaweiKms({ endpoint, projectId, accessKey }: HuaweiKmsOptions): KmsService {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(projectId)) throw new TypeError('a projectId has 1 to 64 characters of A-Z a-z 0-9 _ -');
  return {
    id: 'kms-huawei', baseUrl: endpoint, versioned: false, maxPerCall: 1,
    algorithms: {
      'SM2-SM3': 'SM2DSA_SM3', 'ECDSA-SHA-256': 'ECDSA_SHA_256', 'ECDSA-SHA-384': 'ECDSA_SHA_384', 'ECDSA-SHA-512': 'ECDSA_SHA_512',
      'RSASSA-PKCS1-v1_5-SHA-256': 'RSASSA_PKCS1_V1_5_SHA_256',
    },
    // Those of the gateway. What `KMS.…` codes mean was not to be had in full: they are PROVIDER_REFUSED, with the code for operators.
    errors: { 'APIGW.0308': 'RATE_LIMITED', 'APIGW.0301': 'ADAPTER_MISCONFIGURED', 'APIGW.0307': 'TOKEN_EXPIRED' },
    async authenticate(context, renew) {
      const key = await accessKey(renew);
      context.protect(key.secret);
      return (request, now) => signSdkHmac('POST', request, key, now);
    },
    write: (key, algorithm, [digest]) => ({
      path: `v1.0/${projectId}/kms/sign`, headers: { 'content-type': 'application/json', 'x-project-id': projectId },
      body: JSON.stringify({ key_id: key.keyId, message: encodeBase64(digest!), signing_algorithm: algorithm, message_type: 'DIGEST' }),
    }),
    refusalOf(answer) {
      const error = answer['error'] === undefined ? answer : objectOf(answer['error']);
      return error['error_code'] === undefined ? undefined : { code: optionalText(error['error_code']) ?? '', description: optionalText(error['error_msg']) ?? '' };
    },
    read(answer, key) {
      requireSameKey(textOf(answer, 'key_id'), key.keyId);
      return [{ value: textOf(answer, 'signature') }];
    },
  };
}

/** AK/SK request signature of Huawei Cloud's gateways. All headers of the request are signed. */
export function signSdkHmac(method: string, { url, headers, body }: AddressedRequest, { id, secret, sessionToken }: AccessKey, now: number): Record<string, string> {
  const date = isoBasic(now);
  const added = { 'x-sdk-date': date, ...(sessionToken === undefined ? {} : { 'x-security-token': sessionToken }) };
  // The path of the canonical request ends with a slash whether that of the request does or not.
  const path = url.pathname.endsWith('/') ? url.pathname : `${url.pathname}/`;
  const { text, signedHeaders } = canonicalRequest(method, path, url.search.slice(1), { ...headers, ...added, host: url.host }, body);
  const signature = hexOf(hmacSha256(secret, `SDK-HMAC-SHA256\n${date}\n${sha256Hex(text)}`));
  return { ...added, authorization: `SDK-HMAC-SHA256 Access=${id}, SignedHeaders=${signedHeaders}, Signature=${signature}` };
}
