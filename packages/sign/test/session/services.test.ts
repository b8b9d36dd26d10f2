import { sha256 } from '@hefu/crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import {
  alternativesOf, checkFile, createJournal, createRedactor, createServerClock, firstBrokenLine, manifestFile, planSigning, readManifest, retrying, SignError, writeManifest, type AuthPlan, type SignErrorCode,
} from '../../src/index.js';
import { seededRandom, VirtualClock } from './virtual-clock.js';

const algorithms = nodeAlgorithms();
const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const pin: AuthPlan = { factor: 'pin', id: 'PIN' };
const plan = (items: number, perAuthorisation: number, perCall: number, auth: AuthPlan = pin, manifest: 'never' | 'when-needed' | 'always' = 'never') =>
  planSigning({
    itemIds: Array.from({ length: items }, (_, i) => `i${i}`), credential: { maxPerAuthorisation: perAuthorisation, hashBound: false, auth }, manifest,
    capabilities: { batch: { maxPerAuthorisation: 500, maxPerCall: perCall, hashBound: false, extend: false } },
  });

describe('plan', () => {
  it('says how often the user confirms before he is asked', () => {
    expect(plan(300, 1, 1)).toMatchObject({ confirmations: 300, mode: 'each', calls: 300 });
    expect(plan(300, 100, 30)).toMatchObject({ confirmations: 3, calls: 12 });
    expect(plan(3, 1, 1, { factor: 'oauth-client', id: 'token' })).toMatchObject({ confirmations: 0, steps: [] });
  });
  it('offers one signature over a manifest where that saves confirmations', () => {
    expect(plan(300, 1, 1, pin, 'when-needed')).toMatchObject({ mode: 'manifest', confirmations: 1, calls: 1 });
    expect(plan(3, 10, 10, pin, 'when-needed').mode).toBe('each');
    expect(plan(3, 10, 10, pin, 'always').mode).toBe('manifest');
  });
  it('loses and doubles nothing', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 200 }), fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 50 }), (items, perAuthorisation, perCall) => {
      const { authorisations } = plan(items, perAuthorisation, perCall);
      expect(authorisations.flat()).toEqual(Array.from({ length: items }, (_, i) => `i${i}`));
      expect(Math.max(...authorisations.map((ids) => ids.length))).toBeLessThanOrEqual(perAuthorisation);
    }));
  });
  it('refuses limits and batches that are none', () => {
    expect(() => plan(0, 1, 1)).toThrow(TypeError);
    expect(() => plan(1, 0, 1)).toThrow(TypeError);
    expect(() => plan(10_001, 1, 1)).toThrowError(expect.objectContaining({ code: 'BATCH_TOO_LARGE' }));
  });
  it('reads what authorises as alternatives', () => {
    const otp: AuthPlan = { factor: 'otp-online', id: 'OTP' };
    expect(alternativesOf({ op: 'and', of: [pin, { op: 'xor', of: [otp, { factor: 'push', id: 'APP' }] }] }).map((all) => all.map(({ id }) => id))).toEqual([['PIN', 'OTP'], ['PIN', 'APP']]);
  });
});

