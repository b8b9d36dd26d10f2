import { createECDH, createHash, createPublicKey, sign as nodeSign } from 'node:crypto';
import { ed25519 } from '@noble/curves/ed25519.js';
import { p256 } from '@noble/curves/nist.js';
import { encodeEcdsaSignature, sm2Digest, sm2PublicKey, sm2SignDigest, type PublicKey } from '@hefu/crypto';
import { bitString, explicit, integer, nullValue, octetString, oid, sequence } from '@hefu/pki';
import { deriveRsaKey } from './rsa-key.js';
import type { Seed } from './seed.js';

export type KeyKind = 'SM2' | 'P-256' | 'RSA-2048' | 'Ed25519';

/** Parameters of a signature AlgorithmIdentifier: real CAs write both forms for SM2. */
export type AlgorithmParameters = 'null' | 'absent';

/** A toy key pair: its private half follows from the seed. All encodings are DER. */
export interface KeyPair {
  readonly name: string;
  readonly kind: KeyKind;
  readonly publicKey: PublicKey;
  readonly spkiDer: Uint8Array;
  readonly pkcs8Der: Uint8Array;
  /** SHA-1 over the BIT STRING's content (RFC 5280 §4.2.1.2, method 1), 20 octets. */
  readonly keyIdentifier: Uint8Array;
  /** Deterministic. SM2 and P-256: DER SEQUENCE { r, s }; RSA: PKCS #1 v1.5 with SHA-256; Ed25519: 64 octets. */
  sign(message: Uint8Array): Uint8Array;
  /** SM2 only: signs e as it is, for the message forms that leave Z out. @throws TypeError for other kinds */
  signDigest(digest: Uint8Array): Uint8Array;
  /** The AlgorithmIdentifier of `sign`, whole. Default: NULL for RSA (RFC 4055 §5), absent for the others. */
  algorithmIdentifier(parameters?: AlgorithmParameters): Uint8Array;
}

const SIGNATURE_OID: Readonly<Record<KeyKind, string>> = {
  SM2: '1.2.156.10197.1.501',
  'P-256': '1.2.840.10045.4.3.2',
  'RSA-2048': '1.2.840.113549.1.1.11',
  Ed25519: '1.3.101.112',
};
const ID_EC_PUBLIC_KEY = '1.2.840.10045.2.1';
const CURVE_OID = { SM2: '1.2.156.10197.1.301', 'P-256': '1.2.840.10045.3.1.7' } as const;
const ID_ED25519 = '1.3.101.112';

/** Keys made in this process, by kind and the octets drawn for them: worlds of one seed share theirs. */
const made = new Map<string, Material>();
/** Some fifty worlds. The oldest goes first. */
const KEPT = 4096;

/** The key pair of a name. The same seed, name and kind give the same key. */
export function deriveKeyPair(seed: Seed, name: string, kind: KeyKind): KeyPair {
  const drawn = draw(seed, name, kind);
  const known = `${kind} ${Buffer.from(drawn).toString('base64')}`;
  let material = made.get(known);
  if (material === undefined) {
    material = materialOf(seed, name, kind, drawn);
    made.set(known, material);
    if (made.size > KEPT) made.delete(made.keys().next().value!);
  }
  return { name, ...material };
}

type Material = Omit<KeyPair, 'name'>;

/** The octets a key follows from. */
function draw(seed: Seed, name: string, kind: KeyKind): Uint8Array {
  switch (kind) {
    case 'SM2':
    case 'P-256': return scalar(seed, name, kind);
    default: return seed.bytes(`key/${kind}/${name}`, 32);
  }
}

function materialOf(seed: Seed, name: string, kind: KeyKind, drawn: Uint8Array): Material {
  switch (kind) {
    case 'SM2': return sm2Pair(drawn);
    case 'P-256': return p256Pair(drawn);
    case 'RSA-2048': return rsaPair(seed, name);
    case 'Ed25519': return ed25519Pair(drawn);
  }
}

