import type { PublicKey } from '@hefu/crypto';
import { DerReader, PkiError, readName, readSubjectPublicKeyInfo, type Certificate, type Name } from '@hefu/pki';
import { isCertificate, readInput } from './certificate-input.js';
import type { TrustAnchor } from './model.js';
import { decodeNameConstraints } from './name-constraints.js';
import { indexConstraints, type ConstraintIndex } from './names.js';
import type { PolicyStatement } from './policy-graph.js';

/** A trust anchor without a certificate (RFC 5280 §6.1.1 (d), RFC 5914). */
export interface NamedAnchor {
  /** DER of the Name. */
  readonly name: Uint8Array;
  /** DER of the SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly constraints?: AnchorConstraints;
}

/** What an anchor is limited to. */
export interface AnchorConstraints {
  /** Most intermediates below it that are not self-issued. */
  readonly pathLength?: number;
  /** DER of NameConstraints (RFC 5280 §4.2.1.10). */
  readonly nameConstraints?: Uint8Array;
  /** OIDs of the policies it is for. */
  readonly policies?: readonly string[];
  /** As policyConstraints and inhibitAnyPolicy of a certificate above the path. */
  readonly requireExplicitPolicy?: number;
  readonly inhibitPolicyMapping?: number;
  readonly inhibitAnyPolicy?: number;
}

/** A certificate as anchor, with limits beside its own. */
export interface CertificateAnchor {
  readonly certificate: Uint8Array | Certificate;
  readonly constraints?: AnchorConstraints;
}

export type AnchorInput = Uint8Array | Certificate | CertificateAnchor | NamedAnchor;

/**
 * An anchor from bytes, with its index as `source`. Undefined for one that cannot be read; the key of one that can
 * is decoded when a signature asks for it, so that an unreadable key is found where it matters.
 * @throws TypeError when the caller's constraints cannot be read
 */
export function readAnchor(input: AnchorInput, index: number): TrustAnchor | undefined {
  const source = String(index);
  if (input instanceof Uint8Array || 'tbs' in input) {
    const certificate = readInput(input);
    return isCertificate(certificate) ? new ReadAnchor(source, certificate, undefined, undefined) : undefined;
  }
  if ('certificate' in input) {
    const certificate = readInput(input.certificate);
    return isCertificate(certificate) ? new ReadAnchor(source, certificate, undefined, input.constraints) : undefined;
  }
  const named = readNamed(input);
  return named === undefined ? undefined : new ReadAnchor(source, undefined, named, input.constraints);
}

interface NameAndKey {
  readonly name: Name;
  readonly spki: { readonly bytes: Uint8Array; readonly key: PublicKey };
}

function readNamed({ name, spki }: NamedAnchor): NameAndKey | undefined {
  try {
    const reader = new DerReader(name);
    const read = readName(reader);
    reader.finish('Name');
    // Nobody: RFC 5280 §4.1.2.4 asks every issuer for a name.
    return read.rdns.length === 0 ? undefined : { name: read, spki: readSubjectPublicKeyInfo(spki) };
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

class ReadAnchor implements TrustAnchor {
  readonly source: string;
  readonly name: Name;
  readonly spki: Uint8Array;
  declare readonly certificate?: Certificate;
  declare readonly pathLength?: number;
  declare readonly nameConstraints?: ConstraintIndex;
  declare readonly policies?: PolicyStatement;
  readonly #key: { readonly key: PublicKey };

  constructor(source: string, certificate: Certificate | undefined, named: NameAndKey | undefined, constraints: AnchorConstraints = {}) {
    const key = certificate?.spki ?? named!.spki;
    this.source = source;
    this.name = certificate?.subject ?? named!.name;
    this.spki = key.bytes;
    this.#key = key;
    if (certificate !== undefined) this.certificate = certificate;
    const { pathLength, nameConstraints } = constraints;
    if (pathLength !== undefined) this.pathLength = count(pathLength);
    if (nameConstraints !== undefined) this.nameConstraints = constraintsFrom(nameConstraints);
    const policies = policiesFrom(constraints);
    if (policies !== undefined) this.policies = policies;
  }

  /** @throws PkiError KEY_UNSUPPORTED | KEY_INVALID */
  get key(): PublicKey {
    return this.#key.key;
  }
}

function count(value: number): number {
  if (!Number.isSafeInteger(value) || value < 0) throw new TypeError('constraints of an anchor are whole numbers');
  return value;
}

function constraintsFrom(der: Uint8Array): ConstraintIndex {
  try {
    const decoded = decodeNameConstraints(der);
    if (decoded !== undefined) return indexConstraints(decoded);
  } catch (error) {
    if (!(error instanceof PkiError)) throw error;
  }
  throw new TypeError('nameConstraints of an anchor is not NameConstraints of RFC 5280');
}

function policiesFrom({ policies, requireExplicitPolicy, inhibitPolicyMapping, inhibitAnyPolicy }: AnchorConstraints): PolicyStatement | undefined {
  if (policies === undefined && requireExplicitPolicy === undefined && inhibitPolicyMapping === undefined && inhibitAnyPolicy === undefined) return undefined;
  const optional = (value: number | undefined): number | undefined => (value === undefined ? undefined : count(value));
  return {
    selfIssued: true,
    policies: policies?.map((policy) => ({ policy, qualifiers: undefined })),
    mappings: undefined,
    constraints: { requireExplicitPolicy: optional(requireExplicitPolicy), inhibitPolicyMapping: optional(inhibitPolicyMapping) },
    inhibitAnyPolicy: optional(inhibitAnyPolicy),
  };
}
