import { bitString, explicit, generalizedTime, integer, sequence, time, tlv } from '@hefu/pki';
import { encodeExtension, type ExtensionSpec } from './extension.js';
import type { AlgorithmParameters, KeyPair } from './keys.js';
import { distinguishedName, type NameSpec } from './name.js';

/**
 * A certificate to issue, oddities included: what a real CA may get wrong can be said here. Times are epoch
 * milliseconds of whole seconds.
 */
export interface CertificateSpec {
  /** Content octets of the INTEGER as they are: zero, negative or padded serials are possible. */
  readonly serialNumber: Uint8Array;
  /** A whole Name TLV or what to write. For a match by octets pass the issuer's own subject. */
  readonly issuer: Uint8Array | NameSpec;
  readonly subject: Uint8Array | NameSpec;
  readonly notBefore: number;
  readonly notAfter: number;
  /** `generalized`: GeneralizedTime also before 2050, which RFC 5280 §4.1.2.5 does not allow. */
  readonly timeForm?: 'rfc5280' | 'generalized';
  readonly spki: Uint8Array;
  /** The issuer's key. */
  readonly signer: KeyPair;
  readonly algorithmParameters?: AlgorithmParameters;
  /** Parameters of the AlgorithmIdentifier inside the TBSCertificate, when they shall differ from the outer one. */
  readonly tbsAlgorithmParameters?: AlgorithmParameters;
  /** Default 3. 1 leaves the version field out. */
  readonly version?: 1 | 2 | 3;
  readonly extensions?: readonly ExtensionSpec[];
  /** Whole TLVs appended to the TBSCertificate, which no standard allows. */
  readonly extraFields?: readonly Uint8Array[];
}

/** Issues a certificate: DER. Signing is deterministic. */
export function issueCertificate(spec: CertificateSpec): Uint8Array {
  const version = spec.version ?? 3;
  const write = spec.timeForm === 'generalized' ? generalizedTime : time;
  const extensions = spec.extensions ?? [];
  const tbs = sequence(
    ...(version === 1 ? [] : [explicit(0, integer(version - 1))]),
    tlv(0x02, spec.serialNumber),
    spec.signer.algorithmIdentifier(spec.tbsAlgorithmParameters ?? spec.algorithmParameters),
    name(spec.issuer),
    sequence(write(spec.notBefore), write(spec.notAfter)),
    name(spec.subject),
    spec.spki,
    ...(extensions.length === 0 ? [] : [explicit(3, sequence(...extensions.map(encodeExtension)))]),
    ...(spec.extraFields ?? []),
  );
  return sequence(tbs, spec.signer.algorithmIdentifier(spec.algorithmParameters), bitString(spec.signer.sign(tbs)));
}

function name(value: Uint8Array | NameSpec): Uint8Array {
  return value instanceof Uint8Array ? value : distinguishedName(value);
}
