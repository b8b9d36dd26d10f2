import type { Clock, SessionPorts } from '@hefu/sign';
import { randomOctets } from '../verify/browser-algorithms.js';
import { pageLeases } from './page-leases.js';

/** What a signing in the page needs of the browser: its clock, its source of randomness, one holder among all tabs. */
export function pagePorts(): Pick<SessionPorts, 'clock' | 'random' | 'leases'> {
  return { clock: CLOCK, random: { bytes: randomOctets }, leases: pageLeases() };
}

const CLOCK: Clock = {
  now: () => Date.now(),
  sleep: (ms, signal) => new Promise((resolve, reject) => {
    if (signal?.aborted === true) return reject(signal.reason);
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal!.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal?.addEventListener('abort', onAbort, { once: true });
  }),
};
