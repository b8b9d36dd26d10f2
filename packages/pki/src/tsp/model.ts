import type { AlgorithmIdentifier, Deviation, Extension, GeneralName, SignedData } from '../model.js';

/** MessageImprint, RFC 3161 §2.4.1: what a time-stamp is of. */
export interface MessageImprint {
  readonly hashAlgorithm: AlgorithmIdentifier;
  readonly hashedMessage: Uint8Array;
}

/** TimeStampReq, RFC 3161 §2.4.1. */
export interface TimeStampRequest {
  readonly bytes: Uint8Array;
  readonly messageImprint: MessageImprint;
  readonly reqPolicy: string | undefined;
  /** Content octets, as encoded. */
  readonly nonce: Uint8Array | undefined;
  readonly certReq: boolean;
  readonly extensions: readonly Extension[];
}

/** PKIStatus, RFC 3161 §2.4.2. */
export type PkiStatus = 'granted' | 'grantedWithMods' | 'rejection' | 'waiting' | 'revocationWarning' | 'revocationNotification';

/** PKIFailureInfo, RFC 3161 §2.4.2; `bit <n>` for one it does not name. */
export type PkiFailure =
  | 'badAlg' | 'badRequest' | 'badDataFormat' | 'timeNotAvailable' | 'unacceptedPolicy' | 'unacceptedExtension' | 'addInfoNotAvailable' | 'systemFailure' | `bit ${number}`;

/** TimeStampResp, RFC 3161 §2.4.2. */
export interface TimeStampResponse {
  readonly bytes: Uint8Array;
  readonly status: PkiStatus;
  /** What the authority says to people. Untrusted text. */
  readonly statusText: readonly string[];
  readonly failures: readonly PkiFailure[];
  /** DER of the token; present exactly when `status` is granted, with or without modifications. */
  readonly token: Uint8Array | undefined;
}

/** How far genTime may be off, in milliseconds (RFC 3161 §2.4.2: seconds, millis and micros added up). */
export type TimeStampAccuracy = number;

/** TSTInfo, RFC 3161 §2.4.2. */
export interface TstInfo {
  readonly bytes: Uint8Array;
  readonly policy: string;
  readonly messageImprint: MessageImprint;
  /** Content octets, as encoded; up to 20. */
  readonly serialNumber: Uint8Array;
  /** Epoch milliseconds; not whole when the fraction is finer. */
  readonly genTime: number;
  /** Undefined: not stated here; the authority's policy may. */
  readonly accuracy: TimeStampAccuracy | undefined;
  readonly ordering: boolean;
  readonly nonce: Uint8Array | undefined;
  readonly tsa: GeneralName | undefined;
  readonly extensions: readonly Extension[];
}

/** A TimeStampToken: a signed message (CMS or GM/T 0010 shell) whose content is a TSTInfo. */
export interface TimeStampToken {
  readonly signed: SignedData;
  readonly tstInfo: TstInfo;
  /** Those of the TSTInfo; those of the message are in `signed.deviations`. */
  readonly deviations: readonly Deviation[];
}
