import { normaliseSignature, type ReadSignature, type SignatureForm } from './ecdsa-signature.js';

/** n of sm2p256v1. */
const ORDER = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;

/**
 * Reads an SM2 signature value leniently where the caller says so: signing services return r||s as well as
 * DER. The verifying algorithm itself takes strict DER only; pass it `der` of what this answers.
 *
 * @returns `undefined` when the value is of no accepted form or r or s is outside [1, n-1]
 */
export function readSm2Signature(
  value: Uint8Array,
  options: { readonly accept: readonly SignatureForm[] },
): ReadSignature | undefined {
  const read = normaliseSignature(value, 32, options.accept);
  return read !== undefined && inRange(read.raw) ? read : undefined;
}

/** Whether r and s, 32 octets each, are in [1, n-1]. */
function inRange(raw: Uint8Array): boolean {
  const view = new DataView(raw.buffer, raw.byteOffset, 64);
  const r = bigEndian(view, 0);
  const s = bigEndian(view, 32);
  return r > 0n && r < ORDER && s > 0n && s < ORDER;
}

function bigEndian(view: DataView, offset: number): bigint {
  let value = 0n;
  for (let i = 0; i < 32; i += 8) value = (value << 64n) | view.getBigUint64(offset + i, false);
  return value;
}
