import type { ListDocument } from '../list-document.js';
import type { LocalisedText } from '../model.js';
import type { RoleDocument, RootDocument, SchemeKeyDocument } from '../scheme-document.js';
import { formatInstant } from '../time.js';
import type { EditContext } from './draft.js';
import { EditError } from './error.js';
import { thumbprintOf, ROOT_ROLES, satisfiable, type RootRole } from './keys.js';

const DAY = 86_400_000;

export interface InitOptions {
  readonly schemeId: string;
  readonly listId: string;
  readonly operator: { readonly name: LocalisedText; readonly uscc?: string };
  readonly territory: readonly string[];
  readonly keys: readonly (SchemeKeyDocument & { readonly roles: readonly RootRole[] })[];
  /** What the roles ask; thresholds not given are a majority of the keys that still works without one of them, and 1 for freshness. */
  readonly roles?: { readonly [name in RootRole]?: Omit<RoleDocument, 'keys' | 'threshold'> & { readonly threshold?: number } };
  readonly limits?: NonNullable<RootDocument['limits']>;
  readonly distribution?: readonly string[];
  readonly issued: number;
  /** Milliseconds; default 400 days for the root (trust-list design §5.2), 180 for the list. */
  readonly rootLife?: number;
  readonly listLife?: number;
}

/**
 * A new scheme: its first root, and a first list without services. Neither is signed, and the list is not
 * published before it has a service.
 * @throws EditError EDIT_INVALID | EDIT_EXISTS | EDIT_ROLE_UNSATISFIABLE
 */
export function initScheme(options: InitOptions, context: EditContext): { readonly root: RootDocument; readonly list: ListDocument } {
  const prints = options.keys.map((key) => thumbprintOf(key, context.sha256));
  if (new Set(prints).size !== prints.length) throw new EditError('EDIT_EXISTS', { zh: '同一密钥给出了两次。', en: 'A key was given twice.' });
  const role = (name: RootRole): RoleDocument => {
    const keys = prints.filter((_, index) => options.keys[index]!.roles.includes(name));
    return { keys, threshold: name === 'freshness' ? 1 : usualThreshold(keys.length), ...options.roles?.[name] };
  };
  const { issued } = options;
  const root: RootDocument = {
    type: 'root',
    spec: '1.0',
    schemeId: options.schemeId,
    version: 1,
    issued: formatInstant(issued),
    expires: formatInstant(issued + (options.rootLife ?? 400 * DAY)),
    listId: options.listId,
    keys: options.keys.map(({ jwk, org, owner, notAfter, x5c }) => ({ jwk, org, ...(owner !== undefined && { owner }), ...(notAfter !== undefined && { notAfter }), ...(x5c !== undefined && { x5c }) })),
    roles: Object.fromEntries(ROOT_ROLES.map((name) => [name, role(name)])) as unknown as RootDocument['roles'],
    ...(options.limits !== undefined && { limits: options.limits }),
    ...(options.distribution !== undefined && { distribution: options.distribution }),
  };
  const list: ListDocument = {
    type: 'list',
    spec: '1.0',
    listId: options.listId,
    sequence: 1,
    issued: formatInstant(issued),
    nextUpdate: formatInstant(issued + (options.listLife ?? 180 * DAY)),
    operator: options.operator,
    territory: options.territory,
    historyPolicy: 'forever',
    services: [],
  };
  return { root: satisfiable(root, context), list };
}

function usualThreshold(keys: number): number {
  return Math.max(1, Math.min(keys - 1, Math.floor(keys / 2) + 1));
}
