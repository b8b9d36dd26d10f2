import { nameKey, type Certificate, type GeneralName, type Name, type RelativeDistinguishedName } from '@hefu/pki';
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

/** The names that constraints apply to (RFC 5280 §6.1.3 (b)): subject, its emailAddress attributes, subjectAltName. */
export function constrainedNames(certificate: Certificate): readonly GeneralName[] {
  const { subject } = certificate;
  const names: GeneralName[] = [];
  if (subject.rdns.length > 0) names.push({ kind: 'directoryName', name: subject });
  for (const rdn of subject.rdns) {
    for (const attribute of rdn) if (attribute.type === id_emailAddress) names.push({ kind: 'rfc822Name', value: attribute.value });
  }
  return names.concat(certificate.extSubjectAltName ?? []);
}

/** RFC 5280 §6.1.3 (b) and (c): in no excluded subtree, and in a permitted one wherever its form has any. */
export function checkNames(names: readonly GeneralName[], { permitted, excluded }: NameConstraints, spending: Spending, maxComparisons: number): NameRefusal | undefined {
  for (const name of names) {
    const matches = matcherOf(name);
    for (const subtree of excluded) {
      if (!concerns(subtree, name)) continue;
      if (++spending.nameComparisons > maxComparisons) return exceeded(spending);
      if (matches === undefined) return refused(name, 'cannot be compared');
      if (matches(subtree, true)) return refused(name, 'is excluded');
    }
    let constrained = false;
    let inside = false;
    for (const subtree of permitted) {
      if (!concerns(subtree, name)) continue;
      if (++spending.nameComparisons > maxComparisons) return exceeded(spending);
      if (matches === undefined) return refused(name, 'cannot be compared');
      constrained = true;
      if (matches(subtree, false)) {
        inside = true;
        break;
      }
    }
    if (constrained && !inside) return refused(name, 'is not permitted');
  }
  return undefined;
}

function concerns(subtree: Subtree, name: GeneralName): boolean {
  return subtree.kind === name.kind || (subtree.kind === 'rfc822Name' && name.kind === 'otherName' && name.oid === id_on_SmtpUTF8Mailbox);
}

function refused(name: GeneralName, why: string): NameRefusal {
  return { code: 'NAME_CONSTRAINTS_VIOLATED', actual: `${name.kind} ${why}` };
}

function exceeded(spending: Spending): NameRefusal {
  return { code: 'PATH_BUDGET_EXCEEDED', actual: `${spending.nameComparisons} name comparisons` };
}

/** `excluding` asks whether any name the value stands for is inside, which differs for wildcards. */
type Matcher = (subtree: Subtree, excluding: boolean) => boolean;

/** A comparison for this name, or undefined when its form or its value has none: then any constraint on its form refuses it. */
function matcherOf(name: GeneralName): Matcher | undefined {
  switch (name.kind) {
    case 'directoryName':
      return (subtree) => subtree.kind === 'directoryName' && isPrefix(subtree.base, name.name);
    case 'dNSName':
      return dnsMatcher(name.value.toLowerCase());
    case 'rfc822Name':
      return mailMatcher(name.value);
    case 'uniformResourceIdentifier':
      return uriMatcher(name.value);
    case 'iPAddress':
      if (name.octets.length !== 4 && name.octets.length !== 16) return undefined;
      return (subtree) => subtree.kind === 'iPAddress' && isInNetwork(name.octets, subtree.network, subtree.mask);
    default:
      return undefined;
  }
}

/** Each RDN of the base equals the RDN at its place in the name. */
function isPrefix(base: Name, name: Name): boolean {
  const length = base.rdns.length;
  return length <= name.rdns.length && base.rdns.every((rdn, index) => rdnKey(rdn) === rdnKey(name.rdns[index]!));
}

function rdnKey(rdn: RelativeDistinguishedName): string {
  return nameKey({ bytes: NO_BYTES, rdns: [rdn] });
}

function dnsMatcher(value: string): Matcher | undefined {
  const wildcard = value.startsWith('*.');
  const host = wildcard ? value.slice(2) : value;
  if (!isHostName(host)) return undefined;
  return (subtree, excluding) => {
    if (subtree.kind !== 'dNSName') return false;
    if (isWithin(host, subtree.base)) return true;
    // `*.example.com` stands for every name one label below example.com, so an exclusion of one of them meets it.
    return wildcard && excluding && parentOf(subtree.base) === host;
  };
}

/** `host` is `base` or below it. */
function isWithin(host: string, base: string): boolean {
  return base === '' || host === base || host.endsWith(`.${base}`);
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
  return (subtree) => {
    if (subtree.kind !== 'rfc822Name') return false;
    return subtree.base.includes('@') ? subtree.base === `${mailbox.local}@${mailbox.host}` : isHostMatch(mailbox.host, subtree.base);
  };
}

const URI_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@\\]*@)?([^/?#:@[\]\\]+)(?::[0-9]*)?(?:[/?#]|$)/i;

/** RFC 5280 §4.2.1.10: a URI without a host name, or with an address instead, is refused where URIs are constrained. */
function uriMatcher(value: string): Matcher | undefined {
  const host = URI_HOST.exec(value)?.[1]?.toLowerCase();
  if (host === undefined || !isHostName(host) || /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/.test(host)) return undefined;
  return (subtree) => subtree.kind === 'uniformResourceIdentifier' && isHostMatch(host, subtree.base);
}

function isInNetwork(octets: Uint8Array, network: Uint8Array, mask: Uint8Array): boolean {
  return octets.length === network.length && octets.every((octet, index) => (octet & mask[index]!) === (network[index]! & mask[index]!));
}
