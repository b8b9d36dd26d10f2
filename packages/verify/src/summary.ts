import type { Algorithms } from '@hefu/crypto';
import { formatName, hexOf, PkiError, type Certificate, type Name } from '@hefu/pki';
import { maskSubjectText } from './identity/mask.js';
import type { CertificateSummary } from './report.js';
import { keyName } from './key-name.js';
import { requiredSha256 } from './required-digest.js';

/**
 * What a report says of a certificate. Personal numbers in names are masked unless `reveal`; names of persons too, in
 * the subject of a `person`.
 */
export function summarise(certificate: Certificate, algorithms: Algorithms, options: { readonly reveal: boolean; readonly person?: boolean }): CertificateSummary {
  const { oid } = certificate.signatureAlgorithm;
  const text = (name: Name, person = false): string => (options.reveal ? formatName(name) : maskSubjectText(formatName(name), { person }));
  return {
    subject: text(certificate.subject, options.person),
    issuer: text(certificate.issuer),
    serialNumber: hexOf(certificate.serialNumber),
    notBefore: new Date(certificate.validity.notBefore).toISOString(),
    notAfter: new Date(certificate.validity.notAfter).toISOString(),
    sha256: hexOf(requiredSha256(algorithms).digest(certificate.bytes)),
    publicKey: describeKey(certificate),
    signatureAlgorithm: algorithms.signatures.find(({ signatureOids }) => signatureOids.includes(oid))?.name ?? oid,
    deviations: certificate.deviations.map((deviation) => deviation.id),
  };
}

export type Summarise = typeof summarise;

/** Summaries of one certificate: revealing or not, of a person or not, by one set of algorithms or two. */
const MAX_SUMMARIES = 8;

/** {@link summarise}, each certificate object once for each set of options. What is given out is the caller's to change. */
export function createSummaries(): Summarise {
  const known = new WeakMap<Certificate, { readonly algorithms: Algorithms; readonly reveal: boolean; readonly person: boolean; readonly summary: CertificateSummary }[]>();
  return (certificate, algorithms, { reveal, person = false }) => {
    const made = known.get(certificate) ?? [];
    let found = made.find((each) => each.algorithms === algorithms && each.reveal === reveal && each.person === person);
    if (found === undefined) {
      found = { algorithms, reveal, person, summary: summarise(certificate, algorithms, { reveal, person }) };
      if (made.length >= MAX_SUMMARIES) made.shift();
      made.push(found);
      known.set(certificate, made);
    }
    const { summary } = found;
    return { ...summary, deviations: [...summary.deviations] };
  };
}

function describeKey(certificate: Certificate): string {
  try {
    return keyName(certificate.spki.key);
  } catch (error) {
    if (error instanceof PkiError) return `unsupported (${certificate.spki.algorithm.oid})`;
    throw error;
  }
}
