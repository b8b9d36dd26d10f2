import { beforeAll, describe, expect, it } from 'vitest';
import type { Algorithms } from '@hefu/crypto';
import { serializeList, signList, updateTrustList, type ListRole, type TrustList, type UpdateOptions, type UpdateOutcome } from '../src/index.js';
import { algorithms, caCertificate, listOf, NOW, roleOf, serviceOf, sm2Signer } from './helpers/world.js';
import { childOf, city, delegationTo, load, publish, update as updateScheme, verdict } from './helpers/scheme.js';

const [ann, bo, cai] = [sm2Signer(41), sm2Signer(42), sm2Signer(43)];
const role: ListRole = roleOf([[ann, 'a'], [bo, 'b']], { threshold: 2 });
let envelope: Uint8Array;

beforeAll(async () => {
  envelope = await signList(serializeList(listOf([serviceOf(await caCertificate('Test CA'))])), [ann, bo]);
});

/** Algorithms that count the signatures they are asked about. */
function counting(): Algorithms & { readonly asked: () => number } {
  let asked = 0;
  const signatures = algorithms.signatures.map((each) => Object.assign(Object.create(each) as typeof each, { verify: (...args: Parameters<typeof each.verify>) => { asked++; return each.verify(...args); } }));
  return { ...algorithms, signatures, asked: () => asked };
}
async function first(by: Algorithms, more: Partial<UpdateOptions> = {}): Promise<TrustList> {
  const outcome = await updateTrustList(undefined, envelope, { role, algorithms: by, at: NOW, ...more });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  return outcome.trustList;
}

describe('octets already verified', () => {
  it('are not verified again under the same terms, and say the same', async () => {
    const by = counting();
    const current = await first(by);
    expect(by.asked()).toBe(2);
    const again = await updateTrustList(current, envelope.slice(), { role: structuredClone(role), algorithms: by, at: NOW + 1 });
    expect(by.asked()).toBe(2);
    expect(again).toMatchObject({ outcome: 'unchanged', signatures: [{ outcome: 'counted' }, { outcome: 'counted' }] });
    expect(again.trustList).toBe(current);
    // Who has them already may give them back as if they were new.
    expect(await updateTrustList(undefined, current.envelope, { role, algorithms: by, at: NOW })).toMatchObject({ outcome: 'accepted', trustList: current });
    expect(by.asked()).toBe(2);
  });

  it('are verified again for another role, other algorithms, other limits, or one octet', async () => {
    const by = counting();
    const current = await first(by);
    const ask = (bytes: Uint8Array, more: Partial<UpdateOptions>): Promise<UpdateOutcome> => updateTrustList(current, bytes, { role, algorithms: by, at: NOW, ...more });
    const code = (outcome: UpdateOutcome): string => (outcome.outcome === 'refused' ? outcome.code : outcome.outcome);
    expect(code(await ask(envelope, { role: roleOf([[ann, 'a'], [cai, 'c']], { threshold: 2 }) }))).toBe('TL_THRESHOLD_NOT_MET');
    expect(code(await ask(envelope, { role: roleOf([[ann, 'a'], [bo, 'a']], { threshold: 2, distinctOrgs: 1 }) }))).toBe('unchanged');
    expect(by.asked()).toBeGreaterThan(3);
    expect(code(await ask(envelope, { algorithms: { ...algorithms, signatures: [] } }))).toBe('TL_SIGNATURE_INVALID');
    expect(code(await ask(envelope, { maxBytes: 100 }))).toBe('TL_TOO_LARGE');
    const altered = envelope.slice();
    altered[altered.lastIndexOf(0x22) - 4]! ^= 1;
    expect(code(await ask(altered, {}))).not.toBe('unchanged');
    // The clock is no part of what is remembered.
    expect(code(await updateTrustList(undefined, current.envelope, { role, algorithms: by, at: current.issued - 3_600_000 }))).toBe('TL_ISSUED_IN_FUTURE');
    expect(await ask(envelope, { at: current.nextUpdate + 1 })).toMatchObject({ outcome: 'unchanged', notes: [{ code: 'TL_STALE' }] });
    expect(code(await updateTrustList(undefined, current.envelope, { role, algorithms: by, at: NOW, expectedListId: 'other' }))).toBe('TL_WRONG_LIST');
  });

  it('of a child list stay verified while its parent changes', async () => {
    const service = serviceOf(await caCertificate('Test CA'));
    const folder = await publish([service], { list: { delegations: [delegationTo('4201', city)] } });
    await folder.putList(childOf('4201', [service]), [city]);
    await folder.freshen();
    const by = counting();
    const snapshot = await load(folder, { algorithms: by });
    const child = snapshot.lists.get('4201');
    await folder.putList(folder.nextList('42'));
    await folder.freshen();
    const before = by.asked();
    const next = await updateScheme(snapshot, folder, { algorithms: by });
    expect([verdict(next), next.snapshot!.list.sequence]).toEqual(['updated', 2]);
    expect(next.snapshot!.lists.get('4201')).toBe(child);
    // Freshness and the province's list.
    expect(by.asked() - before).toBe(3);
  });
});
