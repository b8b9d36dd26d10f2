import type { TrustList } from '../model.js';
import { note, type UpdateNote } from '../note.js';
import type { Freshness, TrustRoot, TrustSnapshot } from '../scheme.js';
import { formatInstant } from '../time.js';
import type { Finished, HeldList, InHand } from './engine.js';
import { heldFreshness, heldList, heldRoot } from './scheme-codec.js';

type Lists = ReadonlyMap<string, HeldList<TrustRoot, TrustList>>;

/** What an update begins with, from the snapshot in use or a root only. */
export function inHandOf(from: TrustSnapshot | TrustRoot): InHand<TrustRoot, Freshness, TrustList> & { readonly lists: Lists } {
  if (!('roots' in from)) return { roots: [heldRoot(from)], pointers: new Map(), lists: new Map(), highWater: from.issued };
  const { roots, root, freshness, highWater } = from;
  return {
    roots: [...roots.slice(0, -1), root].map(heldRoot),
    pointers: new Map(freshness && [['freshness', heldFreshness(freshness)]]),
    lists: delegated(from),
    highWater,
  };
}

/** The lists of a snapshot, each under the delegator that the engine found first: breadth first from the top. */
function delegated({ root, list, lists, retained }: TrustSnapshot): Lists {
  const found = new Map<string, HeldList<TrustRoot, TrustList>>([[list.listId, { held: heldList(list), delegator: { root } }]]);
  const queue = [list];
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const { listId } of parent.delegations) {
      const child = lists.get(listId);
      if (child === undefined || found.has(listId)) continue;
      found.set(listId, { held: heldList(child), delegator: { list: parent } });
      queue.push(child);
    }
  }
  // What was kept aside stands under nobody: it is verified again before anything is held to it.
  for (const [id, each] of retained ?? []) if (!found.has(id)) found.set(id, { held: heldList(each), delegator: { list: each } });
  return found;
}

/** The snapshot an update leads to; the one before when nothing is different. */
export function snapshotOf(finished: Finished<TrustRoot, Freshness, TrustList>, before: TrustSnapshot | undefined): TrustSnapshot {
  const roots = finished.roots.map(({ value }) => value);
  const root = roots.at(-1)!;
  const freshness = finished.pointers.get('freshness')!.value;
  const lists = new Map([...finished.lists].map(([id, { held }]) => [id, held.value]));
  const missing = new Map([...finished.missing].map(([id, { code }]) => [id, code as string]));
  const retained = new Map([...finished.retained].map(([id, { held }]) => [id, held.value]));
  if (before !== undefined && before.root === root && before.freshness === freshness && same(before.lists, lists) && same(before.missing, missing)) return before;
  const list = lists.get(root.listId)!;
  const named = new Set([...lists.values()].flatMap(({ peers }) => peers.map(({ schemeId }) => schemeId)));
  const peers = new Map([...(before?.peers ?? [])].filter(([id]) => named.has(id)));
  return Object.freeze({
    schemeId: root.schemeId, root, roots: Object.freeze(roots), freshness, list, lists, missing, ...(retained.size > 0 && { retained }), peers, highWater: finished.highWater,
  });
}

function same<T>(a: ReadonlyMap<string, T>, b: ReadonlyMap<string, T>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

/** What of a snapshot is past its time: facts, for the policy of whoever verifies with it. */
export function staleNotes({ root, freshness, lists }: TrustSnapshot, at: number): readonly UpdateNote[] {
  const notes: UpdateNote[] = [];
  const say = (until: number, zh: string, en: string): void => {
    if (at >= until) notes.push(note('TL_STALE', `${zh}已于 ${formatInstant(until)} 过期。`, `${en} expired at ${formatInstant(until)}.`));
  };
  say(root.expires, '根文件', 'The root');
  if (freshness !== undefined) say(freshness.expires, '时效文件', 'The freshness document');
  for (const { listId, nextUpdate } of lists.values()) say(nextUpdate, `名单 ${listId} `, `List ${listId}`);
  return notes;
}
