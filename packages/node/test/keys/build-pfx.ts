import { createCipheriv, createHmac, pbkdf2Sync } from 'node:crypto';
import forge from 'node-forge';
import { bmpString, explicit, implicitPrimitive, integer, nullValue, octetString, oid, sequence, setOf } from '@hefu/pki';

/**
 * PFX files as the field has them, written with node:crypto and node-forge (its PKCS #12 derivation and RC2), so that what is
 * read here was encrypted by other code.
 */
export type Protection = 'aes-256' | 'aes-128-sha1' | '3des' | '2des' | 'rc2-128' | 'rc2-40' | 'sm4' | 'sm4-gm' | 'none';

export interface PfxKey { readonly pkcs8: Uint8Array; readonly localKeyId?: Uint8Array; readonly name?: string }
export interface PfxCertificate { readonly der: Uint8Array; readonly localKeyId?: Uint8Array; readonly name?: string }
export interface PfxToBuild {
  readonly keys: readonly PfxKey[];
  readonly certificates: readonly PfxCertificate[];
  readonly password: string;
  readonly keyProtection?: Protection;
  readonly certificateProtection?: Protection;
  readonly mac?: 'sha1' | 'sha256' | 'pbmac1' | 'none';
  readonly iterations?: number;
  /** PBMAC1 only. */
  readonly macKeyLength?: number;
  readonly encryptionPassword?: string;
  readonly integrity?: 'password' | 'public-key';
}

const SALT = Uint8Array.from({ length: 8 }, (_, i) => i + 1);
const text = (octets: Uint8Array): string => Buffer.from(octets).toString('latin1');
const octets = (latin1: string): Uint8Array => new Uint8Array(Buffer.from(latin1, 'latin1'));

/** forge's own derivation (RFC 7292 §B.2). */
function forgeKey(password: string, id: 1 | 2 | 3, iterations: number, length: number, md: 'sha1' | 'sha256' = 'sha1'): Uint8Array {
  const { pbe } = forge.pki as unknown as { pbe: { generatePkcs12Key(password: string | null, salt: forge.util.ByteBuffer, id: number, iterations: number, length: number, md: unknown): forge.util.ByteBuffer } };
  return octets(pbe.generatePkcs12Key(password, forge.util.createBuffer(text(SALT)), id, iterations, length, forge.md[md].create()).getBytes());
}

export function encryptUnder(password: string, protection: Exclude<Protection, 'none'>, plaintext: Uint8Array, iterations: number): { readonly algorithm: Uint8Array; readonly ciphertext: Uint8Array } {
  const pbes2 = (cipher: string, cipherOid: string, prf: readonly [openssl: string, oid: string | undefined], keyLength: number, ids = ['1.2.840.113549.1.5.13', '1.2.840.113549.1.5.12']) => {
    const iv = Buffer.alloc(16, 7);
    const encrypt = createCipheriv(cipher, pbkdf2Sync(Buffer.from(password, 'utf8'), SALT, iterations, keyLength, prf[0]), iv);
    const derivation = sequence(oid(ids[1]!), sequence(octetString(SALT), integer(iterations), ...(prf[1] === undefined ? [] : [sequence(oid(prf[1]), nullValue())])));
    return { algorithm: sequence(oid(ids[0]!), sequence(derivation, sequence(oid(cipherOid), octetString(iv)))), ciphertext: new Uint8Array(Buffer.concat([encrypt.update(plaintext), encrypt.final()])) };
  };
  const pkcs12 = (id: string, ciphertext: Uint8Array) => ({ algorithm: sequence(oid(id), sequence(octetString(SALT), integer(iterations))), ciphertext });
  const des = (length: 16 | 24): Uint8Array => {
    const key = forgeKey(password, 1, iterations, length);
    const cipher = createCipheriv('des-ede3-cbc', length === 24 ? key : Uint8Array.of(...key, ...key.subarray(0, 8)), forgeKey(password, 2, iterations, 8));
    return new Uint8Array(Buffer.concat([cipher.update(plaintext), cipher.final()]));
  };
  const rc2 = (length: 5 | 16): Uint8Array => {
    const cipher = forge.rc2.createEncryptionCipher(text(forgeKey(password, 1, iterations, length)), 8 * length);
    cipher.start(text(forgeKey(password, 2, iterations, 8)));
    cipher.update(forge.util.createBuffer(text(plaintext)));
    cipher.finish();
    return octets(cipher.output.getBytes());
  };
  switch (protection) {
    case 'aes-256': return pbes2('aes-256-cbc', '2.16.840.1.101.3.4.1.42', ['sha256', '1.2.840.113549.2.9'], 32);
    case 'aes-128-sha1': return pbes2('aes-128-cbc', '2.16.840.1.101.3.4.1.2', ['sha1', undefined], 16);
    case 'sm4': return pbes2('sm4-cbc', '1.2.156.10197.1.104.2', ['sm3', '1.2.156.10197.1.401.2'], 16);
    case 'sm4-gm': return pbes2('sm4-cbc', '1.2.156.10197.1.104.2', ['sm3', undefined], 16, ['1.2.156.10197.6.4.1.5.2', '1.2.156.10197.6.4.1.5.1']);
    case '3des': return pkcs12('1.2.840.113549.1.12.1.3', des(24));
    case '2des': return pkcs12('1.2.840.113549.1.12.1.4', des(16));
    case 'rc2-128': return pkcs12('1.2.840.113549.1.12.1.5', rc2(16));
    case 'rc2-40': return pkcs12('1.2.840.113549.1.12.1.6', rc2(5));
  }
}

