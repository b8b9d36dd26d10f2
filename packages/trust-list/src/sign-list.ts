import { calculateJwkThumbprint, FlattenedSign, importJWK, type CryptoKey, type JWK } from 'jose';
import { decodeBase64url, encodeBase64url } from './base64.js';
import { TrustListError } from './error.js';
import { LIST_TYPE, readEnvelope } from './envelope.js';
import { readListKey, type ListSignatureAlgorithm } from './jwk.js';

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

/**
 * Signs a payload (see `serializeList`) into an envelope, UTF-8 of JWS General JSON.
 * @param options.at epoch milliseconds written as `iat`, in whole seconds; left out when undefined
 * @throws TypeError when a signer's key, algorithm or signature length do not fit each other
 */
export async function signList(payload: Uint8Array, signers: readonly ListSigner[], options: { readonly at?: number } = {}): Promise<Uint8Array> {
  if (signers.length === 0) throw new TypeError('no signers');
  const text = encodeBase64url(payload);
  const signatures: object[] = [];
  for (const signer of signers) signatures.push(await signEntry(text, signer, options.at));
  return new TextEncoder().encode(JSON.stringify({ payload: text, signatures }));
}

/**
 * Adds a signature to an envelope, over the same payload octets.
 * @throws TrustListError when the envelope cannot be read, TL_SCHEMA_INVALID too when an element of it is malformed
 * @throws TypeError as {@link signList}
 */
export async function addSignature(envelope: Uint8Array, signer: ListSigner, options: { readonly at?: number } = {}): Promise<Uint8Array> {
  const { payload, signatures } = readEnvelope(envelope);
  if (signatures.includes(undefined)) throw new TrustListError('TL_SCHEMA_INVALID', 'an element of signatures is not {"protected", "signature"}');
  return new TextEncoder().encode(JSON.stringify({ payload, signatures: [...signatures, await signEntry(payload, signer, options.at)] }));
}

async function signEntry(payload: string, signer: ListSigner, at: number | undefined): Promise<object> {
  const key = readListKey(signer.jwk);
  if (key.alg !== signer.alg) throw new TypeError(`the key signs ${key.alg}, not ${signer.alg}`);
  const kid = await calculateJwkThumbprint(key.jwk);
  const header = { alg: signer.alg, typ: LIST_TYPE, kid, ...(at !== undefined && { iat: Math.floor(at / 1000) }) };
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
