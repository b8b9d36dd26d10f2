import { DerReader } from '../asn1/reader.js';
import { contentStart } from '../asn1/scan.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type {
  AccessDescription, AlgorithmIdentifier, AuthorityKeyIdentifier, BasicConstraints, Certificate, Deviation, DistributionPoint, Extension,
  GeneralName, KeyUsageBit, Name, SubjectPublicKeyInfo, Validity,
} from '../model.js';
import { checkInput, refusal } from '../refuse.js';
import { readAlgorithmIdentifier } from './algorithm-identifier.js';
import { findCertificateDeviations } from './certificate-deviations.js';
import { type CertificateLayout, layoutCertificate } from './certificate-layout.js';
import { decodeExtensions, duplicatesAmong } from './extension.js';
import {
  decodeAuthorityInfoAccess, decodeAuthorityKeyIdentifier, decodeBasicConstraints, decodeCertificatePolicies, decodeCrlDistributionPoints,
  decodeExtendedKeyUsage, decodeExtensionAt, decodeKeyUsage, decodeSubjectAltName, decodeSubjectKeyIdentifier,
} from './extension-values.js';
import {
  id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_cRLDistributionPoints, id_ce_extKeyUsage,
  id_ce_keyUsage, id_ce_subjectAltName, id_ce_subjectKeyIdentifier, id_pe_authorityInfoAccess,
} from './oids.js';
import { nameOf } from './name.js';
import { spkiOf } from './spki.js';

/**
 * Reads one X.509 certificate, DER, nothing after it (RFC 5280 §4.1).
 *
 * The structure is checked now: lengths, order of fields, names, times and extensions as containers. Values
 * are decoded when first asked for. Deviations seen in real certificates are read and listed in `deviations`;
 * nothing is judged. The bytes are not copied: do not change them afterwards.
 *
 * @throws PkiError EMPTY_INPUT, INPUT_TOO_LARGE, TRUNCATED, DER_INVALID, TOO_DEEP, TOO_MANY, TRAILING_DATA,
 *   STRUCTURE_INVALID, VERSION_UNSUPPORTED, TIME_INVALID; WRONG_STRUCTURE with `detected` when it is recognisably
 *   something else (a CRL, a CSR, PEM text…)
 */
export function parseCertificate(bytes: Uint8Array, limits?: Partial<PkiLimits>): Certificate {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxCertificateBytes);
  let layout: CertificateLayout;
  try {
    layout = layoutCertificate(bytes, budget);
  } catch (error) {
    throw refusal(error, bytes, 'certificate', budget.maxDepth);
  }
  return new LazyCertificate(bytes, layout, budget);
}

/** What has been decoded so far. Made on first use, all slots at once, so every certificate has the same shape. */
interface Decoded {
  tbs: Uint8Array | undefined;
  serialNumber: Uint8Array | undefined;
  signatureAlgorithm: AlgorithmIdentifier | undefined;
  tbsSignatureAlgorithm: AlgorithmIdentifier | undefined;
  issuer: Name | undefined;
  subject: Name | undefined;
  validity: Validity | undefined;
  spki: SubjectPublicKeyInfo | undefined;
  signature: Uint8Array | undefined;
  extensions: readonly Extension[] | undefined;
  duplicateExtensions: readonly string[] | undefined;
  basicConstraints: BasicConstraints | undefined;
  keyUsage: ReadonlySet<KeyUsageBit> | undefined;
  extendedKeyUsage: readonly string[] | undefined;
  subjectKeyIdentifier: Uint8Array | undefined;
  authorityKeyIdentifier: AuthorityKeyIdentifier | undefined;
  subjectAltName: readonly GeneralName[] | undefined;
  crlDistributionPoints: readonly DistributionPoint[] | undefined;
  authorityInfoAccess: readonly AccessDescription[] | undefined;
  certificatePolicies: readonly string[] | undefined;
  deviations: readonly Deviation[] | undefined;
}

class LazyCertificate implements Certificate {
  readonly bytes: Uint8Array;
  readonly #at: CertificateLayout;
  readonly #limits: PkiLimits;
  readonly #decoded: Decoded;

