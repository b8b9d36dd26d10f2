/**
 * Certificates and CRLs as their generator means them. The oracle judges these; `encode.ts` writes them for the
 * validator. Nothing here comes from the validator or from its parser.
 */

export type Algorithm = 'rsa' | 'p256' | 'sm2';

/** A key of the pool. */
export interface ModelKey {
  readonly id: string;
  readonly algorithm: Algorithm;
  readonly bits: number;
}

/** `spelling` changes the octets, never the name (RFC 5280 §7.1). */
export interface ModelName {
  readonly text: string;
  readonly spelling: 'plain' | 'printable' | 'upper' | 'spaced';
}

export type NameKind = 'dns' | 'mail' | 'uri' | 'ip' | 'dn';

export interface ModelGeneralName {
  readonly kind: NameKind;
  /** `ip`: octets in decimal with dots, 4 or 16; as a constraint `address/mask`. */
  readonly value: string;
}

export interface ModelConstraints {
  permitted: readonly ModelGeneralName[];
  excluded: readonly ModelGeneralName[];
  critical: boolean;
}

export type UsageBit = 'digitalSignature' | 'nonRepudiation' | 'keyEncipherment' | 'keyCertSign' | 'cRLSign';

export interface ModelCertificate {
  subject: ModelName;
  issuer: ModelName;
  key: ModelKey;
  /** Whose key signed it. */
  signer: ModelKey;
  /** One bit of the signature is another. */
  altered: boolean;
  version: 1 | 2 | 3;
  serial: number | 'long';
  notBefore: number;
  notAfter: number;
  /** Of the algorithm stated outside the signed part. */
  outerAlgorithm: Algorithm;
  basic: { ca: boolean; pathLength: number | undefined; critical: boolean } | undefined;
  usage: readonly UsageBit[] | undefined;
  subjectKeyId: boolean;
  authorityKeyId: 'right' | 'wrong' | 'absent' | 'critical';
  purposes: readonly string[] | undefined;
  names: readonly ModelGeneralName[];
  constraints: ModelConstraints | undefined;
  /** `P1`, `P2`, … and `any`. */
  policies: readonly string[] | undefined;
  mappings: readonly (readonly [string, string])[] | undefined;
  requireExplicit: number | undefined;
  inhibitMapping: number | undefined;
  inhibitAny: number | undefined;
  /** An extension that nobody knows. */
  unknown: 'absent' | 'critical' | 'not critical';
  /** keyUsage, or the unknown extension, twice. */
  duplicate: boolean;
  /** keyUsage holds something else. */
  malformed: boolean;
}

export interface ModelAnchor {
  /** Without its certificate it is a name and a key. */
  readonly certificate: ModelCertificate | undefined;
  readonly name: ModelName;
  readonly key: ModelKey;
}

export interface ModelCrl {
  issuer: ModelName;
  signer: ModelKey;
  altered: boolean;
  thisUpdate: number;
  nextUpdate: number;
  entries: { readonly serial: number | 'long'; readonly reason: number | undefined }[];
  numbered: boolean;
  unknownCritical: 'absent' | 'list' | 'entry';
  /** Which certificates it is about. */
  scope: 'all' | 'user' | 'ca' | 'attribute';
  /** ReasonFlags it is about; undefined: all. */
  reasons: readonly number[] | undefined;
}

/** One case: what a relying party has, and what it asks. */
export interface World {
  readonly leaf: ModelCertificate;
  readonly candidates: readonly ModelCertificate[];
  readonly anchors: readonly ModelAnchor[];
  readonly crls: readonly ModelCrl[];
  /** Of a world with one path: that path, leaf first, without the anchor. */
  readonly path: readonly ModelCertificate[] | undefined;
  readonly question: Question;
}

export interface Question {
  readonly at: number;
  readonly revocation: 'none' | 'if-present' | 'require';
  readonly purposes: readonly string[];
  readonly maxDepth: number | undefined;
  readonly initialPolicySet: readonly string[] | undefined;
  readonly explicitPolicy: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}
