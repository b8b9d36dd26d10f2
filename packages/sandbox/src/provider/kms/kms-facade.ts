import { normaliseSignature, sha256, sm2Digest } from '@hefu/crypto';
import { deriveKeyPair, type KeyPair } from '../../keys.js';
import { createSeed } from '../../seed.js';
import { jsonAnswer, type Facade, type ProviderGround } from '../facade.js';
import type { HsmKey } from '../hsm.js';
import { hashedTwice, signHashValue, type Scheme } from '../sign-value.js';
import { kmsAccount, type KmsAccount } from './account.js';
import { aliyunLike } from './aliyun-like.js';
import { awsLike } from './aws-like.js';
import { azureLike } from './azure-like.js';
import { googleLike } from './google-like.js';
import { huaweiLike } from './huawei-like.js';
import { KmsRefusal, type KmsCall, type KmsLike, type KmsTrouble, type SignedDigest } from './kms-like.js';
import { tencentLike } from './tencent-like.js';
import { vaultLike } from './vault-like.js';

/**
 * What these services can do wrong. `kms-rotated`: a newer version of the key signs, and says so; `kms-rotated-silently`: it does not;
 * `kms-hashed-twice`: digests are hashed; `kms-as-message`: e is taken for the message, Z and all, also with an empty identifier.
 */
export const KMS_FAULTS = [
  'kms-rotated', 'kms-rotated-silently', 'kms-other-key', 'kms-other-hash', 'kms-hashed-twice', 'kms-as-message', 'kms-as-message-empty-id', 'kms-sha1', 'kms-pss',
  'kms-form', 'kms-short', 'kms-hex', 'kms-crc', 'kms-permuted', 'kms-same-value', 'kms-fewer', 'kms-item-fails',
  'kms-no-key', 'kms-disabled', 'kms-throttled', 'kms-expired-token', 'kms-forbidden', 'kms-skew',
] as const;
const REFUSALS: Readonly<Record<string, KmsTrouble>> = {
  'kms-no-key': 'no-key', 'kms-disabled': 'disabled', 'kms-throttled': 'throttled', 'kms-expired-token': 'expired-token', 'kms-forbidden': 'forbidden', 'kms-skew': 'skew',
};
const SCHEME_OF = { SM2: 'sm2', 'P-256': 'ecdsa', 'RSA-2048': 'rsa', Ed25519: 'none' } as const;
const TOKEN_SECONDS = 3600;

/**
 * Key management services under `/kms/<name>-like/`: aliyun, tencent, huawei, aws, google, azure and vault, each with its own request
 * signatures, which are verified, names, encodings and refusals. The keys are those of the HSM, in version 1.
 */
export function kmsFacade(ground: ProviderGround): Facade {
  const services = new Map([aliyunLike(), tencentLike(), huaweiLike(), awsLike(), googleLike(), azureLike(), vaultLike()].map((each): [string, KmsLike] => [each.name, each]));
  const tokens = new Map<string, number>();
  let made: KmsAccount | undefined;
  const account = (): KmsAccount => (made ??= kmsAccount(ground.world));
  return {
    path: '/kms/',
    faults: KMS_FAULTS,
    async handle(request, faults) {
      const url = new URL(request.url);
      const service = services.get(/^\/kms\/([a-z]+)-like(?:\/|$)/.exec(url.pathname)?.[1] ?? '');
      if (service === undefined || request.method !== 'POST') return jsonAnswer({ error: 'no such service' }, 404);
      const hits = (fault: string): boolean => faults.hits(fault, url.pathname);
      const { headers } = request;
      const call: KmsCall = {
        url, headers, hits, body: await request.text(), now: ground.clock.now(), account: account(),
        sign: (id, version, scheme, digest) => signed(ground, hits, id, version, scheme, digest),
        issueToken() {
          const token = ground.token('kms');
          tokens.set(token, ground.clock.now() + TOKEN_SECONDS * 1000);
          return { token, expiresIn: TOKEN_SECONDS };
        },
        requireToken() {
          const until = tokens.get((headers.get('authorization') ?? '').replace(/^Bearer /, ''));
          if (until === undefined || until < ground.clock.now()) throw new KmsRefusal('expired-token');
        },
      };
      try {
        if (!url.pathname.endsWith('/token')) for (const [fault, trouble] of Object.entries(REFUSALS)) if (hits(fault)) throw new KmsRefusal(trouble);
        const body = service.answer(call);
        return jsonAnswer(hits('kms-hex') ? inHex(body) : body);
      } catch (error) {
        if (!(error instanceof KmsRefusal)) throw error;
        const { status, body } = service.refuse(error.trouble);
        return jsonAnswer(body, status);
      }
    },
  };
}

