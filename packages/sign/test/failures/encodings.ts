import { constants, createPublicKey, publicDecrypt } from 'node:crypto';
import { decodeEcdsaSignature, encodeEcdsaSignature } from '@hefu/crypto';
import { encodePem } from '@hefu/pki';
import { expect } from 'vitest';
import type { Script } from '../../src/conformance/scripted-provider.js';
import { release, type SoftKey } from '../../src/index.js';
import { pinItem, prepareItem } from '../../src/session/prepare-items.js';
import { algorithms, AT, companies, softKey } from '../session/bench.js';
import { PIN, type Failure } from './failure.js';

const P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
const SM2 = 0xfffffffeffffffffffffffffffffffff7203df6b21c6052b53bbf40939d54123n;
const number = (octets: Uint8Array): bigint => BigInt(`0x${Buffer.from(octets).toString('hex')}`);
const octets = (value: bigint, length: number): Uint8Array => new Uint8Array(Buffer.from(value.toString(16).padStart(2 * length, '0'), 'hex'));
const parts = (der: Uint8Array): readonly [r: Uint8Array, s: Uint8Array] => {
  const raw = decodeEcdsaSignature(der, 32)!;
  return [raw.subarray(0, 32), raw.subarray(32)];
};
/** The other of the two values of s, the greater one where `high`. */
const twin = (order: bigint) => (der: Uint8Array): Uint8Array => {
  const [r, s] = parts(der);
  return encodeEcdsaSignature(r, octets(order - number(s), 32));
};
const high = (order: bigint) => (der: Uint8Array): Uint8Array => (number(parts(der)[1]) > order / 2n ? der : twin(order)(der));
const low = (order: bigint) => (der: Uint8Array): Uint8Array => (number(parts(der)[1]) > order / 2n ? twin(order)(der) : der);
const integer = (content: Uint8Array): Uint8Array => Uint8Array.of(2, content.length, ...content);
const sequence = (...content: readonly Uint8Array[]): Uint8Array => Uint8Array.of(0x30, content.reduce((sum, { length }) => sum + length, 0), ...content.flatMap((each) => [...each]));
const base64 = (value: Uint8Array): string => Buffer.from(value).toString('base64');

const p256 = [softKey(companies('P-256')[0]!), softKey(companies('SM2')[0]!, 'key-2')];
const sm2 = [softKey(companies('SM2')[0]!), softKey(companies('P-256')[0]!, 'key-2')];
const rsa = [softKey(companies('RSA-2048')[0]!), softKey(companies('SM2')[0]!, 'key-2')];

const row = (keys: readonly SoftKey[], what: string, change: (der: Uint8Array) => Uint8Array | string, ends: Failure['ends']): Failure => {
  const script: Script = { pin: PIN, rewrite: (answered) => answered.map((each) => ({ ...each, value: change(each.value as Uint8Array) })) };
  return { number: 29, what, keys, script, ends };
};
const refused = (code: 'SIGNATURE_ENCODING' | 'SIGNATURE_INVALID'): Failure['ends'] => ({ code, outcome: 'signed' });

/**
 * 29: one value in several writings. Read is whatever can mean one value only; what a strict reader of the message would refuse later
 * is refused now. ECDSA has two values of s for one r, and X.509 and CMS prefer neither: both are passed on as they came, none is made
 * of the other, for what stands in the message is what the service made.
 */
