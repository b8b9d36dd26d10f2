import { nameKey, PkiError, Tag, type Certificate } from '@hefu/pki';
import {
  attributeTypeOid, decideTrust, type Federation, type ListReference, type Opinion, type PathKey, type Purpose, type RulingCode, type ServiceKind, type TrustRuling, type TrustService, type Violation, type Way,
} from '@hefu/trust-list';
import type { ReasonCode } from '../codes.js';
import { keyName, rsaBits } from '../key-name.js';
import type { ValidPath } from '../path/model.js';
import { certificateFacts } from './certificate-facts.js';

/** Whether a path is recognised, by whom, and what was said against it. */
export interface PathDecision {
  readonly trusted: boolean;
  /** `GRANTED`, or why not. */
  readonly code: 'GRANTED' | ReasonCode;
  /** The entry that recognises, or that refuses. */
  readonly decisive: Opinion | undefined;
  /** The entry that answers for the path: identity profile, message forms and endpoints are its. */
  readonly anchor: Opinion | undefined;
  readonly expected?: string;
  readonly actual?: string;
  readonly ruling: TrustRuling;
}

export interface DecideInput {
  readonly kind: ServiceKind;
  readonly federation: Federation;
  readonly path: ValidPath;
  /** The keys of the path's CAs, the anchor's among them. */
  readonly keys: readonly PathKey[];
  /** The entries whose anchor the path ends in. */
  readonly entries: readonly TrustService[];
  readonly region: string;
  readonly transaction?: string;
  readonly role?: string;
  readonly purpose: Purpose;
  /** Best signature time. */
  readonly signedAt: number;
  readonly at: number;
  readonly knownAt?: readonly ListReference[];
  readonly missing: 'refuse' | 'ignore';
}

/** Asks every list that has a say, about services of one kind: those of other kinds anchor no such path. */
export function decidePath(input: DecideInput): PathDecision {
  const { kind, federation, path, keys, entries, region, transaction, role, purpose, signedAt, at, knownAt, missing } = input;
  const ruling = decideTrust(federation, {
    keys, kind, region, purpose, signedAt, at, missing,
    anchors: ({ service }) => entries.includes(service),
    issuedAt: path.certificates[0]!.validity.notBefore,
    violated: ({ service }) => violation(service, path),
    ...(transaction === undefined ? {} : { transaction }),
    ...(role === undefined ? {} : { role }),
    ...(knownAt === undefined ? {} : { knownAt }),
  });
  const { trusted, code, decisive, anchor } = ruling;
  return { trusted, code, decisive, anchor, ruling, ...factsOf(ruling, input) };
}

/** What was asked for and what was found, in few words. */
function factsOf({ code, decisive, missing }: TrustRuling, input: DecideInput): { readonly expected?: string; readonly actual?: string } {
  if (code === 'LIST_NOT_LOADED') return { expected: missing.map(({ listId }) => listId).join(', '), actual: [...new Set(missing.map((each) => each.code))].join(', ') };
  if (decisive === undefined) return {};
  const { service, member } = decisive.statement;
  if (code === 'SERVICE_UNSUPPORTED') return { actual: service.unusable! };
  if (code === 'SERVICE_CONSTRAINTS_VIOLATED') return decisive.violation ?? {};
  if (code === 'SERVICE_NOT_DELEGATED') return { expected: member.ways.map(delegated).join(' | '), actual: `${input.region}, ${input.purpose}` };
  if (code === 'PEER_NOT_ACCEPTED' || code === 'PEER_NOT_IN_FORCE' || code === 'PEER_STALE') return { actual: member.schemeId ?? member.list.listId };
  return scopeFacts(code, service, input);
}

function delegated({ delegations }: Way): string {
  return delegations.map(({ mode, regions, kinds, purposes }) => [mode, regions.join(' '), ...(kinds ?? []), ...(purposes ?? [])].join(' ')).join(' > ');
}

function violation(service: TrustService, path: ValidPath): Violation | undefined {
  try {
    return constraintRefusal(service, path);
  } catch (error) {
    // A constraint asked for something the certificate carries and nobody can read.
    if (!(error instanceof PkiError)) throw error;
    return { expected: 'readable extensions and names', actual: error.code };
  }
}

function scopeFacts(code: RulingCode, { scope: scopes }: TrustService, input: DecideInput): { readonly expected?: string; readonly actual?: string } {
  const all = <T>(pick: (scope: TrustService['scope'][number]) => readonly T[] | undefined): string => [...new Set(scopes.flatMap((scope) => pick(scope) ?? []))].join(', ');
  switch (code) {
    case 'REGION_NOT_IN_SCOPE':
      return { expected: all((scope) => scope.regions), actual: input.region };
    case 'TRANSACTION_NOT_IN_SCOPE':
      return { expected: all((scope) => scope.transactions), actual: input.transaction ?? '' };
    case 'ROLE_NOT_IN_SCOPE':
      return { expected: all((scope) => scope.roles), actual: input.role ?? '' };
    case 'PURPOSE_NOT_IN_SCOPE':
      return { expected: all((scope) => scope.purposes), actual: input.purpose };
    case 'SCOPE_NOT_IN_FORCE':
      return { expected: scopes.map((scope) => interval(scope.from, scope.until)).join(', '), actual: iso(input.signedAt) };
    default:
      return {};
  }
}

