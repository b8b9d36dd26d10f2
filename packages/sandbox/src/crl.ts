import { bitString, enumerated, explicit, generalizedTime, integer, sequence, time, tlv } from '@hefu/pki';
import { authorityKeyIdentifier, encodeExtension, extension, type ExtensionSpec } from './extension.js';
import type { AlgorithmParameters, KeyPair } from './keys.js';

/** CRLReason (RFC 5280 §5.3.1) by name. */
export const CRL_REASONS = {
  unspecified: 0, keyCompromise: 1, cACompromise: 2, affiliationChanged: 3, superseded: 4, cessationOfOperation: 5,
  certificateHold: 6, removeFromCRL: 8, privilegeWithdrawn: 9, aACompromise: 10,
} as const;

export interface CrlEntry {
  /** Content octets, as in the certificate. */
  readonly serialNumber: Uint8Array;
  /** Epoch milliseconds of a whole second. */
  readonly revocationDate: number;
  readonly reason?: keyof typeof CRL_REASONS;
  readonly invalidityDate?: number;
}

/** A CRL to issue (RFC 5280 §5). Times are epoch milliseconds of whole seconds. */
export interface CrlSpec {
  /** The issuer's whole Name. */
  readonly issuer: Uint8Array;
  readonly signer: KeyPair;
  readonly thisUpdate: number;
  readonly nextUpdate?: number;
  readonly crlNumber?: number;
  readonly entries: readonly CrlEntry[];
  readonly algorithmParameters?: AlgorithmParameters;
  /** Default true: name the key. */
  readonly authorityKeyIdentifier?: boolean;
  readonly extensions?: readonly ExtensionSpec[];
}

/** Issues a version 2 CRL: DER. Signing is deterministic. */
export function issueCrl(spec: CrlSpec): Uint8Array {
  const extensions = [
    ...(spec.authorityKeyIdentifier === false ? [] : [authorityKeyIdentifier(spec.signer.keyIdentifier)]),
    ...(spec.crlNumber === undefined ? [] : [extension('2.5.29.20', integer(spec.crlNumber))]),
    ...(spec.extensions ?? []),
  ];
  const algorithm = spec.signer.algorithmIdentifier(spec.algorithmParameters);
  const tbs = sequence(
    integer(1),
    algorithm,
    spec.issuer,
    time(spec.thisUpdate),
    ...(spec.nextUpdate === undefined ? [] : [time(spec.nextUpdate)]),
    // RFC 5280 §5.1.2.6: absent, not empty, when nothing is revoked.
    ...(spec.entries.length === 0 ? [] : [sequence(...spec.entries.map(entry))]),
    ...(extensions.length === 0 ? [] : [explicit(0, sequence(...extensions.map(encodeExtension)))]),
  );
  return sequence(tbs, algorithm, bitString(spec.signer.sign(tbs)));
}

function entry(spec: CrlEntry): Uint8Array {
  const extensions = [
    // RFC 5280 §5.3.1: unspecified is said by leaving the reason out.
    ...(spec.reason === undefined || spec.reason === 'unspecified' ? [] : [extension('2.5.29.21', enumerated(CRL_REASONS[spec.reason]))]),
    ...(spec.invalidityDate === undefined ? [] : [extension('2.5.29.24', generalizedTime(spec.invalidityDate))]),
  ];
  return sequence(
    tlv(0x02, spec.serialNumber),
    time(spec.revocationDate),
    ...(extensions.length === 0 ? [] : [sequence(...extensions.map(encodeExtension))]),
  );
}
