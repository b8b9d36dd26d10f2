import { alternativesOf } from '../adapter/auth-plan.js';
import type { Challenge, FactorKind } from '../adapter/index.js';
import { SignError } from '../error.js';
import { contentOfItem, open, openGood, play, playToEnd, requestFor, runRaw, type OpenSubject, type Played } from './play.js';
import { cannotShow, demand, type ConformanceCheck } from './subject.js';

const CHALLENGE_OF: Readonly<Record<FactorKind, Challenge['type'] | undefined>> = {
  none: undefined, 'oauth-client': undefined, pin: 'pin', 'otp-online': 'otp', 'otp-offline': 'otp', push: 'push', qr: 'qr', 'oauth-code': 'oauth', webauthn: 'webauthn',
};
/** An adapter is given up on after so long, milliseconds of its own clock. */
const PATIENCE_MS = 120_000;
/** Batches tried are no larger: each value costs a session's whole way. */
const MAX_BATCH = 12;

const demandDone = ({ end }: Pick<Played, 'end'>): void =>
  demand(end.type === 'done', `ended with ${end.type}${end.type === 'failed' ? ` ${end.error.code}${end.error.detail === undefined ? '' : ` (${end.error.detail})`}` : ''}`);
const demandOnce = ({ subject }: OpenSubject, ids: readonly string[]): void => {
  const made = subject.made?.();
  if (made !== undefined) demand(JSON.stringify([...made].sort()) === JSON.stringify([...ids].sort()), `made ${made.length} values for ${ids.length} items`);
};
const ids = (count: number): string[] => Array.from({ length: count }, (_, index) => `i${index}`);

