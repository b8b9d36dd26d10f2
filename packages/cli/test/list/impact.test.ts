import { mkdir, writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PRESENT, run, writtenWorld, type WrittenWorld } from '../support.js';
import { initArgs, office, publishFirstRoot, readJsonFile, type Json, type Office } from './people.js';

// Reports of the sandbox's world in an archive, and its list kept in a tree: who would be affected?
let world: WrittenWorld;
let o: Office;
let service: string;
let other: string;
const at = new Date(PRESENT).toISOString();

beforeAll(async () => {
  world = await writtenWorld('cli-impact');
  o = await office();
  expect((await o.list([...initArgs(o), '--at', at])).code).toBe(0);
  const { lists } = world.story('accepted-420100');
  const envelope = await readJsonFile(world.file('list', `${lists.at(-1)!.name}.json`));
  const draft = o.file('trust', 'draft', 'list', '42.json');
  const payload = JSON.parse(Buffer.from(envelope.payload as string, 'base64url').toString()) as Json;
  await writeFile(draft, JSON.stringify({ ...(await readJsonFile(draft)), services: payload.services.map((each: Json) => ({ ...each, status: each.status.map((event: Json) => ({ ...event, recorded: 1 })) })), identityProfiles: payload.identityProfiles, territory: ['420000'] }));
  await publishFirstRoot(o, at, ['L047', 'L044', 'L030', 'L063', 'L061', 'L020', 'L072'].flatMap((rule) => ['--accept', rule]));

  await mkdir(o.file('archive'));
  const index = [];
  for (const id of ['accepted-420100', 'tampered']) {
    const verified = await run(world.verifyArgs(id, ['--json']));
    await writeFile(o.file('archive', `${id}.json`), verified.out);
    index.push({ id, report: `${id}.json`, signature: relativeTo(world.file('scenario', id, 'bid.p7s')), content: relativeTo(world.file('scenario', id, 'bid.txt')) });
    if (id === 'accepted-420100') service = JSON.parse(verified.out).signers[0].trustDecision.serviceId as string;
  }
  await writeFile(o.file('archive', 'index.json'), JSON.stringify(index));
  other = (payload.services as Json[]).find(({ id }) => id !== service).id as string;
});
afterAll(async () => {
  await world?.close();
  await o?.close();
});
const relativeTo = (path: string): string => `${'../'.repeat(20)}${path}`;

describe('impact', () => {
  it('names the reports that change, and leaves alone those that do not rest on the service', async () => {
    const crls = ['--archive', o.file('archive', 'index.json'), '--at', at];
    const withdrawn = await o.list(['impact', service, '--since', '2021-06-01T00:00:00Z', ...crls]);
    expect(withdrawn.json.rows.find(({ id }: Json) => id === 'accepted-420100')).toMatchObject({ outcome: 'lost', before: { conclusion: 'passed' } });
    expect((await o.list(['impact', other, ...crls])).json).toMatchObject({ rows: [], notConcerned: 2 });
  });

  it('has a row for what it cannot read, and ends undecided', async () => {
    await writeFile(o.file('archive', 'bad.json'), JSON.stringify([{ id: 'gone', report: 'none.json', signature: 'none' }]));
    expect(await o.list(['impact', service, '--archive', o.file('archive', 'bad.json'), '--at', at])).toMatchObject({ code: 2, json: { rows: [{ id: 'gone', outcome: 'unreadable' }] } });
    await writeFile(o.file('archive', 'worse.json'), '{"a":1}');
    expect((await o.list(['impact', service, '--archive', o.file('archive', 'worse.json'), '--at', at])).json).toMatchObject({ error: { code: 'INDEX_INVALID' } });
    expect((await o.list(['impact', 'urn:none', '--archive', o.file('archive', 'index.json'), '--at', at])).json).toMatchObject({ error: { code: 'EDIT_NOT_FOUND' } });
  });
});
