import { sm2PublicKey, sm2SignDigest } from '@hefu/crypto';
import { equalBytes, parseCertificate } from '@hefu/pki';
import { createSoftAdapter, SignError, type AlgorithmChoice, type SigningAdapter, type SoftKey, type ToSign } from '@hefu/sign';
import { BrowserError } from '../error.js';
import { randomOctets, webCrypto } from '../verify/browser-algorithms.js';
import type { KeyRecord, Unlocking } from './key-record.js';
import { keyRecords } from './key-store.js';
import { unwrapSecret, wrapSecret } from './wrap-secret.js';

/** A kind of key this browser can hold. */
export type SoftKeyKind = 'SM2' | 'RSA-2048' | 'RSA-3072' | 'P-256' | 'P-384';

export interface CreateSoftKeyOptions {
  /** Its name here, 1 to 100 characters. */
  readonly ref: string;
  readonly kind: SoftKeyKind;
  readonly label?: string;
  /** What an SM2 key is wrapped by; WebCrypto has no SM2, so its octets must rest encrypted. */
  readonly unlock?: Unlocking;
}

/** A key without what is secret of it. */
export interface SoftKeyEntry extends Pick<KeyRecord, 'ref' | 'label' | 'createdAt' | 'algorithm' | 'publicKey' | 'chain'> {
  /** What it takes to use it. */
  readonly lock: 'none' | 'passphrase' | 'passkey';
  /** Whether it can be used now. */
  readonly unlocked: boolean;
  /** Of the passkey that unlocks it, for `passkey()`. */
  readonly credentialId?: Uint8Array;
}

/**
 * Keys kept by this browser, for pilots, tests and platforms that accept software keys: what the page can use, a page taken over can
 * use too. RSA and ECDSA keys are the platform's and cannot be read; an SM2 key is in memory from `unlock` to `lock`.
 */
export interface SoftKeys {
  list(): Promise<readonly SoftKeyEntry[]>;
  /** @throws BrowserError KEY_EXISTS | PASSPHRASE_WEAK | PASSKEY_… | KEY_STORE_FAILED; TypeError for an SM2 key without `unlock` */
  create(options: CreateSoftKeyOptions): Promise<SoftKeyEntry>;
  /** @param chain DER, leaf first. @throws BrowserError CERTIFICATE_MISMATCH | KEY_NOT_FOUND; PkiError for what is no certificate */
  setCertificate(ref: string, chain: readonly Uint8Array[]): Promise<SoftKeyEntry>;
  /** @throws BrowserError PASSPHRASE_WRONG | PASSKEY_… | KEY_NOT_FOUND */
  unlock(ref: string, unlocking: Unlocking): Promise<void>;
  /** Wraps an SM2 key anew. @throws as `unlock` and `create` */
  rewrap(ref: string, from: Unlocking, to: Unlocking): Promise<void>;
  /** Overwrites what is unlocked in memory: one key, or all. */
  lock(ref?: string): void;
  remove(ref: string): Promise<void>;
  /** The keys that have a certificate, as of now. One that is locked fails to sign with SIGNER_FAILED, whose cause is KEY_LOCKED. */
  adapter(): Promise<SigningAdapter>;
  /** Signs octets with a key, for a certificate request. RSA and ECDSA: by WebCrypto, r||s. SM2: over e, DER. */
  sign(ref: string, toSign: ToSign): Promise<Uint8Array>;
}

const SM2: AlgorithmChoice = { name: 'SM2-SM3', digest: 'SM3', oid: '1.2.156.10197.1.501' };
/** RFC 5754 §3.2 and §3.3. */
const RSA: AlgorithmChoice = { name: 'RSASSA-PKCS1-v1_5-SHA-256', digest: 'SHA-256', oid: '1.2.840.113549.1.1.11' };
const ECDSA: Readonly<Record<'P-256' | 'P-384', AlgorithmChoice>> = {
  'P-256': { name: 'ECDSA-SHA-256', digest: 'SHA-256', oid: '1.2.840.10045.4.3.2' },
  'P-384': { name: 'ECDSA-SHA-384', digest: 'SHA-384', oid: '1.2.840.10045.4.3.3' },
};

