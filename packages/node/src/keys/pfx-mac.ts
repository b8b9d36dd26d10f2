import { createHmac } from 'node:crypto';
import { equalConstantTime, hmac, type DigestName } from '@hefu/crypto';
import { DerReader, Tag, readAlgorithmIdentifier, type AlgorithmIdentifier, type BerReader } from '@hefu/pki';
import { PKCS12_MAC, digestNamed, pkcs12Derive, type DerivationBudget } from './derivation.js';
import { deriveKey, prfNamed, smallInteger } from './encryption.js';
import { KeyFileError, reading } from './error.js';
import type { Password } from './password.js';

/** MacData (RFC 7292 §4). */
export interface MacData {
  readonly algorithm: AlgorithmIdentifier;
  readonly value: Uint8Array;
  readonly salt: Uint8Array;
  readonly iterations: number;
}

const PBMAC1 = '1.2.840.113549.1.5.14';
const DIGESTS: Readonly<Record<string, DigestName>> = {
  '1.3.14.3.2.26': 'SHA-1', '2.16.840.1.101.3.4.2.4': 'SHA-224', '2.16.840.1.101.3.4.2.1': 'SHA-256', '2.16.840.1.101.3.4.2.2': 'SHA-384', '2.16.840.1.101.3.4.2.3': 'SHA-512',
  '1.2.156.10197.1.401': 'SM3',
};
/** Octets of a PBMAC1 key; with a short one a MAC is right by chance (RFC 9579 §6 leaves the length to the file). */
const SHORTEST_KEY = 20;
const LONGEST_KEY = 512;

/** Reads the next element. */
export function readMacData(reader: BerReader): MacData {
  reader.expect(Tag.SEQUENCE, 'MacData');
  const inner = reader.enter();
  inner.expect(Tag.SEQUENCE, 'DigestInfo');
  const info = inner.enter();
  const algorithm = readAlgorithmIdentifier(info);
  const value = info.expect(Tag.OCTET_STRING, 'digest').content();
  info.finish('DigestInfo');
  const salt = inner.expect(Tag.OCTET_STRING, 'macSalt').content();
  const iterations = inner.done ? 1 : smallInteger(inner);
  inner.finish('MacData');
  return { algorithm, value, salt, iterations };
}

/**
 * Whether the MAC over the content of the authenticated safe is right under the password.
 * @throws KeyFileError KEY_ENCRYPTION_UNSUPPORTED | KEY_DERIVATION_TOO_COSTLY | KEY_FILE_DAMAGED
 */
export async function isMacRight({ algorithm, value, salt, iterations }: MacData, content: Uint8Array, password: Password, budget: DerivationBudget): Promise<boolean> {
  if (algorithm.oid === PBMAC1) return equalConstantTime(await pbmac1(algorithm, content, password, budget), value);
  const name = Object.hasOwn(DIGESTS, algorithm.oid) ? DIGESTS[algorithm.oid] : undefined;
  if (name === undefined) throw new KeyFileError('KEY_ENCRYPTION_UNSUPPORTED', `the MAC ${algorithm.oid} is not read`, { detail: algorithm.oid });
  const key = await pkcs12Derive(name, PKCS12_MAC, password.bmp, { salt, iterations, length: digestNamed(name).outputLength }, budget);
  return equalConstantTime(keyed(name, key, content), value);
}

/** RFC 9579 §5, RFC 8018 §7.1: its own derivation and HMAC, those of MacData being ignored. */
async function pbmac1({ parameters }: AlgorithmIdentifier, content: Uint8Array, password: Password, budget: DerivationBudget): Promise<Uint8Array> {
  const { derivation, mac, keyLength } = reading('PBMAC1 parameters', () => {
    const outer = new DerReader(parameters ?? new Uint8Array(0));
    outer.expect(Tag.SEQUENCE, 'PBMAC1-params').finish('PBMAC1-params');
    const inner = outer.enter();
    const read = { derivation: readAlgorithmIdentifier(inner), mac: readAlgorithmIdentifier(inner) };
    inner.finish('PBMAC1-params');
    return { ...read, keyLength: statedLength(read.derivation) };
  });
  if (keyLength < SHORTEST_KEY || keyLength > LONGEST_KEY) throw new KeyFileError('KEY_ENCRYPTION_UNSUPPORTED', `a PBMAC1 key of ${keyLength} octets`, { detail: 'pbmac1-key-length' });
  return keyed(prfNamed(mac.oid), await deriveKey(derivation, password.utf8, budget, undefined), content);
}

/** keyLength, which RFC 9579 §5 requires; it is not known otherwise. */
function statedLength({ parameters }: AlgorithmIdentifier): number {
  const reader = new DerReader(parameters ?? new Uint8Array(0)).expect(Tag.SEQUENCE, 'PBKDF2-params').enter();
  reader.expect(Tag.OCTET_STRING, 'salt');
  reader.expect(Tag.INTEGER, 'iterationCount');
  return smallInteger(reader);
}

function keyed(name: DigestName, key: Uint8Array, content: Uint8Array): Uint8Array {
  const mac = name === 'SM3' ? hmac(digestNamed(name), key, content) : new Uint8Array(createHmac(name.replace('-', '').toLowerCase(), key).update(content).digest());
  key.fill(0);
  return mac;
}
