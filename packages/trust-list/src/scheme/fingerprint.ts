import type { Algorithms } from '@hefu/crypto';
import { readEnvelope } from '../envelope.js';
import { refuse, type Refusal } from '../refuse.js';
import { hexOf } from '../sha256.js';

/** Hashes of a root's payload octets, for comparing out of band. */
export interface Fingerprint {
  /** Hex in any case; spaces, colons and line ends between digits do not count. */
  readonly sha256?: string;
  readonly sm3?: string;
}

/**
 * The fingerprint of a document, as people read it out: upper-case hex in groups of four.
 * @param envelope the file; its signatures are not looked at
 * @throws TrustListError when it is no envelope
 * @throws TypeError when the algorithms lack SHA-256 or SM3
 */
export function fingerprintOf(envelope: Uint8Array, algorithms: Algorithms): Required<Fingerprint> {
  const { payloadBytes } = readEnvelope(envelope);
  const [sha256, sm3] = (['SHA-256', 'SM3'] as const).map((name) => grouped(hash(name, payloadBytes, algorithms))) as [string, string];
  return { sha256, sm3 };
}

/** Compares with what was told; every hash that was told must agree. @throws TypeError when nothing usable was told */
export function checkFingerprint(expected: Fingerprint, payload: Uint8Array, algorithms: Algorithms): Refusal | undefined {
  const told = [['SHA-256', expected.sha256], ['SM3', expected.sm3]] as const;
  if (told.every(([, text]) => text === undefined)) throw new TypeError('a fingerprint has sha256 or sm3');
  for (const [name, text] of told) {
    if (text === undefined) continue;
    const wanted = text.replace(/[\s:]/g, '').toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(wanted)) throw new TypeError(`the ${name} fingerprint is not 64 hex digits`);
    const found = hash(name, payload, algorithms);
    if (found !== wanted) return refuse('TL_ROOT_FINGERPRINT', { expected: `${name} ${grouped(wanted)}`, actual: grouped(found) });
  }
  return undefined;
}

function hash(name: 'SHA-256' | 'SM3', payload: Uint8Array, algorithms: Algorithms): string {
  const digest = algorithms.digests.find((each) => each.name === name);
  if (digest === undefined) throw new TypeError(`algorithms.digests has no ${name}`);
  return hexOf(digest.digest(payload));
}

function grouped(hex: string): string {
  return hex.toUpperCase().match(/.{4}/g)!.join(' ');
}
