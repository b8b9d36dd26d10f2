import { explicit, integer, nullValue, octetString, oid, printableString, sequence, setOf, tlv, utcTime } from '../../src/asn1/writer.js';
import { bitString } from '../../src/asn1/writer.js';
import { buildSignedData, type SignedDataToWrite, type SignerToWrite } from '../../src/cms/build.js';
import { PkiError, type PkiErrorCode } from '../../src/error.js';

export const SM3 = '1.2.156.10197.1.401';
export const SM3_KEYED = '1.2.156.10197.1.401.2';
export const SM2_SM3 = '1.2.156.10197.1.501';
export const SM2_SIGN = '1.2.156.10197.1.301.1';
export const SM2_ENCRYPT = '1.2.156.10197.1.301.3';
export const SHA256 = '2.16.840.1.101.3.4.2.1';

export function ascii(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function commonName(text: string): Uint8Array {
  return sequence(setOf(sequence(oid('2.5.4.3'), printableString(text))));
}

/** A certificate by its structure; the signature is filler. */
export function sampleCertificate(subject: string, serial = 7): Uint8Array {
  const algorithm = sequence(oid(SM2_SM3));
  const spki = sequence(sequence(oid('1.2.840.10045.2.1'), oid('1.2.156.10197.1.301')), bitString(new Uint8Array(65).fill(4)));
  const validity = sequence(utcTime(Date.UTC(2025, 0)), utcTime(Date.UTC(2035, 0)));
  const tbs = sequence(explicit(0, integer(2)), integer(serial), algorithm, commonName('Sample CA'), validity, commonName(subject), spki);
  return sequence(tbs, algorithm, bitString(new Uint8Array(70).fill(0x5a)));
}

export const SIGNATURE = sequence(integer(new Uint8Array(32).fill(0x11)), integer(new Uint8Array(32).fill(0x22)));

export function sampleSigner(extra: Partial<SignerToWrite> = {}): SignerToWrite {
  return {
    sid: { issuer: commonName('Sample CA'), serialNumber: Uint8Array.of(7) },
    signatureAlgorithm: { oid: SM2_SIGN },
    signature: SIGNATURE,
    ...extra,
  };
}

export function sampleMessage(extra: Partial<SignedDataToWrite> = {}): Uint8Array {
  return buildSignedData({
    family: 'gm',
    digestAlgorithm: { oid: SM3, parameters: nullValue() },
    content: ascii('bid'),
    certificates: [sampleCertificate('Signer')],
    signers: [sampleSigner()],
    ...extra,
  });
}

/** The fields of a SignedData written by hand, so that a test can bend any one of them. */
export interface HandMade {
  outer: string;
  version: Uint8Array;
  digestAlgorithms: Uint8Array;
  encapContentInfo: Uint8Array;
  certificates: Uint8Array | undefined;
  crls: Uint8Array | undefined;
  signerInfos: Uint8Array;
}

export function handMade(extra: Partial<HandMade> = {}): Uint8Array {
  const parts: HandMade = {
    outer: '1.2.156.10197.6.1.4.2.2',
    version: integer(1),
    digestAlgorithms: setOf(sequence(oid(SM3), nullValue())),
    encapContentInfo: sequence(oid('1.2.156.10197.6.1.4.2.1'), explicit(0, octetString(ascii('bid')))),
    certificates: explicit(0, sampleCertificate('Signer')),
    crls: undefined,
    signerInfos: setOf(handMadeSigner()),
    ...extra,
  };
  const fields = [parts.version, parts.digestAlgorithms, parts.encapContentInfo, parts.certificates, parts.crls, parts.signerInfos];
  return sequence(oid(parts.outer), explicit(0, sequence(...fields.filter((field) => field !== undefined))));
}

export interface HandMadeSigner {
  version: Uint8Array;
  sid: Uint8Array;
  digestAlgorithm: Uint8Array;
  signedAttrs: Uint8Array | undefined;
  signatureAlgorithm: Uint8Array;
  signature: Uint8Array;
  unsignedAttrs: Uint8Array | undefined;
}

export function handMadeSigner(extra: Partial<HandMadeSigner> = {}): Uint8Array {
  const parts: HandMadeSigner = {
    version: integer(1),
    sid: sequence(commonName('Sample CA'), integer(7)),
    digestAlgorithm: sequence(oid(SM3), nullValue()),
    signedAttrs: undefined,
    signatureAlgorithm: sequence(oid(SM2_SIGN)),
    signature: octetString(SIGNATURE),
    unsignedAttrs: undefined,
    ...extra,
  };
  const fields = [parts.version, parts.sid, parts.digestAlgorithm, parts.signedAttrs, parts.signatureAlgorithm, parts.signature, parts.unsignedAttrs];
  return sequence(...fields.filter((field) => field !== undefined));
}

/** A constructed element of indefinite length. */
export function indefinite(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return join(Uint8Array.of(tag, 0x80), ...parts, Uint8Array.of(0, 0));
}

export function join(...parts: readonly Uint8Array[]): Uint8Array {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

export function repeat(part: Uint8Array, times: number): Uint8Array {
  const out = new Uint8Array(part.length * times);
  for (let i = 0; i < times; i++) out.set(part, i * part.length);
  return out;
}

/** The whole shell written with indefinite lengths around this content TLV. */
export function streamed(content: Uint8Array, signers: Uint8Array = setOf(handMadeSigner())): Uint8Array {
  return indefinite(
    0x30,
    oid('1.2.840.113549.1.7.2'),
    indefinite(
      0xa0,
      indefinite(
        0x30,
        integer(1),
        setOf(sequence(oid(SHA256))),
        indefinite(0x30, oid('1.2.840.113549.1.7.1'), indefinite(0xa0, content)),
        indefinite(0xa0, sampleCertificate('Signer')),
        signers,
      ),
    ),
  );
}

/** Runs and answers the PkiError thrown; anything else, or nothing, fails the test. */
export function refusal(run: () => unknown): PkiError {
  try {
    run();
  } catch (error) {
    if (error instanceof PkiError) return error;
    throw error;
  }
  throw new Error('was accepted');
}

export function refusalCode(run: () => unknown): PkiErrorCode {
  return refusal(run).code;
}

export { tlv };
