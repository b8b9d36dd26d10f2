import { createHash } from 'node:crypto';
import {
  serializeFreshness, serializeList, serializeRoot, type DelegationDocument, type ListDocument, type PeerDocument, type SchemeKeyDocument, type ServiceDocument, type StatusDocument,
} from '@hefu/trust-list';
import type { Authority, WorldGround } from './authority.js';
import { DAY, HOUR } from './clock.js';
import { instant, serviceDocument, timestampService } from './list-document.js';
import { createOperator, signEnvelope, type ListOperator } from './operators.js';
import type { TimestampService } from './timestamping.js';

/** Envelopes of one scheme. */
export interface SchemeFiles {
  readonly schemeId: string;
  readonly root: Uint8Array;
  /** SHA-256 of the root's payload, lower-case hex. */
  readonly rootSha256: string;
  readonly freshness: Uint8Array;
  /** By list id, the top list first. */
  readonly lists: Readonly<Record<string, Uint8Array>>;
}

/** A province, two of its cities, and a neighbour whose CAs it recognises. */
export interface SandboxScheme extends SchemeFiles {
  readonly neighbour: SchemeFiles;
}

export const PROVINCE = { schemeId: 'urn:hefu:sandbox:scheme:42', listId: 'hefu-sandbox-42' } as const;
/** May only restrict: has suspended one CA since yesterday and keeps another to government procurement. */
export const HUANGSHI = { listId: 'hefu-sandbox-4202', region: '420200', suspends: 'yunze', narrows: 'chujiang' } as const;
/** May list CAs of its own: has one that the province does not know. */
export const WUHAN = { listId: 'hefu-sandbox-4201', region: '420100', lists: 'yehe' } as const;
/** Calls 工程建设 by another word, and lists the CA that the province leaves to it. */
export const NEIGHBOUR = { schemeId: 'urn:hefu:sandbox:scheme:43', listId: 'hefu-sandbox-43', lists: 'xianhe', word: '工程' } as const;

const SEQUENCE = 3;

/** Who signs what: everybody of the scheme, made from the seed. The province's own people are the world's operators. */
export interface SchemePeople {
  readonly freshness: ListOperator;
  readonly neighbour: readonly [ListOperator, ListOperator];
  readonly neighbourFreshness: ListOperator;
  readonly huangshi: ListOperator;
  readonly wuhan: ListOperator;
}

export function schemePeople(seed: WorldGround['seed']): SchemePeople {
  const person = (id: string, org: string): ListOperator => createOperator(seed, id, `${org}签发人（沙盒）`, org, 'ES256');
  return {
    freshness: person('province-freshness', '沙盒公共资源交易中心'),
    neighbour: [person('neighbour-1', '沙盒邻省交易中心'), person('neighbour-2', '沙盒邻省监督办公室')],
    neighbourFreshness: person('neighbour-freshness', '沙盒邻省交易中心'),
    huangshi: person('huangshi-1', '沙盒黄石交易中心'),
    wuhan: person('wuhan-1', '沙盒武汉交易中心'),
  };
}

/**
 * The scheme, current at the world's present: its freshness was renewed an hour ago and runs for six days more. The
 * city that restricts published its suspension with the list before this one, so that sequence 2 knows nothing of it.
 */
