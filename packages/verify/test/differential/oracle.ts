import { policiesByTree, type Said } from '../conformance/policy-tree.js';
import { namesAllowed } from './oracle-names.js';
import { revocationFaults } from './oracle-revocation.js';
import type { ModelAnchor, ModelCertificate, World } from './model.js';

/**
 * RFC 5280 §6 as a list of rules, each a plain predicate over what the generator meant, and every path tried. Slow
 * and simple on purpose; it shares nothing with the validator.
 */

export interface Violation {
  /** One of these, where the same fact has several names. */
  readonly codes: readonly string[];
  /** Its place in the path, leaf first; undefined where the rule is about the path. */
  readonly certificate: number | undefined;
}

/** `interop` holds to §6; `strict` holds the duties of §4 against issuers as well. */
export type OracleProfile = 'strict' | 'interop';

type Role = 'leaf' | 'ca' | 'anchor';

interface Place {
  readonly role: Role;
  readonly at: number;
  readonly purposes: readonly string[];
}

/** [code, clause, whether the certificate is as it must be] */
type CertificateRule = readonly [string, string, (certificate: ModelCertificate, place: Place) => boolean];

const hasExtensions = (c: ModelCertificate): boolean =>
  c.basic !== undefined || c.usage !== undefined || c.subjectKeyId || c.authorityKeyId !== 'absent' || c.purposes !== undefined || c.names.length > 0 || c.constraints !== undefined ||
  c.policies !== undefined || c.mappings !== undefined || c.requireExplicit !== undefined || c.inhibitMapping !== undefined || c.inhibitAny !== undefined || c.unknown !== 'absent' || c.duplicate;
const selfIssued = (c: ModelCertificate): boolean => c.subject.text === c.issuer.text;
/** A version 1 certificate can be an anchor: it is believed for its name and key. */
const saysNothing = (c: ModelCertificate, { role }: Place): boolean => role === 'anchor' && c.version !== 3;
const isInverted = (c: ModelCertificate, { role }: Place): boolean => role !== 'anchor' && c.notBefore > c.notAfter;

const RULES: readonly CertificateRule[] = [
  ['ALGORITHM_MISMATCH', '§4.1.1.2', (c, { role }) => role === 'anchor' || c.outerAlgorithm === c.signer.algorithm],
  ['VALIDITY_INVERTED', '§4.1.2.5', (c, place) => !isInverted(c, place)],
  ['CERTIFICATE_VERSION', '§4.1.2.9', (c) => c.version === 3 || !hasExtensions(c)],
  ['DUPLICATE_EXTENSION', '§4.2', (c) => !c.duplicate],
  ['CERTIFICATE_MALFORMED', '§4.2.1.3', (c) => c.usage === undefined || !c.malformed],
  ['KEY_TOO_WEAK', 'profile', (c) => c.key.algorithm !== 'rsa' || c.key.bits >= 2048],
  ['ISSUER_NOT_CA', '§6.1.4 (k)', (c, place) => place.role === 'leaf' || saysNothing(c, place) || (c.version === 3 && c.basic?.ca === true)],
  ['KEY_CERT_SIGN_MISSING', '§6.1.4 (n)', (c, place) => place.role === 'leaf' || saysNothing(c, place) || c.usage === undefined || c.usage.includes('keyCertSign')],
  ['UNKNOWN_CRITICAL_EXTENSION', '§6.1.4 (o)', (c) => c.unknown !== 'critical'],
  ['CERTIFICATE_NOT_YET_VALID', '§6.1.3 (a)(2)', (c, place) => isInverted(c, place) || place.at >= c.notBefore],
  ['CERTIFICATE_EXPIRED', '§6.1.3 (a)(2)', (c, place) => isInverted(c, place) || place.at < c.notAfter + 1000],
  ['EXTENDED_KEY_USAGE_MISMATCH', '§4.2.1.12', (c, { role, purposes }) => role === 'anchor' || c.purposes === undefined || purposes.every((purpose) => c.purposes!.includes(purpose) || (c.purposes!.includes(ANY_PURPOSE) && !purposes.includes(ANY_PURPOSE)))],
];