function sm2Pair(d: Uint8Array): Material {
  const point = sm2PublicKey(d);
  return {
    ...common('SM2', ecSpki('SM2', point), ecPkcs8('SM2', d, point), point),
    publicKey: { kty: 'EC', crv: 'SM2', point },
    sign: (message) => sm2SignDigest(d, sm2Digest(point, message)),
    signDigest: (digest) => sm2SignDigest(d, digest),
  };
}

function p256Pair(d: Uint8Array): Material {
  const ecdh = createECDH('prime256v1');
  ecdh.setPrivateKey(d);
  const point = plain(ecdh.getPublicKey());
  return {
    ...common('P-256', ecSpki('P-256', point), ecPkcs8('P-256', d, point), point),
    publicKey: { kty: 'EC', crv: 'P-256', point },
    // RFC 6979 over SHA-256. Either s is valid here; the low one is as good as the other.
    sign(message) {
      const raw = p256.sign(message, d, { prehash: true, lowS: false, format: 'compact' });
      return encodeEcdsaSignature(raw.subarray(0, 32), raw.subarray(32));
    },
  };
}

function rsaPair(seed: Seed, name: string): Material {
  const key = deriveRsaKey(seed, `key/RSA-2048/${name}`);
  const publicObject = createPublicKey(key);
  const { n, e } = publicObject.export({ format: 'jwk' });
  return {
    ...common(
      'RSA-2048',
      plain(publicObject.export({ format: 'der', type: 'spki' })),
      plain(key.export({ format: 'der', type: 'pkcs8' })),
      plain(publicObject.export({ format: 'der', type: 'pkcs1' })),
    ),
    publicKey: { kty: 'RSA', n: plain(Buffer.from(n!, 'base64url')), e: plain(Buffer.from(e!, 'base64url')) },
    sign: (message) => plain(nodeSign('sha256', message, key)),
  };
}

function ed25519Pair(secret: Uint8Array): Material {
  const x = ed25519.getPublicKey(secret);
  const algorithm = sequence(oid(ID_ED25519));
  return {
    ...common('Ed25519', sequence(algorithm, bitString(x)), sequence(integer(0), algorithm, octetString(octetString(secret))), x),
    publicKey: { kty: 'OKP', crv: 'Ed25519', x },
    sign: (message) => ed25519.sign(message, secret),
  };
}

function common(kind: KeyKind, spkiDer: Uint8Array, pkcs8Der: Uint8Array, bits: Uint8Array): Omit<Material, 'publicKey' | 'sign'> {
  return {
    kind,
    spkiDer,
    pkcs8Der,
    keyIdentifier: plain(createHash('sha1').update(bits).digest()),
    signDigest() {
      throw new TypeError(`a bare digest is signed with SM2 keys only, not ${kind}`);
    },
    algorithmIdentifier(parameters = kind === 'RSA-2048' ? 'null' : 'absent') {
      return sequence(oid(SIGNATURE_OID[kind]), ...(parameters === 'null' ? [nullValue()] : []));
    },
  };
}

/** A secret scalar: drawn again in the 2^-32 case that it is not below the order. */
function scalar(seed: Seed, name: string, kind: 'SM2' | 'P-256'): Uint8Array {
  for (let attempt = 0; ; attempt++) {
    const d = seed.bytes(`key/${kind}/${name}/${attempt}`, 32);
    // Both orders begin FFFFFFFE or higher: a first octet below FF keeps d in range.
    if (d[0]! < 0xff && d.some((octet) => octet !== 0)) return d;
  }
}

function ecSpki(curve: 'SM2' | 'P-256', point: Uint8Array): Uint8Array {
  return sequence(sequence(oid(ID_EC_PUBLIC_KEY), oid(CURVE_OID[curve])), bitString(point));
}

/** PrivateKeyInfo (RFC 5208 §5) around ECPrivateKey (RFC 5915 §3). */
function ecPkcs8(curve: 'SM2' | 'P-256', d: Uint8Array, point: Uint8Array): Uint8Array {
  const ecPrivateKey = sequence(integer(1), octetString(d), explicit(1, bitString(point)));
  return sequence(integer(0), sequence(oid(ID_EC_PUBLIC_KEY), oid(CURVE_OID[curve])), octetString(ecPrivateKey));
}

function plain(buffer: Uint8Array): Uint8Array {
  return new Uint8Array(buffer);
}
