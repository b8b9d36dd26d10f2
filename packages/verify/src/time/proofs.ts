import type { DigestAlgorithm } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import type { ProvenObject } from '../report.js';

/** Something is proven to have existed at a time (EN 319 102-1 §3.1, POE): stated by the caller for what it keeps, or found by time-stamps. */
export interface ProofOfExistence {
  /** Of the object's octets, lower-case hex. */
  readonly sha256: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** Since when things are proven to have existed. What nothing proves exists now, at validation time. */
export class Proofs {
  readonly #sha256: DigestAlgorithm;
  readonly #earliest = new Map<string, number>();
  readonly #found = new Map<string, ProvenObject>();
  /** Hashes of objects asked about, since CRLs are large and asked about often. */
  readonly #names = new WeakMap<Uint8Array, string>();

  constructor(sha256: DigestAlgorithm, stated: readonly ProofOfExistence[] = []) {
    this.#sha256 = sha256;
    for (const { sha256: name, at } of stated) this.#note(name, at);
  }

  /** Nothing is proven: nothing needs to be hashed. */
  get empty(): boolean {
    return this.#earliest.size === 0;
  }

  /** @param by what proves it, as a report names it */
  add(what: ProvenObject['what'], octets: Uint8Array, at: number, by: string): void {
    const sha256 = this.#nameOf(octets);
    if (this.#note(sha256, at)) this.#found.set(sha256, { what, sha256, provenAt: new Date(at).toISOString(), by });
  }

  /** What was added, each with its earliest proof. */
  get found(): readonly ProvenObject[] {
    return [...this.#found.values()];
  }

  /** The earliest time at which these octets are proven to have existed; undefined: no proof. */
  provenAt(octets: Uint8Array): number | undefined {
    return this.empty ? undefined : this.#earliest.get(this.#nameOf(octets));
  }

  /** Whether it is news. */
  #note(name: string, at: number): boolean {
    const known = this.#earliest.get(name);
    if (known !== undefined && known <= at) return false;
    this.#earliest.set(name, at);
    return true;
  }

  #nameOf(octets: Uint8Array): string {
    let name = this.#names.get(octets);
    if (name === undefined) this.#names.set(octets, (name = hexOf(this.#sha256.digest(octets))));
    return name;
  }
}
