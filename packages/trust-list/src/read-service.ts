import type { DigestAlgorithm } from '@hefu/crypto';
import { attributeTypeOid, OID_PATTERN } from './attribute-type.js';
import { readCrit, SERVICE_MEMBERS } from './crit.js';
import type { MemberReader, TextRule } from './member-reader.js';
import { present } from './member-reader.js';
import { readAnchor, readCertificate } from './read-anchor.js';
import { readCriteria } from './read-criteria.js';
import { readStatusHistory } from './read-status.js';
import type { CrlEndpoint, LocalisedText, OcspEndpoint, ServiceConstraints, ServiceRevocation, ServiceScope, TrustService } from './model.js';

export const REGION_PATTERN: TextRule = { pattern: /^(?:\*|\d{1,5}\*|\d{6})$/, what: 'a GB/T 2260 code of six digits, a prefix with `*`, or `*`' };
export const USCC: TextRule = { pattern: /^[0-9A-HJ-NPQRTUWXY]{18}$/, what: 'a unified social credit code of 18 characters' };
export const SERVICE_KINDS = ['ca', 'tsa', 'ocsp', 'crl-issuer', 'seal-maker'] as const;
export const PURPOSES = ['auth', 'sign', 'seal', 'encrypt'] as const;
const OID: TextRule = { pattern: OID_PATTERN, what: 'a dotted OID' };
export const LONGEST_URL = 2048;

/** What of its list a service must agree with. */
export interface ServiceContext {
  readonly sequence: number;
  readonly issued: number;
  readonly sha256: DigestAlgorithm;
}

/** Reads one service. What `crit` names and this version does not understand makes it `unusable` (rule R10). */
export function readService(reader: MemberReader, context: ServiceContext): TrustService {
  const operator = reader.optionalObject('operator');
  const operatorName = operator?.optionalObject('name');
  const notUnderstood = readCrit(reader, SERVICE_MEMBERS);
  if (reader.get('anchors') === undefined) reader.fail('anchors', 'is missing');
  return {
    id: reader.text('id', { max: 200, pattern: /^urn:[!-~]+$/, what: 'a urn' }),
    kind: reader.oneOf('kind', SERVICE_KINDS),
    name: readText(reader.object('name')),
    anchors: reader.objects('anchors', 1, 100, (anchor) => readAnchor(anchor, context.sha256)) ?? [],
    intermediates: (reader.optionalList('intermediates', 0, 1000, (value, path) => readCertificate(value, path, reader.log)) ?? []).flatMap((each) => each?.der ?? []),
    status: readStatusHistory(reader, context),
    scope: reader.objects('scope', 0, 1000, readScope) ?? [],
    constraints: readConstraints(reader.optionalObject('constraints')),
    revocation: readRevocation(reader.optionalObject('revocation')),
    certKinds:
      reader.objects('certKinds', 0, 20, (rule) => {
        const kind = rule.oneOf('kind', ['sign', 'encrypt']);
        const match = rule.get('match');
        if (match === undefined) rule.fail('match', 'is missing');
        return { kind, match: readCriteria(match ?? { any: [] }, rule.pathOf('match'), rule.log) };
      }) ?? [],
    ...present<Pick<TrustService, 'operator' | 'identity' | 'messageVariants' | 'unusable'>>({
      operator: operator && present<NonNullable<TrustService['operator']>>({
        uscc: operator.optionalText('uscc', USCC),
        licence: operator.optionalText('licence'),
        name: operatorName && readText(operatorName),
      }),
      identity: reader.optionalText('identity', { max: 200 }),
      messageVariants: reader.optionalTexts('messageVariants', { max: 100 }),
      unusable: notUnderstood === undefined ? undefined : `TL_UNSUPPORTED_FEATURE: ${notUnderstood}`,
    }),
  };
}

export function readText(reader: MemberReader): LocalisedText {
  const en = reader.optionalText('en');
  return { zh: reader.text('zh'), ...(en !== undefined && { en }) };
}

function readScope(reader: MemberReader): ServiceScope {
  const scope: ServiceScope = {
    regions: reader.texts('regions', REGION_PATTERN),
    ...present<Omit<ServiceScope, 'regions'>>({
      transactions: reader.optionalTexts('transactions'),
      roles: reader.optionalTexts('roles'),
      purposes: reader.optionalChoices('purposes', PURPOSES),
      from: reader.optionalInstant('from'),
      until: reader.optionalInstant('until'),
    }),
  };
  ascending(reader, 'from', scope.from, 'until', scope.until);
  return scope;
}

