import { readRoleValue, type ListRole } from '@hefu/trust-list';
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
  try {
    return readRoleValue(value);
  } catch (error) {
    const { message } = error as TypeError;
    throw new NodeError('ROLE_INVALID', path === undefined ? message : `${path}: ${message}`, { cause: error, ...(path === undefined ? {} : { path }) });
  }
}
