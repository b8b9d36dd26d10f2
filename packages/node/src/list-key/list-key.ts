import { randomBytes } from 'node:crypto';
import { decodeEcdsaSignature, sm2PublicKey, sm2Sign } from '@hefu/crypto';
import { joseListSigner, type ListSignatureAlgorithm, type ListSigner } from '@hefu/trust-list';
import { CompactEncrypt, compactDecrypt, exportJWK, generateKeyPair, type JWK } from 'jose';
import { KeyFileError } from '../keys/error.js';
import { readKeyFile } from '../keys/open-key-file.js';
import { ListKeyError } from './error.js';

/** PBKDF2-HMAC-SHA-256 rounds (OWASP Password Storage, 2023); what is read may ask for up to ten times as many. */
const ROUNDS = 600_000;
const SHORTEST_PASSPHRASE = 12;
const DER_SEQUENCE = 0x30;
const PUBLIC_MEMBERS = ['kty', 'crv', 'x', 'y', 'n', 'e'] as const;

export interface ListKey {
  readonly signer: ListSigner;
  /** It lay there in the clear. */
  readonly unprotected: boolean;
}

/**
 * A new key, as the text of its file: a JWK encrypted under the passphrase (RFC 7516 with RFC 7517 §7; PBES2-HS256,
 * A256GCM), which carries SM2 keys as well.
 * @throws ListKeyError KEY_PASSPHRASE_WEAK under 12 characters
 */
export async function createListKey(alg: ListSignatureAlgorithm, passphrase: string): Promise<{ readonly file: string; readonly jwk: Readonly<Record<string, unknown>> }> {
  if ([...passphrase].length < SHORTEST_PASSPHRASE) throw new ListKeyError('KEY_PASSPHRASE_WEAK', `a passphrase has at least ${SHORTEST_PASSPHRASE} characters`);
  const jwk = alg === 'SM2-SM3' ? newSm2Key() : await exportJWK((await generateKeyPair(alg, { extractable: true, modulusLength: 3072, ...(alg === 'EdDSA' && { crv: 'Ed25519' }) })).privateKey);
  const file = await new CompactEncrypt(new TextEncoder().encode(JSON.stringify(jwk)))
    .setProtectedHeader({ alg: 'PBES2-HS256+A128KW', enc: 'A256GCM', cty: 'jwk+json' })
    .setKeyManagementParameters({ p2c: ROUNDS })
    .encrypt(new TextEncoder().encode(passphrase.normalize('NFC')));
  return { file: `${file}\n`, jwk: publicOf(jwk) };
}

/**
 * Reads a private key: what {@link createListKey} wrote, a JWK, or a file that `openKeyFile` reads (PKCS #8, PFX) with one key in it.
 * @param passphrase asked for only when the file is encrypted
 * @throws ListKeyError
 */
export async function readListKey(file: Uint8Array, passphrase: () => Promise<string>): Promise<ListKey> {
  const text = new TextDecoder().decode(file).trim();
  if (text.includes('-----BEGIN ') || file[0] === DER_SEQUENCE) return fromKeyFile(file, passphrase);
  if (/^[\w-]+(?:\.[\w-]*){4}$/.test(text)) return { signer: await signerOf(parse(await decrypt(text, await passphrase()))), unprotected: false };
  if (text.startsWith('{')) return { signer: await signerOf(parse(text)), unprotected: true };
  throw new ListKeyError('KEY_FILE_INVALID', 'the file is no private key that signs lists');
}

async function decrypt(text: string, passphrase: string): Promise<string> {
  try {
    const { plaintext } = await compactDecrypt(text, new TextEncoder().encode(passphrase.normalize('NFC')), { keyManagementAlgorithms: ['PBES2-HS256+A128KW'], contentEncryptionAlgorithms: ['A256GCM'], maxPBES2Count: 10 * ROUNDS });
    return new TextDecoder().decode(plaintext);
  } catch (cause) {
    throw new ListKeyError('KEY_PASSPHRASE_WRONG', 'the passphrase is wrong, or the file is damaged', { cause });
  }
}

async function fromKeyFile(file: Uint8Array, passphrase: () => Promise<string>): Promise<ListKey> {
  try {
    const { keys, unprotected } = await readKeyFile(file, { password: passphrase });
    if (keys.length !== 1) throw new ListKeyError('KEY_FILE_INVALID', `${keys.length} keys in the file: which one signs?`);
    const { key } = keys[0]!;
    return { signer: await signerOf(key.kind === 'SM2' ? sm2Jwk(key.d) : key.key.export({ format: 'jwk' }) as JWK), unprotected };
  } catch (cause) {
    if (!(cause instanceof KeyFileError)) throw cause;
    if (cause.code === 'KEY_PASSWORD_WRONG') throw new ListKeyError('KEY_PASSPHRASE_WRONG', 'the passphrase is wrong, or the file is damaged', { cause });
    throw new ListKeyError('KEY_FILE_INVALID', `the key in the file signs no lists: ${cause.message}`, { cause });
  }
}

function parse(text: string): JWK {
  try {
    return JSON.parse(text) as JWK;
  } catch (cause) {
    throw new ListKeyError('KEY_FILE_INVALID', 'the file holds no JWK', { cause });
  }
}

async function signerOf(jwk: JWK): Promise<ListSigner> {
  if (typeof jwk.d !== 'string') throw new ListKeyError('KEY_FILE_INVALID', 'the key in the file is a public one');
  try {
    if (jwk.kty === 'EC' && jwk.crv === 'SM2') return sm2Signer(jwk);
    const alg = ({ 'P-256': 'ES256', 'P-384': 'ES384', Ed25519: 'EdDSA' } as const)[String(jwk.crv)] ?? (jwk.kty === 'RSA' ? 'PS256' : undefined);
    if (alg !== undefined) return await joseListSigner(jwk, alg);
  } catch (cause) {
    if (cause instanceof ListKeyError) throw cause;
    throw new ListKeyError('KEY_FILE_INVALID', 'the key in the file cannot be used', { cause });
  }
  throw new ListKeyError('KEY_FILE_INVALID', `keys of type ${jwk.kty ?? '?'} ${jwk.crv ?? ''} sign no lists`);
}

function sm2Signer(jwk: JWK): ListSigner {
  const secret = new Uint8Array(Buffer.from(jwk.d!, 'base64url'));
  const own = sm2Jwk(secret);
  if (own.x !== jwk.x || own.y !== jwk.y) throw new ListKeyError('KEY_FILE_INVALID', 'the public part of the key does not belong to its private part');
  return { jwk: publicOf(own), alg: 'SM2-SM3', sign: (input) => decodeEcdsaSignature(sm2Sign(secret, input), 32)! };
}

function newSm2Key(): JWK {
  for (;;) {
    try {
      return sm2Jwk(new Uint8Array(randomBytes(32)));
    } catch {
      // Not below the order of the curve: one in 2^32.
    }
  }
}

function sm2Jwk(secret: Uint8Array): JWK {
  const point = sm2PublicKey(secret);
  const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64url');
  return { kty: 'EC', crv: 'SM2', x: text(point.subarray(1, 33)), y: text(point.subarray(33)), d: text(secret) };
}

function publicOf(jwk: JWK): Readonly<Record<string, unknown>> {
  return Object.fromEntries(PUBLIC_MEMBERS.flatMap((name) => (jwk[name] === undefined ? [] : [[name, jwk[name]]])));
}