describe('retry', () => {
  const failing = (codes: readonly SignErrorCode[], outcome?: 'unknown') => {
    let sent = 0;
    const send = async (): Promise<string> => {
      const code = codes[sent++];
      if (code !== undefined) throw new SignError(code, 'test', { ...(outcome === undefined ? {} : { outcome }), ...(code === 'RATE_LIMITED' ? { retryAfterMs: 5000 } : {}) });
      return 'done';
    };
    return { send, sent: () => sent };
  };
  const options = (nature: 'read' | 'idempotent' | 'once', clock = new VirtualClock(0)) => ({ nature, clock, random: seededRandom(), signal: new AbortController().signal });

  it('repeats what changes nothing, and waits as long as it is told to', async () => {
    const clock = new VirtualClock(0);
    const { send, sent } = failing(['NETWORK', 'RATE_LIMITED']);
    await expect(retrying(send, options('read', clock))).resolves.toBe('done');
    expect(sent()).toBe(3);
    expect(clock.now()).toBeGreaterThanOrEqual(5000);
  });
  it('never repeats what may have signed', async () => {
    const { send, sent } = failing(['NETWORK'], 'unknown');
    await expect(retrying(send, options('once'))).rejects.toMatchObject({ code: 'OUTCOME_UNKNOWN', outcome: 'unknown', retry: 'reconcile' });
    expect(sent()).toBe(1);
  });
  it('gives up within its budget, on other errors, and when aborted', async () => {
    const always = failing(Array.from({ length: 9 }, () => 'NETWORK'));
    await expect(retrying(always.send, options('read'))).rejects.toMatchObject({ code: 'NETWORK' });
    expect(always.sent()).toBe(4);
    const refused = failing(['PIN_INCORRECT']);
    await expect(retrying(refused.send, options('idempotent'))).rejects.toMatchObject({ code: 'PIN_INCORRECT' });
    expect(refused.sent()).toBe(1);
    await expect(retrying(failing([]).send, { ...options('read'), signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
    await expect(retrying(failing(['RATE_LIMITED']).send, { ...options('read'), deadline: 4000 })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  });
});

describe('server clock', () => {
  it('never states a time that no server has reached', () => {
    fc.assert(fc.property(fc.integer({ min: -86_400_000, max: 86_400_000 }), fc.integer({ min: 0, max: 5000 }), fc.integer({ min: 0, max: 5000 }), (skew, out, back) => {
      const truth = 1_780_000_000_123;
      const local = new VirtualClock(truth - skew);
      const clock = createServerClock(local);
      local.jump(out);
      const header = Math.floor((truth + out) / 1000) * 1000;
      local.jump(back);
      clock.observe('provider', header, out + back);
      expect(clock.signingTime()).toBeLessThanOrEqual(truth + out + back);
      expect(clock.signingTime()).toBeGreaterThan(truth - 12_000);
    }));
  });
  it('says when the machine is off, and refuses servers that contradict each other', () => {
    const clock = createServerClock(new VirtualClock(1_000_000_000));
    expect(clock.state()).toBe('unchecked');
    clock.observe('platform', 1_000_003_000, 20);
    expect(clock.state()).toBe('ok');
    clock.observe('platform', 1_000_600_000, 10);
    expect(clock.state()).toBe('skewed');
    expect(Math.abs(clock.now() - 1_000_600_000)).toBeLessThan(2000);
    clock.observe('provider', 1_000_001_000, 10);
    expect(() => clock.signingTime()).toThrowError(expect.objectContaining({ code: 'CLOCK_SKEW' }));
  });
});

describe('journal', () => {
  it('shows what was altered, removed or put in, and holds no secret', () => {
    const lines: string[] = [];
    const redactor = createRedactor();
    redactor.protect('135790');
    redactor.protect('sad-0123456789');
    const journal = createJournal({ digest: sha256, redactor, write: (line) => lines.push(line) });
    journal.append(0, 'begun', { requestId: 'r1' });
    journal.append(1, 'asked', { said: 'PIN 135790', url: `https://x/?t=${encodeURIComponent('sad-0123456789')}`, b64: Buffer.from('sad-0123456789').toString('base64'), n: 135790 });
    journal.append(2, 'done');
    expect(firstBrokenLine(lines, sha256, undefined, journal.head())).toBeUndefined();
    expect(lines.join()).not.toMatch(/135790|sad-0123/);
    expect(firstBrokenLine([lines[0]!, lines[1]!.replace('asked', 'ASKED'), lines[2]!], sha256)).toBe(2);
    expect(firstBrokenLine([lines[0]!, lines[2]!], sha256)).toBe(1);
    expect(firstBrokenLine(lines.slice(0, 2), sha256, undefined, journal.head())).toBe(2);
  });
  it('does not take part of a number for a PIN', () => {
    const redactor = createRedactor();
    redactor.protect('1234');
    expect(redactor.isIn({ hash: 'ab1234cd', at: 1_234_567 })).toBe(false);
    expect(redactor.isIn({ text: 'pin=1234;' })).toBe(true);
  });
});

describe('manifest', () => {
  const file = (name: string, content: string) => manifestFile(name, text(content), algorithms);
  const manifest = writeManifest([file('b.pdf', 'two'), file('a.pdf', 'one')]);
  it('proves each of its files, and no other', () => {
    expect(readManifest(manifest)!.files.map(({ name }) => name)).toEqual(['a.pdf', 'b.pdf']);
    expect(checkFile(manifest, file('a.pdf', 'one'))).toBeUndefined();
    expect(checkFile(manifest, file('c.pdf', 'one'))).toBe('NAME_NOT_LISTED');
    expect(checkFile(manifest, file('a.pdf', 'onE'))).toBe('SHA256_DIFFERS');
    expect(checkFile(manifest, file('a.pdf', 'more'))).toBe('SIZE_DIFFERS');
    expect(checkFile(manifest, { ...file('a.pdf', 'one'), sm3: '0'.repeat(64) })).toBe('SM3_DIFFERS');
  });
  it('has one form', () => {
    const written = new TextDecoder().decode(manifest);
    for (const other of [` ${written}`, written.replace('"version":1', '"version":1,"x":0'), written.replace('"type":"hefu-manifest","version":1', '"version":1,"type":"hefu-manifest"'), written.replace('a.pdf', 'c.pdf'), `\ufeff${written}`, written.replace('"b.pdf"', '"a.pdf"')]) {
      expect(readManifest(text(other))).toBeUndefined();
    }
    expect(() => writeManifest([file('a', '1'), file('a', '2')])).toThrow(TypeError);
  });
  it('comes back as it was written', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).map((name) => name.normalize('NFC')), { minLength: 1, maxLength: 8 }), (names) => {
      expect(readManifest(writeManifest(names.map((name) => file(name, name))))!.files.map(({ name }) => name)).toEqual([...names].sort((a, b) => (a < b ? -1 : 1)));
    }));
  });
});
