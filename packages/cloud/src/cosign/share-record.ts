/**
 * What a share may be used for.
 * - `enrolled`: halves are made; `proved`: a certification request was signed, so the server has the other half; `active`: it has its certificate.
 * - `checking`: an answer is being checked. Found later, the process died in between: it is not known whether the answer was good.
 * - `aborted`: the server did not do its part. Terminal.
 */
export type ShareState = 'enrolled' | 'proved' | 'active' | 'checking' | 'aborted';

/** A share as it is kept. */
export interface ShareRecord {
  /** Grows by one with every write. */
  readonly revision: number;
  readonly state: ShareState;
  /** State before `checking` or `aborted`. */
  readonly before?: 'enrolled' | 'proved' | 'active';
  /** The server's name for its half. */
  readonly kid: string;
  /** P, 04 || X || Y. */
  readonly publicKey: Uint8Array;
  /** d1 as the seal left it. Nothing else of it is kept anywhere. */
  readonly sealed: Uint8Array;
  /** DER, leaf first; empty until there is a certificate. */
  readonly chain: readonly Uint8Array[];
  readonly abort?: { /** Epoch milliseconds. */ readonly at: number; readonly reason: string };
}

/** Where records are kept. A platform's own: IndexedDB, a file, a database. */
export interface ShareStore {
  ids(): Promise<readonly string[]>;
  read(id: string): Promise<ShareRecord | undefined>;
  /**
   * Durable when it resolves, and atomic: of two writers with one expectation one wins.
   * @param expected revision that is there now; undefined where there must be none
   * @returns false when another one is there; nothing was written then
   */
  write(id: string, record: ShareRecord, expected: number | undefined): Promise<boolean>;
}

/**
 * How a share is hidden where it is kept: a wrapping key that cannot be exported, a passkey's PRF, a key store of the system.
 * A PIN alone is found by trying where the record is stolen: combine it with something a server counts or hardware holds.
 */
export interface ShareSeal {
  readonly needs: 'nothing' | 'pin';
  /** @param id bound to it: what was sealed for one is not opened for another */
  seal(share: Uint8Array, id: string, pin?: string): Promise<Uint8Array>;
  /** @throws SignError PIN_INCORRECT (`attemptsLeft`), PIN_LOCKED; anything else is taken for a broken record */
  open(sealed: Uint8Array, id: string, pin?: string): Promise<Uint8Array>;
}

/** For tests and tools: forgets with the process. */
export function createMemoryShareStore(): ShareStore {
  const records = new Map<string, ShareRecord>();
  return {
    ids: async () => [...records.keys()],
    read: async (id) => records.get(id),
    async write(id, record, expected) {
      if (records.get(id)?.revision !== expected) return false;
      records.set(id, record);
      return true;
    },
  };
}
