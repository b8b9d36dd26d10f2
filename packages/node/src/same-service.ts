/**
 * Whether a redirect stays at the service that was named: same scheme, host and port, or from http to https of one host where both are at
 * their own ports. Another port of the host is another service, which nobody named: in a network of ours it may be anything.
 */
export function isSameService(named: URL, next: URL): boolean {
  if (next.origin === named.origin) return true;
  return named.protocol === 'http:' && next.protocol === 'https:' && next.hostname === named.hostname && named.port === '' && next.port === '';
}
