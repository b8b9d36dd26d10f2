import { hexOf, nameKey, type Certificate } from '@hefu/pki';
import type { EvidenceGap, WantedCrl, WantedOcsp } from './evidence.js';

type Wish = WantedCrl | WantedOcsp;

/** What a plan has come to want so far: one wish for the same thing, whoever asks. */
export class WishList {
  readonly gaps: EvidenceGap[] = [];
  readonly #wishes = new Map<string, Wish>();

  /** Adds a wish of one certificate; what is wanted by several is wanted as early as the first of them needs it. */
  add(wish: Omit<WantedCrl, 'subjects'> | Omit<WantedOcsp, 'subjects'>, subject: string): void {
    const key = `${wish.kind} ${wish.kind === 'ocsp' ? `${hexOf(wish.certId)} ` : ''}${wish.urls.join(' ')}`;
    const known = this.#wishes.get(key);
    this.#wishes.set(key, Object.assign({}, wish, joined(known, subject, wish.tier ?? 0)));
  }

  /** Joins what asks one of these addresses for a CRL already; false when nothing does. */
  joinCrl(urls: readonly string[], subject: string, tier: number): boolean {
    for (const [key, wish] of this.#wishes) {
      if (wish.kind !== 'crl' || !urls.some((url) => wish.urls.includes(url))) continue;
      this.#wishes.set(key, { ...wish, ...joined(wish, subject, tier) });
      return true;
    }
    return false;
  }

  get size(): number {
    return this.#wishes.size;
  }

  /** In the order of their tiers. */
  get wanted(): readonly Wish[] {
    return [...this.#wishes.values()].sort((a, b) => (a.tier ?? 0) - (b.tier ?? 0));
  }
}

function joined(known: Wish | undefined, subject: string, tier: number): Pick<Wish, 'subjects' | 'tier'> {
  return { subjects: [...new Set([...(known?.subjects ?? []), subject])], tier: Math.min(known?.tier ?? tier, tier) };
}

/** A certificate as wishes name it. */
export function subjectKey(certificate: Certificate): string {
  return `${hexOf(certificate.serialNumber)} ${nameKey(certificate.issuer)}`;
}
