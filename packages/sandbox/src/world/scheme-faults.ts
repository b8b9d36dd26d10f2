import type { RootDocument } from '@hefu/trust-list';
import { createSeed } from '../seed.js';
import { DAY } from './clock.js';
import { instant } from './list-document.js';
import { createOperator, type ListOperator } from './operators.js';
import { HUANGSHI, keyOf, PROVINCE, WUHAN } from './scheme.js';
import { payloadOf } from './scheme-files.js';
import { createSchemePress, payloadBytes, type PublishedFile } from './scheme-press.js';
import type { World } from './world.js';

/** What a publisher of the province's scheme does wrong, or somebody does in its name. */
export type SchemeFault =
  | 'cut' // half of freshness
  | 'duplicate-member' // a member twice in freshness, rightly signed
  | 'issued-in-future' // freshness of the day after tomorrow
  | 'stale' // freshness that is new and has run out
  | 'rolled-back' // freshness 89 after 90
  | 'equivocation' // another freshness 90
  | 'root-skipped' // root 3 in the place of root 2
  | 'key-under-two-ids' // a root with one key under two owners
  | 'one-person' // a list signed by two keys of one person
  | 'one-family' // a list signed by F1 alone, where F2 is asked for
  | 'status-order' // a list whose history runs from old to new
  | 'history-rewritten' // a list in which an event is another than before
  | 'not-as-listed' // a list other than freshness says
  | 'fifty-megabytes' // a list of that size, and freshness that says so
  | 'cycle' // a city that delegates to the province
  | 'wider'; // a city that speaks for the whole province

export interface SchemeFaultFiles {
  readonly fault: SchemeFault;
  /** Files by path below the scheme's folder, in the stead of those there or beside them. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The code with which a verifier that has the good scheme refuses; `TL_STALE` is a note. */
  readonly code: string;
  /** The list that is missing afterwards; undefined where the whole update fails. */
  readonly missing?: string;
}

/** Every fault of a world's scheme, made by those who may sign. */
export function createSchemeFaults(world: World): readonly SchemeFaultFiles[] {
  const { at, scheme, operators } = world;
  const { people, sign, root, freshness, list } = createSchemePress(world);
  const [centre1, , supervision] = operators as readonly [ListOperator, ListOperator, ListOperator];
  const { version } = payloadOf(scheme.freshness) as { readonly version: number };
  const fault = (name: SchemeFault, code: string, files: readonly PublishedFile[], missing?: string): SchemeFaultFiles => ({ fault: name, code, files: new Map(files), ...(missing !== undefined && { missing }) });

  const second = createOperator(createSeed(world.seed), 'centre-1-second', centre1.owner, centre1.org, 'ES256');
  const withKey = (draft: RootDocument, key: ListOperator): RootDocument => ({
    ...draft, keys: [...draft.keys, keyOf(key)], roles: { ...draft.roles, list: { ...draft.roles.list, keys: [...draft.roles.list.keys, key.kid] } },
  });
  const withSecond = root((draft) => withKey(draft, second));
  const classical = createOperator(createSeed(world.seed), 'supervision-2', '监督办公室二号签发人（沙盒）', supervision.org, 'ES256');
  const families = root((draft) => withKey({ ...draft, roles: { ...draft.roles, list: { ...draft.roles.list, families: { F2: 1 } } } }, classical));
  const [, duplicated] = freshness();
  const twice = Buffer.from(payloadBytes(duplicated)).toString('utf8').replace('{', '{"root":1,');
  const skipped = root((draft) => ({ ...draft, version: 3 }));

  return [
    fault('cut', 'TL_NOT_JSON', [['freshness.json', scheme.freshness.slice(0, scheme.freshness.length >> 1)]]),
    fault('duplicate-member', 'TL_DUPLICATE_MEMBER', [['freshness.json', sign(new TextEncoder().encode(twice), [people.freshness], 'freshness')]]),
    fault('issued-in-future', 'TL_ISSUED_IN_FUTURE', [freshness((draft) => ({ ...draft, issued: instant(at + 2 * DAY), expires: instant(at + 4 * DAY) }))]),
    fault('stale', 'TL_STALE', [freshness((draft) => ({ ...draft, issued: instant(at - 2 * DAY), expires: instant(at - DAY) }))]),
    fault('rolled-back', 'TL_ROLLBACK', [freshness((draft) => ({ ...draft, version: version - 1 }))]),
    fault('equivocation', 'TL_EQUIVOCATION', [freshness((draft) => ({ ...draft, version: version }))]),
    fault('root-skipped', 'TL_ROOT_SKIPPED', [skipped]),
    fault('key-under-two-ids', 'TL_KEY_LISTED_TWICE', [root((draft) => ({ ...draft, keys: [...draft.keys, { ...keyOf(centre1), owner: '另一人（沙盒）' }] }))]),
    fault('one-person', 'TL_SAME_OWNER', [withSecond, ...list(PROVINCE.listId, undefined, { by: [centre1, second] })]),
    fault('one-family', 'TL_FAMILY_MISSING', [families, ...list(PROVINCE.listId, undefined, { by: [centre1, classical] })]),
    fault('status-order', 'TL_SCHEMA_INVALID', list(HUANGSHI.listId, (draft) => ({ ...draft, services: draft.services.map((service) => ({ ...service, status: [...service.status].reverse() })) })), HUANGSHI.listId),
    fault('history-rewritten', 'TL_HISTORY_REWRITTEN', list(PROVINCE.listId, ({ services: [first, ...rest], ...draft }) => ({ ...draft, services: [{ ...first!, status: first!.status.map((event) => ({ ...event, ref: '改写（沙盒）' })) }, ...rest] }))),
    fault('not-as-listed', 'TL_NOT_AS_LISTED', list(PROVINCE.listId, undefined, { listed: (entry) => ({ ...entry, sha256: '00'.repeat(32) }) })),
    fault('fifty-megabytes', 'TOO_LARGE', list(PROVINCE.listId, undefined, { pad: 50_000_000 })),
    fault('cycle', 'TL_DELEGATION_CYCLE', list(WUHAN.listId, (draft) => ({
      ...draft, delegations: [{ listId: PROVINCE.listId, name: { zh: '省（沙盒）' }, keys: [keyOf(people.wuhan)], threshold: 1, regions: [WUHAN.region], mode: 'restrict-only' }],
    })), WUHAN.listId),
    fault('wider', 'TL_WIDER_THAN_PARENT', list(WUHAN.listId, (draft) => ({ ...draft, territory: ['420000'] })), WUHAN.listId),
  ];
}
