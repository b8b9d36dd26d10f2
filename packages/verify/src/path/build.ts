import type { PublicKey } from '@hefu/crypto';
import { equalBytes, type Certificate } from '@hefu/pki';
import { createSpending, requireBudget, type Spending } from './budget.js';
import { CertificateFacts, checkPath, purposeFault, sameName, validityFault, type Fault } from './check.js';
import { createSearchCache, type EdgeCache } from './edge-cache.js';
import { CHECKS_SPENT, EdgeVerifier, spkiOf, type EdgeFault } from './edge.js';
import type { BuildPathOptions, PathFailure, PathOutcome, TrustAnchor, ValidPath } from './model.js';
import { moreTelling, NearestMiss } from './nearest.js';
import { isAnchor, IssuerIndex, keyHint, type Issuer } from './order.js';
import { after, isPromise } from './signed-by.js';

/**
 * Finds a path from the leaf to an anchor and validates it (RFC 5280 §6.1), trying every issuer of the right name
 * until one path is valid and accepted. Certificates and candidates may be anything: what is wrong with them is
 * the outcome, and the budget bounds the work.
 *
 * Every signature is verified while going up; the other rules are checked over each complete path, from the anchor
 * down. Certificates that no path may hold are passed over. When nothing is found, they are walked through once
 * more to say how near a path came.
 *
 * @throws TypeError for a time or a budget that is no number; never for what a certificate contains
 */
export async function buildPath(options: BuildPathOptions): Promise<PathOutcome> {
  if (!Number.isFinite(options.at)) throw new TypeError('at is epoch milliseconds');
  requireBudget(options.budget);
  const search = new PathSearch(options);
  await search.run(false);
  if (search.paths.length === 0 && !search.spent && search.passedOver) await search.run(true);
  return search.outcome();
}

/** The nearest miss is for people, who look at small graphs. */
const DIAGNOSING_STEPS = 2000;

/** One certificate of the branch being tried, and what its issuers have come to. */
interface Frame {
  readonly facts: CertificateFacts;
  issuers: readonly Issuer[];
  next: number;
  /** Which issuers are being tried: none yet, those written with the same octets, those of an equal name. */
  stage: 'start' | 'exact' | 'equivalent';
  /** Something carries the issuer's name. */
  named: boolean;
  /** Some issuer's key verified it. */
  advanced: boolean;
  otherKey: TrustAnchor | undefined;
  fault: Fault | undefined;
  /** The issuer whose key the fault is about; undefined where it is about the certificate, or the key is an anchor's. */
  faulty: Certificate | undefined;
}

class PathSearch {
  readonly paths: ValidPath[] = [];
  /** A certificate was left out for a fault of its own. */
  passedOver = false;
  /** The budget ended the search before it was over. */
  spent = false;

  readonly #options: BuildPathOptions;
  #leafFacts: CertificateFacts | undefined;
  readonly #cache: EdgeCache;
  readonly #spending: Spending;
  readonly #before: Spending;
  readonly #edges: EdgeVerifier;
  readonly #issuers: IssuerIndex;
  readonly #nearest = new NearestMiss();
  #frames: Frame[] = [];
  #accepted: ValidPath | undefined;
  #spentFault: Fault | undefined;

  constructor(options: BuildPathOptions) {
    const { algorithms, profile, budget, anchors, candidates } = options;
    this.#options = options;
    this.#cache = options.edges ?? createSearchCache();
    this.#spending = options.spending ?? createSpending();
    this.#before = { ...this.#spending };
    this.#edges = new EdgeVerifier(algorithms, profile, this.#cache, this.#spending, budget.maxSignatureChecks, options.keepLeaf === true ? undefined : options.leaf);
    this.#issuers = new IssuerIndex(anchors, candidates, this.#cache);
  }

