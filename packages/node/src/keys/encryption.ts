import { createDecipheriv } from 'node:crypto';
import { sm4Cbc, type DigestName } from '@hefu/crypto';
import { DerReader, Tag, readAlgorithmIdentifier, type AlgorithmIdentifier } from '@hefu/pki';
import { plainOctets } from '../plain-octets.js';
import { PKCS12_IV, PKCS12_KEY, pbkdf2, pkcs12Derive, scrypt, type DerivationBudget } from './derivation.js';
import { KeyFileError, reading } from './error.js';
import type { Password } from './password.js';
import { decryptRc2 } from './rc2.js';

interface Cipher {
  readonly keyLength: number;
  readonly ivLength: number;
  decrypt(key: Uint8Array, iv: Uint8Array, ciphertext: Uint8Array): Promise<Uint8Array> | Uint8Array;
}

const openssl = (name: string, keyLength: number, ivLength: number): Cipher => ({
  keyLength, ivLength,
  decrypt(key, iv, ciphertext) {
    const decipher = createDecipheriv(name, key, iv);
    const head = decipher.update(ciphertext);
    const plaintext = plainOctets(Buffer.concat([head, decipher.final()]));
    head.fill(0);
    return plaintext;
  },
});
const tripleDes = openssl('des-ede3-cbc', 24, 8);
const rc2 = (keyLength: number): Cipher => ({ keyLength, ivLength: 8, decrypt: decryptRc2 });

/** Of PBES2 (RFC 8018 §B.2, RFC 3565; GM/T 0006). All have their IV as parameters. */
const CIPHERS: Readonly<Record<string, Cipher>> = {
  '2.16.840.1.101.3.4.1.2': openssl('aes-128-cbc', 16, 16),
  '2.16.840.1.101.3.4.1.22': openssl('aes-192-cbc', 24, 16),
  '2.16.840.1.101.3.4.1.42': openssl('aes-256-cbc', 32, 16),
  '1.2.840.113549.3.7': tripleDes,
  [sm4Cbc.oid]: { keyLength: 16, ivLength: 16, decrypt: (key, iv, ciphertext) => sm4Cbc.decrypt(key, iv, ciphertext) },
};

/** HMACs of PBKDF2 (RFC 8018 §B.1.2; GM/T 0006 for SM3). */
const PRFS: Readonly<Record<string, DigestName>> = {
  '1.2.840.113549.2.7': 'SHA-1', '1.2.840.113549.2.8': 'SHA-224', '1.2.840.113549.2.9': 'SHA-256', '1.2.840.113549.2.10': 'SHA-384', '1.2.840.113549.2.11': 'SHA-512',
  '1.2.156.10197.1.401.2': 'SM3',
};

/** The password-based ciphers of PKCS #12 (RFC 7292 §C), all over SHA-1. RC4, which was never used for keys, is left out. */
const PKCS12_CIPHERS: Readonly<Record<string, Cipher>> = {
  '1.2.840.113549.1.12.1.3': tripleDes,
  '1.2.840.113549.1.12.1.4': { ...tripleDes, keyLength: 16, decrypt: (key, iv, ciphertext) => tripleDes.decrypt(Uint8Array.of(...key, ...key.subarray(0, 8)), iv, ciphertext) },
  '1.2.840.113549.1.12.1.5': rc2(16),
  '1.2.840.113549.1.12.1.6': rc2(5),
};

/** PBES2 and PBKDF2 of RFC 8018, and GM/T 0091 §6 under its own names, where the PRF is HMAC-SM3 unless another is named. */
const PBES2: Readonly<Record<string, true>> = { '1.2.840.113549.1.5.13': true, '1.2.156.10197.6.4.1.5.2': true };
const PBKDF2: Readonly<Record<string, DigestName>> = { '1.2.840.113549.1.5.12': 'SHA-1', '1.2.156.10197.6.4.1.5.1': 'SM3' };
const SCRYPT = '1.3.6.1.4.1.11591.4.11';

/**
 * Decrypts what a password encrypted.
 * @throws KeyFileError KEY_ENCRYPTION_UNSUPPORTED | KEY_DERIVATION_TOO_COSTLY | KEY_FILE_DAMAGED for its parameters;
 *   KEY_PASSWORD_WRONG when the padding is wrong, which damage may be as well
 */
export async function decryptByPassword(algorithm: AlgorithmIdentifier, ciphertext: Uint8Array, password: Password, budget: DerivationBudget): Promise<Uint8Array> {
  const { cipher, key, iv } = Object.hasOwn(PBES2, algorithm.oid) ? await pbes2(algorithm, password, budget) : await pkcs12Cipher(algorithm, password, budget);
  try {
    return await cipher.decrypt(key, iv, ciphertext);
  } catch (cause) {
    throw new KeyFileError('KEY_PASSWORD_WRONG', 'decryption failed', { cause });
  } finally {
    key.fill(0);
  }
}

interface Keyed {
  readonly cipher: Cipher;
  readonly key: Uint8Array;
  readonly iv: Uint8Array;
}

