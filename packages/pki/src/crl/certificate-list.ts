import { DerReader } from '../asn1/reader.js';
import { contentStart } from '../asn1/scan.js';
import { PkiError } from '../error.js';
import { type PkiLimits, withLimits } from '../limits.js';
import type {
  AlgorithmIdentifier, AuthorityKeyIdentifier, CertificateList, Deviation, Extension, GeneralName, IssuingDistributionPoint, Name, RevokedCertificate,
} from '../model.js';
import { checkInput, refusal } from '../refuse.js';
import { readAlgorithmIdentifier } from '../x509/algorithm-identifier.js';
import { decodeExtensions, duplicatesAmong } from '../x509/extension.js';
import {
  decodeAuthorityKeyIdentifier, decodeCrlNumber, decodeExtension, decodeIssuingDistributionPoint, type ExtensionDecoder,
} from '../x509/extension-values.js';
import { nameOf } from '../x509/name.js';
import { id_ce_authorityKeyIdentifier, id_ce_cRLNumber, id_ce_deltaCRLIndicator, id_ce_issuingDistributionPoint } from '../x509/oids.js';
import { findCertificateListDeviations } from './certificate-list-deviations.js';
import { type CertificateListLayout, layoutCertificateList } from './certificate-list-layout.js';
import { criticalEntryExtensions } from './critical-entry-extensions.js';
import { decodeEntry, writesCertificateIssuer } from './entry.js';
import { EntryIndex } from './entry-index.js';
import { entryEnd, scanEntries } from './entry-scan.js';

/**
 * Reads one CRL, v1 or v2, DER, nothing after it (RFC 5280 §5.1). Entries are passed over, not decoded: an entry
 * that is no entry is noticed by the first question, which then throws. The bytes are not copied: do not change them
 * afterwards.
 *
 * @throws PkiError the codes of `parseCertificate`
 */
export function parseCertificateList(bytes: Uint8Array, limits?: Partial<PkiLimits>): CertificateList {
  const budget = withLimits(limits);
  checkInput(bytes, budget.maxCrlBytes);
  let layout: CertificateListLayout;
  try {
    layout = layoutCertificateList(bytes, budget);
  } catch (error) {
    throw refusal(error, bytes, 'crl', budget.maxDepth);
  }
  return new LazyCertificateList(bytes, layout, budget);
}

class LazyCertificateList implements CertificateList {
  readonly bytes: Uint8Array;
  readonly #at: CertificateListLayout;
  readonly #limits: PkiLimits;
  #extensions: readonly Extension[] | undefined;
  #issuer: Name | undefined;
  #size: number | undefined;
  /** undefined: not asked yet; 'scanned': asked once; null: an index does not pay. */
  #index: EntryIndex | null | 'scanned' | undefined;
  #criticalEntryExtensions: ReadonlySet<string> | undefined;
  #deviations: readonly Deviation[] | undefined;
  #indirect: boolean | undefined;

  constructor(bytes: Uint8Array, at: CertificateListLayout, limits: PkiLimits) {
    this.bytes = bytes;
    this.#at = at;
    this.#limits = limits;
  }