export function createScheme(ground: WorldGround, authorities: readonly Authority[], timestampServices: readonly TimestampService[], operators: readonly ListOperator[]): SandboxScheme {
  const { at, seed } = ground;
  const people = schemePeople(seed);
  const own = (id: string): Authority => authorities.find((authority) => authority.id === id)!;
  const entry = (id: string, change: Partial<ServiceDocument> = {}): ServiceDocument => ({ ...serviceDocument(ground, { joined: {} }, own(id)), ...change });
  const scope = (region: string, transactions?: readonly string[]): Pick<ServiceDocument, 'scope'> => ({ scope: [{ regions: [region], ...(transactions === undefined ? {} : { transactions }) }] });
  const list = (listId: string, name: string, territory: string, services: readonly ServiceDocument[], change: Partial<ListDocument> = {}): Uint8Array =>
    serializeList({
      type: 'list', spec: '1.0', listId, sequence: SEQUENCE, prev: `sha256:${createHash('sha256').update(`hefu sandbox ${listId} ${SEQUENCE - 1}`).digest('hex')}`,
      issued: instant(at - 2 * HOUR), nextUpdate: instant(at + 60 * DAY), operator: { name: { zh: name } }, territory: [territory], historyPolicy: 'forever', services,
      identityProfiles: services.flatMap(({ id }) => authorities.find(({ serviceId }) => serviceId === id)?.design.placement.profile ?? []), ...change,
    });

  const neighbour = seal(ground, NEIGHBOUR, people.neighbour, people.neighbourFreshness, [
    { listId: NEIGHBOUR.listId, by: people.neighbour, payload: list(NEIGHBOUR.listId, '沙盒邻省互认工作组', '430000', [entry(NEIGHBOUR.lists, scope('43*', [NEIGHBOUR.word]))]) },
  ]);

  const { huangshi, wuhan } = people;
  const delegation = (listId: string, zh: string, who: ListOperator, region: string, mode: DelegationDocument['mode']): DelegationDocument => ({ listId, name: { zh }, keys: [keyOf(who)], threshold: 1, regions: [region], mode });
  const peer: PeerDocument = {
    schemeId: NEIGHBOUR.schemeId, rootSha256: neighbour.rootSha256, since: instant(at - 30 * DAY), until: instant(at + 300 * DAY),
    map: [{ theirs: { transactions: [NEIGHBOUR.word] }, ours: { transactions: ['工程建设'] } }],
    accept: { kinds: ['ca'], purposes: ['auth', 'sign'], maxStatusAge: 'P3D' },
  };
  const [centre, , supervision] = operators as readonly [ListOperator, ListOperator, ListOperator];
  const listed = authorities.filter(({ design, id }) => design.listed && id !== NEIGHBOUR.lists).map(({ id }) => entry(id));
  const suspended: StatusDocument = { status: 'suspended', since: instant(at - DAY), recorded: SEQUENCE, reason: 'supervision-order', ref: '沙盒黄石监督令第1号', effect: { gap: 'void' } };
  const yunze = entry(HUANGSHI.suspends, scope(HUANGSHI.region));
  const province = seal(ground, PROVINCE, operators, people.freshness, [
    {
      listId: PROVINCE.listId, by: [centre, supervision],
      payload: list(PROVINCE.listId, '沙盒省互认工作组', '420000', [...listed, ...timestampServices.map((each) => timestampService(ground, each))], {
        delegations: [
          delegation(HUANGSHI.listId, '黄石（沙盒）', huangshi, HUANGSHI.region, 'restrict-only'),
          delegation(WUHAN.listId, '武汉（沙盒）', wuhan, WUHAN.region, 'may-grant'),
        ],
        peers: [peer],
      }),
    },
    {
      listId: HUANGSHI.listId, by: [huangshi],
      payload: list(HUANGSHI.listId, '沙盒黄石交易中心', HUANGSHI.region, [{ ...yunze, status: [suspended, ...yunze.status] }, entry(HUANGSHI.narrows, scope(HUANGSHI.region, ['政府采购']))]),
    },
    { listId: WUHAN.listId, by: [wuhan], payload: list(WUHAN.listId, '沙盒武汉交易中心', WUHAN.region, [entry(WUHAN.lists, scope(WUHAN.region))]) },
  ]);
  return { ...province, neighbour };
}

interface Sheet {
  readonly listId: string;
  readonly by: readonly ListOperator[];
  readonly payload: Uint8Array;
}

/** Signs a root of two organisations, the lists, and the freshness document that pins them. */
function seal({ at }: WorldGround, { schemeId, listId }: { readonly schemeId: string; readonly listId: string }, people: readonly ListOperator[], online: ListOperator, sheets: readonly Sheet[]): SchemeFiles {
  const quorum = [people[0]!, people.at(-1)!];
  const offline = { keys: people.map(({ kid }) => kid), threshold: 2, distinctOrgs: 2 };
  const rootIssued = at - 100 * DAY;
  const root = serializeRoot({
    type: 'root', spec: '1.0', schemeId, version: 1, issued: instant(rootIssued), expires: instant(rootIssued + 400 * DAY), listId, keys: [...people, online].map(keyOf),
    roles: { root: offline, list: offline, freshness: { keys: [online.kid], threshold: 1 } },
  });
  const lists = sheets.map((sheet) => ({ ...sheet, envelope: signEnvelope(sheet.payload, sheet.by, at - 2 * HOUR) }));
  const freshness = serializeFreshness({
    type: 'freshness', spec: '1.0', schemeId, version: 90, issued: instant(at - HOUR), expires: instant(at - HOUR + 6 * DAY), root: 1,
    lists: Object.fromEntries(lists.map((each) => [each.listId, { sequence: SEQUENCE, sha256: hex(each.payload), length: each.envelope.length }])),
  });
  return {
    schemeId,
    root: signEnvelope(root, quorum, rootIssued, 'root'),
    freshness: signEnvelope(freshness, [online], at - HOUR, 'freshness'),
    lists: Object.fromEntries(lists.map((each) => [each.listId, each.envelope])),
    rootSha256: hex(root),
  };
}

export function keyOf({ jwk, org, owner }: ListOperator): SchemeKeyDocument {
  return { jwk, org, owner };
}

function hex(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
