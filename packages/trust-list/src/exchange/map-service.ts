import type { DigestAlgorithm } from '@hefu/crypto';
import { encodeBase64 } from '../base64.js';
import type { RevocationDocument, ServiceDocument } from '../list-document.js';
import { MemberReader, ProblemLog } from '../member-reader.js';
import type { JsonValue } from '../json.js';
import type { Purpose, ServiceKind } from '../model.js';
import { readService, USCC } from '../read-service.js';
import { hexOf } from '../sha256.js';
import { parseInstant } from '../time.js';
import { anchorsOfIdentity, isSameIdentity } from './anchor-of-identity.js';
import { SERVICE_EXTENSION, type ServiceExtension } from './extension.js';
import type { ForeignEntity, ForeignExtension, ForeignService } from './foreign-list.js';
import type { NoteTaker } from './import-report.js';
import { localised } from './names.js';
import { mapStatuses, statusOfUri } from './service-status.js';
import { kindOfServiceType, supplyPointKind } from './service-type.js';

export interface ServiceMapping {
  readonly sequence: number;
  readonly issued: number;
  readonly sha256: DigestAlgorithm;
  readonly acceptNational: boolean;
  /** Scope of what states none. */
  readonly regions: readonly string[] | undefined;
  /** Ids given so far. */
  readonly taken: Set<string>;
}

/** Maps one service (§5.5 of TS 119 612; TrustedEntityService of TS 119 602). Undefined when it is left out; a note of effect `refused` says why. */
export function mapService(service: ForeignService, entity: ForeignEntity, mapping: ServiceMapping, note: NoteTaker): ServiceDocument | undefined {
  const unknown = service.current.extensions.find((extension) => extension.critical && !KNOWN_EXTENSIONS.has(extension.name));
  if (unknown !== undefined) {
    note('CRITICAL_EXTENSION_UNKNOWN', 'refused', unknown.name);
    return undefined;
  }
  const ours = service.current.extensions.find(({ name }) => name === SERVICE_EXTENSION);
  const mapped = ours === undefined ? fromStandard(service, entity, mapping, note) : fromOurs(service, ours, note);
  return mapped === undefined || !isReadable(mapped, mapping, note) ? undefined : mapped;
}

const KNOWN_EXTENSIONS: ReadonlySet<string> = new Set([SERVICE_EXTENSION, 'Qualifications', 'AdditionalServiceInformation', 'ExpiredCertsRevocationInfo', 'TakenOverBy']);

function fromStandard(service: ForeignService, entity: ForeignEntity, mapping: ServiceMapping, note: NoteTaker): ServiceDocument | undefined {
  const { current, history } = service;
  const kind = current.type === undefined ? undefined : kindOfServiceType(current.type);
  if (kind === undefined) {
    note('SERVICE_TYPE_NOT_MAPPED', 'refused', current.type ?? 'no service type');
    return undefined;
  }
  const identity = anchorsOfIdentity(current.identity, kind, note);
  if (identity === undefined) return undefined;
  const own = history.filter((instance) => {
    const same = isSameIdentity(instance.identity, identity.certificate) && (instance.type === undefined || kindOfServiceType(instance.type) === kind);
    if (!same) note('HISTORY_OTHER_IDENTITY', 'lost', `${instance.status} ${new Date(instance.since).toISOString()}`);
    return same;
  });
  const status = mapStatuses({ current, history: own }, mapping, note);
  if (status === undefined) return undefined;
  const purposes = mapExtensions(current.extensions, note);
  if (purposes === 'none') return undefined;
  if (mapping.regions === undefined) note('SCOPE_MISSING', 'kept', purposes === undefined ? 'add regions' : `add regions; purposes ${purposes.join(', ')}`);
  const revocation = mapSupplyPoints(current.supplyPoints, kind, note);
  const uscc = entity.tradeNames.map(({ value }) => value.trim().replace(/^.*?([0-9A-HJ-NPQRTUWXY]{18})$/, '$1')).find((value) => USCC.pattern!.test(value));
  return {
    id: newId(kind, identity.certificate.bytes, mapping),
    kind,
    name: localised(current.names, note, kind),
    operator: { name: localised(entity.names, () => undefined, kind), ...(uscc === undefined ? {} : { uscc }) },
    anchors: identity.anchors,
    status,
    ...(mapping.regions === undefined ? {} : { scope: [{ regions: mapping.regions, ...(purposes === undefined ? {} : { purposes }) }] }),
    ...(revocation === undefined ? {} : { revocation }),
  };
}

