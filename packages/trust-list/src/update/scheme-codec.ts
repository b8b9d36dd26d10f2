import type { Algorithms } from '@hefu/crypto';
import type { TrustListLimits } from '../limits.js';
import type { ListRole, TrustList } from '../model.js';
import { openDocument } from '../open-document.js';
import { keyThumbprint } from '../jwk.js';
import { refuse } from '../refuse.js';
import { readFreshnessContent } from '../scheme/read-freshness.js';
import { takeNextRoot } from '../scheme/root-step.js';
import type { Freshness, TrustRoot } from '../scheme.js';
import { freeze } from '../freeze.js';
import { takeList } from '../update.js';
import type { Codec, Expiring, Held, HeldPointer } from './codec.js';

export type SchemeCodec = Codec<TrustRoot, Freshness, TrustList>;

export interface SchemeCodecOptions {
  readonly algorithms: Algorithms;
  readonly at: number;
  readonly limits: TrustListLimits;
  readonly refusesExpired: readonly Expiring[];
}

/** Hefu's own documents under the engine: `root`, `freshness`, `list`. */
export function schemeCodec({ algorithms, at, limits, refusesExpired }: SchemeCodecOptions): SchemeCodec {
  const context = { algorithms, at, limits };
  return {
    pointers: ['freshness'],
    refusesExpired,
    equivocation: 'refuse',
    cycles: 'refuse',
    top: (root) => root.listId,
    limits: (root) => ({
      maxRootBytes: limits.maxRootBytes, maxPointerBytes: limits.maxFreshnessBytes, maxListBytes: Math.min(limits.maxBytes, root.limits.maxListBytes),
      maxRootSteps: limits.maxRootSteps, maxDepth: root.limits.maxDepth, maxLists: root.limits.maxLists,
    }),
    async takeRoot(bytes, current) {
      const taken = await takeNextRoot(current.value, bytes, context);
      return taken.refusal === undefined ? { held: heldRoot(taken.root), notes: taken.notes } : taken;
    },
    async takePointer(_, bytes, root) {
      const read = (payload: Uint8Array): ReturnType<typeof readFreshnessContent> => readFreshnessContent(payload, { limits });
      const opened = await openDocument(bytes, { kind: 'freshness', role: root.roles.freshness, ...context, limits: { ...limits, maxBytes: limits.maxFreshnessBytes }, read });
      if (opened.refusal !== undefined) return opened;
      const { content, sha256, envelope, signatures } = opened;
      if (content.schemeId !== root.schemeId) return { refusal: refuse('TL_WRONG_SCHEME', { expected: root.schemeId, actual: content.schemeId, signatures }), notes: opened.notes };
      const lifetime = content.expires - content.issued;
      const longest = root.limits.maxFreshness;
      if (lifetime > longest) return { refusal: refuse('TL_LIFETIME_TOO_LONG', { expected: `≤ ${longest} ms`, actual: `${lifetime} ms`, signatures }), notes: opened.notes };
      return { held: heldFreshness(freeze({ ...content, sha256, envelope })), notes: opened.notes };
    },
    async takeList(name, bytes, { delegator, root, current, pin }) {
      const delegation = delegator.list?.delegations.find(({ listId }) => listId === name);
      const role: ListRole = delegation?.role ?? root.roles.list;
      const options = { role, algorithms, at, expectedListId: name, limits: { ...limits, maxLifetime: Math.min(limits.maxLifetime, root.limits.maxNextUpdate) } };
      const listed = pin && { sequence: pin.version, sha256: pin.digest!, length: pin.length!, ...(pin.sm3 !== undefined && { sm3: pin.sm3 }) };
      const outcome = await takeList(current, bytes, options, { ...(listed && { listed }), ...(delegation && { delegation }) });
      if (outcome.outcome !== 'refused') return { held: heldList(outcome.trustList), notes: outcome.notes };
      const { outcome: _, trustList: __, notes, ...refusal } = outcome;
      return { refusal, notes };
    },
    rotated(from, to) {
      const prints = (role: ListRole): readonly string[] => role.keys.map(({ jwk }) => keyThumbprint(jwk, algorithms));
      return (['freshness', 'list'] as const).some((name) => {
        const now = new Set(prints(to.roles[name]));
        return prints(from.roles[name]).some((print) => !now.has(print));
      });
    },
    children: (list) => list.delegations.map(({ listId }) => listId),
    // Breadth first: of two delegations to one list, the nearer to the top holds.
    order: (_, children, waiting) => [...waiting, ...children],
  };
}

export function heldRoot(value: TrustRoot): Held<TrustRoot> {
  return { value, version: value.version, issued: value.issued, expires: value.expires, digest: value.sha256, bytes: value.envelope };
}

export function heldFreshness(value: Freshness): HeldPointer<Freshness> {
  const pins = new Map([...value.lists].map(([id, { sequence, sha256, sm3, length }]) => [id, { version: sequence, digest: sha256, length, ...(sm3 !== undefined && { sm3 }) }]));
  return { value, version: value.version, issued: value.issued, expires: value.expires, digest: value.sha256, bytes: value.envelope, pins, root: value.root };
}

export function heldList(value: TrustList): Held<TrustList> {
  return { value, version: value.sequence, issued: value.issued, expires: value.nextUpdate, digest: value.sha256, bytes: value.envelope };
}