export const ENCODING_FAILURES: readonly Failure[] = [
  row(p256, 'the high s of ECDSA, which is as good', high(P256), 'done'),
  row(p256, 'the low s of ECDSA, which is as good', low(P256), 'done'),
  row(sm2, 'the other s of SM2, which has no other', twin(SM2), refused('SIGNATURE_INVALID')),
  row(p256, 'base64 without padding and in lines, which is read', (der) => base64(der).replace(/=+$/, '').replace(/.{40}/g, '$&\r\n'), 'done'),
  row(p256, 'percent-encoded base64, which is read', (der) => encodeURIComponent(base64(der)), 'done'),
  row(p256, 'hex in capitals, which is read', (der) => Buffer.from(der).toString('hex').toUpperCase(), 'done'),
  row(p256, 'an INTEGER with a zero too many', (der) => sequence(...parts(der).map((part) => integer(Uint8Array.of(0, ...(part[0]! >= 0x80 ? [0] : []), ...part)))), refused('SIGNATURE_ENCODING')),
  row(p256, 'INTEGERs without sign octets, one of which is negative', (der) => sequence(...parts(high(P256)(der)).map(integer)), refused('SIGNATURE_ENCODING')),
  row(p256, 'a length in the long form', (der) => Uint8Array.of(0x30, 0x81, ...der.subarray(1)), refused('SIGNATURE_ENCODING')),
  row(p256, 'an indefinite length', (der) => Uint8Array.of(0x30, 0x80, ...der.subarray(2), 0, 0), refused('SIGNATURE_ENCODING')),
  row(p256, 'something after the SEQUENCE', (der) => Uint8Array.of(...der, 0), refused('SIGNATURE_ENCODING')),
  row(p256, 'a third number', (der) => sequence(der.subarray(2), integer(Uint8Array.of(1))), refused('SIGNATURE_ENCODING')),
  row(p256, 'a BIT STRING around it', (der) => Uint8Array.of(3, der.length + 1, 0, ...der), refused('SIGNATURE_ENCODING')),
  row(p256, 's || r', (der) => Uint8Array.of(...parts(der)[1], ...parts(der)[0]), refused('SIGNATURE_ENCODING')),
  row(p256, 'r || s a zero wider each', (der) => Uint8Array.of(0, ...parts(der)[0], 0, ...parts(der)[1]), refused('SIGNATURE_ENCODING')),
  row(p256, 'r of zero', (der) => Uint8Array.of(...new Uint8Array(32), ...parts(der)[1]), refused('SIGNATURE_ENCODING')),
  row(p256, 's of the order', (der) => encodeEcdsaSignature(parts(der)[0], octets(P256, 32)), refused('SIGNATURE_INVALID')),
  row(rsa, 'an RSA value with a zero before it', (value) => Uint8Array.of(0, ...value), refused('SIGNATURE_ENCODING')),
  row(rsa, 'an RSA value back to front', (value) => value.slice().reverse(), refused('SIGNATURE_ENCODING')),
];

/** The value s + n of RSA, congruent to a good s and as long: RFC 8017 §8.2.2 step 1 has it out of range. */
export async function beyondTheModulus(): Promise<void> {
  const [key] = rsa as [SoftKey];
  const company = companies('RSA-2048')[0]!;
  const { publicKey } = company.sign.key;
  if (publicKey.kty !== 'RSA') throw new TypeError('not RSA');
  const n = number(publicKey.n);
  const preparation = { credential: { ...key.credential, keyStatus: 'enabled', auth: { factor: 'none', id: 'none' }, maxPerAuthorisation: 1, hashBound: false } as never, algorithms, form: {}, signingTime: AT };
  for (let index = 0; index < 400; index++) {
    const prepared = prepareItem(pinItem({ itemId: 'i0', label: '', content: Uint8Array.of(index & 255, index >> 8) }, preparation), preparation);
    const { message } = prepared.toBeSigned;
    const value = await key.sign({ kind: 'tbs', digest: 'SHA-256', value: message! } as never, key.credential.algorithms[0]!.name);
    const beyond = number(value) + n;
    if (beyond >= 1n << BigInt(8 * value.length)) continue;
    const forged = octets(beyond, value.length);
    const verdict = async (each: Uint8Array) => (await release({ awaited: [{ itemId: 'i0', prepared }], returned: [{ itemId: 'i0', value: each }] })).refused.map(({ code }) => code);
    expect(await verdict(value)).toEqual([]);
    expect(await verdict(forged)).toEqual(['SIGNATURE_INVALID']);
    // Cross-check: OpenSSL will not have it either.
    const pem = createPublicKey({ key: encodePem('PUBLIC KEY', company.sign.key.spkiDer), format: 'pem' });
    expect(() => publicDecrypt({ key: pem, padding: constants.RSA_NO_PADDING }, forged)).toThrow();
    return;
  }
  throw new Error('no value small enough among 400');
}
