import type { ListKey, ListRole } from '@hefu/trust-list';
import { NodeError } from './error.js';
import { DEFAULT_NODE_LIMITS } from './limits.js';
import { readBoundedFile } from './read-file.js';

/**
 * Reads a role file, which says who may sign the trust list:
 * `{ "threshold": 2, "distinctOrgs": 2, "families": { "F2": 1 }, "keys": [{ "jwk": {…}, "org": "…", "owner": "…" }] }`.
 * It is the root of all trust here, so members it does not know are refused rather than skipped.
 * @throws NodeError FILE_NOT_FOUND | FILE_UNREADABLE | FILE_TOO_LARGE | ROLE_INVALID
 */
export async function readRoleFile(path: string): Promise<ListRole> {
  const bytes = await readBoundedFile(path, DEFAULT_NODE_LIMITS.maxConfigBytes);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new NodeError('ROLE_INVALID', `${path} is not JSON in UTF-8`, { cause: error, path });
  }
  return readRole(value, path);
}

/**
 * The same for a value already parsed. Keys are understood when a list is verified.
 * @throws NodeError ROLE_INVALID
 */
export function readRole(value: unknown, path?: string): ListRole {
  const role = members(value, ['threshold', 'distinctOrgs', 'families', 'keys'], 'role', path);
  if (!Array.isArray(role['keys']) || role['keys'].length === 0) throw invalid('keys must be a list of at least one key', path);
  const keys = role['keys'].map((key: unknown, index) => readKey(key, `keys[${index}]`, path));
  const threshold = count(role['threshold'], 'threshold', path);
  const distinctOrgs = role['distinctOrgs'] === undefined ? undefined : count(role['distinctOrgs'], 'distinctOrgs', path);
  const organisations = new Set(keys.map((key) => key.org)).size;
  // A role nobody can fulfil would show up as a list nobody signed.
  if (threshold > keys.length) throw invalid(`threshold ${threshold} with ${keys.length} keys`, path);
  if (distinctOrgs !== undefined && distinctOrgs > organisations) throw invalid(`distinctOrgs ${distinctOrgs} with ${organisations} organisations`, path);
  const families = role['families'] === undefined ? undefined : members(role['families'], ['F1', 'F2'], 'families', path);
  return {
    keys,
    threshold,
    ...(distinctOrgs === undefined ? {} : { distinctOrgs }),
    ...(families === undefined ? {} : {
      families: {
        ...(families['F1'] === undefined ? {} : { F1: count(families['F1'], 'families.F1', path) }),
        ...(families['F2'] === undefined ? {} : { F2: count(families['F2'], 'families.F2', path) }),
      },
    }),
  };
}

function readKey(value: unknown, where: string, path: string | undefined): ListKey {
  const { jwk, org, owner, notAfter } = members(value, ['jwk', 'org', 'owner', 'notAfter'], where, path);
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) throw invalid(`${where}.jwk must be a JWK`, path);
  if ('d' in jwk) throw invalid(`${where}.jwk holds a private key`, path);
  if (typeof org !== 'string' || org === '') throw invalid(`${where}.org must name an organisation`, path);
  if (owner !== undefined && typeof owner !== 'string') throw invalid(`${where}.owner must be a text`, path);
  const until = notAfter === undefined ? undefined : instant(notAfter, `${where}.notAfter`, path);
  return {
    jwk: jwk as Readonly<Record<string, unknown>>,
    org,
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { notAfter: until }),
  };
}

function members(value: unknown, known: readonly string[], where: string, path: string | undefined): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${where} must be an object`, path);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`${where} has an unknown member ${JSON.stringify(unknown.slice(0, 60))}`, path);
  return value as Readonly<Record<string, unknown>>;
}

function count(value: unknown, where: string, path: string | undefined): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw invalid(`${where} must be a whole number from 1`, path);
  return value as number;
}

/** Epoch milliseconds, as `ListKey` has it, or the list's own `YYYY-MM-DDTHH:MM[:SS]Z`. */
function instant(value: unknown, where: string, path: string | undefined): number {
  if (Number.isSafeInteger(value)) return value as number;
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalid(`${where} must be an instant like 2027-01-01T00:00Z`, path);
  return at;
}

function invalid(message: string, path: string | undefined): NodeError {
  return new NodeError('ROLE_INVALID', path === undefined ? message : `${path}: ${message}`, path === undefined ? {} : { path });
}
