import { equalBytes } from '@hefu/pki';
import type { AdapterEvent, AdapterSession, BeginRequest, Challenge, RawSignature } from '../adapter/index.js';
import { SignError } from '../error.js';
import type { SignErrorCode } from '../errors/codes.js';
import { pinItem, prepareItem, type Preparation } from '../session/prepare-items.js';
import { release } from '../session/release.js';
import { contentOfItem, open, openGood, playToEnd, requestFor, runRaw, type OpenSubject } from './play.js';
import { cannotShow, demand, type ConformanceCheck, type ConformanceHarness, type Fault } from './subject.js';

/** What a deceit must be found out as. */
const DECEITS: readonly (readonly [Fault, readonly SignErrorCode[], string])[] = [
  ['other-hash', ['SIGNATURE_FOR_OTHER_HASH', 'SIGNATURE_INVALID', 'PREHASH_MISMATCH'], 'a value over something else'],
  ['other-order', ['SIGNATURE_ORDER'], 'a batch in another order'],
  ['other-certificate', ['CERT_SWAPPED'], 'another certificate than the one that was chosen'],
  // Unsaid it is seen by the value alone, which then is none.
  ['other-algorithm', ['ALGORITHM_DOWNGRADED', 'DIGEST_DOWNGRADED', 'SIGNATURE_INVALID'], 'another algorithm than was asked for'],
  ['other-key', ['CERT_SWAPPED', 'SIGNATURE_INVALID', 'SIGNATURE_ENCODING', 'ALGORITHM_DOWNGRADED'], 'a value by another key'],
  ['replayed-value', ['SIGNATURE_ORDER', 'SIGNATURE_FOR_OTHER_HASH', 'SIGNATURE_DUPLICATE'], 'a value that was given before'],
  ['value-missing', ['SIGNATURE_COUNT'], 'a part of a batch as if it were all'],
];
const FAULTS: readonly (Fault | undefined)[] = [undefined, 'lost-request', 'lost-answer', 'user-refuses', 'wrong-pin-once', 'other-certificate'];

