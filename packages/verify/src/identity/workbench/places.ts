import type { Certificate } from '@hefu/pki';
import type { IdentitySource } from '@hefu/trust-list';
import { readSource, sourceName } from '../source.js';

/** Somewhere a CA may have written who its subject is. */
export type Place = Pick<IdentitySource, 'ext' | 'dn' | 'san'>;

/** Extensions whose meaning is fixed elsewhere: RFC 5280, RFC 3739, Netscape, Microsoft. None of them is a place for an identity. */
const STANDARD_ARCS: readonly string[] = ['2.5.29.', '1.3.6.1.5.5.7.', '2.16.840.1.113730.1.', '1.3.6.1.4.1.311.', '1.3.6.1.4.1.11129.'];
/** Subject attributes that say where somebody is, not who. */
const NOT_AN_IDENTITY: ReadonlySet<string> = new Set(['2.5.4.6', '2.5.4.7', '2.5.4.8', '2.5.4.9', '2.5.4.17', '0.9.2342.19200300.100.1.25', '1.2.840.113549.1.9.1']);
/** Short names for the attributes CAs use most; the rest stay OIDs. */
const NAMES: Readonly<Record<string, string>> = { '2.5.4.3': 'CN', '2.5.4.10': 'O', '2.5.4.11': 'OU', '2.5.4.5': 'serialNumber', '2.5.4.12': 'T', '2.5.4.42': 'G' };

/** Every place in the certificates that holds text, by its name, in the order in which they are met. */
export function placesOf(certificates: readonly Certificate[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>();
  const add = (place: Place): void => void places.set(sourceName({ ...place, accept: 'TEXT' }), place);
  for (const certificate of certificates) {
    for (const { oid } of certificate.extensions) if (!STANDARD_ARCS.some((arc) => oid.startsWith(arc))) add({ ext: oid });
    for (const { type } of certificate.subject.rdns.flat()) if (!NOT_AN_IDENTITY.has(type)) add({ dn: NAMES[type] ?? type });
    for (const name of altNames(certificate)) {
      if (name.kind === 'otherName') add({ san: name.oid });
      else if (name.kind === 'uniformResourceIdentifier') add({ san: name.kind });
    }
  }
  return places;
}

/** What a place holds in a certificate. */
export function textsAt(certificate: Certificate, place: Place): readonly string[] {
  return (readSource(certificate, { ...place, accept: 'TEXT' }) ?? []).map(({ text }) => text);
}

function altNames(certificate: Certificate): NonNullable<Certificate['extSubjectAltName']> {
  try {
    return certificate.extSubjectAltName ?? [];
  } catch (error) {
    if (error instanceof Error && error.name === 'PkiError') return [];
    throw error;
  }
}
