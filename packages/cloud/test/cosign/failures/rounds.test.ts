import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CLEARANCE, clearAbort, COSIGN_CONSENT, createCosignAdapter, createEnrolment, createMemoryShareStore, type ShareRecord, type ShareStore } from '../../../src/index.js';
import { CosignBench, PIN, WatchedSeal } from '../bench.js';

const bench = new CosignBench();
beforeAll(() => bench.open());
afterEach(() => {
  bench.provider.faults.clear();
  bench.provider.transcript.clear();
});
afterAll(() => bench.provider.close());

const nonces = (): string[] => bench.provider.transcript.exchanges.filter(({ path }) => path.endsWith('/sign')).map(({ requestBody }) => (JSON.parse(requestBody) as { q1: string }).q1);
/** A store in front of another, whose writes can be made to fail. */
const failing = (store: ShareStore, when: (record: ShareRecord) => 'fails' | 'hangs' | undefined): ShareStore => ({
  ...store,
  write: (id, record, expected) => {
    const how = when(record);
    return how === undefined ? store.write(id, record, expected) : how === 'hangs' ? new Promise(() => undefined) : Promise.reject(new Error('disk full'));
  },
});

describe('38: a nonce', () => {
  it.each(['lost-answer', 'lost-request', '503', 'html', 'cosign-not-hex'])('is never sent again after %s: the next try has another, and the share stays good', async (fault) => {
    const { adapter, id, store } = await bench.enrolled();
    bench.provider.transcript.clear();
    bench.provider.faults.set(`${fault},on=/sign,times=1`);
    const { end } = await bench.sign(adapter, { attempts: 2 });
    if (end.type !== 'done') expect((await bench.sign(adapter, { attempts: 2 })).end).toMatchObject({ type: 'done' });
    expect(await store.read(id)).toMatchObject({ state: 'active' });
    const used = nonces();
    expect(used.length).toBeGreaterThanOrEqual(fault === 'lost-request' ? 1 : 2);
    expect(new Set(used).size).toBe(used.length);
  });

  it('is another for each of two equal items and each session', async () => {
    const { adapter } = await bench.enrolled();
    bench.provider.transcript.clear();
    for (let i = 0; i < 2; i++) expect((await bench.sign(adapter, { count: 2 })).end).toMatchObject({ type: 'done' });
    expect(new Set(nonces()).size).toBe(4);
  });
});

describe('40: two at once', () => {
  it('are one: the second is told that the share is in use', async () => {
    const { adapter } = await bench.enrolled();
    const ends = await Promise.all([bench.sign(adapter, { count: 2 }), bench.sign(adapter, { count: 2 })]);
    expect(ends.map(({ end }) => (end.type === 'failed' ? end.error.code : end.type)).sort()).toEqual(['ACTION_PENDING', 'done']);
  });

  it('with leases that do not know each other are one for the store', async () => {
    const { store, seal, id } = await bench.enrolled();
    const ends = await Promise.all([bench.adapter(store, seal), bench.adapter(store, seal)].map((adapter) => bench.sign(adapter)));
    const codes = ends.map(({ end }) => (end.type === 'failed' ? end.error.code : end.type));
    // Whoever comes second finds another revision, or the answer being checked; unless the first was done before it began.
    expect(codes).toContain('done');
    for (const code of codes) expect(['done', 'ACTION_PENDING', 'COSIGN_ABORT']).toContain(code);
    expect(await store.read(id)).toMatchObject({ state: 'active' });
  });
});

