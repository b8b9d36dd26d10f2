import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import type { ReasonCode } from '../src/codes.js';
import { makeReason as makeUnsaid, needsWords } from '../src/reason.js';
import { indicationOf, inWords, makeReason, REMEDIES, WARNINGS, type ReasonFacts } from '../src/remedies.js';
import type { Report } from '../src/report.js';

const CODES = Object.keys(REMEDIES) as ReasonCode[];
/** EN 319 102-1 §5.1.3: the sub-indications of TOTAL-FAILED. */
const FAILED = ['FORMAT_FAILURE', 'HASH_FAILURE', 'SIG_CRYPTO_FAILURE', 'REVOKED', 'EXPIRED', 'NOT_YET_VALID'];
const FACTS: readonly ReasonFacts[] = [
  {},
  { subject: 'certificate[0]' },
  { subject: 'certificate[2]', actual: 'ACTUAL', when: Date.UTC(2026, 7, 1) },
  { subject: 'signer[1]', expected: 'EXPECTED' },
  { subject: 'service urn:x', expected: 'EXPECTED', actual: 'ACTUAL', when: Date.UTC(2026, 7, 1), region: '420700', service: { zh: '某某CA', en: 'Some CA' } },
];

describe('the table of reasons', () => {
  it('has a row for every code of codes.ts', async () => {
    const source = await readFile(new URL('../src/codes.ts', import.meta.url), 'utf8');
    const named = (from: string, to: string): string[] => {
      const text = source.slice(source.indexOf(from), to === '' ? undefined : source.indexOf(to)).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
      return [...text.matchAll(/'([A-Z_]+)'/g)].map((match) => match[1]!).sort();
    };
    expect([...CODES].sort()).toEqual(named('type ReasonCode', 'type WarningCode'));
    expect(Object.keys(WARNINGS).sort()).toEqual(named('type WarningCode', ''));
  });

  it.each(CODES)('%s fails only by a sub-indication that means failure', (code) => {
    const { conclusion, subIndication } = REMEDIES[code];
    expect(FAILED.includes(subIndication)).toBe(conclusion === 'failed');
    const after = indicationOf(code, { provenAfter: true });
    expect(FAILED.includes(after.subIndication)).toBe(after.conclusion === 'failed');
  });

  it.each(CODES)('%s speaks whole sentences in both languages, whatever facts are known', (code) => {
    for (const facts of FACTS) {
      const reason = makeReason(code, facts);
      for (const { zh, en } of [reason.message, reason.remedy]) {
        for (const text of [zh, en]) {
          expect(text).not.toMatch(/undefined|NaN|\[object|（）|\(\)|  | ,|，，|。。|；。|：。/);
          expect(text.split('（')).toHaveLength(text.split('）').length);
          expect(text.split('(')).toHaveLength(text.split(')').length);
        }
        expect(zh).toMatch(/^[^ ].*。$/s);
        expect(zh).toMatch(/\p{Script=Han}/u);
        expect(en).toMatch(/^[A-Z“].*\.$/s);
        expect(en).not.toMatch(/[\u3000-\u303f\uff00-\uffef]/);
      }
      expect(reason.message.zh).not.toBe(reason.remedy.zh);
    }
  });

  it('keeps the mapping of the standard where it matters', () => {
    const map = (code: ReasonCode, provenAfter = false): string => Object.values(indicationOf(code, { provenAfter })).join('/');
    expect(map('CONTENT_TAMPERED')).toBe('failed/HASH_FAILURE');
    expect(map('SIGNATURE_INVALID')).toBe('failed/SIG_CRYPTO_FAILURE');
    expect(map('CERTIFICATE_REVOKED')).toBe('indeterminate/REVOKED_NO_POE');
    expect(map('CERTIFICATE_REVOKED', true)).toBe('failed/REVOKED');
    expect(map('CERTIFICATE_EXPIRED')).toBe('indeterminate/OUT_OF_BOUNDS_NO_POE');
    expect(map('CERTIFICATE_EXPIRED', true)).toBe('failed/EXPIRED');
    expect(map('CERTIFICATE_NOT_YET_VALID')).toBe('failed/NOT_YET_VALID');
    expect(map('CA_SUSPENDED', true)).toBe('indeterminate/TRY_LATER');
    expect(map('CERTIFICATE_FROZEN')).toBe('indeterminate/TRY_LATER');
    expect(map('CA_WITHDRAWN')).toBe('indeterminate/NO_CERTIFICATE_CHAIN_FOUND_NO_POE');
    expect(map('REGION_NOT_IN_SCOPE')).toBe('indeterminate/CHAIN_CONSTRAINTS_FAILURE');
    expect(map('LIST_EXPIRED')).toBe('indeterminate/NO_CERTIFICATE_CHAIN_FOUND');
    expect(map('IDENTITY_MISSING')).toBe('indeterminate/SIG_CONSTRAINTS_FAILURE');
    expect(map('ALGORITHM_REFUSED')).toBe('indeterminate/CRYPTO_CONSTRAINTS_FAILURE');
  });
});

describe('makeReason', () => {
  const service = { zh: '湖北某CA', en: 'Some Hubei CA' };

  it('puts the facts into the sentence', () => {
    const { message, responsible } = makeReason('CA_SUSPENDED', { service, when: Date.UTC(2026, 6, 31, 16) });
    expect(message).toEqual({
      zh: '“湖北某CA”自北京时间 2026-08-01 00:00:00 起被暂停认可，暂停期间作出的签名目前不能认定。',
      en: '“Some Hubei CA” has been suspended since 2026-07-31 16:00:00 UTC; signatures made meanwhile cannot be accepted for now.',
    });
    expect(responsible).toBe('ca');
    const region = makeReason('REGION_NOT_IN_SCOPE', { service, region: '420700', expected: '420100', actual: '420700' });
    expect(region.message.zh).toBe('“湖北某CA”的证书目前在以下地区受认可：420100；不适用于本平台所在地区（区划代码 420700）。');
    expect(region).toMatchObject({ layer: 'trust', expected: '420100', actual: '420700' });
  });

  it('carries only the facts given', () => {
    expect(Object.keys(makeReason('NO_SIGNERS'))).toEqual(['code', 'layer', 'message', 'remedy', 'responsible']);
    const nearestMiss = { code: 'SERVICE_STATUS', serviceId: 'urn:x' } as const;
    expect(makeReason('NO_SIGNERS', { subject: 'message', nearestMiss })).toMatchObject({ subject: 'message', nearestMiss });
  });

  it('sends the bidder to the CA when it is a CA certificate that ended', () => {
    const own = makeReason('CERTIFICATE_EXPIRED', { subject: 'certificate[0]' });
    const above = makeReason('CERTIFICATE_EXPIRED', { subject: 'certificate[1]' });
    expect([own.responsible, above.responsible]).toEqual(['bidder', 'ca']);
    expect(own.remedy.zh).not.toBe(above.remedy.zh);
  });

  it('does not let a fact run on, break the line or name an impossible day', () => {
    const { message } = makeReason('ALGORITHM_UNKNOWN', { actual: `a\n\u202e${'b'.repeat(5000)}`, when: Number.NaN });
    expect(message.zh.length).toBeLessThan(250);
    expect(message.zh).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    expect(makeReason('LIST_EXPIRED', { when: 1e300 }).message.en).toBe(makeReason('LIST_EXPIRED').message.en);
  });
});

describe('reasons without words', () => {
  it.each(CODES)('%s gets the same words later as at once, wherever it stands and copied or not', (code) => {
    for (const facts of [...FACTS, { subject: 'certificate[1]', settled: true, provenAfter: true, noPoe: true, notRevoked: true }]) {
      const reason = makeUnsaid(code, facts);
      expect(reason.message).toEqual({ zh: '', en: '' });
      const report = { signers: [{ reasons: [{ ...reason }], path: [Uint8Array.of(1), undefined, null] }], reasons: [reason], again: reason };
      expect(inWords(report)).toBe(report);
      const expected = makeReason(code, facts);
      for (const each of [reason, report.signers[0]!.reasons[0]!]) {
        expect(each).toStrictEqual(expected);
        expect(JSON.stringify(each)).toBe(JSON.stringify(expected));
        expect(Reflect.ownKeys(each)).toEqual(Reflect.ownKeys(expected));
      }
    }
  });

  it('are found wherever a report may have them', () => {
    const reasons = [makeUnsaid('NO_SIGNERS')];
    const clean = { reasons: [], signers: [{ reasons: [], timestamps: [{ reasons: [] }], countersignatures: [{ reasons: [] }] }] };
    expect(needsWords(clean as unknown as Report)).toBe(false);
    for (const report of [
      { ...clean, reasons }, { ...clean, signers: [{ reasons }] }, { ...clean, signers: [{ reasons: [], timestamps: [{ reasons }] }] }, { ...clean, signers: [{ reasons: [], countersignatures: [{ reasons }] }] },
    ]) expect(needsWords(report as unknown as Report)).toBe(true);
  });
});
