import type { DigestAlgorithm } from '@hefu/crypto';
import { readListKey, thumbprint, type ListPublicKey, type SignatureFamily } from './jwk.js';
import type { ListRole } from './model.js';

/** A key of a role, read once. */
export interface RoleKey extends ListPublicKey {
  /** RFC 7638, computed; what a signature is counted by. */
  readonly thumbprint: string;
  readonly org: string;
  /** Whom a signature is counted for: the person where `owner` says one, else the key. */
  readonly person: string;
  readonly certificate: Uint8Array | undefined;
  readonly notAfter: number | undefined;
  /** `kid` values that point here: hints for the order of trying, never more. */
  readonly kids: readonly string[];
}

/**
 * Reads the keys of a role and checks that the role means something.
 * @throws TypeError when it does not: roles come from the caller's configuration
 */
export function readRole(role: ListRole, sha256: DigestAlgorithm, maxKeys: number): readonly RoleKey[] {
  if (!Array.isArray(role.keys) || role.keys.length === 0 || role.keys.length > maxKeys) throw new TypeError(`a role has 1 to ${maxKeys} keys`);
  const keys = new Map<string, RoleKey>();
  for (const { jwk, org, owner, notAfter, certificate } of role.keys) {
    if (typeof org !== 'string' || org === '') throw new TypeError('every key of a role belongs to an organisation');
    if (notAfter !== undefined && !Number.isFinite(notAfter)) throw new TypeError('notAfter of a key is not an instant');
    const key = readListKey(jwk);
    const print = thumbprint(key, sha256);
    if (keys.has(print)) throw new TypeError('a key is in the role twice');
    const person = personOf({ org, owner }, print);
    keys.set(print, { ...key, thumbprint: print, org, person, certificate, notAfter, kids: [print, ...(typeof jwk['kid'] === 'string' ? [jwk['kid']] : [])] });
  }
  count(role.threshold, 1, peopleOf([...keys.values()]), 'threshold');
  count(role.distinctOrgs ?? 1, 1, new Set(role.keys.map((key) => key.org)).size, 'distinctOrgs');
  for (const family of ['F1', 'F2'] as const) {
    count(role.families?.[family] ?? 0, 0, peopleOf([...keys.values()], family), `families.${family}`);
  }
  return [...keys.values()];
}

/** Whom a key's signatures are counted for. */
export function personOf({ org, owner }: { readonly org: string; readonly owner?: string | undefined }, thumbprint: string): string {
  return owner === undefined ? thumbprint : JSON.stringify([org, owner]);
}

/** Distinct people among the holders of keys of a family. */
export function peopleOf(keys: readonly Pick<RoleKey, 'family' | 'person'>[], family?: SignatureFamily): number {
  return new Set(keys.filter((key) => family === undefined || key.family === family).map(({ person }) => person)).size;
}

function count(value: number, min: number, max: number, name: string): void {
  if (!Number.isInteger(value) || value < min || value > max) throw new TypeError(`${name} of the role is not an integer from ${min} to ${max}, which its keys can meet`);
}
