import type { AdapterContext } from '@hefu/sign';

/** For what has to be sent because everything was aborted: once, and as long as core waits for a cancel. */
export function afterAbort(context: AdapterContext): AdapterContext {
  const { signal } = new AbortController();
  return {
    ...context, signal,
    async request(name, nature, send) {
      context.note('request', { name, nature });
      return await send(signal);
    },
  };
}
