// The metadata of The Update Framework 1.0 as a codec of the update engine: tests only. What the rules make of TUF's
// own documents can so be compared with other clients of TUF. Runs on the built package.
import { createHash, createPublicKey, verify } from 'node:crypto';
import { refuse } from '../../dist/refuse.js';

const TYPES = ['root', 'timestamp', 'snapshot', 'targets'];

/** @param {{ target?: string, limits?: object }} [options] the path to search delegations for; without it only the top-level targets are read */
export function tufCodec({ target, limits } = {}) {
  return {
    pointers: ['timestamp', 'snapshot'],
    refusesExpired: ['root', 'pointer', 'list'],
    equivocation: 'ignore',
    cycles: 'ignore',
    limits: () => ({ maxRootBytes: 512_000, maxPointerBytes: 2_000_000, maxListBytes: 5_000_000, maxRootSteps: 256, maxDepth: 32, maxLists: 33, ...limits }),
    top: () => 'targets',
    takeRoot: (bytes, current) => taking(() => {
      const held = open(bytes, 'root', current.value.roles.root, current.value.keys);
      satisfied(held, held.value.roles.root, held.value.keys);
      return held;
    }),
    takePointer: (name, bytes, root, pin) => taking(() => {
      checkHashes(bytes, pin);
      const held = open(bytes, name, root.roles[name], root.keys);
      return { ...held, pins: new Map(Object.entries(held.value.meta).map(([file, meta]) => [file.replace(/\.json$/, ''), pinOf(meta)])) };
    }),
    takeList: (name, bytes, { delegator, root, pin }) => taking(() => {
      checkHashes(bytes, pin);
      const { role, keys } = delegator.list === undefined ? { role: root.roles.targets, keys: root.keys } : { role: rolesOf(delegator.list).find((each) => each.name === name), keys: delegator.list.delegations.keys };
      return open(bytes, 'targets', role, keys);
    }),
    rotated: (from, to) => ['timestamp', 'snapshot'].some((name) => from.roles[name].keyids.some((id) => !to.roles[name].keyids.includes(id))),
    children: (list) => matching(list, target).map(({ name }) => name),
    // Depth first; one that is terminating ends the search beyond its own.
    order(list, children, waiting) {
      if (target !== undefined && Object.hasOwn(list.targets, target)) return [];
      return matching(list, target).some(({ terminating }) => terminating) ? children : [...children, ...waiting];
    },
  };
}

/** The first root, on its own word. */
export function openFirstRoot(bytes) {
  const value = parse(bytes, 'root').signed;
  return open(bytes, 'root', value.roles.root, value.keys);
}

export class Refused extends Error {
  constructor(code, details) {
    super(code);
    this.refusal = refuse(code, details);
  }
}

async function taking(read) {
  try {
    return { held: read(), notes: [] };
  } catch (error) {
    if (error instanceof Refused) return { refusal: error.refusal, notes: [] };
    throw error;
  }
}

function malformed(detail) {
  return new Refused('TL_SCHEMA_INVALID', { detail });
}

function parse(bytes, type) {
  let value;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new Refused('TL_NOT_JSON', { detail: error.message });
  }
  const { signed, signatures } = value ?? {};
  if (typeof signed !== 'object' || signed === null || !Array.isArray(signatures)) throw malformed('not {signed, signatures}');
  if (signed._type !== type) throw new Refused(TYPES.includes(signed._type) ? 'TL_WRONG_DOCUMENT' : 'TL_SCHEMA_INVALID', { expected: type, actual: String(signed._type) });
  if (!/^1\.\d/.test(signed.spec_version)) throw new Refused('TL_UNSUPPORTED_FEATURE', { actual: String(signed.spec_version) });
  if (!Number.isSafeInteger(signed.version) || signed.version < 1) throw malformed('version');
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/.test(signed.expires) || Number.isNaN(Date.parse(signed.expires))) throw malformed('expires');
  checkShape(type, signed);
  return { signed, signatures };
}

function checkShape(type, signed) {
  const isObject = (each) => typeof each === 'object' && each !== null && !Array.isArray(each);
  const isRole = (role) => isObject(role) && Number.isSafeInteger(role.threshold) && role.threshold >= 1 && Array.isArray(role.keyids) && new Set(role.keyids).size === role.keyids.length;
  if (type === 'root' && !(isObject(signed.keys) && isObject(signed.roles) && TYPES.every((name) => isRole(signed.roles[name])))) throw malformed('keys or roles');
  if (type === 'timestamp' && !(isObject(signed.meta) && Object.keys(signed.meta).join() === 'snapshot.json')) throw malformed('meta');
  if (type === 'snapshot' && !(isObject(signed.meta) && isObject(signed.meta['targets.json']))) throw malformed('meta');
  for (const meta of Object.values(signed.meta ?? {})) if (!Number.isSafeInteger(meta.version) || meta.version < 1) throw malformed('meta version');
  if (type !== 'targets') return;
  if (!isObject(signed.targets)) throw malformed('targets');
  const { delegations } = signed;
  if (delegations === undefined) return;
  if (!isObject(delegations.keys) || (delegations.roles === undefined) === (delegations.succinct_roles === undefined)) throw malformed('delegations');
  const names = new Set(TYPES);
  for (const role of delegations.roles ?? []) {
    if (!isRole(role) || typeof role.name !== 'string' || names.has(role.name) || (role.paths === undefined) === (role.path_hash_prefixes === undefined)) throw malformed('delegated role');
    names.add(role.name);
  }
}

