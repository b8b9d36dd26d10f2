import { bitString, boolean, explicit, generalizedTime, ia5String, integer, octetString, oid, printableString, sequence, utcTime, utf8String } from '../asn1/writer.js';
import type { SealCertList, SealExtension, SealInfo, SesVersion } from './model.js';

export type SealInfoToWrite = Omit<SealInfo, 'bytes' | 'statedVersion'>;

/** SES_SealInfo, DER: what the seal maker signs. @throws TypeError for a digest list in a V1 seal */
export function buildSealInfo(version: SesVersion, info: SealInfoToWrite): Uint8Array {
  if (version === 1 && info.certList.kind !== 'certs') throw new TypeError('GM/T 0031-2014 lists certificates, not digests');
  const date = version === 1 ? utcTime : generalizedTime;
  return sequence(
    sequence(ia5String('ES'), integer(version), ia5String(info.vendor)),
    ia5String(info.esId),
    sequence(
      integer(info.type), utf8String(info.name),
      ...(version === 1 ? [] : [integer(info.certList.kind === 'certs' ? 1 : 2)]),
      certList(info.certList), date(info.createDate), date(info.validStart), date(info.validEnd),
    ),
    sequence(ia5String(info.picture.type), octetString(info.picture.data), integer(info.picture.width), integer(info.picture.height)),
    ...extensions(info.extensions),
  );
}

export interface SealToWrite {
  /** From `buildSealInfo`. */
  readonly info: Uint8Array;
  readonly makerCertificate: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** V5: a time-stamp token over the signature value. */
  readonly timeStamp?: Uint8Array;
}

/** SESeal, DER. */
export function buildSeal(version: SesVersion, { info, makerCertificate, signatureAlgorithm, signature, timeStamp }: SealToWrite): Uint8Array {
  const signed = [octetString(makerCertificate), oid(signatureAlgorithm), bitString(signature)];
  if (version === 1) return sequence(info, sequence(...signed));
  return sequence(info, ...signed, ...(timeStamp === undefined ? [] : [explicit(0, bitString(timeStamp))]));
}

export interface TbsSealSignatureToWrite {
  /** From `buildSeal`. */
  readonly seal: Uint8Array;
  readonly time: number;
  readonly dataHash: Uint8Array;
  readonly propertyInfo: string;
  readonly extensions?: readonly SealExtension[];
  /** DER of the signer's certificate; V1 signs it. */
  readonly certificate: Uint8Array;
  readonly signatureAlgorithm: string;
}

/** TBS_Sign, DER: what the signer signs. */
export function buildTbsSealSignature(version: SesVersion, tbs: TbsSealSignatureToWrite): Uint8Array {
  const { seal, time, dataHash, propertyInfo, certificate, signatureAlgorithm } = tbs;
  const older = version === 1;
  return sequence(
    integer(version), seal,
    older ? bitString(utcTime(time)) : generalizedTime(time),
    bitString(dataHash), ia5String(propertyInfo),
    ...(older ? [octetString(certificate), oid(signatureAlgorithm)] : extensions(tbs.extensions ?? [])),
  );
}

/** SES_Signature, DER. */
export function buildSealSignature(version: SesVersion, parts: { readonly toSign: Uint8Array; readonly certificate: Uint8Array; readonly signatureAlgorithm: string; readonly signature: Uint8Array; readonly timeStamp?: Uint8Array }): Uint8Array {
  const { toSign, certificate, signatureAlgorithm, signature, timeStamp } = parts;
  if (version === 1) return sequence(toSign, bitString(signature));
  return sequence(toSign, octetString(certificate), oid(signatureAlgorithm), bitString(signature), ...(timeStamp === undefined ? [] : [explicit(0, bitString(timeStamp))]));
}

function certList(list: SealCertList): Uint8Array {
  if (list.kind === 'certs') return sequence(...list.certs.map(octetString));
  return sequence(...list.digests.map(({ type, value }) => sequence(printableString(type), octetString(value))));
}

function extensions(list: readonly SealExtension[]): Uint8Array[] {
  if (list.length === 0) return [];
  return [explicit(0, sequence(...list.map(({ oid: id, critical, value }) => sequence(oid(id), ...(critical ? [boolean(true)] : []), octetString(value)))))];
}
