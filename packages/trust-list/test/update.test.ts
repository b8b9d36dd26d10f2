import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { encodeBase64url } from '../src/base64.js';
import {
  describeRefusal, serializeList, signList, updateTrustList, type ListDocument, type ListRole, type ServiceDocument, type StatusDocument, type TrustList, type UpdateOptions, type UpdateOutcome, type UpdateRefused,
} from '../src/index.js';
import { REFUSALS } from '../src/refusal.js';
import { algorithms, caCertificate, followOf, joseSigner, listOf, NOW, reshape, roleOf, serviceOf, sm2Signer, T, utf8, type TestSigner } from './helpers/world.js';

const DAY = 86_400_000;
const sm2 = sm2Signer(5);
let es256: TestSigner;
let role: ListRole;
let first: ListDocument;
let ca: ServiceDocument;
let tsa: ServiceDocument;
let envelope: Uint8Array;

beforeAll(async () => {
  es256 = await joseSigner('ES256');
  role = roleOf([[es256, 'a'], [sm2, 'b']], { threshold: 2, distinctOrgs: 2, families: { F1: 1, F2: 1 } });
  ca = serviceOf(await caCertificate('Test CA'));
  tsa = serviceOf(await caCertificate('Test TSA'), { id: 'urn:hefu:test:tsa-1', kind: 'tsa' });
  first = listOf([ca, tsa]);
  envelope = await pack(first);
});

const pack = (draft: ListDocument | Uint8Array): Promise<Uint8Array> => signList(draft instanceof Uint8Array ? draft : serializeList(draft), [es256, sm2]);
const update = (current: TrustList | undefined, bytes: Uint8Array, rest: Partial<UpdateOptions> = {}): Promise<UpdateOutcome> => updateTrustList(current, bytes, { role, algorithms, at: NOW, ...rest });
const codeOf = (outcome: UpdateOutcome): string => (outcome.outcome === 'refused' ? outcome.code : outcome.outcome);

async function accepted(draft: ListDocument, current?: TrustList, rest: Partial<UpdateOptions> = {}): Promise<TrustList> {
  const outcome = await update(current, await pack(draft), rest);
  if (outcome.outcome !== 'accepted') throw new Error(codeOf(outcome));
  return outcome.trustList;
}

describe('the envelope', () => {
  it.each<[string, () => Uint8Array | Promise<Uint8Array>, string, string | undefined]>([
    ['as signed', () => envelope, 'accepted', undefined],
    ['with white space', () => utf8(JSON.stringify(JSON.parse(new TextDecoder().decode(envelope)), null, 2)), 'accepted', undefined],
    ['with members JWS does not know', () => reshape(envelope, (value) => ({ ...value, comment: 'x' })), 'accepted', undefined],
    ['empty', () => new Uint8Array(0), 'TL_EMPTY_INPUT', undefined],
    ['of white space', () => utf8('\n'), 'TL_EMPTY_INPUT', undefined],
    ['cut off', () => envelope.slice(0, envelope.length >> 1), 'TL_NOT_JSON', 'truncated'],
    ['a web page', () => utf8('\n<!doctype HTML><html><body>login</body></html>'), 'TL_NOT_JSON', 'html'],
    ['octets', () => Uint8Array.of(0x30, 0x82, 1, 0), 'TL_NOT_JSON', 'der'],
    ['a compact JWS', () => utf8('eyJhbGciOiJFUzI1NiJ9.e30.AAAA'), 'TL_NOT_JSON', 'compact-jws'],
    ['with a byte order mark', () => Uint8Array.of(0xef, 0xbb, 0xbf, ...envelope), 'TL_NOT_JSON', 'byte-order-mark'],
    ['followed by something', () => Uint8Array.of(...envelope, 0x7b), 'TL_NOT_JSON', 'trailing-data'],
    ['with payload twice', () => utf8(new TextDecoder().decode(envelope).replace('{', '{"payload":"AAAA",')), 'TL_DUPLICATE_MEMBER', undefined],
    ['a bare list', () => serializeList(first), 'TL_UNSIGNED', 'bare-list'],
    ['an array', () => utf8('[]'), 'TL_UNSIGNED', 'json'],
    ['without elements', () => reshape(envelope, (value) => ({ ...value, signatures: [] })), 'TL_UNSIGNED', 'json'],
    ['flattened', () => reshape(envelope, ({ payload, signatures: [entry] }) => ({ payload, ...entry })), 'TL_UNSIGNED', 'json'],
    ['with a payload that is padded', () => reshape(envelope, (value) => ({ ...value, payload: `${value.payload}=` })), 'TL_SCHEMA_INVALID', undefined],
    ['with no payload', () => reshape(envelope, ({ signatures }) => ({ signatures })), 'TL_SCHEMA_INVALID', undefined],
    ['with elements of no shape', () => reshape(envelope, (value) => ({ ...value, signatures: [1, null, 'x'] })), 'TL_SIGNATURE_INVALID', 'malformed, malformed, malformed'],
    ['with too many elements', () => reshape(envelope, (value) => ({ ...value, signatures: Array.from({ length: 33 }, () => value.signatures[0]) })), 'TL_TOO_LARGE', undefined],
  ])('%s', async (_, bytes, code, actual) => {
    const outcome = await update(undefined, await bytes());
    expect(codeOf(outcome)).toBe(code);
    if (outcome.outcome === 'refused') expect(outcome.actual).toBe(actual);
  });

  it('over its size', async () => {
    expect(codeOf(await update(undefined, envelope, { maxBytes: envelope.length }))).toBe('accepted');
    expect(codeOf(await update(undefined, envelope, { maxBytes: envelope.length - 1 }))).toBe('TL_TOO_LARGE');
  });

  it('is kept as received, apart from the caller\'s array', async () => {
    const mine = envelope.slice();
    const outcome = await update(undefined, mine);
    mine.fill(0);
    expect(outcome.trustList!.envelope).toEqual(envelope);
    const pending = envelope.slice();
    const later = update(undefined, pending);
    pending.fill(0);
    expect((await later).trustList!.envelope).toEqual(envelope);
  });
});

