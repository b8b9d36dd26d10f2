import { nameKey, type Certificate, type GeneralName, type RelativeDistinguishedName } from '@hefu/pki';
import type { Spending } from './budget.js';
import { isHostName, readMailbox, type NameConstraints, type Subtree } from './name-constraints.js';

const id_emailAddress = '1.2.840.113549.1.9.1';
/** SmtpUTF8Mailbox (RFC 9598 §3), a mailbox in an otherName: constraints on rfc822Name reach it too. */
const id_on_SmtpUTF8Mailbox = '1.3.6.1.5.5.7.8.9';
const NO_BYTES = new Uint8Array(0);

/** Why a certificate's names are outside the constraints above it. */
export interface NameRefusal {
  readonly code: 'NAME_CONSTRAINTS_VIOLATED' | 'PATH_BUDGET_EXCEEDED';
  /** What was compared, never the name itself: it may identify a person. */
  readonly actual: string;
}

/** A name with what comparing it needs, worked out on first use. */
class ConstrainedName {
  readonly name: GeneralName;
  #matcher: Matcher | null | undefined;

  constructor(name: GeneralName) {
    this.name = name;
  }

  /** Undefined when its form or its value cannot be compared: then any constraint on its form refuses it. */
  get matcher(): Matcher | undefined {
    return (this.#matcher === undefined ? (this.#matcher = matcherOf(this.name) ?? null) : this.#matcher) ?? undefined;
  }
}

/** By the kind of subtree that concerns them. */
export type ConstrainedNames = ReadonlyMap<Subtree['kind'], readonly ConstrainedName[]>;

/** The names that constraints apply to (RFC 5280 §6.1.3 (b)): subject, its emailAddress attributes, subjectAltName. */
export function constrainedNames(certificate: Certificate): ConstrainedNames {
  const { subject } = certificate;
  const byKind = new Map<Subtree['kind'], ConstrainedName[]>();
  const add = (kind: Subtree['kind'], name: ConstrainedName): void => {
    const present = byKind.get(kind);
    if (present === undefined) byKind.set(kind, [name]);
    else present.push(name);
  };
  if (subject.rdns.length > 0) add('directoryName', new ConstrainedName({ kind: 'directoryName', name: subject }));
  for (const rdn of subject.rdns) {
    for (const attribute of rdn) if (attribute.type === id_emailAddress) add('rfc822Name', new ConstrainedName({ kind: 'rfc822Name', value: attribute.value }));
  }
  for (const name of certificate.extSubjectAltName ?? []) {
    const constrained = new ConstrainedName(name);
    add(name.kind, constrained);
    if (name.kind === 'otherName' && name.oid === id_on_SmtpUTF8Mailbox) add('rfc822Name', constrained);
  }
  return byKind;
}

interface Trees {
  readonly permitted: readonly Tree[];
  readonly excluded: readonly Tree[];
}

/** A subtree with the keys of its RDNs, for directory names. */
interface Tree {
  readonly subtree: Subtree;
  readonly keys: readonly string[] | undefined;
}

/** Name constraints by the kind of name they concern. */
export type ConstraintIndex = ReadonlyMap<Subtree['kind'], Trees>;

export function indexConstraints({ permitted, excluded }: NameConstraints): ConstraintIndex {
  const index = new Map<Subtree['kind'], { permitted: Tree[]; excluded: Tree[] }>();
  const of = (kind: Subtree['kind']): { permitted: Tree[]; excluded: Tree[] } => {
    let trees = index.get(kind);
    if (trees === undefined) index.set(kind, (trees = { permitted: [], excluded: [] }));
    return trees;
  };
  for (const subtree of permitted) of(subtree.kind).permitted.push(treeOf(subtree));
  for (const subtree of excluded) of(subtree.kind).excluded.push(treeOf(subtree));
  return index;
}

function treeOf(subtree: Subtree): Tree {
  return { subtree, keys: subtree.kind === 'directoryName' ? subtree.base.rdns.map(rdnKey) : undefined };
}

/** RFC 5280 §6.1.3 (b) and (c): in no excluded subtree, and in a permitted one wherever its form has any. */
export function checkNames(names: ConstrainedNames, constraints: ConstraintIndex, spending: Spending, maxComparisons: number): NameRefusal | undefined {
  for (const [kind, { permitted, excluded }] of constraints) {
    for (const { name, matcher } of names.get(kind) ?? []) {
      for (const tree of excluded) {
        if (++spending.nameComparisons > maxComparisons) return exceeded(spending);
        if (matcher === undefined) return refused(name, 'cannot be compared');
        if (matcher(tree, true)) return refused(name, 'is excluded');
      }
      let inside = permitted.length === 0;
      for (const tree of permitted) {
        if (++spending.nameComparisons > maxComparisons) return exceeded(spending);
        if (matcher === undefined) return refused(name, 'cannot be compared');
        if (matcher(tree, false)) {
          inside = true;
          break;
        }
      }
      if (!inside) return refused(name, 'is not permitted');
    }
  }
  return undefined;
}

function refused(name: GeneralName, why: string): NameRefusal {
  return { code: 'NAME_CONSTRAINTS_VIOLATED', actual: `${name.kind} ${why}` };
}

function exceeded(spending: Spending): NameRefusal {
  return { code: 'PATH_BUDGET_EXCEEDED', actual: `${spending.nameComparisons} name comparisons` };
}

/** `excluding` asks whether any name the value stands for is inside, which differs for wildcards. */
type Matcher = (tree: Tree, excluding: boolean) => boolean;

function matcherOf(name: GeneralName): Matcher | undefined {
  switch (name.kind) {
    case 'directoryName': {
      const keys = name.name.rdns.map(rdnKey);
      return ({ keys: base }) => base !== undefined && base.length <= keys.length && base.every((key, index) => key === keys[index]);
    }
    case 'dNSName':
      return dnsMatcher(name.value.toLowerCase());
    case 'rfc822Name':
      return mailMatcher(name.value);
    case 'uniformResourceIdentifier':
      return uriMatcher(name.value);
    case 'iPAddress':
      if (name.octets.length !== 4 && name.octets.length !== 16) return undefined;
      return ({ subtree }) => subtree.kind === 'iPAddress' && isInNetwork(name.octets, subtree.network, subtree.mask);
    default:
      return undefined;
  }
}

/** Each RDN of a base equals the RDN at its place in the name: their keys are compared. */
function rdnKey(rdn: RelativeDistinguishedName): string {
  return nameKey({ bytes: NO_BYTES, rdns: [rdn] });
}

function dnsMatcher(value: string): Matcher | undefined {
  const wildcard = value.startsWith('*.');
  const host = wildcard ? value.slice(2) : value;
  if (!isHostName(host)) return undefined;
  return ({ subtree }, excluding) => {
    if (subtree.kind !== 'dNSName') return false;
    if (isWithin(host, subtree.base)) return true;
    // `*.example.com` stands for every name one label below example.com, so an exclusion of one of them meets it.
    return wildcard && excluding && parentOf(subtree.base) === host;
  };
}

/** `host` is `base` or below it. */
function isWithin(host: string, base: string): boolean {
  const more = host.length - base.length;
  // The period first: it tells most pairs apart without a look at either text.
  return more > 0 ? base === '' || (host.charCodeAt(more - 1) === 0x2e && host.endsWith(base)) : host === base;
}

function parentOf(host: string): string {
  return host.slice(host.indexOf('.') + 1);
}

/** A constraint of a host, or with a leading period of everything below a domain. */
function isHostMatch(host: string, base: string): boolean {
  return base.startsWith('.') ? host.endsWith(base) && host.length > base.length : host === base;
}

function mailMatcher(value: string): Matcher | undefined {
  const mailbox = readMailbox(value);
  if (mailbox === undefined) return undefined;
  return ({ subtree }) => {
    if (subtree.kind !== 'rfc822Name') return false;
    return subtree.base.includes('@') ? subtree.base === `${mailbox.local}@${mailbox.host}` : isHostMatch(mailbox.host, subtree.base);
  };
}

const URI_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\\]*@)?([^/?#:@[\]\\]+)(?::[0-9]*)?(?:[/?#]|$)/i;

/** RFC 5280 §4.2.1.10: a URI without a host name, or with an address instead, is refused where URIs are constrained. */
function uriMatcher(value: string): Matcher | undefined {
  const host = URI_HOST.exec(value)?.[1]?.toLowerCase();
  if (host === undefined || !isHostName(host) || /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/.test(host)) return undefined;
  return ({ subtree }) => subtree.kind === 'uniformResourceIdentifier' && isHostMatch(host, subtree.base);
}

function isInNetwork(octets: Uint8Array, network: Uint8Array, mask: Uint8Array): boolean {
  return octets.length === network.length && octets.every((octet, index) => (octet & mask[index]!) === (network[index]! & mask[index]!));
}
