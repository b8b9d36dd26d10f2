import { PkiError, type Certificate, type CertificateList, type RevokedCertificate } from '@hefu/pki';
import type { ReasonCode } from '../codes.js';
import type { CollectedCrl } from '../evidence.js';
import { sameName } from '../path/check.js';
import type { ValidPath } from '../path/model.js';
import { isAccepted } from './accepted-algorithm.js';
import type { Answer, Item } from './answer.js';
import { crlFault, type CrlRules } from './crl-form.js';
import { compareNumbers, positionOf, updates, type CrlPosition } from './delta.js';
import { crlIssuerNames, reasonsCovered } from './distribution-point.js';
import { entryAbout } from './entry.js';
import { ageOf, type Age, type Freshness } from './freshness.js';
import { crlAuthority, signatureFault, type Authority, type CrlIssuerOptions } from './issuer.js';
import { ALL_REASONS, CERTIFICATE_HOLD } from './reasons.js';
import { sameKey } from './same-key.js';

export interface CrlStatusOptions extends Omit<CrlIssuerOptions, 'standingOf'> {
  readonly crls: readonly CollectedCrl[];
  readonly at: number;
  readonly freshness: Freshness;
  readonly rules: CrlRules;
}

/** Codes of unusable CRLs, from the nearest to an answer to the furthest. */
const NEARNESS: readonly ReasonCode[] = [
  'PATH_BUDGET_EXCEEDED', 'REVOCATION_ALGORITHM_REFUSED', 'CRL_STALE', 'CRL_NOT_YET_VALID', 'CRL_OUT_OF_SCOPE', 'CRL_UNSUPPORTED', 'CRL_ISSUER_NOT_AUTHORISED', 'CRL_SIGNATURE_INVALID',
  'CRL_NOT_AVAILABLE',
];

/** What a CRL, brought up to date by a delta where there is one, says about the certificate once its signatures hold. */
interface Statement {
  readonly entry: RevokedCertificate | undefined;
  readonly thisUpdate: number;
  readonly age: Age;
  /** Reasons for which its silence counts; 0 when stale or out of scope. */
  readonly mask: number;
  readonly items: readonly Item[];
}

/** The status of `path.certificates[index]` by CRLs alone (RFC 5280 §6.3.3). Never throws for what a CRL contains. */
export function crlStatus(options: CrlStatusOptions): Promise<Answer> {
  return new CrlStatus(options).run();
}

class CrlStatus {
  readonly #options: CrlStatusOptions;
  readonly #issuerOptions: CrlIssuerOptions;
  readonly #certificate: Certificate;
  readonly #refused: ReasonCode[] = [];
  readonly #deltas: (CollectedCrl & { readonly position: CrlPosition })[] = [];
  /** Answers are asked for by every complete CRL that a delta may update. */
  readonly #authorities = new Map<CertificateList, Authority | ReasonCode>();

  constructor(options: CrlStatusOptions) {
    this.#options = options;
    this.#certificate = options.path.certificates[options.index]!;
    this.#issuerOptions = { standingOf: (path, crl) => this.#standingOf(path, crl), ...options };
  }