describe('the content, once the signatures are good', () => {
  it('reports every problem, and only then', async () => {
    const bad = await pack({ ...first, listId: '', territory: [] });
    expect(await update(undefined, bad)).toMatchObject({ code: 'TL_SCHEMA_INVALID', problems: [{ path: 'listId' }, { path: 'territory' }], signatures: [{ outcome: 'counted' }, { outcome: 'counted' }] });
    const unsigned = reshape(bad, ({ signatures }) => void signatures.pop());
    const refused = await update(undefined, unsigned);
    expect(codeOf(refused)).toBe('TL_THRESHOLD_NOT_MET');
    expect(refused).not.toHaveProperty('problems');
  });

  it.each<[string, () => ListDocument | Uint8Array, string]>([
    ['duplicate members', () => utf8(new TextDecoder().decode(serializeList(first)).replace('{', '{"listId":"42",')), 'TL_DUPLICATE_MEMBER'],
    ['no JSON', () => utf8('hello'), 'TL_NOT_JSON'],
    ['a fraction', () => utf8(new TextDecoder().decode(serializeList(first)).replace('"sequence":1', '"sequence":1.0')), 'TL_NOT_JSON'],
    ['local times', () => ({ ...first, issued: '2026-05-01T08:00:00+08:00' }), 'TL_TIME_INVALID'],
    ['a crit nobody knows', () => ({ ...first, crit: ['quotas'], listId: '' }), 'TL_UNSUPPORTED_FEATURE'],
    ['no services', () => ({ ...first, services: [] }), 'TL_NO_SERVICES'],
    ['another list', () => ({ ...first, listId: '43' }), 'TL_WRONG_LIST'],
    ['the list', () => first, 'accepted'],
  ])('%s', async (_, draft, code) => {
    expect(codeOf(await update(undefined, await pack(draft()), { expectedListId: '42' }))).toBe(code);
  });

  it('notes a service it cannot use, and takes the rest', async () => {
    const outcome = await update(undefined, await pack({ ...first, services: [ca, { ...tsa, crit: ['quota'] }] }));
    expect(outcome).toMatchObject({ outcome: 'accepted', notes: [{ code: 'TL_UNSUPPORTED_FEATURE' }] });
    expect(outcome.trustList!.services.map(({ unusable }) => unusable)).toEqual([undefined, 'TL_UNSUPPORTED_FEATURE: quota']);
  });
});

