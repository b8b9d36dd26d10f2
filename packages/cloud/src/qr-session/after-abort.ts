import type { AdapterContext } from '@hefu/sign';
import { sentOnce } from '../http/sent-once.js';

/** For what has to be sent because everything was aborted: once, and as long as core waits for a cancel. */
export function afterAbort(context: AdapterContext): AdapterContext {
  const { signal } = new AbortController();
  return sentOnce({ ...context, signal });
}
