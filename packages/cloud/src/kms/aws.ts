import { AwsV4Signer } from 'aws4fetch';
import { encodeBase64 } from '@hefu/trust-list';
import type { AccessKeySource } from './kms-key.js';
import type { KmsService } from './kms-service.js';
import { optionalText, requireSameKey, textOf } from './read-answer.js';
import { isoBasic } from './time-text.js';

export interface AwsKmsOptions {
  /** `cn-north-1`; SM2 keys exist in the China regions only. */
  readonly region: string;
  readonly accessKey: AccessKeySource;
  /** Default `https://kms.<region>.amazonaws.com`, in China `.com.cn`. */
  readonly endpoint?: string;
}

/**
 * AWS KMS, Sign with MessageType DIGEST. `keyId` is a key id, ARN or alias; asymmetric keys have no versions, but an alias can be
 * pointed at another key, which only a signature shows: prefer ids. For SM2DSA the digest is e = SM3(Z || M); its RAW form fixes the
 * default identifier. Values are base64 of DER, for RSA of octets.
 */
export function awsKms({ region, accessKey, endpoint }: AwsKmsOptions): KmsService {
  return {
    id: 'kms-aws', baseUrl: endpoint ?? `https://kms.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`, versioned: false, maxPerCall: 1,
    algorithms: {
      'SM2-SM3': 'SM2DSA', 'ECDSA-SHA-256': 'ECDSA_SHA_256', 'ECDSA-SHA-384': 'ECDSA_SHA_384', 'ECDSA-SHA-512': 'ECDSA_SHA_512',
      'RSASSA-PKCS1-v1_5-SHA-256': 'RSASSA_PKCS1_V1_5_SHA_256',
    },
    errors: {
      NotFoundException: 'NO_USABLE_CREDENTIAL', DisabledException: 'CREDENTIAL_DISABLED', KMSInvalidStateException: 'CREDENTIAL_DISABLED', KeyUnavailableException: 'PROVIDER_UNAVAILABLE',
      InvalidKeyUsageException: 'ALGORITHM_UNSUPPORTED', ThrottlingException: 'RATE_LIMITED', ExpiredTokenException: 'TOKEN_EXPIRED', RequestExpired: 'CLOCK_SKEW',
      UnrecognizedClientException: 'ADAPTER_MISCONFIGURED', InvalidSignatureException: 'ADAPTER_MISCONFIGURED', IncompleteSignatureException: 'ADAPTER_MISCONFIGURED', MissingAuthenticationTokenException: 'ADAPTER_MISCONFIGURED',
    },
    async authenticate(context, renew) {
      const { id, secret, sessionToken } = await accessKey(renew);
      for (const each of [secret, sessionToken]) if (each !== undefined) context.protect(each);
      return async ({ url, headers, body }, now) => {
        const signer = new AwsV4Signer({
          method: 'POST', url: url.href, headers: { ...headers }, body, accessKeyId: id, secretAccessKey: secret, ...(sessionToken === undefined ? {} : { sessionToken }),
          service: 'kms', region, datetime: isoBasic(now), allHeaders: true,
        });
        const signed = (await signer.sign()).headers;
        // The platform writes the same Host itself, and forbids a program to.
        signed.delete('host');
        return Object.fromEntries(signed);
      };
    },
    write: (key, algorithm, [digest]) => ({
      path: '', headers: { 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': 'TrentService.Sign' },
      body: JSON.stringify({ KeyId: key.keyId, Message: encodeBase64(digest!), MessageType: 'DIGEST', SigningAlgorithm: algorithm }),
    }),
    refusalOf(answer) {
      // `com.amazonaws.kms#NotFoundException` as well as the bare name.
      const type = optionalText(answer['__type']);
      return type === undefined ? undefined : { code: type.slice(type.indexOf('#') + 1), description: optionalText(answer['message']) ?? optionalText(answer['Message']) ?? '' };
    },
    read(answer, key, { algorithm }) {
      const arn = textOf(answer, 'KeyId');
      if (!key.keyId.includes('alias/')) requireSameKey(arn.slice(arn.lastIndexOf('/') + 1), key.keyId.slice(key.keyId.lastIndexOf('/') + 1));
      requireSameKey(optionalText(answer['SigningAlgorithm']) ?? algorithm, algorithm);
      return [{ value: textOf(answer, 'Signature') }];
    },
  };
}
