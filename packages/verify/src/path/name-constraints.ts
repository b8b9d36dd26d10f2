import { contextConstructed, DerReader, readGeneralName, Tag, type Name } from '@hefu/pki';

/** Name forms whose constraints are understood. The others are refused where they meet a name (RFC 5280 §4.2.1.10). */
export type Subtree =
  | { readonly kind: 'directoryName'; readonly base: Name }
  /** Lower case; empty matches every name. */
  | { readonly kind: 'dNSName'; readonly base: string }
  /** `mailbox@host` with the host in lower case, `host`, or `.domain`. */
  | { readonly kind: 'rfc822Name'; readonly base: string }
  /** `host` or `.domain`, lower case. */
  | { readonly kind: 'uniformResourceIdentifier'; readonly base: string }
  /** 4 or 16 octets each. */
  | { readonly kind: 'iPAddress'; readonly network: Uint8Array; readonly mask: Uint8Array }
  | { readonly kind: 'otherName' | 'x400Address' | 'ediPartyName' | 'registeredID' };

export interface NameConstraints {
  readonly permitted: readonly Subtree[];
  readonly excluded: readonly Subtree[];
}

/** More subtrees than this in one extension are no constraint but an attack; suites use up to some thousands. */
const MAX_SUBTREES = 10_000;

/**
 * NameConstraints (RFC 5280 §4.2.1.10). `minimum` must be 0 and `maximum` absent, as that profile requires.
 * @returns undefined when the value is not of that form
 * @throws PkiError
 */
export function decodeNameConstraints(value: Uint8Array): NameConstraints | undefined {
  const outer = new DerReader(value);
  outer.expect(Tag.SEQUENCE, 'NameConstraints');
  outer.finish('NameConstraints');
  const fields = outer.enter();
  let permitted: readonly Subtree[] | undefined = [];
  let excluded: readonly Subtree[] | undefined = [];
  if (fields.done) return undefined;
  if (fields.optional(contextConstructed(0))) permitted = readSubtrees(fields.enter());
  if (fields.optional(contextConstructed(1))) excluded = readSubtrees(fields.enter());
  fields.finish('NameConstraints');
  return permitted === undefined || excluded === undefined ? undefined : { permitted, excluded };
}

function readSubtrees(reader: DerReader): readonly Subtree[] | undefined {
  const subtrees: Subtree[] = [];
  while (!reader.done) {
    const inner = reader.expect(Tag.SEQUENCE, 'GeneralSubtree').enter();
    const subtree = readSubtree(inner);
    // minimum [0] has the default 0, which DER does not write; anything else is outside the profile.
    if (subtree === undefined || !inner.done || subtrees.length >= MAX_SUBTREES) return undefined;
    subtrees.push(subtree);
  }
  return subtrees.length === 0 ? undefined : subtrees;
}

function readSubtree(reader: DerReader): Subtree | undefined {
  const name = readGeneralName(reader);
  switch (name.kind) {
    case 'rfc822Name':
      return mailConstraint(name.value);
    case 'dNSName':
      return dnsConstraint(name.value.toLowerCase());
    case 'directoryName':
      return { kind: 'directoryName', base: name.name };
    case 'uniformResourceIdentifier':
      return uriConstraint(name.value.toLowerCase());
    case 'iPAddress':
      return addressConstraint(name.octets);
    default:
      return { kind: name.kind };
  }
}

function dnsConstraint(base: string): Subtree | undefined {
  // A leading period, common elsewhere, is no dNSName here.
  return base === '' || isHostName(base) ? { kind: 'dNSName', base } : undefined;
}

function uriConstraint(base: string): Subtree | undefined {
  return isHostOrDomain(base) ? { kind: 'uniformResourceIdentifier', base } : undefined;
}

function mailConstraint(text: string): Subtree | undefined {
  if (text.includes('@')) {
    const mailbox = readMailbox(text);
    return mailbox === undefined ? undefined : { kind: 'rfc822Name', base: `${mailbox.local}@${mailbox.host}` };
  }
  const base = text.toLowerCase();
  return isHostOrDomain(base) ? { kind: 'rfc822Name', base } : undefined;
}

function addressConstraint(octets: Uint8Array): Subtree | undefined {
  if (octets.length !== 8 && octets.length !== 32) return undefined;
  const half = octets.length / 2;
  const network = octets.subarray(0, half);
  const mask = octets.subarray(half);
  return isContiguous(mask) ? { kind: 'iPAddress', network, mask } : undefined;
}

/** RFC 4632 CIDR: ones, then zeros. */
function isContiguous(mask: Uint8Array): boolean {
  let ended = false;
  for (const octet of mask) {
    for (let bit = 0x80; bit > 0; bit >>= 1) {
      const set = (octet & bit) !== 0;
      if (set && ended) return false;
      ended ||= !set;
    }
  }
  return true;
}

function isHostOrDomain(text: string): boolean {
  return isHostName(text.startsWith('.') ? text.slice(1) : text);
}

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;

/** Labels of RFC 1034 §3.5 in lower case; underscores, which are in use, are let through. */
export function isHostName(text: string): boolean {
  return text.length > 0 && text.length <= 253 && text.split('.').every((label) => LABEL.test(label));
}

/** A mailbox `local@host` with the host in lower case; undefined for quoted local parts and address literals, which nothing here compares. */
export function readMailbox(text: string): { readonly local: string; readonly host: string } | undefined {
  const at = text.indexOf('@');
  if (at < 1 || at !== text.lastIndexOf('@')) return undefined;
  const local = text.slice(0, at);
  const host = text.slice(at + 1).toLowerCase();
  return /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+$/.test(local) && isHostName(host) ? { local, host } : undefined;
}
