import type { DigestAlgorithm } from '@hefu/crypto';
import { capacityOf, heldKey, shortOf } from '../role-capacity.js';
import type { RoleDocument, RootDocument, SchemeKeyDocument } from '../scheme-document.js';
import type { EditContext } from './draft.js';
import { EditError, exists, notFound } from './error.js';

export type RootRole = keyof RootDocument['roles'];
export const ROOT_ROLES: readonly RootRole[] = ['root', 'list', 'freshness'];

/**
 * RFC 7638 thumbprint of a key, computed: the only name a key has in a root.
 * @throws EditError EDIT_INVALID for a key that signs no lists, or a private one
 */
export function thumbprintOf(key: SchemeKeyDocument, sha256: DigestAlgorithm): string {
  try {
    return heldKey(key, sha256).thumbprint;
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw new EditError('EDIT_INVALID', { zh: `密钥不可用：${cause.message}`, en: `The key cannot be used: ${cause.message}` }, { cause });
  }
}

/** Adds a key to the root and to roles. @throws EditError EDIT_EXISTS | EDIT_INVALID */
export function addKey(root: RootDocument, key: SchemeKeyDocument, roles: readonly RootRole[], context: EditContext): RootDocument {
  const print = thumbprintOf(key, context.sha256);
  if (has(root, print, context)) throw exists({ zh: '密钥', en: 'key' }, print);
  return satisfiable({ ...root, keys: [...root.keys, key], roles: mapRoles(root, (role, name) => (roles.includes(name) ? { ...role, keys: [...role.keys, print] } : role)) }, context);
}

/** Puts one key in the place of another, in every role. Signatures by the old one count no more. @throws EditError */
export function rotateKey(root: RootDocument, oldThumbprint: string, key: SchemeKeyDocument, context: EditContext): RootDocument {
  const print = thumbprintOf(key, context.sha256);
  if (has(root, print, context)) throw exists({ zh: '密钥', en: 'key' }, print);
  const index = indexOf(root, oldThumbprint, context);
  const keys = root.keys.map((each, at) => (at === index ? key : each));
  const roles = mapRoles(root, (role) => ({ ...role, keys: role.keys.map((each) => (each === oldThumbprint ? print : each)) }));
  return satisfiable({ ...root, keys, roles }, context);
}

/** Takes a key away. @throws EditError EDIT_NOT_FOUND; EDIT_ROLE_UNSATISFIABLE when a role needs it */
export function revokeKey(root: RootDocument, thumbprint: string, context: EditContext): RootDocument {
  const index = indexOf(root, thumbprint, context);
  const roles = mapRoles(root, (role) => ({ ...role, keys: role.keys.filter((each) => each !== thumbprint) }));
  return satisfiable({ ...root, keys: root.keys.filter((_, at) => at !== index), roles }, context);
}

/** Changes what a role asks, or which keys of the root it has. @throws EditError EDIT_NOT_FOUND | EDIT_ROLE_UNSATISFIABLE */
export function setRole(root: RootDocument, name: RootRole, changes: Partial<RoleDocument>, context: EditContext): RootDocument {
  for (const print of changes.keys ?? []) indexOf(root, print, context);
  return satisfiable({ ...root, roles: mapRoles(root, (role, each) => (each === name ? { ...role, ...changes } : role)) }, context);
}

function mapRoles(root: RootDocument, change: (role: RoleDocument, name: RootRole) => RoleDocument): RootDocument['roles'] {
  const known = Object.fromEntries(ROOT_ROLES.map((name) => [name, change(root.roles[name], name)]));
  return { ...root.roles, ...known } as RootDocument['roles'];
}

function indexOf(root: RootDocument, print: string, { sha256 }: EditContext): number {
  const index = root.keys.findIndex((key) => thumbprintOf(key, sha256) === print);
  if (index < 0) throw notFound({ zh: '密钥', en: 'key' }, print);
  return index;
}

function has(root: RootDocument, print: string, { sha256 }: EditContext): boolean {
  return root.keys.some((key) => thumbprintOf(key, sha256) === print);
}

/** A root whose roles nobody could meet would lock its own successors out (rule R1). */
export function satisfiable(root: RootDocument, { sha256 }: EditContext): RootDocument {
  const held = new Map(root.keys.map((key) => [thumbprintOf(key, sha256), heldKey(key, sha256)]));
  for (const name of ROOT_ROLES) {
    const role = root.roles[name];
    const [short] = shortOf(role, capacityOf([...new Set(role.keys)].flatMap((print) => held.get(print) ?? [])));
    if (short === undefined) continue;
    throw new EditError('EDIT_ROLE_UNSATISFIABLE', {
      zh: `角色 ${name} 要求 ${short.of} ${short.wanted}，剩余密钥只有 ${short.have}。`,
      en: `Role ${name} asks for ${short.wanted} ${short.of}; the keys left bring ${short.have}.`,
    });
  }
  return root;
}
