import type { AdapterContext, Clock } from '@hefu/sign';
import { createAdapterContext } from '../../sign/dist/session/adapter-context.js';
import { createJournal } from '../../sign/dist/session/journal.js';
import { createRedactor } from '../../sign/dist/session/redactor.js';
import { createServerClock } from '../../sign/dist/session/server-clock.js';
import { sha256 } from '../../crypto/dist/index.js';

/** Wall time for HTTP on loopback. */
export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => { clearTimeout(timer); reject(new Error('aborted')); }, { once: true });
  }),
};

/** A context as core lends it, outside a session, and what it wrote. */
export function adapterContext(change: { readonly clock?: Clock; readonly signal?: AbortSignal; readonly attempts?: number } = {}): AdapterContext & { readonly journal: string[] } {
  const clock = change.clock ?? wallClock;
  const journal: string[] = [];
  const redactor = createRedactor();
  let n = 0;
  const context = createAdapterContext({
    ports: { clock, random: { bytes: (length) => Uint8Array.from({ length }, () => (n++ * 37) & 0xff) } },
    signal: change.signal ?? new AbortController().signal, locale: 'zh-CN', redactor, serverClock: createServerClock(clock),
    journal: createJournal({ digest: sha256, redactor, write: (line) => journal.push(line) }),
    retry: { attempts: change.attempts ?? 1, budgetMs: 5000, baseMs: 5, maxWaitMs: 50 },
  });
  return { ...context, journal };
}
