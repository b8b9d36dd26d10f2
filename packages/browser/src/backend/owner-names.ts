import type { Store } from '@hefu/updater';

/** Names that belong to an owner, in the order in which they came: a store has no listing. */
export interface OwnerNames {
  read(owner: string): Promise<readonly string[]>;
  /** One change of an owner's names at a time: `to` sees what the one before it left. @throws what `to` throws; nothing is written then */
  change(owner: string, to: (names: readonly string[]) => readonly string[] | Promise<readonly string[]>): Promise<void>;
}

/** Of one kind, in one small record for each owner. Processes that share a store and not the owner's requests may lose a name: it is then not found. */
export function createOwnerNames(store: Store, kind: string): OwnerNames {
  const changing = new Map<string, Promise<void>>();
  const keyOf = (owner: string): string => `${kind} ${encodeURIComponent(owner)}`;
  const read = async (owner: string): Promise<readonly string[]> => {
    const bytes = await store.get(keyOf(owner));
    const kept = bytes === undefined ? undefined : (JSON.parse(new TextDecoder().decode(bytes)) as { readonly owner?: unknown; readonly names?: unknown });
    return kept?.owner === owner && Array.isArray(kept.names) ? kept.names.filter((name): name is string => typeof name === 'string') : [];
  };
  return {
    read,
    change(owner, to) {
      const done = (changing.get(owner) ?? Promise.resolve()).catch(() => undefined).then(async () => {
        const before = await read(owner);
        const names = await to(before);
        if (String(names) === String(before)) return;
        if (names.length === 0) await store.delete(keyOf(owner));
        else await store.put(keyOf(owner), new TextEncoder().encode(JSON.stringify({ owner, names })));
      });
      changing.set(owner, done);
      void done.catch(() => undefined).then(() => { if (changing.get(owner) === done) changing.delete(owner); });
      return done;
    },
  };
}