  get tbs(): Uint8Array {
    return this.bytes.subarray(this.#at.tbs, this.#at.tbsEnd);
  }

  get version(): number {
    return this.#at.version;
  }

  get signatureAlgorithm(): AlgorithmIdentifier {
    return readAlgorithmIdentifier(new DerReader(this.bytes, this.#at.tbsEnd));
  }

  get tbsSignatureAlgorithm(): AlgorithmIdentifier {
    return readAlgorithmIdentifier(new DerReader(this.bytes, this.#at.tbsAlgorithm));
  }

  get issuer(): Name {
    return (this.#issuer ??= nameOf(this.bytes.subarray(this.#at.issuer, this.#at.thisUpdateAt)));
  }

  get thisUpdate(): number {
    return this.#at.thisUpdate;
  }

  get nextUpdate(): number | undefined {
    return this.#at.nextUpdate;
  }

  get signature(): Uint8Array {
    return this.bytes.subarray(contentStart(this.bytes, this.#at.signature) + 1);
  }

  get extensions(): readonly Extension[] {
    return (this.#extensions ??= decodeExtensions(this.bytes, this.#at.extensions, this.#at.extensionsEnd));
  }

  extension(oid: string): Extension | undefined {
    return this.extensions.find((extension) => extension.oid === oid);
  }

  get duplicateExtensions(): readonly string[] {
    return duplicatesAmong(this.extensions);
  }

  get extCrlNumber(): Uint8Array | undefined {
    return this.#decoded(id_ce_cRLNumber, decodeCrlNumber);
  }

  get extDeltaCrlIndicator(): Uint8Array | undefined {
    return this.#decoded(id_ce_deltaCRLIndicator, decodeCrlNumber);
  }

  get extAuthorityKeyIdentifier(): AuthorityKeyIdentifier | undefined {
    return this.#decoded(id_ce_authorityKeyIdentifier, decodeAuthorityKeyIdentifier);
  }

  get extIssuingDistributionPoint(): IssuingDistributionPoint | undefined {
    return this.#decoded(id_ce_issuingDistributionPoint, decodeIssuingDistributionPoint);
  }

  #decoded<T>(oid: string, decode: ExtensionDecoder<T>): T | undefined {
    const extension = this.extension(oid);
    return extension === undefined ? undefined : decodeExtension(oid, extension.value, this.#limits, decode);
  }

  get criticalEntryExtensions(): ReadonlySet<string> {
    return (this.#criticalEntryExtensions ??= criticalEntryExtensions(this.bytes, this.#at.entries, this.#at.entriesEnd, this.#limits.maxExtensions));
  }

  get size(): number {
    return (this.#size ??= scanEntries(this.bytes, this.#at.entries, this.#at.entriesEnd, undefined).count);
  }

  find(serialNumber: Uint8Array): RevokedCertificate | undefined {
    const offset = this.#lastOffset(askable(serialNumber));
    if (offset === undefined) return undefined;
    return this.#isIndirect() ? this.#decodeEntries([offset])[0] : decodeEntry(this.bytes, offset, this.#at.entriesEnd, undefined, this.#limits);
  }

  entries(serialNumber: Uint8Array): readonly RevokedCertificate[] {
    return this.#decodeEntries(this.#scan(askable(serialNumber)));
  }

  get deviations(): readonly Deviation[] {
    return (this.#deviations ??= findCertificateListDeviations(this, this.#at));
  }

  #scan(serialNumber: Uint8Array): readonly number[] {
    const { count, matches } = scanEntries(this.bytes, this.#at.entries, this.#at.entriesEnd, serialNumber);
    this.#size = count;
    return matches;
  }

  /** The second question pays for an index; the first does not: a scan costs a third of hashing the CRL, an index twice as much. */
  #lastOffset(serialNumber: Uint8Array): number | undefined {
    if (this.#index === undefined) {
      this.#index = 'scanned';
      return this.#scan(serialNumber).at(-1);
    }
    if (this.#index === 'scanned') this.#index = EntryIndex.build(this.bytes, this.#at.entries, this.#at.entriesEnd, this.size) ?? null;
    return this.#index === null ? this.#scan(serialNumber).at(-1) : this.#index.find(serialNumber);
  }

  #isIndirect(): boolean {
    return (this.#indirect ??= this.extIssuingDistributionPoint?.indirectCRL === true);
  }

  /** Entries at ascending offsets. In an indirect CRL one without certificateIssuer has that of the entry before it (RFC 5280 §5.3.3). */
  #decodeEntries(offsets: readonly number[]): readonly RevokedCertificate[] {
    const { entries, entriesEnd } = this.#at;
    if (offsets.length > this.#limits.maxGeneralNames) throw new PkiError('TOO_MANY', `${offsets.length} entries with one serial number`);
    const indirect = offsets.length > 0 && this.#isIndirect();
    const decoded: RevokedCertificate[] = [];
    let carriedAt: number | undefined;
    let carried: readonly GeneralName[] | undefined;
    let from = entries;
    for (const offset of offsets) {
      if (indirect) {
        const before = carriedAt;
        for (; from < offset; ) {
          const next = entryEnd(this.bytes, from, entriesEnd);
          if (writesCertificateIssuer(this.bytes, from, next)) carriedAt = from;
          from = next;
        }
        if (carriedAt !== before) carried = decodeEntry(this.bytes, carriedAt!, entriesEnd, undefined, this.#limits).certificateIssuer;
      }
      decoded.push(decodeEntry(this.bytes, offset, entriesEnd, carried, this.#limits));
    }
    return decoded;
  }
}

/** An empty serial number would match zero. */
function askable(serialNumber: Uint8Array): Uint8Array {
  if (!(serialNumber instanceof Uint8Array) || serialNumber.length === 0) throw new TypeError('a serial number is the content octets of an INTEGER, at least one');
  return serialNumber;
}
