import { equalBytes, type Certificate } from '@hefu/pki';
import { readableCertificate } from './readable-certificate.js';

/** Certificates that came along, each read once: what is known of one is kept with its object. Owned by the caller. */
export interface CertificateCache {
  /** The one object for these octets, over a copy of them; undefined for octets that are no certificate. */
  read(der: Uint8Array): Certificate | undefined;
}

/** Some 10 kB each with what is worked out about them. */
const MAX_CERTIFICATES = 1024;
/** Different certificates under one fingerprint: chance gives none, and malice no more than these. */
const MAX_ALIKE = 4;

export function createCertificateCache(): CertificateCache {
  const known = new Map<number, Certificate[]>();
  return {
    read(der) {
      const key = fingerprint(der);
      const alike = known.get(key) ?? [];
      const found = alike.find(({ bytes }) => equalBytes(bytes, der));
      if (found !== undefined) return found;
      // A copy: the message around it must not be held, nor change beneath what is remembered.
      const made = readableCertificate(new Uint8Array(der));
      if (made === undefined || alike.length >= MAX_ALIKE) return made;
      if (known.size >= MAX_CERTIFICATES) known.delete(known.keys().next().value!);
      known.set(key, [...alike, made]);
      return made;
    },
  };
}

/** FNV-1a over the length and the end, which is signature: finds, and decides nothing. */
function fingerprint(der: Uint8Array): number {
  let hash = 0x811c9dc5 ^ der.length;
  for (let at = Math.max(0, der.length - 32); at < der.length; at++) hash = Math.imul(hash ^ der[at]!, 0x01000193);
  return hash >>> 0;
}