describe('times', () => {
  it('issued: no later than now and the skew', async () => {
    const issued = T(first.issued);
    expect(codeOf(await update(undefined, envelope, { at: issued - 5 * 60_000 }))).toBe('accepted');
    expect(codeOf(await update(undefined, envelope, { at: issued - 5 * 60_000 - 1 }))).toBe('TL_ISSUED_IN_FUTURE');
    expect(codeOf(await update(undefined, envelope, { at: issued - 1, clockSkew: 0 }))).toBe('TL_ISSUED_IN_FUTURE');
  });

  it('a clock that is behind says so', async () => {
    const current = await accepted(first);
    const next = await pack(followOf(first, { issued: '2026-05-20T00:00:00Z' }));
    expect(codeOf(await update(current, next, { at: T(first.issued) - 5 * 60_000 - 1 }))).toBe('CLOCK_BEHIND');
    expect(codeOf(await update(current, next, { at: T(first.issued) - 5 * 60_000 }))).toBe('TL_ISSUED_IN_FUTURE');
    expect(codeOf(await update(current, next))).toBe('accepted');
  });

  it('lifetime: at most 180 days', async () => {
    const until = (ms: number): Promise<Uint8Array> => pack({ ...first, nextUpdate: new Date(T(first.issued) + ms).toISOString() });
    expect(codeOf(await update(undefined, await until(180 * DAY)))).toBe('accepted');
    expect(codeOf(await update(undefined, await until(180 * DAY + 1)))).toBe('TL_LIFETIME_TOO_LONG');
    expect(codeOf(await update(undefined, await until(180 * DAY + 1), { limits: { maxLifetime: 365 * DAY } }))).toBe('accepted');
  });

  // A newer list may withdraw a CA: not knowing that would be worse than having to say that the list has expired.
  it('an expired list is taken with a note, also over one in hand that has not expired', async () => {
    const end = T(first.nextUpdate);
    expect(await update(undefined, envelope, { at: end })).toMatchObject({ outcome: 'accepted', notes: [] });
    expect(await update(undefined, envelope, { at: end + 1 })).toMatchObject({ outcome: 'accepted', notes: [{ code: 'TL_STALE' }] });
    const current = await accepted(first);
    const short = await pack(followOf(first, { nextUpdate: '2026-06-15T00:00:00Z' }));
    expect(await update(current, short, { at: T('2026-06-15T00:00:00Z') })).toMatchObject({ outcome: 'accepted', notes: [] });
    expect(await update(current, short, { at: end })).toMatchObject({ outcome: 'accepted', notes: [{ code: 'TL_STALE' }] });
    expect(await update(current, short, { at: end + 1 })).toMatchObject({ outcome: 'accepted', notes: [{ code: 'TL_STALE' }] });
  });
});

describe('order', () => {
  it('the same payload changes nothing, whoever signed it', async () => {
    const current = await accepted(first);
    const again = await update(current, await pack(first));
    expect(again.outcome).toBe('unchanged');
    expect(again.trustList).toBe(current);
    expect(codeOf(await update(current, reshape(envelope, ({ signatures }) => void signatures.pop())))).toBe('TL_THRESHOLD_NOT_MET');
  });

  it('rollback, equivocation, a broken chain, a gap', async () => {
    const second = followOf(first, { issued: '2026-05-10T00:00:00Z' });
    const third = followOf(second, { issued: '2026-05-11T00:00:00Z' });
    const one = await accepted(first);
    const two = await accepted(second, one);
    expect(two).toMatchObject({ sequence: 2, prev: `sha256:${one.sha256}` });
    expect(await update(two, envelope)).toMatchObject({ code: 'TL_ROLLBACK', trustList: two, expected: '≥ 2', actual: '1' });
    expect(await update(two, await pack({ ...second, territory: ['430000'] }))).toMatchObject({ code: 'TL_EQUIVOCATION', expected: two.sha256, trustList: two });
    expect(await update(one, await pack({ ...second, prev: `sha256:${'00'.repeat(32)}` }))).toMatchObject({ code: 'TL_CHAIN_BROKEN', expected: `sha256:${one.sha256}` });
    expect(await update(two, await pack(third))).toMatchObject({ outcome: 'accepted', notes: [] });
    expect(await update(one, await pack(third))).toMatchObject({ outcome: 'accepted', notes: [{ code: 'TL_GAP' }] });
    expect(codeOf(await update(two, await pack({ ...third, listId: '43' })))).toBe('TL_WRONG_LIST');
  });

  it('a refusal keeps the list in hand', async () => {
    const current = await accepted(first);
    for (const bad of [new Uint8Array(0), utf8('<html>'), serializeList(first)]) expect((await update(current, bad)).trustList).toBe(current);
  });
});

