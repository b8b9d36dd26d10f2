import { DerReader, equalBytes, PkiError, readName, Tag, type Certificate, type GeneralName, type Name } from '@hefu/pki';
import { addressOctets } from './address.js';
import { sameName } from './certificate-facts.js';
import { isHostName } from './name-constraints.js';

/** Whom the certificate is expected to name: a reference identity (RFC 9525 §6). */
export type PeerName =
  /** A host name, Unicode or A-labels; an address here matches nothing. */
  | { readonly kind: 'dns'; readonly value: string }
  /** Text, or 4 or 16 octets. */
  | { readonly kind: 'ip'; readonly value: string | Uint8Array }
  /** `local@host`, of which the local part is compared as written. */
  | { readonly kind: 'email'; readonly value: string }
  | { readonly kind: 'uri'; readonly value: string }
  /** DER of a Name, compared with the subject too. */
  | { readonly kind: 'directory'; readonly value: Uint8Array };

const id_on_SmtpUTF8Mailbox = '1.3.6.1.5.5.7.8.9';

/**
 * Whether a certificate names the peer in its subjectAltName. The common name never stands in for a missing name
 * (RFC 9525 §6.3).
 * @throws PkiError when subjectAltName cannot be read
 */
export function namesPeer(certificate: Certificate, peer: PeerName): boolean {
  const matches = matcherFor(peer);
  if (matches === undefined) return false;
  if (peer.kind === 'directory' && matches({ kind: 'directoryName', name: certificate.subject })) return true;
  return certificate.extSubjectAltName?.some(matches) ?? false;
}

type Matcher = (presented: GeneralName) => boolean;

/** Undefined for a reference that is not of its own form: it matches nothing. */
function matcherFor(peer: PeerName): Matcher | undefined {
  switch (peer.kind) {
    case 'dns': {
      const host = referenceHost(peer.value);
      return host === undefined ? undefined : (name) => name.kind === 'dNSName' && matchesHost(name.value.toLowerCase(), host);
    }
    case 'ip': {
      const octets = typeof peer.value === 'string' ? addressOctets(peer.value) : peer.value;
      return octets?.length === 4 || octets?.length === 16 ? (name) => name.kind === 'iPAddress' && equalBytes(name.octets, octets) : undefined;
    }
    case 'email': {
      const mailbox = splitMailbox(peer.value);
      return mailbox === undefined ? undefined : (name) => sameMailbox(mailboxOf(name), mailbox);
    }
    case 'uri': {
      const uri = comparableUri(peer.value);
      return uri === undefined ? undefined : (name) => name.kind === 'uniformResourceIdentifier' && comparableUri(name.value) === uri;
    }
    case 'directory': {
      const wanted = nameFrom(peer.value);
      return wanted === undefined ? undefined : (name) => name.kind === 'directoryName' && sameName(name.name, wanted);
    }
  }
}

/** A-labels in lower case, without the root's dot. */
function referenceHost(text: string): string | undefined {
  const trimmed = text.endsWith('.') ? text.slice(0, -1) : text;
  const host = /^[\x21-\x7e]+$/.test(trimmed) ? trimmed.toLowerCase() : asciiHost(trimmed);
  return host !== undefined && isHostName(host) && addressOctets(host) === undefined ? host : undefined;
}

/** UTS 46 to A-labels, as the platform's URL does it. */
function asciiHost(text: string): string | undefined {
  if (/[\s/?#@:[\]\\%]/.test(text)) return undefined;
  try {
    return new URL(`http://${text}/`).hostname;
  } catch {
    return undefined;
  }
}

/** RFC 9525 §6.3: equal, or a wildcard that is the whole left-most label and stands for exactly one. Never over a top-level domain. */
function matchesHost(presented: string, host: string): boolean {
  if (!presented.startsWith('*.')) return presented === host && isHostName(presented);
  const base = presented.slice(2);
  return isHostName(base) && base.includes('.') && host.slice(host.indexOf('.') + 1) === base && host.includes('.');
}

interface Mailbox {
  readonly local: string;
  readonly host: string;
}

/** RFC 5280 §7.5: the local part as it is, the host in lower case. */
function splitMailbox(text: string): Mailbox | undefined {
  const at = text.lastIndexOf('@');
  if (at < 1) return undefined;
  const local = text.slice(0, at);
  if (local.includes('@') && !local.startsWith('"')) return undefined;
  const host = referenceHost(text.slice(at + 1));
  return host === undefined ? undefined : { local, host };
}

function mailboxOf(name: GeneralName): Mailbox | undefined {
  if (name.kind === 'rfc822Name') return splitMailbox(name.value);
  // RFC 9598 §5: SmtpUTF8Mailbox holds mailboxes whose local part is beyond ASCII.
  if (name.kind !== 'otherName' || name.oid !== id_on_SmtpUTF8Mailbox) return undefined;
  try {
    const reader = new DerReader(name.value);
    const content = reader.expect(Tag.UTF8_STRING, 'SmtpUTF8Mailbox').content();
    reader.finish('SmtpUTF8Mailbox');
    return splitMailbox(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(content));
  } catch {
    return undefined;
  }
}

function sameMailbox(a: Mailbox | undefined, b: Mailbox): boolean {
  return a !== undefined && a.local === b.local && a.host === b.host;
}

/** RFC 5280 §7.4: scheme and host in lower case, the rest as written. */
function comparableUri(text: string): string | undefined {
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/((?:[^/?#@]*@)?)([^/?#]*))?(.*)$/s.exec(text);
  if (parts === null) return undefined;
  const [, scheme, user, host, rest] = parts;
  return `${scheme!.toLowerCase()}:${host === undefined ? '' : `//${user}${host.toLowerCase()}`}${rest}`;
}

function nameFrom(bytes: Uint8Array): Name | undefined {
  try {
    const reader = new DerReader(bytes);
    const name = readName(reader);
    reader.finish('Name');
    // An empty name names nobody.
    return name.rdns.length === 0 ? undefined : name;
  } catch (error) {
    if (error instanceof PkiError) return undefined;
    throw error;
  }
}