  async run(): Promise<Answer> {
    const issuers = crlIssuerNames(this.#certificate);
    const relevant = this.#options.crls
      .filter(({ crl }) => issuers.some((name) => sameName(crl.issuer, name)))
      .sort((a, b) => b.crl.thisUpdate - a.crl.thisUpdate);
    if (relevant.length === 0) return { status: 'unknown', code: 'CRL_NOT_AVAILABLE', items: [] };

    const complete: CollectedCrl[] = [];
    for (const collected of relevant) {
      const fault = crlFault(collected.crl, this.#options.rules) ?? (this.#ageOf(collected.crl) === 'not-yet-valid' ? 'CRL_NOT_YET_VALID' : undefined);
      if (fault !== undefined) this.#refused.push(fault);
      else if (collected.crl.extDeltaCrlIndicator === undefined) complete.push(collected);
      else this.#deltas.push({ ...collected, position: positionOf(collected.crl) });
    }

    this.#deltas.sort((a, b) => b.crl.thisUpdate - a.crl.thisUpdate || compareNumbers(b.crl.extCrlNumber!, a.crl.extCrlNumber!));

    let revoked: Statement | undefined;
    const holds: Statement[] = [];
    const silent: Statement[] = [];
    let covered = 0;
    const note = (statement: Statement | undefined): void => {
      if (statement === undefined) return;
      const { entry } = statement;
      if (entry === undefined) {
        silent.push(statement);
        covered |= statement.mask;
      } else if (entry.reason === 'certificateHold') holds.push(statement);
      else if (revoked === undefined || entry.revocationDate < revoked.entry!.revocationDate) revoked = statement;
    };
    for (const collected of complete) note(await this.#readComplete(collected, covered));
    for (const collected of this.#deltas) note(await this.#readDelta(collected));

    if (revoked !== undefined) return listed('revoked', revoked);
    // A hold is lifted by nothing but a newer view that covers holds and no longer has it.
    const hold = holds.find(({ thisUpdate }) => !silent.some((view) => (view.mask & CERTIFICATE_HOLD) !== 0 && view.thisUpdate > thisUpdate));
    if (hold !== undefined) return listed('frozen', hold);
    if (covered === ALL_REASONS) {
      const [oldest, ...newer] = newestCovering(silent);
      const views = [oldest!, ...newer];
      return { status: 'good', items: views.flatMap((view) => view.items), thisUpdate: oldest!.thisUpdate, inGrace: views.some(({ age }) => age === 'grace') };
    }
    if (covered !== 0) this.#refused.push('CRL_OUT_OF_SCOPE'); // for some reasons only
    this.#refused.sort((a, b) => NEARNESS.indexOf(a) - NEARNESS.indexOf(b));
    // No source is named: most of what was refused was not even verified.
    return { status: 'unknown', code: this.#refused[0] ?? 'CRL_NOT_AVAILABLE', items: [] };
  }

  /** @param covered reasons for which newer CRLs have been silent: another silence about them is not worth a signature */
  async #readComplete(collected: CollectedCrl, covered: number): Promise<Statement | undefined> {
    const { crl } = collected;
    try {
      const own = entryAbout(crl, this.#certificate, this.#options.profile);
      const mask = reasonsCovered(crl, this.#certificate);
      const position = positionOf(crl);
      const deltas = this.#deltas.filter((delta) => updates(delta.position, position));
      const age = this.#ageOf(crl);
      if (own === undefined && deltas.length === 0) {
        if ((mask & ~covered) === 0 && covered !== 0) return undefined;
        if (mask === 0 || age === 'stale') return this.#refuse(mask === 0 ? 'CRL_OUT_OF_SCOPE' : 'CRL_STALE');
      }
      const authority = await this.#authorityOf(crl);
      if (typeof authority === 'string') return this.#refuse(authority);
      const accepted = this.#isAccepted(crl, authority);
      // removeFromCRL belongs to delta CRLs (§5.3.1): in a complete one it means nothing that can be relied on.
      if (own?.reason === 'removeFromCRL') return this.#refuse('CRL_UNSUPPORTED');
      const view = await this.#updated({ collected, age, own, authority }, deltas);
      if (view.entry === undefined && (mask === 0 || view.age === 'stale')) return this.#refuse(mask === 0 ? 'CRL_OUT_OF_SCOPE' : 'CRL_STALE');
      if (view.entry === undefined && !accepted) return this.#refuse('REVOCATION_ALGORITHM_REFUSED');
      return { mask: view.age === 'stale' ? 0 : mask, ...view };
    } catch (error) {
      if (error instanceof PkiError) return this.#refuse('CRL_UNSUPPORTED');
      throw error;
    }
  }

  /** §6.3.3 (h) to (k): the newest delta that the same key signed goes before the complete CRL. */
  async #updated(
    { collected, age, own, authority }: { readonly collected: CollectedCrl; readonly age: Age; readonly own: RevokedCertificate | undefined; readonly authority: Authority },
    deltas: readonly CollectedCrl[],
  ): Promise<Omit<Statement, 'mask'>> {
    const { crl } = collected;
    const { by, certificates, standing } = authority;
    const complete: Item = { kind: 'crl', role: 'complete', collected, by, certificates };
    for (const delta of deltas) {
      const deltaAge = this.#ageOf(delta.crl);
      // What is out of date itself brings nothing up to date; its listings count by themselves.
      if (deltaAge === 'stale' || !this.#isAccepted(delta.crl, authority) || this.#hasUnknownCriticalEntry(delta.crl) || (await signatureFault(delta.crl, authority.key, this.#issuerOptions)) !== undefined) continue;
      const changed = entryAbout(delta.crl, this.#certificate, this.#options.profile);
      // A hold ends with removeFromCRL; a revocation for good does not (§5.3.1), though an expired certificate may leave the list.
      const permanent = own !== undefined && own.reason !== 'certificateHold';
      const entry = changed === undefined || permanent ? own : changed.reason === 'removeFromCRL' ? undefined : changed;
      return { entry, thisUpdate: delta.crl.thisUpdate, age: deltaAge, items: [{ kind: 'crl', role: 'delta', collected: delta, by, certificates }, complete, ...standing] };
    }
    return { entry: own, thisUpdate: crl.thisUpdate, age, items: [complete, ...standing] };
  }

  /** What a delta lists, it lists with or without a complete CRL beside it; its silence says nothing. */
  async #readDelta(collected: CollectedCrl): Promise<Statement | undefined> {
    const { crl } = collected;
    try {
      const entry = entryAbout(crl, this.#certificate, this.#options.profile);
      if (entry === undefined || entry.reason === 'removeFromCRL') return this.#refuse('CRL_UNSUPPORTED');
      const authority = await this.#authorityOf(crl);
      if (typeof authority === 'string') return this.#refuse(authority);
      return { entry, thisUpdate: crl.thisUpdate, age: this.#ageOf(crl), mask: 0, items: [{ kind: 'crl', role: 'delta', collected, by: authority.by, certificates: authority.certificates }, ...authority.standing] };
    } catch (error) {
      if (error instanceof PkiError) return this.#refuse('CRL_UNSUPPORTED');
      throw error;
    }
  }

  #isAccepted(crl: CertificateList, { signatureAlgorithms }: Authority): boolean {
    return isAccepted(this.#options, crl.bytes, crl.signatureAlgorithm, signatureAlgorithms);
  }

  #refuse(code: ReasonCode): undefined {
    this.#refused.push(code);
    return undefined;
  }

  #ageOf(crl: CertificateList): Age {
    return ageOf(crl, this.#options.at, this.#options.freshness);
  }

  #hasUnknownCriticalEntry(crl: CertificateList): boolean {
    return this.#options.cache.unknownCriticalEntry(crl);
  }

  /** Signed by who may, and free of entries that make it unusable. */
  async #authorityOf(crl: CertificateList): Promise<Authority | ReasonCode> {
    let authority = this.#authorities.get(crl);
    if (authority === undefined) {
      authority = await crlAuthority(crl, this.#issuerOptions);
      if (typeof authority !== 'string' && this.#hasUnknownCriticalEntry(crl)) authority = 'CRL_UNSUPPORTED';
      this.#authorities.set(crl, authority);
    }
    return authority;
  }

  /**
   * What the standing of a certificate that would authorise a CRL signing key rests on; undefined when it is barred:
   * revoked or on hold, by the CRLs at hand and without looking for further keys. Where nothing is known of it, a certificate issued by a key of the path itself
   * passes, since its CRL is the one that the path's own certificates are asked of; so does one whose CRLs the very
   * key in question signs, for nobody else can vouch for it (RFC 5280 §6.3.3 leaves this circle to the anchor).
   */
  async #standingOf(path: ValidPath, crl: CertificateList): Promise<readonly Item[] | undefined> {
    const items: Item[] = [];
    const { path: main } = this.#options;
    const count = path.certificates.length - (path.anchor.certificate === undefined ? 0 : 1);
    for (let index = 0; index < count; index++) {
      const certificate = path.certificates[index]!;
      const answer = await crlStatus({ ...this.#options, path, index, candidates: [] });
      if (answer.status === 'good') {
        items.push(...answer.items);
        continue;
      }
      if (answer.status !== 'unknown') return undefined;
      const sharesIssuer = main.issuerKeys.some((key) => sameKey(key, path.issuerKeys[index]!));
      const circular = crlIssuerNames(certificate).some((name) => sameName(name, crl.issuer));
      if (!sharesIssuer && !circular) return undefined;
    }
    return items;
  }
}

/** The newest views that cover all reasons together, oldest first: that one may be alone with its reasons, and good is good as of then. */
function newestCovering(views: readonly Statement[]): readonly Statement[] {
  let covered = 0;
  const needed = [...views].sort((a, b) => b.thisUpdate - a.thisUpdate).filter(({ mask }) => {
    const adds = (mask & ~covered) !== 0;
    covered |= mask;
    return adds;
  });
  return needed.reverse();
}

function listed(status: 'revoked' | 'frozen', { entry, items, age, thisUpdate }: Statement): Answer {
  return { status, items, thisUpdate, reason: entry!.reason, revokedAt: entry!.revocationDate, inGrace: age === 'grace' };
}