describe('history', () => {
  const granted: StatusDocument = { status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 };
  const suspended: StatusDocument = { status: 'suspended', since: '2026-05-05T00:00Z', recorded: 2, reason: 'order' };
  const step = async (from: ListDocument, changes: Partial<ListDocument>): Promise<string> => codeOf(await update(await accepted(from), await pack(followOf(from, changes))));

  it('events are added before the old ones, recorded in the lists since', async () => {
    expect(await step(first, { services: [{ ...ca, status: [suspended, granted] }, tsa] })).toBe('accepted');
    expect(await step(first, { services: [{ ...ca, status: [{ ...suspended, recorded: 1 }, granted] }, tsa] })).toBe('TL_HISTORY_REWRITTEN');
    expect(await step(first, { services: [{ ...ca, status: [suspended] }, tsa] })).toBe('TL_HISTORY_REWRITTEN');
    for (const change of [{ since: '2021-03-02T00:00Z' }, { reason: 'x' }, { ref: 'x' }, { recorded: 2 }, { status: 'ceased' as const }]) {
      expect(await step(first, { services: [{ ...ca, status: [suspended, { ...granted, ...change }] }, tsa] })).toBe('TL_HISTORY_REWRITTEN');
    }
    const before = { ...first, services: [{ ...ca, status: [{ ...suspended, recorded: 1, effect: { gap: 'void' as const } }, granted] }, tsa] };
    expect(await step(before, {})).toBe('accepted');
    expect(await step(before, { services: [{ ...ca, status: [{ ...suspended, recorded: 1, effect: { gap: 'heal' } }, granted] }, tsa] })).toBe('TL_HISTORY_REWRITTEN');
    expect(await step(before, { services: [{ ...ca, status: [granted] }, tsa] })).toBe('TL_HISTORY_REWRITTEN');
  });

  it('a service leaves by its tombstone, and a tombstone stays', async () => {
    const gone = { id: tsa.id, sequence: 2 };
    expect(await step(first, { services: [ca] })).toBe('TL_HISTORY_REWRITTEN');
    expect(await step(first, { services: [ca], tombstones: [gone] })).toBe('accepted');
    expect(await step(first, { services: [ca], tombstones: [{ ...gone, sequence: 1 }] })).toBe('TL_HISTORY_REWRITTEN');
    const without = { ...first, services: [ca], tombstones: [{ id: tsa.id, sequence: 1 }] };
    expect(await step(without, {})).toBe('accepted');
    expect(await step(without, { tombstones: [] })).toBe('TL_HISTORY_REWRITTEN');
    expect(await step(without, { tombstones: [gone] })).toBe('TL_HISTORY_REWRITTEN');
    expect(await step(without, { tombstones: [], services: [ca, tsa] })).toBe('TL_HISTORY_REWRITTEN');
  });

  it('a new service is recorded when it comes', async () => {
    const draft = { ...first, services: [ca] };
    expect(await step(draft, { services: [ca, { ...tsa, status: [{ ...granted, recorded: 2 }] }] })).toBe('accepted');
    expect(await step(draft, { services: [ca, tsa] })).toBe('TL_HISTORY_REWRITTEN');
  });
});

const LONG = process.env['HEFU_LONG_TESTS'] === '1';
const MUTANTS = LONG ? 10_000 : 2500;

