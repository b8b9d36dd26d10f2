import type { DigestAlgorithm } from '@hefu/crypto';
import { equalBytes, namesEqual, PkiError, type Certificate } from '@hefu/pki';
import { anchorCertificates, servicesForAnchorCertificate, type AnchorMatch, type TrustList, type TrustService } from '@hefu/trust-list';
import type { TrustAnchor } from '../path/model.js';
import { readableCertificate } from '../readable-certificate.js';
import { ListSigners } from './evidence-signers.js';

/** The anchors of a trust list, with the services each stands for. */
export interface ListAnchors {
  readonly anchors: readonly TrustAnchor[];
  /** Services by `TrustAnchor.source`. Unusable ones are among them: the trust decision says why they do not count. */
  readonly services: ReadonlyMap<string, readonly TrustService[]>;
  /** Intermediates the list offers to path building; they anchor nothing. */
  readonly intermediates: readonly Certificate[];
  /** Who signs CRLs and OCSP answers for the CA services beside the CAs themselves. */
  readonly signers: ListSigners;
  /** The list's own object for a certificate that a message carries too, so that what is known of it is found again. */
  known(der: Uint8Array): Certificate | undefined;
}

/** The CA services of a list as anchors. A certificate that cannot be read anchors nothing. */
export function readAnchors(list: TrustList, sha256: DigestAlgorithm): ListAnchors {
  const collected = new AnchorCollection();
  for (const { service, certificate } of anchorCertificates(list, { sha256 })) {
    if (service.kind === 'ca') collected.add(certificate, service);
  }
  const intermediates = list.services
    .filter((service) => service.kind === 'ca')
    .flatMap((service) => service.intermediates)
    .flatMap((der) => readableCertificate(der) ?? []);
  const own = new Map<number, Certificate[]>();
  for (const certificate of [...collected.anchors.flatMap((anchor) => anchor.certificate ?? []), ...intermediates]) {
    const same = own.get(certificate.bytes.length);
    if (same === undefined) own.set(certificate.bytes.length, [certificate]);
    else same.push(certificate);
  }
  return {
    anchors: collected.anchors,
    services: collected.services,
    intermediates,
    signers: new ListSigners(list, sha256),
    known: (der) => own.get(der.length)?.find((certificate) => equalBytes(certificate.bytes, der)),
  };
}

/** The list's anchors and those that candidates complete: a listed hash whose certificate came along. */
export function completeAnchors(known: ListAnchors, list: TrustList, candidates: readonly Certificate[], sha256: DigestAlgorithm): Pick<ListAnchors, 'anchors' | 'services'> {
  const byHashAlone = list.services.some((service) => service.anchors.some((anchor) => anchor.certificate === undefined));
  if (!byHashAlone) return known;
  const collected = new AnchorCollection(known);
  for (const candidate of candidates) {
    for (const { service, by } of servicesForAnchorCertificate(list, candidate.bytes, { sha256 })) {
      if (service.kind === 'ca' && by !== 'certificate') collected.add(candidate, service, by);
    }
  }
  return collected;
}

/** Anchors by name and key (RFC 5280 §6.1.1 (d)): services that list the same one share it. */
class AnchorCollection {
  readonly anchors: TrustAnchor[];
  readonly services: Map<string, TrustService[]>;

  constructor(start?: Pick<ListAnchors, 'anchors' | 'services'>) {
    this.anchors = [...(start?.anchors ?? [])];
    this.services = new Map([...(start?.services ?? [])].map(([source, services]) => [source, [...services]]));
  }

  /** @param by what of the certificate the list states. Of one known by its key alone nothing else may count: anybody can write a certificate around a key. */
  add(certificate: Certificate, service: TrustService, by: AnchorMatch['by'] = 'certificate'): void {
    try {
      const { spki, subject } = certificate;
      const same = this.anchors.find((anchor) => equalBytes(anchor.spki, spki.bytes) && namesEqual(anchor.name, subject));
      const source = same?.source ?? `anchor:${this.anchors.length}`;
      if (same === undefined) {
        this.anchors.push({ name: subject, key: spki.key, spki: spki.bytes, source, ...(by === 'spkiSha256' ? {} : { certificate }) });
        this.services.set(source, []);
      }
      const services = this.services.get(source)!;
      if (!services.includes(service)) services.push(service);
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
    }
  }
}
