/**
 * The shapes the pki room gives out. Everything is a view over the bytes that came in: nothing here
 * was re-encoded. Times are milliseconds since 1970-01-01T00:00:00Z; OIDs are dotted strings.
 */

/** A tolerated finding: the bytes are not what the standard asks, and are read all the same. */
export interface Deviation {
  /** Key of the table in `deviations.ts`, e.g. `X509_BIT_STRING_NOT_MINIMAL`. */
  readonly id: string;
  /** Where in the structure, as a path: `tbsCertificate.extensions[2.5.29.15]`. */
  readonly where: string;
  /** What was found, when it helps. Never a person's identifier. */
  readonly found?: string;
}

export interface AlgorithmIdentifier {
  /** The whole TLV. */
  readonly bytes: Uint8Array;
  readonly oid: string;
  /** The parameters' whole TLV; undefined when absent. NULL is `05 00`. */
  readonly parameters: Uint8Array | undefined;
}

export interface AttributeTypeAndValue {
  readonly type: string;
  /** ASN.1 universal tag number of the value: 12 UTF8String, 19 PrintableString, 20 TeletexString, 22 IA5String, 28 UniversalString, 30 BMPString… */
  readonly tag: number;
  /** Content octets of the value. */
  readonly valueBytes: Uint8Array;
  /** Decoded text; undecodable octets give `#<hex>` (RFC 4514 §2.4). */
  readonly value: string;
}

/** A RelativeDistinguishedName; usually one attribute, several when multi-valued. */
export type RelativeDistinguishedName = readonly AttributeTypeAndValue[];

export interface Name {
  /** The RDNSequence's whole TLV. */
  readonly bytes: Uint8Array;
  readonly rdns: readonly RelativeDistinguishedName[];
}

export interface Validity {
  readonly notBefore: number;
  readonly notAfter: number;
}

/** Structurally the crypto room's `PublicKey`, which this room does not import. */
export type SubjectPublicKey =
  | { readonly kty: 'RSA'; readonly n: Uint8Array; readonly e: Uint8Array }
  | { readonly kty: 'EC'; readonly crv: 'P-256' | 'P-384' | 'P-521' | 'SM2'; readonly point: Uint8Array }
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: Uint8Array };

export interface SubjectPublicKeyInfo {
  /** The whole TLV. */
  readonly bytes: Uint8Array;
  readonly algorithm: AlgorithmIdentifier;
  /** Content of the BIT STRING. */
  readonly publicKey: Uint8Array;
  /**
   * The key as data, decoded on first use; one object per certificate.
   * @throws PkiError KEY_UNSUPPORTED | KEY_INVALID
   */
  readonly key: SubjectPublicKey;
}

export interface Extension {
  readonly oid: string;
  readonly critical: boolean;
  /** Content of the OCTET STRING extnValue. */
  readonly value: Uint8Array;
}

export interface BasicConstraints {
  readonly ca: boolean;
  readonly pathLength: number | undefined;
}

/** RFC 5280 §4.2.1.3 names. */
export type KeyUsageBit =
  | 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'dataEncipherment' | 'keyAgreement'
  | 'keyCertSign' | 'cRLSign' | 'encipherOnly' | 'decipherOnly';

export interface AuthorityKeyIdentifier {
  readonly keyIdentifier: Uint8Array | undefined;
  readonly authorityCertIssuer: readonly GeneralName[] | undefined;
  readonly authorityCertSerialNumber: Uint8Array | undefined;
}

export type GeneralName =
  | { readonly kind: 'otherName'; readonly oid: string; readonly value: Uint8Array }
  | { readonly kind: 'rfc822Name' | 'dNSName' | 'uniformResourceIdentifier'; readonly value: string }
  | { readonly kind: 'directoryName'; readonly name: Name }
  | { readonly kind: 'iPAddress'; readonly octets: Uint8Array }
  | { readonly kind: 'registeredID'; readonly oid: string }
  | { readonly kind: 'x400Address' | 'ediPartyName'; readonly value: Uint8Array };

export interface DistributionPoint {
  readonly fullName: readonly GeneralName[];
  /** nameRelativeToCRLIssuer as raw RDN bytes. */
  readonly relativeName: Uint8Array | undefined;
  /** Bits of ReasonFlags set, RFC 5280 §4.2.1.13; undefined when all reasons. */
  readonly reasons: readonly number[] | undefined;
  readonly crlIssuer: readonly GeneralName[];
}

