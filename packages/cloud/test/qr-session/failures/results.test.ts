import { selectCredential, type Judgement, type SignErrorCode } from '@hefu/sign';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { algorithms, APIS, AT, createBench, desk, inputFor, judgement, leaks, once, play, createSigningSession, resumeSigningSession, sign, type Api, type Bench } from '../bench.js';
import { expectDone, expectFailure } from './expect.js';

let judged: Judgement;
const benches = new Map<Api, Bench>();
beforeAll(async () => {
  judged = await judgement();
  for (const api of APIS) benches.set(api, await createBench(api));
});
afterEach(() => { for (const bench of benches.values()) { bench.provider.faults.clear(); bench.written.length = 0; } });
afterAll(() => Promise.all([...benches.values()].map((bench) => bench.close())));
let n = 0;
const run = (api: Api, fault: string | undefined, change: Parameters<typeof sign>[3] = {}, hand = once('approve')) => {
  const bench = benches.get(api)!;
  if (fault !== undefined) bench.provider.faults.set(fault);
  return sign(bench, judged, hand, { requestId: `req-${n++}`, ...change });
};

describe('without a fault', () => {
  it.each(APIS.flatMap((api) => (['SM2', 'RSA-2048'] as const).map((kind) => [api, kind] as const)))('%s signs with %s, and the judge passes it', async (api, kind) => {
    expectDone(await run(api, undefined, { kind }), benches.get(api)!);
  });
});

describe('26 to 34: a value that is not right is never released', () => {
  const cases: [what: string, api: Api, fault: string, kind: 'SM2' | 'RSA-2048', count: number, code: SignErrorCode, detail: string | undefined][] = ([

    ['27 values in another order', 'coss', 'permute', 'SM2', 3, 'SIGNATURE_ORDER'],
    ['27 values in another order', 'zhongzhao', 'permute', 'RSA-2048', 2, 'SIGNATURE_ORDER'],
    ['28 a value too many', 'zhongzhao', 'more', 'SM2', 2, 'SIGNATURE_COUNT', 'unknown-item'],
    ['28 a value twice', 'coss', 'duplicate-value', 'SM2', 2, 'SIGNATURE_DUPLICATE'],
    ['29 r and s without leading octets', 'zhongzhao', 'stripped-zero', 'SM2', 1, 'SIGNATURE_ENCODING'],
    ['29 octets that are no value', 'device-link', 'garbage', 'RSA-2048', 1, 'SIGNATURE_INVALID'],
    ['30 e taken for the message', 'zhongzhao', 'as-message', 'SM2', 1, 'PREHASH_MISMATCH', 'HASHED_TWICE'],
    ['30 e taken for the message, with an empty identifier', 'coss', 'as-message-empty-id', 'SM2', 1, 'PREHASH_MISMATCH', 'HASHED_TWICE'],
    ['30 hashed twice, by SM2', 'coss', 'double-hash', 'SM2', 1, 'PREHASH_MISMATCH'],
    ['30 hashed twice, by RSA', 'device-link', 'double-hash', 'RSA-2048', 1, 'PREHASH_MISMATCH'],
    // Who was given a digest alone can only cut it: what that is a signature of nobody knows, but its DigestInfo names SHA-1.
    ['31 SHA-1 instead of SHA-256', 'coss', 'sha-1', 'RSA-2048', 1, 'DIGEST_DOWNGRADED', 'SHA-1'],
    ['31 PKCS #1 v1.5 where PSS was asked for', 'device-link', 'pkcs1-for-pss', 'RSA-2048', 1, 'ALGORITHM_DOWNGRADED'],
    ['31 PSS with another salt', 'device-link', 'pss-salt', 'RSA-2048', 1, 'SIGNATURE_INVALID'],
    ['31 another algorithm, by its word', 'device-link', 'downgrade-word', 'RSA-2048', 1, 'ALGORITHM_DOWNGRADED', 'oid sha1WithRSAEncryption'],
    ['32 another certificate beside a good value', 'zhongzhao', 'swap-certificate', 'SM2', 1, 'CERT_SWAPPED'],
    ['32 another certificate beside a good value', 'device-link', 'swap-certificate', 'SM2', 1, 'CERT_SWAPPED'],
  ] as const).map(([what, api, fault, kind, count, code, detail]) => [what, api, fault, kind, count, code, detail]);

  it('28 a value too few costs its own item', async () => {
    const bench = benches.get('coss')!;
    const { end } = await run('coss', 'fewer', { kind: 'SM2', count: 2 });
    expect(end).toMatchObject({ type: 'failed', error: { code: 'SIGNATURE_COUNT', outcome: 'signed', itemId: 'i0', detail: 'fewer' }, signatures: [{ itemId: 'i1' }] });
    expect(leaks(bench)).toEqual([]);
  });
  it.each(cases)('%s (%s %s)', async (_, api, fault, kind, count, code, detail) => {
    expectFailure(await run(api, fault, { kind, count }), benches.get(api)!, code, 'signed', detail);
  });

  it.each(APIS)('26 a value for another hash, from a phone of %s', async (api) => {
    const ran = await run(api, undefined, { kind: 'SM2' }, once('sign-other'));
    expect(ran.end).toMatchObject({ type: 'failed', error: { code: 'SIGNATURE_INVALID' } });
    expectFailure(ran, benches.get(api)!, 'SIGNATURE_INVALID', 'signed');
  });

  it.each(APIS)('32 a value by another certificate, from a phone of %s', async (api) => {
    expectFailure(await run(api, undefined, { kind: 'SM2' }, once('sign-with-other-key')), benches.get(api)!, 'CERT_SWAPPED', 'signed');
  });

  it.each(['p1363', 'hex', 'base64url'] as const)('29 %s is read for what it is', async (fault) => {
    expectDone(await run('coss', fault, { kind: 'SM2', count: 2 }), benches.get('coss')!, 2);
  });

  it('32 a renewed certificate is another credential: what was chosen is not signed with it', async () => {
    const bench = benches.get('coss')!;
    const input = await inputFor(bench, desk(bench.clock).ports, judged, { kind: 'SM2' });
    const other = (await bench.credentials()).find(({ ref }) => ref !== input.credential.ref)!;
    const session = await createSigningSession({ ...input, requestId: 'renewed', credential: { ...input.credential, chain: other.chain, algorithms: other.algorithms } });
    expectFailure({ end: (await play(bench, session)).at(-1)! }, bench, 'NO_USABLE_CREDENTIAL', 'not-signed');
  });

  it('33 what is revoked, frozen or expired is refused before anybody is asked', async () => {
    const bench = benches.get('coss')!;
    for (const [state, codes] of [['revoked', ['CREDENTIAL_DISABLED', 'CERT_REVOKED']], ['frozen', ['CREDENTIAL_DISABLED', 'CERT_REVOKED']], ['expired', ['CERT_EXPIRED']]] as const) {
      const company = bench.provider.hsm.keys.find((each) => each.company.state === state)!.company;
      const credentials = await bench.adapter.listCredentials({ limit: 5, userId: company.id }, bench.context);
      const [candidate] = await selectCredential({ credentials, capabilities: await bench.adapter.discover(bench.context), algorithms, at: AT, ...judged });
      expect(candidate!.usable, state).toBe(false);
      expect(candidate!.reasons.map(({ code }) => code).some((code) => (codes as readonly string[]).includes(code)), state).toBe(true);
    }
  });

  it('34 a certificate listed twice is one credential', async () => {
    const bench = benches.get('coss')!;
    const before = await bench.credentials();
    bench.provider.faults.set('duplicate-credential');
    expect((await bench.credentials()).map(({ ref }) => ref)).toEqual(before.map(({ ref }) => ref));
  });

  it('43 a file that changed meanwhile gets no signature', async () => {
    const bench = benches.get('coss')!;
    const own = desk(bench.clock);
    const input = await inputFor(bench, { ...own.ports, reread: async () => new TextEncoder().encode('changed') }, judged, { kind: 'SM2', requestId: 'changed' });
    expectFailure({ end: (await play(bench, await createSigningSession(input))).at(-1)! }, bench, 'FILE_CHANGED', 'signed');
  });
});

