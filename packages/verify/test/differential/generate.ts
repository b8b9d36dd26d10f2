import { AT } from '../path/issue.js';
import { KEYS } from './encode.js';
import { ALTERNATIVE_NAMES, CERTIFICATE_FAULTS, drawConstraints, plantFault, POLICIES, PURPOSES, weaken } from './faults.js';
import type { Algorithm, ModelAnchor, ModelCertificate, ModelCrl, ModelKey, ModelName, Question, World } from './model.js';
import { Random } from './random.js';

const DAY = 86_400_000;
const SPELLINGS = ['plain', 'plain', 'plain', 'printable', 'upper', 'spaced'] as const;

export interface Case {
  readonly world: World;
  /** What was done to it. */
  readonly faults: readonly string[];
}

/** Draws of one world. */
class Drawing {
  readonly random: Random;
  readonly #algorithms: readonly Algorithm[];
  readonly #unused: Record<Algorithm, ModelKey[]>;
  #serial = 0x1000;

  constructor(seed: number, algorithms: readonly Algorithm[]) {
    this.random = new Random(seed);
    const { random } = this;
    this.#algorithms = random.once(4) ? algorithms : [random.pick(algorithms)];
    this.#unused = { rsa: [...random.shuffled(KEYS.rsa)], p256: [...random.shuffled(KEYS.p256)], sm2: [...random.shuffled(KEYS.sm2)] };
  }

  /** A key that nothing else in the world has. */
  key(): ModelKey {
    const ready = this.#algorithms.filter((algorithm) => this.#unused[algorithm].length > 0);
    const algorithm = ready.length > 0 ? this.random.pick(ready) : 'p256';
    return this.#unused[algorithm].pop()!;
  }

  name(text: string): ModelName {
    return { text, spelling: this.random.pick(SPELLINGS) };
  }

  /** An issued certificate with nothing wrong. */
  certificate(subject: ModelName, key: ModelKey, issuer: ModelName, signer: ModelKey, ca: boolean): ModelCertificate {
    return {
      subject, issuer, key, signer, altered: false, version: 3, serial: this.#serial++, notBefore: AT - 300 * DAY, notAfter: AT + 300 * DAY, outerAlgorithm: signer.algorithm,
      basic: ca ? { ca, pathLength: undefined, critical: true } : undefined,
      usage: ca ? ['keyCertSign', 'cRLSign'] : ['digitalSignature'],
      subjectKeyId: true, authorityKeyId: 'right', purposes: undefined, names: [], constraints: undefined, policies: undefined, mappings: undefined,
      requireExplicit: undefined, inhibitMapping: undefined, inhibitAny: undefined, unknown: 'absent', duplicate: false, malformed: false,
    };
  }

  crl(issuer: ModelName, signer: ModelKey): ModelCrl {
    return {
      issuer, signer, altered: false, thisUpdate: AT - DAY, nextUpdate: AT + DAY, entries: this.random.once(2) ? [{ serial: 76, reason: undefined }] : [],
      numbered: true, unknownCritical: 'absent', scope: 'all', reasons: undefined,
    };
  }

  question(revocation: Question['revocation']): Question {
    const { random } = this;
    return {
      at: AT + random.pick([0, 0, 500, 999]),
      revocation,
      purposes: random.once(4) ? [PURPOSES[0]!] : [],
      maxDepth: random.once(8) ? random.below(5) : undefined,
      initialPolicySet: random.once(6) ? random.some(POLICIES) : undefined,
      explicitPolicy: random.once(6),
      inhibitMapping: random.once(12),
      inhibitAny: random.once(12),
    };
  }
}

/** SM2 in software is the slowest by far. */
export const ALL_ALGORITHMS: readonly Algorithm[] = ['p256', 'p256', 'p256', 'rsa', 'rsa', 'sm2'];

