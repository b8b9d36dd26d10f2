import { beforeAll, describe, expect, it } from 'vitest';
import { beginUpdate, offerDocument, passDocument, serializeList, signList, type ServiceDocument, type SchemeUpdate } from '../../src/index.js';
import { algorithms, caCertificate, listOf, NOW, serviceOf, sm2Signer, T, utf8 } from '../helpers/world.js';
import { ann, bo, cai, childOf, city, dai, delegationTo, firstRoot, Folder, keyOf, load, online, print, publish, rootDocument, update, verdict } from '../helpers/scheme.js';

let service: ServiceDocument;
let folder: Folder;

beforeAll(async () => {
  service = serviceOf(await caCertificate('Test CA'));
  folder = await publish([service]);
});

describe('a scheme of one list', () => {
  it('is loaded from its first root, and unchanged after', async () => {
    const outcome = await update(await firstRoot(folder), folder);
    expect(verdict(outcome)).toBe('updated');
    expect(outcome.asked).toEqual(['2.root.json', 'freshness.json', '42/1.json']);
    const snapshot = outcome.snapshot!;
    expect(snapshot).toMatchObject({ schemeId: 'urn:hefu:test:42', root: { version: 1 }, freshness: { version: 1 }, list: { listId: '42', sequence: 1 }, highWater: T('2026-05-31T00:00:00Z') });
    const again = await update(snapshot, folder);
    expect(verdict(again)).toBe('unchanged');
    expect(again.snapshot).toBe(snapshot);
    expect(again.asked).toEqual(['2.root.json', 'freshness.json']);
  });

  it('says where each document lies and how much of it is wanted', async () => {
    let step = await beginUpdate(await firstRoot(folder), { algorithms, at: NOW });
    expect(step.want).toEqual({ role: 'root', number: 2, maxBytes: 512_000, path: '2.root.json', urls: ['https://42.example/trust/2.root.json'] });
    step = await passDocument(step);
    expect(step.want).toEqual({ role: 'freshness', maxBytes: 512_000, path: 'freshness.json', urls: ['https://42.example/trust/freshness.json'] });
    step = await offerDocument(step, folder.files.get('freshness.json')!);
    const { length } = folder.files.get('42/1.json')!;
    expect(step.want).toEqual({ role: 'list', listId: '42', number: 1, length, sha256: folder.freshness!.lists['42']!.sha256, maxBytes: 5_000_000, path: '42/1.json', urls: ['https://42.example/trust/42/1.json'] });
  });

  it('a refused file leaves the update where it was; another mirror helps', async () => {
    const bad = folder.copy();
    bad.files.set('freshness.json', utf8('<!doctype html><html>503</html>'));
    bad.files.set('42/1.json', folder.files.get('42/1.json')!.slice(1));
    expect(verdict(await update(await firstRoot(folder), bad))).toBe('TL_NOT_JSON');
    const outcome = await update(await firstRoot(folder), [bad, folder]);
    expect(verdict(outcome)).toBe('updated');
    expect(outcome.refusals.map(({ wanted, refusal }) => [wanted.role, refusal.code])).toEqual([['freshness', 'TL_NOT_JSON'], ['list', 'TL_NOT_AS_LISTED']]);
  });

  it('a root that cannot be asked for is no end of the chain', async () => {
    const step = await passDocument(await beginUpdate(await load(folder), { algorithms, at: NOW }), { unreachable: true });
    expect(verdict(step.outcome!)).toBe('TL_NOT_FETCHED');
  });

  it('one state may be gone on from twice', async () => {
    const begun = await passDocument(await beginUpdate(await firstRoot(folder), { algorithms, at: NOW }));
    const good = folder.files.get('freshness.json')!;
    const first = await offerDocument(begun, good);
    const bad = await offerDocument(begun, utf8('{}'));
    expect([first.refusal, bad.refusal?.code, begun.refusal]).toEqual([undefined, 'TL_UNSIGNED', undefined]);
    expect((await offerDocument(bad, good)).want).toEqual(first.want);
  });

  it('misuse is a TypeError', async () => {
    const root = await firstRoot(folder);
    await expect(beginUpdate(root, { algorithms, at: Number.NaN })).rejects.toThrow(TypeError);
    const begun = await beginUpdate(root, { algorithms, at: NOW });
    await expect(offerDocument(begun, 'x' as never)).rejects.toThrow(TypeError);
    const over = await passDocument(begun, { unreachable: true });
    await expect(offerDocument(over, utf8('{}'))).rejects.toThrow(TypeError);
    await expect(passDocument(over)).rejects.toThrow(TypeError);
  });
});

