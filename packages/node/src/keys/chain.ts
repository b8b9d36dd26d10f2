import { equalBytes, namesEqual, parseCertificate, PkiError, type Certificate } from '@hefu/pki';

/** Longer paths exist in no PKI here. */
const MAX_CHAIN = 10;

/** Certificates that can be read, each once; what cannot be is left out: a bag may hold kinds of certificates unknown here. */
export function readableCertificates(ders: readonly Uint8Array[]): readonly Certificate[] {
  const found: Certificate[] = [];
  for (const der of ders) {
    if (found.some(({ bytes }) => equalBytes(bytes, der))) continue;
    try {
      found.push(parseCertificate(der));
    } catch (error) {
      if (!(error instanceof PkiError)) throw error;
    }
  }
  return found;
}

/**
 * The leaf and, among the others, its issuers in order: by name, and where a name has several keys by key identifier
 * (RFC 5280 §4.2.1.1). An order for people and messages, no verdict: the judge finds its own path.
 */
export function chainOf(leaf: Certificate, others: readonly Certificate[]): readonly Certificate[] {
  const chain = [leaf];
  for (let last = leaf; chain.length < MAX_CHAIN && !namesEqual(last.issuer, last.subject); ) {
    const named = others.filter((other) => !chain.includes(other) && namesEqual(other.subject, last.issuer));
    const next = named.find((other) => identifies(other, last)) ?? named[0];
    if (next === undefined) break;
    chain.push(next);
    last = next;
  }
  return chain;
}

function identifies(issuer: Certificate, subject: Certificate): boolean {
  const wanted = subject.extAuthorityKeyIdentifier?.keyIdentifier;
  const own = issuer.extSubjectKeyIdentifier;
  return wanted !== undefined && own !== undefined && equalBytes(wanted, own);
}