export interface AccessDescription {
  readonly method: string;
  readonly location: GeneralName;
}

/** A certificate as a lazy view over its bytes. Only `parseCertificate` makes one. Fields decode on first use and are kept. */
export interface Certificate {
  readonly bytes: Uint8Array;
  /** The exact signed slice: the TBSCertificate's whole TLV. */
  readonly tbs: Uint8Array;
  /** 1, 2 or 3. */
  readonly version: number;
  /** Content octets of the INTEGER, as encoded (a leading 00 is kept). */
  readonly serialNumber: Uint8Array;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  /** The copy inside the TBSCertificate, which must be equal. */
  readonly tbsSignatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  readonly subject: Name;
  readonly validity: Validity;
  readonly spki: SubjectPublicKeyInfo;
  /** Content of the signature BIT STRING. */
  readonly signature: Uint8Array;
  /** In order of appearance, duplicates included. */
  readonly extensions: readonly Extension[];
  /** The first extension of this OID. */
  extension(oid: string): Extension | undefined;
  /** OIDs that appear more than once (RFC 5280 §4.2 forbids it). */
  readonly duplicateExtensions: readonly string[];

  // Decoded extensions; undefined when absent; a malformed one throws PkiError STRUCTURE_INVALID on access.
  readonly extBasicConstraints: BasicConstraints | undefined;
  readonly extKeyUsage: ReadonlySet<KeyUsageBit> | undefined;
  readonly extExtendedKeyUsage: readonly string[] | undefined;
  readonly extSubjectKeyIdentifier: Uint8Array | undefined;
  readonly extAuthorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  readonly extSubjectAltName: readonly GeneralName[] | undefined;
  readonly extCrlDistributionPoints: readonly DistributionPoint[] | undefined;
  readonly extAuthorityInfoAccess: readonly AccessDescription[] | undefined;
  /** Policy OIDs. */
  readonly extCertificatePolicies: readonly string[] | undefined;

  /** Every tolerated deviation, found by walking the whole certificate; computed on first use, stable order. */
  readonly deviations: readonly Deviation[];
}

/** CRLReason, RFC 5280 §5.3.1, by name. */
export type RevocationReason =
  | 'unspecified' | 'keyCompromise' | 'cACompromise' | 'affiliationChanged' | 'superseded' | 'cessationOfOperation'
  | 'certificateHold' | 'removeFromCRL' | 'privilegeWithdrawn' | 'aACompromise';

export interface RevokedCertificate {
  readonly serialNumber: Uint8Array;
  readonly revocationDate: number;
  /** `unspecified` when the entry has none. */
  readonly reason: RevocationReason;
  readonly invalidityDate: number | undefined;
  /** OIDs of critical entry extensions this room does not know. */
  readonly unknownCritical: readonly string[];
  /** certificateIssuer of an indirect CRL (RFC 5280 §5.3.3), carried over from earlier entries. */
  readonly certificateIssuer: readonly GeneralName[] | undefined;
}

export interface IssuingDistributionPoint {
  readonly fullName: readonly GeneralName[];
  readonly relativeName: Uint8Array | undefined;
  readonly onlyContainsUserCerts: boolean;
  readonly onlyContainsCACerts: boolean;
  readonly onlySomeReasons: readonly number[] | undefined;
  readonly indirectCRL: boolean;
  readonly onlyContainsAttributeCerts: boolean;
}

