import fc from 'fast-check';
import { expect, it } from 'vitest';
import { newKey } from '../path/issue.js';
import { oracle, type Timeline } from './oracle.js';
import { archived, caFrom, CONTENT, crl, day, judged, list, party, signature, stamped, token, tsuOf } from './timeline.js';

const ca = caFrom('C=CN,O=CA');
const authority = caFrom('C=CN,O=TSA CA');
const steady = caFrom('C=CN,O=Steady TSA CA');
const steadyTsu = tsuOf(steady);
const key = newKey('rsa');
const tsuKey = newKey('p256');

const around = fc.integer({ min: 0, max: 40 });
const maybe = (days: fc.Arbitrary<number>): fc.Arbitrary<number | undefined> => fc.option(days, { nil: undefined });
const timelines: fc.Arbitrary<Timeline> = fc
  .record({
    now: fc.integer({ min: 2, max: 40 }), expires: around, revoked: maybe(around), withdrawn: maybe(around), sunset: maybe(around), crls: fc.uniqueArray(around, { maxLength: 3 }), crlOfToday: fc.boolean(),
    stamps: fc.array(fc.integer({ min: -2, max: 40 }), { maxLength: 2 }), authorityExpires: around, authorityCrl: around, archive: maybe(around), content: maybe(around),
  })
  .map((line) => ({
    ...line,
    // Most have few misfortunes, or nothing would ever pass.
    revoked: line.revoked !== undefined && line.revoked % 2 === 0 ? line.revoked : undefined,
    withdrawn: line.withdrawn !== undefined && line.withdrawn % 4 === 0 ? line.withdrawn : undefined,
    sunset: line.sunset !== undefined && line.sunset % 4 === 1 ? line.sunset : undefined,
    expires: Math.max(1, line.expires),
    authorityExpires: line.authorityExpires % 3 === 0 ? 100 : line.authorityExpires,
    stamps: line.stamps.filter((each) => each <= line.now),
    archive: line.archive !== undefined && line.archive <= line.now ? line.archive : undefined,
    content: line.content !== undefined && line.content <= line.now && line.content % 2 === 0 ? line.content : undefined,
  }));

async function verdictOn(line: Timeline) {
  const signer = party(ca, 0, line.expires, { key });
  const tsu = tsuOf(authority, -900, line.authorityExpires, { key: tsuKey });
  const basic = signature(signer, line.content === undefined ? {} : { contentStamps: [token(CONTENT, line.content, steadyTsu)] });
  const stampedAll = line.stamps.reduce((made, at) => stamped(made, at, tsu), basic);
  const message = line.archive === undefined ? stampedAll : archived(stampedAll, line.archive, steadyTsu);
  const listing = (at: number) => (line.revoked !== undefined && line.revoked <= at ? [{ certificate: signer.certificate, at: line.revoked }] : []);
  const history = [{ status: 'granted' as const, since: day(-5000), recorded: 1 }];
  return judged(message, {
    at: line.now,
    trustList: list({ ca: [ca], tsa: [authority, steady], caStatus: line.withdrawn === undefined ? history : [{ status: 'withdrawn', since: day(line.withdrawn), recorded: 2 }, ...history] }),
    crls: [
      ...[...line.crls, ...(line.crlOfToday ? [line.now] : [])].map((at) => crl(ca, at, at + 1.5, listing(at))),
      ...[line.now, line.authorityCrl].map((at) => crl(authority, at, at + 1.5)),
      crl(steady, line.now, line.now + 1.5),
    ],
    ...(line.sunset === undefined ? {} : { sunset: { 'RSASSA-PKCS1-v1_5-SHA-256': day(line.sunset) } }),
    policyMore: { clockSkew: 0 },
  });
}

it('says what the oracle says, whatever happens when', async () => {
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(timelines, async (line) => {
      const report = await verdictOn(line);
      const expected = oracle(line);
      const best = { time: report.times.bestSignature, source: report.times.sources.bestSignature };
      expect({ conclusion: report.conclusion, ...best }, JSON.stringify([line, report.reasons.map(({ code }) => code), report.signers[0]!.timestamps?.map(({ kind, code }) => [kind, code])])).toEqual({
        conclusion: expected.conclusion, time: new Date(day(expected.best)).toISOString(), source: expected.proven ? 'time-stamp' : 'validation time',
      });
      const seenAs = `${expected.conclusion} ${expected.proven}`;
      seen.set(seenAs, (seen.get(seenAs) ?? 0) + 1);
    }),
    { numRuns: 250 },
  );
  // The generator reaches every kind of verdict.
  expect([...seen.keys()].sort()).toEqual(['failed false', 'failed true', 'indeterminate false', 'indeterminate true', 'passed false', 'passed true']);
});

it('an oracle that forgets one thing is found out', async () => {
  // A time-stamp after the revocation passed off as one before: the judge must disagree.
  const line: Timeline = { now: 20, expires: 30, revoked: 10, withdrawn: undefined, sunset: undefined, crls: [], crlOfToday: true, stamps: [12], authorityExpires: 100, authorityCrl: 0, archive: undefined, content: undefined };
  expect(oracle(line).conclusion).toBe('indeterminate');
  expect((await verdictOn(line)).conclusion).not.toBe(oracle({ ...line, stamps: [9] }).conclusion);
});
