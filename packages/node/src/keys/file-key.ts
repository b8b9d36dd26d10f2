import { createHash, constants, randomBytes, sign as opensslSign, type KeyObject } from 'node:crypto';
import { sm2SignDigest, type DigestName, type PublicKey } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import { SignError, type SoftKey, type ToSign } from '@hefu/sign';
import { plainOctets } from '../plain-octets.js';
import { keyAlgorithms } from './key-algorithms.js';
import type { PrivateKey } from './private-key.js';

/** A key of a file with its certificate; signs without asking anybody. */
export interface FileKey extends SoftKey {
  readonly publicKey: PublicKey;
  /** Its number is overwritten where JavaScript holds it (SM2), and it signs no more. OpenSSL frees the others when nothing refers to them. */
  wipe(): void;
}

const OPENSSL_NAME: Readonly<Partial<Record<DigestName, string>>> = { 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };

export function fileKey(privateKey: PrivateKey, chain: readonly Certificate[], label: string | undefined): FileKey {
  const [leaf] = chain;
  let held: PrivateKey | undefined = privateKey;
  return {
    publicKey: privateKey.publicKey,
    credential: {
      ref: createHash('sha256').update(leaf!.bytes).digest('hex').slice(0, 32),
      chain: chain.map(({ bytes }) => bytes), algorithms: keyAlgorithms(privateKey.publicKey), ...(label === undefined ? {} : { label }),
    },
    sign(toSign, algorithm) {
      if (held === undefined) throw new SignError('NO_USABLE_CREDENTIAL', 'the key was wiped');
      return held.kind === 'SM2' ? signBySm2(held.d, toSign) : signByPlatform(held.key, toSign, algorithm);
    },
    wipe() {
      if (held?.kind === 'SM2') held.d.fill(0);
      held = undefined;
    },
  };
}

/** @returns DER */
function signBySm2(d: Uint8Array, toSign: ToSign): Uint8Array {
  if (toSign.kind !== 'sm2-e') throw unsupported(`SM2 over ${toSign.kind}`);
  return sm2SignDigest(d, toSign.value, { extraEntropy: randomBytes(32) });
}

/** @returns octets for RSA and Ed25519, DER for ECDSA. OpenSSL hashes by itself: Node.js has no ECDSA over a digest. */
function signByPlatform(key: KeyObject, toSign: ToSign, algorithm: string): Uint8Array {
  if (toSign.kind !== 'tbs') throw unsupported(`${algorithm} over ${toSign.kind}`);
  const digest = toSign.digest === 'none' ? null : OPENSSL_NAME[toSign.digest];
  if (digest === undefined) throw unsupported(`${algorithm} with ${toSign.digest}`);
  const pss = algorithm === 'RSASSA-PSS' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST } : {};
  return plainOctets(opensslSign(digest, toSign.value, { key, ...pss }));
}

function unsupported(what: string): SignError {
  return new SignError('ALGORITHM_UNSUPPORTED', `${what} is not signed by a key of a file`);
}
