import { equalBytes } from '@hefu/pki';
import { BrowserError } from '../error.js';
import { BROWSER_LIMITS } from '../limits.js';
import { randomOctets, webCrypto } from '../verify/browser-algorithms.js';
import type { Unlocking, WrappedSecret, Wrapping } from './key-record.js';

const SALT_OCTETS = 32;
/** GCM's own, NIST SP 800-38D §5.2.1.1. */
const IV_OCTETS = 12;
const PURPOSE = 'hefu soft key';

/**
 * Encrypts a secret. The public key is bound to it, so that a record's halves cannot be exchanged.
 * @throws BrowserError PASSPHRASE_WEAK | PASSKEY_… | INSECURE_CONTEXT
 */
export async function wrapSecret(secret: Uint8Array, publicKey: Uint8Array, unlocking: Unlocking): Promise<WrappedSecret> {
  const salt = randomOctets(SALT_OCTETS);
  if ('passphrase' in unlocking && [...unlocking.passphrase].length < BROWSER_LIMITS.minPassphraseCharacters) throw new BrowserError('PASSPHRASE_WEAK', 'the passphrase is too short');
  const by: Wrapping = 'passphrase' in unlocking
    ? { kind: 'passphrase', salt, iterations: BROWSER_LIMITS.pbkdf2Iterations }
    : { kind: 'passkey', credentialId: unlocking.passkey.credentialId.slice(), salt };
  const iv = randomOctets(IV_OCTETS);
  const key = await deriveKey(by, unlocking);
  const ciphertext = await webCrypto().encrypt({ name: 'AES-GCM', iv, additionalData: publicKey.slice() }, key, secret.slice());
  return { kind: 'wrapped', iv, ciphertext: new Uint8Array(ciphertext), by };
}

/** @throws BrowserError PASSPHRASE_WRONG | PASSKEY_… | KEY_DAMAGED */
export async function unwrapSecret({ iv, ciphertext, by }: WrappedSecret, publicKey: Uint8Array, unlocking: Unlocking): Promise<Uint8Array> {
  const key = await deriveKey(by, unlocking);
  try {
    return new Uint8Array(await webCrypto().decrypt({ name: 'AES-GCM', iv: iv.slice(), additionalData: publicKey.slice() }, key, ciphertext.slice()));
  } catch (cause) {
    // Which of the two cannot be told; a person is rather mistaken than a disk.
    throw by.kind === 'passphrase' ? new BrowserError('PASSPHRASE_WRONG', 'the passphrase opens nothing', { cause }) : new BrowserError('PASSKEY_REFUSED', 'the passkey opens nothing', { cause });
  }
}

async function deriveKey(by: Wrapping, unlocking: Unlocking): Promise<CryptoKey> {
  const subtle = webCrypto();
  if (by.kind === 'passphrase') {
    if (!('passphrase' in unlocking)) throw new BrowserError('PASSPHRASE_WRONG', 'this key is under a passphrase');
    if (!Number.isSafeInteger(by.iterations) || by.iterations < 1 || by.iterations > BROWSER_LIMITS.maxPbkdf2Iterations) throw new BrowserError('KEY_DAMAGED', 'an impossible number of iterations');
    // NFKC: the same passphrase from another keyboard or input method (RFC 8265 §4.2 asks for NFC at least).
    const text = new TextEncoder().encode(unlocking.passphrase.normalize('NFKC'));
    const base = await subtle.importKey('raw', text, 'PBKDF2', false, ['deriveKey']);
    text.fill(0);
    return subtle.deriveKey({ name: 'PBKDF2', hash: 'SHA-256', salt: by.salt.slice(), iterations: by.iterations }, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
  }
  if (!('passkey' in unlocking) || !equalBytes(unlocking.passkey.credentialId, by.credentialId)) throw new BrowserError('PASSKEY_REFUSED', 'this key is under another passkey');
  const octets = (await unlocking.passkey.evaluate(by.salt)).slice();
  const base = await subtle.importKey('raw', octets, 'HKDF', false, ['deriveKey']);
  octets.fill(0);
  return subtle.deriveKey({ name: 'HKDF', hash: 'SHA-256', salt: by.salt.slice(), info: new TextEncoder().encode(PURPOSE) }, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}
