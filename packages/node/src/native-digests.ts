import { createHash, getHashes, hash, type Hash } from 'node:crypto';
import { type DigestAlgorithm, type DigestName, type Hasher, softwareDigests } from '@hefu/crypto';
import { plainOctets } from './plain-octets.js';

const OPENSSL_NAME: Readonly<Record<DigestName, string>> = {
  SM3: 'sm3',
  'SHA-1': 'sha1',
  'SHA-224': 'sha224',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};

/**
 * The digests of {@link softwareDigests} by OpenSSL. One that this build of Node.js lacks (SM3 in some), or
 * that does not agree with the software digest on a known input, stays in software.
 */
export function nodeDigests(): readonly DigestAlgorithm[] {
  const available = new Set(getHashes());
  return softwareDigests.map((software) => {
    const opensslName = OPENSSL_NAME[software.name];
    if (!available.has(opensslName)) return software;
    const native = nativeDigest(software, opensslName);
    return agrees(native, software) ? native : software;
  });
}

function nativeDigest({ name, oids, outputLength }: DigestAlgorithm, opensslName: string): DigestAlgorithm {
  return {
    name,
    oids,
    outputLength,
    digest: (data) => plainOctets(hash(opensslName, data, 'buffer')),
    create: () => hasher(createHash(opensslName)),
  };
}

function hasher(state: Hash): Hasher {
  return {
    update(chunk) {
      state.update(chunk);
      return this;
    },
    digest: () => plainOctets(state.digest()),
  };
}

/** GB/T 32905 §A.1 and FIPS 180 use the same three octets, "abc". */
function agrees(native: DigestAlgorithm, software: DigestAlgorithm): boolean {
  const input = Uint8Array.of(0x61, 0x62, 0x63);
  try {
    const expected = software.digest(input);
    const actual = native.digest(input);
    return actual.length === expected.length && actual.every((octet, i) => octet === expected[i]);
  } catch {
    return false; // listed, yet refused: a FIPS provider does that
  }
}