/** Leaf to root by one way, with up to five intermediates, and no, one or several faults. */
export function drawChain(seed: number, algorithms: readonly Algorithm[] = ALL_ALGORITHMS): Case {
  const drawing = new Drawing(seed, algorithms);
  const { random } = drawing;
  const org = (): string => random.pick(['Org A', 'Org A', 'Org B']);
  const rootName = drawing.name(`C=CN,O=${org()},CN=Root`);
  const rootKey = drawing.key();
  const root = drawing.certificate(rootName, rootKey, rootName, rootKey, true);
  const withPolicies = random.once(3);
  const down: ModelCertificate[] = [root];
  const count = random.below(6);
  let selfIssued = false;
  for (let i = 0; i < count; i++) {
    const above = down[i]!;
    // A CA's new key under its old name.
    const rollover = random.once(8);
    selfIssued ||= rollover;
    const subject = rollover ? drawing.name(above.subject.text) : drawing.name(`C=CN,O=${org()},CN=CA ${i}`);
    down.push(drawing.certificate(subject, drawing.key(), respelled(drawing, above.subject), above.key, true));
  }
  const above = down.at(-1)!;
  const mailbox = random.once(10) ? ',E=x@example.test' : '';
  const leaf = drawing.certificate(drawing.name(`C=CN,O=${org()},CN=The Leaf${mailbox}`), drawing.key(), respelled(drawing, above.subject), above.key, false);
  if (random.once(3)) leaf.names = random.some(ALTERNATIVE_NAMES).slice(0, 3);
  if (random.once(4)) leaf.purposes = [PURPOSES[0]!];
  if (withPolicies) for (const certificate of [...down, leaf]) certificate.policies = random.once(4) ? ['any'] : ['P1', 'P2'];
  if (random.once(6)) random.pick(down).constraints = drawConstraints(random);
  if (random.once(6)) down.forEach((certificate, i) => { certificate.basic = { ca: true, pathLength: count - i, critical: true }; });

  const path = [leaf, ...down.slice(1).reverse()];
  // Which other key of a name may sign its CRLs is a question apart (revocation/crl-status.test.ts).
  const revocation = selfIssued || random.once(2) ? 'none' : random.pick(['require', 'if-present'] as const);
  const crls = revocation === 'none' ? [] : path.map(({ issuer, signer }) => drawing.crl(respelled(drawing, issuer), signer));
  const certified = random.below(6) > 0;
  const anchor: ModelAnchor = { certificate: certified ? root : undefined, name: rootName, key: rootKey };
  const world: World = { leaf, candidates: random.shuffled(path.slice(1)), anchors: [anchor], crls, path, question: drawing.question(revocation) };

  const faults: string[] = [];
  if (random.once(30) && algorithms.includes('rsa')) faults.push(weaken(world, random));
  else {
    const wanted = random.pick([0, 1, 1, 1, 1, 2, 3]);
    for (let i = 0; i < wanted; i++) faults.push(plantFault(world, random, certified && random.once(4) ? [root] : path));
  }
  return { world, faults };
}

/** A random graph of up to twelve cross-signed CAs, some of whose certificates have faults. */
export function drawGraph(seed: number, algorithms: readonly Algorithm[] = ALL_ALGORITHMS): Case {
  const drawing = new Drawing(seed, algorithms);
  const { random } = drawing;
  const withCrls = random.once(4);
  const count = 2 + random.below(11);
  const cas: { readonly name: ModelName; readonly key: ModelKey }[] = [];
  for (let i = 0; i < count; i++) {
    // Two keys of one name. Their CRLs are a question apart.
    const twin = i > 0 && !withCrls && random.once(6) ? random.pick(cas).name : undefined;
    cas.push({ name: twin ?? drawing.name(`C=CN,O=${random.pick(['Org A', 'Org B'])},CN=CA ${i}`), key: drawing.key() });
  }
  const roots = random.some(cas).slice(0, 2);
  const faults: string[] = [];
  const candidates: ModelCertificate[] = [];
  for (const [i, ca] of cas.entries()) {
    // Mostly upwards, so that there is something to find; and anywhere, for cycles.
    const issuers = new Set([...(i > 0 ? [cas[random.below(i)]!] : []), ...Array.from({ length: random.below(3) }, () => random.pick(cas))]);
    for (const issuer of issuers) candidates.push(drawing.certificate(ca.name, ca.key, issuer.name, issuer.key, true));
  }
  const last = random.once(3) ? random.pick(cas) : cas.at(-1)!;
  const leaf = drawing.certificate(drawing.name('C=CN,O=Org A,CN=The Leaf'), drawing.key(), last.name, last.key, false);
  if (random.once(3)) leaf.names = random.some(ALTERNATIVE_NAMES).slice(0, 2);
  const anchors = roots.map(({ name, key }): ModelAnchor => ({ certificate: random.once(4) ? undefined : drawing.certificate(name, key, name, key, true), name, key }));
  const crls = withCrls ? cas.map(({ name, key }) => drawing.crl(name, key)) : [];
  if (random.once(4)) for (const certificate of [leaf, ...candidates]) certificate.policies = random.some(POLICIES);
  const world: World = {
    leaf, candidates: random.shuffled(candidates), anchors, crls, path: undefined,
    question: drawing.question(withCrls ? random.pick(['require', 'if-present'] as const) : 'none'),
  };
  const density = random.below(4);
  if (candidates.length > 0) {
    for (const certificate of candidates) {
      if (random.below(8) >= density) continue;
      const [name, change] = random.pick(CERTIFICATE_FAULTS);
      change(certificate, random, world.question.at);
      faults.push(name);
    }
    if (withCrls && density > 0) faults.push(plantFault(world, random, candidates));
  }
  return { world, faults };
}

/** The same name, perhaps written otherwise. */
function respelled(drawing: Drawing, name: ModelName): ModelName {
  return drawing.random.once(3) ? drawing.name(name.text) : name;
}
