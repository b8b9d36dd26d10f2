import type { ListKey, ListRole } from './model.js';

/**
 * Reads who may sign a trust list, as configuration states it:
 * `{ "threshold": 2, "distinctOrgs": 2, "families": { "F2": 1 }, "keys": [{ "jwk": {…}, "org": "…", "owner": "…" }] }`.
 * It is the root of all trust, so members it does not know are refused rather than skipped. Keys are understood when a list is verified.
 * @throws TypeError saying where and what
 */
export function readRoleValue(value: unknown): ListRole {
  const role = members(value, ['threshold', 'distinctOrgs', 'families', 'keys'], 'role');
  if (!Array.isArray(role['keys']) || role['keys'].length === 0) throw invalid('keys must be a list of at least one key');
  const keys = role['keys'].map((key: unknown, index) => readKey(key, `keys[${index}]`));
  const threshold = count(role['threshold'], 'threshold');
  const distinctOrgs = role['distinctOrgs'] === undefined ? undefined : count(role['distinctOrgs'], 'distinctOrgs');
  const organisations = new Set(keys.map((key) => key.org)).size;
  // A role nobody can fulfil would show up as a list nobody signed.
  if (threshold > keys.length) throw invalid(`threshold ${threshold} with ${keys.length} keys`);
  if (distinctOrgs !== undefined && distinctOrgs > organisations) throw invalid(`distinctOrgs ${distinctOrgs} with ${organisations} organisations`);
  const families = role['families'] === undefined ? undefined : members(role['families'], ['F1', 'F2'], 'families');
  return {
    keys,
    threshold,
    ...(distinctOrgs === undefined ? {} : { distinctOrgs }),
    ...(families === undefined ? {} : {
      families: {
        ...(families['F1'] === undefined ? {} : { F1: count(families['F1'], 'families.F1') }),
        ...(families['F2'] === undefined ? {} : { F2: count(families['F2'], 'families.F2') }),
      },
    }),
  };
}

function readKey(value: unknown, where: string): ListKey {
  const { jwk, org, owner, notAfter } = members(value, ['jwk', 'org', 'owner', 'notAfter'], where);
  if (typeof jwk !== 'object' || jwk === null || Array.isArray(jwk)) throw invalid(`${where}.jwk must be a JWK`);
  if ('d' in jwk) throw invalid(`${where}.jwk holds a private key`);
  if (typeof org !== 'string' || org === '') throw invalid(`${where}.org must name an organisation`);
  if (owner !== undefined && typeof owner !== 'string') throw invalid(`${where}.owner must be a text`);
  const until = notAfter === undefined ? undefined : instant(notAfter, `${where}.notAfter`);
  return {
    jwk: jwk as Readonly<Record<string, unknown>>,
    org,
    ...(owner === undefined ? {} : { owner }),
    ...(until === undefined ? {} : { notAfter: until }),
  };
}

function members(value: unknown, known: readonly string[], where: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw invalid(`${where} must be an object`);
  const unknown = Object.keys(value).find((name) => !known.includes(name));
  if (unknown !== undefined) throw invalid(`${where} has an unknown member ${JSON.stringify(unknown.slice(0, 60))}`);
  return value as Readonly<Record<string, unknown>>;
}

function count(value: unknown, where: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw invalid(`${where} must be a whole number from 1`);
  return value as number;
}

/** Epoch milliseconds, as `ListKey` has it, or the list's own `YYYY-MM-DDTHH:MM[:SS]Z`. */
function instant(value: unknown, where: string): number {
  if (Number.isSafeInteger(value)) return value as number;
  const at = typeof value === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(at)) throw invalid(`${where} must be an instant like 2027-01-01T00:00Z`);
  return at;
}

function invalid(what: string): TypeError {
  return new TypeError(what);
}
