import { createWebCryptoSeal, type ShareRecord, type ShareSeal, type ShareStore } from '@hefu/cloud';
import { openDatabase, requested, transacted } from '../store/database.js';
import { randomOctets } from '../verify/browser-algorithms.js';

/** This browser's halves of keys whose other halves are at a co-signing server. */
export interface KeyShares {
  readonly store: ShareStore;
  /** Seals with a key of the platform that no program can read; made when there is none. A copy of the records alone opens nothing. */
  seal(): Promise<ShareSeal>;
}

const SHARES = 'shares';
const KEYS = 'keys';
const SEAL = 'seal';

/**
 * Shares in IndexedDB, for `createCosignAdapter` and `createEnrolment` of `@hefu/cloud`. Written to the disk before a write is told, and of two
 * tabs that write from one revision one wins: an abort is final whatever happens to the page. A browser whose data are cleared has lost them.
 * @param database of IndexedDB. Default `hefu-shares`
 */
export function openKeyShares(database = 'hefu-shares'): KeyShares {
  const opened = openDatabase(database, 1, (db) => {
    db.createObjectStore(SHARES);
    db.createObjectStore(KEYS);
  });
  // A write that is told and lost with the power would bring back a share that was aborted.
  const writing = (db: IDBDatabase, name: string): IDBTransaction => db.transaction(name, 'readwrite', { durability: 'strict' });

  const store: ShareStore = {
    ids: () => opened.use(async (db) => (await requested(db.transaction(SHARES).objectStore(SHARES).getAllKeys())).map(String)),
    read: (id) => opened.use(async (db) => (await requested(db.transaction(SHARES).objectStore(SHARES).get(id))) as ShareRecord | undefined),
    write: (id, record, expected) => opened.use(async (db) => {
      const transaction = writing(db, SHARES);
      const finished = transacted(transaction);
      const shares = transaction.objectStore(SHARES);
      let written = false;
      const there = shares.get(id) as IDBRequest<ShareRecord | undefined>;
      there.onsuccess = () => {
        if (there.result?.revision !== expected) return;
        shares.put(record, id);
        written = true;
      };
      await finished;
      return written;
    }),
  };

  /** The first that is kept is every tab's. */
  const keepFirst = (made: CryptoKey): Promise<CryptoKey> => opened.use(async (db) => {
    const transaction = writing(db, KEYS);
    const finished = transacted(transaction);
    const keys = transaction.objectStore(KEYS);
    let kept = made;
    const there = keys.get(SEAL) as IDBRequest<CryptoKey | undefined>;
    there.onsuccess = () => {
      if (there.result === undefined) keys.put(made, SEAL);
      else kept = there.result;
    };
    await finished;
    return kept;
  });

  return {
    store,
    async seal() {
      const { subtle } = globalThis.crypto;
      const before = await opened.use(async (db) => (await requested(db.transaction(KEYS).objectStore(KEYS).get(SEAL))) as CryptoKey | undefined);
      const key = before ?? await keepFirst(await subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']));
      return createWebCryptoSeal({ subtle, key, random: { bytes: randomOctets } });
    },
  };
}
