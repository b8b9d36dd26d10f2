import type { FaultPlan } from '../fault-plan.js';
import type { ProviderClock } from '../clock.js';

/** How callbacks go astray. */
export const CALLBACK_FAULTS = ['callback-none', 'callback-twice', 'callback-forged', 'callback-late', 'callback-reordered', 'callback-early'] as const;

export interface OutgoingCallback {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Sends one to the platform. @returns the HTTP status, 0 for none */
export type Deliver = (url: string, callback: OutgoingCallback) => Promise<number>;

export interface WebhookSender {
  /** @param forge what somebody else would send instead */
  send(url: string, callback: OutgoingCallback, forge: () => OutgoingCallback): void;
  /** What is due by now leaves. */
  flush(): void;
  readonly sent: readonly { readonly url: string; readonly status: number }[];
}

/** Late ones come after this, or with the next request after it. */
const LATE_MS = 5000;
const MAX_SENT = 10_000;

export function createWebhookSender(clock: ProviderClock, faults: () => FaultPlan, deliver: Deliver): WebhookSender {
  const sent: { url: string; status: number }[] = [];
  const held: { readonly at: number; readonly go: () => void }[] = [];
  const go = (url: string, callback: OutgoingCallback): void => {
    void deliver(url, callback).then((status) => {
      sent.push({ url, status });
      if (sent.length > MAX_SENT) sent.shift();
    }, () => undefined);
  };
  return {
    sent,
    send(url, callback, forge) {
      const hit = (name: (typeof CALLBACK_FAULTS)[number]): boolean => faults().hits(name, url);
      if (hit('callback-forged')) go(url, forge());
      if (hit('callback-none')) return;
      const times = hit('callback-twice') ? 2 : 1;
      const all = (): void => { for (let i = 0; i < times; i++) go(url, callback); };
      // Reordered: each waits for the one after it, or for its time.
      if (hit('callback-reordered')) held.unshift({ at: clock.now() + LATE_MS, go: all });
      else if (hit('callback-late')) held.push({ at: clock.now() + LATE_MS, go: all });
      else {
        all();
        for (const each of held.splice(0)) each.go();
      }
    },
    flush() {
      for (const due of held.filter(({ at }) => at <= clock.now())) {
        held.splice(held.indexOf(due), 1);
        due.go();
      }
    },
  };
}

/** To loopback only: a sandbox calls nobody. */
export const deliverToLoopback: Deliver = async (url, { headers, body }) => {
  const { hostname, protocol } = new URL(url);
  if (protocol !== 'http:' || !['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return 0;
  try {
    return (await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(3000) })).status;
  } catch {
    return 0;
  }
};
