import { generateKeyPairSync, sign as nodeSign, type KeyObject } from 'node:crypto';
import { sm2PublicKey, sm2Sign } from '@hefu/crypto';
import {
  bitString, explicit, integer, namedBitString, oid, octetString, boolean, parseCertificate, sequence, setOf, time, utf8String, nullValue, type Certificate,
} from '@hefu/pki';
import { rsaPair } from '../../crypto/test/rsa-pair.js';

export type KeyKind = 'RSA' | 'P-256' | 'P-384' | 'P-521' | 'Ed25519' | 'SM2';

/** A self-signed certificate with its key; the signature room does not ask who issued it. */
export interface TestCredential {
  readonly certificate: Certificate;
  readonly privateKey: KeyObject | undefined;
  /** d of an SM2 key. */
  readonly d: Uint8Array | undefined;
}

const SM2_SPKI = (point: Uint8Array) => sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bitString(point));

/** keyUsage bits by number; default digitalSignature and nonRepudiation. */
export function credential(kind: KeyKind, options: { keyUsage?: readonly number[]; seed?: number } = {}): TestCredential {
  const d = kind === 'SM2' ? Uint8Array.from({ length: 32 }, (_, i) => (i * 7 + (options.seed ?? 1)) & 0xff) : undefined;
  const pair =
    kind === 'RSA' ? rsaPair()
    : kind === 'Ed25519' ? generateKeyPairSync('ed25519')
    : kind === 'SM2' ? undefined
    : generateKeyPairSync('ec', { namedCurve: kind });
  const spki = d === undefined ? new Uint8Array(pair!.publicKey.export({ type: 'spki', format: 'der' })) : SM2_SPKI(sm2PublicKey(d));
  const algorithm =
    kind === 'SM2' ? sequence(oid('1.2.156.10197.1.501'))
    : kind === 'RSA' ? sequence(oid('1.2.840.113549.1.1.11'), nullValue())
    : kind === 'Ed25519' ? sequence(oid('1.3.101.112'))
    : sequence(oid('1.2.840.10045.4.3.2'));
  const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String(`测试 ${kind}`))));
  const extensions = sequence(sequence(oid('2.5.29.15'), boolean(true), octetString(namedBitString(...(options.keyUsage ?? [0, 1])))));
  const tbs = sequence(
    explicit(0, integer(2)), integer(4711), algorithm, name, sequence(time(Date.UTC(2026, 0, 1)), time(Date.UTC(2028, 0, 1))), name, spki, explicit(3, extensions),
  );
  const value = d === undefined ? new Uint8Array(nodeSign(kind === 'Ed25519' ? null : 'sha256', tbs, pair!.privateKey)) : sm2Sign(d, tbs);
  return { certificate: parseCertificate(sequence(tbs, algorithm, bitString(value))), privateKey: pair?.privateKey, d };
}
