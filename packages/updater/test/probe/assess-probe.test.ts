import { expect, test } from 'vitest';
import { assessProbe, type Authority, type ProbeFacts } from '../../src/index.js';

const T = Date.UTC(2026, 0, 1);
const HOUR = 3_600_000;
const base: ProbeFacts = { kind: 'crl', url: 'http://ca.example/a.crl', origin: 'list', at: T, latencyMs: 20, bytes: 1000, status: 200 };
const crl = (changes: Partial<NonNullable<ProbeFacts['crl']>> = {}): ProbeFacts => ({ ...base, crl: { authority: 'issuer', thisUpdate: T - HOUR, nextUpdate: T + 23 * HOUR, entries: 3, ...changes } });
const of = (facts: ProbeFacts): readonly string[] => {
  const { outcome, findings } = assessProbe(facts, T);
  return [outcome, ...findings.map(({ code }) => code)];
};

test('a CRL of the CA, in time, is well; each departure has its own code', () => {
  expect(assessProbe(crl(), T)).toEqual({ outcome: 'passed', findings: [], margin: 23 * HOUR });
  expect(of({ ...crl(), latencyMs: 3001 })).toEqual(['passed', 'ENDPOINT_SLOW']);
  expect(of({ ...crl(), bytes: 45 * 1024 * 1024 })).toEqual(['passed', 'ENDPOINT_LARGE']);
  expect(of({ ...crl(), maxAge: HOUR / 2 })).toEqual(['failed', 'TOO_OLD']);
  expect(of({ ...crl(), maxAge: HOUR })).toEqual(['passed']);
  expect(of(crl({ nextUpdate: T }))).toEqual(['failed', 'EXPIRED']);
  expect(of(crl({ nextUpdate: T + 1 }))).toEqual(['passed', 'EXPIRES_SOON']);
  expect(of(crl({ thisUpdate: T + HOUR, nextUpdate: T + 24 * HOUR }))).toEqual(['failed', 'FROM_FUTURE']);
  const { nextUpdate: _, ...endless } = crl().crl!;
  expect(of({ ...base, crl: endless })).toEqual(['passed', 'NO_NEXT_UPDATE']);
  for (const [authority, expected] of [['other-issuer', ['failed', 'WRONG_ISSUER']], ['signature-invalid', ['failed', 'SIGNATURE_INVALID']], ['unknown', ['indeterminate', 'AUTHORITY_UNKNOWN']]] as readonly [Authority, string[]][]) expect(of(crl({ authority }))).toEqual(expected);
});

test('no answer, and an address that is not asked', () => {
  expect(of({ ...base, failure: { code: 'TIMEOUT', detail: 'x' } })).toEqual(['failed', 'ENDPOINT_FAILED']);
  expect(of({ ...base, failure: { code: 'ADDRESS_REFUSED', detail: 'x' } })).toEqual(['failed', 'ENDPOINT_REFUSED']);
});

test('OCSP: a responder that knows nothing of the question is alive, one in trouble is not', () => {
  const ocsp = (responseStatus: string, authority: Authority = 'delegated'): ProbeFacts => ({ ...base, kind: 'ocsp', ocsp: { responseStatus, authority } });
  expect(of(ocsp('successful'))).toEqual(['passed']);
  expect(of(ocsp('successful', 'listed'))).toEqual(['passed']);
  expect(of(ocsp('successful', 'not-authorised'))).toEqual(['failed', 'NOT_AUTHORISED']);
  expect(of(ocsp('unauthorized', 'unknown'))).toEqual(['indeterminate', 'OCSP_ERROR']);
  expect(of(ocsp('tryLater', 'unknown'))).toEqual(['failed', 'OCSP_ERROR']);
});

test('TSA: never more than unclear, as its signature is not verified', () => {
  const tsa = (pkiStatus: number, token: boolean): ProbeFacts => ({ ...base, kind: 'tsa', tsa: { pkiStatus, token } });
  expect(of(tsa(0, true))).toEqual(['indeterminate', 'TSA_NOT_VERIFIED']);
  expect(of(tsa(0, false))).toEqual(['failed', 'TSA_TOKEN_MISSING']);
  expect(of(tsa(2, false))).toEqual(['failed', 'TSA_REFUSED']);
});
