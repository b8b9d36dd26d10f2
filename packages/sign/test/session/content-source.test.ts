import { sm3 } from '@hefu/crypto';
import { contentDigest } from '@hefu/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { createSigningSession, createSoftAdapter, digestsForSigning, resumeSigningSession, type Capabilities, type Credential, type Judgement, type SigningAdapter, type SigningEvent, type SigningSessionInput, type ToSign } from '../../src/index.js';
import { algorithms, AT, bench, companies, inputFor, judgement, play, softKey } from './bench.js';

let judged: Judgement;
beforeAll(async () => { judged = await judgement(); });
const last = (events: readonly SigningEvent[]): SigningEvent => events.at(-1)!;

/** A provider that computes e of SM2 itself, from whole octets. */
function hashing(change: Partial<Capabilities> = {}): { adapter: SigningAdapter; given: ToSign[] } {
  const given: ToSign[] = [];
  const key = softKey(companies('SM2')[0]!);
  const soft = createSoftAdapter({ keys: [{ ...key, sign: (toSign, algorithm) => { given.push(toSign); return key.sign(toSign, algorithm); } }], accepts: ['tbs'] });
  return { given, adapter: { ...soft, discover: async (context) => ({ ...(await soft.discover(context)), sm2: { preHash: 'provider-z', id: 'default' }, maxTbsBytes: 4096, ...change }) } };
}
const start = async (adapter: SigningAdapter, change: Partial<SigningSessionInput> = {}, ports = bench().ports): Promise<SigningSessionInput> => inputFor(adapter, 2, judged, ports, change);

describe('a provider that hashes itself', () => {
  it('is given the content, whole, and its value is verified with e as core computes it', async () => {
    const { adapter, given } = hashing();
    const input = await start(adapter);
    expect(last(await play(await createSigningSession(input)))).toMatchObject({ type: 'done', signatures: [{ itemId: 'i0', report: { conclusion: 'passed' } }, { itemId: 'i1' }] });
    expect(given).toEqual(input.items.map(({ content }) => ({ kind: 'tbs', digest: 'SM3', value: content })));
  });
  it('is given the attributes where attributes are signed, whatever the content', async () => {
    const { adapter, given } = hashing({ maxTbsBytes: 400 });
    const content = new Uint8Array(10_000);
    const input = await start(adapter, { form: { variant: 'attrs-za' }, items: [{ itemId: 'big', label: 'big', content }] });
    expect(last(await play(await createSigningSession(input)))).toMatchObject({ type: 'done' });
    expect(given.map(({ kind, value }) => [kind, value.length < 400])).toEqual([['tbs', true]]);
  });
  it('that also takes e is given e', async () => {
    const { adapter, given } = hashing({ accepts: ['tbs', 'sm2-e'], sm2: { preHash: 'caller-e' } });
    expect(last(await play(await createSigningSession(await start(adapter))))).toMatchObject({ type: 'done' });
    expect(new Set(given.map(({ kind }) => kind))).toEqual(new Set(['sm2-e']));
  });
  it('is given attributes where a content is too large or is not here, and the form is left open', async () => {
    const items = [{ itemId: 'i0', label: 'x', content: new TextEncoder().encode('bid'.repeat(200)) }];
    const too = hashing({ maxTbsBytes: 400 });
    expect(last(await play(await createSigningSession(await start(too.adapter, { items }))))).toMatchObject({ type: 'done', signatures: [{ report: { conclusion: 'passed', signers: [{ messageVariant: 'attrs-za' }] } }] });
    expect(too.given.map(({ value }) => value.length < 400)).toEqual([true]);
    const credential = softKey(companies('SM2')[0]!).credential;
    const digests = digestsForSigning(600, { credential: credential as Credential, algorithms, form: {}, signingTime: AT }).map((each) => ({ ...each, value: contentDigest(items[0]!.content, sm3, each.prefix)! }));
    const away = hashing();
    expect(last(await play(await createSigningSession(await start(away.adapter, { items: [{ ...items[0]!, content: { length: 600, head: items[0]!.content.slice(0, 16), digests } }] }))))).toMatchObject({ type: 'done', signatures: [{ report: { signers: [{ messageVariant: 'attrs-za' }] } }] });
  });
  it('is not begun for what it cannot take', async () => {
    const { adapter } = hashing({ maxTbsBytes: 4 });
    await expect(createSigningSession(await start(adapter))).rejects.toMatchObject({ code: 'ALGORITHM_UNSUPPORTED', detail: 'too-large', itemId: 'i0' });
    await expect(createSigningSession(await start(hashing({ maxTbsBytes: 4 }).adapter, { form: { variant: 'za-content' } }))).rejects.toMatchObject({ code: 'ALGORITHM_UNSUPPORTED', detail: 'too-large', itemId: 'i0' });
    const digests = { length: 3, head: new Uint8Array(3), digests: [] };
    const hashed = await start(hashing().adapter, { items: [{ itemId: 'i0', label: 'x', content: digests }] });
    await expect(createSigningSession(hashed)).rejects.toMatchObject({ code: 'ALGORITHM_UNSUPPORTED', detail: 'content-not-here' });
  });
  it('after a crash is given what is read again, if that is what was hashed', async () => {
    const content = (id: string): Uint8Array => new TextEncoder().encode(`bid ${id.slice(1)}`);
    for (const [reread, end] of [
      [async (id: string) => content(id), { type: 'done' }],
      [async (id: string) => (id === 'i1' ? new Uint8Array(5) : content(id)), { type: 'failed', error: { code: 'FILE_CHANGED', itemId: 'i1', outcome: 'not-signed' } }],
      [undefined, { type: 'failed', error: { code: 'ALGORITHM_UNSUPPORTED', detail: 'content-not-here' } }],
    ] as const) {
      const { adapter } = hashing();
      const { ports, snapshots } = bench();
      const session = await createSigningSession(await start(adapter, {}, ports));
      await play(session, {}, (event) => { if (event.type === 'phase') void session.cancel(); });
      const next = bench().ports;
      const events = await play(resumeSigningSession(snapshots.at(-1)!, { adapter, algorithms, judgement: judged, ports: { ...next, ...(reread === undefined ? {} : { reread }) } }));
      expect(last(events)).toMatchObject(end);
    }
  });
});
