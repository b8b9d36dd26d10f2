import { existsSync } from 'node:fs';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { party, type Party } from '../exchange/tl-fixture.js';
import { run } from '../support.js';
import { initArgs, office, publishChange, readJsonFile, type Json, type Office } from './people.js';

// One scheme through its life, in order: each step stands on those before.
let o: Office;
let [one, two, user]: Party[] = [];
const DAY1 = '2026-06-01T00:00:00Z';
const DAY2 = '2026-06-02T00:00:00Z';
const DAY3 = '2026-06-03T00:00:00Z';
const at = (day: string): readonly string[] => ['--at', day];
let fingerprint = '';

beforeAll(async () => {
  o = await office();
  const first = { ...(await party('CN=CA One, O=One, C=CN', { ca: true })), name: 'CN=CA One, O=One, C=CN' };
  [one, two, user] = [first, await party('CN=CA Two, O=Two, C=CN', { ca: true }), await party('2.5.4.97=91420100MA4HEFU00M, CN=Company, O=Company, C=CN', { by: first })];
  await writeFile(o.file('one.pem'), one.pem);
  await writeFile(o.file('two.pem'), two.pem);
  await mkdir(o.file('samples'));
  await writeFile(o.file('samples', 'user.pem'), user.pem);
});
afterAll(() => o?.close());

it('three people of two organisations begin a scheme', async () => {
  const made = await o.list([...initArgs(o), ...at(DAY1)]);
  expect(made).toMatchObject({ code: 0, err: '', json: { outcome: 'initialised', roles: { list: { threshold: 2, distinctOrgs: 2 } } } });
  expect((await o.list([...initArgs(o), ...at(DAY1)])).json).toMatchObject({ error: { code: 'WORKSPACE_EXISTS' } });
  const keys = await o.list(['key', 'list']);
  expect(keys.json.keys.map(({ owner, roles }: Json) => [owner, roles])).toEqual([['ann', ['root', 'list']], ['bo', ['root', 'list']], ['cai', ['root', 'list']], ['spare', ['root', 'list']], ['online', ['freshness']]]);
});

it('adds two CAs, seen and confirmed', async () => {
  const args = ['add-ca', o.file('one.pem'), '--region', '42*', '--id', 'urn:ca:one', '--name', 'CA 一', ...at(DAY1)];
  // Nobody there to compare fingerprints, and nobody who does.
  expect(await o.list(args)).toMatchObject({ code: 3, json: { error: { code: 'USAGE' } } });
  expect(await run(['list', ...args, '-C', o.tree, '--json'], { ask: async () => 'no' })).toMatchObject({ code: 1 });
  let asked = '';
  const added = await run(['list', ...args, '-C', o.tree, '--lang', 'zh'], { ask: async (question) => ((asked = question), 'yes') });
  expect(added.code).toBe(0);
  expect(asked).toContain('核对');
  expect(added.err).toContain('SHA-256');
  expect(added.out).toContain('urn:ca:one');
  expect((await o.list(['add-ca', o.file('two.pem'), '--region', '4201*', '--id', 'urn:ca:two', '--name', 'CA 二', '--yes', ...at(DAY1)])).code).toBe(0);
  expect((await o.list(args.concat('--yes'))).json).toMatchObject({ error: { code: 'EDIT_EXISTS' } });
  // How its certificates name an organisation, drawn up from one of them.
  const suggested = await o.list(['profile', 'suggest', o.file('samples', 'user.pem'), '--id', 'prof:one', '-o', o.file('profile.json')]);
  expect(suggested.json).toMatchObject({ profile: { id: 'prof:one', required: ['uscc'] } });
  expect((await o.list(['profile', 'set', o.file('profile.json'), '--service', 'urn:ca:one', '--sample', o.file('samples', 'user.pem'), ...at(DAY1)])).code).toBe(0);
  expect(await o.list(['profile', 'test', o.file('samples', 'user.pem'), '--profile', 'prof:one'])).toMatchObject({ code: 0, json: { trials: [{ passed: true, identity: { uscc: '91420100MA4HEFU00M' } }] } });
  expect((await o.list(['profile', 'test', o.file('two.pem'), '--profile', 'prof:one'])).code).toBe(1);
});

