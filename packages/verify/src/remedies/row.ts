import type { SubIndication } from '../codes.js';
import type { Bilingual, Layer, NearestMiss, Responsible } from '../report.js';
import { english, chinese, type Words } from './words.js';

/** Facts a reason may state. All are optional: a sentence without them is still whole. */
export interface ReasonFacts {
  /** As `CheckRow.subject`: `certificate[0]`, `signer[1]`, `service urn:…`, `message`. */
  readonly subject?: string;
  readonly expected?: string | number;
  readonly actual?: string | number;
  /** The date that matters, epoch milliseconds: end of validity, revocation, start of a status. */
  readonly when?: number;
  readonly service?: Bilingual;
  /** GB/T 2260 code of the platform's region. */
  readonly region?: string;
  readonly nearestMiss?: NearestMiss;
  /** Nothing that may still come changes this: the time is proven, or what was suspended does not heal. */
  readonly settled?: boolean;
  /** Something proves that the signature was made after the event. */
  readonly provenAfter?: boolean;
  /** An earlier proof of existence would change it, and there is none. */
  readonly noPoe?: boolean;
  /** Of an expired certificate: it is known not to have been revoked while it was valid. */
  readonly notRevoked?: boolean;
}

/** EN 319 102-1 §5.1.3 table 5: the sub-indications of TOTAL-FAILED. All others leave the verdict open. */
export type FailedSubIndication = 'FORMAT_FAILURE' | 'HASH_FAILURE' | 'SIG_CRYPTO_FAILURE' | 'REVOKED' | 'EXPIRED' | 'NOT_YET_VALID';

/** Conclusion and sub-indication as they belong together. */
export type Indication =
  | { readonly conclusion: 'failed'; readonly subIndication: FailedSubIndication }
  | { readonly conclusion: 'indeterminate'; readonly subIndication: Exclude<SubIndication, FailedSubIndication> };

/** One row of the table of reasons. */
export type Remedy = Indication & {
  readonly layer: Layer;
  readonly responsible: Responsible;
  /** Holds instead when something proves that the signature was made after the event (a content time-stamp, a nonce). */
  readonly proven?: Indication;
  /** Holds instead where an earlier proof of existence would change it, and there is none. */
  readonly noPoe?: Indication;
  /** Holds instead of an expired certificate that is known not to have been revoked. */
  readonly notRevoked?: Indication;
  /** Holds instead when the facts are `settled`. */
  readonly settled?: Indication & { readonly message: (facts: ReasonFacts) => Bilingual; readonly remedy?: (facts: ReasonFacts) => Bilingual };
  /** Holds instead when the subject is a CA certificate of the path: the bidder cannot renew that. */
  readonly ofCa?: { readonly responsible: Responsible; readonly remedy: (facts: ReasonFacts) => Bilingual };
  readonly message: (facts: ReasonFacts) => Bilingual;
  readonly remedy: (facts: ReasonFacts) => Bilingual;
};

/** What is said of a reason: the part of a `Remedy` that people read. */
export interface Wording extends Pick<Remedy, 'message' | 'remedy'> {
  readonly settled?: { readonly message: Wording['message']; readonly remedy?: Wording['remedy'] };
  readonly ofCa?: { readonly remedy: Wording['remedy'] };
}

export type Text = string | ((words: Words) => string);

/** One sentence in two languages, from facts. */
export function say(zh: Text, en: Text): (facts: ReasonFacts) => Bilingual {
  return (facts) => ({
    zh: typeof zh === 'string' ? zh : zh(chinese(facts)),
    en: capitalised(typeof en === 'string' ? en : en(english(facts))),
  });
}

/** A sentence may begin with a fact that is written small. */
function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