/** Level 5: a provider that deceives, and what may be left behind. */
export const SECURITY_CHECKS: readonly ConformanceCheck[] = [
  ...DECEITS.map(([fault, codes, what]): ConformanceCheck => ({
    id: `L5.${fault}`, level: 'L5', title: `lets core see ${what}`,
    async run(make, harness) {
      const opened = await open(make, harness, fault);
      if (opened === undefined) return cannotShow(fault);
      const { batch } = opened.capabilities;
      const count = Math.min(3, batch.maxPerAuthorisation, opened.credentials[0]!.maxPerAuthorisation, batch.maxPerCall);
      if (count === 1 && ['other-order', 'replayed-value', 'value-missing'].includes(fault)) return 'there are no batches';
      const { end } = await playToEnd(opened, harness, { items: Array.from({ length: count }, (_, index) => contentOfItem(index)) });
      demand(end.type === 'failed', `ended with ${end.type}: the adapter lets it pass, or the subject does not show it`);
      const found = [end.error, ...end.failed.map(({ error }) => error)].map(({ code }) => code);
      // Where the adapter makes the value itself and checks it, a deceived one never exists.
      if (opened.adapter.info.kind === 'cosign' && end.error.code === 'COSIGN_ABORT') return undefined;
      demand(found.some((code) => codes.includes(code)), `is found out as ${found.join(', ')}`);
      demand(end.error.outcome !== 'not-signed', 'is told as not signed');
      return undefined;
    },
  })),
  {
    id: 'L5.passes-on', level: 'L5', title: 'passes on certificate and algorithm as the provider names them, and nothing that was not asked for',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const request = requestFor(opened, harness, 'passes-on', 1);
      for (const { itemId, chain, algorithmOid } of await valuesOf(await opened.adapter.begin(request, opened.context), opened)) {
        demand(request.items.some((item) => item.itemId === itemId), `a value for ${itemId}, which was not asked for`);
        demand(chain === undefined || chain.length === 0 || chain.some((der) => equalBytes(der, request.credential.chain[0]!)), 'another leaf');
        const known = harness.algorithms.signatures.find(({ name }) => name === request.algorithm.name);
        demand(algorithmOid === undefined || known === undefined || [...known.signatureOids, ...known.keyOids].includes(algorithmOid), `another algorithm: ${algorithmOid}`);
      }
      return undefined;
    },
  },
  {
    id: 'L5.request-bound', level: 'L5', title: 'gives the values of a request for that request only',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      for (const [index, requestId] of ['first', 'second'].entries()) {
        const request = requestFor(opened, harness, requestId, 1, index);
        await demandVerifies(await valuesOf(await opened.adapter.begin(request, opened.context), opened), request, index, opened, harness);
      }
      return undefined;
    },
  },
  {
    id: 'L5.same-request', level: 'L5', title: 'does not answer a requestId that is used again with the value of what it was used for before',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      await valuesOf(await opened.adapter.begin(requestFor(opened, harness, 'again', 1, 0), opened.context), opened);
      const second = requestFor(opened, harness, 'again', 1, 1);
      const values = await refusable(async () => valuesOf(await opened.adapter.begin(second, opened.context), opened));
      if (values !== undefined) await demandVerifies(values, second, 1, opened, harness);
      return undefined;
    },
  },
  {
    id: 'L5.resume-bound', level: 'L5', title: 'resumes the request it is given, by its own snapshot',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      if (!opened.capabilities.resumable) return 'not resumable, and says so';
      const { adapter, context } = opened;
      const snapshot = (await adapter.begin(requestFor(opened, harness, 'mine', 1, 0), context)).snapshot();
      const other = requestFor(opened, harness, 'other', 1, 1);
      const values = await refusable(async () => valuesOf(await adapter.resume(snapshot, other, context), opened));
      if (values !== undefined) await demandVerifies(values, other, 1, opened, harness);
      return undefined;
    },
  },
  {
    id: 'L5.reconcile-bound', level: 'L5', title: 'finds nothing of other requests when it looks for its own',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const { adapter, context, capabilities } = opened;
      await valuesOf(await adapter.begin(requestFor(opened, harness, 'mine', 1, 0), context), opened);
      const session = await adapter.begin(requestFor(opened, harness, 'other', 1, 1), context);
      demand(session.reconcile !== undefined || capabilities.reconcile === 'none', 'reconcile is declared, and not there');
      if (session.reconcile === undefined) return 'it has no reconcile, and says so';
      const found = await session.reconcile(new AbortController().signal);
      demand(found.state !== 'signed' && found.state !== 'partly-signed', `finds ${found.state} for what was never run`);
      return undefined;
    },
  },
  {
    id: 'L5.input', level: 'L5', title: 'leaves the request it is given as it is',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      const request = requestFor(opened, harness, 'input', 1);
      const before = textOf(request);
      const session = await opened.adapter.begin(request, opened.context);
      await valuesOf(session, opened);
      demand(textOf(request) === before, 'the request was changed');
      return undefined;
    },
  },
  {
    id: 'L5.cancelled', level: 'L5', title: 'makes no value after it said cancelled',
    async run(make, harness) {
      for (let at = 1; ; at++) {
        const opened = await openGood(make, harness);
        const session = await opened.adapter.begin(requestFor(opened, harness, 'cancelled', 1), opened.context);
        const events = session.run({ signal: new AbortController().signal, ask: async (challenge) => opened.subject.answer(challenge), show: (challenge) => void opened.subject.shown?.(challenge) });
        const seen: AdapterEvent[] = [];
        const rest = async (count: number): Promise<boolean> => {
          for (let step = await events.next(); ; step = await events.next()) {
            if (step.done === true) return true;
            seen.push(step.value);
            if (seen.length === count) return false;
          }
        };
        if (await rest(at)) return undefined;
        const before = opened.subject.made?.().length;
        const values = seen.length;
        if ((await session.cancel('user')) !== 'cancelled') continue;
        await rest(Infinity).catch(() => undefined);
        demand(seen.slice(values).every(({ type }) => type !== 'signatures') && opened.subject.made?.().length === before, `a value after it was cancelled at event ${at}`);
      }
    },
  },
  {
    id: 'L5.display', level: 'L5', title: 'shows the verification code it was given, or one of the provider over what is signed, while it counts, and asks once for what was answered rightly',
    async run(make, harness) {
      const late: string[] = [];
      const shown = new Set<string>();
      let given = '';
            // A provider's own code is one over what is signed: another content, another code.
      for (const index of [0, 1, 2]) {
        const opened = await openGood(make, harness);
        const request = requestFor(opened, harness, `display-${index}`, 1, index);
        given = request.display.verificationCode;
        const asked: Challenge[] = [];
        await runRaw(await opened.adapter.begin(request, opened.context), opened, undefined, undefined, [], (challenge) => {
          asked.push(challenge);
          if ('expiresAt' in challenge && challenge.expiresAt !== undefined && challenge.expiresAt <= opened.subject.clock.now()) late.push(challenge.type);
        });
        const codes = new Set(asked.flatMap((challenge) => ('verificationCode' in challenge ? challenge.verificationCode ?? [] : [])));
        demand(codes.size <= 1, 'more than one verification code for one signing');
        for (const code of codes) shown.add(code);
        const pins = asked.filter(({ type }) => type === 'pin').map(({ id }) => id);
        demand(new Set(pins).size === pins.length, 'asks twice for a PIN that was right');
        if (codes.has(given) || codes.size === 0) break;
      }
      demand(shown.size !== 1 || shown.has(given), 'a verification code that says nothing of what is signed');
      demand(late.length === 0, `shows ${late.join(', ')} that no longer counts`);
      return undefined;
    },
  },
  {
    id: 'L5.secrets', level: 'L5', title: 'leaves no secret in events, snapshots, errors, notes and addresses, whatever goes wrong',
    async run(make, harness) {
      for (const fault of FAULTS) {
        const opened = await open(make, harness, fault);
        if (opened === undefined) continue;
        const { subject, adapter, context, written } = opened;
        if (subject.secrets === undefined) return 'the subject names no secrets';
        const left: unknown[] = [];
        const events: AdapterEvent[] = [];
        try {
          const session = await adapter.begin(requestFor(opened, harness, 'secrets', 1), context);
          const snapshots = { push: () => left.push(session.snapshot()) };
          snapshots.push();
          await runRaw({ ...session, async *run(io) { for await (const event of session.run(io)) { snapshots.push(); yield event; } } }, opened, undefined, undefined, events, (challenge) => left.push(challenge));
          snapshots.push();
        } catch (error) {
          left.push(faces(error));
        }
        const text = textOf([left, events, written, subject.sent?.().map(({ address }) => address)]);
        for (const secret of [...subject.secrets(), ...(subject.keys?.() ?? [])]) demand(!text.includes(secret), `a secret was left behind${fault === undefined ? '' : ` (${fault})`}`);
      }
      return undefined;
    },
  },
  {
    id: 'L5.protects', level: 'L5', title: 'has every token it was given struck out of what is written',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      if (opened.subject.secrets === undefined) return 'the subject names no secrets';
      const answered = new Set<string>();
      const subject = { ...opened.subject, answer: async (challenge: Parameters<typeof opened.subject.answer>[0]) => {
        const answer = await opened.subject.answer(challenge);
        for (const value of Object.values(answer)) if (typeof value === 'string') answered.add(value);
        return answer;
      } };
      await runRaw(await opened.adapter.begin(requestFor(opened, harness, 'protects', 1), opened.context), { ...opened, subject });
      // What users answer is protected by core.
      for (const secret of opened.subject.secrets()) demand(answered.has(secret) || secretOfUser(secret, answered) || opened.protects(secret), 'a token that nobody protects');
      return undefined;
    },
  },
  {
    id: 'L5.labels', level: 'L5', title: 'sends no label and no title that was not to be shared',
    async run(make, harness) {
      const opened = await openGood(make, harness);
      if (opened.subject.sent === undefined) return 'the subject does not say what was sent';
      const request = requestFor(opened, harness, 'labels', 1);
      const marked: BeginRequest = { ...request, items: request.items.map((item) => ({ ...item, label: 'label-7f3e1c55' })) };
      await valuesOf(await opened.adapter.begin(marked, opened.context), opened);
      demand(!JSON.stringify(opened.subject.sent()).includes('label-7f3e1c55'), 'a label was sent');
      return undefined;
    },
  },
];

