/** One IndexedDB database, opened on first use and again when the browser took the connection away. */
export interface Database {
  use<T>(act: (db: IDBDatabase) => Promise<T>): Promise<T>;
}

export function openDatabase(name: string, version: number, create: (db: IDBDatabase) => void, factory: IDBFactory = indexedDB): Database {
  let opened: Promise<IDBDatabase> | undefined;

  const open = (): Promise<IDBDatabase> => new Promise((resolve, reject) => {
    const request = factory.open(name, version);
    request.onupgradeneeded = () => create(request.result);
    request.onsuccess = () => {
      const db = request.result;
      // Another tab with a newer version of the page must not wait for this one.
      db.onversionchange = () => {
        db.close();
        opened = undefined;
      };
      db.onclose = () => (opened = undefined);
      resolve(db);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new DOMException('another tab holds an older version', 'InvalidStateError'));
  });
  const connected = (): Promise<IDBDatabase> => {
    opened ??= open().catch((error: unknown) => {
      opened = undefined; // the next call tries anew
      throw error;
    });
    return opened;
  };

  return {
    async use(act) {
      try {
        return await act(await connected());
      } catch (error) {
        // A connection lost between two calls; nothing was begun on it.
        if ((error as { readonly name?: unknown }).name !== 'InvalidStateError') throw error;
        opened = undefined;
        return act(await connected());
      }
    },
  };
}

export function requested<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when a transaction is written. */
export function transacted(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException('aborted', 'AbortError'));
    transaction.onerror = () => reject(transaction.error);
  });
}
