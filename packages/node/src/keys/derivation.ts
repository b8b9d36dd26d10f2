import { getHashes, hash, pbkdf2 as opensslPbkdf2, scrypt as opensslScrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { hmac, softwareDigests, type DigestAlgorithm, type DigestName } from '@hefu/crypto';
import { plainOctets } from '../plain-octets.js';
import { KeyFileError } from './error.js';

const derive = promisify(opensslPbkdf2);
const deriveScrypt = promisify(opensslScrypt) as (password: Uint8Array, salt: Uint8Array, length: number, options: object) => Promise<Buffer>;
const OPENSSL_NAME: Readonly<Record<DigestName, string>> = { SM3: 'sm3', 'SHA-1': 'sha1', 'SHA-224': 'sha224', 'SHA-256': 'sha256', 'SHA-384': 'sha384', 'SHA-512': 'sha512' };
/** Input block of each compression function, octets: v of RFC 7292 §B.2. */
const BLOCK: Readonly<Partial<Record<DigestName, number>>> = { 'SHA-384': 128, 'SHA-512': 128 };
/** Iterations between two looks at the signal and the event loop. */
const STRETCH = 16_384;

const isNative = (name: DigestName): boolean => getHashes().includes(OPENSSL_NAME[name]);

export function digestNamed(name: DigestName): DigestAlgorithm {
  return softwareDigests.find((digest) => digest.name === name)!;
}

/** One call for a digest: over the few octets of an iteration, making a hash object costs more than the compression. */
function oneShot(name: DigestName): (octets: Uint8Array) => Uint8Array {
  return isNative(name) ? (octets) => hash(OPENSSL_NAME[name], octets, 'buffer') : digestNamed(name).digest;
}

/** What one file may cost: a stranger's file names its own iteration counts. */
export interface DerivationBudget {
  /** @throws KeyFileError KEY_DERIVATION_TOO_COSTLY | KEY_ABORTED */
  spend(iterations: number): void;
  readonly signal: AbortSignal | undefined;
}

export function derivationBudget(iterations: number, signal?: AbortSignal): DerivationBudget {
  let left = iterations;
  return {
    signal,
    spend(wanted) {
      stopIfAborted(signal);
      if (!(wanted >= 1)) throw new KeyFileError('KEY_FILE_DAMAGED', 'an iteration count below 1');
      if (wanted > left) throw new KeyFileError('KEY_DERIVATION_TOO_COSTLY', `${wanted} iterations asked for, ${left} left of ${iterations}`);
      left -= wanted;
    },
  };
}

export interface Derivation {
  readonly salt: Uint8Array;
  readonly iterations: number;
  /** Octets wanted. */
  readonly length: number;
}

/** PBKDF2 (RFC 8018 §5.2). */
export async function pbkdf2(name: DigestName, password: Uint8Array, { salt, iterations, length }: Derivation, budget: DerivationBudget): Promise<Uint8Array> {
  const blocks = Math.ceil(length / digestNamed(name).outputLength);
  budget.spend(iterations * blocks);
  if (isNative(name)) return plainOctets(await derive(password, salt, iterations, length, OPENSSL_NAME[name]));
  return pbkdf2InSoftware(digestNamed(name), password, { salt, iterations, length }, budget);
}

/** For builds of Node.js without SM3. */
export async function pbkdf2InSoftware(digest: DigestAlgorithm, password: Uint8Array, { salt, iterations, length }: Derivation, { signal }: Pick<DerivationBudget, 'signal'>): Promise<Uint8Array> {
  const derived = new Uint8Array(length);
  for (let offset = 0, block = 1; offset < length; offset += digest.outputLength, block++) {
    let u = hmac(digest, password, Uint8Array.of(...salt, block >>> 24, block >>> 16, block >>> 8, block));
    const t = Uint8Array.from(u);
    for (let i = 1; i < iterations; i++) {
      if (i % STRETCH === 0) await pause(signal);
      u = hmac(digest, password, u);
      for (let at = 0; at < t.length; at++) t[at]! ^= u[at]!;
    }
    derived.set(t.subarray(0, length - offset), offset);
  }
  return derived;
}

/** Largest N, memory and work of scrypt: OpenSSL writes N = 16384, r = 8, p = 1. */
const MAX_SCRYPT_MEMORY = 128 * 1024 * 1024;

/** scrypt (RFC 7914). */
export async function scrypt(password: Uint8Array, salt: Uint8Array, { n, r, p, length }: { readonly n: number; readonly r: number; readonly p: number; readonly length: number }, budget: DerivationBudget): Promise<Uint8Array> {
  if (n < 2 || (n & (n - 1)) !== 0 || r < 1 || p < 1) throw new KeyFileError('KEY_FILE_DAMAGED', 'scrypt parameters out of range');
  if (128 * n * r > MAX_SCRYPT_MEMORY) throw new KeyFileError('KEY_DERIVATION_TOO_COSTLY', `scrypt asks for ${128 * n * r} octets of memory`);
  budget.spend(n * r * p);
  return plainOctets(await deriveScrypt(password, salt, length, { N: n, r, p, maxmem: 2 * MAX_SCRYPT_MEMORY }));
}

/** What octets are derived for (RFC 7292 §B.3). */
export const PKCS12_KEY = 1;
export const PKCS12_IV = 2;
export const PKCS12_MAC = 3;

/** The derivation of PKCS #12 (RFC 7292 §B.2). `password` is the BMPString with its end. */
export async function pkcs12Derive(name: DigestName, purpose: 1 | 2 | 3, password: Uint8Array, { salt, iterations, length }: Derivation, budget: DerivationBudget): Promise<Uint8Array> {
  const digest = oneShot(name);
  const { outputLength } = digestNamed(name);
  const v = BLOCK[name] ?? 64;
  const blocks = Math.ceil(length / outputLength);
  budget.spend(iterations * blocks);
  const d = new Uint8Array(v).fill(purpose);
  const input = joined(filled(salt, v), filled(password, v));
  const derived = new Uint8Array(length);
  for (let block = 0; block < blocks; block++) {
    let a = digest(joined(d, input));
    for (let i = 1; i < iterations; i++) {
      if (i % STRETCH === 0) await pause(budget.signal);
      a = digest(a);
    }
    derived.set(a.subarray(0, length - block * outputLength), block * outputLength);
    const b = filledTo(a, v);
    for (let at = 0; at < input.length; at += v) addOne(input.subarray(at, at + v), b);
  }
  input.fill(0);
  return derived;
}

/** I_j := (I_j + B + 1) mod 2^v. */
function addOne(target: Uint8Array, b: Uint8Array): void {
  let carry = 1;
  for (let i = target.length - 1; i >= 0; i--) {
    carry += target[i]! + b[i]!;
    target[i] = carry & 0xff;
    carry >>= 8;
  }
}

/** Repeated to the next multiple of v; nothing stays nothing. */
function filled(octets: Uint8Array, v: number): Uint8Array {
  return filledTo(octets, v * Math.ceil(octets.length / v));
}

function filledTo(octets: Uint8Array, length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => octets[i % octets.length]!);
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  const octets = new Uint8Array(a.length + b.length);
  octets.set(a);
  octets.set(b, a.length);
  return octets;
}

async function pause(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => { setImmediate(resolve); });
  stopIfAborted(signal);
}

function stopIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw new KeyFileError('KEY_ABORTED', 'reading a key file was aborted', { cause: signal.reason });
}