/** A CRL as a lazy view: entries are scanned in place, never built into objects. Only `parseCertificateList` makes one. */
export interface CertificateList {
  readonly bytes: Uint8Array;
  readonly tbs: Uint8Array;
  readonly version: number;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly tbsSignatureAlgorithm: AlgorithmIdentifier;
  readonly issuer: Name;
  readonly thisUpdate: number;
  readonly nextUpdate: number | undefined;
  readonly signature: Uint8Array;
  readonly extensions: readonly Extension[];
  extension(oid: string): Extension | undefined;
  readonly duplicateExtensions: readonly string[];
  /** CRLNumber content octets. */
  readonly extCrlNumber: Uint8Array | undefined;
  /** BaseCRLNumber of a delta CRL, content octets. */
  readonly extDeltaCrlIndicator: Uint8Array | undefined;
  readonly extAuthorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  readonly extIssuingDistributionPoint: IssuingDistributionPoint | undefined;
  /**
   * OIDs of the critical extensions that any entry carries, each once, as a set: one of them that is not understood
   * makes the whole CRL unusable (RFC 5280 §5.3). One scan, on first use.
   */
  readonly criticalEntryExtensions: ReadonlySet<string>;
  /** Number of entries; counted on first use. */
  readonly size: number;
  /**
   * The entry of a serial number (content octets; compared as integers), or undefined. The last matching
   * entry wins. Scans on the first question, builds a compact index of offsets on the second.
   */
  find(serialNumber: Uint8Array): RevokedCertificate | undefined;
  /**
   * Every entry of a serial number, in order. What to ask of an indirect CRL, where the same number may belong
   * to certificates of several issuers. Always a scan.
   */
  entries(serialNumber: Uint8Array): readonly RevokedCertificate[];
  readonly deviations: readonly Deviation[];
}

/** Which syntax family the outer shell speaks. */
export type MessageFamily = 'cms' | 'gm';

export interface EncapsulatedContent {
  /** eContentType; the empty string when the CA wrote a zero-length OID (a known deviation). */
  readonly contentType: string;
  /** The whole EncapsulatedContentInfo TLV. */
  readonly bytes: Uint8Array;
  /** The content octets without any header, undefined when detached. Segments of a constructed string are joined. */
  readonly content: Uint8Array | undefined;
  /** Octets between `contentType` and the end as encoded, for the variant that hashes headers too; undefined when detached. */
  readonly contentTlv: Uint8Array | undefined;
}

export interface Attribute {
  /** The whole TLV. */
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Whole TLVs of the values. */
  readonly values: readonly Uint8Array[];
}

export interface AttributeSet {
  /** As found, tag A0 or A1. */
  readonly bytes: Uint8Array;
  /** The same octets with the SET OF tag 31 instead (RFC 5652 §5.4): what is hashed. */
  readonly signedBytes: Uint8Array;
  readonly attributes: readonly Attribute[];
  /** The attributes of a type; more than one means a malformed set, which the judge refuses. */
  find(type: string): readonly Attribute[];
}

export type SignerIdentifier =
  | { readonly kind: 'issuerAndSerialNumber'; readonly issuer: Name; readonly serialNumber: Uint8Array }
  | { readonly kind: 'subjectKeyIdentifier'; readonly keyIdentifier: Uint8Array };

export interface SignerInfo {
  readonly bytes: Uint8Array;
  readonly version: number;
  readonly sid: SignerIdentifier;
  readonly digestAlgorithm: AlgorithmIdentifier;
  /** signedAttrs (CMS) or authenticatedAttributes (PKCS #7, GM/T 0010). */
  readonly signedAttrs: AttributeSet | undefined;
  readonly signatureAlgorithm: AlgorithmIdentifier;
  readonly signature: Uint8Array;
  readonly unsignedAttrs: AttributeSet | undefined;
  /** The fields from `version` to `signature` as they stand, one after another: what archive time-stamps cover (EN 319 122-1 §5.5.3). */
  readonly fields: Uint8Array;
}

/** A SignedData of CMS, PKCS #7 or GM/T 0010. Only `parseSignedData` makes one. */
export interface SignedData {
  /** The input, whole. */
  readonly bytes: Uint8Array;
  readonly family: MessageFamily;
  /** The outer content type OID. */
  readonly contentType: string;
  readonly version: number;
  readonly digestAlgorithms: readonly AlgorithmIdentifier[];
  readonly encapContentInfo: EncapsulatedContent;
  /** Whole TLVs of the X.509 certificates carried, untrusted, in order. Other choices are skipped and recorded. */
  readonly certificates: readonly Uint8Array[];
  /** Whole TLVs of the CRLs carried, untrusted. */
  readonly crls: readonly Uint8Array[];
  /** Whole TLVs of the OCSP responses carried (RFC 5940), untrusted. */
  readonly ocspResponses: readonly Uint8Array[];
  /** Whole TLVs of every element of `certificates` and of `crls` as encoded, skipped choices too: what archive time-stamps index. */
  readonly certificateChoices: readonly Uint8Array[];
  readonly revocationInfoChoices: readonly Uint8Array[];
  readonly signerInfos: readonly SignerInfo[];
  readonly deviations: readonly Deviation[];
}
