import type { TrustService } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../src/evidence.js';
import type { Policy, ScenePolicy } from '../src/policy.js';
import { DEFAULT_POLICY } from '../src/policy/default-policy.js';
import { AT, DAY, newCa, newLeaf } from './path/issue.js';
import { HOUR, respond } from './revocation/ocsp-response.js';
import { crlBy } from './revocation/world.js';
import { anchor, judged, listOf, serviceOf } from './trust/listed.js';

const ca = newCa('C=CN,O=CA');
const leaf = newLeaf(ca);

async function status(revocation: Partial<TrustService['revocation']>, scene: Partial<ScenePolicy>, evidence: Partial<Evidence>, policy: Partial<Policy> = {}): Promise<string> {
  const trustList = listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation }));
  const scenes = { ...DEFAULT_POLICY.scenes, 'bid-signing': { ...DEFAULT_POLICY.scenes['bid-signing'], ...scene } };
  const verdict = await judged(leaf, trustList, evidence, { policy: { ...DEFAULT_POLICY, ...policy, scenes } });
  const [result] = verdict.revocation;
  return [result!.status, result!.code, result!.inGrace === true ? 'in grace' : undefined].filter(Boolean).join(' ');
}

describe('how old a CRL may be is the scene’s word and the list’s, the stricter of the two', () => {
  const crl = (thisUpdate: number, nextUpdate: number): Partial<Evidence> => ({ crls: [{ crl: crlBy(ca, { thisUpdate, nextUpdate }) }] });
  const ended = crl(AT - 2 * DAY, AT - HOUR);
  const fresh = crl(AT - 2 * HOUR, AT + HOUR);

  it.each([
    ['grace of the scene', {}, { crlGrace: HOUR }, ended, 'good in grace'],
    ['a millisecond less', {}, { crlGrace: HOUR - 1 }, ended, 'unknown CRL_STALE'],
    ['greatest age of the scene', {}, { crlMaxAge: 2 * HOUR }, fresh, 'good'],
    ['a millisecond less of it', {}, { crlMaxAge: 2 * HOUR - 1 }, fresh, 'unknown CRL_STALE'],
    ['greatest age of the list', { crl: [{ url: 'http://c/', maxAge: 2 * HOUR - 1 }] }, {}, fresh, 'unknown CRL_STALE'],
    ['the list does not stretch the scene', { crl: [{ url: 'http://c/', maxAge: DAY }] }, { crlMaxAge: HOUR }, fresh, 'unknown CRL_STALE'],
    ['nor the scene the list', { crl: [{ url: 'http://c/', maxAge: HOUR }] }, { crlMaxAge: DAY }, fresh, 'unknown CRL_STALE'],
  ] as const)('%s', async (_, revocation, scene, evidence, expected) => {
    expect(await status(revocation, scene, evidence)).toBe(expected);
  });
  it('a clock ahead is granted the policy’s skew, no more', async () => {
    const ahead = crl(AT + 60_000, AT + DAY);
    expect(await status({}, {}, ahead, { clockSkew: 60_000 })).toBe('good');
    expect(await status({}, {}, ahead, { clockSkew: 59_999 })).toBe('unknown CRL_NOT_YET_VALID');
  });
});

describe('how old an OCSP answer may be', () => {
  const answer = (thisUpdate: number, nextUpdate: number | null, producedAt = thisUpdate): Partial<Evidence> => ({
    ocsp: [{ response: respond({ issuer: ca, signer: ca, says: [{ about: leaf, thisUpdate, nextUpdate }], producedAt }) }],
  });
  const list = (more: object = {}): Partial<TrustService['revocation']> => ({ mode: 'ocsp-first', ocsp: [{ url: 'http://o/', ...more }] });
  it.each([
    ['no grace by itself', list(), {}, answer(AT - DAY, AT - HOUR), 'unknown OCSP_STALE'],
    ['grace of the scene', list(), { ocspGrace: HOUR }, answer(AT - DAY, AT - HOUR), 'good in grace'],
    ['not that for CRLs', list(), { crlGrace: DAY }, answer(AT - DAY, AT - HOUR), 'unknown OCSP_STALE'],
    ['without nextUpdate, nothing by itself', list(), {}, answer(AT - HOUR, null), 'unknown OCSP_STALE'],
    ['without nextUpdate, within the list’s age', list({ maxAge: HOUR }), {}, answer(AT - HOUR, null), 'good'],
    ['without nextUpdate, within the scene’s age', list(), { ocspMaxAge: HOUR }, answer(AT - HOUR, null), 'good'],
    ['beyond the list’s age', list({ maxAge: HOUR - 1 }), { ocspMaxAge: DAY }, answer(AT - HOUR, AT + DAY), 'unknown OCSP_STALE'],
    ['a responder’s clock ahead, as the list grants', list({ skew: HOUR }), {}, answer(AT + HOUR, AT + DAY), 'good'],
    ['a responder’s clock further ahead', list({ skew: HOUR - 1000 }), {}, answer(AT + HOUR, AT + DAY), 'unknown OCSP_NOT_YET_VALID'],
    ['skew is for answers, not for CRLs', list({ skew: HOUR }), {}, { crls: [{ crl: crlBy(ca, { thisUpdate: AT + HOUR, nextUpdate: AT + DAY }) }] }, 'unknown CRL_NOT_YET_VALID'],
  ] as const)('%s', async (_, revocation, scene, evidence, expected) => {
    expect(await status(revocation, scene, evidence)).toBe(expected);
  });
});

