import { equalBytes, type Certificate, type GeneralName } from '@hefu/pki';
import { addressOctets, addressText } from './address.js';
import { id_ce_authorityKeyIdentifier, id_ce_basicConstraints, id_ce_extKeyUsage, id_ce_keyUsage, id_ce_subjectAltName } from './extension-oids.js';
import { isHostName, readMailbox } from './name-constraints.js';
import type { Role } from './profile.js';

/** What a rule found instead of what it asks. */
export interface Finding {
  readonly expected: string | number;
  readonly actual: string | number;
  readonly extension?: string;
}

/**
 * A rule that rows name. May throw PkiError for a value that cannot be read.
 * `selfSigned`: by its names, or by its signature where that was looked at.
 */
type Check = (certificate: Certificate, role: Role, selfSigned: boolean) => Finding | undefined;

const id_at_commonName = '2.5.4.3';
const id_kp_serverAuth = '1.3.6.1.5.5.7.3.1';
const id_kp_clientAuth = '1.3.6.1.5.5.7.3.2';

/** Purposes that a certificate for servers must not carry beside its own (BR §7.1.2.7.10). */
const NOT_FOR_SERVERS: readonly string[] = [
  '2.5.29.37.0', // anyExtendedKeyUsage
  '1.3.6.1.5.5.7.3.3', '1.3.6.1.5.5.7.3.4', '1.3.6.1.5.5.7.3.8', '1.3.6.1.5.5.7.3.9', // codeSigning, emailProtection, timeStamping, OCSPSigning
  '1.3.6.1.4.1.11129.2.4.4', // precertificate signing
];

export type CheckId =
  | 'authority-key-id-unless-self-signed'
  | 'authority-key-id-only'
  | 'key-usage-not-empty'
  | 'cert-sign-only-in-ca'
  | 'signs-no-certificates'
  | 'path-length-only-in-ca'
  | 'leaf-is-no-ca'
  | 'issuer-named'
  | 'subject-or-critical-names'
  | 'critical-names-only-without-subject'
  | 'names-in-preferred-syntax'
  | 'names-of-servers'
  | 'common-name-among-names'
  | 'purpose-server'
  | 'version-3'
  | 'policies-once'
  | 'unique-ids-from-version-2';

/** Every rule by the name that rows use. */
const CHECKS: Readonly<Record<CheckId, Check>> = {
  /** authorityKeyIdentifier names the issuer's key; only a self-signed certificate may go without (RFC 5280 §4.2.1.1). */
  'authority-key-id-unless-self-signed': ({ extAuthorityKeyIdentifier: stated }, role, selfSigned) => {
    // Inside a path nothing is self-signed: its issuer has another name or another key.
    if (stated === undefined && selfSigned && role !== 'ca') return undefined;
    return stated?.keyIdentifier === undefined ? { expected: 'keyIdentifier', actual: 'absent', extension: id_ce_authorityKeyIdentifier } : undefined;
  },
  /** BR §7.1.2.1.3, §7.1.2.11.1: keyIdentifier and nothing else; a root's is its own. */
  'authority-key-id-only': ({ extAuthorityKeyIdentifier: stated, extSubjectKeyIdentifier: own }, role, selfSigned) => {
    if (stated === undefined) return undefined;
    const extension = id_ce_authorityKeyIdentifier;
    if (stated.keyIdentifier === undefined) return { expected: 'keyIdentifier', actual: 'absent', extension };
    if (stated.authorityCertIssuer !== undefined || stated.authorityCertSerialNumber !== undefined) return { expected: 'keyIdentifier alone', actual: 'authorityCertIssuer or authorityCertSerialNumber', extension };
    if (role === 'anchor' && selfSigned && own !== undefined && !equalBytes(own, stated.keyIdentifier)) return { expected: 'subjectKeyIdentifier', actual: 'another key identifier', extension };
    return undefined;
  },
  'key-usage-not-empty': ({ extKeyUsage: usage }) => (usage?.size === 0 ? { expected: 'at least one bit', actual: 0, extension: id_ce_keyUsage } : undefined),
  'cert-sign-only-in-ca': ({ extKeyUsage: usage, extBasicConstraints: basic }) =>
    usage?.has('keyCertSign') === true && basic?.ca !== true ? { expected: 'cA TRUE beside keyCertSign', actual: 'cA FALSE', extension: id_ce_keyUsage } : undefined,
  'signs-no-certificates': ({ extKeyUsage: usage }, role) =>
    role === 'leaf' && (usage?.has('keyCertSign') === true || usage?.has('cRLSign') === true) ? { expected: 'neither keyCertSign nor cRLSign', actual: 'present', extension: id_ce_keyUsage } : undefined,
  'path-length-only-in-ca': ({ extBasicConstraints: basic, extKeyUsage: usage }) => {
    if (basic?.pathLength === undefined || (basic.ca && usage?.has('keyCertSign') !== false)) return undefined;
    return { expected: 'cA TRUE and keyCertSign beside pathLenConstraint', actual: basic.ca ? 'no keyCertSign' : 'cA FALSE', extension: id_ce_basicConstraints };
  },
  'leaf-is-no-ca': ({ extBasicConstraints: basic }, role) => (role === 'leaf' && basic?.ca === true ? { expected: 'cA FALSE', actual: 'cA TRUE', extension: id_ce_basicConstraints } : undefined),
  'issuer-named': ({ issuer }) => (issuer.rdns.length === 0 ? { expected: 'an issuer name', actual: 'none' } : undefined),
  'subject-or-critical-names': (certificate) => {
    if (certificate.subject.rdns.length > 0) return undefined;
    const names = certificate.extension(id_ce_subjectAltName);
    if (names?.critical === true) return undefined;
    return { expected: 'critical beside an empty subject', actual: names === undefined ? 'absent' : 'not critical', extension: id_ce_subjectAltName };
  },
  'critical-names-only-without-subject': (certificate) =>
    certificate.subject.rdns.length > 0 && certificate.extension(id_ce_subjectAltName)?.critical === true
      ? { expected: 'not critical beside a subject', actual: 'critical', extension: id_ce_subjectAltName }
      : undefined,
  'names-in-preferred-syntax': ({ extSubjectAltName: names }) => {
    const bad = names?.find((name) => !isInSyntax(name));
    return bad === undefined ? undefined : { expected: 'preferred name syntax', actual: bad.kind, extension: id_ce_subjectAltName };
  },
  'names-of-servers': ({ extSubjectAltName: names }, role) => {
    const bad = role === 'leaf' ? names?.find((name) => !isServerName(name)) : undefined;
    return bad === undefined ? undefined : { expected: 'FQDN, wildcard domain name or IP address', actual: bad.kind, extension: id_ce_subjectAltName };
  },
  'common-name-among-names': commonNameCheck,
  'purpose-server': ({ extExtendedKeyUsage: purposes }, role) => {
    if (role !== 'leaf' || purposes === undefined) return undefined;
    const extension = id_ce_extKeyUsage;
    if (!purposes.includes(id_kp_serverAuth)) return { expected: 'id-kp-serverAuth', actual: 'absent', extension };
    const other = purposes.find((purpose) => NOT_FOR_SERVERS.includes(purpose));
    return other === undefined ? undefined : { expected: `${id_kp_serverAuth} or ${id_kp_clientAuth}`, actual: other, extension };
  },
  'version-3': ({ version }) => (version === 3 ? undefined : { expected: 3, actual: version }),
  'unique-ids-from-version-2': (certificate) =>
    certificate.version === 1 && certificate.deviations.some(({ id }) => id === 'X509_UNIQUE_IDENTIFIER') ? { expected: 'version 2 or 3 beside a unique identifier', actual: 1 } : undefined,
  'policies-once': ({ extCertificatePolicies: policies }) =>
    policies !== undefined && new Set(policies).size !== policies.length ? { expected: 'each policy once', actual: policies.length, extension: '2.5.29.32' } : undefined,
};