function readConstraints(reader: MemberReader | undefined): ServiceConstraints {
  if (reader === undefined) return {};
  const constraints = present<ServiceConstraints>({
    policyOids: reader.optionalTexts('policyOids', OID),
    permittedDN: readNames(reader, 'permittedDN', 1),
    excludedDN: readNames(reader, 'excludedDN', 0),
    pathLen: reader.optionalInteger('pathLen', 0, 30),
    issuedFrom: reader.optionalInstant('issuedFrom'),
    issuedUntil: reader.optionalInstant('issuedUntil'),
    maxValidityDays: reader.optionalInteger('maxValidityDays', 1, 100_000),
    sigAlgs: reader.optionalTexts('sigAlgs', { max: 100 }),
    minRsaBits: reader.optionalInteger('minRsaBits', 1024, 16_384),
    requireExt: reader.optionalTexts('requireExt', OID, 0),
  });
  ascending(reader, 'issuedFrom', constraints.issuedFrom, 'issuedUntil', constraints.issuedUntil);
  return constraints;
}

/** `[["C=CN", "ST=浙江省"], …]`. */
function readNames(reader: MemberReader, name: string, min: number): readonly (readonly string[])[] | undefined {
  return reader.optionalList(name, min, 1000, (entry, path) => {
    const pairs = Array.isArray(entry) ? (entry as readonly unknown[]) : [];
    if (pairs.length === 0) reader.log.add(path, 'is not a non-empty array of TYPE=value');
    return pairs.map((pair, index) => {
      const cut = typeof pair === 'string' ? pair.indexOf('=') : -1;
      if (typeof pair !== 'string' || cut < 1 || cut === pair.length - 1 || attributeTypeOid(pair.slice(0, cut)) === undefined) {
        reader.log.add(`${path}[${index}]`, 'is not TYPE=value with a dotted OID or a known attribute name');
        return '';
      }
      return pair;
    });
  });
}

function readRevocation(reader: MemberReader | undefined): ServiceRevocation {
  if (reader === undefined) return { mode: 'crl-only', overrideCertificateUrls: false, crl: [] };
  const mode = reader.oneOf('mode', ['crl-only', 'ocsp-first', 'crl-first', 'both', 'none-with-reason']);
  const reason = reader.optionalText('reason');
  if (mode === 'none-with-reason' && reason === undefined) reader.fail('reason', 'is missing');
  return {
    mode,
    overrideCertificateUrls: reader.optionalBoolean('overrideCertificateUrls') ?? false,
    crl: reader.objects('crl', 0, 100, readCrlEndpoint) ?? [],
    ...(reader.get('ocsp') !== undefined && { ocsp: reader.objects('ocsp', 0, 20, readOcspEndpoint) ?? [] }),
    ...(reason !== undefined && { reason }),
  };
}

/** Clocks of responders that are further off are for their operators to set right. */
const LONGEST_SKEW = 3_600_000;

function readOcspEndpoint(reader: MemberReader): OcspEndpoint {
  const url = reader.text('url', { max: LONGEST_URL });
  const mirrors = reader.optionalTexts('mirrors', { max: LONGEST_URL }, 0, 20);
  const schemes = ['http:', 'https:'];
  if (url !== '') checkUrl(reader, 'url', url, schemes);
  mirrors?.forEach((mirror, index) => mirror !== '' && checkUrl(reader, `mirrors[${index}]`, mirror, schemes));
  const skew = reader.optionalDuration('skew');
  if (skew !== undefined && skew > LONGEST_SKEW) reader.fail('skew', 'is more than an hour');
  return {
    url,
    ...present<Omit<OcspEndpoint, 'url'>>({
      mirrors,
      responders: reader.optionalList('responders', 0, 20, (value, path) => readCertificate(value, path, reader.log))?.flatMap((each) => each?.der ?? []),
      responderService: reader.optionalText('responderService', { max: 200 }),
      nonce: reader.optionalOneOf('nonce', ['required', 'optional', 'none']),
      skew,
      maxAge: reader.optionalDuration('maxAge'),
    }),
  };
}

function readCrlEndpoint(reader: MemberReader): CrlEndpoint {
  const url = reader.text('url', { max: LONGEST_URL });
  const mirrors = reader.optionalTexts('mirrors', { max: LONGEST_URL }, 0, 20);
  if (url !== '') checkUrl(reader, 'url', url);
  mirrors?.forEach((mirror, index) => mirror !== '' && checkUrl(reader, `mirrors[${index}]`, mirror));
  return {
    url,
    ...present<Omit<CrlEndpoint, 'url'>>({
      mirrors,
      maxAge: reader.optionalDuration('maxAge'),
      maxBytes: reader.optionalInteger('maxBytes', 1, 2 ** 32),
      issuerService: reader.optionalText('issuerService', { max: 200 }),
    }),
  };
}

export function checkUrl(reader: MemberReader, name: string, text: string, schemes: readonly string[] = ['http:', 'https:', 'ldap:', 'ldaps:']): void {
  try {
    const url = new URL(text);
    if (schemes.includes(url.protocol) && url.username === '' && url.password === '') return;
  } catch {
    // Said below.
  }
  reader.fail(name, `is not an ${schemes.map((scheme) => scheme.slice(0, -1)).join(', ')} URL without credentials`);
}

export function ascending(reader: MemberReader, first: string, from: number | undefined, second: string, until: number | undefined): void {
  if (from !== undefined && until !== undefined && from >= until) reader.fail(second, `is not later than ${first}`, 'TL_TIME_INVALID');
}
