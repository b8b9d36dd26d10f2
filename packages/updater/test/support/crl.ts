import { bitString, explicit, integer, octetString, oid, sequence, setOf, time, tlv, utf8String } from '@hefu/pki';

export interface CrlToWrite {
  readonly issuer?: string;
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly number?: number;
  /** Fill, to make it long. */
  readonly padding?: number;
  /** Makes it differ from another one of the same dates. */
  readonly mark?: number;
}

/** A CRL whose signature is no signature: gathering does not judge. */
export function writeCrl(crl: CrlToWrite): Uint8Array {
  const algorithm = sequence(oid('1.2.156.10197.1.501'));
  const name = sequence(setOf(sequence(oid('2.5.4.3'), utf8String(crl.issuer ?? 'Test CA'))));
  const extensions = [
    ...(crl.number === undefined ? [] : [sequence(oid('2.5.29.20'), octetString(integer(crl.number)))]),
    ...(crl.padding === undefined ? [] : [sequence(oid('1.3.6.1.4.1.99999.1'), octetString(tlv(0x04, new Uint8Array(crl.padding))))]),
  ];
  const tbs = sequence(
    integer(1),
    algorithm,
    name,
    time(crl.thisUpdate),
    ...(crl.nextUpdate === undefined ? [] : [time(crl.nextUpdate)]),
    ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions))]),
  );
  return sequence(tbs, algorithm, bitString(Uint8Array.of(crl.mark ?? 0)));
}
