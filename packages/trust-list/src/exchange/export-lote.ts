import type { ListDocument, ServiceDocument, StatusDocument } from '../list-document.js';
import { formatInstant, parseInstant } from '../time.js';
import { decideExport, type ExportOptions, type ExportOutcome, type Loss } from './export-report.js';
import { LIST_EXTENSION, SERVICE_EXTENSION, type ServiceExtension } from './extension.js';
import { foreignTexts } from './names.js';
import { plainUriOfStatus, uriOfStatus } from './service-status.js';
import { serviceLosses } from './service-losses.js';
import { serviceTypeOf } from './service-type.js';

export interface LoteExportOptions extends ExportOptions {
  /**
   * Whether what the standard's members cannot say goes into extensions of ours, critical so that a reader who does not know
   * them takes no service. Default true: nothing is lost. False: for readers of the standard alone.
   */
  readonly extensions?: boolean;
}

/** TS 119 602 has two letters for a territory. */
const TERRITORY = 'CN';

/**
 * Writes a list as a list of trusted entities (TS 119 602 v1.1.1, JSON binding), UTF-8: the payload, to be signed as a
 * compact JAdES B-B by its operator. Members the binding demands and a list does not have say that they are not stated.
 * @param draft a list that `readListContent` takes
 */
export function exportLote(draft: ListDocument, options: LoteExportOptions = {}): ExportOutcome {
  const extended = options.extensions !== false;
  const losses: Loss[] = extended ? [] : listLosses(draft);
  const entities: { readonly TrustedEntityInformation: object; readonly TrustedEntityServices: object[] }[] = [];
  let before: string | undefined;
  for (const [index, service] of draft.services.entries()) {
    const written = extended ? extendedService(service) : plainService(service, index, losses);
    if (written === undefined) continue;
    // Services of one operator in a row are one entity: the order is kept, which the round trip needs.
    const operator = JSON.stringify(service.operator ?? service.name);
    if (operator !== before) entities.push({ TrustedEntityInformation: entityInformation(service), TrustedEntityServices: [] });
    before = operator;
    entities.at(-1)!.TrustedEntityServices.push(written);
  }
  const { services: _services, ...list } = draft;
  const operatorNames = foreignTexts(draft.operator.name);
  const lote = {
    LoTE: {
      ListAndSchemeInformation: {
        LoTEVersionIdentifier: 1,
        LoTESequenceNumber: draft.sequence,
        LoTEType: 'urn:hefu:lote:type:ca-recognition',
        SchemeOperatorName: operatorNames,
        SchemeName: [{ lang: 'en', value: `${TERRITORY}:${draft.listId}` }],
        SchemeTerritory: TERRITORY,
        ...(extended || draft.historyPolicy === 'forever' ? { HistoricalInformationPeriod: 65_535 } : {}),
        ListIssueDateTime: normal(draft.issued),
        NextUpdate: normal(draft.nextUpdate),
        ...(extended ? { SchemeExtensions: [{ type: LIST_EXTENSION, critical: true, value: list }] } : {}),
      },
      ...(entities.length === 0 ? {} : { TrustedEntitiesList: entities }),
    },
  };
  return decideExport(new TextEncoder().encode(JSON.stringify(lote)), losses, options);
}

function extendedService(service: ServiceDocument): object {
  const certificates = service.anchors.flatMap(({ x5c }) => x5c ?? []);
  let position = 0;
  const whole: ServiceExtension = { ...service, anchors: service.anchors.map(({ x5c, ...rest }) => ({ ...rest, ...(x5c === undefined ? {} : { certificate: position++ }) })) };
  return standardService(service, certificates, service.status, uriOfStatus, [{ type: SERVICE_EXTENSION, critical: true, value: whole }]);
}