function signed({ hsm, world }: ProviderGround, hits: FaultHits, id: string, version: number | undefined, scheme: string, digest: Uint8Array): SignedDigest {
  const entry = hsm.key(id);
  if (entry === undefined) throw new KmsRefusal('no-key');
  if (version !== undefined && version !== 1) throw new KmsRefusal('no-version');
  const own = SCHEME_OF[entry.kind];
  if (own === 'none' || (scheme === 'any' ? own === 'sm2' : scheme !== own)) throw new KmsRefusal('bad-algorithm');
  const silently = hits('kms-rotated-silently');
  const rotated = hits('kms-rotated') || silently;
  const value = valueOf(hits('kms-other-key') ? otherKey(hsm.keys, entry) : rotated ? secondVersion(world.seed, entry) : entry.key, digest, hits);
  return { value: inForm(value, entry, hits), version: rotated && !silently ? 2 : 1 };
}

type FaultHits = (fault: string) => boolean;

function valueOf(key: KeyPair, digest: Uint8Array, hits: FaultHits): Uint8Array {
  const digestOid = key.kind === 'SM2' ? '1.2.156.10197.1.401' : '2.16.840.1.101.3.4.2.1';
  const scheme: Scheme = key.kind === 'SM2' ? 'sm2' : key.kind === 'P-256' ? 'ecdsa' : hits('kms-sha1') ? 'sha1' : hits('kms-pss') ? 'pss' : 'pkcs1';
  const sign = (hash: Uint8Array): Uint8Array => signHashValue(key, scheme, hash, digestOid);
  if (hits('kms-other-hash')) return sign(sha256.digest(new TextEncoder().encode('something else')));
  if (hits('kms-hashed-twice')) return sign(hashedTwice(digest, digestOid));
  if (hits('kms-as-message-empty-id') && key.publicKey.kty === 'EC') return sign(sm2Digest(key.publicKey.point, digest, new Uint8Array(0)));
  if (hits('kms-as-message') && key.publicKey.kty === 'EC') return sign(sm2Digest(key.publicKey.point, digest));
  return sign(digest);
}

/** DER as made, or r||s where a fault, or the service, says so; or r||s without the leading octet. */
function inForm(value: Uint8Array, { kind }: HsmKey, hits: FaultHits): Uint8Array {
  if (kind === 'RSA-2048') return value;
  const raw = normaliseSignature(value)!.raw;
  return hits('kms-short') ? raw.subarray(1) : hits('kms-form') ? raw : value;
}

function secondVersion(seed: string, { id, kind }: HsmKey): KeyPair {
  return deriveKeyPair(createSeed(seed), `kms/${id}/2`, kind);
}

function otherKey(keys: readonly HsmKey[], { id, kind }: HsmKey): KeyPair {
  return (keys.find((each) => each.kind === kind && each.id !== id) ?? keys[0]!).key;
}

/** Signature values in hex, whatever the service is known for. */
function inHex(body: unknown): unknown {
  return JSON.parse(JSON.stringify(body, (name, value: unknown) => (['Value', 'Signature', 'signature', 'value'].includes(name) && typeof value === 'string' ? Buffer.from(value.replace(/^vault:v\d+:/, ''), 'base64').toString('hex') : value)));
}