describe('R1: roots', () => {
  const rotate = async (changes: Parameters<Folder['nextRoot']>[0], signers = [ann, bo]): Promise<string> => {
    const next = folder.copy();
    await next.putRoot(next.nextRoot(changes), signers);
    return verdict(await update(await load(folder), next));
  };
  const keys = [keyOf(ann, 'a'), keyOf(dai, 'd'), keyOf(cai, 'c'), keyOf(online, 'a')];
  const roles = rootDocument().roles;
  const rootOf = (...signers: (typeof ann)[]): typeof roles => ({ ...roles, root: { keys: signers.map(print), threshold: 2, distinctOrgs: 2 }, list: { keys: [print(ann), print(cai)], threshold: 2 } });

  it('the next is signed as both say', async () => {
    expect(await rotate({})).toBe('updated');
    expect(await rotate({}, [ann])).toBe('TL_THRESHOLD_NOT_MET');
    expect(await rotate({}, [ann, ann])).toBe('TL_SAME_KEY_TWICE');
    expect(await rotate({}, [dai, online])).toBe('TL_SIGNATURE_INVALID');
    const changed = { keys, roles: rootOf(dai, cai) };
    expect(await rotate(changed, [ann, cai])).toBe('TL_THRESHOLD_NOT_MET'); // of the new
    expect(await rotate(changed, [dai, cai])).toBe('TL_THRESHOLD_NOT_MET'); // of the old
  });

  it('follows by exactly one, chained, of the same scheme, in time', async () => {
    const skipping = folder.copy();
    skipping.files.set('2.root.json', await skipping.putRoot(skipping.nextRoot({ version: 3 })));
    expect(verdict(await update(await load(folder), skipping))).toBe('TL_ROOT_SKIPPED');
    expect(await rotate({ prev: `sha256:${'00'.repeat(32)}` })).toBe('TL_CHAIN_BROKEN');
    expect(await rotate({ schemeId: 'urn:hefu:test:43' })).toBe('TL_WRONG_SCHEME');
    expect(await rotate({ listId: '43' })).toBe('TL_WRONG_LIST');
    expect(await rotate({ issued: '2026-06-02T00:00:00Z' })).toBe('TL_ISSUED_IN_FUTURE');
    expect(await rotate({ expires: '2028-04-01T00:00:00Z' })).toBe('TL_LIFETIME_TOO_LONG');
    expect(await rotate({ expires: '2026-05-01T00:00:00Z' })).toBe('TL_ROOT_EXPIRED');
  });

  it('an older one does not come back', async () => {
    const next = folder.copy();
    next.files.set('2.root.json', folder.files.get('1.root.json')!);
    expect(verdict(await update(await load(folder), next))).toBe('TL_ROLLBACK');
  });

  it('those on the way may have expired; the chain is kept', async () => {
    const next = folder.copy();
    await next.putRoot(next.nextRoot({ expires: '2026-05-01T00:00:00Z' }));
    await next.putRoot(next.nextRoot({ expires: '2027-05-01T00:00:00Z' }));
    const outcome = await update(await load(folder), next);
    expect(verdict(outcome)).toBe('updated');
    expect(outcome.snapshot!.roots.map(({ version }) => version)).toEqual([1, 2, 3]);
    expect(outcome.snapshot!.root.version).toBe(3);
  });

  it('at most so many in one update', async () => {
    const next = folder.copy();
    for (let i = 0; i < 3; i++) await next.putRoot(next.nextRoot());
    const outcome = await update(await load(folder), next, { limits: { maxRootSteps: 2 } });
    expect([verdict(outcome), outcome.snapshot!.root.version]).toEqual(['updated', 3]);
    expect((await update(outcome.snapshot!, next)).snapshot!.root.version).toBe(4);
  });

  it('a root that freshness knows and nobody shows is missed', async () => {
    const next = folder.copy();
    await next.putRoot(next.nextRoot());
    await next.freshen();
    next.files.delete('2.root.json');
    expect(verdict(await update(await load(folder), next))).toBe('TL_ROOT_HIDDEN');
  });
});

