import { type WeierstrassPointCons, weierstrass } from '@noble/curves/abstract/weierstrass.js';

/** noble's point arithmetic over sm2p256v1 (GB/T 32918.5 §A.2): for signing; verification has its own in `kernel/sm2`. */
export const Sm2: WeierstrassPointCons<bigint> = /*#__PURE__*/ weierstrass(
  {
    p: 0xfffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffffn,
    n: 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n,
    h: 1n,
    a: 0xfffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffcn,
    b: 0x28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93n,
    Gx: 0x32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7n,
    Gy: 0xbc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0n,
  },
  // An answer of no octets tells noble there is no randomness: this room takes it only as an argument, so
  // scalar multiplication uses the fixed-window constant-time path without scalar blinding.
  { randomBytes: () => new Uint8Array(0) },
);
