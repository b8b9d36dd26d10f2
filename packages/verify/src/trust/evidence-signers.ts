import type { DigestAlgorithm } from '@hefu/crypto';
import type { Certificate } from '@hefu/pki';
import { anchorCertificates, servicesForAnchorCertificate, type Federation, type MemberList, type PathKey, type ServiceKind, type TrustList, type TrustService } from '@hefu/trust-list';
import { readableCertificate } from '../readable-certificate.js';
import { isSpokenAgainst, type KeyQuestion } from './spoken-against.js';

/** Somebody the list states as signing CRLs or OCSP answers for a CA beside the CA itself. */
export interface EvidenceSigner {
  readonly certificate: Certificate;
  /** The service it is an anchor of, whose status and scope count; undefined: named at an endpoint of the CA's own entry. */
  readonly service: TrustService | undefined;
  /** The list states its key alone, so what else the certificate says is anybody's word. */
  readonly keyOnly: boolean;
}

/** Those of one CA service. */
export interface EvidenceSigners {
  readonly crl: readonly EvidenceSigner[];
  readonly ocsp: readonly EvidenceSigner[];
  /** The services that the CA's entry names, in its order, whatever they are worth now. */
  readonly services: readonly TrustService[];
}

const NONE: EvidenceSigners = { crl: [], ocsp: [], services: [] };

/**
 * Who signs evidence for the CA services of a list: read once, kept with the list's anchors.
 * A service speaks for a CA only where the CA's entry names it, and only as the kind it is listed as.
 */
export class ListSigners {
  readonly #list: TrustList;
  readonly #sha256: DigestAlgorithm;
  readonly #byService = new Map<TrustService, EvidenceSigners>();

  constructor(list: TrustList, sha256: DigestAlgorithm) {
    this.#list = list;
    this.#sha256 = sha256;
    const byId = new Map(list.services.map((service) => [service.id, service]));
    const anchors = new Map<TrustService, EvidenceSigner[]>();
    for (const { service, certificate } of anchorCertificates(list, { sha256 })) {
      if (service.kind !== 'crl-issuer' && service.kind !== 'ocsp') continue;
      const signer = { certificate, service, keyOnly: false };
      const known = anchors.get(service);
      if (known === undefined) anchors.set(service, [signer]);
      else known.push(signer);
    }
    for (const service of list.services) {
      const { crl, ocsp = [] } = service.revocation;
      const named = (kind: ServiceKind, ids: readonly (string | undefined)[]): TrustService[] =>
        [...new Set(ids)].flatMap((id) => (id === undefined ? undefined : byId.get(id)) ?? []).filter((each) => each.kind === kind);
      const issuers = named('crl-issuer', crl.map(({ issuerService }) => issuerService));
      const responders = named('ocsp', ocsp.map(({ responderService }) => responderService));
      const stated = ocsp.flatMap((endpoint) => endpoint.responders ?? []).flatMap((der) => readableCertificate(der) ?? []);
      if (issuers.length + responders.length + stated.length === 0) continue;
      this.#byService.set(service, {
        services: [...issuers, ...responders],
        crl: issuers.flatMap((issuer) => anchors.get(issuer) ?? []),
        ocsp: [...stated.map((certificate) => ({ certificate, service: undefined, keyOnly: false })), ...responders.flatMap((responder) => anchors.get(responder) ?? [])],
      });
    }
  }

  /** @param candidates untrusted certificates that came along: asked for only where the list states signers by hash */
  of(service: TrustService, candidates: () => readonly Certificate[]): EvidenceSigners {
    const known = this.#byService.get(service) ?? NONE;
    if (!known.services.some(({ anchors }) => anchors.some(({ certificate }) => certificate === undefined))) return known;
    const found: EvidenceSigner[] = [];
    for (const certificate of candidates()) {
      for (const { service: signer, by } of servicesForAnchorCertificate(this.#list, certificate.bytes, { sha256: this.#sha256 })) {
        if (by !== 'certificate' && known.services.includes(signer)) found.push({ certificate, service: signer, keyOnly: by === 'spkiSha256' });
      }
    }
    const ofKind = (kind: ServiceKind): EvidenceSigner[] => found.filter((signer) => signer.service?.kind === kind);
    return { ...known, crl: [...known.crl, ...ofKind('crl-issuer')], ocsp: [...known.ocsp, ...ofKind('ocsp')] };
  }
}

/** Who signs evidence for a service, whichever list it is in; and of whom the lists want none. */
export interface EvidenceSignersOf extends Pick<ListSigners, 'of'> {
  /** Whether the lists speak against a key that a CA's certificate would let sign evidence. */
  speakAgainst(key: PathKey, question: KeyQuestion & { /** The service that answers for the certificate asked about. */ readonly service: TrustService | undefined }): boolean;
}

/** Those of several lists. A service is spoken for by services of its own list only. */
export function signersOf(federation: Federation, members: readonly MemberList[], sha256: DigestAlgorithm): EvidenceSignersOf {
  const homes = members.map(({ list }) => ({ services: new Set(list.services), signers: new ListSigners(list, sha256) }));
  return {
    of: (service, candidates) => homes.find(({ services }) => services.has(service))?.signers.of(service, candidates) ?? NONE,
    speakAgainst(key, { service, ...question }) {
      if (isSpokenAgainst(federation, key, question)) return true;
      // What a peer says of a key counts for the paths that it recognises.
      const theirs = service === undefined ? [] : federation.peers.flatMap((peer) => peer.federation ?? []).filter((peer) => peer.members.some(({ list }) => list.services.includes(service)));
      return theirs.some((peer) => peer.top.territory.some((region) => isSpokenAgainst(peer, key, { ...question, context: { ...question.context, region } })));
    },
  };
}
