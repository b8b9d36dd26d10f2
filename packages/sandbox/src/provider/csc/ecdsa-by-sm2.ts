import { weierstrass } from '@noble/curves/abstract/weierstrass.js';
import { encodeEcdsaSignature } from '@hefu/crypto';
import type { KeyPair } from '../../keys.js';

/** GB/T 32918.5 §2. */
const Point = weierstrass({
  p: BigInt('0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff'),
  n: BigInt('0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123'),
  h: 1n,
  a: BigInt('0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc'),
  b: BigInt('0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93'),
  Gx: BigInt('0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7'),
  Gy: BigInt('0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0'),
});

/** ECDSA (FIPS 186-5 §6.4.1) with an SM2 key: what libraries make that know the curve and not the algorithm. The nonce is a toy's. */
export function ecdsaBySm2Key(key: KeyPair, hash: Uint8Array): Uint8Array {
  const { Fn } = Point;
  const d = Fn.create(Fn.fromBytes(scalarOf(key), true));
  const k = Fn.create(Fn.fromBytes(hash, true) + 12_345n);
  const r = Fn.create(Point.BASE.multiply(k).toAffine().x);
  const s = Fn.mul(Fn.inv(k), Fn.add(Fn.create(Fn.fromBytes(hash, true)), Fn.mul(r, d)));
  return encodeEcdsaSignature(Fn.toBytes(r), Fn.toBytes(s));
}

/** ECPrivateKey (RFC 5915 §3) begins SEQUENCE { INTEGER 1, OCTET STRING of 32 … }. Not every build of OpenSSL reads SM2 keys. */
function scalarOf({ pkcs8Der }: KeyPair): Uint8Array {
  const at = Buffer.from(pkcs8Der).indexOf(Buffer.from([0x02, 0x01, 0x01, 0x04, 0x20])) + 5;
  return pkcs8Der.slice(at, at + 32);
}
