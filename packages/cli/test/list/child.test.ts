import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { party } from '../exchange/tl-fixture.js';
import { beginScheme, office, type Json, type Office } from './people.js';

// A province delegates to a city, whose own people keep a list in the same tree.
let o: Office;
const at = (day: number): readonly string[] => ['--at', `2026-06-0${day}T00:00:00Z`];

beforeAll(async () => {
  o = await office();
  await writeFile(o.file('one.pem'), (await party('CN=CA One, O=One, C=CN', { ca: true })).pem);
  await writeFile(o.file('two.pem'), (await party('CN=CA Two, O=Two, C=CN', { ca: true })).pem);
  for (const name of ['city1', 'city2']) await o.makeKey(name, 'Wuhan', 'SM2');
  await beginScheme(o, at(1)[1]!);
});
afterAll(() => o?.close());

it('the delegation and the first city list are published together, else clients would miss the list', async () => {
  const delegation = ['delegate', 'add', '4201', '--name', '武汉', '--key', o.file('city1.pub.json'), '--key', o.file('city2.pub.json'), '--region', '4201*', '--mode', 'may-grant', '--threshold', '1', '--max-next-update', 'P90D'];
  expect((await o.list([...delegation, ...at(2)])).json).toMatchObject({ outcome: 'edited' });
  // The city's people cannot begin before the province has proposed what they may do.
  expect((await o.list(['add-ca', o.file('two.pem'), '--list', '4201', '--region', '4201*', '--id', 'urn:two', '--yes', ...at(2)])).json).toMatchObject({ error: { code: 'LIST_UNKNOWN' } });
  const proposed = await o.list(['propose', '--author', 'a', '-m', 'b', ...at(2)]);
  expect(proposed.json).toMatchObject({ proposal: 'list-42-2' });
  for (const name of ['ann', 'bo']) expect((await o.list(['approve', 'list-42-2', ...o.key(name), '--yes', ...at(2)])).code).toBe(0);
  expect((await o.list(['publish', ...o.key('online'), '--yes', ...at(2)])).json).toMatchObject({ error: { code: 'GATE_REFUSED' } });

  expect((await o.list(['add-ca', o.file('two.pem'), '--list', '4201', '--region', '4201*', '--id', 'urn:two', '--yes', ...at(2)])).json).toMatchObject({ outcome: 'edited' });
  expect((await o.list(['propose', '--list', '4201', '--author', 'c', '-m', 'd', ...at(2)])).json).toMatchObject({ proposal: 'list-4201-1' });
  expect((await o.list(['approve', 'list-4201-1', ...o.key('ann'), '--yes', ...at(2)])).json).toMatchObject({ error: { code: 'KEY_NOT_IN_ROLE' } });
  expect((await o.list(['approve', 'list-4201-1', ...o.key('city1'), '--yes', ...at(2)])).json).toMatchObject({ ready: true });
  const published = await o.list(['publish', ...o.key('online'), '--yes', ...at(2)]);
  expect(published.json).toMatchObject({ outcome: 'published', documents: [{ proposal: 'list-42-2' }, { proposal: 'list-4201-1' }] });
  const { sha256 } = (await o.list(['key', 'list'])).json.fingerprint as { sha256: string };
  expect((await o.list(['verify', o.file('trust', 'published'), '--fingerprint', sha256, ...at(2)])).json.lists.map(({ listId, sequence }: Json) => [listId, sequence])).toEqual([['42', 2], ['4201', 1]]);
});

it('a city list wider than its delegation does not get out', async () => {
  expect((await o.list(['scope', 'urn:two', '--list', '4201', '--region', '42*', ...at(3)])).code).toBe(0);
  expect((await o.list(['propose', '--list', '4201', '--author', 'c', '-m', 'd', ...at(3)])).json).toMatchObject({ error: { code: 'LINT_ERRORS' } });
  const forced = await o.list(['propose', '--list', '4201', '--author', 'c', '-m', 'd', '--accept', 'L072', '--accept', 'L073', ...at(3)]);
  expect(forced.json).toMatchObject({ outcome: 'proposed' });
  await o.list(['approve', 'list-4201-2', ...o.key('city2'), '--yes', ...at(3)]);
  expect((await o.list(['publish', ...o.key('online'), '--yes', ...at(3)])).json).toMatchObject({ error: { code: 'GATE_REFUSED', message: { en: expect.stringContaining('TL_WIDER_THAN_PARENT') as string } } });
});
