import { UpdaterError } from './error.js';
import { MAX_STORE_KEY, type Store } from './ports.js';

/**
 * A Store in memory, for tests, offline tools and processes without a disk. When it would hold more than
 * `maxBytes` (default 256 MiB), the values least recently written go first; a value larger than that is IO_FAILED.
 * Values are copied in and out.
 */
export function memoryStore(options?: { readonly maxBytes?: number }): Store {
  const maxBytes = options?.maxBytes ?? 256 * 1024 * 1024;
  const values = new Map<string, Uint8Array>();
  let total = 0;

  function remove(key: string): void {
    const old = values.get(key);
    if (old === undefined) return;
    total -= old.length;
    values.delete(key);
  }

  return {
    async get(key) {
      return values.get(key)?.slice();
    },
    async put(key, bytes) {
      if (key.length > MAX_STORE_KEY) throw new UpdaterError('IO_FAILED', `a key of ${key.length} characters`);
      if (bytes.length > maxBytes) throw new UpdaterError('IO_FAILED', `a value of ${bytes.length} octets in a store of ${maxBytes}`);
      remove(key);
      for (const oldest of values.keys()) {
        if (total + bytes.length <= maxBytes) break;
        remove(oldest);
      }
      values.set(key, bytes.slice());
      total += bytes.length;
    },
    async delete(key) {
      remove(key);
    },
  };
}