describe('R3 to R6: freshness and lists', () => {
  it('freshness goes up, or says the same', async () => {
    const snapshot = await load(folder);
    const second = folder.copy();
    await second.freshen();
    const later = await update(snapshot, second);
    expect([verdict(later), later.snapshot!.freshness!.version]).toEqual(['updated', 2]);
    expect(verdict(await update(later.snapshot!, folder))).toBe('TL_ROLLBACK');
    const other = folder.copy();
    const envelope = await other.freshen({ version: 1, expires: '2026-06-04T00:00:00Z' });
    const split = await update(snapshot, other);
    expect(split).toMatchObject({ outcome: 'failed', failure: { code: 'TL_EQUIVOCATION', evidence: [folder.files.get('freshness.json'), envelope] } });
    expect(split.snapshot).toBe(snapshot);
  });

  it('entries neither disappear nor go down, nor change under one number', async () => {
    const wide = await publish([service], { list: { delegations: [delegationTo('4201', city)] } });
    await wide.putList(childOf('4201', [service]), [city]);
    await wide.freshen({ lists: { ...wide.entries(), '4201': { sequence: 2, sha256: '00'.repeat(32), length: 1 } } });
    const snapshot = await load(wide);
    const next = async (lists: (of: ReturnType<Folder['entries']>) => object): Promise<string> => {
      const copy = wide.copy();
      await copy.freshen({ lists: lists(copy.freshness!.lists) as never });
      return verdict(await update(snapshot, copy));
    };
    expect(await next((of) => of)).toBe('updated, 4201: TL_NOT_FETCHED');
    expect(await next(({ '42': list }) => ({ '42': list }))).toBe('TL_ENTRY_DISAPPEARED');
    expect(await next((of) => ({ ...of, '4201': { ...of['4201'], sequence: 1 } }))).toBe('TL_ROLLBACK');
    expect(await next((of) => ({ ...of, '4201': { ...of['4201'], sha256: '11'.repeat(32) } }))).toBe('TL_EQUIVOCATION');
    expect(await next((of) => ({ ...of, '4201': { ...of['4201'], sequence: 3 } }))).toBe('updated, 4201: TL_NOT_FETCHED');
  });

  it('lists are the very ones that freshness names', async () => {
    const copy = folder.copy();
    const entry = copy.entries()['42']!;
    const root = await firstRoot(folder);
    const wrong = async (change: object): Promise<string> => {
      await copy.freshen({ lists: { '42': { ...entry, ...change } } });
      copy.files.set('42/9.json', copy.files.get('42/1.json')!);
      return verdict(await update(root, copy));
    };
    expect(await wrong({})).toBe('updated');
    expect(await wrong({ sequence: 9 })).toBe('TL_NOT_AS_LISTED');
    expect(await wrong({ sha256: '00'.repeat(32) })).toBe('TL_NOT_AS_LISTED');
    expect(await wrong({ sm3: '00'.repeat(32) })).toBe('TL_NOT_AS_LISTED');
    expect(await wrong({ length: entry.length + 1 })).toBe('TL_NOT_AS_LISTED');
    expect(await wrong({ length: 5_000_001 })).toBe('TL_NOT_AS_LISTED');
    await copy.freshen({ lists: { '43': entry } });
    expect(verdict(await update(root, copy))).toBe('TL_NOT_LISTED');
  });

  it('a new list goes on from the one in hand', async () => {
    const snapshot = await load(folder);
    const take = async (changes: Parameters<Folder['nextList']>[1], signers = [ann, bo]): Promise<string> => {
      const copy = folder.copy();
      await copy.putList(copy.nextList('42', changes), signers);
      await copy.freshen();
      const outcome = await update(snapshot, copy);
      if (outcome.outcome === 'failed') expect(outcome.snapshot).toBe(snapshot);
      return verdict(outcome);
    };
    expect(await take({})).toBe('updated');
    expect(await take({}, [ann])).toBe('TL_THRESHOLD_NOT_MET');
    expect(await take({ prev: `sha256:${'00'.repeat(32)}` })).toBe('TL_CHAIN_BROKEN');
    expect(await take({ services: [{ ...service, id: 'urn:hefu:test:new', status: [{ ...service.status[0]!, recorded: 2 }] }] })).toBe('TL_HISTORY_REWRITTEN');
    expect(await take({ issued: '2026-06-02T00:00:00Z' })).toBe('TL_ISSUED_IN_FUTURE');
    expect(await take({ nextUpdate: '2027-05-01T00:00:00Z' })).toBe('TL_LIFETIME_TOO_LONG');
  });

  it('a list of 50 MB is not read', async () => {
    const huge = new Uint8Array(50_000_000).fill(0x20);
    let step: SchemeUpdate = await passDocument(await beginUpdate(await firstRoot(folder), { algorithms, at: NOW }));
    expect((await offerDocument(step, huge)).refusal?.code).toBe('TL_TOO_LARGE');
    step = await offerDocument(step, folder.files.get('freshness.json')!);
    expect((await offerDocument(step, huge)).refusal?.code).toBe('TL_TOO_LARGE');
  });

  it('documents in each other\'s place say so', async () => {
    const copy = folder.copy();
    copy.files.set('freshness.json', folder.files.get('1.root.json')!);
    // The role differs as well, so give the online key to the list too.
    const roles = { ...rootDocument().roles, freshness: { keys: [print(ann)], threshold: 1 } };
    const one = await publish([service], { root: { roles } });
    await one.freshen({}, [ann]);
    one.files.set('freshness.json', one.files.get('42/1.json')!);
    expect(verdict(await update(await firstRoot(one), one))).toBe('TL_WRONG_DOCUMENT');
  });

  it('what has expired is told, and newer lists are taken all the same', async () => {
    const root = await firstRoot(folder);
    const stale = await update(root, folder, { at: T('2026-09-01T00:00:00Z') });
    expect(verdict(stale)).toBe('updated');
    expect(stale.notes.map(({ code, message }) => [code, message.en.split(' ').slice(0, 2).join(' ')])).toEqual([['TL_STALE', 'The freshness'], ['TL_STALE', 'List 42']]);
    expect(verdict(await update(root, folder, { at: T('2027-04-01T00:00:00Z') }))).toBe('TL_ROOT_EXPIRED');
  });
});