export function encryptedPkcs8(password: string, protection: Exclude<Protection, 'none'>, pkcs8: Uint8Array, iterations = 1000): Uint8Array {
  const { algorithm, ciphertext } = encryptUnder(password, protection, pkcs8, iterations);
  return sequence(algorithm, octetString(ciphertext));
}

export function buildPfx({ keys, certificates, password, keyProtection = 'aes-256', certificateProtection = 'aes-256', mac = 'sha256', iterations = 100, macKeyLength = 32, encryptionPassword = password, integrity = 'password' }: PfxToBuild): Uint8Array {
  const keySafe = sequence(...keys.map(({ pkcs8, localKeyId, name }) => keyProtection === 'none'
    ? bag('1.2.840.113549.1.12.10.1.1', pkcs8, localKeyId, name)
    : bag('1.2.840.113549.1.12.10.1.2', encryptedPkcs8(encryptionPassword, keyProtection, pkcs8, iterations), localKeyId, name)));
  const certificateSafe = sequence(...certificates.map(({ der, localKeyId, name }) => bag('1.2.840.113549.1.12.10.1.3', sequence(oid('1.2.840.113549.1.9.22.1'), explicit(0, octetString(der))), localKeyId, name)));
  const content = sequence(certificateProtection === 'none' ? data(certificateSafe) : encryptedData(encryptUnder(encryptionPassword, certificateProtection, certificateSafe, iterations)), data(keySafe));
  const macData = mac === 'none' ? [] : [mac === 'pbmac1' ? pbmac1(password, content, iterations, macKeyLength) : pkcs12Mac(password, content, iterations, mac)];
  return sequence(integer(3), integrity === 'password' ? data(content) : sequence(oid('1.2.840.113549.1.7.2'), explicit(0, sequence(integer(1)))), ...macData);
}

const data = (content: Uint8Array): Uint8Array => sequence(oid('1.2.840.113549.1.7.1'), explicit(0, octetString(content)));
const encryptedData = ({ algorithm, ciphertext }: ReturnType<typeof encryptUnder>): Uint8Array =>
  sequence(oid('1.2.840.113549.1.7.6'), explicit(0, sequence(integer(0), sequence(oid('1.2.840.113549.1.7.1'), algorithm, implicitPrimitive(0, ciphertext)))));

function bag(type: string, value: Uint8Array, localKeyId: Uint8Array | undefined, name: string | undefined): Uint8Array {
  const attributes = [
    ...(localKeyId === undefined ? [] : [sequence(oid('1.2.840.113549.1.9.21'), setOf(octetString(localKeyId)))]),
    ...(name === undefined ? [] : [sequence(oid('1.2.840.113549.1.9.20'), setOf(bmpString(name)))]),
  ];
  return sequence(oid(type), explicit(0, value), ...(attributes.length === 0 ? [] : [setOf(...attributes)]));
}

function pkcs12Mac(password: string, content: Uint8Array, iterations: number, md: 'sha1' | 'sha256'): Uint8Array {
  const value = createHmac(md, forgeKey(password, 3, iterations, md === 'sha1' ? 20 : 32, md)).update(content).digest();
  return sequence(sequence(sequence(oid(md === 'sha1' ? '1.3.14.3.2.26' : '2.16.840.1.101.3.4.2.1'), nullValue()), octetString(value)), octetString(SALT), integer(iterations));
}

function pbmac1(password: string, content: Uint8Array, iterations: number, keyLength: number): Uint8Array {
  const value = createHmac('sha256', pbkdf2Sync(Buffer.from(password, 'utf8'), SALT, iterations, keyLength, 'sha256')).update(content).digest();
  const derivation = sequence(oid('1.2.840.113549.1.5.12'), sequence(octetString(SALT), integer(iterations), integer(keyLength), sequence(oid('1.2.840.113549.2.9'), nullValue())));
  return sequence(sequence(sequence(oid('1.2.840.113549.1.5.14'), sequence(derivation, sequence(oid('1.2.840.113549.2.9'), nullValue()))), octetString(value)), octetString(Uint8Array.of(0)), integer(1));
}
