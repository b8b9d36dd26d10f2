import { expect } from 'vitest';
import { createServerClock, resumeSigningSession, SignError, type SigningEvent, type SigningItem } from '../../src/index.js';
import { algorithms, AT, bench, judgement, play } from '../session/bench.js';
import { PIN, RIGHT, type Failure } from './failure.js';

const pin = { pin: PIN };
const MINUTE = 60_000;
const DAY = 86_400_000;
/** The platform says it is AT, whatever the clock here says. */
const clockOff = (ms: number): Pick<Failure, 'change'> => ({ change: (_, { clock }) => {
  clock.jump(ms);
  const serverClock = createServerClock(clock);
  serverClock.observe('platform', AT, 100);
  return { serverClock };
} });
const skewed = (events: readonly SigningEvent[]): boolean => events.some((event) => event.type === 'warning' && event.code === 'CLOCK_SKEWED');
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const UNIQUE = 'confidential price 4711-0815 of a bid that never leaves';

/** 35: clocks; 41 to 45: batches; 49 and 50: what does not leave. */
export const BATCH_FAILURES: readonly Failure[] = [
  { number: 35, what: 'the clock three seconds fast', script: pin, ...clockOff(3000), ends: 'done', more: (_, events) => expect(skewed(events)).toBe(false) },
  { number: 35, what: 'the clock five minutes fast: server time counts', script: pin, ...clockOff(5 * MINUTE), ends: 'done', more: (_, events) => expect(skewed(events)).toBe(true) },
  { number: 35, what: 'the clock a day slow: server time counts', script: pin, ...clockOff(-DAY), ends: 'done', more: (_, events) => expect(skewed(events)).toBe(true) },
  { number: 35, what: 'a signing time in the future by the provider’s clock', script: pin, change: (_, { clock }) => {
    const serverClock = createServerClock(clock);
    serverClock.observe('platform', AT, 100);
    serverClock.observe('provider', AT - DAY, 100);
    return { serverClock };
  }, ends: { throws: 'CLOCK_SKEW', detail: 'servers-disagree' } },
  { number: 35, what: 'a time-stamp authority that is a day behind: what it stamps would be older than what it is claimed to be', script: pin, change: (_, { clock }) => {
    const serverClock = createServerClock(clock);
    serverClock.observe('platform', AT, 100);
    serverClock.observe('tsa', AT - DAY, 100);
    return { serverClock };
  }, ends: { throws: 'CLOCK_SKEW', detail: 'servers-disagree' } },
  { number: 35, what: 'a time-stamp authority that is a minute behind: its time counts', script: pin, change: (_, { clock }) => {
    const serverClock = createServerClock(clock);
    serverClock.observe('tsa', AT - MINUTE, 100);
    serverClock.observe('provider', AT, 100);
    return { serverClock, form: { variant: 'attrs-za' } };
  }, ends: 'done', more: (end) => {
    const claimed = end.type === 'done' ? end.signatures[0]!.report.signers[0]!.claimedSigningTime : undefined;
    expect(Date.parse(claimed!)).toBeLessThanOrEqual(AT - MINUTE);
  } },
  { number: 35, what: 'a certificate that ends before the bid closes', script: pin, change: () => ({ deadline: AT + 20 * 365 * DAY }), ends: { code: 'CERT_EXPIRED', outcome: 'not-signed' } },
  { number: 41, what: 'one of 300 refused: 299 are kept, and one is left to do', items: 300, script: { refuses: ['i150'], maxPerAuthorisation: 300, maxPerCall: 50 }, ends: { code: 'PROVIDER_REFUSED', outcome: 'not-signed' }, made: 299, signed: 299, more: (_, __, { snapshots }) => {
    const { state } = snapshots.at(-1) as unknown as { state: { released: unknown[]; failed: { itemId: string }[] } };
    expect([state.released.length, state.failed.map(({ itemId }) => itemId)]).toEqual([299, ['i150']]);
  } },
  { number: 42, what: 'more than one authorisation covers: told before, and confirmed in parts', items: 5, script: { ...pin, maxPerAuthorisation: 2 }, ends: 'done', made: 5, more: (_, events) => expect(events[0]).toMatchObject({ type: 'plan', plan: { confirmations: 3, authorisations: [['i0', 'i1'], ['i2', 'i3'], ['i4']] } }) },
  { number: 42, what: 'more than the provider takes after all', items: 2, script: { ...pin, fail: (name) => (name === 'sign' ? new SignError('BATCH_TOO_LARGE', '1 at most') : undefined) }, ends: { code: 'BATCH_TOO_LARGE', outcome: 'not-signed' } },
  { number: 43, what: 'a file that changed after it was hashed', items: 2, script: pin, change: ({ ports }) => ({ ports: { ...ports, reread: async (id) => text(id === 'i1' ? 'bid 1, edited' : 'bid 0') } }), ends: { code: 'FILE_CHANGED', outcome: 'signed' }, signed: 1, made: 2 },
  { number: 45, what: 'equal names and equal contents', items: 3, script: pin, change: ({ items }) => ({ items: items.map(({ itemId }) => ({ itemId, label: 'bid.pdf', content: text('the same') })) }), ends: 'done', made: 3 },
  { number: 49, what: 'contents asked for, and only digests given', script: pin, change: ({ adapter, items }) => ({
    items: items.map((item) => ({ ...item, content: text(UNIQUE) })),
    adapter: { ...adapter, begin: (request, context) => {
      expect(request.items.every(({ toSign }: SigningItem) => toSign.kind === 'sm2-e' && toSign.value.length === 32)).toBe(true);
      expect(JSON.stringify(request, (_, each: unknown) => (each instanceof Uint8Array ? Buffer.from(each).toString('latin1') : each))).not.toContain('price 4711');
      return adapter.begin(request, context);
    } },
  }), ends: 'done', more: (_, __, { snapshots, journal }) => expect(JSON.stringify([snapshots, journal])).not.toContain(Buffer.from(UNIQUE).toString('base64').slice(24, 60)) },
  { number: 50, what: 'labels that are not sent', script: pin, change: () => ({ title: 'title-7f3e1c55' }), ends: 'done', more: (_, __, { provider }) => expect(JSON.stringify(provider.sent)).not.toMatch(/file 0\.pdf|title-7f3e1c55/) },
  { number: 50, what: 'labels that are sent where the caller says so', script: pin, change: () => ({ shareLabels: true, title: 'title-7f3e1c55' }), ends: 'done', more: (_, __, { provider }) => expect(JSON.stringify(provider.sent)).toMatch(/file 0\.pdf/) },
];

/** 41: what the one failure left is done later, alone. */
export async function goOn(snapshot: Parameters<typeof resumeSigningSession>[0], adapter: Parameters<typeof resumeSigningSession>[1]['adapter']): Promise<SigningEvent> {
  return (await play(resumeSigningSession(snapshot, { adapter, algorithms, judgement: await judgement(), ports: bench().ports }), RIGHT)).at(-1)!;
}
