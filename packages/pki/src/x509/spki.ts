import { holdsAt } from '../asn1/bytes.js';
import { isMinimalIntegerAt, readIntegerAt, readOctetAlignedBitString } from '../asn1/primitive.js';
import { DerReader } from '../asn1/reader.js';
import { contentStart } from '../asn1/scan.js';
import { Tag } from '../asn1/tag.js';
import { PkiError } from '../error.js';
import type { AlgorithmIdentifier, SubjectPublicKey, SubjectPublicKeyInfo } from '../model.js';
import { readAlgorithmIdentifier } from './algorithm-identifier.js';
import { type CurveName, coordinateSize, curveOf } from './curve.js';
import { id_Ed25519, id_ecPublicKey, id_RSASSA_PSS, rsaEncryption } from './oids.js';

/**
 * Reads a SubjectPublicKeyInfo (RFC 5280 §4.1.2.7), DER, nothing after it. `key` is decoded when first read.
 * @throws PkiError STRUCTURE_INVALID | DER_INVALID | TRUNCATED | TRAILING_DATA
 */
export function readSubjectPublicKeyInfo(bytes: Uint8Array): SubjectPublicKeyInfo {
  const reader = new DerReader(bytes);
  reader.expect(Tag.SEQUENCE, 'SubjectPublicKeyInfo');
  reader.finish('SubjectPublicKeyInfo');
  const inner = reader.enter();
  inner.expect(Tag.SEQUENCE, 'algorithm');
  const algorithmEnd = inner.end;
  readOctetAlignedBitString(inner, 'subjectPublicKey');
  inner.finish('SubjectPublicKeyInfo');
  const view = spkiOf(bytes, algorithmEnd);
  void view.algorithm;
  return view;
}

/** A view over a whole TLV whose layout is already checked; the algorithm ends at `algorithmEnd`. */
export function spkiOf(bytes: Uint8Array, algorithmEnd: number): SubjectPublicKeyInfo {
  return new LazySpki(bytes, algorithmEnd);
}

class LazySpki implements SubjectPublicKeyInfo {
  readonly bytes: Uint8Array;
  readonly #algorithmEnd: number;
  #algorithm: AlgorithmIdentifier | undefined;
  #key: SubjectPublicKey | undefined;

  constructor(bytes: Uint8Array, algorithmEnd: number) {
    this.bytes = bytes;
    this.#algorithmEnd = algorithmEnd;
    this.#algorithm = undefined;
    this.#key = undefined;
  }

  get algorithm(): AlgorithmIdentifier {
    return (this.#algorithm ??= readAlgorithmIdentifier(new DerReader(this.bytes).next().enter()));
  }

  #isRsa(): boolean {
    const at = this.#algorithmEnd - RSA.bytes.length;
    return contentStart(this.bytes, 0) === at && holdsAt(this.bytes, at, RSA.bytes);
  }

  /** Over the BIT STRING's octets. */
  #publicKey(): DerReader {
    const start = contentStart(this.bytes, this.#algorithmEnd) + 1;
    return new DerReader(this.bytes, start);
  }

