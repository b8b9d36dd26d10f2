import { decodeBase64 } from '../base64.js';
import { TrustListError } from '../error.js';
import { readJson, type JsonValue } from '../json.js';
import { MemberReader, ProblemLog } from '../member-reader.js';
import { SERVICE_EXTENSION, LIST_EXTENSION } from './extension.js';
import { instantOfDateTime } from './date-time.js';
import type { ForeignEntity, ForeignExtension, ForeignHistoryInstance, ForeignIdentity, ForeignList, ForeignPointer, ForeignService, ForeignServiceInformation, ForeignText } from './foreign-list.js';
import type { ExchangeLimits } from './limits.js';

/**
 * Reads the payload of a list of trusted entities (TS 119 602 v1.1.1, JSON binding). Members of no use here are passed over;
 * nothing is verified.
 * @throws TrustListError as `readJson`; TL_SCHEMA_INVALID with every problem
 */
export function readLote(payload: Uint8Array, limits: ExchangeLimits): ForeignList {
  const log = new ProblemLog(100);
  const lote = new MemberReader(readJson(payload, limits), '', log).object('LoTE');
  const info = lote.object('ListAndSchemeInformation');
  const list: ForeignList = {
    format: 'lote',
    version: info.integer('LoTEVersionIdentifier', 1, 1),
    sequence: info.integer('LoTESequenceNumber', 0, Number.MAX_SAFE_INTEGER),
    ...optional('type', info.optionalText('LoTEType', URI)),
    operatorNames: texts(info, 'SchemeOperatorName'),
    schemeNames: texts(info, 'SchemeName'),
    ...optional('territory', info.optionalText('SchemeTerritory')),
    issued: instant(info, 'ListIssueDateTime') ?? missing(info, 'ListIssueDateTime'),
    ...optional('nextUpdate', instant(info, 'NextUpdate')),
    ...optional('historicalInformationPeriod', info.optionalInteger('HistoricalInformationPeriod', 0, 65_535)),
    pointers: info.objects('PointersToOtherLoTE', 0, 1000, readPointer) ?? [],
    extensions: extensions(info, 'SchemeExtensions', LIST_EXTENSION),
    entities: lote.objects('TrustedEntitiesList', 0, limits.maxServices, (entity) => readEntity(entity, limits)) ?? [],
  };
  const services = list.entities.reduce((sum, entity) => sum + entity.services.length, 0);
  if (services > limits.maxServices) log.add('LoTE.TrustedEntitiesList', `has ${services} services, at most ${limits.maxServices}`);
  if (log.problems.length > 0) {
    const { path, message } = log.problems[0]!;
    throw new TrustListError('TL_SCHEMA_INVALID', `${path} ${message}`, { problems: log.problems });
  }
  return list;
}

const URI = { max: 2048 };

function readEntity(entity: MemberReader, limits: ExchangeLimits): ForeignEntity {
  const information = entity.object('TrustedEntityInformation');
  return {
    names: texts(information, 'TEName'),
    tradeNames: texts(information, 'TETradeName'),
    services: entity.objects('TrustedEntityServices', 0, limits.maxServices, readService) ?? [],
  };
}

function readService(service: MemberReader): ForeignService {
  return { current: readInformation(service.object('ServiceInformation')), history: service.objects('ServiceHistory', 0, 1000, readInstance) ?? [] };
}

function readInformation(info: MemberReader): ForeignServiceInformation {
  return {
    ...optional('type', info.optionalText('ServiceTypeIdentifier', URI)),
    names: texts(info, 'ServiceName'),
    identity: readIdentity(info.object('ServiceDigitalIdentity')),
    ...optional('status', info.optionalText('ServiceStatus', URI)),
    ...optional('since', instant(info, 'StatusStartingTime')),
    supplyPoints: info.objects('ServiceSupplyPoints', 0, 100, (point) => ({ url: point.text('uriValue', URI), ...optional('type', point.optionalText('ServiceType', URI)) })) ?? [],
    extensions: extensions(info, 'ServiceInformationExtensions', SERVICE_EXTENSION),
  };
}

function readInstance(instance: MemberReader): ForeignHistoryInstance {
  return {
    ...optional('type', instance.optionalText('ServiceTypeIdentifier', URI)),
    identity: readIdentity(instance.object('ServiceDigitalIdentity')),
    status: instance.text('ServiceStatus', URI),
    since: instant(instance, 'StatusStartingTime') ?? missing(instance, 'StatusStartingTime'),
    extensions: extensions(instance, 'ServiceInformationExtensions', SERVICE_EXTENSION),
  };
}

function readIdentity(identity: MemberReader): ForeignIdentity {
  return {
    certificates: identity.objects('X509Certificates', 0, 100, (certificate) => decodeBase64(certificate.text('val', { max: 200_000 }))) ?? [],
    keyIdentifiers: (identity.optionalTexts('X509SKIs', {}, 0) ?? []).flatMap((text) => decodeBase64(text) ?? []),
  };
}

function readPointer(pointer: MemberReader): ForeignPointer {
  const qualifier = pointer.objects('LoTEQualifiers', 0, 20, (each) => ({
    operatorNames: texts(each, 'SchemeOperatorName'),
    ...optional('type', each.optionalText('LoTEType', URI)),
    ...optional('territory', each.optionalText('SchemeTerritory')),
    ...optional('mimeType', each.optionalText('MimeType')),
  }))?.[0];
  const identities = pointer.objects('ServiceDigitalIdentities', 0, 100, readIdentity) ?? [];
  return { location: pointer.text('LoTELocation', URI), certificates: identities.flatMap(({ certificates }) => certificates.filter((der) => der !== undefined)), ...(qualifier ?? { operatorNames: [] }) };
}

function texts(reader: MemberReader, name: string): readonly ForeignText[] {
  return reader.objects(name, 0, 100, (text) => ({ lang: text.text('lang', { max: 40 }), value: text.text('value', { max: 4000 }) })) ?? [];
}

/**
 * The binding leaves the form of an extension open; `type` or `ExtensionId` and `critical` or `Critical` are looked for. One
 * that says it is critical and does not say what it is stays unknown, which is what counts.
 */
function extensions(reader: MemberReader, name: string, ours: string): readonly ForeignExtension[] {
  return (
    reader.optionalList(name, 0, 100, (value: JsonValue): ForeignExtension => {
      const object = typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, JsonValue>>) : {};
      const named = object['type'] ?? object['ExtensionId'] ?? Object.keys(object)[0] ?? 'unnamed';
      const type = String(named).slice(0, 200);
      const critical = object['critical'] ?? object['Critical'];
      return { name: type, critical: critical === true || critical === 'true', uris: [], ...(type === ours ? { value: object['value'] } : {}) };
    }) ?? []
  );
}

function instant(reader: MemberReader, name: string): number | undefined {
  const text = reader.optionalText(name, { max: 64 });
  const at = text === undefined || text === '' ? undefined : instantOfDateTime(text);
  if (text !== undefined && at === undefined) reader.fail(name, 'is not a dateTime', 'TL_TIME_INVALID');
  return at;
}

function missing(reader: MemberReader, name: string): number {
  if (reader.get(name) === undefined) reader.fail(name, 'is missing');
  return 0;
}

function optional<N extends string, T>(name: N, value: T | undefined): { readonly [K in N]?: T } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [K in N]?: T };
}
