import type { Clock } from '../adapter/index.js';
import { SignError } from '../error.js';

/** What an act comes to within so many milliseconds; undefined for what fails or takes longer. The act's signal is aborted then, and when it is over. */
export async function bounded<T>(ms: number, clock: Clock, act: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
  const bound = new AbortController();
  const awake = new AbortController();
  try {
    return await Promise.race([act(bound.signal), clock.sleep(ms, awake.signal).then(() => undefined)]);
  } catch {
    return undefined;
  } finally {
    bound.abort(new SignError('ABORTED', 'its time is over'));
    awake.abort();
  }
}
