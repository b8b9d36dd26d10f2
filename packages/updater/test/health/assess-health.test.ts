import fc from 'fast-check';
import { expect, test } from 'vitest';
import { assessHealth, NEW_HEALTH, readHealthState, type Alert, type HealthFacts, type HealthState } from '../../src/index.js';

const T = Date.UTC(2026, 0, 1);
const DAY = 86_400_000;
const none: HealthFacts = { expiring: [], endpoints: [], equivocations: [], renewals: [] };
const told = (alerts: readonly Alert[]): readonly string[] => alerts.map(({ code, state, threshold }) => `${state} ${code}${threshold === undefined ? '' : ` ${threshold / DAY}`}`);

/** Runs rounds, each a day apart unless it says when. */
function rounds(...facts: readonly (readonly [day: number, HealthFacts])[]): { readonly told: readonly (readonly string[])[]; readonly state: HealthState } {
  let state: HealthState | undefined;
  const all = facts.map(([day, each]) => {
    const outcome = assessHealth(each, state, T + day * DAY);
    state = outcome.state;
    return told(outcome.alerts);
  });
  return { told: all, state: state! };
}

const list = (days: number): HealthFacts => ({ ...none, expiring: [{ what: 'list', id: '42', since: T - 200 * DAY, until: T + days * DAY }] });

test('each threshold once, then the end, then the renewal', () => {
  const days = [0, 9, 10, 11, 40, 70, 86, 93, 99, 99.5, 100, 101];
  const { told: all } = rounds(...days.map((day) => [day, list(100)] as const), [101, list(400)]);
  expect(all.map((each) => each.join())).toEqual(['', '', 'raised EXPIRES 90', '', 'raised EXPIRES 60', 'raised EXPIRES 30', 'raised EXPIRES 14', 'raised EXPIRES 7', 'raised EXPIRES 1', '', 'raised EXPIRED 0', '', 'resolved EXPIRED 0']);
});

test('first seen late, only the nearest is told; renewed a little, the looser one is told anew', () => {
  expect(rounds([95, list(100)], [95, list(145)]).told).toEqual([['raised EXPIRES 7'], ['resolved EXPIRES 7', 'raised EXPIRES 60']]);
});

test('what lives shortly is measured by its life', () => {
  const crl = (hours: number): HealthFacts => ({ ...none, expiring: [{ what: 'crl', id: 'http://ca.example/a.crl', since: T, until: T + hours * 3_600_000 }] });
  // A week: 1 day. A day: a tenth of it.
  expect(rounds([0, crl(168)], [5, crl(168)], [6, crl(168)]).told.flat()).toEqual(['raised EXPIRES 1']);
  expect(rounds([0, crl(24)], [0.89, crl(24)], [0.91, crl(24)], [1, crl(24)]).told.flat()).toEqual(['raised EXPIRES 0.1', 'raised EXPIRED 0']);
});

test('what cannot be seen keeps what was known of it, and still runs out', () => {
  const unseen: HealthFacts = { ...none, expiring: [{ what: 'list', id: '42' }] };
  expect(rounds([0, list(100)], [50, unseen], [101, unseen], [102, none]).told).toEqual([[], ['raised EXPIRES 60'], ['raised EXPIRED 0'], ['resolved EXPIRED 0']]);
  expect(rounds([0, unseen]).told).toEqual([[]]);
});

test('an address is down after failures in a row, told once, and up again', () => {
  const at = (ok: boolean): HealthFacts => ({ ...none, endpoints: [{ kind: 'crl', url: 'http://ca.example/a.crl', ok }] });
  const run = [false, false, true, false, false, false, false, true, true].map((ok, index) => [index, at(ok)] as const);
  expect(rounds(...run).told.map((each) => each.join())).toEqual(['', '', '', '', '', 'raised ENDPOINT_DOWN', '', 'resolved ENDPOINT_DOWN', '']);
});

test('an equivocation stays; a missed renewal ends with the next', () => {
  const lies: HealthFacts = { ...none, equivocations: [{ id: '42 #7', detail: 'ab cd' }] };
  const outcome = rounds([0, lies], [1, none], [2, lies]);
  expect(outcome.told).toEqual([['raised EQUIVOCATION'], [], []]);
  expect(outcome.state.equivocations).toEqual({ '42 #7': true });
  const renewed = (day: number): HealthFacts => ({ ...none, renewals: [{ id: 'freshness x', issued: T + day * DAY, every: 2 * DAY }] });
  expect(rounds([0, renewed(0)], [2, renewed(0)], [2.1, renewed(0)], [3, renewed(0)], [4, renewed(4)]).told.map((each) => each.join())).toEqual(['', '', 'raised NOT_RENEWED', '', 'resolved NOT_RENEWED']);
});

test('a state that was tampered with is none', () => {
  expect(readHealthState(JSON.parse(JSON.stringify(rounds([95, list(100)]).state)))).toEqual(rounds([95, list(100)]).state);
  for (const value of [undefined, null, [], {}, { version: 2 }, { ...NEW_HEALTH, expiring: { a: { until: 'x' } } }, { ...NEW_HEALTH, endpoints: { a: 1 } }]) expect(readHealthState(value)).toBeUndefined();
});

const facts: fc.Arbitrary<HealthFacts> = fc.record({
  expiring: fc.array(fc.record({ what: fc.constantFrom('list', 'crl', 'anchor' as const), id: fc.constantFrom('a', 'b', '__proto__'), until: fc.option(fc.integer({ min: 0, max: 200 }).map((day) => T + day * DAY), { nil: undefined }), since: fc.constantFrom(T - 300 * DAY, T) }), { maxLength: 4 }) as fc.Arbitrary<HealthFacts['expiring']>,
  endpoints: fc.array(fc.record({ kind: fc.constantFrom('crl', 'ocsp' as const), url: fc.constantFrom('x', 'y'), ok: fc.boolean() }), { maxLength: 3 }),
  equivocations: fc.array(fc.constantFrom({ id: 'e', detail: '' }, { id: 'f', detail: '' }), { maxLength: 2 }),
  renewals: fc.array(fc.record({ id: fc.constant('freshness'), issued: fc.integer({ min: 0, max: 100 }).map((day) => T + day * DAY), every: fc.constant(2 * DAY) }), { maxLength: 1 }),
});

test('property: over any run, nothing is told twice, nothing resolved that was not raised, and the state is JSON no larger than what is watched', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.integer({ min: 0, max: 20 }), facts), { maxLength: 20 }), (run) => {
      let state: HealthState | undefined;
      let at = T;
      const open = new Map<string, number>();
      for (const [days, each] of run) {
        at += days * DAY;
        const outcome = assessHealth(each, state, at);
        for (const { id, state: what, threshold = 0 } of outcome.alerts) {
          if (what === 'resolved') expect(open.delete(id)).toBe(true);
          else {
            // Raised again only for a nearer threshold.
            expect(open.get(id) ?? Number.POSITIVE_INFINITY).toBeGreaterThan(threshold);
            open.set(id, threshold);
          }
        }
        const again = assessHealth({ ...each, endpoints: [] }, { ...outcome.state, endpoints: {} }, at);
        expect(again.alerts).toEqual([]);
        state = readHealthState(JSON.parse(JSON.stringify(outcome.state)));
        expect(state).toEqual(outcome.state);
        expect(Object.keys(outcome.state.expiring).length).toBeLessThanOrEqual(each.expiring.length);
        expect(Object.keys(outcome.state.endpoints).length).toBeLessThanOrEqual(each.endpoints.length);
      }
    }),
  );
});
