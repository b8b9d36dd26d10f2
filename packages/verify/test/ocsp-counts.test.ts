import { oid, nullValue, sequence } from '@hefu/pki';
import type { TrustService } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
import type { CollectedOcsp, WantedOcsp } from '../src/evidence.js';
import { ocspCounts } from '../src/ocsp-counts.js';
import { DEFAULT_POLICY } from '../src/policy/default-policy.js';
import { subjectKey } from '../src/wish-list.js';
import { ALGORITHMS, AT, extension, newCa, newKey, newLeaf } from './path/issue.js';
import { HOUR, respond, type RespondOptions, type Said } from './revocation/ocsp-response.js';
import { crlBy, listing } from './revocation/world.js';
import { anchor, CONTEXT, listOf, serviceOf } from './trust/listed.js';

const root = newCa('C=CN,O=Root');
const ca = newCa('C=CN,O=CA', root);
const leaf = newLeaf(ca);
const OCSP_SIGNING = extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.9')));
const NOCHECK = extension('1.3.6.1.5.5.7.48.1.5', nullValue());

const question = (revocation: Partial<TrustService['revocation']> = {}, crls: readonly ReturnType<typeof crlBy>[] = []) => ({
  certificates: [leaf], policy: DEFAULT_POLICY, algorithms: ALGORITHMS, at: AT, context: CONTEXT, brought: { crls: crls.map((crl) => ({ crl })) },
  trustList: listOf(serviceOf('urn:ca', { anchors: [anchor(ca.certificate)], revocation: { mode: 'ocsp-first', ocsp: [{ url: 'http://o/' }], ...revocation } })),
});
const wanted = (about = leaf): WantedOcsp => ({ kind: 'ocsp', forSerial: '', issuerKey: '', urls: [], origin: 'list', certId: new Uint8Array(0), nonce: 'optional', subjects: [subjectKey(about)] });
const said = (says: Partial<Said> = {}, options: Partial<RespondOptions> = {}): CollectedOcsp => ({ response: respond({ issuer: ca, signer: ca, says: [{ about: leaf, ...says }], ...options }), url: 'http://o/' });
const counts = (answer: CollectedOcsp, ...given: Parameters<typeof question>): Promise<boolean | undefined> => ocspCounts(question(...given))(answer, wanted());

describe('an OCSP answer worth keeping', () => {
  it('says anything, as long as it may: good, revoked, on hold, unknown', async () => {
    for (const status of ['good', 'unknown', 1, 6] as const) expect(await counts(said({ status }))).toBe(true);
    for (const mode of ['crl-first', 'both'] as const) expect(await counts(said(), { mode })).toBe(true);
  });
  it('is not forged, of the past or the future, about another certificate, or an answer to another question', async () => {
    const forger = { name: ca.name, key: newKey('p256') };
    for (const status of ['good', 'unknown', 1] as const) expect(await counts(said({ status }, { signer: forger }))).toBe(false);
    expect(await counts(said({ nextUpdate: AT - 1000 }))).toBe(false);
    expect(await counts(said({ thisUpdate: AT + HOUR, nextUpdate: AT + 2 * HOUR }))).toBe(false);
    expect(await counts(said({ about: newLeaf(ca) }))).toBe(false);
    const strict = { ocsp: [{ url: 'http://o/', nonce: 'required' as const }] };
    const sent = new Uint8Array(32).fill(7);
    expect(await counts({ ...said({}, { nonce: sent }), nonce: { sent, required: true } }, strict)).toBe(true);
    expect(await counts({ ...said({}, { nonce: new Uint8Array(32) }), nonce: { sent, required: true } }, strict)).toBe(false);
  });
  it('does not pass because a CRL says good, nor fail because one does', async () => {
    expect(await counts(said({}, { signer: { name: ca.name, key: newKey('p256') } }), {}, [crlBy(ca)])).toBe(false);
    expect(await counts(said(), {}, [crlBy(ca)])).toBe(true);
  });
  it('by a delegate whose standing a CRL has yet to tell cannot be told', async () => {
    const by = (signer: ReturnType<typeof newCa>) => said({}, { signer, certificates: [signer.certificate] });
    const long = newCa('C=CN,O=CA,CN=OCSP', ca, { kind: 'leaf', extensions: [OCSP_SIGNING] });
    expect(await counts(by(newCa('C=CN,O=CA,CN=OCSP', ca, { kind: 'leaf', extensions: [OCSP_SIGNING, NOCHECK] })))).toBe(true);
    expect(await counts(by(long))).toBeUndefined();
    expect(await counts(by(long), {}, [crlBy(ca)])).toBe(true);
    expect(await counts(by(long), {}, [crlBy(ca, { entries: [listing(long.certificate, 1)] })])).not.toBe(true);
  });
  it('about a certificate on no path of the judge cannot be told', async () => {
    const nobody = newLeaf(newCa('C=CN,O=Nobody'));
    expect(await ocspCounts(question())(said(), wanted(nobody))).toBeUndefined();
    expect(await ocspCounts({ ...question(), trustList: listOf() })(said(), wanted())).toBeUndefined();
  });
});
