import { calculateJwkThumbprint, FlattenedSign, importJWK, type CryptoKey, type JWK } from 'jose';
import { decodeBase64url, encodeBase64, encodeBase64url } from './base64.js';
import { TrustListError } from './error.js';
import { DOCUMENT_TYPES, readEnvelope, type DocumentKind } from './envelope.js';
import { readJson } from './json.js';
import { readListKey, type ListSignatureAlgorithm } from './jwk.js';
import { DEFAULT_LIMITS } from './limits.js';
import { isObject } from './member-reader.js';
import { toP7sDer } from './scheme/verify-p7s.js';

/** Someone who signs lists. Where the private key lives is the signer's own business. */
export interface ListSigner {
  /** The public key. */
  readonly jwk: Readonly<Record<string, unknown>>;
  readonly alg: ListSignatureAlgorithm;
  /**
   * Signs ASCII(protected) . ASCII(payload). Gives the octets JWS wants: r||s of fixed width for ES256, ES384
   * and SM2-SM3 (identifier `1234567812345678`), the signature itself for EdDSA and PS256.
   */
  sign(signingInput: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

const LENGTHS: Readonly<Record<ListSignatureAlgorithm, number | undefined>> = { ES256: 64, ES384: 96, EdDSA: 64, 'SM2-SM3': 64, PS256: undefined };

export interface SignOptions {
  /** Epoch milliseconds written as `iat`, in whole seconds; left out when undefined. */
  readonly at?: number;
}

/**
 * Signs the payload of a list (see `serializeList`) into an envelope, UTF-8 of JWS General JSON.
 * @throws TypeError when a signer's key, algorithm or signature length do not fit each other
 */
export function signList(payload: Uint8Array, signers: readonly ListSigner[], options: SignOptions = {}): Promise<Uint8Array> {
  return signDocument('list', payload, signers, options);
}

/** Signs the payload of a root (see `serializeRoot`): people of this root's role and of the role of the root before. As {@link signList}. */
export function signRoot(payload: Uint8Array, signers: readonly ListSigner[], options: SignOptions = {}): Promise<Uint8Array> {
  return signDocument('root', payload, signers, options);
}

/** Signs the payload of a freshness document (see `serializeFreshness`). As {@link signList}. */
export function signFreshness(payload: Uint8Array, signers: readonly ListSigner[], options: SignOptions = {}): Promise<Uint8Array> {
  return signDocument('freshness', payload, signers, options);
}

async function signDocument(kind: DocumentKind, payload: Uint8Array, signers: readonly ListSigner[], { at }: SignOptions): Promise<Uint8Array> {
  if (signers.length === 0) throw new TypeError('no signers');
  const text = encodeBase64url(payload);
  const signatures: object[] = [];
  for (const signer of signers) signatures.push(await signEntry(kind, text, signer, at));
  return write({ payload: text, signatures });
}

/**
 * Adds a signature to an envelope, over the same payload octets.
 * @param options.kind what the document is; a list when undefined
 * @throws TrustListError when the envelope cannot be read, TL_SCHEMA_INVALID too when an element of it is malformed
 * @throws TypeError as {@link signList}
 */
export async function addSignature(envelope: Uint8Array, signer: ListSigner, options: SignOptions & { readonly kind?: DocumentKind } = {}): Promise<Uint8Array> {
  const { payload, signatures, p7s } = whole(envelope);
  return write({ payload, signatures: [...signatures, await signEntry(options.kind ?? 'list', payload, signer, options.at)], ...p7s });
}

/**
 * Puts a detached GM/T 0010 SignedData over the payload octets (a `.p7s` file) beside the signatures of an envelope,
 * where it counts as one more.
 * @param envelope an envelope, or the payload octets when there is no other signature yet
 * @param p7s DER, PEM or base64
 * @throws TrustListError as {@link addSignature}; TL_SCHEMA_INVALID when the p7s is not of the one form that can count
 */
export function attachP7s(envelope: Uint8Array, p7s: Uint8Array): Uint8Array {
  const der = toP7sDer(p7s);
  if (der === undefined) throw new TrustListError('TL_SCHEMA_INVALID', 'this is no detached SignedData with one SM2 signature');
  const { payload, signatures, p7s: before } = isPayload(envelope) ? { payload: encodeBase64url(envelope), signatures: [], p7s: {} } : whole(envelope);
  return write({ payload, signatures, p7s: [...(before.p7s ?? []), encodeBase64(der)] });
}

/** Payload octets are an object with a `type`, envelopes one with a `payload`. */
function isPayload(bytes: Uint8Array): boolean {
  const value = readJson(bytes, DEFAULT_LIMITS);
  return isObject(value) && Object.hasOwn(value, 'type') && !Object.hasOwn(value, 'payload');
}

function whole(envelope: Uint8Array): { readonly payload: string; readonly signatures: readonly object[]; readonly p7s: { readonly p7s?: readonly string[] } } {
  const { payload, signatures, p7s } = readEnvelope(envelope);
  if (signatures.includes(undefined)) throw new TrustListError('TL_SCHEMA_INVALID', 'an element of signatures is not {"protected", "signature"}');
  if (p7s.includes(undefined)) throw new TrustListError('TL_SCHEMA_INVALID', 'an element of p7s is not base64');
  return { payload, signatures: signatures as readonly object[], p7s: p7s.length === 0 ? {} : { p7s: p7s.map((der) => encodeBase64(der!)) } };
}

function write(envelope: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(envelope));
}

async function signEntry(kind: DocumentKind, payload: string, signer: ListSigner, at: number | undefined): Promise<object> {
  const key = readListKey(signer.jwk);
  if (key.alg !== signer.alg) throw new TypeError(`the key signs ${key.alg}, not ${signer.alg}`);
  const kid = await calculateJwkThumbprint(key.jwk);
  const header = { alg: signer.alg, typ: DOCUMENT_TYPES[kind], kid, ...(at !== undefined && { iat: Math.floor(at / 1000) }) };
  const encoder = new TextEncoder();
  const protectedText = encodeBase64url(encoder.encode(JSON.stringify(header)));
  const signature = await signer.sign(encoder.encode(`${protectedText}.${payload}`));
  const length = LENGTHS[signer.alg];
  if (length !== undefined && signature.length !== length) throw new TypeError(`a ${signer.alg} signature is ${length} octets, not ${signature.length}; DER must be converted to r||s`);
  return { protected: protectedText, signature: encodeBase64url(signature) };
}

/**
 * A signer over `jose` for ES256, ES384, EdDSA and PS256.
 * @param privateKey a private JWK, or a CryptoKey with its public JWK beside it
 */
export async function joseListSigner(
  privateKey: JWK | { readonly key: CryptoKey; readonly publicJwk: JWK },
  alg: Exclude<ListSignatureAlgorithm, 'SM2-SM3'>,
): Promise<ListSigner> {
  const given = 'key' in privateKey && 'publicJwk' in privateKey ? (privateKey as { key: CryptoKey; publicJwk: JWK }) : undefined;
  const key = given?.key ?? (await importJWK(privateKey as JWK, alg));
  const source = given?.publicJwk ?? (privateKey as JWK);
  const jwk: Record<string, unknown> = {};
  for (const member of ['kty', 'crv', 'x', 'y', 'n', 'e'] as const) if (source[member] !== undefined) jwk[member] = source[member];
  return {
    jwk,
    alg,
    async sign(signingInput) {
      // jose signs header and payload, not octets: hand it both, and see that it signed the very text.
      const [header, payload] = new TextDecoder().decode(signingInput).split('.') as [string, string];
      const flattened = await new FlattenedSign(decodeBase64url(payload)!)
        .setProtectedHeader(JSON.parse(new TextDecoder().decode(decodeBase64url(header)!)))
        .sign(key);
      if (flattened.protected !== header || flattened.payload !== payload) throw new TypeError('jose wrote another header');
      return decodeBase64url(flattened.signature)!;
    },
  };
}
