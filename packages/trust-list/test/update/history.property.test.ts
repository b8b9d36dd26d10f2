/** Random publications, honest and not, against one verifier: whatever is published, no version goes down and no history is lost. */
import fc from 'fast-check';
import { beforeAll, expect, it } from 'vitest';
import { makeBundle, readBundle, signList, serializeList, type ServiceDocument, type TrustSnapshot } from '../../src/index.js';
import { algorithms, caCertificate, NOW, serviceOf } from '../helpers/world.js';
import { ann, cai, childOf, city, dai, delegationTo, firstRoot, Folder, keyOf, online, print, publish, rootDocument, update } from '../helpers/scheme.js';

let service: ServiceDocument;
beforeAll(async () => {
  service = serviceOf(await caCertificate('Test CA'));
});

/** What a publisher, or somebody in his place, does next. `honest` says whether it may be taken. */
const ACTIONS = {
  freshen: async (folder) => void (await folder.freshen()),
  list: async (folder) => {
    await folder.putList(folder.nextList('42'));
    await folder.freshen();
  },
  child: async (folder) => {
    await folder.putList(folder.nextList('4201'), [city]);
    await folder.freshen();
  },
  suspend: async (folder) => {
    const { draft } = folder.lists.get('42')!;
    const sequence = draft.sequence + 1;
    const [first, ...rest] = draft.services;
    const since = `2026-05-01T00:${String(sequence % 60).padStart(2, '0')}Z`;
    const status = [{ status: 'suspended' as const, since, recorded: sequence }, ...first!.status];
    if (first!.status[0]!.status === 'granted' && first!.status.length === 1) await folder.putList(folder.nextList('42', { services: [{ ...first!, status }, ...rest] }));
    await folder.freshen();
  },
  root: async (folder) => {
    await folder.putRoot(folder.nextRoot());
    await folder.freshen();
  },
  rotateFreshness: async (folder) => {
    const root = folder.root!;
    const now = root.roles.freshness.keys[0] === print(online) ? dai : online;
    await folder.putRoot(folder.nextRoot({ keys: [...rootDocument().keys, keyOf(dai, 'd')], roles: { ...root.roles, freshness: { keys: [print(now)], threshold: 1 } } }));
    await folder.freshen({}, [now]);
  },
  belowThreshold: async (folder) => {
    await folder.putList(folder.nextList('42'), [ann]);
    await folder.freshen();
  },
  rewriteHistory: async (folder) => {
    await folder.putList(folder.nextList('42', { services: [{ ...service, status: [{ ...service.status[0]!, since: '2020-01-01T00:00Z' }] }] }));
    await folder.freshen();
  },
  equivocate: async (folder) => {
    const { draft } = folder.lists.get('42')!;
    await folder.putList({ ...draft, nextUpdate: '2026-07-15T00:00:00Z' });
    await folder.freshen();
  },
  strangersList: async (folder) => {
    const draft = folder.nextList('42');
    const envelope = await signList(serializeList(draft), [city, dai]);
    folder.files.set(`42/${draft.sequence}.json`, envelope);
    folder.lists.set('42', { draft, envelope });
    await folder.freshen();
  },
  rootOfOne: async (folder) => {
    await folder.putRoot(folder.nextRoot(), [cai]);
  },
  oldFreshness: async (folder) => void (await folder.freshen({ version: 1 })),
  dropEntry: async (folder) => void (await folder.freshen({ lists: { '42': folder.entries()['42']! } })),
} satisfies Record<string, (folder: Folder) => Promise<void>>;

type Action = keyof typeof ACTIONS;
const DISHONEST: readonly Action[] = ['belowThreshold', 'rewriteHistory', 'equivocate', 'strangersList', 'rootOfOne', 'oldFreshness', 'dropEntry'];

/** Freshness is signed by whoever the root says now. */
class Publisher extends Folder {
  override freshen(changes: Parameters<Folder['freshen']>[0] = {}, signers?: Parameters<Folder['freshen']>[1]): Promise<Uint8Array> {
    return super.freshen(changes, signers ?? [this.root!.roles.freshness.keys[0] === print(dai) ? dai : online]);
  }
}

function follows(before: TrustSnapshot, after: TrustSnapshot): void {
  expect(after.root.version).toBeGreaterThanOrEqual(before.root.version);
  expect(after.roots.slice(0, before.roots.length).map(({ sha256 }) => sha256)).toEqual(before.roots.map(({ sha256 }) => sha256));
  expect(after.freshness!.version).toBeGreaterThanOrEqual(before.freshness!.version);
  expect(after.highWater).toBeGreaterThanOrEqual(before.highWater);
  for (const [id, old] of before.lists) {
    const now = after.lists.get(id) ?? after.retained?.get(id);
    expect(now).toBeDefined();
    expect(now!.sequence).toBeGreaterThanOrEqual(old.sequence);
    if (now!.sequence === old.sequence) expect(now!.sha256).toBe(old.sha256);
    for (const each of old.services) {
      const kept = now!.services.find((candidate) => candidate.id === each.id)!;
      expect(kept.status.slice(-each.status.length)).toEqual(each.status);
    }
    expect(new Set(now!.signedBy.map(({ org }) => org)).size).toBeGreaterThanOrEqual(id === '42' ? 2 : 1);
  }
}

it('nothing goes back, whatever is published', { timeout: 300_000 }, async () => {
  const base = await publish([service], { list: { delegations: [delegationTo('4201', city)] } });
  await base.putList(childOf('4201', [service]), [city]);
  await base.freshen();
  const root = await firstRoot(base);
  let taken = 0;
  let refused = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(fc.constantFrom(...(Object.keys(ACTIONS) as Action[])), fc.boolean()), { minLength: 1, maxLength: 8 }), async (script) => {
      let honest = Object.assign(new Publisher(), base.copy());
      let snapshot = (await update(root, honest)).snapshot!;
      for (const [action, asks] of script) {
        const folder = Object.assign(new Publisher(), honest.copy());
        await ACTIONS[action](folder);
        if (!DISHONEST.includes(action)) honest = folder;
        if (!asks) continue;
        // Against who knows what came before, a quorum gone bad gets nowhere either; who does not cannot tell.
        if (DISHONEST.includes(action)) snapshot = (await update(snapshot, honest)).snapshot!;
        const outcome = await update(snapshot, folder);
        if (outcome.outcome === 'failed') {
          expect(outcome.snapshot).toBe(snapshot);
          expect(outcome.failure.message.zh).not.toBe('');
          refused++;
          continue;
        }
        expect(DISHONEST).not.toContain(action);
        follows(snapshot, outcome.snapshot);
        snapshot = outcome.snapshot;
        taken++;
      }
      // What is stored comes back as it was.
      const stored = await readBundle(makeBundle(snapshot), { from: { sha256: root.sha256 }, algorithms, at: NOW });
      expect(stored.snapshot).toEqual(snapshot);
      // The honest publisher is never locked out.
      expect(['updated', 'unchanged']).toContain((await update(snapshot, honest)).outcome);
    }),
    { numRuns: 25 },
  );
  expect(Math.min(taken, refused)).toBeGreaterThan(5);
});