describe('where the list requires a nonce', () => {
  const sent = new Uint8Array(32).fill(9);
  const response = respond({ issuer: ca, signer: ca, says: [{ about: leaf }] });
  const echoing = respond({ issuer: ca, signer: ca, says: [{ about: leaf }], nonce: sent });
  const strict: Partial<TrustService['revocation']> = { mode: 'ocsp-first', ocsp: [{ url: 'http://o/', nonce: 'required' }] };
  it('an answer to nobody’s question does not clear a certificate, though it may condemn one', async () => {
    expect(await status(strict, {}, { ocsp: [{ response: echoing, nonce: { sent, required: true } }] })).toBe('good');
    expect(await status(strict, {}, { ocsp: [{ response }] })).toBe('unknown OCSP_NONCE_MISMATCH');
    expect(await status(strict, {}, { ocsp: [{ response: echoing }] })).toBe('unknown OCSP_NONCE_MISMATCH');
    expect(await status(strict, {}, { ocsp: [{ response: respond({ issuer: ca, signer: ca, says: [{ about: leaf, status: 1 }] }) }] })).toBe('revoked CERTIFICATE_REVOKED');
    expect(await status({ ...strict, ocsp: [{ url: 'http://o/' }] }, {}, { ocsp: [{ response }] })).toBe('good');
  });
  it('of one endpoint and not of another, each is believed about its own answers', async () => {
    const mixed = { ...strict, ocsp: [...strict.ocsp!, { url: 'http://p/', nonce: 'none' as const }] };
    expect(await status(mixed, {}, { ocsp: [{ response, url: 'http://p/' }] })).toBe('good');
    expect(await status(mixed, {}, { ocsp: [{ response, url: 'http://o/' }] })).toBe('unknown OCSP_NONCE_MISMATCH');
  });
});

it('an answer taken back is told: as the reason, or as a warning where a CRL says good', async () => {
  const answer = (status: 'good' | 'unknown', at: number) => ({ response: respond({ issuer: ca, signer: ca, says: [{ about: leaf, status, thisUpdate: at, nextUpdate: AT + DAY }], producedAt: at }) });
  const trustList = listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { mode: 'ocsp-first', ocsp: [{ url: 'http://o/' }] } }));
  const then = answer('good', AT - 3 * HOUR);
  const now = answer('unknown', AT - HOUR);
  const open = await judged(leaf, trustList, { ocsp: [then, now] });
  expect(open.reasons.map(({ code, actual }) => [code, actual])).toContainEqual(['OCSP_STATUS_UNKNOWN', `good ${new Date(AT - 3 * HOUR).toISOString()}, unknown ${new Date(AT - HOUR).toISOString()}`]);
  expect(open.warnings).not.toContain('OCSP_UNKNOWN_BESIDE_GOOD');
  const crls = [{ crl: crlBy(ca, { thisUpdate: AT - 2 * HOUR, nextUpdate: AT + DAY }) }];
  const closed = await judged(leaf, trustList, { ocsp: [then, now], crls });
  expect(closed.revocation[0]!.status).toBe('good');
  expect(closed.warnings).toContain('OCSP_UNKNOWN_BESIDE_GOOD');
  expect((await judged(leaf, trustList, { ocsp: [then], crls })).warnings).not.toContain('OCSP_UNKNOWN_BESIDE_GOOD');
});

it('the list may leave a CA without revocation, and says why', async () => {
  const trustList = listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { mode: 'none-with-reason', reason: '一次性证书' } }));
  const { revocation } = await judged(leaf, trustList, {});
  expect(revocation).toEqual([{ certificate: 0, status: 'not-checked', reason: '一次性证书' }]);
});
