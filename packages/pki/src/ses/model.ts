import type { Deviation } from '../model.js';

/** Which standard a seal or a stamped signature follows: GM/T 0031-2014, GB/T 38540-2020, GM/T 0031-2025. */
export type SesVersion = 1 | 4 | 5;

/** The people who may use a seal: their certificates, or digests of them. */
export type SealCertList =
  | { readonly kind: 'certs'; readonly certs: readonly Uint8Array[] }
  /** `type` is the maker's own word; the digest is SM3 in practice. */
  | { readonly kind: 'digests'; readonly digests: readonly { readonly type: string; readonly value: Uint8Array }[] };

/** ExtData, GB/T 38540-2020 §6.1.5. */
export interface SealExtension {
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** SES_SealInfo: what a seal maker vouches for. Times are epoch milliseconds. */
export interface SealInfo {
  /** The whole TLV. */
  readonly bytes: Uint8Array;
  /** `header.version` as stated. */
  readonly statedVersion: number;
  /** Seal maker's product (`Vid`). */
  readonly vendor: string;
  /** Identifier of the seal, the maker's. */
  readonly esId: string;
  /** `property.type`: 1 is a unit's seal, 2 a person's, in the makers' tables. */
  readonly type: number;
  readonly name: string;
  readonly certList: SealCertList;
  readonly createDate: number;
  readonly validStart: number;
  readonly validEnd: number;
  readonly picture: { readonly type: string; readonly data: Uint8Array; readonly width: number; readonly height: number };
  readonly extensions: readonly SealExtension[];
}

/** SESeal: an electronic seal (GM/T 0031-2014 §5, GB/T 38540-2020 §6.1). Nothing in it is verified. */
export interface Seal {
  readonly bytes: Uint8Array;
  readonly version: SesVersion;
  readonly info: SealInfo;
  /** DER of the seal maker's certificate. */
  readonly makerCertificate: Uint8Array;
  readonly signatureAlgorithm: string;
  /** Value as in the BIT STRING: DER SEQUENCE { r, s } for SM2. */
  readonly signature: Uint8Array;
  /**
   * The octets the maker may have signed, by name: `info`, SES_SealInfo alone, or `info-cert-alg`, a SEQUENCE of it, the
   * certificate and the algorithm. The standards and their readers differ (field notes §3.2); both bind the whole of `info`.
   */
  readonly signedBytes: readonly { readonly form: 'info' | 'info-cert-alg'; readonly bytes: Uint8Array }[];
  /** DER of a time-stamp token over the signature value; V5 only. */
  readonly timeStamp: Uint8Array | undefined;
  readonly deviations: readonly Deviation[];
}

/** SES_Signature: a document's digest stamped with a seal (GB/T 38540-2020 §7). Nothing in it is verified. */
export interface SealSignature {
  readonly bytes: Uint8Array;
  readonly version: SesVersion;
  readonly seal: Seal;
  /** TBS_Sign, the whole TLV: what the signer signed. */
  readonly toSign: Uint8Array;
  /** Claimed; undefined when `timeInfo` is a time-stamp token (V1). */
  readonly time: number | undefined;
  /** V1: `timeInfo` as a token. */
  readonly timeToken: Uint8Array | undefined;
  readonly dataHash: Uint8Array;
  /** Where the stamped data lies in its container, or what it is; the maker's own words. */
  readonly propertyInfo: string;
  readonly extensions: readonly SealExtension[];
  /** DER of the signer's certificate. */
  readonly certificate: Uint8Array;
  readonly signatureAlgorithm: string;
  readonly signature: Uint8Array;
  /** DER of a time-stamp token over the signature value. */
  readonly timeStamp: Uint8Array | undefined;
  readonly deviations: readonly Deviation[];
}
