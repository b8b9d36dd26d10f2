/** Which IP addresses are publicly reachable: the IANA special-purpose registries (RFC 6890 and its updates). */

export type AddressKind =
  | 'public' | 'unspecified' | 'private' | 'shared' | 'loopback' | 'link-local' | 'unique-local' | 'multicast'
  | 'documentation' | 'reserved' | 'ipv4-mapped' | 'translated';

const IPV4_SPECIAL: readonly (readonly [base: number, prefix: number, kind: AddressKind])[] = [
  [0x00000000, 8, 'unspecified'], // RFC 791: "this network"
  [0x0a000000, 8, 'private'], // RFC 1918
  [0x64400000, 10, 'shared'], // RFC 6598: carrier-grade NAT
  [0x7f000000, 8, 'loopback'], // RFC 1122
  [0xa9fe0000, 16, 'link-local'], // RFC 3927; cloud metadata services live here
  [0xac100000, 12, 'private'], // RFC 1918
  [0xc0000000, 24, 'reserved'], // RFC 6890: IETF protocol assignments
  [0xc0000200, 24, 'documentation'], // RFC 5737
  [0xc0586300, 24, 'reserved'], // RFC 7526: former 6to4 relays
  [0xc0a80000, 16, 'private'], // RFC 1918
  [0xc6120000, 15, 'reserved'], // RFC 2544: benchmarking
  [0xc6336400, 24, 'documentation'], // RFC 5737
  [0xcb007100, 24, 'documentation'], // RFC 5737
  [0xe0000000, 4, 'multicast'], // RFC 5771
  [0xf0000000, 4, 'reserved'], // RFC 1112, and the limited broadcast
];

/**
 * The kind of an address in text: dotted IPv4, or IPv6 with or without brackets and zone.
 * @returns undefined when the text is no IP address in those forms
 */
export function classifyAddress(text: string): AddressKind | undefined {
  const v4 = readIpv4(text);
  if (v4 !== undefined) return classifyIpv4(v4);
  const groups = readIpv6(text.replace(/^\[|\]$/g, '').replace(/%.*$/, ''));
  return groups === undefined ? undefined : classifyIpv6(groups);
}

function classifyIpv4(address: number): AddressKind {
  for (const [base, prefix, kind] of IPV4_SPECIAL) {
    if ((address ^ base) >>> (32 - prefix) === 0) return kind;
  }
  return 'public';
}

function classifyIpv6(groups: readonly number[]): AddressKind {
  const [g0 = 0, g1 = 0, g2 = 0, g3 = 0, g4 = 0, g5 = 0, g6 = 0, g7 = 0] = groups;
  const embedded = ((g6 << 16) | g7) >>> 0;
  if ((g0 | g1 | g2 | g3 | g4) === 0) {
    if (g5 === 0xffff) return 'ipv4-mapped'; // RFC 4291 §2.5.5.2
    if (g5 === 0 && g6 === 0 && g7 === 0) return 'unspecified';
    if (g5 === 0 && g6 === 0 && g7 === 1) return 'loopback';
    return 'reserved'; // IPv4-compatible, deprecated by RFC 4291 §2.5.5.1
  }
  // RFC 6052 well-known NAT64 prefix: as public as the IPv4 address inside; 64:ff9b:1::/48 (RFC 8215) is local.
  if (g0 === 0x64 && g1 === 0xff9b && (g2 | g3 | g4 | g5) === 0) return classifyIpv4(embedded) === 'public' ? 'public' : 'translated';
  if ((g0 & 0xfe00) === 0xfc00) return 'unique-local'; // RFC 4193
  if ((g0 & 0xffc0) === 0xfe80) return 'link-local'; // RFC 4291
  if ((g0 & 0xffc0) === 0xfec0) return 'private'; // RFC 3879: former site-local
  if ((g0 & 0xff00) === 0xff00) return 'multicast';
  if ((g0 & 0xe000) !== 0x2000) return 'reserved'; // only 2000::/3 is allocated as global unicast
  if (g0 === 0x2001 && g1 < 0x0200) return 'reserved'; // RFC 2928: 2001::/23, Teredo and ORCHID within
  if (g0 === 0x2001 && g1 === 0x0db8) return 'documentation'; // RFC 3849
  if (g0 === 0x2002) return 'translated'; // RFC 3056: 6to4 embeds an IPv4 address
  if (g0 === 0x3fff && g1 < 0x1000) return 'documentation'; // RFC 9637
  return 'public';
}

function readIpv4(text: string): number | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(text);
  if (match === null) return undefined;
  let address = 0;
  for (const part of match.slice(1)) {
    if (part.length > 1 && part.startsWith('0')) return undefined; // octal to some readers
    const octet = Number(part);
    if (octet > 255) return undefined;
    address = address * 256 + octet;
  }
  return address;
}

/** The eight 16-bit groups (RFC 4291 §2.2), undefined when it is no IPv6 address. */
function readIpv6(text: string): readonly number[] | undefined {
  if (text.length > 45 || !text.includes(':')) return undefined;
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = readGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? readGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  return [...head, ...Array.from({ length: missing }, () => 0), ...tail];
}

function readGroups(text: string, mayEndInIpv4: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (/^[0-9a-fA-F]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
      continue;
    }
    const v4 = mayEndInIpv4 && index === parts.length - 1 ? readIpv4(part) : undefined;
    if (v4 === undefined) return undefined;
    groups.push(v4 >>> 16, v4 & 0xffff);
  }
  return groups;
}