export function runCheck(id: CheckId, certificate: Certificate, role: Role, selfSigned: boolean): Finding | undefined {
  return CHECKS[id](certificate, role, selfSigned);
}

/** Letters, digits and hyphens: RFC 1034 §3.5 as RFC 1123 §2.1 widens it. */
function isPreferredName(text: string): boolean {
  return isHostName(text) && !text.includes('_');
}

/** RFC 5280 §4.2.1.6. What a wildcard means it leaves open; only a whole left-most label can be one (RFC 9525 §6.3). */
function isInSyntax(name: GeneralName): boolean {
  switch (name.kind) {
    case 'dNSName': {
      const text = name.value.toLowerCase();
      return isPreferredName(text.startsWith('*.') ? text.slice(2) : text);
    }
    case 'rfc822Name':
      return readMailbox(name.value) !== undefined || /^"(?:[^"\\]|\\.)+"@[^@]+$/.test(name.value);
    case 'iPAddress':
      return name.octets.length === 4 || name.octets.length === 16;
    case 'uniformResourceIdentifier':
      return /^[a-z][a-z0-9+.-]*:./i.test(name.value);
    default:
      return true;
  }
}

/** BR §7.1.2.7.12, §7.1.4.2: at least one label under a top-level domain, and a wildcard only above two labels. */
function isServerName(name: GeneralName): boolean {
  if (name.kind === 'iPAddress') return name.octets.length === 4 || name.octets.length === 16;
  if (name.kind !== 'dNSName') return false;
  const text = name.value.toLowerCase();
  const host = text.startsWith('*.') ? text.slice(2) : text;
  return isPreferredName(host) && host.includes('.') && addressOctets(host) === undefined;
}

/**
 * BR §7.1.4.3: a common name is a copy of one of the names, character for character; addresses in their one canonical
 * form. Two things are let be, as a common name names nobody here: the domain of a wildcard that is listed, and a
 * domain name where nothing but addresses is.
 */
function commonNameCheck({ subject, extSubjectAltName: names = [] }: Certificate, role: Role): Finding | undefined {
  if (role !== 'leaf') return undefined;
  const common = subject.rdns.flatMap((rdn) => rdn.filter(({ type }) => type === id_at_commonName));
  if (common.length === 0) return undefined;
  const [first] = common;
  const text = first!.value;
  const domains = names.flatMap((name) => (name.kind === 'dNSName' ? [name.value] : []));
  const listed = isAddressLike(text)
    ? names.some((name) => name.kind === 'iPAddress' && addressText(name.octets) === text)
    : domains.includes(text) || domains.includes(`*.${text}`) || (domains.length === 0 && isPreferredName(text.toLowerCase()));
  return listed && common.length === 1 ? undefined : { expected: 'one of the names of subjectAltName', actual: 'another common name', extension: id_ce_subjectAltName };
}

/** What a URL parser would take for an address: colons, or a last label that is a number in any base. */
function isAddressLike(text: string): boolean {
  return text.includes(':') || /(?:^|\.)(?:[0-9]+|0x[0-9a-f]*)$/i.test(text);
}