  get publicKey(): Uint8Array {
    return octetsOf(this.#publicKey());
  }

  get key(): SubjectPublicKey {
    return (this.#key ??= namedCurveKey(this.bytes) ?? decodeKey(this.#isRsa() ? RSA : this.algorithm, this.#publicKey()));
  }
}

/**
 * SEQUENCE { SEQUENCE { id-ecPublicKey, SM2 or P-256 }, BIT STRING 00 04: nearly every key met here starts
 * with one of these 27 octets, so they are compared whole instead of decoded.
 */
const SM2_PREFIX: Uint8Array = Uint8Array.of(
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x81, 0x1c, 0xcf, 0x55, 0x01, 0x82, 0x2d, 0x03, 0x42, 0x00, 0x04,
);
const P256_PREFIX: Uint8Array = Uint8Array.of(
  0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04,
);

/** SEQUENCE { rsaEncryption, NULL }, as every RSA key met here has it: it need not be decoded to be known. */
const RSA: AlgorithmIdentifier = {
  bytes: Uint8Array.of(0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00),
  oid: rsaEncryption,
  parameters: Uint8Array.of(0x05, 0x00),
};

function namedCurveKey(bytes: Uint8Array): SubjectPublicKey | undefined {
  if (bytes.length !== 91) return undefined;
  if (holdsAt(bytes, 0, SM2_PREFIX)) return { kty: 'EC', crv: 'SM2', point: bytes.subarray(26) };
  if (holdsAt(bytes, 0, P256_PREFIX)) return { kty: 'EC', crv: 'P-256', point: bytes.subarray(26) };
  return undefined;
}

function octetsOf(reader: DerReader): Uint8Array {
  return reader.bytes.subarray(reader.offset, reader.limit);
}

function decodeKey(algorithm: AlgorithmIdentifier, publicKey: DerReader): SubjectPublicKey {
  try {
    switch (algorithm.oid) {
      case rsaEncryption:
        // RFC 3279 §2.3.1 asks for NULL; its absence is read and recorded.
        if (algorithm.parameters !== undefined && !isNull(algorithm.parameters)) throw new PkiError('KEY_INVALID', 'rsaEncryption with parameters');
        return rsaKey(publicKey);
      case id_RSASSA_PSS:
        return rsaKey(publicKey);
      case id_ecPublicKey:
        return ecKey(curveOf(algorithm.parameters), octetsOf(publicKey));
      case id_Ed25519:
        if (algorithm.parameters !== undefined) throw new PkiError('KEY_INVALID', 'Ed25519 with parameters (RFC 8410 §3)');
        return ed25519Key(octetsOf(publicKey));
      default:
        throw new PkiError('KEY_UNSUPPORTED', `key algorithm ${algorithm.oid}`);
    }
  } catch (error) {
    if (error instanceof PkiError && error.code !== 'KEY_INVALID' && error.code !== 'KEY_UNSUPPORTED') {
      throw new PkiError('KEY_INVALID', `key of ${algorithm.oid}: ${error.message}`, { cause: error });
    }
    throw error;
  }
}

function rsaKey(publicKey: DerReader): SubjectPublicKey {
  publicKey.expect(Tag.SEQUENCE, 'RSAPublicKey').finish('RSAPublicKey');
  const inner = publicKey.enter();
  const n = readPositive(inner, 'modulus');
  const e = readPositive(inner, 'publicExponent');
  inner.finish('RSAPublicKey');
  return { kty: 'RSA', n, e };
}

/** Without the zero that keeps it positive. */
function readPositive(reader: DerReader, what: string): Uint8Array {
  const { bytes, contentStart: start, end } = readIntegerAt(reader);
  if (!isMinimalIntegerAt(bytes, start, end)) throw new PkiError('KEY_INVALID', `${what} is not minimal`);
  const first = bytes[start]!;
  if (first > 0x7f || (first === 0 && end === start + 1)) throw new PkiError('KEY_INVALID', `${what} is not positive`);
  return bytes.subarray(first === 0 ? start + 1 : start, end);
}

function ed25519Key(x: Uint8Array): SubjectPublicKey {
  if (x.length !== 32) throw new PkiError('KEY_INVALID', `Ed25519 key of ${x.length} octets`);
  return { kty: 'OKP', crv: 'Ed25519', x };
}

function ecKey(crv: CurveName, point: Uint8Array): SubjectPublicKey {
  const size = coordinateSize(crv);
  const form = point[0];
  if ((form === 2 || form === 3) && point.length === 1 + size) throw new PkiError('KEY_UNSUPPORTED', 'compressed point');
  if (form !== 4 || point.length !== 1 + 2 * size) throw new PkiError('KEY_INVALID', `${point.length} octets are no uncompressed point of ${crv}`);
  return { kty: 'EC', crv, point };
}

function isNull(tlv: Uint8Array): boolean {
  return tlv.length === 2 && tlv[0] === Tag.NULL;
}
