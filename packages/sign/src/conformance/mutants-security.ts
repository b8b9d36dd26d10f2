import type { AdapterSession, JsonObject, RawSignature, Reconciliation } from '../adapter/index.js';
import { SignError } from '../error.js';
import { contexts, credentials, eventsOf, requests, sessions, users, values, without } from './alter.js';
import type { Mutant } from './mutants.js';

const security = (name: string, by: string, mutate: Mutant['mutate']): Mutant => ({ name, level: 'L5', by, mutate });
const interop = (name: string, by: string, mutate: Mutant['mutate']): Mutant => ({ name, level: 'L6', by, mutate });
const answered = (adapter: Parameters<Mutant['mutate']>[0], learn: (secret: string) => void): ReturnType<Mutant['mutate']> => users(adapter, (io) => ({
  ask: async (challenge) => {
    const answer = await io.ask(challenge);
    if ('value' in answer) learn(answer.value);
    return answer;
  },
}));

/** Adapters that believe a provider, or leave something lying about. */
export const SECURITY_MUTANTS: readonly Mutant[] = [
  security('the certificate that came along dropped', 'L5.other-certificate', (adapter) => values(adapter, (all) => all.map((each) => without(each, 'chain')))),
  security('the certificate that was chosen said to have come along', 'L5.other-certificate', (adapter) => sessions(adapter, (session, { credential }) => ({ ...session, async *run(io) {
    for await (const event of session.run(io)) yield event.type === 'signatures' ? { ...event, signatures: event.signatures.map((each) => ({ ...each, chain: credential.chain })) } : event;
  } }))),
  security('the algorithm dropped', 'L5.other-algorithm', (adapter) => values(adapter, (all) => all.map((each) => without(each, 'algorithmOid')))),
  security('the algorithm that was asked for said to have been used', 'L5.other-algorithm', (adapter) => eventsOf(adapter, (event, { algorithm }) => (event.type === 'signatures' ? { ...event, signatures: event.signatures.map((each) => ({ ...each, algorithmOid: algorithm.oid })) } : event))),
  security('values remembered by item id', 'L5.request-bound', (adapter) => {
    const had = new Map<string, RawSignature>();
    return eventsOf(adapter, (event) => (event.type !== 'signatures' ? event : { ...event, signatures: event.signatures.map((each) => {
      if (!had.has(each.itemId)) had.set(each.itemId, each);
      return had.get(each.itemId)!;
    }) }));
  }),
  security('a session remembered by credential', 'L5.request-bound', (adapter) => {
    const had = new Map<string, Promise<AdapterSession>>();
    return { ...adapter, begin: (request, context) => {
      const session = had.get(request.credential.ref) ?? adapter.begin(request, context);
      had.set(request.credential.ref, session);
      return session;
    } };
  }),
  security('an item made up beside the one asked for', 'L5.other-hash', (adapter) => values(adapter, (all) => [...all, { ...all[0]!, itemId: 'bonus' }])),
  security('the request changed under the caller’s hands', 'L5.input', (adapter) => ({ ...adapter, begin: (request, context) => {
    (request.display as { title: string }).title = 'changed';
    return adapter.begin(request, context);
  } })),
  security('any snapshot resumed', 'L5.request-bound', (adapter) => {
    let first: Promise<AdapterSession> | undefined;
    return { ...adapter, begin: (request, context) => (first ??= adapter.begin(request, context)), resume: async (_, request, context) => first ?? adapter.begin(request, context) };
  }),
  security('what it finds of another request', 'L5.reconcile-bound', (adapter) => {
    let before: Reconciliation | undefined;
    return sessions(adapter, (session) => ({
      ...session,
      async *run(io) {
        const all: RawSignature[] = [];
        for await (const event of session.run(io)) {
          if (event.type === 'signatures') all.push(...event.signatures);
          yield event;
        }
        before = { state: 'signed', signatures: all };
      },
      reconcile: async (signal) => before ?? session.reconcile!(signal),
    }));
  }),
  security('no reconcile, and poll declared', 'L5.reconcile-bound', (adapter) => sessions(adapter, (session) => without(session, 'reconcile'))),
  security('cancelled said, and gone on', 'L5.cancelled', (adapter) => sessions(adapter, (session) => ({ ...session, cancel: async () => 'cancelled' }))),
  security('another verification code shown', 'L5.display', (adapter) => users(adapter, (io) => ({ show: (challenge) => io.show('verificationCode' in challenge ? { ...challenge, verificationCode: '9999' } : challenge) }))),
  security('a code shown that no longer counts', 'L5.display', (adapter) => users(adapter, (io) => ({ show: (challenge) => io.show({ ...challenge, expiresAt: 1 }) }))),
  security('the PIN asked for again', 'L5.display', (adapter) => users(adapter, (io) => ({ ask: async (challenge) => {
    if (challenge.type === 'pin') await io.ask(challenge);
    return io.ask(challenge);
  } }))),
  security('tokens not protected', 'L5.protects', (adapter) => contexts(adapter, () => ({ protect: () => undefined }))),
  security('a token noted before it is protected', 'L5.secrets', (adapter) => contexts(adapter, (context) => ({ protect: (secret) => {
    context.note('token', { secret });
    context.protect(secret);
  } }))),
  security('a token in the provider’s number', 'L5.value-missing', (adapter) => {
    let token = '';
    return values(contexts(adapter, (context) => ({ protect: (secret) => context.protect((token = secret)) })), (all) => all.map((each) => ({ ...each, providerRef: `ref-${token}` })));
  }),
  security('a token in the snapshot while it signs', 'L5.other-hash', (adapter) => {
    let token = '';
    return sessions(contexts(adapter, (context) => ({ protect: (secret) => context.protect((token = secret)) })), (session) => ({ ...session, snapshot: (): JsonObject => ({ ...session.snapshot(), token }) }));
  }),
  security('the PIN in a warning', 'L5.secrets', (adapter) => {
    let pin = '';
    return eventsOf(answered(adapter, (secret) => (pin = secret)), (event) => (event.type === 'phase' && event.phase === 'signing' ? { type: 'warning', code: 'PROVIDER_DEVIATES', detail: { sent: pin } } : event));
  }),
  security('the PIN in an error', 'L5.secrets', (adapter) => {
    let pin = '';
    return sessions(answered(adapter, (secret) => (pin = secret)), (session) => ({ ...session, async *run(io) {
      try {
        yield* session.run(io);
      } catch (cause) {
        throw new SignError('PROVIDER_REFUSED', `sent pin=${pin}`, { cause });
      }
    } }));
  }),
  security('the PIN in what an error says of the provider', 'L5.secrets', (adapter) => {
    let pin = '';
    return sessions(answered(adapter, (secret) => (pin = secret)), (session) => ({ ...session, async *run(io) {
      try {
        yield* session.run(io);
      } catch {
        throw new SignError('PROVIDER_REFUSED', 'refused', { provider: { code: 'E1', description: `echo ${pin}` } });
      }
    } }));
  }),
  security('the PIN in the name of a request', 'L5.secrets', (adapter) => {
    let pin = '';
    return answered(contexts(adapter, (context) => ({ request: (name, nature, send) => context.request(`${name}?last=${pin}`, nature, send) })), (secret) => (pin = secret));
  }),
  security('the PIN in what is shown', 'L5.secrets', (adapter) => {
    let pin = '';
    const learned = answered(adapter, (secret) => (pin = secret));
    return users(learned, (io) => ({ show: (challenge) => io.show(challenge.type === 'qr' ? { ...challenge, payload: `${challenge.payload}?pin=${pin}` } : challenge) }));
  }),
  security('labels shared unasked', 'L5.labels', (adapter) => requests(adapter, (request) => ({ ...request, display: { ...request.display, shareLabels: true } }))),
  security('what may sign sent again', 'L5.value-missing', (adapter) => ({ ...contexts(adapter, (context) => ({ request: (name, _, send) => context.request(name, 'idempotent', send) })) })),
  security('a lost answer told as not signed', 'L5.reconcile-bound', (adapter) => sessions(adapter, (session) => ({ ...without(session, 'reconcile'), async *run(io) {
    try {
      yield* session.run(io);
    } catch (cause) {
      throw new SignError('NETWORK', 'lost', { cause, outcome: 'not-signed' });
    }
  } }))),
  interop('the chain upside down above the leaf', 'L6.chain', (adapter) => credentials(adapter, (each) => ({ ...each, chain: [each.chain[0]!, ...each.chain.slice(1).reverse()] }))),
  interop('the leaf twice', 'L6.chain', (adapter) => credentials(adapter, (each) => ({ ...each, chain: [each.chain[0]!, ...each.chain] }))),
  interop('an issuer left out in the middle', 'L6.chain', (adapter) => credentials(adapter, (each) => ({ ...each, chain: each.chain.filter((_, index) => index !== 1) }))),
  interop('attributes not signed', 'L6.forms', (adapter) => ({ ...adapter, begin: (request, context) => {
    if (request.items.some(({ toSign }) => toSign.kind === 'tbs' && toSign.value[0] === 0x31)) throw new SignError('ALGORITHM_UNSUPPORTED', 'no attributes');
    return adapter.begin(request, context);
  } })),
];
