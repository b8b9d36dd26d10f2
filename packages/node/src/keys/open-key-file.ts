import { equalBytes, type Certificate } from '@hefu/pki';
import { DEFAULT_NODE_LIMITS } from '../limits.js';
import { readCertificates, readInput, type Input } from '../read-input.js';
import { chainOf, readableCertificates } from './chain.js';
import { derivationBudget, type DerivationBudget } from './derivation.js';
import { decryptByPassword } from './encryption.js';
import { KeyFileError, reading } from './error.js';
import { fileKey, type FileKey } from './file-key.js';
import { readKeyForm, type KeyFile } from './key-form.js';
import { passwordFrom, readings, type PasswordSource } from './password.js';
import { openPfxContent, type Bag } from './pfx.js';
import { readEcPrivateKey, readPrivateKeyInfo, readRsaPrivateKey, samePublicKey, type PrivateKey } from './private-key.js';
import { DerReader, Tag, readAlgorithmIdentifier } from '@hefu/pki';

export interface OpenKeyFileOptions {
  /** Asked for only where the file is encrypted, once. */
  readonly password?: PasswordSource;
  /** Certificates that lie elsewhere: of the key, and of CAs above it. */
  readonly certificates?: readonly Input[];
  /** Work that the file may ask for, in iterations of its derivations together. Default: `DEFAULT_NODE_LIMITS.maxKdfIterations`. */
  readonly maxKdfIterations?: number;
  readonly signal?: AbortSignal;
}

/** What a file of keys holds. */
export interface OpenedKeys {
  /** Keys with their certificates, as `createSoftAdapter` and `keyFileAdapter` take them; one for each certificate of a key. At least one. */
  readonly keys: readonly FileKey[];
  /** Certificates that are of none of the keys, DER. */
  readonly otherCertificates: readonly Uint8Array[];
  /** Keys that cannot be used, and why. */
  readonly unusable: readonly { readonly label: string | undefined; readonly error: KeyFileError }[];
  /** Wipes every key. */
  wipe(): void;
}

/** A private key with what its container says of it. */
export interface KeptKey {
  readonly key: PrivateKey;
  readonly localKeyId: Uint8Array | undefined;
  readonly label: string | undefined;
}

export interface KeptKeys {
  readonly keys: readonly KeptKey[];
  readonly certificates: readonly Bag[];
  readonly unusable: OpenedKeys['unusable'];
  /** No password guarded it. */
  readonly unprotected: boolean;
}

/**
 * Opens a file of private keys: PFX (PKCS #12, modern and legacy), PKCS #8 encrypted or not, RFC 5915 or PKCS #1, in DER, PEM or base64.
 * @throws KeyFileError; NodeError FILE_…; PkiError for `certificates`
 */
export async function openKeyFile(input: Input, options: OpenKeyFileOptions = {}): Promise<OpenedKeys> {
  const beside = (await Promise.all((options.certificates ?? []).map((each) => readCertificates(each, DEFAULT_NODE_LIMITS.maxCertificateBytes)))).flat();
  const { keys, certificates, unusable } = await readKeyFile(input, options);
  return assemble(keys, certificates, beside, unusable);
}

/**
 * As {@link openKeyFile}, for PFX alone.
 * @throws KeyFileError, KEY_FILE_INVALID for any other file
 */
export async function openPfx(input: Input, password: PasswordSource, options: Omit<OpenKeyFileOptions, 'password'> = {}): Promise<OpenedKeys> {
  const file = octetsOfInput(await readInput(input, DEFAULT_NODE_LIMITS.maxKeyFileBytes));
  if (readKeyForm(bounded(file)).form !== 'pfx') throw new KeyFileError('KEY_FILE_INVALID', 'this is no PFX');
  return openKeyFile(file, { ...options, password });
}

/** The private keys of a file, with or without certificates. @throws as {@link openKeyFile} */
export async function readKeyFile(input: Input, { password: source, maxKdfIterations = DEFAULT_NODE_LIMITS.maxKdfIterations, signal }: OpenKeyFileOptions): Promise<KeptKeys> {
  const file = readKeyForm(bounded(octetsOfInput(await readInput(input, DEFAULT_NODE_LIMITS.maxKeyFileBytes))));
  const budget = derivationBudget(maxKdfIterations, signal);
  const certificates = file.certificates.map((der) => ({ der, localKeyId: undefined, friendlyName: undefined }));
  const one = (key: PrivateKey, unprotected: boolean): KeptKeys => ({ keys: [{ key, localKeyId: undefined, label: undefined }], certificates, unusable: [], unprotected });
  switch (file.form) {
    case 'pkcs8': return one(readPrivateKeyInfo(file.der), true);
    case 'ec': return one(readEcPrivateKey(file.der), true);
    case 'rsa': return one(readRsaPrivateKey(file.der), true);
    case 'encrypted-pkcs8': return one(await decryptPkcs8(file, source, budget), false);
    case 'pfx': return readPfxKeys(file, source, budget);
  }
}

