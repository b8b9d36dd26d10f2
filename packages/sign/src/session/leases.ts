/** Who is signing what right now, shared by all tabs or processes that may sign the same. */
export interface Leases {
  /** False when somebody else holds it. */
  acquire(key: string): Promise<boolean>;
  release(key: string): Promise<void>;
}

/** For one process. */
export function createMemoryLeases(): Leases {
  const held = new Set<string>();
  return {
    acquire: (key) => Promise.resolve(!held.has(key) && held.add(key) !== undefined),
    release: (key) => {
      held.delete(key);
      return Promise.resolve();
    },
  };
}