describe('mutation', () => {
  it('one flipped bit never yields other content', { timeout: 300_000 }, async () => {
    const original = await accepted(first);
    // Every octet around the payload, where structure, headers and signatures are; some within, at every place of the base64 group and the bit.
    const within = LONG ? 7 : 29;
    const start = new TextDecoder().decode(envelope).indexOf('eyJ');
    const end = new TextDecoder().decode(envelope).indexOf('"', start);
    for (let i = 0; i < envelope.length; i += i >= start && i < end - within ? within : 1) {
      const mutated = envelope.slice();
      mutated[i]! ^= 1 << (i % 8);
      const outcome = await update(original, mutated);
      // Both signatures are needed, so no octet is free.
      expect(outcome).toMatchObject({ outcome: 'refused' });
      expect(outcome.trustList).toBe(original);
    }
  });

  it(`${MUTANTS} mutated envelopes never throw, and are taken only with the content signed`, { timeout: 300_000 }, async () => {
    const eddsa = await joseSigner('EdDSA');
    const options = { role: roleOf([[eddsa, 'a'], [sm2, 'b']], { threshold: 1 }), algorithms, at: NOW };
    const payload = serializeList(first);
    const signed = await signList(payload, [eddsa]);
    const { trustList: original } = await updateTrustList(undefined, signed, options);
    const edit = fc.record({ at: fc.nat(1 << 20), cut: fc.nat(6), insert: fc.uint8Array({ maxLength: 6 }) });
    const splice = (bytes: Uint8Array, { at, cut, insert }: { at: number; cut: number; insert: Uint8Array }): Uint8Array => {
      const from = at % (bytes.length + 1);
      return Uint8Array.of(...bytes.subarray(0, from), ...insert, ...bytes.subarray(Math.min(bytes.length, from + cut)));
    };
    const header = utf8(JSON.stringify({ alg: 'EdDSA', typ: 'ca-trust-list+json', crit: ['iat'], iat: 1 }));
    let unchanged = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 4 }), fc.constantFrom('envelope', 'payload', 'header', 'signature'), async (edits, where) => {
        let bytes: Uint8Array;
        if (where === 'envelope') bytes = edits.reduce(splice, signed);
        else if (where === 'payload') bytes = reshape(signed, (value) => ({ ...value, payload: encodeBase64url(edits.reduce(splice, payload)) }));
        else if (where === 'header') bytes = reshape(signed, ({ signatures: [entry] }) => void (entry!.protected = encodeBase64url(edits.reduce(splice, header))));
        else bytes = reshape(signed, ({ signatures: [entry] }) => void (entry!.signature = new TextDecoder().decode(edits.reduce(splice, utf8(entry!.signature)))));
        const outcome = await updateTrustList(original, bytes, options);
        if (outcome.outcome === 'refused') expect(outcome.trustList).toBe(original);
        else {
          expect(outcome.outcome).toBe('unchanged');
          unchanged++;
        }
      }),
      { numRuns: MUTANTS },
    );
    // Edits that change nothing occur, such as cutting and inserting nothing; they are few.
    expect(unchanged).toBeLessThan(MUTANTS / 10);
  });

  it('malformed content, duly signed, is an outcome', async () => {
    for (const text of ['null', '[]', '{}', '"list"', '{"type":"list"}', '{"territory":[{}],"services":[{}],"identityProfiles":[{}]}', '{"services":[[]],"crit":[{}],"operator":{"name":[]}}']) {
      const outcome = await update(undefined, await pack(utf8(text)));
      expect(codeOf(outcome)).toMatch(/^TL_(SCHEMA_INVALID|UNSUPPORTED_FEATURE)$/);
    }
  });
});

it('misuse is a TypeError', async () => {
  await expect(update(undefined, 'text' as never)).rejects.toThrow(TypeError);
  await expect(update(undefined, envelope, { at: Number.NaN })).rejects.toThrow(TypeError);
  await expect(update(undefined, envelope, { algorithms: { digests: [], signatures: [] } })).rejects.toThrow(TypeError);
  await expect(update(await accepted(first), envelope, { expectedListId: '43' })).rejects.toThrow(TypeError);
});

it('every refusal has both languages, and describes itself', async () => {
  for (const { message, remedy } of Object.values(REFUSALS)) for (const text of [message.zh, message.en, remedy.zh, remedy.en]) expect(text.length).toBeGreaterThan(5);
  const html = (await update(undefined, utf8('<html>'))) as UpdateRefused;
  expect(describeRefusal(html, 'zh')).toContain('网页');
  expect(describeRefusal(html, 'en')).toContain('web page');
  const bad = (await update(undefined, await pack({ ...first, listId: '' }))) as UpdateRefused;
  expect(describeRefusal(bad, 'en')).toMatch(/^TL_SCHEMA_INVALID: [\s\S]*listId: [\s\S]*signatures\[0\] ES256 a: counted/);
});
