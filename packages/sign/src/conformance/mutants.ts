import type { AdapterEvent, AdapterSession, BeginRequest, Capabilities, Credential, RawSignature, SigningAdapter } from '../adapter/index.js';
import { CONFORMANCE_CHECKS } from './run.js';
import type { ConformanceHarness, MakeSubject } from './subject.js';

/** A way of breaking an adapter that the kit must notice. */
export interface Mutant {
  readonly name: string;
  mutate(adapter: SigningAdapter): SigningAdapter;
}

const sessions = (adapter: SigningAdapter, change: (session: AdapterSession, request: BeginRequest) => AdapterSession): SigningAdapter => ({
  ...adapter,
  begin: async (request, context) => change(await adapter.begin(request, context), request),
  resume: async (snapshot, request, context) => change(await adapter.resume(snapshot, request, context), request),
});
const eventsOf = (adapter: SigningAdapter, change: (event: AdapterEvent, request: BeginRequest) => AdapterEvent | undefined): SigningAdapter =>
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
const values = (adapter: SigningAdapter, change: (all: readonly RawSignature[]) => readonly RawSignature[]): SigningAdapter =>
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
const credentials = (adapter: SigningAdapter, change: (credential: Credential, call: number) => Credential): SigningAdapter => {
  let calls = 0;
  return { ...adapter, listCredentials: async (query, context) => {
    calls++;
    return (await adapter.listCredentials(query, context)).map((each) => change(each, calls));
  } };
};
const capable = (adapter: SigningAdapter, change: (capabilities: Capabilities) => Capabilities): SigningAdapter => ({ ...adapter, discover: async (context) => change(await adapter.discover(context)) });

