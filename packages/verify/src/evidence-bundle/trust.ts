import type { Algorithms } from '@hefu/crypto';
import { fingerprintOf, isSnapshot, makeBundle, readBundle, readJson, updateTrustList, type ListKey, type ListRole, type Trust, type TrustSnapshot } from '@hefu/trust-list';
import { EvidenceError } from './error.js';
import { Fields, HEX_256, serialize } from './fields.js';
import { EVIDENCE_LIMITS } from './limits.js';
import type { MissingReason, StoredTrust } from './model.js';

/**
 * Whom the caller trusts to sign lists, told by another way than the bundle: a role; or the SHA-256, lower-case hex, of the
 * role that the bundle keeps (`trust.role`), or of the first root of its scheme (`trust.root`).
 */
export type TrustPin = { readonly role: ListRole } | { readonly sha256: string };

/** A trust as it is kept, and its objects. */
export interface KeptTrust {
  readonly stored: StoredTrust;
  readonly objects: readonly Uint8Array[];
}

/**
 * What is kept of a trust: the signed documents.
 * @param role who may sign a list by itself; not used for a scheme, which says so itself
 * @throws TypeError for a list without a role, a snapshot without freshness
 */
export function keepTrust(trust: Trust, role: ListRole | undefined, algorithms: Algorithms, nameOf: (bytes: Uint8Array) => string): KeptTrust {
  if (isSnapshot(trust)) {
    const bundle = makeBundle(trust);
    const root = fingerprintOf(trust.roots[0]!.envelope, algorithms).sha256.replace(/[^0-9A-Fa-f]/g, '').toLowerCase();
    const missing = missingIn(trust);
    return { stored: { kind: 'scheme', bundle: nameOf(bundle), root, ...(missing.length === 0 ? {} : { missing }) }, objects: [bundle] };
  }
  if (role === undefined) throw new TypeError('a list by itself is kept with the role that signs it');
  const document = serializeRole(role);
  return { stored: { kind: 'list', list: nameOf(trust.envelope), role: nameOf(document) }, objects: [trust.envelope, document] };
}

function missingIn({ schemeId, missing, peers }: TrustSnapshot): MissingReason[] {
  return [...[...missing].map(([list, code]) => ({ schemeId, list, code })), ...[...peers.values()].flatMap(missingIn)];
}

/** The reasons of then for what is missing again; they make nothing missing and nothing present. */
function withReasons(snapshot: TrustSnapshot, reasons: readonly MissingReason[]): TrustSnapshot {
  if (reasons.length === 0) return snapshot;
  const reasonOf = (list: string): string | undefined => reasons.find((each) => each.schemeId === snapshot.schemeId && each.list === list)?.code;
  return {
    ...snapshot,
    missing: new Map([...snapshot.missing].map(([list, code]) => [list, reasonOf(list) ?? code])),
    peers: new Map([...snapshot.peers].map(([id, peer]) => [id, withReasons(peer, reasons)])),
  };
}

/** A role as bundles keep it: the form of a role file. */
export function serializeRole({ threshold, distinctOrgs, families, keys }: ListRole): Uint8Array {
  return serialize({ threshold, distinctOrgs, families, keys: keys.map(({ jwk, org, owner, notAfter }) => ({ jwk, org, owner, notAfter })) });
}

/**
 * Verifies a kept trust again, by whom the caller trusts. Nothing is refused for having expired since: the seal of the
 * bundle shows that it was there (trust-list design §5.6b).
 * @param at the validation time of the verdict
 * @param madeAt when it was given: a verdict on the past may rest on lists issued since
 * @throws EvidenceError EVIDENCE_TRUST_REFUSED; those of `objects`
 */
export async function openTrust(
  stored: StoredTrust,
  objects: (sha256: string) => Promise<Uint8Array>,
  { pin, algorithms, ...times }: { readonly pin: TrustPin; readonly algorithms: Algorithms; readonly at: number; readonly madeAt: number },
): Promise<Trust> {
  const at = Math.max(times.at, times.madeAt);
  const refuse = (message: string): never => {
    throw new EvidenceError('EVIDENCE_TRUST_REFUSED', message, { file: `objects/${stored.kind === 'list' ? stored.list : stored.bundle}` });
  };
  if (stored.kind === 'scheme') {
    if (!('sha256' in pin)) return refuse('lists of a scheme are trusted by the fingerprint of their root, not by a role');
    if (pin.sha256 !== stored.root) return refuse('the root of the scheme is not the one trusted');
    const outcome = await readBundle(await objects(stored.bundle), { from: { sha256: pin.sha256 }, algorithms, at });
    return outcome.outcome === 'failed' ? refuse(`the kept lists are refused: ${outcome.failure.code}`) : withReasons(outcome.snapshot, stored.missing ?? []);
  }
  if ('sha256' in pin && pin.sha256 !== stored.role) return refuse('the role that signs the list is not the one trusted');
  const role = 'role' in pin ? pin.role : readRoleDocument(await objects(stored.role), stored.role);
  const outcome = await updateTrustList(undefined, await objects(stored.list), { role, algorithms, at });
  return outcome.outcome === 'accepted' ? outcome.trustList : refuse(`the kept list is refused: ${outcome.outcome === 'refused' ? outcome.code : outcome.outcome}`);
}

function readRoleDocument(bytes: Uint8Array, sha256: string): ListRole {
  const problems: string[] = [];
  const fields = new Fields(readJson(bytes, { maxBytes: EVIDENCE_LIMITS.maxManifestBytes, maxDepth: EVIDENCE_LIMITS.maxDepth }), '', problems);
  const role: ListRole = {
    threshold: fields.integer('threshold', 1),
    ...fields.optional('distinctOrgs', () => fields.integer('distinctOrgs', 1)),
    ...fields.optional('families', () => {
      const families = fields.object('families');
      return { ...families.optional('F1', () => families.integer('F1', 1)), ...families.optional('F2', () => families.integer('F2', 1)) };
    }),
    keys: fields.list('keys', 1, 1000, (key): ListKey => ({
      jwk: key.get('jwk') as ListKey['jwk'],
      org: key.text('org'),
      ...key.optional('owner', () => key.text('owner')),
      ...key.optional('notAfter', () => key.integer('notAfter')),
    })),
  };
  if (problems.length > 0) throw new EvidenceError('EVIDENCE_DOCUMENT_INVALID', `the kept role: ${problems[0]}`, { file: `objects/${sha256}`, problems });
  return role;
}

/** @throws TypeError for what is no SHA-256 in lower-case hex */
export function requirePin(pin: TrustPin): TrustPin {
  if ('sha256' in pin && !HEX_256.test(pin.sha256)) throw new TypeError('a pin is a role, or a SHA-256 in 64 lower-case hex digits');
  return pin;
}
