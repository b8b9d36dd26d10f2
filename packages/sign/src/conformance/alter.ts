import type { AdapterContext, AdapterEvent, AdapterSession, BeginRequest, Capabilities, Credential, RawSignature, SessionIO, SigningAdapter } from '../adapter/index.js';

// Ways of changing an adapter from outside, for mutants.

export const sessions = (adapter: SigningAdapter, change: (session: AdapterSession, request: BeginRequest) => AdapterSession): SigningAdapter => ({
  ...adapter,
  begin: async (request, context) => change(await adapter.begin(request, context), request),
  resume: async (snapshot, request, context) => change(await adapter.resume(snapshot, request, context), request),
});
export const eventsOf = (adapter: SigningAdapter, change: (event: AdapterEvent, request: BeginRequest) => AdapterEvent | undefined): SigningAdapter =>
  sessions(adapter, (session, request) => ({
    ...session,
    async *run(io) {
      for await (const event of session.run(io)) {
        const changed = change(event, request);
        if (changed !== undefined) yield changed;
      }
    },
  }));
/** Changes the values of one answer; those that come one by one are gathered first. */
export const values = (adapter: SigningAdapter, change: (all: readonly RawSignature[]) => readonly RawSignature[]): SigningAdapter =>
  sessions(adapter, (session) => ({
    ...session,
    async *run(io) {
      const all: RawSignature[] = [];
      for await (const event of session.run(io)) {
        if (event.type === 'signatures') all.push(...event.signatures);
        else yield event;
      }
      yield { type: 'signatures', signatures: change(all) };
    },
  }));
export const credentials = (adapter: SigningAdapter, change: (credential: Credential, call: number) => Credential): SigningAdapter => {
  let calls = 0;
  return { ...adapter, listCredentials: async (query, context) => {
    calls++;
    return (await adapter.listCredentials(query, context)).map((each) => change(each, calls));
  } };
};
export const capable = (adapter: SigningAdapter, change: (capabilities: Capabilities) => Capabilities): SigningAdapter => ({ ...adapter, discover: async (context) => change(await adapter.discover(context)) });
export const contexts = (adapter: SigningAdapter, change: (context: AdapterContext, request: BeginRequest) => Partial<AdapterContext>): SigningAdapter => {
  const changed = (context: AdapterContext, request: BeginRequest): AdapterContext => ({ ...context, get signal() { return context.signal; }, ...change(context, request) });
  return {
    ...adapter,
    begin: (request, context) => adapter.begin(request, changed(context, request)),
    resume: (snapshot, request, context) => adapter.resume(snapshot, request, changed(context, request)),
  };
};
export const users = (adapter: SigningAdapter, change: (io: SessionIO) => Partial<SessionIO>): SigningAdapter => sessions(adapter, (session) => ({ ...session, run: (io) => session.run({ ...io, ...change(io) }) }));
export const requests = (adapter: SigningAdapter, change: (request: BeginRequest) => BeginRequest): SigningAdapter => ({
  ...adapter,
  begin: (request, context) => adapter.begin(change(request), context),
  resume: (snapshot, request, context) => adapter.resume(snapshot, change(request), context),
});

export function without<T extends object, K extends keyof T>(whole: T, name: K & (undefined extends T[K] ? K : never)): T {
  const copy = { ...whole };
  delete copy[name];
  return copy;
}
