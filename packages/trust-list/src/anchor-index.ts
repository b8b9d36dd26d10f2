import type { DigestAlgorithm } from '@hefu/crypto';
import { parseCertificate, PkiError, type Certificate } from '@hefu/pki';
import type { ServiceAnchor, TrustService } from './model.js';
import { hexOf } from './sha256.js';

/** An anchor that stands for a certificate or a key, and how. */
export interface AnchorMatch {
  readonly service: TrustService;
  readonly anchor: ServiceAnchor;
  /** By which statement of the anchor: its certificate, a certificate hash, or a key hash. */
  readonly by: 'certificate' | 'sha256' | 'spkiSha256';
}

/** An anchor whose certificate the list carries. */
export interface AnchorCertificate {
  readonly service: TrustService;
  readonly anchor: ServiceAnchor;
  readonly certificate: Certificate;
}

/**
 * Anchors by hash. An anchor is found by the narrowest thing it states: its certificate, else the certificate's
 * hash, else the key's, so that naming a certificate never trusts another one of the same key.
 */
export class AnchorIndex {
  readonly certificates: readonly AnchorCertificate[];
  readonly #byCertificate = new Map<string, AnchorMatch[]>();
  readonly #byKey = new Map<string, AnchorMatch[]>();
  readonly #keyOf = new Map<string, AnchorMatch[]>();

  constructor(services: readonly TrustService[], sha256: DigestAlgorithm) {
    const certificates: AnchorCertificate[] = [];
    for (const service of services) {
      for (const anchor of service.anchors) {
        if (anchor.certificate !== undefined) {
          const certificate = readable(anchor.certificate);
          if (certificate === undefined) continue;
          certificates.push({ service, anchor, certificate });
          push(this.#byCertificate, hexOf(sha256.digest(anchor.certificate)), { service, anchor, by: 'certificate' });
          push(this.#keyOf, hexOf(sha256.digest(certificate.spki.bytes)), { service, anchor, by: 'certificate' });
        } else if (anchor.sha256 !== undefined) {
          push(this.#byCertificate, anchor.sha256, { service, anchor, by: 'sha256' });
          if (anchor.spkiSha256 !== undefined) push(this.#keyOf, anchor.spkiSha256, { service, anchor, by: 'sha256' });
        } else if (anchor.spkiSha256 !== undefined) {
          push(this.#byKey, anchor.spkiSha256, { service, anchor, by: 'spkiSha256' });
          push(this.#keyOf, anchor.spkiSha256, { service, anchor, by: 'spkiSha256' });
        }
      }
    }
    this.certificates = certificates;
  }

  /** Anchors that this certificate is. An anchor stating both hashes is met only by both. */
  ofCertificate(der: Uint8Array, sha256: DigestAlgorithm): readonly AnchorMatch[] {
    const certificate = readable(der);
    if (certificate === undefined) return [];
    const key = hexOf(sha256.digest(certificate.spki.bytes));
    const byCertificate = this.#byCertificate.get(hexOf(sha256.digest(der))) ?? [];
    return [...byCertificate.filter(({ by, anchor }) => by === 'certificate' || (anchor.spkiSha256 ?? key) === key), ...(this.#byKey.get(key) ?? [])];
  }

  /** Anchors of this key, however they state it. Being one of these is not being trusted: see `by`. */
  withKey(spkiSha256: string): readonly AnchorMatch[] {
    return this.#keyOf.get(spkiSha256.toLowerCase()) ?? [];
  }

  /** Anchors that state this certificate, or its hash. */
  withCertificate(sha256: string): readonly AnchorMatch[] {
    return this.#byCertificate.get(sha256) ?? [];
  }
}

function readable(der: Uint8Array): Certificate | undefined {
  try {
    return parseCertificate(der);
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}

function push(map: Map<string, AnchorMatch[]>, key: string, match: AnchorMatch): void {
  const matches = map.get(key);
  if (matches === undefined) map.set(key, [match]);
  else matches.push(match);
}
