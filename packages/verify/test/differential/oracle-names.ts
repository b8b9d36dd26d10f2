import type { ModelCertificate, ModelConstraints, ModelGeneralName } from './model.js';

/** Name constraints (RFC 5280 §4.2.1.10), each form by the sentences about it, over text. */

/** All names that constraints speak of: subject, mailboxes in it, alternative names. */
function namesOf(certificate: ModelCertificate): readonly ModelGeneralName[] {
  const { text } = certificate.subject;
  const mailboxes = text.split(',').filter((part) => part.startsWith('E=')).map((part): ModelGeneralName => ({ kind: 'mail', value: part.slice(2) }));
  return [{ kind: 'dn', value: text }, ...mailboxes, ...certificate.names];
}

/** "Any DNS name that can be constructed by simply adding zero or more labels to the left-hand side". */
function dnsWithin(name: string, base: string): boolean {
  const labels = name.split('.').reverse();
  return base === '' || base.split('.').reverse().every((label, index) => labels[index] === label);
}

/** Names of hosts, one for each label that a constraint might mean and one that none does. */
function hostsOf(name: string, bases: readonly string[]): readonly string[] {
  if (!name.startsWith('*.')) return [name];
  return ['none-of-these', ...bases.map((base) => base.split('.')[0]!)].map((label) => label + name.slice(1));
}

/** "A URI constraint / mail constraint": a host, or with a leading period all hosts below a domain. */
function hostWithin(host: string, base: string): boolean {
  if (!base.startsWith('.')) return host === base;
  return host !== base.slice(1) && dnsWithin(host, base.slice(1));
}

function addressWithin(address: string, base: string): boolean {
  const [network, mask] = base.split('/').map((part) => part.split('.').map(Number)) as [number[], number[]];
  const octets = address.split('.').map(Number);
  return octets.length === network.length && octets.every((octet, index) => (octet & mask[index]!) === (network[index]! & mask[index]!));
}

function within(name: string, { kind, value: base }: ModelGeneralName): boolean {
  switch (kind) {
    case 'dns':
      return dnsWithin(name, base);
    case 'mail':
      return base.includes('@') ? name === base : hostWithin(name.split('@')[1]!, base);
    case 'uri':
      return hostWithin(new URL(name).hostname, base);
    case 'ip':
      return addressWithin(name, base);
    case 'dn':
      return `${name},`.startsWith(`${base},`);
  }
}

export function namesAllowed(certificate: ModelCertificate, { permitted, excluded }: ModelConstraints): boolean {
  return namesOf(certificate).every(({ kind, value }) => {
    const allowed = permitted.filter((base) => base.kind === kind);
    const forbidden = excluded.filter((base) => base.kind === kind);
    const hosts = kind === 'dns' ? hostsOf(value, [...allowed, ...forbidden].map((base) => base.value)) : [value];
    const permittedAll = allowed.length === 0 || hosts.every((host) => allowed.some((base) => within(host, base)));
    return permittedAll && !hosts.some((host) => forbidden.some((base) => within(host, base)));
  });
}