describe('R7: one time', () => {
  it('a clock behind what was accepted is not "not yet valid"', async () => {
    const snapshot = await load(folder);
    expect(verdict(await update(snapshot, folder, { at: snapshot.highWater - 300_001 }))).toBe('CLOCK_BEHIND');
    expect(verdict(await update(snapshot, folder, { at: snapshot.highWater - 300_000 }))).toBe('unchanged');
  });
});

describe('rotation of keys', () => {
  it('of freshness forgets what the old key said: fast-forward recovery', async () => {
    const attacked = folder.copy();
    await attacked.freshen({ version: 1_000_000 });
    const snapshot = await load(attacked);
    const recovered = folder.copy();
    await recovered.freshen();
    expect(verdict(await update(snapshot, recovered))).toBe('TL_ROLLBACK');
    const roles = rootDocument().roles;
    await recovered.putRoot(recovered.nextRoot({ keys: [...rootDocument().keys, keyOf(dai, 'd')], roles: { ...roles, freshness: { keys: [print(dai)], threshold: 1 } } }));
    await recovered.freshen({}, [dai]);
    const outcome = await update(snapshot, recovered);
    expect([verdict(outcome), outcome.snapshot!.freshness!.version]).toEqual(['updated', 3]);
    expect(verdict(await update(outcome.snapshot!, attacked))).toBe('TL_SIGNATURE_INVALID');
  });

  it('of the list role forgets freshness, and the list that the old keys alone signed', async () => {
    const attacked = folder.copy();
    await attacked.putList({ ...attacked.lists.get('42')!.draft, sequence: 1_000_000, prev: `sha256:${'00'.repeat(32)}` });
    await attacked.freshen();
    const snapshot = await load(attacked);
    const recovered = folder.copy();
    await recovered.freshen({ version: 3 });
    expect(verdict(await update(snapshot, recovered))).toBe('TL_ROLLBACK');
    const roles = rootDocument().roles;
    const put = async (list: (typeof ann)[], signers: (typeof ann)[]): Promise<string> => {
      const copy = folder.copy();
      await copy.putRoot(copy.nextRoot({ keys: [...rootDocument().keys, keyOf(dai, 'd')], roles: { ...roles, list: { keys: list.map(print), threshold: 2 } } }));
      await copy.putList(copy.nextList('42'), signers);
      await copy.freshen({ version: 2 });
      return verdict(await update(snapshot, copy));
    };
    // One of three is replaced: two that signed the list in hand remain, so it is still somebody's word.
    expect(await put([ann, bo, dai], [ann, dai])).toBe('TL_ROLLBACK');
    expect(await put([cai, dai], [cai, dai])).toBe('updated');
  });
});