/** @param database of IndexedDB. Default `hefu-keys` */
export function openSoftKeys(database = 'hefu-keys'): SoftKeys {
  const records = keyRecords(database);
  const unlocked = new Map<string, Uint8Array>();

  const entry = ({ ref, label, createdAt, algorithm, publicKey, chain, secret }: KeyRecord): SoftKeyEntry => ({
    ref, createdAt, algorithm, publicKey, chain, ...(label === undefined ? {} : { label }),
    lock: secret.kind === 'platform' ? 'none' : secret.by.kind, unlocked: secret.kind === 'platform' || unlocked.has(ref),
    ...(secret.kind === 'wrapped' && secret.by.kind === 'passkey' ? { credentialId: secret.by.credentialId } : {}),
  });
  const signWith = async (record: KeyRecord, toSign: ToSign): Promise<Uint8Array> => {
    if (record.secret.kind === 'platform') return signByPlatform(record.secret.key, toSign);
    if (toSign.kind !== 'sm2-e') throw new SignError('KEY_UNSUPPORTED', 'an SM2 key signs e');
    const d = unlocked.get(record.ref);
    if (d === undefined) throw new BrowserError('KEY_LOCKED', `${record.ref} is locked`);
    return sm2SignDigest(d, toSign.value, { extraEntropy: randomOctets(32) });
  };
  /** @throws BrowserError KEY_DAMAGED where what was unwrapped is not the key of the public one beside it */
  const secretOf = async ({ ref, secret, publicKey }: KeyRecord, unlocking: Unlocking): Promise<Uint8Array | undefined> => {
    if (secret.kind === 'platform') return undefined;
    const d = await unwrapSecret(secret, publicKey, unlocking);
    if (d.length !== 32 || !equalBytes(sm2PublicKey(d), publicKey)) throw new BrowserError('KEY_DAMAGED', `${ref} is not what it was`);
    return d;
  };

  return {
    list: async () => (await records.all()).map(entry),
    async create({ ref, kind, label, unlock }) {
      if (ref.length < 1 || ref.length > 100) throw new TypeError('a key has a name of 1 to 100 characters');
      const made = kind === 'SM2' ? await createSm2Key(unlock) : await createPlatformKey(kind);
      const record: KeyRecord = { ref, version: 1, createdAt: Date.now(), chain: [], ...(label === undefined ? {} : { label }), ...made };
      await records.add(record);
      return entry(record);
    },
    async setCertificate(ref, chain) {
      const record = await records.get(ref);
      const [leaf] = chain.map((der) => parseCertificate(der));
      const expected = leaf === undefined ? undefined : record.secret.kind === 'wrapped' ? pointOf(leaf.spki.key) : leaf.spki.bytes;
      if (expected === undefined || !equalBytes(expected, record.publicKey)) throw new BrowserError('CERTIFICATE_MISMATCH', `the certificate is not for ${ref}`);
      const changed: KeyRecord = { ...record, chain: chain.map((der) => der.slice()) };
      await records.replace(changed);
      return entry(changed);
    },
    async unlock(ref, unlocking) {
      const d = await secretOf(await records.get(ref), unlocking);
      if (d !== undefined) unlocked.set(ref, d);
    },
    async rewrap(ref, from, to) {
      const record = await records.get(ref);
      const d = await secretOf(record, from);
      if (d === undefined) throw new TypeError('a key of the platform is not wrapped');
      await records.replace({ ...record, secret: await wrapSecret(d, record.publicKey, to) });
      d.fill(0);
    },
    lock(ref) {
      for (const name of ref === undefined ? [...unlocked.keys()] : [ref]) {
        unlocked.get(name)?.fill(0);
        unlocked.delete(name);
      }
    },
    async remove(ref) {
      await records.remove(ref);
      unlocked.get(ref)?.fill(0);
      unlocked.delete(ref);
    },
    async adapter() {
      const keys = (await records.all()).filter(({ chain }) => chain.length > 0).map((record): SoftKey => ({
        credential: { ref: record.ref, chain: record.chain, algorithms: [record.algorithm], ...(record.label === undefined ? {} : { label: record.label }) },
        sign: (toSign) => signWith(record, toSign),
      }));
      // WebCrypto hashes by itself, so it is given octets.
      return createSoftAdapter({ keys, accepts: ['sm2-e', 'tbs'] });
    },
    sign: async (ref, toSign) => signWith(await records.get(ref), toSign),
  };
}

type Made = Pick<KeyRecord, 'algorithm' | 'publicKey' | 'secret'>;

async function createSm2Key(unlock: Unlocking | undefined): Promise<Made> {
  if (unlock === undefined) throw new TypeError('an SM2 key is wrapped: give a passphrase or a passkey');
  const d = newSm2Secret();
  const publicKey = sm2PublicKey(d);
  const secret = await wrapSecret(d, publicKey, unlock);
  d.fill(0);
  return { algorithm: SM2, publicKey, secret };
}

/** d in [1, n-2] (GB/T 32918.1 §6.1), by rejection: out of range comes once in 2^32. */
function newSm2Secret(): Uint8Array {
  for (;;) {
    const d = randomOctets(32);
    try {
      void sm2PublicKey(d);
      return d;
    } catch {
      d.fill(0);
    }
  }
}

async function createPlatformKey(kind: Exclude<SoftKeyKind, 'SM2'>): Promise<Made> {
  const subtle = webCrypto();
  const parameters = kind === 'P-256' || kind === 'P-384'
    ? { name: 'ECDSA', namedCurve: kind }
    : { name: 'RSASSA-PKCS1-v1_5', modulusLength: Number(kind.slice(4)), publicExponent: Uint8Array.of(1, 0, 1), hash: 'SHA-256' };
  const { privateKey, publicKey } = await subtle.generateKey(parameters, false, ['sign', 'verify']);
  return {
    algorithm: kind === 'P-256' || kind === 'P-384' ? ECDSA[kind] : RSA,
    publicKey: new Uint8Array(await subtle.exportKey('spki', publicKey)),
    secret: { kind: 'platform', key: privateKey },
  };
}

async function signByPlatform(key: CryptoKey, toSign: ToSign): Promise<Uint8Array> {
  if (toSign.kind !== 'tbs') throw new SignError('KEY_UNSUPPORTED', 'WebCrypto signs octets');
  const { name } = key.algorithm;
  return new Uint8Array(await webCrypto().sign(name === 'ECDSA' ? { name, hash: toSign.digest } : { name }, key, toSign.value.slice()));
}

function pointOf(key: { readonly kty: string; readonly point?: Uint8Array }): Uint8Array | undefined {
  return key.kty === 'EC' ? key.point : undefined;
}