function open(bytes, type, role, keys) {
  const { signed, signatures } = parse(bytes, type);
  const file = Uint8Array.from(bytes);
  const held = { value: signed, version: signed.version, expires: Date.parse(signed.expires), digest: sha256(file), bytes: file, signatures };
  satisfied(held, role, keys);
  return held;
}

/** A role is satisfied by distinct keys, whatever ids they are listed under. */
function satisfied({ value, signatures }, role, keys) {
  if (role === undefined) throw new Refused('TL_SIGNATURE_INVALID', { actual: 'not delegated' });
  const message = Buffer.from(canonical(value));
  const counted = new Set();
  for (const { keyid, sig } of signatures) {
    if (!role.keyids.includes(keyid) || !Object.hasOwn(keys, keyid) || !/^([0-9a-f]{2})+$/i.test(sig)) continue;
    if (verifies(keys[keyid], message, Buffer.from(sig, 'hex'))) counted.add(keys[keyid].keyval.public);
  }
  if (counted.size < role.threshold) throw new Refused(counted.size === 0 ? 'TL_SIGNATURE_INVALID' : 'TL_THRESHOLD_NOT_MET', { expected: `${role.threshold} keys`, actual: `${counted.size}` });
}

const ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

function verifies({ keytype, scheme, keyval }, message, signature) {
  try {
    if (keytype === 'ed25519' && scheme === 'ed25519') return verify(null, message, createPublicKey({ key: Buffer.concat([ED25519, Buffer.from(keyval.public, 'hex')]), format: 'der', type: 'spki' }), signature);
    const key = createPublicKey(keyval.public);
    if (keytype.startsWith('ecdsa') && scheme === 'ecdsa-sha2-nistp256') return verify('sha256', message, key, signature);
    if (keytype.startsWith('ecdsa') && scheme === 'ecdsa-sha2-nistp384') return verify('sha384', message, key, signature);
    const pss = /^rsassa-pss-(sha\d+)$/.exec(scheme);
    if (keytype === 'rsa' && pss) return verify(pss[1], message, { key, padding: 6, saltLength: -2 }, signature);
    const pkcs1 = /^rsa-pkcs1v15-(sha\d+)$/.exec(scheme);
    return keytype === 'rsa' && pkcs1 !== null && verify(pkcs1[1], message, key, signature);
  } catch {
    return false; // a key that cannot be read verifies nothing
  }
}

/** OLPC canonical JSON, over which TUF signs. */
function canonical(value) {
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (typeof value === 'object' && value !== null) return `{${Object.keys(value).sort().map((name) => `${canonical(name)}:${canonical(value[name])}`).join(',')}}`;
  return JSON.stringify(value);
}

function pinOf({ version, length, hashes }) {
  return { version, ...(length !== undefined && { length }), ...(hashes?.sha256 !== undefined && { digest: hashes.sha256 }), ...(hashes && { hashes }) };
}

function checkHashes(bytes, pin) {
  if (pin?.hashes !== undefined && !hashesMatch(bytes, pin.hashes)) throw new Refused('TL_NOT_AS_LISTED', { expected: JSON.stringify(pin.hashes), actual: sha256(bytes) });
}

/** Every hash that is stated, at least one of them known. */
export function hashesMatch(bytes, hashes) {
  const names = Object.keys(hashes).filter((name) => ['sha256', 'sha384', 'sha512'].includes(name));
  return names.length > 0 && names.every((name) => createHash(name).update(bytes).digest('hex') === hashes[name]);
}

function sha256(bytes) {
  return createHash('sha256').update(bytes).digest('hex');
}

function rolesOf({ delegations }) {
  if (delegations?.roles !== undefined) return delegations.roles;
  const succinct = delegations?.succinct_roles;
  if (succinct === undefined) return [];
  const { bit_length: bits, name_prefix: prefix, keyids, threshold } = succinct;
  const digits = (2 ** bits - 1).toString(16).length;
  return Array.from({ length: 2 ** bits }, (_, bin) => ({ name: `${prefix}-${bin.toString(16).padStart(digits, '0')}`, keyids, threshold, terminating: true, bin, bits }));
}

/** The delegations that a path falls under, in order, up to the first that is terminating. */
function matching(list, target) {
  if (target === undefined || Object.hasOwn(list.targets, target)) return [];
  const hash = sha256(Buffer.from(target));
  const found = rolesOf(list).filter(({ paths, path_hash_prefixes: prefixes, bin, bits }) => {
    if (bits !== undefined) return Number.parseInt(hash.slice(0, 8), 16) >>> (32 - bits) === bin;
    return paths?.some((pattern) => matches(pattern, target)) ?? prefixes.some((prefix) => hash.startsWith(prefix));
  });
  const end = found.findIndex(({ terminating }) => terminating);
  return end === -1 ? found : found.slice(0, end + 1);
}

/** Glob patterns of TUF: `*` and `?` do not reach over `/`. */
function matches(pattern, path) {
  const source = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '[^/]*').replaceAll('?', '[^/]').replaceAll('[!', '[^');
  return new RegExp(`^${source}$`, 's').test(path);
}