it('lints, proposes the root and the list, and both are approved by people who were shown what they do', async () => {
  const lint = await o.list(['lint', ...at(DAY1)]);
  expect(lint.json.findings.filter(({ level }: Json) => level === 'mandatory')).toEqual([]);
  expect((await o.list(['propose', '--target', 'root', '--author', 'ann', '-m', 'begin', ...at(DAY1)])).json).toMatchObject({ outcome: 'proposed', proposal: 'root-1', diff: { type: 'root', to: 1 } });
  expect((await o.list(['propose', '--author', 'ann', '-m', 'two CAs', ...at(DAY1)])).json).toMatchObject({ proposal: 'list-42-1', diff: { type: 'list', to: 1 } });
  // The proposal is with its approvers: no more edits under their hands.
  expect((await o.list(['suspend', 'urn:ca:one', ...at(DAY1)])).json).toMatchObject({ error: { code: 'PROPOSAL_OPEN' } });
  for (const name of ['root-1', 'list-42-1']) expect((await o.list(['approve', name, ...o.key('ann'), '--yes', ...at(DAY1)])).json).toMatchObject({ outcome: 'approved', ready: false, approvals: [{ missing: { people: 1, orgs: 1 } }] });
  expect((await o.list(['approve', 'list-42-1', ...o.key('ann'), '--yes', ...at(DAY1)])).json).toMatchObject({ error: { code: 'ALREADY_SIGNED' } });
  expect((await o.list(['approve', 'list-42-1', ...o.key('online'), '--yes', ...at(DAY1)])).json).toMatchObject({ error: { code: 'KEY_NOT_IN_ROLE' } });
  expect(await o.list(['publish', ...o.key('online'), '--yes', ...at(DAY1)])).toMatchObject({ code: 1, json: { error: { code: 'APPROVALS_MISSING' } } });
  // Two people, but of one organisation.
  expect((await o.list(['approve', 'list-42-1', ...o.key('cai'), '--yes', ...at(DAY1)])).json).toMatchObject({ ready: false, approvals: [{ missing: { people: 0, orgs: 1 } }] });
  for (const name of ['root-1', 'list-42-1']) {
    const answers: string[] = [];
    const approved = await run(['list', 'approve', name, ...o.key('bo'), '-C', o.tree, '--lang', 'en', ...at(DAY1)], { ask: async (question) => (answers.push(question), 'yes') });
    expect([approved.code, answers.length]).toEqual([0, 1]);
    expect(approved.out).toMatch(/SHA-256 [0-9A-F]{4} /);
  }
});

it('stages, and publishes once clients take it', async () => {
  expect(await o.list(['publish', ...o.key('ann'), '--yes', ...at(DAY1)])).toMatchObject({ code: 1, json: { error: { code: 'GATE_REFUSED' } } });
  expect(existsSync(o.file('trust', 'published'))).toBe(false);
  const staged = await o.list(['publish', '--stage', ...o.key('online'), ...at(DAY1)]);
  expect(staged.json).toMatchObject({ outcome: 'staged', gate: [{ client: 'new', outcome: 'accepts' }, { client: 'current', outcome: 'absent' }, { client: 'oldest', outcome: 'absent' }] });
  expect((await readdir(o.file('trust', 'stage'))).sort()).toEqual(['1.root.json', '42', 'freshness.json']);
  const published = await o.list(['publish', ...o.key('online'), '--yes', ...at(DAY1)]);
  expect(published.json).toMatchObject({ outcome: 'published', freshness: 1, documents: [{ proposal: 'list-42-1', number: 1 }, { proposal: 'root-1', number: 1 }] });
  expect(await readdir(o.file('trust', 'proposals'))).toEqual([]);
  expect(await readdir(o.file('trust', 'draft'))).toEqual(['list']);
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from((await readJsonFile(o.file('trust', 'published', '1.root.json'))).payload as string, 'base64url'))).toString('hex');
  fingerprint = published.json.fingerprint.sha256 as string;
  expect(fingerprint.replaceAll(' ', '').toLowerCase()).toBe(digest);
  expect((await o.list(['key', 'list'])).json.fingerprint).toEqual(published.json.fingerprint);
});

it('clients accept it from the fingerprint, and from no other', async () => {
  for (const folder of ['published', 'stage']) {
    const verified = await o.list(['verify', o.file('trust', folder), '--fingerprint', fingerprint, ...at(DAY1)]);
    expect(verified).toMatchObject({ code: 0, json: { outcome: 'verified', root: 1, lists: [{ listId: '42', sequence: 1, services: 2 }] } });
  }
  expect(await o.list(['verify', o.file('trust', 'published'), '--fingerprint', fingerprint.replace(/./, (digit) => (digit === '0' ? '1' : '0')), ...at(DAY1)])).toMatchObject({ code: 1, json: { error: { code: 'TL_ROOT_FINGERPRINT' } } });
  expect((await o.list(['verify', o.file('trust', 'published'), ...at(DAY1)])).json).toMatchObject({ error: { code: 'USAGE' } });
  // A month without freshness: verified, and stale.
  expect((await o.list(['verify', o.file('trust', 'published'), '--fingerprint', fingerprint, '--at', '2026-07-01T00:00:00Z']))).toMatchObject({ code: 2, json: { outcome: 'incomplete' } });
  const told = await o.list(['explain', o.file('samples', 'user.pem'), '--region', '420100', ...at(DAY1)]);
  expect(told.json.reasons).toEqual([]);
  expect(told).toMatchObject({ code: 0, json: { conclusion: 'passed', trustDecision: { serviceId: 'urn:ca:one' } } });
  expect(await o.list(['explain', o.file('samples', 'user.pem'), '--region', '110000', ...at(DAY1)])).toMatchObject({ code: 2, json: { code: 'REGION_NOT_IN_SCOPE' } });
});