  /** @param diagnosing go through certificates that have faults of their own, to find the nearest miss */
  async run(diagnosing: boolean): Promise<void> {
    const { leaf, budget } = this.#options;
    const maxSteps = diagnosing ? Math.min(budget.maxSteps, this.#spending.steps + DIAGNOSING_STEPS) : budget.maxSteps;
    const leafFacts = this.#factsOf(leaf);
    if (!diagnosing && this.#isPassedOver(leafFacts, 'leaf')) return;
    this.#frames = [frameOf(leafFacts)];
    for (const anchor of this.#pinning(leaf)) {
      const over = this.#complete(anchor, true);
      if (isPromise(over) ? await over : over) return;
    }

    while (this.#frames.length > 0) {
      const frame = this.#frames[this.#frames.length - 1]!;
      const issuer = this.#nextIssuer(frame);
      if (issuer === undefined) {
        if (!frame.advanced) this.#deadEnd(frame);
        this.#frames.pop();
        continue;
      }
      frame.named = true;
      if (++this.#spending.steps > maxSteps) return this.#stop({ code: 'PATH_BUDGET_EXCEEDED', expected: budget.maxSteps, actual: 'steps' }, diagnosing);
      if (this.#repeats(issuer)) continue;
      if (this.#frames.length >= budget.maxDepth) {
        // Beyond the last step nothing is known, but where by its names no anchor can be above, depth is not what was missing.
        if (!isAnchor(issuer) && !this.#issuers.mayReach(issuer)) continue;
        this.#nearest.record('too-deep', this.#failure({ code: 'PATH_BUDGET_EXCEEDED', expected: budget.maxDepth, actual: 'depth' }, this.#frames.length - 1));
        frame.advanced = true; // the branch is not known to be dead
        continue;
      }
      if (!diagnosing && !isAnchor(issuer) && !this.#issuers.mayReach(issuer)) {
        this.passedOver = true;
        frame.advanced = true; // the branch is not known to be dead
        continue;
      }
      const issuerFacts = isAnchor(issuer) ? undefined : this.#factsOf(issuer);
      if (issuerFacts !== undefined && !diagnosing && this.#isPassedOver(issuerFacts, 'ca')) {
        frame.advanced = true;
        continue;
      }
      const verdict = this.#edges.verify(frame.facts.certificate, issuer);
      const refusal = isPromise(verdict) ? await verdict : verdict;
      if (refusal === CHECKS_SPENT) return this.#stop({ ...refusal.fault, expected: budget.maxSignatureChecks }, diagnosing);
      if (refusal !== undefined) {
        noteRefusal(frame, issuer, refusal);
        continue;
      }
      frame.advanced = true;
      if (issuerFacts !== undefined) this.#frames.push(frameOf(issuerFacts));
      else {
        const own = (issuer as TrustAnchor).certificate;
        if (own !== undefined && this.#options.enforceAnchorConstraints !== false && this.#factsOf(own).selfSignatureMatters) await this.#noteSelfSigned(own);
        const over = this.#complete(issuer as TrustAnchor, false);
        if (isPromise(over) ? await over : over) return;
      }
    }
  }

  outcome(): PathOutcome {
    const accepted = this.#accepted;
    const paths = accepted === undefined ? this.paths : [accepted, ...this.paths.filter((path) => path !== accepted)];
    let failure: PathFailure | undefined;
    if (accepted === undefined && this.#spentFault !== undefined) failure = { ...this.#spentFault, certificate: 0, partial: [this.#options.leaf] };
    else if (paths.length === 0) failure = this.#nearest.failure ?? { code: 'PATH_NOT_FOUND', certificate: 0, partial: [this.#options.leaf] };
    const now = this.#spending;
    const before = this.#before;
    const spent = { signatureChecks: now.signatureChecks - before.signatureChecks, steps: now.steps - before.steps, nameComparisons: now.nameComparisons - before.nameComparisons };
    return { paths, accepted, failure, spent };
  }

  #factsOf(certificate: Certificate): CertificateFacts {
    const { leaf, profile, keepLeaf } = this.#options;
    // A leaf that is new with every message: what is known of it lives as long as the search.
    return certificate === leaf && keepLeaf !== true ? (this.#leafFacts ??= new CertificateFacts(leaf, profile)) : this.#cache.factsOf(certificate, profile);
  }

  /** While diagnosing, a spent budget only means that the nearest miss so far has to do. */
  #stop(fault: Fault, diagnosing: boolean): void {
    if (diagnosing) return;
    this.spent = true;
    this.#spentFault = fault;
  }

  #isPassedOver(facts: CertificateFacts, role: 'leaf' | 'ca'): boolean {
    const { at, extendedKeyUsages = [] } = this.#options;
    const out = (facts.fault(role) ?? validityFault(facts.certificate, at) ?? purposeFault(facts, role === 'leaf' ? 0 : 1, extendedKeyUsages)) !== undefined;
    this.passedOver ||= out;
    return out;
  }

  /**
   * Anchors that are the leaf itself, octet for octet. The same name and key are not enough: the rest of the
   * certificate would then be vouched for by nobody.
   */
  #pinning(leaf: Certificate): readonly TrustAnchor[] {
    return this.#options.anchors.filter((anchor) => anchor.certificate !== undefined && equalBytes(anchor.certificate.bytes, leaf.bytes));
  }

  #nextIssuer(frame: Frame): Issuer | undefined {
    while (frame.next >= frame.issuers.length) {
      if (frame.stage === 'equivalent') return undefined;
      frame.stage = frame.stage === 'start' ? 'exact' : 'equivalent';
      frame.issuers = this.#issuers[frame.stage](frame.facts.certificate);
      frame.next = 0;
    }
    return frame.issuers[frame.next++];
  }

  /** No name and key twice in a path; a leaf may be a reissue of the anchor that signed it. */
  #repeats(issuer: Issuer): boolean {
    const frames = this.#frames;
    const spki = spkiOf(issuer);
    const name = isAnchor(issuer) ? issuer.name : issuer.subject;
    const start = isAnchor(issuer) && frames.length === 1 ? 1 : 0;
    for (let i = start; i < frames.length; i++) {
      const member = frames[i]!.facts.certificate;
      if (equalBytes(member.spki.bytes, spki) && sameName(member.subject, name)) return true;
    }
    return false;
  }

  async #noteSelfSigned(own: Certificate): Promise<void> {
    if ((await this.#edges.verify(own, own)) === undefined) this.#factsOf(own).noteSelfSigned();
  }

  /** @returns true when the search is over */
  #complete(anchor: TrustAnchor, pinned: boolean): boolean | Promise<boolean> {
    const { at, budget, enforceAnchorValidity = false, enforceAnchorConstraints = true, maxPathLength, accept, policy, extendedKeyUsages = [] } = this.#options;
    const own = pinned ? undefined : anchor.certificate;
    const ownFacts = own === undefined ? undefined : this.#factsOf(own);
    const certificates = this.#frames.map((frame) => frame.facts.certificate);
    if (own !== undefined) certificates.push(own);
    const checked = checkPath(
      {
        facts: this.#frames.map((frame) => frame.facts),
        anchor: enforceAnchorConstraints ? ownFacts : undefined,
        limits: { pathLength: least(anchor.pathLength, maxPathLength), nameConstraints: anchor.nameConstraints, policies: anchor.policies },
        at,
        enforceAnchorValidity,
        policy,
        extendedKeyUsages,
        maxNameComparisons: budget.maxNameComparisons,
        maxSteps: budget.maxSteps,
      },
      this.#spending,
    );
    if (checked.fault !== undefined) return this.#refused(checked.fault, checked.index, certificates);
    // Without the rest of its certificate, its dates may still be asked for.
    const outdated = enforceAnchorValidity && !enforceAnchorConstraints && own !== undefined ? validityFault(own, at) : undefined;
    if (outdated !== undefined) return this.#refused(outdated, certificates.length - 1, certificates);
    const issuerKeys: PublicKey[] = this.#frames.slice(1).map((frame) => frame.facts.certificate.spki.key);
    while (issuerKeys.length < certificates.length) issuerKeys.push(anchor.key);
    const found = { certificates, anchor, issuerKeys, signatureAlgorithms: pinned ? [] : this.#frames.map((frame) => this.#edges.algorithmName(frame.facts.certificate)) };
    const path: ValidPath = checked.policies === undefined ? found : { ...found, policies: checked.policies };
    this.paths.push(path);
    const accepted = accept === undefined ? true : accept(path);
    return after(accepted, (yes) => this.#settle(path, yes));
  }

  #settle(path: ValidPath, accepted: boolean): boolean {
    if (accepted) this.#accepted = path;
    return accepted;
  }

  /** @returns true when the search is over: what was spent is spent, so there is no trying the next path */
  #refused(fault: Fault, index: number, certificates: readonly Certificate[]): boolean {
    if (fault.code === 'PATH_BUDGET_EXCEEDED') {
      this.spent = true;
      this.#spentFault = fault;
      return true;
    }
    this.#nearest.record('reached-anchor', { ...fault, certificate: index, partial: certificates });
    return false;
  }

  #failure(fault: Fault, certificate: number): PathFailure {
    return { ...fault, certificate, partial: this.#frames.map((frame) => frame.facts.certificate) };
  }

  /** No issuer led on from the last certificate of the branch. */
  #deadEnd(frame: Frame): void {
    const { certificate } = frame.facts;
    const named = frame.named || frame.facts.selfIssued;
    // One that states two signature algorithms is wrong whoever issued it; its signature was tried by one of them only.
    const own = frame.facts.fault(this.#frames.length === 1 ? 'leaf' : 'ca');
    if (own?.code === 'ALGORITHM_MISMATCH') {
      this.#nearest.record('dead-end', this.#failure(own, this.#frames.length - 1));
      return;
    }
    const fault: Fault = frame.fault ?? { code: named ? 'ISSUER_NOT_LISTED' : 'PATH_NOT_FOUND', clause: 'RFC 5280 §6.1' };
    const anchorHint: PathFailure['anchorHint'] =
      frame.otherKey === undefined
        ? { kind: named ? 'issuer-not-anchored' : 'issuer-unknown', name: certificate.issuer }
        : { kind: 'same-name-other-key', source: frame.otherKey.source, name: certificate.issuer };
    const failure = this.#failure(fault, this.#frames.length - 1);
    const { faulty } = frame;
    this.#nearest.record('dead-end', { ...failure, ...(faulty === undefined ? {} : { certificate: failure.certificate + 1, partial: [...failure.partial, faulty] }), anchorHint });
  }
}

function least(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? a ?? b : Math.min(a, b);
}

function frameOf(facts: CertificateFacts): Frame {
  return { facts, issuers: [], next: 0, stage: 'start', named: false, advanced: false, otherKey: undefined, fault: undefined, faulty: undefined };
}

/** What a refused issuer says about the certificate: altered, of an unknown algorithm, or merely another key's. */
function noteRefusal(frame: Frame, issuer: Issuer, { fault, about }: EdgeFault): void {
  if (about !== 'certificate') {
    const hint = keyHint(frame.facts.certificate, isAnchor(issuer) ? issuer.certificate : issuer);
    // Where the key identifier names this very key, the certificate is altered, not another key's.
    if (isAnchor(issuer) && about !== 'key' && hint !== 'match') frame.otherKey ??= issuer;
    // Two keys under one name are normal. One that the key identifier rules out, or of another kind, was never the issuer's.
    if (hint === 'mismatch' || (hint === 'unknown' && about === 'other-key')) return;
  }
  const telling = moreTelling(frame.fault, fault);
  if (telling === frame.fault) return;
  frame.fault = telling;
  frame.faulty = about === 'key' && !isAnchor(issuer) ? issuer : undefined;
}
