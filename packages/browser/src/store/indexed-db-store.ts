import { MAX_STORE_KEY, UpdaterError, type Store } from '@hefu/updater';
import { BROWSER_LIMITS } from '../limits.js';
import { openDatabase, requested, transacted } from './database.js';

export interface IndexedDbStoreOptions {
  /** Octets of all values; beyond it those least recently written go. Default 256 MiB. */
  readonly maxTotalOctets?: number;
  readonly indexedDB?: IDBFactory;
}

const VALUES = 'values';
/** Key, octets and time of each value, so that making room need not load them. */
const FACTS = 'facts';

interface Fact {
  readonly key: string;
  readonly octets: number;
  readonly at: number;
}

/**
 * A Store in IndexedDB: each put is one transaction, so every tab sees the old value or the new one, whole, whenever the
 * browser is killed. What is in it is untrusted: callers verify what they load.
 * @param name of the database; one store each
 */
export function indexedDbStore(name: string, options: IndexedDbStoreOptions = {}): Store {
  const maxTotalOctets = options.maxTotalOctets ?? BROWSER_LIMITS.maxStoreOctets;
  const database = openDatabase(name, 1, (db) => {
    db.createObjectStore(VALUES);
    db.createObjectStore(FACTS, { keyPath: 'key' }).createIndex('at', 'at');
  }, options.indexedDB);

  const failing = async <T>(what: string, key: string, act: (db: IDBDatabase) => Promise<T>): Promise<T> => {
    if (key.length > MAX_STORE_KEY) throw new UpdaterError('IO_FAILED', `a key of ${key.length} characters`);
    try {
      return await database.use(act);
    } catch (cause) {
      throw new UpdaterError('IO_FAILED', `cannot ${what} ${key.slice(0, 200)}: ${cause instanceof Error ? cause.name : 'unknown'}`, { cause });
    }
  };

  return {
    get: (key) => failing('read', key, async (db) => {
      const found: unknown = await requested(db.transaction(VALUES).objectStore(VALUES).get(key));
      // Others may have written it.
      return found instanceof Uint8Array ? found : undefined;
    }),
    put: (key, bytes) => failing('write', key, async (db) => {
      if (bytes.length > maxTotalOctets) throw new RangeError(`a value of ${bytes.length} octets in a store of ${maxTotalOctets}`);
      const transaction = db.transaction([VALUES, FACTS], 'readwrite');
      const finished = transacted(transaction);
      const [values, facts] = [transaction.objectStore(VALUES), transaction.objectStore(FACTS)];
      const all = facts.getAll() as IDBRequest<Fact[]>;
      all.onsuccess = () => {
        const others = all.result.filter((fact) => fact.key !== key).sort((a, b) => a.at - b.at);
        let total = others.reduce((sum, { octets }) => sum + octets, bytes.length);
        for (const fact of others) {
          if (total <= maxTotalOctets) break;
          values.delete(fact.key);
          facts.delete(fact.key);
          total -= fact.octets;
        }
        values.put(bytes.slice(), key);
        facts.put({ key, octets: bytes.length, at: Date.now() } satisfies Fact);
      };
      await finished;
    }),
    delete: (key) => failing('delete', key, async (db) => {
      const transaction = db.transaction([VALUES, FACTS], 'readwrite');
      const finished = transacted(transaction);
      transaction.objectStore(VALUES).delete(key);
      transaction.objectStore(FACTS).delete(key);
      await finished;
    }),
  };
}