describe('delegations', () => {
  const sub = sm2Signer(61);
  async function tree(): Promise<Folder> {
    const made = await publish([service], { list: { delegations: [delegationTo('4201', city, { mode: 'may-grant' }), delegationTo('4202', city)] } });
    await made.putList(childOf('4201', [service], { delegations: [delegationTo('420106', sub, { regions: ['420106'] })] }), [city]);
    await made.putList(childOf('4202', [service]), [city]);
    await made.putList(childOf('420106', [service], { territory: ['420106'], services: [{ ...service, scope: [{ regions: ['420106'] }] }] }), [sub]);
    await made.freshen();
    return made;
  }

  it('are followed, breadth first', async () => {
    const made = await tree();
    const outcome = await update(await firstRoot(made), made);
    expect(verdict(outcome)).toBe('updated');
    expect([...outcome.snapshot!.lists.keys()]).toEqual(['42', '4201', '4202', '420106']);
    expect(outcome.asked.slice(2)).toEqual(['42/1.json', '4201/1.json', '4202/1.json', '420106/1.json']);
    expect((await update(outcome.snapshot!, made)).snapshot).toBe(outcome.snapshot);
  });

  it('a child that fails is missing and voids nothing else; it comes back', async () => {
    const made = await tree();
    const snapshot = await load(made);
    const broken = made.copy();
    await broken.putList(broken.nextList('4202'), [sub]);
    await broken.freshen();
    const outcome = await update(snapshot, broken);
    expect(verdict(outcome)).toBe('updated, 4202: TL_SIGNATURE_INVALID');
    expect([...outcome.snapshot!.lists.keys()]).toEqual(['42', '4201', '420106']);
    expect(outcome.snapshot!.missing.get('4202')).toBe('TL_SIGNATURE_INVALID');
    expect(outcome.snapshot!.retained!.get('4202')!.sequence).toBe(1);
    // Its history is not forgotten meanwhile.
    const rewritten = made.copy();
    await rewritten.putList({ ...rewritten.nextList('4202'), services: [{ ...childOf('4202', [service]).services[0]!, id: 'urn:hefu:test:new', status: [{ ...service.status[0]!, recorded: 2 }] }] }, [city]);
    await rewritten.freshen({ version: 9 });
    expect(verdict(await update(outcome.snapshot!, rewritten))).toBe('TL_EQUIVOCATION');
    await rewritten.putList({ ...rewritten.nextList('4202'), prev: `sha256:${'00'.repeat(32)}` }, [city]);
    await rewritten.freshen({ version: 10 });
    expect(verdict(await update(outcome.snapshot!, rewritten))).toBe('updated, 4202: TL_HISTORY_REWRITTEN');
    const good = made.copy();
    await good.putList({ ...good.nextList('4202'), sequence: 3, prev: `sha256:${'00'.repeat(32)}` }, [city]);
    await good.freshen({ version: 11 });
    const back = await update(outcome.snapshot!, good);
    expect(verdict(back)).toBe('updated');
    expect(back.snapshot!.retained).toBeUndefined();
  });

  it('a list is verified against the one that delegates to it now', async () => {
    const made = await tree();
    const snapshot = await load(made);
    const changed = made.copy();
    await changed.putList(changed.nextList('42', { delegations: [delegationTo('4201', sub, { mode: 'may-grant' }), delegationTo('4202', city)] }));
    await changed.freshen();
    // Files and numbers of 4201 are as before, so is what freshness says of it.
    expect(verdict(await update(snapshot, changed))).toBe('updated, 4201: TL_SIGNATURE_INVALID');
    const narrower = made.copy();
    await narrower.putList(narrower.nextList('42', { delegations: [delegationTo('4201', city, { mode: 'may-grant', regions: ['420106'] }), delegationTo('4202', city)] }));
    await narrower.freshen();
    expect(verdict(await update(snapshot, narrower))).toBe('updated, 4201: TL_WIDER_THAN_PARENT');
  });

  it.each<[string, (made: Folder) => Promise<unknown>, string]>([
    ['a territory', (made) => made.putList({ ...made.lists.get('4202')!.draft, territory: ['420000'] }, [city]), '4202: TL_WIDER_THAN_PARENT'],
    ['a scope', (made) => made.putList({ ...made.lists.get('4202')!.draft, services: [service] }, [city]), '4202: TL_WIDER_THAN_PARENT'],
    ['a delegation that may grant', (made) => made.putList({ ...made.lists.get('4202')!.draft, delegations: [delegationTo('420204', sub, { regions: ['420204'], mode: 'may-grant' })] }, [city]), '4202: TL_WIDER_THAN_PARENT'],
    ['nothing', (made) => made.putList({ ...made.lists.get('4202')!.draft, delegations: [delegationTo('420204', sub, { regions: ['420204'] })] }, [city]), '420204: TL_NOT_LISTED'],
    ['a circle', (made) => made.putList({ ...made.lists.get('4202')!.draft, delegations: [delegationTo('42', sub, { regions: ['4202*'] })] }, [city]), '4202: TL_DELEGATION_CYCLE'],
    ['another\'s child', (made) => made.putList({ ...made.lists.get('4202')!.draft, delegations: [delegationTo('4201', sub, { regions: ['4202*'] })] }, [city]), ''],
  ])('a child with %s wider than its parent', async (_, change, expected) => {
    const made = await tree();
    await change(made);
    await made.freshen();
    expect(verdict(await update(await firstRoot(made), made))).toBe(['updated', expected].filter((each) => each !== '').join(', '));
  });

  it('depth, number and bytes are the root\'s to limit', async () => {
    const made = await tree();
    const limited = async (limits: object): Promise<string> => {
      const copy = made.copy();
      await copy.putRoot(rootDocument({ limits }));
      return verdict(await update(await firstRoot(copy), copy));
    };
    expect(await limited({})).toBe('updated');
    expect(await limited({ maxDepth: 1 })).toBe('updated, 420106: TL_TOO_DEEP');
    expect(await limited({ maxDepth: 2, maxLists: 3 })).toBe('updated, 420106: TL_TOO_MANY_LISTS');
    expect(await limited({ maxListBytes: 500 })).toBe('TL_TOO_LARGE');
    expect(await limited({ maxNextUpdate: 'P10D' })).toBe('TL_LIFETIME_TOO_LONG');
    expect(await limited({ maxFreshness: 'P1D' })).toBe('TL_LIFETIME_TOO_LONG');
  });
});

it('a document of a freshness key signs no list', async () => {
  const made = await publish([service]);
  const payload = serializeList(listOf([service]));
  made.files.set('42/1.json', await signList(payload, [online, dai]));
  await made.freshen({ lists: { '42': { ...made.entries()['42']!, length: made.files.get('42/1.json')!.length } } });
  expect(verdict(await update(await firstRoot(made), made))).toBe('TL_SIGNATURE_INVALID');
});
