import { BrowserError } from '../error.js';
import { openDatabase, requested, transacted } from '../store/database.js';
import type { KeyRecord } from './key-record.js';

const KEYS = 'keys';

/** Keys in IndexedDB, by name. CryptoKeys are cloned into it by the platform, without their octets ever being seen. */
export interface KeyRecords {
  all(): Promise<readonly KeyRecord[]>;
  /** @throws BrowserError KEY_NOT_FOUND */
  get(ref: string): Promise<KeyRecord>;
  /** @throws BrowserError KEY_EXISTS */
  add(record: KeyRecord): Promise<void>;
  replace(record: KeyRecord): Promise<void>;
  remove(ref: string): Promise<void>;
}

/** All reject with BrowserError KEY_STORE_FAILED where IndexedDB refuses. */
export function keyRecords(database: string): KeyRecords {
  const opened = openDatabase(database, 1, (db) => db.createObjectStore(KEYS, { keyPath: 'ref' }));
  const failing = async <T>(act: (db: IDBDatabase) => Promise<T>): Promise<T> => {
    try {
      return await opened.use(act);
    } catch (cause) {
      if ((cause as { readonly name?: unknown }).name === 'ConstraintError') throw new BrowserError('KEY_EXISTS', 'there is a key of this name', { cause });
      throw new BrowserError('KEY_STORE_FAILED', 'IndexedDB refused', { cause });
    }
  };
  const write = (act: (store: IDBObjectStore) => void): Promise<void> => failing(async (db) => {
    const transaction = db.transaction(KEYS, 'readwrite');
    const finished = transacted(transaction);
    act(transaction.objectStore(KEYS));
    await finished;
  });
  return {
    all: () => failing(async (db) => (await requested(db.transaction(KEYS).objectStore(KEYS).getAll()) as unknown[]).filter(isRecord)),
    async get(ref) {
      const found: unknown = await failing((db) => requested(db.transaction(KEYS).objectStore(KEYS).get(ref)));
      if (found === undefined) throw new BrowserError('KEY_NOT_FOUND', `no key ${ref}`);
      if (!isRecord(found)) throw new BrowserError('KEY_DAMAGED', `what is stored as ${ref} is no key`);
      return found;
    },
    add: (record) => write((store) => store.add(record)),
    replace: (record) => write((store) => store.put(record)),
    remove: (ref) => write((store) => store.delete(ref)),
  };
}

function isRecord(value: unknown): value is KeyRecord {
  const { version, ref, publicKey, chain, secret, algorithm } = value as Partial<KeyRecord>;
  return version === 1 && typeof ref === 'string' && publicKey instanceof Uint8Array && Array.isArray(chain) && chain.every((each) => each instanceof Uint8Array)
    && typeof algorithm?.name === 'string' && (secret?.kind === 'platform' ? secret.key.extractable === false : secret?.kind === 'wrapped');
}
