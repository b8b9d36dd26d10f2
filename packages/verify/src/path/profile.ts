import type { DeviationId } from '@hefu/pki';
import type { id_ce_cRLNumber } from './extension-oids.js';
import type { CheckId } from './profile-checks.js';

export { REGIONAL_CA } from './profiles/regional-ca.js';
export { STRICT } from './profiles/strict.js';
export { INTEROP } from './profiles/interop.js';
export { WEB_PKI } from './profiles/web-pki.js';

export type Presence = 'must' | 'may' | 'must-not';
export type Criticality = 'must' | 'must-not' | 'any';

/** The last certificate of a path, one that issues, or the anchor's own. */
export type Role = 'leaf' | 'ca' | 'anchor';

/**
 * What a profile asks of one extension. A row says that the extension is understood: a critical extension
 * without a row makes a path fail with UNKNOWN_CRITICAL_EXTENSION (RFC 5280 §4.2).
 */
export interface ExtensionRow {
  readonly oid: string;
  readonly name: string;
  readonly leaf: Presence;
  /** Intermediates, and the anchor's own certificate when it is of version 3. */
  readonly ca: Presence;
  /** The anchor's own certificate, where it is asked for something else than `ca`. */
  readonly anchor?: Presence;
  readonly criticality: Criticality;
  /** Leaves, where they are asked for something else than `criticality`. */
  readonly leafCriticality?: Criticality;
  /** Rules about its value, by name; each looks at presence for itself. */
  readonly checks?: readonly CheckId[];
  readonly clause: string;
  /** Why the row asks less than its clause; absent where it asks exactly that. */
  readonly reason?: string;
}

/** A rule about a field of the TBSCertificate, or about several parts together. */
export interface FieldRow {
  readonly check: CheckId;
  readonly applies: readonly Role[];
  readonly clause: string;
  /** Why the rule asks less than its clause; absent where it asks exactly that. */
  readonly reason?: string;
}

/** Something that reading tolerates and this profile does not, by its id in the pki room's table. */
export interface DeviationRow {
  readonly id: DeviationId;
  readonly applies: readonly Role[];
  readonly clause: string;
}

/** What a profile asks of an extension of a CRL, beyond what makes a CRL usable at all. */
export interface CrlRow {
  readonly oid: typeof id_ce_cRLNumber;
  readonly name: string;
  readonly presence: 'must' | 'may';
  readonly clause: string;
  readonly reason?: string;
}

/**
 * A certificate profile as data. Rows decide what may, must or must not appear. What keeps a path sound is not in
 * the table and cannot be relaxed by it: signatures, names, dates, the CA bit, path length, keyCertSign, name
 * constraints, policies, extensions that are critical and unknown.
 */
export interface PathProfile {
  readonly id: string;
  readonly extensions: readonly ExtensionRow[];
  readonly fields?: readonly FieldRow[];
  readonly deviations?: readonly DeviationRow[];
  readonly crlExtensions?: readonly CrlRow[];
  /** By which column a CA certificate at the end of a path is asked. Default `leaf`. */
  readonly caAsLeaf?: 'leaf' | 'ca';
  /** Kinds of public key allowed: `RSA` or the name of a curve. Default: any that the algorithms verify. */
  readonly keys?: readonly string[];
  /** OIDs of the signature algorithms allowed on certificates below the anchor. Default: any of the caller's. */
  readonly signatureAlgorithms?: readonly string[];
  /** Bounds on RSA keys, bits. Refused with KEY_TOO_WEAK below, KEY_INVALID above. */
  readonly rsa: { readonly minModulusBits: number; readonly maxModulusBits: number; readonly maxExponentBits: number; readonly modulusBitsMultipleOf?: number };
  /**
   * How the serial numbers of a certificate and of a CRL entry are compared. `integer`: by value, signs and all, as §5.1.2.6
   * has it where negative numbers are met at all. `magnitude`, the default: an entry that differs in its sign octet alone
   * counts, since writers leave it out in one place and not in the other, and the doubt falls on the side of revoked.
   */
  readonly serialNumbers?: 'integer' | 'magnitude';
  /** For certificates of CRL and OCSP signers. Default: this profile. */
  readonly signers?: PathProfile;
  /** Wildcards over a whole public suffix are refused, given a list of them (`publicSuffix` of `validatePath`). */
  readonly wildcardsBelowPublicSuffix?: boolean;
}

/**
 * A profile with rows of a trust-list service in place of, or beside, its own. Every such row says why, in
 * `reason`. It can change what must be present and critical; it cannot make a profile understand an extension that
 * it does not: a row for a new extension refuses it when critical.
 * @throws TypeError for a row without a reason, and for one that would let an unknown extension be critical
 */
export function withRows(profile: PathProfile, rows: readonly ExtensionRow[], id: string = `${profile.id}+rows`): PathProfile {
  for (const row of rows) {
    if (row.reason === undefined || row.reason === '') throw new TypeError(`row ${row.oid}: a reason is needed`);
    const known = profile.extensions.some(({ oid }) => oid === row.oid);
    if (!known && (row.criticality !== 'must-not' || (row.leafCriticality ?? 'must-not') !== 'must-not')) {
      throw new TypeError(`row ${row.oid}: a critical extension has to be understood by the profile, not by a row`);
    }
  }
  const kept = profile.extensions.filter(({ oid }) => !rows.some((row) => row.oid === oid));
  return { ...profile, id, extensions: [...kept, ...rows] };
}