/** What the list asks of certificates beyond what they say themselves. */
function constraintRefusal(service: TrustService, path: ValidPath): Violation | undefined {
  const { constraints } = service;
  const leaf = path.certificates[0]!;
  const { notBefore, notAfter } = leaf.validity;
  if (constraints.pathLen !== undefined) {
    const intermediates = path.certificates.length - 1 - (path.anchor.certificate !== undefined ? 1 : 0);
    if (intermediates > constraints.pathLen) return { expected: `at most ${constraints.pathLen} intermediates`, actual: String(intermediates) };
  }
  if (constraints.issuedFrom !== undefined && notBefore < constraints.issuedFrom) return { expected: `issued from ${iso(constraints.issuedFrom)}`, actual: iso(notBefore) };
  if (constraints.issuedUntil !== undefined && notBefore >= constraints.issuedUntil) return { expected: `issued before ${iso(constraints.issuedUntil)}`, actual: iso(notBefore) };
  if (constraints.maxValidityDays !== undefined && notAfter - notBefore > constraints.maxValidityDays * 86_400_000) {
    return { expected: `valid for at most ${constraints.maxValidityDays} days`, actual: `${Math.ceil((notAfter - notBefore) / 86_400_000)} days` };
  }
  const missing = constraints.requireExt?.find((oid) => leaf.extension(oid) === undefined);
  if (missing !== undefined) return { expected: `extension ${missing}`, actual: 'absent' };
  if (constraints.policyOids !== undefined && constraints.policyOids.length > 0) {
    const asserted = leaf.extCertificatePolicies ?? [];
    if (!constraints.policyOids.some((oid) => asserted.includes(oid))) return { expected: `policy ${constraints.policyOids.join(' | ')}`, actual: asserted.join(', ') || 'none' };
  }
  return keyRefusal(service, path) ?? nameRefusal(service, leaf);
}

function keyRefusal(service: TrustService, path: ValidPath): Violation | undefined {
  const { minRsaBits, sigAlgs } = service.constraints;
  for (const certificate of path.certificates) {
    const { key } = certificate.spki;
    if (minRsaBits !== undefined && key.kty === 'RSA' && rsaBits(key) < minRsaBits) return { expected: `RSA of at least ${minRsaBits} bits`, actual: keyName(key) };
  }
  if (sigAlgs !== undefined && !path.signatureAlgorithms.every((name) => sigAlgs.includes(name))) {
    return { expected: sigAlgs.join(' | '), actual: path.signatureAlgorithms.join(', ') };
  }
  return undefined;
}

function nameRefusal(service: TrustService, leaf: Certificate): Violation | undefined {
  const { permittedDN, excludedDN } = service.constraints;
  const facts = certificateFacts(leaf);
  const carries = (pairs: readonly string[], same: (found: string, stated: string) => boolean): boolean =>
    pairs.every((pair) => {
      const cut = pair.indexOf('=');
      const type = attributeTypeOid(pair.slice(0, cut));
      const value = pair.slice(cut + 1);
      return facts.subject.some((attribute) => attribute.type === type && same(attribute.value, value));
    });
  if (permittedDN !== undefined && permittedDN.length > 0 && !permittedDN.some((pairs) => carries(pairs, (found, stated) => found === stated))) {
    return { expected: permittedDN.map((pairs) => pairs.join(',')).join(' | '), actual: 'another subject' };
  }
  // Nobody gets past an exclusion by a space, a width or a case (RFC 5280 §7.1).
  const excluded = excludedDN?.find((pairs) => carries(pairs, (found, stated) => preparedKey(found) === preparedKey(stated)));
  return excluded === undefined ? undefined : { expected: `not ${excluded.join(',')}`, actual: 'that subject' };
}

/** Under which texts meet that names count as equal. */
function preparedKey(value: string): string {
  return nameKey({ bytes: NO_OCTETS, rdns: [[{ type: '2.5.4.3', tag: Tag.UTF8_STRING, valueBytes: new TextEncoder().encode(value), value }]] });
}

const NO_OCTETS: Uint8Array = new Uint8Array(0);

function iso(at: number): string {
  return new Date(at).toISOString();
}

function interval(from: number | undefined, until: number | undefined): string {
  return `[${from === undefined ? '' : iso(from)}, ${until === undefined ? '' : iso(until)})`;
}