/** Deliberately broken adapters: what has been seen at providers and in clients, and what a first draft does. */
export const MUTANTS: readonly Mutant[] = [
  { name: 'id with blanks', mutate: (adapter) => ({ ...adapter, info: { ...adapter.info, id: 'My Adapter' } }) },
  { name: 'another contract', mutate: (adapter) => ({ ...adapter, info: { ...adapter.info, contract: 2 as 1 } }) },
  { name: 'capabilities that are no JSON', mutate: (adapter) => capable(adapter, (given) => ({ ...given, batch: { ...given.batch, maxPerCall: Infinity } })) },
  { name: 'an algorithm under a wrong OID', mutate: (adapter) => capable(adapter, (given) => ({ ...given, algorithms: given.algorithms.map((each) => ({ ...each, oid: '1.2.3.4' })) })) },
  { name: 'an algorithm no credential has', mutate: (adapter) => capable(adapter, (given) => ({ ...given, algorithms: [...given.algorithms, { name: 'Ed25519', digest: 'none', oid: '1.3.101.112' }] })) },
  { name: 'refs that change', mutate: (adapter) => credentials(adapter, (each, call) => ({ ...each, ref: `${each.ref}-${call}` })) },
  { name: 'an issuer first in the chain', mutate: (adapter) => credentials(adapter, (each) => ({ ...each, chain: [...each.chain].reverse() })) },
  { name: 'a factor that is not declared', mutate: (adapter) => capable(adapter, (given) => ({ ...given, authorisation: [] })) },
  { name: 'a factor that is declared and never asked for', mutate: (adapter) => capable(credentials(adapter, (each) => ({ ...each, auth: { op: 'and', of: [each.auth, { factor: 'webauthn', id: 'extra' }] } })), (given) => ({ ...given, authorisation: [...given.authorisation, 'webauthn'] })) },
  { name: 'a question that is not declared', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, async *run(io) { io.show({ type: 'push', id: 'extra', channel: 'app', expiresAt: 8e15 }); yield* session.run(io); } })) },
  { name: 'no limit on credentials', mutate: (adapter) => ({ ...adapter, listCredentials: async (_, context) => { const [first] = await adapter.listCredentials({ limit: 1 }, context); return [first!, { ...first!, ref: `${first!.ref}-2` }]; } }) },
  { name: 'a snapshot that is no JSON', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, snapshot: () => ({ ...session.snapshot(), since: new Date(0) as never }) })) },
  { name: 'a snapshot with the PIN in it', mutate: (adapter) => sessions(adapter, (session) => {
    let secret = '';
    return { ...session, snapshot: () => ({ ...session.snapshot(), secret }), run: (io) => session.run({ ...io, ask: async (challenge) => {
      const answer = await io.ask(challenge);
      if ('value' in answer) secret = answer.value;
      return answer;
    } }) };
  }) },
  { name: 'a second job for one requestId', mutate: (adapter) => { let n = 0; return { ...adapter, begin: (request, context) => adapter.begin({ ...request, requestId: `${request.requestId}-${n++}` }, context) }; } },
  { name: 'signs while it begins', mutate: (adapter) => ({ ...adapter, begin: async (request, context) => {
    const session = await adapter.begin(request, context);
    const early: AdapterEvent[] = [];
    for await (const event of session.run({ signal: context.signal, ask: async ({ type }) => ({ type, value: '0' }) as never, show: () => undefined })) early.push(event);
    return { ...session, async *run() { yield* early; } };
  } }) },
  { name: 'a foreign error for an unknown credential', mutate: (adapter) => ({ ...adapter, begin: (request, context) => adapter.begin(request, context).catch(() => { throw new Error('not found'); }) }) },
  { name: 'a foreign error while it runs', mutate: (adapter) => eventsOf(adapter, (event) => { if (event.type === 'signatures') throw new RangeError('boom'); return event; }) },
  { name: 'values in another order', mutate: (adapter) => values(adapter, (all) => all.map((each, index) => ({ ...each, value: all[(index + 1) % all.length]!.value }))) },
  { name: 'a value too few', mutate: (adapter) => values(adapter, (all) => all.slice(1)) },
  { name: 'a value twice', mutate: (adapter) => values(adapter, (all) => [...all, all[0]!]) },
  { name: 'a value for an item nobody asked for', mutate: (adapter) => values(adapter, (all) => [...all, { ...all[0]!, itemId: 'other' }]) },
  { name: 'another certificate', mutate: (adapter) => values(adapter, (all) => all.map((each) => ({ ...each, chain: [Uint8Array.of(0x30, 0)] }))) },
  { name: 'another algorithm than asked for', mutate: (adapter) => values(adapter, (all) => all.map((each) => ({ ...each, algorithmOid: '1.2.840.113549.1.1.5' }))) },
  { name: 'a value in a form nobody reads', mutate: (adapter) => values(adapter, (all) => all.map((each) => ({ ...each, value: `sig:${each.itemId}` }))) },
  { name: 'hashes what it is given', mutate: (adapter) => ({ ...adapter, begin: (request, context) => adapter.begin({ ...request, items: request.items.map((item) => ({ ...item, toSign: { ...item.toSign, value: item.toSign.value.map((octet, index) => (index === 0 ? octet ^ 1 : octet)) } })) }, context) }) },
  { name: 'deaf to its signal', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, async *run(io) { yield* session.run({ ...io, signal: new AbortController().signal }); if (io.signal.aborted) await new Promise(() => undefined); } })) },
  { name: 'a foreign error when aborted', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, async *run(io) {
    for await (const event of session.run(io)) {
      yield event;
      if (io.signal.aborted) throw new TypeError('aborted');
    }
  } })) },
  { name: 'a cancel that throws', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, cancel: () => Promise.reject(new Error('no')) })) },
  { name: 'a cancel that always says cancelled', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, cancel: async (reason) => { await session.cancel(reason); return 'cancelled'; } })) },
  { name: 'resumes nothing, and says it does', mutate: (adapter) => ({ ...adapter, resume: () => Promise.reject(new TypeError('not implemented')) }) },
  { name: 'reconciles from hope', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, reconcile: async () => ({ state: 'not-signed' }) })) },
  { name: 'calls signed in part not signed', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, reconcile: async (signal) => { const found = await session.reconcile!(signal); return found.state === 'partly-signed' ? { state: 'not-signed' } : found; } })) },
  { name: 'reconciles to nothing', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, reconcile: async () => ({ state: 'signed', signatures: [] }) })) },
];

export interface MutationResult {
  readonly name: string;
  /** Ids of the checks that failed; empty: not noticed. */
  readonly caughtBy: readonly string[];
}

/** Runs the checks against each mutant until one fails, to prove that the kit can. The adapter itself has to pass first. */
export async function runMutations(make: MakeSubject, harness: ConformanceHarness, mutants: readonly Mutant[] = MUTANTS): Promise<readonly MutationResult[]> {
  const results: MutationResult[] = [];
  for (const { name, mutate } of mutants) results.push({ name, caughtBy: await firstCatch(async (fault) => {
    const subject = await make(fault);
    return subject === undefined ? undefined : { ...subject, adapter: mutate(subject.adapter) };
  }, harness) });
  return results;
}

async function firstCatch(make: MakeSubject, harness: ConformanceHarness): Promise<readonly string[]> {
  for (const { id, run } of CONFORMANCE_CHECKS) {
    try {
      await run(make, harness);
    } catch {
      return [id];
    }
  }
  return [];
}
