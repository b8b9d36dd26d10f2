import { expect, it } from 'vitest';
import { generalizedTime } from '@hefu/pki';
import type { Evidence } from '../../src/evidence.js';
import { AT, DAY, extension, newCa, newLeaf } from '../path/issue.js';
import { anchor, judged, listOf, serviceOf } from '../trust/listed.js';
import { HOUR, respond } from './ocsp-response.js';
import { crlBy, deltaBy, idp, INDIRECT, listing } from './world.js';

/** A certificate that has run out, asked after by what was issued since: silence means nothing then (RFC 5280 §3.3, RFC 6960 §4.4.4). */

const ca = newCa('C=CN,O=CA');
const other = newCa('C=CN,O=Other');
const ended = newLeaf(ca, { notAfter: AT - 5 * DAY });
const neighbour = newLeaf(ca);
const trustList = listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { mode: 'crl-first', ocsp: [{ url: 'http://o/' }] } }));
const cutoff = (at: number): Uint8Array => extension('1.3.6.1.5.5.7.48.1.6', generalizedTime(at));

async function status(evidence: Partial<Evidence>): Promise<string> {
  const { revocation: [first] } = await judged(ended, trustList, evidence, { bestSignatureTime: AT - 10 * DAY });
  return first!.status === 'unknown' ? `unknown ${first!.code}` : first!.status;
}
const answered = (...says: Parameters<typeof respond>[0]['says']): Partial<Evidence> => ({ ocsp: [{ response: respond({ issuer: ca, signer: ca, says }) }] });
const listed = (...crls: readonly ReturnType<typeof crlBy>[]): Partial<Evidence> => ({ crls: crls.map((crl) => ({ crl })) });

it('an OCSP answer counts by what it says of this certificate, not of one beside it', async () => {
  expect(await status(answered({ about: ended }))).toBe('unknown REVOCATION_OUT_OF_BOUNDS');
  expect(await status(answered({ about: ended }, { about: neighbour, status: 1 }))).toBe('unknown REVOCATION_OUT_OF_BOUNDS');
  expect(await status(answered({ about: ended, status: 1 }))).toBe('revoked');
  expect(await status(answered({ about: ended, extensions: [cutoff(AT - 6 * DAY)] }))).toBe('good');
  expect(await status(answered({ about: ended, extensions: [cutoff(AT - 4 * DAY)] }))).toBe('unknown REVOCATION_OUT_OF_BOUNDS');
  expect(await status(answered({ about: ended }, { about: neighbour, extensions: [cutoff(AT - 6 * DAY)] }))).toBe('unknown REVOCATION_OUT_OF_BOUNDS');
});

it('a CRL counts by its entry for this certificate, not by one of the same number', async () => {
  expect(await status(listed(crlBy(ca)))).toBe('unknown REVOCATION_OUT_OF_BOUNDS');
  expect(await status(listed(crlBy(ca, { entries: [listing(ended, 1)] })))).toBe('revoked');
  const indirect = (issuer: Uint8Array) => crlBy(ca, { extensions: [idp(INDIRECT)], entries: [listing(ended, 1, { issuer })] });
  expect(await status(listed(indirect(other.name)))).toBe('unknown REVOCATION_OUT_OF_BOUNDS');
  expect(await status(listed(indirect(ca.name)))).toBe('revoked');
});

it('a hold is not lifted by being taken from the list after the end', async () => {
  const held = crlBy(ca, { number: 1, thisUpdate: AT - 6 * DAY, entries: [listing(ended, 6)] });
  expect(await status(listed(held))).toBe('frozen');
  expect(await status(listed(held, deltaBy(ca, 1, 2, { entries: [listing(ended, 8)] })))).toBe('frozen');
  expect(await status(listed(held, deltaBy(ca, 1, 2, { thisUpdate: AT - 5 * DAY - HOUR, entries: [listing(ended, 8)] })))).toBe('good');
});
