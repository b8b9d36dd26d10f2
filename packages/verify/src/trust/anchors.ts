import type { DigestAlgorithm } from '@hefu/crypto';
import { equalBytes, namesEqual, PkiError, type Certificate } from '@hefu/pki';
import { anchorCertificates, Federation, servicesForAnchorCertificate, type AnchorMatch, type MemberList, type ServiceKind, type Trust, type TrustService } from '@hefu/trust-list';
import type { TrustAnchor } from '../path/model.js';
import { readableCertificate } from '../readable-certificate.js';
import { signersOf, type EvidenceSignersOf } from './evidence-signers.js';

/** The anchors of a trust list, or of every list of a scheme and its peers, with the services each stands for. */
export interface ListAnchors {
  /** What its services are: `ca` for signers, `tsa` for time-stamps. */
  readonly kind: ServiceKind;
  readonly federation: Federation;
  readonly anchors: readonly TrustAnchor[];
  /** Services by `TrustAnchor.source`. Unusable ones are among them: the trust decision says why they do not count. */
  readonly services: ReadonlyMap<string, readonly TrustService[]>;
  /** Those, and the ones of lists that can only restrict: such a list sends nobody to its endpoints. */
  readonly entries: ReadonlyMap<string, readonly TrustService[]>;
  /** Intermediates the list offers to path building; they anchor nothing. */
  readonly intermediates: readonly Certificate[];
  /** Who signs CRLs and OCSP answers for these services beside the CAs themselves. */
  readonly signers: EvidenceSignersOf;
  /** The list's own object for a certificate that a message carries too, so that what is known of it is found again. */
  known(der: Uint8Array): Certificate | undefined;
}

/** The services of a kind as anchors. A certificate that cannot be read anchors nothing. */
export function readAnchors(trust: Trust, sha256: DigestAlgorithm, kind: ServiceKind): ListAnchors {
  const federation = new Federation(trust, sha256);
  const collected = new AnchorCollection();
  const intermediates: Certificate[] = [];
  for (const member of allMembers(federation)) {
    const { list } = member;
    const recognises = canRecognise(member);
    for (const { service, certificate } of anchorCertificates(list, { sha256 })) {
      if (service.kind === kind) collected.add(certificate, service, { recognises });
    }
    if (!recognises) continue;
    const offered = list.services.filter((service) => service.kind === kind).flatMap((service) => service.intermediates);
    intermediates.push(...offered.flatMap((der) => readableCertificate(der) ?? []));
  }
  const own = new Map<number, Certificate[]>();
  for (const certificate of [...collected.anchors.flatMap((anchor) => anchor.certificate ?? []), ...intermediates]) {
    const same = own.get(certificate.bytes.length);
    if (same === undefined) own.set(certificate.bytes.length, [certificate]);
    else same.push(certificate);
  }
  return {
    kind,
    federation,
    anchors: collected.anchors,
    services: collected.services,
    entries: collected.entries,
    intermediates,
    signers: signersOf(federation, allMembers(federation), sha256),
    known: (der) => own.get(der.length)?.find((certificate) => equalBytes(certificate.bytes, der)),
  };
}

/** The known anchors and those that candidates complete: a listed hash whose certificate came along. */
export function completeAnchors(known: ListAnchors, candidates: readonly Certificate[], sha256: DigestAlgorithm): Pick<ListAnchors, 'anchors' | 'services' | 'entries'> {
  const byHash = allMembers(known.federation).filter(({ list }) => list.services.some((service) => service.anchors.some((anchor) => anchor.certificate === undefined)));
  if (byHash.length === 0) return known;
  const collected = new AnchorCollection(known);
  for (const member of byHash) {
    const recognises = canRecognise(member);
    for (const candidate of candidates) {
      for (const { service, by } of servicesForAnchorCertificate(member.list, candidate.bytes, { sha256 })) {
        if (service.kind === known.kind && by !== 'certificate') collected.add(candidate, service, { recognises, by });
      }
    }
  }
  return collected;
}

/** The lists of this scheme and of its peers. */
export function allMembers(federation: Federation | undefined): readonly MemberList[] {
  return federation === undefined ? [] : [...federation.members, ...new Set(federation.peers.flatMap((peer) => peer.federation?.members ?? []))];
}

/** Whether services of this list can anchor a path anywhere. */
function canRecognise({ ways }: MemberList): boolean {
  return ways.some(({ delegations }) => delegations.every(({ mode }) => mode === 'may-grant'));
}

/** Anchors by name and key (RFC 5280 §6.1.1 (d)): services that list the same one share it. */
class AnchorCollection {
  readonly anchors: TrustAnchor[];
  readonly services: Map<string, TrustService[]>;
  readonly entries: Map<string, TrustService[]>;

  constructor(start?: Pick<ListAnchors, 'anchors' | 'services' | 'entries'>) {
    this.anchors = [...(start?.anchors ?? [])];
    this.services = copied(start?.services);
    this.entries = copied(start?.entries);
  }

  /** `by`: what of the certificate the list states. Of one known by its key alone nothing else may count: anybody can write a certificate around a key. */
  add(certificate: Certificate, service: TrustService, { recognises, by = 'certificate' }: { readonly recognises: boolean; readonly by?: AnchorMatch['by'] }): void {
    try {
      const { spki, subject } = certificate;
      const same = this.anchors.find((anchor) => equalBytes(anchor.spki, spki.bytes) && namesEqual(anchor.name, subject));
      const source = same?.source ?? `anchor:${this.anchors.length}`;
      if (same === undefined) {
        this.anchors.push({ name: subject, key: spki.key, spki: spki.bytes, source, ...(by === 'spkiSha256' ? {} : { certificate }) });
        this.services.set(source, []);
        this.entries.set(source, []);
      }
      for (const map of recognises ? [this.services, this.entries] : [this.entries]) {
        const services = map.get(source)!;
        if (!services.includes(service)) services.push(service);
      }
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
    }
  }
}

function copied(map: ReadonlyMap<string, readonly TrustService[]> | undefined): Map<string, TrustService[]> {
  return new Map([...(map ?? [])].map(([source, services]) => [source, [...services]]));
}
