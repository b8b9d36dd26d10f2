import { sha1, sha256, sha384, sha512, sm2Z, sm3, type DigestAlgorithm } from '@hefu/crypto';
import {
  buildSignedAttributes, buildSignedData, buildTimeStampResponse, buildTstInfo, concatBytes, DerReader, explicit, id_aa_signingCertificate,
  id_ct_TSTInfo, id_gm_signedData, nullValue, octetString, oid, parseCertificate, parseTimeStampRequest, PkiError, sequence,
  type AlgorithmToWrite, type PkiFailure, type TimeStampRequest,
} from '@hefu/pki';
import type { KeyPair } from './keys.js';
import type { Seed } from './seed.js';

/** How a time-stamp authority writes its tokens, where it may differ from RFC 3161 (field notes §3.1). Defaults are the RFC's. */
export interface TimestampManners {
  /** The outer content type: id-signedData, or that of GM/T 0010. */
  readonly shell?: 'cms' | 'gm';
  /** `z`: messageDigest = SM3(Z || TSTInfo). SM2 only. */
  readonly messageDigest?: 'plain' | 'z';
  /** The hash algorithm of the imprint without its AlgorithmIdentifier. */
  readonly bareImprintOid?: boolean;
  /** OID written as digestAlgorithm in place of the digest's own; written with NULL. */
  readonly digestOid?: string;
  /** ESSCertID with SHA-1 (RFC 2634 §5.4), ESSCertIDv2 (RFC 5035 §4), or nothing. */
  readonly signingCertificate?: 'v2' | 'v1' | 'none';
}

/** A time-stamping unit with its key. DER. */
export interface TimestampUnit {
  readonly id: string;
  readonly key: KeyPair;
  readonly certificate: Uint8Array;
  /** CA certificates sent along when certReq asks for certificates. */
  readonly chain: readonly Uint8Array[];
  /** OID of the only policy it stamps under. */
  readonly policy: string;
  readonly manners: TimestampManners;
}

/** What an authority does wrong, on purpose. */
export type TimestampFault =
  | 'rejection' // status rejection with systemFailure
  | 'wrong-imprint' // granted, over another digest
  | 'wrong-nonce' // granted, with a nonce nobody sent
  | 'other-policy' // granted, under a policy nobody asked for
  | 'future' // granted, dated a day ahead
  | 'garbage'; // octets that are no response

export const TIMESTAMP_FAULTS: readonly TimestampFault[] = ['rejection', 'wrong-imprint', 'wrong-nonce', 'other-policy', 'future', 'garbage'];

const DIGESTS: readonly DigestAlgorithm[] = [sha256, sha384, sha512, sm3, sha1];
const SM3_WITH_KEY = '1.2.156.10197.1.401.2';
const OTHER_POLICY = '1.2.156.999099.9';
const DAY = 86_400_000;

/**
 * Answers a TimeStampReq: DER for DER, and the same for the same request at the same time.
 * @param at genTime, epoch milliseconds; cut to whole seconds
 */
export function answerTimestamp(request: Uint8Array, unit: TimestampUnit, seed: Seed, at: number, fault?: TimestampFault): Uint8Array {
  if (fault === 'garbage') return seed.bytes(`tsa/${unit.id}/garbage`, 256);
  if (fault === 'rejection') return reject('systemFailure', 'out of order');
  let asked: TimeStampRequest;
  try {
    asked = parseTimeStampRequest(request);
  } catch (error) {
    if (error instanceof PkiError) return reject('badDataFormat', 'not a TimeStampReq');
    throw error;
  }
  const { messageImprint: { hashAlgorithm, hashedMessage }, reqPolicy, extensions } = asked;
  const digest = DIGESTS.find(({ oids }) => oids.includes(hashAlgorithm.oid)) ?? (hashAlgorithm.oid === SM3_WITH_KEY ? sm3 : undefined);
  if (digest === undefined) return reject('badAlg', `digest ${hashAlgorithm.oid} is not stamped`);
  if (digest.outputLength !== hashedMessage.length) return reject('badDataFormat', 'the digest has another length');
  if (reqPolicy !== undefined && reqPolicy !== unit.policy) return reject('unacceptedPolicy', `only policy ${unit.policy}`);
  if (extensions.length > 0) return reject('unacceptedExtension', 'no extension is known here');

  const time = Math.floor((fault === 'future' ? at + DAY : at) / 1000) * 1000;
  const serial = seed.bytes(`tsa/${unit.id}/serial/${time}/${Buffer.from(sha256.digest(request)).toString('hex')}`, 16);
  serial[0] = (serial[0]! & 0x3f) | 0x40;
  const nonce = fault === 'wrong-nonce' ? concatBytes(Uint8Array.of(0x01), serial.subarray(0, 8)) : asked.nonce;
  const info = buildTstInfo({
    policy: fault === 'other-policy' ? OTHER_POLICY : unit.policy,
    hashAlgorithm: hashAlgorithm.oid,
    hashedMessage: fault === 'wrong-imprint' ? digest.digest(hashedMessage) : hashedMessage,
    serialNumber: serial,
    genTime: time,
    accuracy: 1000,
    ...(nonce === undefined ? {} : { nonce }),
    tsa: explicit(4, parseCertificate(unit.certificate).subject.bytes),
  });
  return buildTimeStampResponse({ status: 'granted', token: signToken(unit, unit.manners.bareImprintOid === true ? withBareOid(info) : info, time, asked.certReq) });
}

