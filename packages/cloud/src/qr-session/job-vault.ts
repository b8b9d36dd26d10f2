import type { Clock } from '@hefu/sign';

/**
 * What the backend keeps of jobs between requests and processes: secrets that may stand nowhere else, and which job belongs to
 * which request. Names and values are texts of at most 8,192 characters. Shared by all processes that may take up a session.
 */
export interface JobVault {
  /** Keeps a value until then (epoch milliseconds) unless the name is taken. @returns what is kept under the name now */
  claim(name: string, value: string, until: number): Promise<string>;
  get(name: string): Promise<string | undefined>;
  remove(name: string): Promise<void>;
}

/** More entries than this are no sessions of one process; the oldest go first. */
const MAX_ENTRIES = 100_000;

/** For one process: after its end jobs can still be asked for, and their codes no longer shown. */
export function createMemoryVault(clock: Pick<Clock, 'now'>): JobVault {
  const kept = new Map<string, { readonly value: string; readonly until: number }>();
  const live = (name: string): string | undefined => {
    const found = kept.get(name);
    if (found === undefined || found.until > clock.now()) return found?.value;
    kept.delete(name);
    return undefined;
  };
  return {
    claim: (name, value, until) => {
      const found = live(name);
      if (found !== undefined) return Promise.resolve(found);
      kept.set(name, { value, until });
      for (const [oldest] of kept) {
        if (kept.size <= MAX_ENTRIES) break;
        kept.delete(oldest);
      }
      return Promise.resolve(value);
    },
    get: (name) => Promise.resolve(live(name)),
    remove: (name) => Promise.resolve(void kept.delete(name)),
  };
}