  constructor(bytes: Uint8Array, at: CertificateLayout, limits: PkiLimits) {
    this.bytes = bytes;
    this.#at = at;
    this.#limits = limits;
    this.#decoded = {
      tbs: undefined, serialNumber: undefined, signatureAlgorithm: undefined, tbsSignatureAlgorithm: undefined, issuer: undefined,
      subject: undefined, validity: undefined, spki: undefined, signature: undefined, extensions: undefined, duplicateExtensions: undefined,
      basicConstraints: undefined, keyUsage: undefined, extendedKeyUsage: undefined, subjectKeyIdentifier: undefined,
      authorityKeyIdentifier: undefined, subjectAltName: undefined, crlDistributionPoints: undefined, authorityInfoAccess: undefined,
      certificatePolicies: undefined, deviations: undefined,
    };
  }

  get version(): number {
    return this.#at.version;
  }

  get tbs(): Uint8Array {
    return (this.#decoded.tbs ??= this.bytes.subarray(this.#at.tbs, this.#at.tbsEnd));
  }

  get serialNumber(): Uint8Array {
    return (this.#decoded.serialNumber ??= this.bytes.subarray(contentStart(this.bytes, this.#at.serial), this.#at.tbsAlgorithm));
  }

  get signatureAlgorithm(): AlgorithmIdentifier {
    return (this.#decoded.signatureAlgorithm ??= this.#repeatsAlgorithm() ? this.tbsSignatureAlgorithm : readAlgorithmIdentifier(new DerReader(this.bytes, this.#at.tbsEnd)));
  }

  /** RFC 5280 §4.1.1.2: the algorithm outside is written as that inside, so that it is read once. */
  #repeatsAlgorithm(): boolean {
    const { bytes } = this;
    const { tbsAlgorithm: inner, issuer: innerEnd, tbsEnd: outer, signature: outerEnd } = this.#at;
    if (outerEnd - outer !== innerEnd - inner) return false;
    for (let i = 0; i < innerEnd - inner; i++) if (bytes[outer + i] !== bytes[inner + i]) return false;
    return true;
  }

  get tbsSignatureAlgorithm(): AlgorithmIdentifier {
    return (this.#decoded.tbsSignatureAlgorithm ??= readAlgorithmIdentifier(new DerReader(this.bytes, this.#at.tbsAlgorithm)));
  }

  get issuer(): Name {
    return (this.#decoded.issuer ??= nameOf(this.bytes.subarray(this.#at.issuer, this.#at.validity)));
  }

  get subject(): Name {
    return (this.#decoded.subject ??= nameOf(this.bytes.subarray(this.#at.subject, this.#at.spki)));
  }

  get validity(): Validity {
    return (this.#decoded.validity ??= { notBefore: this.#at.notBefore, notAfter: this.#at.notAfter });
  }

  get spki(): SubjectPublicKeyInfo {
    return (this.#decoded.spki ??= spkiOf(this.bytes.subarray(this.#at.spki, this.#at.spkiEnd), this.#at.spkiAlgorithmEnd - this.#at.spki));
  }

  get signature(): Uint8Array {
    return (this.#decoded.signature ??= this.bytes.subarray(contentStart(this.bytes, this.#at.signature) + 1));
  }

  get extensions(): readonly Extension[] {
    return (this.#decoded.extensions ??= decodeExtensions(this.bytes, this.#at.extensions.start, this.#at.extensions.end));
  }

  extension(oid: string): Extension | undefined {
    return this.extensions.find((extension) => extension.oid === oid);
  }

  get duplicateExtensions(): readonly string[] {
    return (this.#decoded.duplicateExtensions ??= duplicatesAmong(this.extensions));
  }

  get extBasicConstraints(): BasicConstraints | undefined {
    const offset = this.#at.extensions.basicConstraints;
    if (offset === 0) return undefined;
    return (this.#decoded.basicConstraints ??= decodeExtensionAt(this.bytes, offset, id_ce_basicConstraints, this.#limits, decodeBasicConstraints));
  }

  get extKeyUsage(): ReadonlySet<KeyUsageBit> | undefined {
    const offset = this.#at.extensions.keyUsage;
    if (offset === 0) return undefined;
    return (this.#decoded.keyUsage ??= decodeExtensionAt(this.bytes, offset, id_ce_keyUsage, this.#limits, decodeKeyUsage));
  }

  get extExtendedKeyUsage(): readonly string[] | undefined {
    const offset = this.#at.extensions.extendedKeyUsage;
    if (offset === 0) return undefined;
    return (this.#decoded.extendedKeyUsage ??= decodeExtensionAt(this.bytes, offset, id_ce_extKeyUsage, this.#limits, decodeExtendedKeyUsage));
  }

  get extSubjectKeyIdentifier(): Uint8Array | undefined {
    const offset = this.#at.extensions.subjectKeyIdentifier;
    if (offset === 0) return undefined;
    return (this.#decoded.subjectKeyIdentifier ??= decodeExtensionAt(this.bytes, offset, id_ce_subjectKeyIdentifier, this.#limits, decodeSubjectKeyIdentifier));
  }

  get extAuthorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    const offset = this.#at.extensions.authorityKeyIdentifier;
    if (offset === 0) return undefined;
    return (this.#decoded.authorityKeyIdentifier ??= decodeExtensionAt(this.bytes, offset, id_ce_authorityKeyIdentifier, this.#limits, decodeAuthorityKeyIdentifier));
  }

  get extSubjectAltName(): readonly GeneralName[] | undefined {
    const offset = this.#at.extensions.subjectAltName;
    if (offset === 0) return undefined;
    return (this.#decoded.subjectAltName ??= decodeExtensionAt(this.bytes, offset, id_ce_subjectAltName, this.#limits, decodeSubjectAltName));
  }

  get extCrlDistributionPoints(): readonly DistributionPoint[] | undefined {
    const offset = this.#at.extensions.crlDistributionPoints;
    if (offset === 0) return undefined;
    return (this.#decoded.crlDistributionPoints ??= decodeExtensionAt(this.bytes, offset, id_ce_cRLDistributionPoints, this.#limits, decodeCrlDistributionPoints));
  }

  get extAuthorityInfoAccess(): readonly AccessDescription[] | undefined {
    const offset = this.#at.extensions.authorityInfoAccess;
    if (offset === 0) return undefined;
    return (this.#decoded.authorityInfoAccess ??= decodeExtensionAt(this.bytes, offset, id_pe_authorityInfoAccess, this.#limits, decodeAuthorityInfoAccess));
  }

  get extCertificatePolicies(): readonly string[] | undefined {
    const offset = this.#at.extensions.certificatePolicies;
    if (offset === 0) return undefined;
    return (this.#decoded.certificatePolicies ??= decodeExtensionAt(this.bytes, offset, id_ce_certificatePolicies, this.#limits, decodeCertificatePolicies));
  }

  get deviations(): readonly Deviation[] {
    return (this.#decoded.deviations ??= findCertificateDeviations(this, this.#at));
  }
}
