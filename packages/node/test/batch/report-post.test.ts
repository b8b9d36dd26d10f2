import { isDeepStrictEqual } from 'node:util';
import type { Report } from '@hefu/verify';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ReportReceiver, ReportSender, type PostedReport } from '../../src/batch/report-post.js';

// Any values will do: what a report is made of is not looked at.
const asReport = (value: unknown): Report => value as Report;
function wire(): (value: unknown) => { readonly posted: PostedReport; readonly received: unknown } {
  const [sender, receiver] = [new ReportSender(), new ReportReceiver()];
  return (value) => {
    const posted = sender.post(asReport(value));
    return { posted, received: receiver.receive(structuredClone(posted)) };
  };
}

const leaf = fc.oneof(fc.constantFrom<unknown>(undefined, null, true, 0, 1, 'a', 'b'), fc.string({ maxLength: 3 }));
const { report } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small', withCrossShrink: true }, leaf, fc.array(tie('value'), { maxLength: 3 }), tie('report')),
  report: fc.dictionary(fc.constantFrom('code', 'reasons', '1', '__proto__', 'constructor', ''), tie('value'), { maxKeys: 4, noNullPrototype: true }),
}));

describe('a report on its way between threads', () => {
  it('arrives as it was, whatever went before it', () => {
    fc.assert(fc.property(fc.array(report, { minLength: 1, maxLength: 8 }), fc.array(fc.nat(7), { maxLength: 24 }), (reports, order) => {
      const send = wire();
      for (const at of order) {
        const value = reports[at % reports.length];
        const { received } = send(value);
        expect(isDeepStrictEqual(received, value)).toBe(true);
        expect(Object.keys(received as object)).toEqual(Object.keys(value as object));
      }
    }), { numRuns: 40 });
  });

  it('goes as what is different, and is an object of its own', () => {
    const send = wire();
    const of = (name: string): object => ({ code: 'OK', signers: [{ name, path: ['root', 'ca'] }], region: undefined });
    expect(send(of('a')).posted).toEqual({ whole: of('a'), kept: true });
    const { posted, received } = send(of('b'));
    expect(posted).toEqual([0, 1, 'b']);
    Object.assign((received as { signers: [{ path: string[] }] }).signers[0].path, ['changed by its reader']);
    expect(send(of('b'))).toEqual({ posted: [0], received: of('b') });
    // Neighbours that are of another form: a member more, an item less, another order, a leaf where an object was.
    for (const other of [{ ...of('b'), more: 1 }, { code: 'OK', signers: [], region: undefined }, { signers: [{ name: 'b', path: ['root', 'ca'] }], code: 'OK', region: undefined }, { code: 'OK', signers: null, region: undefined }]) {
      expect(send(other)).toMatchObject({ posted: { whole: other }, received: other });
    }
    expect(send(of('c'))).toEqual({ posted: [0, 1, 'c'], received: of('c') });
  });

  it('goes as a clone where it is more than members, items and leaves', () => {
    const send = wire();
    for (let times = 0; times < 2; times++) for (const value of [{ at: new Date(0) }, { octets: Uint8Array.of(1) }, { known: new Map([['a', 1]]) }]) {
      expect(send(value)).toEqual({ posted: { whole: value, kept: false }, received: value });
    }
    expect(send({ at: {} }).received).toEqual({ at: {} });
    expect(send({ at: new Map() }).received).toEqual({ at: new Map() });
  });

  it('goes as a clone where it is very large', () => {
    const send = wire();
    for (const length of [5_000, 4_096]) {
      const value = { reasons: Array.from({ length }, (_, at) => at) };
      expect(send(value)).toEqual({ posted: { whole: value, kept: length <= 4_096 }, received: value });
      expect(send(value)).toEqual({ posted: length > 4_096 ? { whole: value, kept: false } : [0], received: value });
    }
  });
});