const ANY_PURPOSE = '2.5.29.37.0';
const D = 'CERTIFICATE_DEVIATION_REFUSED';

/** Duties of issuers that both profiles hold to. */
const DUTIES: readonly CertificateRule[] = [
  [D, '§4.2.1.1', (c) => c.authorityKeyId !== 'critical'],
  [D, '§4.2.1.3', (c) => c.usage === undefined || !c.usage.includes('keyCertSign') || c.basic?.ca === true],
  [D, '§4.2.1.9', (c) => c.basic?.pathLength === undefined || (c.basic.ca && (c.usage === undefined || c.usage.includes('keyCertSign')))],
  [D, '§4.2.1.5, .10', (c, { role }) => role !== 'leaf' || c.basic?.ca === true || [c.mappings, c.constraints].every((said) => said === undefined)],
];

/** Those that only `strict` does. */
const STRICT_DUTIES: readonly CertificateRule[] = [
  [D, '§4.2.1.1', (c, place) => saysNothing(c, place) || (c.authorityKeyId !== 'absent') || (place.role !== 'ca' && selfIssued(c))],
  [D, '§4.2.1.2', (c, place) => place.role === 'leaf' || saysNothing(c, place) || c.subjectKeyId],
  [D, '§4.2.1.9', (c, { role }) => role === 'leaf' || c.basic === undefined || c.basic.critical],
  [D, '§4.2.1.10', (c) => c.constraints === undefined || c.constraints.critical],
  [D, '§4.2.1.11, .14', (c, { role }) => role !== 'leaf' || c.basic?.ca === true || [c.requireExplicit, c.inhibitMapping, c.inhibitAny].every((said) => said === undefined)],
  [D, '§4.1.2.2', (c, { role }) => role === 'anchor' || (c.serial !== 'long' && c.serial > 0)],
];

/** A path to be judged: leaf first, without the anchor. */
export interface Path {
  readonly certificates: readonly ModelCertificate[];
  readonly anchor: ModelAnchor;
}

