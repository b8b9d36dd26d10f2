import { classifyAddress } from './address.js';
import { DEFAULT_UPDATER_LIMITS } from './limits.js';

/** Who named the address. A bidder chooses what its certificate says; the trust list is signed by its operators. */
export type EndpointOrigin = 'list' | 'certificate';

export type EndpointRefusal =
  | 'URL_INVALID' | 'URL_TOO_LONG' | 'SCHEME_REFUSED' | 'USERINFO_REFUSED' | 'HOST_REFUSED' | 'ADDRESS_REFUSED' | 'PORT_REFUSED';

export type EndpointAssessment =
  | { readonly allowed: true; readonly url: string }
  | { readonly allowed: false; readonly code: EndpointRefusal; readonly reason: string };

/** Names that never mean a public host: RFC 6761, 6762, 8375, 7686, ICANN's reserved `internal`, and intranet habits. */
const LOCAL_SUFFIXES: readonly string[] = [
  'localhost', 'local', 'internal', 'intranet', 'private', 'lan', 'home', 'corp', 'localdomain', 'home.arpa',
  'test', 'example', 'invalid', 'onion', 'alt',
];

/** Ports above 1023 that the Fetch standard (§2.9, bad ports) keeps closed to HTTP: other protocols' homes. */
const BAD_HIGH_PORTS: ReadonlySet<number> = new Set([
  1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
]);

/**
 * May this address be asked? Only http and https, no user information, for anybody. What a certificate names
 * must besides be a public host: no special-purpose address, no IPv4 address in decimal, hexadecimal, octal or
 * shortened form, no local name, no single-label name; and port 80, 443 or above 1023 (CAs do publish on 8080
 * and the like; the ports below belong to mail, directory and remote-access services). What the list names may
 * be private, on any port: operators keep mirrors in their own networks.
 *
 * Names are judged as text here. Whoever connects judges the resolved address again with `classifyAddress`.
 * @returns the URL as it must be asked (normalised, without fragment), or why not
 */
export function assessEndpoint(
  url: string,
  options: { readonly origin: EndpointOrigin; readonly maxUrlLength?: number },
): EndpointAssessment {
  const maxLength = options.maxUrlLength ?? DEFAULT_UPDATER_LIMITS.maxUrlLength;
  if (url.length > maxLength) return refuse('URL_TOO_LONG', `more than ${maxLength} characters`);
  // The WHATWG parser repairs these; a repaired address is not the one somebody wrote down.
  if (/[\p{Cc} \\]/u.test(url)) return refuse('URL_INVALID', 'white space, control character or backslash');
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(url)?.[1]?.toLowerCase();
  if (scheme === undefined) return refuse('URL_INVALID', 'no scheme');
  if (scheme !== 'http' && scheme !== 'https') return refuse('SCHEME_REFUSED', `scheme ${scheme.slice(0, 20)}`);
  const authority = /^https?:\/\/([^/?#]+)/i.exec(url)?.[1];
  if (authority === undefined) return refuse('URL_INVALID', 'no host');
  if (authority.includes('@')) return refuse('USERINFO_REFUSED', 'user information in the address');
  let parsed: URL;
  try {
    parsed = new URL(url);
  } catch {
    return refuse('URL_INVALID', 'not a URL');
  }
  if (parsed.username !== '' || parsed.password !== '') return refuse('USERINFO_REFUSED', 'user information in the address');
  if (parsed.port === '0') return refuse('PORT_REFUSED', 'port 0');
  parsed.hash = '';
  if (options.origin === 'list') return { allowed: true, url: parsed.href };
  return assessPublicHost(parsed, authority) ?? { allowed: true, url: parsed.href };
}

function assessPublicHost(url: URL, authority: string): EndpointAssessment | undefined {
  const host = url.hostname.replace(/\.$/, '').toLowerCase();
  const address = classifyAddress(host);
  if (address !== undefined) {
    if (address !== 'public') return refuse('ADDRESS_REFUSED', `${address} address ${host}`);
    if (!host.startsWith('[') && authority.replace(/:\d*$/, '') !== host) {
      return refuse('ADDRESS_REFUSED', `IPv4 address not in dotted decimal form: ${host}`);
    }
  } else {
    const suffix = LOCAL_SUFFIXES.find((name) => host === name || host.endsWith(`.${name}`));
    if (suffix !== undefined) return refuse('HOST_REFUSED', `local name under .${suffix}`);
    if (!host.includes('.')) return refuse('HOST_REFUSED', 'a name without a domain');
  }
  const port = url.port === '' ? undefined : Number(url.port);
  if (port !== undefined && port !== 80 && port !== 443 && (port < 1024 || BAD_HIGH_PORTS.has(port))) {
    return refuse('PORT_REFUSED', `port ${port}`);
  }
  return undefined;
}

function refuse(code: EndpointRefusal, reason: string): EndpointAssessment {
  return { allowed: false, code, reason };
}
