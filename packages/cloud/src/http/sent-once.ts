import type { AdapterContext } from '@hefu/sign';

/** A context in which nothing is asked again: each request is noted and sent once, for as long as the context's signal allows. */
export function sentOnce(context: AdapterContext): AdapterContext {
  return {
    ...context,
    get signal() { return context.signal; },
    async request(name, nature, send) {
      context.note('request', { name, nature });
      return send(context.signal);
    },
  };
}
