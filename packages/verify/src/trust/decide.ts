import { PkiError, type Certificate } from '@hefu/pki';
import { attributeTypeOid, matchScope, statusEffect, type Purpose, type ScopeDimension, type TrustService } from '@hefu/trust-list';
import type { ReasonCode } from '../codes.js';
import { keyName, rsaBits } from '../key-name.js';
import type { ValidPath } from '../path/model.js';
import { certificateFacts } from './certificate-facts.js';
import { OUT_OF_SCOPE } from './signer-standing.js';

/** What one service says about one path, at the time and place asked about. */
export interface ServiceDecision {
  readonly service: TrustService;
  readonly trusted: boolean;
  /** `GRANTED`, or why not. */
  readonly code: 'GRANTED' | ReasonCode;
  readonly expected?: string;
  readonly actual?: string;
  readonly status: string;
  /** Start of the status in force, epoch milliseconds. */
  readonly statusSince: number | undefined;
}

export interface DecideInput {
  readonly path: ValidPath;
  readonly services: readonly TrustService[];
  readonly region: string;
  readonly transaction?: string;
  readonly role?: string;
  readonly purpose: Purpose;
  /** Best signature time. */
  readonly signedAt: number;
}

/** From the least to the most serious: the decision nearest to trust is the one worth explaining. */
const NEARNESS: readonly string[] = [
  'GRANTED', 'CA_SUSPENDED', 'SERVICE_CONSTRAINTS_VIOLATED', 'TRANSACTION_NOT_IN_SCOPE', 'ROLE_NOT_IN_SCOPE', 'PURPOSE_NOT_IN_SCOPE',
  'SCOPE_NOT_IN_FORCE', 'REGION_NOT_IN_SCOPE', 'CA_NOT_YET_GRANTED', 'CA_CEASED', 'CA_WITHDRAWN', 'CA_DISTRUSTED', 'SERVICE_UNSUPPORTED',
];

/** Every service the anchor stands for, best first. A path is trusted when the first one trusts it. */
export function decideTrust(input: DecideInput): readonly ServiceDecision[] {
  const decisions = input.services.map((service) => decideService(service, input));
  return decisions.sort((a, b) => NEARNESS.indexOf(a.code) - NEARNESS.indexOf(b.code));
}

function decideService(service: TrustService, input: DecideInput): ServiceDecision {
  const leaf = input.path.certificates[0]!;
  const effect = statusEffect({ service, issuedAt: leaf.validity.notBefore, signedAt: input.signedAt });
  const base = { service, status: effect.event?.status ?? 'none', statusSince: effect.event?.since };
  if (service.unusable !== undefined) {
    return { ...base, trusted: false, code: 'SERVICE_UNSUPPORTED', actual: service.unusable };
  }
  if (!effect.trusted) {
    return { ...base, trusted: false, code: effect.code === 'GRANTED' ? 'CA_NOT_YET_GRANTED' : effect.code };
  }
  const scope = matchScope(service, {
    region: input.region,
    purpose: input.purpose,
    at: input.signedAt,
    ...(input.transaction === undefined ? {} : { transaction: input.transaction }),
    ...(input.role === undefined ? {} : { role: input.role }),
  });
  if (!scope.matched) return { ...base, trusted: false, ...scopeRefusal(scope.failed, service, input) };
  try {
    const constraint = constraintRefusal(service, input.path);
    if (constraint !== undefined) return { ...base, trusted: false, code: 'SERVICE_CONSTRAINTS_VIOLATED', ...constraint };
  } catch (error) {
    // A constraint asked for something the certificate carries and nobody can read.
    if (!(error instanceof PkiError)) throw error;
    return { ...base, trusted: false, code: 'SERVICE_CONSTRAINTS_VIOLATED', expected: 'readable extensions and names', actual: error.code };
  }
  return { ...base, trusted: true, code: 'GRANTED' };
}

function scopeRefusal(failed: ScopeDimension, service: TrustService, input: DecideInput): { code: ReasonCode; expected: string; actual: string } {
  const all = <T>(pick: (scope: TrustService['scope'][number]) => readonly T[] | undefined): string =>
    [...new Set(service.scope.flatMap((scope) => pick(scope) ?? []))].join(', ');
  const facts = (): { expected: string; actual: string } => {
    switch (failed) {
      case 'REGION':
        return { expected: all((scope) => scope.regions), actual: input.region };
      case 'TRANSACTION':
        return { expected: all((scope) => scope.transactions), actual: input.transaction ?? '' };
      case 'ROLE':
        return { expected: all((scope) => scope.roles), actual: input.role ?? '' };
      case 'PURPOSE':
        return { expected: all((scope) => scope.purposes), actual: input.purpose };
      case 'TIME':
        return { expected: service.scope.map((scope) => interval(scope.from, scope.until)).join(', '), actual: iso(input.signedAt) };
    }
  };
  return { code: OUT_OF_SCOPE[failed], ...facts() };
}

/** What the list asks of certificates beyond what they say themselves. */
function constraintRefusal(service: TrustService, path: ValidPath): { expected: string; actual: string } | undefined {
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

function keyRefusal(service: TrustService, path: ValidPath): { expected: string; actual: string } | undefined {
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

function nameRefusal(service: TrustService, leaf: Certificate): { expected: string; actual: string } | undefined {
  const { permittedDN, excludedDN } = service.constraints;
  const facts = certificateFacts(leaf);
  const carries = (pairs: readonly string[]): boolean =>
    pairs.every((pair) => {
      const cut = pair.indexOf('=');
      const type = attributeTypeOid(pair.slice(0, cut));
      const value = pair.slice(cut + 1);
      return facts.subject.some((attribute) => attribute.type === type && attribute.value === value);
    });
  if (permittedDN !== undefined && permittedDN.length > 0 && !permittedDN.some(carries)) {
    return { expected: permittedDN.map((pairs) => pairs.join(',')).join(' | '), actual: 'another subject' };
  }
  const excluded = excludedDN?.find(carries);
  return excluded === undefined ? undefined : { expected: `not ${excluded.join(',')}`, actual: 'that subject' };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}

function interval(from: number | undefined, until: number | undefined): string {
  return `[${from === undefined ? '' : iso(from)}, ${until === undefined ? '' : iso(until)})`;
}
