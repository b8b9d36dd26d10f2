import { isMinimalInteger, readInteger, readOctetAlignedBitString, withoutLeadingZeros } from '../asn1/primitive.js';
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
    return contentStart(this.bytes, 0) === at && holds(this.bytes, at, RSA.bytes);
  }

  get publicKey(): Uint8Array {
    const bits = new DerReader(this.bytes, this.#algorithmEnd).next();
    return this.bytes.subarray(bits.contentStart + 1, bits.end);
  }

  get key(): SubjectPublicKey {
    return (this.#key ??= namedCurveKey(this.bytes) ?? decodeKey(this.#isRsa() ? RSA : this.algorithm, this.publicKey));
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
  if (holds(bytes, 0, SM2_PREFIX)) return { kty: 'EC', crv: 'SM2', point: bytes.subarray(26) };
  if (holds(bytes, 0, P256_PREFIX)) return { kty: 'EC', crv: 'P-256', point: bytes.subarray(26) };
  return undefined;
}

function holds(bytes: Uint8Array, at: number, octets: Uint8Array): boolean {
  for (let i = 0; i < octets.length; i++) if (bytes[at + i] !== octets[i]) return false;
  return true;
}

function decodeKey(algorithm: AlgorithmIdentifier, publicKey: Uint8Array): SubjectPublicKey {
  try {
    switch (algorithm.oid) {
      case rsaEncryption:
        // RFC 3279 §2.3.1 asks for NULL; its absence is read and recorded.
        if (algorithm.parameters !== undefined && !isNull(algorithm.parameters)) throw new PkiError('KEY_INVALID', 'rsaEncryption with parameters');
        return rsaKey(publicKey);
      case id_RSASSA_PSS:
        return rsaKey(publicKey);
      case id_ecPublicKey:
        return ecKey(curveOf(algorithm.parameters), publicKey);
      case id_Ed25519:
        if (algorithm.parameters !== undefined) throw new PkiError('KEY_INVALID', 'Ed25519 with parameters (RFC 8410 §3)');
        if (publicKey.length !== 32) throw new PkiError('KEY_INVALID', `Ed25519 key of ${publicKey.length} octets`);
        return { kty: 'OKP', crv: 'Ed25519', x: publicKey };
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

function rsaKey(publicKey: Uint8Array): SubjectPublicKey {
  const reader = new DerReader(publicKey);
  reader.expect(Tag.SEQUENCE, 'RSAPublicKey');
  reader.finish('RSAPublicKey');
  const inner = reader.enter();
  const n = positive(readInteger(inner), 'modulus');
  const e = positive(readInteger(inner), 'publicExponent');
  inner.finish('RSAPublicKey');
  return { kty: 'RSA', n, e };
}

function positive(content: Uint8Array, what: string): Uint8Array {
  if (!isMinimalInteger(content)) throw new PkiError('KEY_INVALID', `${what} is not minimal`);
  const magnitude = withoutLeadingZeros(content);
  if (content[0]! > 0x7f || magnitude.length === 0) throw new PkiError('KEY_INVALID', `${what} is not positive`);
  return magnitude;
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
