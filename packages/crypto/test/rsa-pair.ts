import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface RsaPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

/** PKCS #8 in Base64, made by Node's `generateKeyPair`; nobody's, and known to everyone. */
const KEYS = JSON.parse(readFileSync(new URL('rsa-2048.json', import.meta.url), 'utf8')) as readonly string[];
const pairs: RsaPair[] = [];
let next = 0;

/**
 * A key of 2048 bits, nine in turn, three times as many as any test has at once: each takes a third of a second to make, and what is tested
 * is not how.
 * @param which always the same, for keys that outlive the file that asks for them: else it depends on which files were before
 */
export function rsaPair(which: number = next++): RsaPair {
  const index = which % KEYS.length;
  if (pairs[index] === undefined) {
    const privateKey = createPrivateKey({ key: Buffer.from(KEYS[index]!, 'base64'), format: 'der', type: 'pkcs8' });
    pairs[index] = { privateKey, publicKey: createPublicKey(privateKey) };
  }
  return pairs[index];
}
