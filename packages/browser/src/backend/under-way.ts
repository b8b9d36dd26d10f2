import type { Store } from '@hefu/updater';
import { createOwnerNames } from './owner-names.js';

/** Names of an owner's sessions that have not ended, kept beside them. */
export interface UnderWay {
  add(owner: string, requestId: string): Promise<void>;
  remove(owner: string, requestIds: readonly string[]): Promise<void>;
  /** In the order of their beginning. */
  list(owner: string): Promise<readonly string[]>;
}

/** Sessions an owner has at a time are bounded; of those that a crash left, the last are remembered. */
const MAX_NAMES = 50;

/** A name that is lost is not found, and harms nothing. */
export function createUnderWay(store: Store): UnderWay {
  const { read, change } = createOwnerNames(store, 'signing-under-way');
  return {
    add: (owner, requestId) => change(owner, (names) => [...names.filter((name) => name !== requestId), requestId].slice(-MAX_NAMES)),
    remove: (owner, requestIds) => change(owner, (names) => names.filter((name) => !requestIds.includes(name))),
    list: async (owner) => (await read(owner)).slice(-MAX_NAMES),
  };
}
