import type { Algorithms, DigestAlgorithm } from '@hefu/crypto';
import { equalBytes, type SealCertList } from '@hefu/pki';

/** Whether a certificate is among those that may use a seal. */
export type Listing =
  | { readonly listed: true; readonly by: string }
  /** `unknown`: words for digests that are not understood, or not accepted; one of them may stand for the certificate. */
  | { readonly listed: false; readonly unknown: readonly string[] };

/**
 * GB/T 38540-2020 §6.1.3, §7.3: the signer's certificate is in the seal's list, octet for octet, or by digest.
 * @param accepted names of digests that may carry a verdict
 */
export function signerListed(list: SealCertList, certificate: Uint8Array, { digests }: Algorithms, accepted: readonly string[]): Listing {
  if (list.kind === 'certs') return list.certs.some((each) => equalBytes(each, certificate)) ? { listed: true, by: 'certificate' } : { listed: false, unknown: [] };
  const computed = new Map<DigestAlgorithm, Uint8Array>();
  const unknown: string[] = [];
  for (const { type, value } of list.digests) {
    const digest = digests.find((each) => accepted.includes(each.name) && names(each, type));
    if (digest === undefined) {
      unknown.push(type);
      continue;
    }
    let own = computed.get(digest);
    if (own === undefined) computed.set(digest, (own = digest.digest(certificate)));
    if (equalBytes(own, value)) return { listed: true, by: digest.name };
  }
  return { listed: false, unknown };
}

/** `SM3`, `sha256`, `SHA-256` and the OID are all found: the standard leaves the word to the maker. */
function names({ name, oids }: DigestAlgorithm, type: string): boolean {
  return oids.includes(type) || plain(name) === plain(type);
}

function plain(text: string): string {
  return text.toUpperCase().replace(/[-_ ]/g, '');
}
