import { hexOf } from '@hefu/pki';
import { encodeBase64 } from '@hefu/trust-list';
import { canonicalQuery, canonicalRequest, hmacSha256, sha256Hex } from './canonical-request.js';
import type { AccessKey, AccessKeySource } from './kms-key.js';
import type { AddressedRequest, KmsService } from './kms-service.js';
import { optionalText, requireSameKey, textOf } from './read-answer.js';
import { isoSeconds } from './time-text.js';

export interface AliyunKmsOptions {
  /** `https://kms.cn-hangzhou.aliyuncs.com`, or an instance's own gateway. */
  readonly endpoint: string;
  readonly accessKey: AccessKeySource;
}

/**
 * Alibaba Cloud KMS, AsymmetricSign of 2016-01-20. `keyId` is the key's id, `version` its KeyVersionId. SM2 (SM2DSA) takes
 * e = SM3(Z || M) as Digest; values are base64 of DER, for RSA of octets.
 */
export function aliyunKms({ endpoint, accessKey }: AliyunKmsOptions): KmsService {
  return {
    id: 'kms-aliyun', baseUrl: endpoint, versioned: true, maxPerCall: 1, requestsPerSecond: 200,
    algorithms: { 'SM2-SM3': 'SM2DSA', 'ECDSA-SHA-256': 'ECDSA_SHA_256', 'RSASSA-PKCS1-v1_5-SHA-256': 'RSA_PKCS1_SHA_256' },
    errors: {
      'Forbidden.KeyNotFound': 'NO_USABLE_CREDENTIAL', 'Forbidden.ResourceNotFound': 'NO_USABLE_CREDENTIAL', 'Forbidden.KeyVersionNotFound': 'KEY_MISMATCH',
      'Rejected.Disabled': 'CREDENTIAL_DISABLED', 'Rejected.PendingDeletion': 'CREDENTIAL_DISABLED', 'Rejected.Unavailable': 'CREDENTIAL_DISABLED',
      'Rejected.Throttling': 'RATE_LIMITED', Throttling: 'RATE_LIMITED', 'Throttling.User': 'RATE_LIMITED', 'Throttling.Api': 'RATE_LIMITED',
      'UnsupportedOperation': 'ALGORITHM_UNSUPPORTED', 'InvalidTimeStamp.Expired': 'CLOCK_SKEW', 'IllegalTimestamp': 'CLOCK_SKEW',
      'InvalidSecurityToken.Expired': 'TOKEN_EXPIRED', 'InvalidAccessKeyId.NotFound': 'ADAPTER_MISCONFIGURED', 'InvalidAccessKeyId.Inactive': 'ADAPTER_MISCONFIGURED', 'SignatureDoesNotMatch': 'ADAPTER_MISCONFIGURED', 'IncompleteSignature': 'ADAPTER_MISCONFIGURED',
    },
    async authenticate(context, renew) {
      const key = await accessKey(renew);
      context.protect(key.secret);
      return (request, now) => signAcs3(request, key, now, hexOf(context.random.bytes(16)));
    },
    write: (key, algorithm, [digest]) => ({
      path: `?${canonicalQuery({ KeyId: key.keyId, KeyVersionId: key.version!, Algorithm: algorithm, Digest: encodeBase64(digest!) })}`,
      headers: { 'x-acs-action': 'AsymmetricSign', 'x-acs-version': '2016-01-20' }, body: '',
    }),
    refusalOf: (answer) => (answer['Code'] === undefined ? undefined : { code: optionalText(answer['Code']) ?? '', description: optionalText(answer['Message']) ?? '' }),
    read(answer, key) {
      requireSameKey(textOf(answer, 'KeyVersionId'), key.version!);
      return [{ value: textOf(answer, 'Value'), ...refOf(optionalText(answer['RequestId'])) }];
    },
  };
}

const refOf = (providerRef: string | undefined): { providerRef?: string } => (providerRef === undefined ? {} : { providerRef });

/** Request signature V3 of Alibaba Cloud. All `x-acs-` headers, host and content-type are signed. @param nonce hex, never twice */
export function signAcs3({ url, headers, body }: AddressedRequest, { id, secret, sessionToken }: AccessKey, now: number, nonce: string): Record<string, string> {
  const added: Record<string, string> = {
    'x-acs-date': isoSeconds(now), 'x-acs-signature-nonce': nonce, 'x-acs-content-sha256': sha256Hex(body),
    ...(sessionToken === undefined ? {} : { 'x-acs-security-token': sessionToken }),
  };
  const { text, signedHeaders } = canonicalRequest('POST', url.pathname, url.search.slice(1), { ...headers, ...added, host: url.host }, body);
  const signature = hexOf(hmacSha256(secret, `ACS3-HMAC-SHA256\n${sha256Hex(text)}`));
  return { ...added, authorization: `ACS3-HMAC-SHA256 Credential=${id},SignedHeaders=${signedHeaders},Signature=${signature}` };
}