/** With standard members only; undefined when it cannot be told at all without being taken for more than it is. */
function plainService(service: ServiceDocument, index: number, losses: Loss[]): object | undefined {
  const { losses: own, take } = serviceLosses(service, index);
  const certificates = service.anchors.flatMap(({ x5c }) => x5c ?? []);
  for (const [a, anchor] of service.anchors.entries()) if (anchor.x5c === undefined) take('ANCHOR', `anchors[${a}]`, anchor.sha256 ?? anchor.spkiSha256 ?? '', false);
  for (const [s, { status, compromisedSince, effect }] of service.status.entries()) {
    if (status === 'suspended' || status === 'ceased' || status === 'distrusted') {
      const more = `${compromisedSince === undefined ? '' : `; compromised since ${compromisedSince}`}${effect === undefined ? '' : `; gap ${effect.gap}`}`;
      // Withdrawn refuses what ceased and a healed suspension would allow, and allows what a distrust reaches back to.
      take('STATUS', `status[${s}]`, `${status} is told as withdrawn${more}`, status === 'distrusted' || effect?.gap === 'void');
    }
  }
  if (certificates.length === 0) take('LEFT_OUT', '', 'no anchor with a certificate', false);
  losses.push(...own);
  if (certificates.length === 0) return undefined;
  return standardService(service, certificates, service.status, plainUriOfStatus, []);
}

function standardService(service: ServiceDocument, certificates: readonly string[], status: readonly StatusDocument[], uri: typeof uriOfStatus, extensions: readonly object[]): object {
  const identity = certificates.length === 0 ? {} : { X509Certificates: certificates.map((val) => ({ val })) };
  const name = foreignTexts(service.name);
  const [current, ...history] = status;
  const points = [
    ...(service.revocation?.crl ?? []).map(({ url }) => ({ ServiceType: serviceTypeOf('crl-issuer'), uriValue: url })),
    ...(service.revocation?.ocsp ?? []).map(({ url }) => ({ ServiceType: serviceTypeOf('ocsp'), uriValue: url })),
  ];
  return {
    ServiceInformation: {
      ServiceName: name,
      ServiceDigitalIdentity: identity,
      ServiceTypeIdentifier: serviceTypeOf(service.kind),
      ServiceStatus: uri(current!.status),
      StatusStartingTime: normal(current!.since),
      ...(points.length === 0 ? {} : { ServiceSupplyPoints: points }),
      ...(extensions.length === 0 ? {} : { ServiceInformationExtensions: extensions }),
    },
    ...(history.length === 0 ? {} : {
      ServiceHistory: history.map((event) => ({ ServiceName: name, ServiceDigitalIdentity: identity, ServiceStatus: uri(event.status), StatusStartingTime: normal(event.since) })),
    }),
  };
}

/** TrustedEntityInformation demands addresses, which lists of ours do not keep. */
function entityInformation({ operator, name }: ServiceDocument): object {
  const uri = [{ lang: 'en', uriValue: operator?.uscc === undefined ? 'urn:hefu:not-stated' : `urn:hefu:operator:${operator.uscc}` }];
  return {
    TEName: foreignTexts(operator?.name ?? name),
    ...(operator?.uscc === undefined ? {} : { TETradeName: [{ lang: 'en', value: operator.uscc }] }),
    TEAddress: { TEPostalAddress: [{ lang: 'en', StreetAddress: 'not stated', Country: TERRITORY }], TEElectronicAddress: uri },
    TEInformationURI: uri,
  };
}

function listLosses(draft: ListDocument): Loss[] {
  const losses: Loss[] = [];
  const take = (member: string, detail: string, constraint: boolean): void => void losses.push({ code: 'LIST', where: member, detail, constraint });
  take('territory', draft.territory.join(' '), false);
  if (draft.prev !== undefined && draft.prev !== null) take('prev', draft.prev, false);
  if (draft.operator.uscc !== undefined) take('operator.uscc', draft.operator.uscc, false);
  if ((draft.crit ?? []).length > 0) take('crit', draft.crit!.join(', '), true);
  if ((draft.tombstones ?? []).length > 0) take('tombstones', `${draft.tombstones!.length}`, false);
  if ((draft.identityProfiles ?? []).length > 0) take('identityProfiles', draft.identityProfiles!.map(({ id }) => id).join(', '), false);
  // A child list can only take away or is asked for more; either way who reads the export does not ask it.
  for (const [index, { listId, mode }] of (draft.delegations ?? []).entries()) take(`delegations[${index}]`, `${listId}, ${mode}`, true);
  for (const [index, { schemeId }] of (draft.peers ?? []).entries()) take(`peers[${index}]`, schemeId, false);
  return losses;
}

function normal(text: string): string {
  return formatInstant(parseInstant(text));
}
