import { sm2Digest, sm2PublicKey } from '@hefu/crypto';
import type { ServerAnswer } from '@hefu/crypto/two-party';

const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/** Answers of a server that wants the other half: what becomes of a right one. */
export const ANSWER_MALICE: Readonly<Record<string, (right: ServerAnswer, last: ServerAnswer | undefined) => ServerAnswer>> = {
  'cosign-r-zero': (right) => ({ ...right, r: octets(0n) }),
  'cosign-r-order': (right) => ({ ...right, r: octets(ORDER) }),
  'cosign-s2-zero': (right) => ({ ...right, s2: octets(0n) }),
  'cosign-s3-zero': (right) => ({ ...right, s3: octets(0n) }),
  'cosign-zeros': ({ r }) => ({ r, s2: octets(0n), s3: octets(0n) }),
  'cosign-ones': ({ r }) => ({ r, s2: octets(1n), s3: octets(1n) }),
  'cosign-r-delta': (right) => ({ ...right, r: plus(right.r, 1n) }),
  'cosign-s2-delta': (right) => ({ ...right, s2: plus(right.s2, 1n) }),
  'cosign-s3-delta': (right) => ({ ...right, s3: plus(right.s3, ORDER - 1n) }),
  'cosign-swapped': ({ r, s2, s3 }) => ({ r, s2: s3, s3: s2 }),
  'cosign-old-answer': (right, last) => last ?? { ...right, s2: plus(right.s2, 2n) },
  'cosign-short': (right) => ({ ...right, s3: right.s3.subarray(1) }),
};

/** Keys that are none, or are the server's alone. */
export const KEY_MALICE: Readonly<Record<string, (right: Uint8Array) => Uint8Array>> = {
  'cosign-p-infinity': () => Uint8Array.of(0),
  'cosign-p-zeros': () => Uint8Array.of(4, ...new Uint8Array(64)),
  'cosign-p-off-curve': (right) => right.map((octet, index) => (index === 64 ? octet ^ 1 : octet)),
  'cosign-p-base': () => sm2PublicKey(octets(1n)),
  'cosign-p-own': () => sm2PublicKey(octets(0x1234567890abcdefn)),
};

/** What a server would rather have signed. */
export function otherDigest(publicKey: Uint8Array): Uint8Array {
  return sm2Digest(publicKey, new TextEncoder().encode('another document'));
}

function plus(value: Uint8Array, delta: bigint): Uint8Array {
  return octets((BigInt(`0x${Buffer.from(value).toString('hex')}`) + delta) % ORDER);
}

function octets(value: bigint): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'));
}