/** Levels 1 to 4: algorithms, batches, the user, faults. */
export const SIGNING_CHECKS: readonly ConformanceCheck[] = [
  {
    id: 'L1.algorithms', level: 'L1', title: 'signs by every algorithm it declares',
    async run(make, harness) {
      const { capabilities } = await openGood(make, harness);
      for (const { name } of capabilities.algorithms) {
        const opened = await openGood(make, harness);
        const credential = opened.credentials.find((each) => each.algorithms.some((choice) => choice.name === name));
        demand(credential !== undefined, `no credential for ${name}, which is declared`);
        demandDone(await playToEnd(opened, harness, { credential, items: [contentOfItem(0)] }));
      }
      return undefined;
    },
  },
  {
    id: 'L2.batch', level: 'L2', title: 'signs a batch in one authorisation, each value for its own item',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const count = Math.min(MAX_BATCH, opened.capabilities.batch.maxPerAuthorisation, opened.credentials[0]!.maxPerAuthorisation);
      demandDone(await playToEnd(opened, harness, { items: Array.from({ length: count }, (_, index) => contentOfItem(index)) }));
      demandOnce(opened, ids(count));
      return count === 1 ? 'one value per authorisation: there are no batches' : undefined;
    },
  },
  {
    id: 'L2.beyond', level: 'L2', title: 'signs more than one authorisation covers',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const count = Math.min(opened.capabilities.batch.maxPerAuthorisation, opened.credentials[0]!.maxPerAuthorisation) + 1;
      if (count > MAX_BATCH) return `an authorisation covers ${count - 1}`;
      demandDone(await playToEnd(opened, harness, { items: Array.from({ length: count }, (_, index) => contentOfItem(index)) }));
      demandOnce(opened, ids(count));
      return undefined;
    },
  },
  {
    id: 'L2.equal', level: 'L2', title: 'signs two equal items',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      demandDone(await playToEnd(opened, harness, { items: [contentOfItem(0), contentOfItem(0)] }));
      return undefined;
    },
  },
  {
    id: 'L3.factors', level: 'L3', title: 'asks for what its credential declares, and for nothing else',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const played = await playToEnd(opened, harness, { items: [contentOfItem(0)] });
      demandDone(played);
      const asked = new Set<Challenge['type']>(played.asked.filter((type) => type !== 'choose'));
      const fits = alternativesOf(opened.credentials[0]!.auth).some((factors) => {
        const declared = new Set(factors.flatMap(({ factor }) => CHALLENGE_OF[factor] ?? []));
        return declared.size === asked.size && [...declared].every((type) => asked.has(type));
      });
      demand(fits, `asked for ${[...asked].join(', ') || 'nothing'}`);
      return undefined;
    },
  },
  {
    id: 'L3.cancel', level: 'L3', title: 'is cancelled at every step, and nothing comes after it',
    async run(make, harness) {
      for (let at = 0; ; at++) {
        const opened = await openGood(make, harness);
        const { events, end } = await playToEnd(opened, harness, { each: (_, index, session) => { if (index === at) void session.cancel(); } });
        if (events.length <= at + 1 && end.type !== 'cancelled') return undefined;
        demand(end.type === 'cancelled', `cancelled at step ${at}, ended with ${end.type}`);
        demand(end.outcome !== 'not-signed' || (opened.subject.made?.() ?? []).length <= end.kept.length, `says that nothing was signed at step ${at}, and something was`);
      }
    },
  },
  {
    id: 'L3.abort', level: 'L3', title: 'ends soon once its signal is aborted, with SignError or by return',
    async run(make, harness) {
      for (let at = 0; ; at++) {
        const opened = await openGood(make, harness);
        const abort = new AbortController();
        const session = await opened.adapter.begin(requestFor(opened, harness, 'abort'), opened.context);
        const waiting = new AbortController();
        const outcome = await Promise.race([
          runRaw(session, opened, abort, at).then((events) => events.length, (error: unknown) => (error instanceof SignError || error === abort.signal.reason ? 'aborted' : 'foreign')),
          opened.subject.clock.sleep(PATIENCE_MS, waiting.signal).then(() => 'hangs', () => 'hangs'),
        ]);
        waiting.abort();
        demand(outcome !== 'hangs' && outcome !== 'foreign', outcome === 'hangs' ? `goes on after an abort at event ${at}` : 'throws a foreign error when aborted');
        if (!abort.signal.aborted) return undefined;
      }
    },
  },
  {
    id: 'L3.cancel-twice', level: 'L3', title: 'cancels as often as it is told to, and says when it is too late',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const early = await opened.adapter.begin(requestFor(opened, harness, 'early'), opened.context);
      for (let times = 0; times < 2; times++) demand(ANSWERS.includes(await early.cancel('user').catch(() => 'threw')), 'cancel throws, or answers something else');
      const late = await opened.adapter.begin(requestFor(opened, harness, 'late'), opened.context);
      await runRaw(late, opened);
      demand((await late.cancel('user').catch(() => 'threw')) !== 'cancelled', 'says cancelled after it signed');
      return undefined;
    },
  },
  {
    id: 'L3.resume', level: 'L3', title: 'goes on in another process from every snapshot, and signs nothing twice',
    async run(make, harness) {
      const whole = await openGood(make, harness);
      if (!whole.capabilities.resumable) return 'not resumable, and says so';
      const { snapshots } = await playToEnd(whole, harness);
      for (let at = 1; at <= snapshots.length; at++) {
        const opened = await openGood(make, harness);
        const first = await play(opened, harness, { dieAt: at });
        if (first.end !== undefined) continue;
        const second = await playToEnd(opened, harness, { resume: first.snapshots.at(-1)! });
        // Where nobody can be asked, not to know is right.
        if (opened.capabilities.reconcile === 'none' && second.end.type === 'failed' && second.end.error.code === 'OUTCOME_UNKNOWN') continue;
        demandDone(second);
        demandOnce(opened, ids(2));
      }
      return undefined;
    },
  },
  {
    id: 'L4.lost-answer', level: 'L4', title: 'does not sign again when an answer is lost',
    run: (make, harness) => lost('lost-answer', make, harness),
  },
  {
    id: 'L4.lost-request', level: 'L4', title: 'says that it does not know when a request is lost, until it has found out',
    run: (make, harness) => lost('lost-request', make, harness),
  },
  {
    id: 'L4.refused', level: 'L4', title: 'tells a user who refuses from one who is late and from the network',
    async run(make, harness) {
      const opened = await open(make, harness, 'user-refuses');
      if (opened === undefined) return cannotShow('user-refuses');
      const { end } = await playToEnd(opened, harness);
      demand(end.type === 'failed' && ['USER_REFUSED', 'WRONG_VERIFICATION_CODE'].includes(end.error.code) && end.error.outcome === 'not-signed', `ended with ${end.type}`);
      return undefined;
    },
  },
  {
    id: 'L4.wrong-pin', level: 'L4', title: 'asks again after a wrong PIN, and says how often it may be tried',
    async run(make, harness) {
      const opened = await open(make, harness, 'wrong-pin-once');
      if (opened === undefined) return cannotShow('wrong-pin-once');
      const { end, asked } = await playToEnd(opened, harness);
      demand(end.type === 'done' && asked.filter((type) => type === 'pin').length === 2, `ended with ${end.type} after ${asked.length} questions`);
      return undefined;
    },
  },
];

const ANSWERS: readonly string[] = ['cancelled', 'too-late', 'unknown'];

async function lost(fault: 'lost-answer' | 'lost-request', make: Parameters<ConformanceCheck['run']>[0], harness: Parameters<ConformanceCheck['run']>[1]): Promise<string | undefined> {
  const opened = await open(make, harness, fault);
  if (opened === undefined) return cannotShow(fault);
  const { batch } = opened.capabilities;
  // One more than a call holds: part of the batch is made when the answer is lost.
  const count = Math.min(MAX_BATCH, batch.maxPerAuthorisation, opened.credentials[0]!.maxPerAuthorisation, batch.maxPerCall + 1);
  const { end } = await playToEnd(opened, harness, { items: Array.from({ length: count }, (_, index) => contentOfItem(index)) });
  const unknown = end.type === 'failed' && end.error.code === 'OUTCOME_UNKNOWN';
  demand(end.type === 'done' || (unknown && opened.capabilities.reconcile === 'none'), `ended with ${end.type}${end.type === 'failed' ? ` ${end.error.code}` : ''}`);
  const made = opened.subject.made?.() ?? [];
  demand(new Set(made).size === made.length, 'signed twice');
  return undefined;
}