/** One of ours: what it says of kind, statuses and times must be what the standard's members say, or two readers would see two services. */
function fromOurs(service: ForeignService, { value }: ForeignExtension, note: NoteTaker): ServiceDocument | undefined {
  const { current, history } = service;
  const whole = value as ServiceExtension;
  const refuse = (detail: string): undefined => {
    note('SERVICE_INVALID', 'refused', `${SERVICE_EXTENSION}: ${detail}`);
    return undefined;
  };
  if (typeof whole !== 'object' || whole === null || !Array.isArray(whole.anchors) || !Array.isArray(whole.status)) return refuse('not a service');
  if (current.type === undefined || kindOfServiceType(current.type) !== whole.kind) return refuse('another kind');
  const stated = [{ status: current.status ?? '', since: current.since }, ...history];
  const agrees = stated.length === whole.status.length && whole.status.every((event, index) => {
    const { status, since } = stated[index]!;
    return statusOfUri(status, false) === event?.status && since === instantOf(event.since);
  });
  if (!agrees) return refuse('other statuses');
  const anchors = [];
  for (const anchor of whole.anchors) {
    const { certificate: position, ...rest } = anchor ?? {};
    const der = position === undefined ? undefined : current.identity.certificates[position];
    if (position !== undefined && der === undefined) return refuse(`no certificate ${String(position)}`);
    anchors.push({ ...(der === undefined ? {} : { x5c: [encodeBase64(der)] as const }), ...rest });
  }
  return { ...whole, anchors };
}

function instantOf(text: unknown): number | undefined {
  try {
    return typeof text === 'string' ? parseInstant(text) : undefined;
  } catch {
    return undefined;
  }
}

const INFORMATION = /\/SvcInfoExt\/(ForeSignatures|ForeSeals|ForWebSiteAuthentication)$/;

/** What the service is for, undefined when it does not say; `none` when it is for nothing that is signed here. */
function mapExtensions(extensions: readonly ForeignExtension[], note: NoteTaker): readonly Purpose[] | 'none' | undefined {
  const uses = new Set<string>();
  for (const { name, uris, critical } of extensions) {
    if (name === 'AdditionalServiceInformation') for (const uri of uris) uses.add(INFORMATION.exec(uri)?.[1] ?? uri);
    else if (name === 'TakenOverBy') note('TAKEN_OVER', 'lost', uris.join(' '));
    else if (name === 'Qualifications') note('QUALIFICATIONS_LOST', 'lost', uris.map((uri) => uri.replace(/^.*\//, '')).join(', '));
    else note('EXTENSION_LOST', 'lost', `${name}${critical ? ', critical' : ''}`);
  }
  const purposes: Purpose[] = [];
  if (uses.has('ForeSignatures')) purposes.push('auth', 'sign');
  if (uses.has('ForeSeals')) purposes.push('seal');
  for (const use of uses) if (use.includes(':')) note('EXTENSION_LOST', 'lost', use);
  if (purposes.length > 0) {
    note('PURPOSES_STATED', 'mapped', purposes.join(', '));
    return purposes;
  }
  if (!uses.has('ForWebSiteAuthentication')) return undefined;
  note('PURPOSES_STATED', 'refused', 'web site authentication only');
  return 'none';
}

function mapSupplyPoints(points: ForeignService['current']['supplyPoints'], kind: ServiceKind, note: NoteTaker): RevocationDocument | undefined {
  const crl: { readonly url: string }[] = [];
  const ocsp: { readonly url: string }[] = [];
  for (const point of points) {
    const of = kind === 'tsa' ? undefined : supplyPointKind(point);
    const usable = of !== undefined && isUsableUrl(point.url, of);
    if (!usable) note('SUPPLY_POINT_LOST', 'lost', `${point.type ?? 'no type'} ${point.url}`);
    else if (![...crl, ...ocsp].some(({ url }) => url === point.url)) (of === 'crl' ? crl : ocsp).push({ url: point.url });
  }
  if (crl.length === 0 && ocsp.length === 0) return undefined;
  return {
    mode: ocsp.length === 0 ? 'crl-only' : crl.length === 0 ? 'ocsp-first' : 'crl-first',
    ...(crl.length === 0 ? {} : { crl }),
    ...(ocsp.length === 0 ? {} : { ocsp }),
  };
}

function isUsableUrl(text: string, of: 'crl' | 'ocsp'): boolean {
  const schemes = of === 'crl' ? ['http:', 'https:', 'ldap:', 'ldaps:'] : ['http:', 'https:'];
  try {
    const { protocol, username, password } = new URL(text);
    return schemes.includes(protocol) && username === '' && password === '' && text.length <= 2048;
  } catch {
    return false;
  }
}

/** From kind and certificate, so that importing a later list gives the same service the same id. */
function newId(kind: ServiceKind, certificate: Uint8Array, { sha256, taken }: ServiceMapping): string {
  const base = `urn:hefu:imported:${kind}:${hexOf(sha256.digest(certificate)).slice(0, 32)}`;
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}:${n}`;
  return id;
}

/** Read as a verifier will read it. One service that cannot be must not spoil the list. */
function isReadable(document: ServiceDocument, mapping: ServiceMapping, note: NoteTaker): boolean {
  const log = new ProblemLog(10);
  // A document made here has the shape of JSON; one of ours was read as JSON.
  readService(new MemberReader(document as unknown as JsonValue, '', log), mapping);
  if (log.problems.length > 0) note('SERVICE_INVALID', 'refused', log.problems.map(({ path, message }) => `${path} ${message}`).join('; '));
  else if (mapping.taken.has(document.id)) note('DUPLICATE', 'refused', document.id);
  else {
    mapping.taken.add(document.id);
    return true;
  }
  return false;
}