/** Everything wrong with one path. */
export function violations({ certificates, anchor }: Path, world: World, profile: OracleProfile): readonly Violation[] {
  const { question } = world;
  const found: Violation[] = [];
  const rules = [...RULES, ...DUTIES, ...(profile === 'strict' ? STRICT_DUTIES : [])];
  const top = certificates.length;
  const issuers = certificates.map((_, i) => certificates[i + 1] ?? anchor);

  certificates.forEach((certificate, i) => {
    const issuer = issuers[i]!;
    const name = 'subject' in issuer ? issuer.subject : issuer.name;
    if (certificate.issuer.text !== name.text) found.push({ codes: ['PATH_NOT_FOUND'], certificate: i }); // §6.1.3 (a)(4)
    // §6.1.3 (a)(1). Nobody can tell an altered signature from another key's but by the key identifier.
    else if (certificate.signer !== issuer.key) found.push({ codes: ['ISSUER_NOT_LISTED', 'CERTIFICATE_SIGNATURE_INVALID'], certificate: i });
    else if (certificate.altered) found.push({ codes: certificate.authorityKeyId === 'wrong' ? ['CERTIFICATE_SIGNATURE_INVALID', 'ISSUER_NOT_LISTED'] : ['CERTIFICATE_SIGNATURE_INVALID'], certificate: i });
  });
  const own = anchor.certificate === undefined ? [] : [anchor.certificate];
  for (const [i, certificate] of [...certificates, ...own].entries()) {
    const role = i === top ? 'anchor' : i === 0 ? 'leaf' : 'ca';
    for (const [code, , holds] of rules) if (!holds(certificate, { role, at: question.at, purposes: question.purposes })) found.push({ codes: [code], certificate: i });
  }

  // §6.1.4 (l) and (m): for every certificate that states a length, the intermediates below it that are not self-issued.
  const limits = [
    { above: top, limit: question.maxDepth },
    ...[...certificates, ...own].map((certificate, i) => ({ above: i, limit: i === 0 ? undefined : certificate.basic?.pathLength })),
  ];
  for (let i = top - 1; i > 0; i--) {
    const exceeded = limits.some(({ above, limit }) => limit !== undefined && above > i && certificates.slice(i, above).filter((c) => !selfIssued(c)).length > limit && !selfIssued(certificates[i]!));
    if (exceeded) {
      found.push({ codes: ['PATH_LENGTH_EXCEEDED'], certificate: i });
      break;
    }
  }

  // §6.1.3 (b) and (c): self-issued certificates are exempt unless they are the last.
  certificates.forEach((certificate, i) => {
    if (i > 0 && selfIssued(certificate)) return;
    const above = [...certificates.slice(i + 1), ...own].flatMap(({ constraints }) => constraints ?? []);
    if (!above.every((constraints) => namesAllowed(certificate, constraints))) found.push({ codes: ['NAME_CONSTRAINTS_VIOLATED'], certificate: i });
  });

  const policies = policiesByTree(certificates.map(said).reverse(), {
    ...(question.initialPolicySet === undefined ? {} : { initialPolicySet: question.initialPolicySet.map(policyName) }),
    initialExplicitPolicy: question.explicitPolicy,
    initialPolicyMappingInhibit: question.inhibitMapping,
    initialAnyPolicyInhibit: question.inhibitAny,
  }, anchor.certificate === undefined ? undefined : said(anchor.certificate));
  if (policies === 'refused') found.push({ codes: ['POLICY_CONSTRAINTS_VIOLATED'], certificate: undefined });

  // §6.3, from the anchor down.
  for (let i = top - 1; i >= 0; i--) {
    const codes = revocationFaults(certificates[i]!, i === 0, issuers[i]!, world, profile === 'strict');
    if (codes.length > 0) found.push({ codes, certificate: i });
  }
  return found;
}

const policyName = (name: string): string => (name === 'any' ? '2.5.29.32.0' : name);

function said(certificate: ModelCertificate): Said {
  const { requireExplicit, inhibitMapping } = certificate;
  return {
    selfIssued: selfIssued(certificate),
    policies: certificate.policies?.map((policy) => ({ policy: policyName(policy) })),
    mappings: certificate.mappings?.map(([from, to]) => ({ issuerDomainPolicy: policyName(from), subjectDomainPolicy: policyName(to) })),
    constraints: requireExplicit === undefined && inhibitMapping === undefined ? undefined : { requireExplicitPolicy: requireExplicit, inhibitPolicyMapping: inhibitMapping },
    inhibitAnyPolicy: certificate.inhibitAny,
  };
}

/** Certificates in a path, leaf and anchor included. */
const MAX_DEPTH = 10;

/** Every path of names and keys from the leaf to an anchor that repeats none of them. */
export function* pathsOf(world: World): Generator<Path> {
  function* from(certificates: readonly ModelCertificate[]): Generator<Path> {
    const last = certificates.at(-1)!;
    if (last.altered || certificates.length >= MAX_DEPTH) return;
    const isIn = (name: string, key: unknown): boolean => certificates.some((member) => member.subject.text === name && member.key === key);
    for (const anchor of world.anchors) {
      if (anchor.name.text === last.issuer.text && anchor.key === last.signer && (certificates.length === 1 || !isIn(anchor.name.text, anchor.key))) yield { certificates, anchor };
    }
    for (const issuer of world.candidates) {
      if (issuer.subject.text !== last.issuer.text || issuer.key !== last.signer || isIn(issuer.subject.text, issuer.key)) continue;
      yield* from([...certificates, issuer]);
    }
  }
  yield* from([world.leaf]);
}

/** The verdict: some path has nothing wrong. */
export function isValid(world: World, profile: OracleProfile): boolean {
  for (const path of pathsOf(world)) if (violations(path, world, profile).length === 0) return true;
  return false;
}
