import { jsonBody, KmsRefusal, octetsOf, type KmsLike } from './kms-like.js';
import { authorizationParts, basicTime, canonicalText, hmacSha256, requireEqual, requireFresh, sha256Hex } from './request-signature.js';

const SCHEMES: Readonly<Record<string, 'sm2' | 'ecdsa' | 'rsa'>> = { SM2DSA: 'sm2', ECDSA_SHA_256: 'ecdsa', RSASSA_PKCS1_V1_5_SHA_256: 'rsa' };
const TYPES = {
  'no-key': 'NotFoundException', 'no-version': 'NotFoundException', disabled: 'DisabledException', throttled: 'ThrottlingException', 'bad-algorithm': 'InvalidKeyUsageException',
  'bad-auth': 'InvalidSignatureException', 'expired-token': 'ExpiredTokenException', skew: 'RequestExpired', forbidden: 'AccessDeniedException', 'bad-request': 'ValidationException',
} as const;

/** Sign of the TrentService behind Signature Version 4. Aliases are `alias/<key>`. */
export function awsLike(): KmsLike {
  return {
    name: 'aws',
    answer(call) {
      const { headers, account: { accessKey, region } } = call;
      const { Credential = '', SignedHeaders = '', Signature } = authorizationParts(headers, 'AWS4-HMAC-SHA256');
      const date = headers.get('x-amz-date') ?? '';
      const scope = `${date.slice(0, 8)}/${region}/kms/aws4_request`;
      requireEqual(Credential, `${accessKey.id}/${scope}`);
      const text = canonicalText(call, SignedHeaders, ['host', 'x-amz-date', 'x-amz-target']);
      const key = [date.slice(0, 8), region, 'kms', 'aws4_request'].reduce<string | Buffer>(hmacSha256, `AWS4${accessKey.secret}`);
      requireEqual(Signature, hmacSha256(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${sha256Hex(text)}`).toString('hex'));
      requireFresh(basicTime(date), call.now);
      if (headers.get('x-amz-target') !== 'TrentService.Sign') throw new KmsRefusal('bad-request');
      const { KeyId, Message, MessageType, SigningAlgorithm } = jsonBody(call);
      const scheme = SCHEMES[String(SigningAlgorithm)];
      if (scheme === undefined) throw new KmsRefusal('bad-algorithm');
      if (MessageType !== 'DIGEST') throw new KmsRefusal('bad-request');
      const id = String(KeyId).slice(String(KeyId).lastIndexOf('/') + 1);
      const { value } = call.sign(id, undefined, scheme, octetsOf(Message));
      return { KeyId: `arn:aws-cn:kms:${region}:000000000000:key/${id}`, Signature: Buffer.from(value).toString('base64'), SigningAlgorithm };
    },
    refuse: (trouble) => ({ status: 400, body: { __type: `com.amazonaws.kms#${TYPES[trouble]}`, message: `sandbox: ${trouble}` } }),
  };
}
