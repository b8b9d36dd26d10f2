import type { AdapterEvent, SigningAdapter } from '../adapter/index.js';
import { capable, credentials, eventsOf, sessions, values } from './alter.js';
import { CONFORMANCE_CHECKS, runCheck } from './run.js';
import { SECURITY_MUTANTS } from './mutants-security.js';
import { CONFORMANCE_LEVELS, type ConformanceCheck, type ConformanceHarness, type ConformanceLevel, type MakeSubject } from './subject.js';

/** A way of breaking an adapter that the kit must notice. */
export interface Mutant {
  readonly name: string;
  /** Of the checks that are tried first. */
  readonly level?: ConformanceLevel;
  /** Id of the check that is tried before these, where others would try for long. */
  readonly by?: string;
  mutate(adapter: SigningAdapter): SigningAdapter;
}

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
  { name: 'a factor that is declared and never asked for', by: 'L3.factors', mutate: (adapter) => capable(credentials(adapter, (each) => ({ ...each, auth: { op: 'and', of: [each.auth, { factor: 'webauthn', id: 'extra' }] } })), (given) => ({ ...given, authorisation: [...given.authorisation, 'webauthn'] })) },
  { name: 'a question that is not declared', by: 'L3.factors', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, async *run(io) { io.show({ type: 'push', id: 'extra', channel: 'app', expiresAt: 8e15 }); yield* session.run(io); } })) },
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
  { name: 'values in another order', by: 'L2.batch', mutate: (adapter) => values(adapter, (all) => all.map((each, index) => ({ ...each, value: all[(index + 1) % all.length]!.value }))) },
  { name: 'a value too few', mutate: (adapter) => values(adapter, (all) => all.slice(1)) },
  { name: 'a value twice', mutate: (adapter) => values(adapter, (all) => [...all, all[0]!]) },
  { name: 'a value for an item nobody asked for', mutate: (adapter) => values(adapter, (all) => [...all, { ...all[0]!, itemId: 'other' }]) },
  { name: 'another certificate', mutate: (adapter) => values(adapter, (all) => all.map((each) => ({ ...each, chain: [Uint8Array.of(0x30, 0)] }))) },
  { name: 'another algorithm than asked for', mutate: (adapter) => values(adapter, (all) => all.map((each) => ({ ...each, algorithmOid: '1.2.840.113549.1.1.5' }))) },
  { name: 'a value in a form nobody reads', mutate: (adapter) => values(adapter, (all) => all.map((each) => ({ ...each, value: `sig:${each.itemId}` }))) },
  { name: 'hashes what it is given', mutate: (adapter) => ({ ...adapter, begin: (request, context) => adapter.begin({ ...request, items: request.items.map((item) => ({ ...item, toSign: { ...item.toSign, value: item.toSign.value.map((octet, index) => (index === 0 ? octet ^ 1 : octet)) } })) }, context) }) },
  { name: 'deaf to its signal', by: 'L3.abort', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, async *run(io) { yield* session.run({ ...io, signal: new AbortController().signal }); if (io.signal.aborted) await new Promise(() => undefined); } })) },
  { name: 'a foreign error when aborted', by: 'L3.abort', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, async *run(io) {
    for await (const event of session.run(io)) {
      yield event;
      if (io.signal.aborted) throw new TypeError('aborted');
    }
  } })) },
  { name: 'a cancel that throws', by: 'L3.cancel-twice', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, cancel: () => Promise.reject(new Error('no')) })) },
  { name: 'a cancel that always says cancelled', by: 'L3.cancel-twice', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, cancel: async (reason) => { await session.cancel(reason); return 'cancelled'; } })) },
  { name: 'resumes nothing, and says it does', mutate: (adapter) => ({ ...adapter, resume: () => Promise.reject(new TypeError('not implemented')) }) },
  { name: 'reconciles from hope', by: 'L4.lost-answer', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, reconcile: async () => ({ state: 'not-signed' }) })) },
  { name: 'calls signed in part not signed', by: 'L4.lost-answer', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, reconcile: async (signal) => { const found = await session.reconcile!(signal); return found.state === 'partly-signed' ? { state: 'not-signed' } : found; } })) },
  { name: 'reconciles to nothing', by: 'L3.resume', mutate: (adapter) => sessions(adapter, (session) => ({ ...session, reconcile: async () => ({ state: 'signed', signatures: [] }) })) },
  ...SECURITY_MUTANTS,
];

export interface MutationResult {
  readonly name: string;
  /** Ids of the checks that failed; empty: not noticed. */
  readonly caughtBy: readonly string[];
}

/** Which of them notices a mutant without a level of its own is not said. */
const BASIC: readonly ConformanceLevel[] = ['L0', 'L1', 'L2', 'L3', 'L4'];

export interface MutationOptions {
  readonly mutants?: readonly Mutant[];
  /** Checks that may notice them; mutants of other levels are left out. */
  readonly levels?: readonly ConformanceLevel[];
}

/** Runs the checks against each mutant until one fails, to prove that the kit can. The adapter itself has to pass first. */
export async function runMutations(make: MakeSubject, harness: ConformanceHarness, { mutants = MUTANTS, levels = CONFORMANCE_LEVELS }: MutationOptions = {}): Promise<readonly MutationResult[]> {
  const results: MutationResult[] = [];
  for (const { name, level, by, mutate } of mutants.filter((each) => (each.level === undefined ? BASIC : [each.level]).every((needed) => levels.includes(needed)))) results.push({ name, caughtBy: await firstCatch(async (fault) => {
    const subject = await make(fault);
    return subject === undefined ? undefined : { ...subject, adapter: mutate(subject.adapter) };
  }, harness, levels, (check) => (check.id === by ? 0 : check.level === level ? 1 : 2)) });
  return results;
}

async function firstCatch(make: MakeSubject, harness: ConformanceHarness, levels: readonly ConformanceLevel[], turn: (check: ConformanceCheck) => number): Promise<readonly string[]> {
  const checks = CONFORMANCE_CHECKS.filter(({ level }) => levels.includes(level)).sort((a, b) => turn(a) - turn(b));
  for (const check of checks) {
    try {
      await runCheck(check, make, harness);
    } catch {
      return [check.id];
    }
  }
  return [];
}
