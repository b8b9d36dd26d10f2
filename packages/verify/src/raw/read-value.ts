import { COMPONENT_OCTETS, normaliseSignature, type PublicKey } from '@hefu/crypto';
import { decodeBase64, decodeBase64url } from '@hefu/trust-list';

/** How a bare signature value is written. `auto`: whichever it is. */
export type ValueEncoding = 'auto' | 'binary' | 'hex' | 'base64';

export interface ReadValue {
  /** Octets of RSA and Ed25519; DER of ECDSA and SM2. */
  readonly value: Uint8Array;
  /** `der`, `r||s`, `octets`, with `hex of ` or `base64 of ` before it. */
  readonly form: string;
}

/** Longer values are none; base64 of an RSA-16384 value is shorter. */
const MAX_VALUE_OCTETS = 8192;

/**
 * Reads a value as signing services hand it over (SOF "P1", field notes §1.2): DER or r||s of ECDSA and SM2, plain octets of RSA
 * and Ed25519, each as octets, hex or base64. Only forms that can be told apart: strict DER, or exactly twice the order.
 * @returns undefined when it is none of them for this key
 */
export function readValue(given: Uint8Array | string, key: PublicKey, encoding: ValueEncoding = 'auto'): ReadValue | undefined {
  if (given.length === 0 || given.length > MAX_VALUE_OCTETS) return undefined;
  if (given instanceof Uint8Array && encoding !== 'hex' && encoding !== 'base64') {
    const read = readOctets(given, key);
    if (read !== undefined || encoding === 'binary') return read;
  }
  const text = (typeof given === 'string' ? given : asciiOf(given))?.replace(/\s+/g, '');
  if (text === undefined || encoding === 'binary') return undefined;
  if (encoding !== 'base64' && /^(?:[0-9a-f]{2})+$/i.test(text)) {
    const read = readOctets(Uint8Array.from(text.match(/../g)!, (octet) => Number.parseInt(octet, 16)), key);
    if (read !== undefined || encoding === 'hex') return read === undefined ? undefined : { ...read, form: `hex of ${read.form}` };
  }
  if (encoding === 'hex') return undefined;
  const octets = decodeBase64(text) ?? decodeBase64url(text);
  const read = octets === undefined ? undefined : readOctets(octets, key);
  return read === undefined ? undefined : { ...read, form: `base64 of ${read.form}` };
}

function readOctets(octets: Uint8Array, key: PublicKey): ReadValue | undefined {
  if (key.kty !== 'EC') return octets.length === (key.kty === 'RSA' ? key.n.length : 64) ? { value: octets, form: 'octets' } : undefined;
  const read = normaliseSignature(octets, COMPONENT_OCTETS[key.crv]);
  return read === undefined ? undefined : { value: read.der, form: read.form === 'der' ? 'der' : 'r||s' };
}

function asciiOf(octets: Uint8Array): string | undefined {
  return octets.some((octet) => octet > 0x7e) ? undefined : String.fromCharCode(...octets);
}