describe('a job of one session', () => {
  it.each([['coss', 'STATE_MISMATCH'], ['zhongzhao', 'STATE_MISMATCH'], ['device-link', 'CERT_SWAPPED']] as const)('of %s completes no other: an answer about another is %s', async (api, code) => {
    await run(api, undefined, { kind: 'SM2' });
    expectFailure(await run(api, 'echo-other-job', { kind: 'SM2' }), benches.get(api)!, code, 'signed');
  });

  it.each(['coss', 'zhongzhao'] as const)('of %s is not handed to another request', async (api) => {
    await run(api, undefined, { kind: 'SM2' });
    const made = benches.get(api)!.book.made.length;
    expectFailure(await run(api, 'job-id-of-other', { kind: 'SM2' }), benches.get(api)!, 'STATE_MISMATCH', 'not-signed', 'job-of-other-request');
    expect(benches.get(api)!.book.made.length).toBe(made);
  });

  it.each(APIS)('of %s lends its values to nobody', async (api) => {
    await run(api, undefined, { kind: 'SM2' });
    const ran = await run(api, 'other-job-values', { kind: 'SM2', items: [{ itemId: 'x', label: 'other', content: new TextEncoder().encode('another bid') }] });
    expectFailure(ran, benches.get(api)!, 'SIGNATURE_INVALID', 'signed');
  });

  it('is not taken over by a snapshot that was altered', async () => {
    const bench = benches.get('coss')!;
    const snapshots = [];
    for (const requestId of ['mine', 'theirs']) {
      const own = desk(bench.clock);
      const session = await createSigningSession(await inputFor(bench, own.ports, judged, { kind: 'SM2', requestId }));
      await play(bench, session, () => { void session.cancel('superseded'); return undefined; });
      snapshots.push(JSON.stringify(own.snapshots.find((each) => JSON.stringify(each).includes('"job":'))));
    }
    const jobs = snapshots.map((each) => /"id":"(SD-[^"]+)"/.exec(each)![1]!);
    const altered = snapshots[0]!.replaceAll(jobs[0]!, jobs[1]!);
    const session = resumeSigningSession(JSON.parse(altered), { adapter: bench.adapter, algorithms, judgement: judged, ports: desk(bench.clock).ports });
    expectFailure({ end: (await play(bench, session)).at(-1)! }, bench, 'STATE_MISMATCH', 'not-signed', 'job-of-other-request');
  });
});

describe('an answer in words nobody knows', () => {
  it.each(APIS)('is not taken for a yes (%s)', async (api) => {
    const ran = await run(api, 'unknown-word', { kind: 'SM2' });
    expectFailure(ran, benches.get(api)!, 'OUTCOME_UNKNOWN', 'unknown');
  });
  it('and a provider that forgot a job leaves its outcome open', async () => {
    expectFailure(await run('coss', 'forgotten', { kind: 'SM2' }), benches.get('coss')!, 'OUTCOME_UNKNOWN', 'unknown');
  });
});