async function decryptPkcs8({ der }: KeyFile, source: PasswordSource | undefined, budget: DerivationBudget): Promise<PrivateKey> {
  const { algorithm, ciphertext } = reading('EncryptedPrivateKeyInfo', () => {
    const outer = new DerReader(der);
    outer.expect(Tag.SEQUENCE, 'EncryptedPrivateKeyInfo').finish('EncryptedPrivateKeyInfo');
    const reader = outer.enter();
    const read = { algorithm: readAlgorithmIdentifier(reader), ciphertext: reader.expect(Tag.OCTET_STRING, 'encryptedData').content() };
    reader.finish('EncryptedPrivateKeyInfo');
    return read;
  });
  const password = await passwordFrom(source);
  try {
    const info = await decryptByPassword(algorithm, ciphertext, password, budget);
    try {
      return readPrivateKeyInfo(info);
    } catch (error) {
      // The padding of a CBC mode is right by chance once in 256 wrong passwords.
      throw error instanceof KeyFileError && error.code === 'KEY_FILE_DAMAGED' ? new KeyFileError('KEY_PASSWORD_WRONG', 'what was decrypted is no private key', { cause: error }) : error;
    } finally {
      info.fill(0);
    }
  } finally {
    password.wipe();
  }
}

async function readPfxKeys({ der }: KeyFile, source: PasswordSource | undefined, budget: DerivationBudget): Promise<KeptKeys> {
  const password = await passwordFrom(source);
  try {
    const content = await openPfxContent(der, readings(password), budget);
    if (content.keys.length === 0) throw new KeyFileError('KEY_MISSING', 'the PFX holds no private key');
    const keys: KeptKey[] = [];
    const unusable: { readonly label: string | undefined; readonly error: KeyFileError }[] = [];
    for (const { der: info, localKeyId, friendlyName: label } of content.keys) {
      try {
        keys.push({ key: readPrivateKeyInfo(info), localKeyId, label });
      } catch (error) {
        if (!(error instanceof KeyFileError)) throw error;
        unusable.push({ label, error });
      } finally {
        info.fill(0);
      }
    }
    if (keys.length === 0) throw unusable[0]!.error;
    return { keys, certificates: content.certificates, unusable, unprotected: false };
  } finally {
    password.wipe();
  }
}

/** A certificate is a key's if its public key is; the localKeyId only says which of several is meant. */
function assemble(kept: readonly KeptKey[], bags: readonly Bag[], beside: readonly Certificate[], before: OpenedKeys['unusable']): OpenedKeys {
  const certificates = readableCertificates([...bags.map(({ der }) => der), ...beside.map(({ bytes }) => bytes)]);
  const unusable = [...before];
  const claimed = new Set<Certificate>();
  const keys = kept.flatMap(({ key, localKeyId, label }) => {
    const marked = (certificate: Certificate): boolean => localKeyId !== undefined && bags.some((bag) => bag.localKeyId !== undefined && equalBytes(bag.localKeyId, localKeyId) && equalBytes(bag.der, certificate.bytes));
    const own = certificates.filter((certificate) => hasKey(certificate, key)).sort((a, b) => Number(marked(b)) - Number(marked(a)));
    if (own.length === 0) unusable.push({ label, error: new KeyFileError('KEY_CERTIFICATE_MISSING', 'no certificate is of this key') });
    return own.map((leaf) => {
      claimed.add(leaf);
      const name = label ?? bags.find((bag) => equalBytes(bag.der, leaf.bytes))?.friendlyName;
      return fileKey(key, chainOf(leaf, certificates), name);
    });
  });
  if (keys.length === 0) {
    for (const { key } of kept) if (key.kind === 'SM2') key.d.fill(0);
    throw unusable[0]!.error;
  }
  return { keys, otherCertificates: certificates.filter((certificate) => !claimed.has(certificate)).map(({ bytes }) => bytes), unusable, wipe: () => { for (const key of keys) key.wipe(); } };
}

function hasKey({ spki }: Certificate, { publicKey }: PrivateKey): boolean {
  try {
    return samePublicKey(spki.key, publicKey);
  } catch {
    return false; // a kind of key unknown here
  }
}

function octetsOfInput(input: Uint8Array | string): Uint8Array {
  return typeof input === 'string' ? new TextEncoder().encode(input) : input;
}

function bounded(file: Uint8Array): Uint8Array {
  const { maxKeyFileBytes } = DEFAULT_NODE_LIMITS;
  if (file.length > maxKeyFileBytes) throw new KeyFileError('KEY_FILE_TOO_LARGE', `${file.length} octets, at most ${maxKeyFileBytes}`);
  return file;
}