async function pbes2({ parameters }: AlgorithmIdentifier, password: Password, budget: DerivationBudget): Promise<Keyed> {
  const [derivation, scheme] = reading('PBES2 parameters', () => {
    const reader = parametersOf(parameters);
    const both = [readAlgorithmIdentifier(reader), readAlgorithmIdentifier(reader)] as const;
    reader.finish('PBES2-params');
    return both;
  });
  const cipher = known(CIPHERS, scheme.oid, 'cipher');
  const iv = reading('the IV', () => new DerReader(scheme.parameters ?? new Uint8Array(0)).expect(Tag.OCTET_STRING, 'IV').content());
  if (iv.length !== cipher.ivLength) throw new KeyFileError('KEY_FILE_DAMAGED', `an IV of ${iv.length} octets`);
  return { cipher, iv, key: await deriveKey(derivation, password.utf8, budget, cipher.keyLength) };
}

/**
 * The key that a derivation of PBES2 or PBMAC1 gives.
 * @param length octets where the parameters need not say; where they do they must agree
 */
export async function deriveKey(derivation: AlgorithmIdentifier, password: Uint8Array, budget: DerivationBudget, length: number | undefined): Promise<Uint8Array> {
  if (derivation.oid === SCRYPT) return deriveByScrypt(derivation, password, budget, length);
  const fallback = known(PBKDF2, derivation.oid, 'derivation');
  const { salt, iterations, keyLength, prf } = reading('PBKDF2 parameters', () => {
    const reader = parametersOf(derivation.parameters);
    const parameters = {
      salt: reader.expect(Tag.OCTET_STRING, 'salt').content(),
      iterations: smallInteger(reader),
      keyLength: reader.peek() === Tag.INTEGER ? smallInteger(reader) : undefined,
      prf: reader.done ? undefined : readAlgorithmIdentifier(reader).oid,
    };
    reader.finish('PBKDF2-params');
    return parameters;
  });
  return pbkdf2(prf === undefined ? fallback : known(PRFS, prf, 'PRF'), password, { salt, iterations, length: agreed(keyLength, length) }, budget);
}

async function deriveByScrypt({ parameters }: AlgorithmIdentifier, password: Uint8Array, budget: DerivationBudget, length: number | undefined): Promise<Uint8Array> {
  const { salt, keyLength, ...costs } = reading('scrypt parameters', () => {
    const reader = parametersOf(parameters);
    const read = { salt: reader.expect(Tag.OCTET_STRING, 'salt').content(), n: smallInteger(reader), r: smallInteger(reader), p: smallInteger(reader), keyLength: reader.done ? undefined : smallInteger(reader) };
    reader.finish('scrypt-params');
    return read;
  });
  return scrypt(password, salt, { ...costs, length: agreed(keyLength, length) }, budget);
}

async function pkcs12Cipher({ oid, parameters }: AlgorithmIdentifier, password: Password, budget: DerivationBudget): Promise<Keyed> {
  const cipher = known(PKCS12_CIPHERS, oid, 'cipher');
  const { salt, iterations } = reading('parameters of a PKCS #12 cipher', () => {
    const reader = parametersOf(parameters);
    const read = { salt: reader.expect(Tag.OCTET_STRING, 'salt').content(), iterations: smallInteger(reader) };
    reader.finish('pkcs-12PbeParams');
    return read;
  });
  const derived = (purpose: 1 | 2, length: number): Promise<Uint8Array> => pkcs12Derive('SHA-1', purpose, password.bmp, { salt, iterations, length }, budget);
  return { cipher, key: await derived(PKCS12_KEY, cipher.keyLength), iv: await derived(PKCS12_IV, cipher.ivLength) };
}

export function prfNamed(oid: string): DigestName {
  return known(PRFS, oid, 'HMAC');
}

function agreed(stated: number | undefined, needed: number | undefined): number {
  const length = needed ?? stated;
  if (length === undefined || (stated !== undefined && stated !== length)) throw new KeyFileError('KEY_FILE_DAMAGED', 'the length of the derived key does not fit what it is for');
  return length;
}

function known<T>(table: Readonly<Record<string, T>>, oid: string, what: string): T {
  if (!Object.hasOwn(table, oid)) throw new KeyFileError('KEY_ENCRYPTION_UNSUPPORTED', `the ${what} ${oid} is not read`, { detail: oid });
  return table[oid]!;
}

function parametersOf(parameters: Uint8Array | undefined): DerReader {
  const reader = new DerReader(parameters ?? new Uint8Array(0));
  reader.expect(Tag.SEQUENCE, 'parameters').finish('parameters');
  return reader.enter();
}

/** From 0 to 2^31-1. */
export function smallInteger(reader: DerReader): number {
  const content = reader.expect(Tag.INTEGER, 'INTEGER').content();
  if (content.length === 0 || content.length > 4 || content[0]! > 0x7f) throw new KeyFileError('KEY_DERIVATION_TOO_COSTLY', 'a number out of range');
  return content.reduce((value, octet) => value * 256 + octet, 0);
}
