import type { Store } from '@hefu/updater';

/** Names of an owner's sessions that have not ended, kept beside them: a store has no listing. */
export interface UnderWay {
  add(owner: string, requestId: string): Promise<void>;
  remove(owner: string, requestIds: readonly string[]): Promise<void>;
  /** In the order of their beginning. */
  list(owner: string): Promise<readonly string[]>;
}

/** Sessions an owner has at a time are bounded; of those that a crash left, the last are remembered. */
const MAX_NAMES = 50;

/** One change of an owner's names at a time. Processes that share a store and not the owner's requests may lose a name: it is then not found, and harms nothing. */
export function createUnderWay(store: Store): UnderWay {
  const changing = new Map<string, Promise<void>>();
  const keyOf = (owner: string): string => `signing-under-way ${encodeURIComponent(owner)}`;
  const read = async (owner: string): Promise<readonly string[]> => {
    const bytes = await store.get(keyOf(owner));
    const kept = bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as { readonly owner?: unknown; readonly names?: unknown });
    return kept?.owner === owner && Array.isArray(kept.names) ? kept.names.filter((name): name is string => typeof name === 'string').slice(-MAX_NAMES) : [];
  };
  const change = (owner: string, to: (names: readonly string[]) => readonly string[]): Promise<void> => {
    const done = (changing.get(owner) ?? Promise.resolve()).catch(() => undefined).then(async () => {
      const before = await read(owner);
      const names = to(before).slice(-MAX_NAMES);
      if (String(names) === String(before)) return;
      if (names.length === 0) await store.delete(keyOf(owner));
      else await store.put(keyOf(owner), new TextEncoder().encode(JSON.stringify({ owner, names })));
    });
    changing.set(owner, done);
    void done.catch(() => undefined).then(() => { if (changing.get(owner) === done) changing.delete(owner); });
    return done;
  };
  return {
    add: (owner, requestId) => change(owner, (names) => [...names.filter((name) => name !== requestId), requestId]),
    remove: (owner, requestIds) => change(owner, (names) => names.filter((name) => !requestIds.includes(name))),
    list: read,
  };
}