async function valuesOf(session: AdapterSession, opened: OpenSubject): Promise<readonly RawSignature[]> {
  return (await runRaw(session, opened)).flatMap((event) => (event.type === 'signatures' ? event.signatures : []));
}

/** Undefined where it is refused, as it may be. */
async function refusable<T>(what: () => Promise<T>): Promise<T | undefined> {
  try {
    return await what();
  } catch (error) {
    demand(error instanceof SignError, 'throws a foreign error');
    return undefined;
  }
}

async function demandVerifies(returned: readonly RawSignature[], { credential }: BeginRequest, index: number, { signingTime }: OpenSubject, { algorithms }: ConformanceHarness): Promise<void> {
  const preparation: Preparation = { credential, algorithms, form: {}, signingTime };
  const pinned = pinItem({ itemId: 'i0', label: '', content: contentOfItem(index) }, preparation);
  const { refused } = await release({ awaited: [{ itemId: 'i0', prepared: prepareItem(pinned, preparation) }], returned });
  demand(refused.length === 0, `a value that is not this request’s: ${refused[0]?.code}`);
}

const secretOfUser = (secret: string, answered: ReadonlySet<string>): boolean => [...answered].some((each) => each.includes(secret));

/** An error as a log might show it, with everything under it. */
function faces(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error) || depth > 8) return String(error);
  return [error.name, error.message, error.stack, { ...error }, faces(error.cause, depth + 1)];
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (each instanceof Uint8Array ? String.fromCharCode(...each) : each)) ?? '';
}