describe('an abort is terminal', () => {
  it('even where it cannot be written: the record stays as it was while the answer was checked', async () => {
    const { store, seal, id } = await bench.enrolled();
    bench.provider.faults.set('cosign-s2-zero');
    const { end } = await bench.sign(bench.adapter(failing(store, ({ state }) => (state === 'aborted' ? 'fails' : undefined)), seal));
    expect(end).toMatchObject({ type: 'failed', error: { code: 'COSIGN_ABORT', detail: 'out-of-range, not written' } });
    bench.provider.faults.clear();
    expect(await store.read(id)).toMatchObject({ state: 'checking' });
    expect((await bench.sign(bench.adapter(store, seal))).end).toMatchObject({ type: 'failed', error: { code: 'COSIGN_ABORT', detail: 'interrupted' } });
  });

  it('and so is a process that dies while it checks, until an operator has looked', async () => {
    const { store, seal, id } = await bench.enrolled();
    let reached = (): void => undefined;
    const dead = new Promise<void>((resolve) => (reached = resolve));
    void bench.sign(bench.adapter(failing(store, ({ state, revision }) => (state === 'active' && revision > 3 ? (reached(), 'hangs') : undefined)), seal));
    await dead;
    expect((await bench.sign(bench.adapter(store, seal))).end).toMatchObject({ type: 'failed', error: { code: 'COSIGN_ABORT', detail: 'interrupted' } });
    await expect(clearAbort(store, id, 'yes' as typeof CLEARANCE)).rejects.toThrow(TypeError);
    await clearAbort(store, id, CLEARANCE);
    expect((await bench.sign(bench.adapter(store, seal))).end).toMatchObject({ type: 'done' });
    await expect(clearAbort(store, id, CLEARANCE)).rejects.toMatchObject({ code: 'NO_USABLE_CREDENTIAL' });
  });

  it('and nothing is computed where it could not be said that a check begins', async () => {
    const { store, seal, id } = await bench.enrolled();
    const { end } = await bench.sign(bench.adapter(failing(store, ({ state }) => (state === 'checking' ? 'fails' : undefined)), seal));
    expect(end).toMatchObject({ type: 'failed', error: { code: 'ADAPTER_MISCONFIGURED', detail: 'share-store', outcome: 'not-signed' } });
    expect(await store.read(id)).toMatchObject({ state: 'active' });
  });
});

describe('refusals and the PIN', () => {
  it.each([['cosign-busy', 'ACTION_PENDING'], ['cosign-disabled', 'CREDENTIAL_DISABLED'], ['429', 'RATE_LIMITED']] as const)('%s is %s and leaves the share as it was', async (fault, code) => {
    const { adapter, store, id } = await bench.enrolled();
    bench.provider.faults.set(fault);
    expect((await bench.sign(adapter)).end).toMatchObject({ type: 'failed', error: { code, outcome: 'not-signed' } });
    expect(await store.read(id)).toMatchObject({ state: 'active' });
  });

  it('13: a wrong PIN is asked for again, and locks before anything is sent; 48: it stands nowhere', async () => {
    const { adapter } = await bench.enrolled(new WatchedSeal('pin'));
    bench.provider.transcript.clear();
    const { end, text } = await bench.sign(adapter, { pin: '55667788991122' });
    expect(end).toMatchObject({ type: 'failed', error: { code: 'PIN_LOCKED', outcome: 'not-signed' } });
    expect(bench.provider.transcript.exchanges).toEqual([]);
    expect(text).not.toContain('55667788991122');
    expect(text).not.toContain(PIN);
  });
});

describe('consent', () => {
  it('has to be said: without the words nothing is made', () => {
    const given = { store: createMemoryShareStore(), seal: new WatchedSeal(), server: bench.server(), leases: { acquire: async () => true, release: async () => undefined }, context: bench.context() };
    for (const enable of [undefined, true, 'yes', '']) {
      expect(() => createCosignAdapter({ ...given, enable: enable as unknown as typeof COSIGN_CONSENT })).toThrow(/without-a-security-proof/);
      expect(() => createEnrolment({ ...given, enable: enable as unknown as typeof COSIGN_CONSENT })).toThrow(/without-a-security-proof/);
    }
  });
  it('is repeated in the journal of each signing', async () => {
    const { adapter } = await bench.enrolled();
    expect((await bench.sign(adapter)).text).toContain('vendor protocol, no security proof');
  });
});