function reject(failure: PkiFailure, statusText: string): Uint8Array {
  return buildTimeStampResponse({ status: 'rejection', statusText, failures: [failure] });
}

function signToken(unit: TimestampUnit, tstInfo: Uint8Array, signingTime: number, certReq: boolean): Uint8Array {
  const { key, manners } = unit;
  const sm2 = key.kind === 'SM2';
  const gm = manners.shell === 'gm';
  const digest = sm2 ? sm3 : sha256;
  const { issuer, serialNumber } = parseCertificate(unit.certificate);
  const signedAttrs = buildSignedAttributes({
    contentType: id_ct_TSTInfo,
    messageDigest: digest.digest(manners.messageDigest === 'z' ? concatBytes(z(key), tstInfo) : tstInfo),
    signingTime,
    ...signingCertificate(unit, sm2 ? { oid: sm3.oids[0]! } : undefined),
  });
  const message = buildSignedData({
    family: 'cms',
    digestAlgorithm: manners.digestOid === undefined ? { oid: digest.oids[0]! } : { oid: manners.digestOid, parameters: nullValue() },
    encapContentType: id_ct_TSTInfo,
    content: tstInfo,
    certificates: certReq ? [unit.certificate, ...unit.chain] : [],
    signers: [{ sid: { issuer: issuer.bytes, serialNumber }, signedAttrs, signatureAlgorithm: signatureAlgorithm(key, gm), signature: key.sign(signedAttrs) }],
  });
  // GM shells around tokens were seen with version 3, as CMS has it, not the 1 of GM/T 0010.
  if (!gm) return message;
  const fields = new DerReader(message).next().enter().next();
  return sequence(oid(id_gm_signedData), fields.next().tlv());
}

function signatureAlgorithm(key: KeyPair, gm: boolean): AlgorithmToWrite {
  switch (key.kind) {
    case 'SM2': return { oid: gm ? '1.2.156.10197.1.301.1' : '1.2.156.10197.1.501' };
    case 'P-256': return { oid: '1.2.840.10045.4.3.2' };
    case 'RSA-2048': return { oid: '1.2.840.113549.1.1.11', parameters: nullValue() };
    case 'Ed25519': throw new TypeError('the sandbox stamps with SM2, P-256 and RSA');
  }
}

function signingCertificate({ certificate, manners }: TimestampUnit, sm3Algorithm: AlgorithmToWrite | undefined): Partial<Parameters<typeof buildSignedAttributes>[0]> {
  switch (manners.signingCertificate ?? 'v2') {
    case 'v2':
      return { signingCertificateV2: sm3Algorithm === undefined ? { certHash: sha256.digest(certificate) } : { hashAlgorithm: sm3Algorithm, certHash: sm3.digest(certificate) } };
    case 'v1':
      return { others: [{ type: id_aa_signingCertificate, values: [sequence(sequence(sequence(octetString(sha1.digest(certificate)))))] }] };
    case 'none':
      return {};
  }
}

function z(key: KeyPair): Uint8Array {
  if (key.publicKey.kty !== 'EC' || key.publicKey.crv !== 'SM2') throw new TypeError('Z belongs to SM2 keys');
  return sm2Z(key.publicKey.point);
}

/** The same TSTInfo with the imprint's algorithm as a bare OID. */
function withBareOid(tstInfo: Uint8Array): Uint8Array {
  const parts: Uint8Array[] = [];
  const fields = new DerReader(tstInfo).next().enter();
  while (!fields.done) {
    fields.next();
    if (parts.length !== 2) {
      parts.push(fields.tlv());
      continue;
    }
    const imprint = fields.enter();
    const algorithm = imprint.next().enter().next().tlv();
    parts.push(sequence(algorithm, imprint.next().tlv()));
  }
  return sequence(...parts);
}
