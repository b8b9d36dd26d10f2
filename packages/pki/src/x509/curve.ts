import { equalBytes } from '../asn1/bytes.js';
import { readInteger, readSmallInteger, withoutLeadingZeros } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { decodeOidAt } from '../asn1/oid.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { SubjectPublicKey } from '../model.js';
import { id_prime_field } from './oids.js';

export type CurveName = Extract<SubjectPublicKey, { kty: 'EC' }>['crv'];

interface CurveParameters {
  readonly name: CurveName;
  readonly oid: string;
  /** Octets of a coordinate. */
  readonly size: number;
  /** Hexadecimal, `size` octets each. */
  readonly p: string;
  readonly a: string;
  readonly b: string;
  readonly n: string;
  readonly gx: string;
  readonly gy: string;
}

/** GB/T 32918.5-2017 (SM2) and FIPS 186-4 D.1.2 (P-256, P-384, P-521). */
const CURVES: readonly CurveParameters[] = [
  {
    name: 'SM2', oid: '1.2.156.10197.1.301', size: 32,
    p: 'fffffffeffffffffffffffffffffffffffffffff00000000ffffffffffffffff',
    a: 'fffffffeffffffffffffffffffffffffffffffff00000000fffffffffffffffc',
    b: '28e9fa9e9d9f5e344d5a9e4bcf6509a7f39789f515ab8f92ddbcbd414d940e93',
    n: 'fffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123',
    gx: '32c4ae2c1f1981195f9904466a39c9948fe30bbff2660be1715a4589334c74c7',
    gy: 'bc3736a2f4f6779c59bdcee36b692153d0a9877cc62a474002df32e52139f0a0',
  },
  {
    name: 'P-256', oid: '1.2.840.10045.3.1.7', size: 32,
    p: 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff',
    a: 'ffffffff00000001000000000000000000000000fffffffffffffffffffffffc',
    b: '5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b',
    n: 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551',
    gx: '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296',
    gy: '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  },
  {
    name: 'P-384', oid: '1.3.132.0.34', size: 48,
    p: 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff',
    a: 'fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc',
    b: 'b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef',
    n: 'ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973',
    gx: 'aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7',
    gy: '3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f',
  },
  {
    name: 'P-521', oid: '1.3.132.0.35', size: 66,
    p: `01ff${'ff'.repeat(64)}`,
    a: `01ff${'ff'.repeat(63)}fc`,
    b: '0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00',
    n: '01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409',
    gx: '00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66',
    gy: '011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650',
  },
];

/** Octets of a coordinate. */
export function coordinateSize(name: CurveName): number {
  return name === 'P-384' ? 48 : name === 'P-521' ? 66 : 32;
}

/**
 * The curve that ECParameters name (RFC 5480 §2.1.1).
 *
 * Explicit parameters (X9.62 SpecifiedECDomain) are accepted only as another spelling of one of the four
 * built-in curves: p, a, b, n, the generator and a cofactor if written must all be equal, and what is
 * computed with later is the built-in curve (CVE-2020-0601 came of using a supplied generator).
 * @throws PkiError KEY_UNSUPPORTED | KEY_INVALID
 */
export function curveOf(parameters: Uint8Array | undefined): CurveName {
  if (parameters === undefined) throw new PkiError('KEY_INVALID', 'EC key without parameters');
  const reader = new DerReader(parameters);
  switch (reader.peek()) {
    case Tag.OID: {
      reader.next();
      const oid = decodeOidAt(parameters, reader.contentStart, reader.end);
      const known = CURVES.find((curve) => curve.oid === oid);
      if (known === undefined) throw new PkiError('KEY_UNSUPPORTED', `curve ${oid}`);
      return known.name;
    }
    case Tag.SEQUENCE:
      return explicitCurve(reader.next().enter());
    default:
      throw new PkiError('KEY_INVALID', 'EC parameters name no curve');
  }
}

function explicitCurve(parameters: DerReader): CurveName {
  const version = readSmallInteger(parameters, 'ECParameters version');
  if (version < 1 || version > 3) throw new PkiError('KEY_INVALID', `ECParameters version ${version}`);
  const field = parameters.expect(Tag.SEQUENCE, 'FieldID').enter();
  field.expect(Tag.OID, 'fieldType');
  const fieldType = decodeOidAt(field.bytes, field.contentStart, field.end);
  if (fieldType !== id_prime_field) throw new PkiError('KEY_UNSUPPORTED', `field ${fieldType}`);
  const p = readInteger(field);
  field.finish('FieldID');
  const curve = parameters.expect(Tag.SEQUENCE, 'Curve').enter();
  const a = curve.expect(Tag.OCTET_STRING, 'a').content();
  const b = curve.expect(Tag.OCTET_STRING, 'b').content();
  curve.optional(Tag.BIT_STRING); // seed
  curve.finish('Curve');
  const base = parameters.expect(Tag.OCTET_STRING, 'base').content();
  const n = readInteger(parameters);
  const cofactor = parameters.peek() === Tag.INTEGER ? readSmallInteger(parameters, 'cofactor') : 1;
  parameters.optional(Tag.SEQUENCE); // hash
  parameters.finish('ECParameters');
  const known = CURVES.find((candidate) => sameNumber(p, candidate.p));
  if (known === undefined) throw new PkiError('KEY_UNSUPPORTED', 'explicit parameters of an unknown field');
  const same = sameNumber(a, known.a) && sameNumber(b, known.b) && sameNumber(n, known.n) && cofactor === 1 && isGenerator(base, known);
  if (!same) throw new PkiError('KEY_INVALID', `explicit parameters differ from ${known.name}`);
  return known.name;
}

function isGenerator(base: Uint8Array, curve: CurveParameters): boolean {
  const gx = fromHex(curve.gx);
  const gy = fromHex(curve.gy);
  if (base[0] === 4) return base.length === 1 + 2 * curve.size && equalBytes(base.subarray(1, 1 + curve.size), gx) && equalBytes(base.subarray(1 + curve.size), gy);
  return base[0] === (2 | (gy[gy.length - 1]! & 1)) && equalBytes(base.subarray(1), gx);
}

function sameNumber(octets: Uint8Array, hex: string): boolean {
  return equalBytes(withoutLeadingZeros(octets), withoutLeadingZeros(fromHex(hex)));
}

function fromHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