it('suspends a CA; the samples say whom it concerns; freshens', async () => {
  expect((await o.list(['suspend', 'urn:ca:one', '--since', DAY2, '--reason', 'audit', '--gap', 'heal', ...at(DAY2)])).json).toMatchObject({ outcome: 'edited', diff: { from: 1, to: 2, changes: expect.arrayContaining([expect.objectContaining({ code: 'STATUS_ADDED' })]) as unknown } });
  const diff = await o.list(['diff', '--samples', o.file('samples'), '--region', '420100', ...at(DAY2)]);
  expect(diff.json).toMatchObject({ diff: { from: 1, to: 2 }, samples: { counts: { lost: 1 }, rows: [{ id: 'user.pem', before: { code: 'OK' }, after: { code: 'CA_SUSPENDED' } }] } });
  const html = await run(['list', 'diff', '--format', 'html', '-C', o.tree, '-o', o.file('diff.html')]);
  expect([html.code, existsSync(o.file('diff.html'))]).toEqual([0, true]);
  const published = await publishChange(DAY2, o, ['ann', 'bo']);
  expect(published.json).toMatchObject({ outcome: 'published', freshness: 2, gate: [{ outcome: 'accepts' }, { outcome: 'accepts', from: 1 }, { outcome: 'accepts', from: 1 }] });
  expect((await o.list(['freshen', ...o.key('online'), '--life', 'P2D', ...at(DAY2)])).json).toMatchObject({ version: 3 });
  expect(await o.list(['freshen', ...o.key('ann'), ...at(DAY2)])).toMatchObject({ code: 1, json: { error: { code: 'GATE_REFUSED' } } });
  expect((await o.list(['freshen', ...o.key('online'), '--life', 'P2Y', ...at(DAY2)])).code).not.toBe(0);
  expect(await readdir(o.file('trust', 'kept'))).toEqual(['1.freshness.json', '2.freshness.json']);
});

it('rotates a key: the old root and the new one agree, and the old key signs no more', async () => {
  await o.makeKey('cai2', 'Province', 'SM2');
  const { keys } = (await o.list(['key', 'list'])).json;
  const old = keys.find(({ owner }: Json) => owner === 'cai').thumbprint as string;
  expect((await o.list(['key', 'rotate', old.replace(/^-+/, '').slice(0, 10), o.file('cai2.pub.json'), ...at(DAY3)])).json).toMatchObject({ diff: { type: 'root' } });
  expect((await publishChange(DAY3, o, ['ann', 'bo'], ['--target', 'root'])).json).toMatchObject({ outcome: 'published', documents: [{ proposal: 'root-2' }] });
  expect((await o.list(['verify', o.file('trust', 'published'), '--fingerprint', fingerprint, ...at(DAY3)])).json).toMatchObject({ root: 2, lists: [{ sequence: 2 }] });
  expect((await o.list(['resume', 'urn:ca:one', ...at(DAY3)])).code).toBe(0);
  expect((await publishChange(DAY3, o, ['cai', 'bo'])).json).toMatchObject({ error: { code: 'KEY_NOT_IN_ROLE' } });
  for (const name of ['cai2', 'bo']) expect((await o.list(['approve', 'list-42-3', ...o.key(name), '--yes', ...at(DAY3)])).code).toBe(0);
  expect((await o.list(['publish', ...o.key('online'), '--yes', ...at(DAY3)])).json).toMatchObject({ gate: [{ outcome: 'accepts' }, { outcome: 'accepts' }, { outcome: 'accepts', from: 1 }] });
});

it('tells the history, as known now and as known then', async () => {
  const history = await o.list(['history', 'urn:ca:one', '--as-known-at', '1']);
  expect(history.json).toMatchObject({
    sequence: 3,
    events: [{ recorded: 1, status: 'granted' }, { recorded: 2, status: 'suspended', reason: 'audit' }, { recorded: 3, status: 'granted' }],
    asNowKnown: [{ status: 'granted', from: DAY1, until: DAY2 }, { status: 'suspended', from: DAY2, until: DAY3 }, { status: 'granted', from: DAY3 }],
    asKnownAt: { sequence: 1, differs: true, intervals: [{ status: 'granted', from: DAY1 }] },
  });
  expect((await o.list(['history', 'urn:ca:none'])).json).toMatchObject({ error: { code: 'EDIT_NOT_FOUND' } });
});

it('bundles for the air gap, and exports', async () => {
  expect((await o.list(['bundle', 'make', '-o', o.file('bundle.json'), ...at(DAY3)])).json).toMatchObject({ roots: 2, lists: 1 });
  expect(await o.list(['bundle', 'verify', o.file('bundle.json'), '--fingerprint', fingerprint, ...at(DAY3)])).toMatchObject({ code: 0, json: { root: 2, lists: [{ sequence: 3 }] } });
  expect((await o.list(['export', o.file('trust', 'published', '42', '3.json'), '--format', 'lote', '-o', o.file('lote.json')])).json).toMatchObject({ outcome: 'exported' });
});
