import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideTrust, Federation, type Delegation, type ServiceStatusName, type Trust, type TrustList, type TrustQuestion, type TrustRuling, type TrustService } from '../../src/index.js';
import { sha256 } from '../helpers/world.js';
import { DAY, delegationTo, keyHash, listWith, NOW, peerOf, serviceOn, snapshotOf } from './world.js';

function ask(trust: Trust, change: Partial<TrustQuestion> & { readonly path?: readonly string[] } = {}): TrustRuling {
  const { path = ['root'], ...rest } = change;
  const anchor = keyHash(path.at(-1)!);
  return decideTrust(new Federation(trust, sha256), {
    keys: path.map((key) => ({ spkiSha256: keyHash(key) })),
    anchors: ({ service }) => service.anchors.some(({ spkiSha256 }) => spkiSha256 === anchor),
    kind: 'ca', region: '420100', purpose: 'sign', issuedAt: NOW - 100 * DAY, signedAt: NOW, at: NOW, missing: 'refuse', ...rest,
  });
}
const code = (trust: Trust, change?: Parameters<typeof ask>[1]): string => ask(trust, change).code;
const event = (status: ServiceStatusName, since: number, recorded = 2): TrustService['status'] => [{ status, since, recorded }, { status: 'granted', since: NOW - 1000 * DAY, recorded: 1 }];

describe('a list by itself', () => {
  it('is a scheme of one list', () => {
    const list = listWith('42', [serviceOn('root')]);
    expect(ask(list)).toMatchObject({ trusted: true, code: 'GRANTED', missing: [], opinions: [{ effect: 'grants' }] });
    expect(ask(snapshotOf([list]))).toMatchObject({ trusted: true, code: 'GRANTED' });
    expect(code(list, { path: ['other'] })).toBe('CA_NOT_YET_GRANTED');
  });

  it('with delegations lacks the lists they name', () => {
    const list = listWith('42', [serviceOn('root')], { delegations: [delegationTo('4201', 'restrict-only', ['420100'])] });
    expect(ask(list)).toMatchObject({ trusted: false, code: 'LIST_NOT_LOADED', missing: [{ listId: '4201', code: 'LIST_NOT_LOADED' }] });
    expect(code(list, { region: '420200' })).toBe('GRANTED');
    expect(code(list, { missing: 'ignore' })).toBe('GRANTED');
  });

  it('entries about one key are alternatives, but a distrusted key is distrusted', () => {
    const two = (status: ServiceStatusName): TrustList => listWith('42', [serviceOn('root'), serviceOn('root', { id: 'urn:svc:other', status: event(status, NOW - DAY) })]);
    expect(code(two('withdrawn'))).toBe('GRANTED');
    expect(code(two('distrusted'))).toBe('CA_DISTRUSTED');
  });

  it('an entry about a CA below the anchor is heard', () => {
    const list = (status: TrustService['status']): TrustList => listWith('42', [serviceOn('root'), serviceOn('issuing', { status })]);
    expect(code(list(event('withdrawn', NOW - DAY)), { path: ['issuing', 'root'] })).toBe('CA_WITHDRAWN');
    expect(code(list(event('withdrawn', NOW + DAY)), { path: ['issuing', 'root'] })).toBe('GRANTED');
    expect(code(list(event('withdrawn', NOW - DAY)), { path: ['root'] })).toBe('GRANTED');
    // Before its first event an entry says nothing.
    expect(code(list([{ status: 'granted', since: NOW + DAY, recorded: 1 }]), { path: ['issuing', 'root'] })).toBe('GRANTED');
  });
});

describe('a list that can only restrict', () => {
  const world = (child: readonly TrustService[], delegation: Partial<Delegation> = {}): Trust =>
    snapshotOf([listWith('42', [serviceOn('root')], { delegations: [delegationTo('4201', 'restrict-only', ['420100'], delegation)] }), listWith('4201', child)]);

  it('suspends in its region and nowhere else', () => {
    const suspended = world([serviceOn('root', { status: event('suspended', NOW - DAY) })]);
    const ruling = ask(suspended);
    expect(ruling).toMatchObject({ trusted: false, code: 'CA_SUSPENDED' });
    expect(ruling.decisive?.statement.member.list.listId).toBe('4201');
    expect(ruling.anchor?.statement.member.list.listId).toBe('42');
    expect(ruling.opinions.map(({ statement, effect }) => [statement.member.list.listId, effect])).toEqual([['42', 'grants'], ['4201', 'denies']]);
    expect(code(suspended, { region: '420200' })).toBe('GRANTED');
    expect(code(suspended, { region: '420106' })).toBe('CA_SUSPENDED');
    expect(code(suspended, { signedAt: NOW - 2 * DAY })).toBe('GRANTED');
  });

  it('narrows the scope, and permits where its own entry does', () => {
    const narrow = world([serviceOn('root', { scope: [{ regions: ['4201*'], transactions: ['政府采购'] }] })]);
    expect(code(narrow, { transaction: '政府采购' })).toBe('GRANTED');
    expect(code(narrow, { transaction: '工程建设' })).toBe('TRANSACTION_NOT_IN_SCOPE');
    expect(ask(narrow, { transaction: '政府采购' }).opinions.map(({ effect }) => effect)).toEqual(['grants', 'permits']);
  });

  it('adds constraints, and one that is not understood denies', () => {
    const child = serviceOn('root', { id: 'urn:svc:strict' });
    const violated: TrustQuestion['violated'] = ({ service }) => (service.id === 'urn:svc:strict' ? { expected: 'x', actual: 'y' } : undefined);
    expect(code(world([child]), { violated })).toBe('SERVICE_CONSTRAINTS_VIOLATED');
    expect(code(world([child]))).toBe('GRANTED');
    expect(code(world([serviceOn('root', { unusable: 'crit' })]))).toBe('SERVICE_UNSUPPORTED');
  });

  it('recognises nothing of its own, whatever it writes', () => {
    expect(code(world([serviceOn('own')]), { path: ['own'] })).toBe('SERVICE_NOT_DELEGATED');
    expect(code(world([serviceOn('root', { status: event('granted', NOW - DAY) })]))).toBe('GRANTED');
  });
});

describe('a list that may recognise', () => {
  const world = (child: readonly TrustService[], delegation: Partial<Delegation> = {}, top: readonly TrustService[] = [serviceOn('root')]): Trust =>
    snapshotOf([listWith('42', top, { delegations: [delegationTo('4202', 'may-grant', ['420200'], delegation)] }), listWith('4202', child)]);
  const own = { path: ['own'], region: '420200' } as const;

  it('does so for its regions, kinds and purposes only', () => {
    expect(ask(world([serviceOn('own')]), own)).toMatchObject({ trusted: true, decisive: { effect: 'grants' } });
    expect(code(world([serviceOn('own')]), { ...own, region: '420100' })).toBe('SERVICE_NOT_DELEGATED');
    expect(code(world([serviceOn('own', { scope: [{ regions: ['4202*'] }] })]), { ...own, region: '420100' })).toBe('REGION_NOT_IN_SCOPE');
    expect(code(world([serviceOn('own')], { purposes: ['auth'] }), own)).toBe('SERVICE_NOT_DELEGATED');
    expect(code(world([serviceOn('own')], { purposes: ['auth'] }), { ...own, purpose: 'auth' })).toBe('GRANTED');
    expect(code(world([serviceOn('own')], { kinds: ['tsa'] }), own)).toBe('SERVICE_NOT_DELEGATED');
  });

  it('is overridden by what the list above denies, not by a scope of its that lies elsewhere', () => {
    const top = (change: Partial<TrustService>): readonly TrustService[] => [serviceOn('own', change)];
    expect(code(world([serviceOn('own')], {}, top({ status: event('withdrawn', NOW - DAY) })), own)).toBe('CA_WITHDRAWN');
    expect(code(world([serviceOn('own')], {}, top({ scope: [{ regions: ['420100'] }] })), own)).toBe('GRANTED');
  });

  it('its narrower entry restricts what the list above recognises', () => {
    const narrow = world([serviceOn('root', { scope: [{ regions: ['*'], purposes: ['auth'] }] })]);
    expect(code(narrow, { region: '420200' })).toBe('PURPOSE_NOT_IN_SCOPE');
    expect(code(narrow, { region: '420200', purpose: 'auth' })).toBe('GRANTED');
  });

  it('below one that can only restrict, recognises nothing; below one that may, no more than that', () => {
    const chain = (mode: Delegation['mode'], regions: readonly string[]): Trust => snapshotOf([
      listWith('42', [serviceOn('root')], { delegations: [delegationTo('4202', mode, ['420200'])] }),
      listWith('4202', [serviceOn('other')], { delegations: [delegationTo('420281', 'may-grant', regions)] }),
      listWith('420281', [serviceOn('own')]),
    ]);
    expect(code(chain('may-grant', ['420281']), { ...own, region: '420281' })).toBe('GRANTED');
    expect(code(chain('restrict-only', ['420281']), { ...own, region: '420281' })).toBe('SERVICE_NOT_DELEGATED');
    // Wider than its parent: clipped to what the parent has.
    expect(code(chain('may-grant', ['42*']), { ...own, region: '420281' })).toBe('GRANTED');
    expect(code(chain('may-grant', ['42*']), { ...own, region: '420100' })).toBe('SERVICE_NOT_DELEGATED');
  });
});

describe('limits', () => {
  const next = (listId: string): Partial<TrustList> => ({ delegations: [delegationTo(listId, 'may-grant', ['420000'])] });

  it('a cycle ends, and is missing', () => {
    const round = snapshotOf([listWith('a', [serviceOn('root')], next('b')), listWith('b', [serviceOn('x')], next('a'))]);
    expect(ask(round)).toMatchObject({ code: 'LIST_NOT_LOADED', missing: [{ listId: 'a', code: 'DELEGATION_CYCLE' }] });
  });

  it('depth and number count at the decision', () => {
    const lists = [listWith('a', [serviceOn('root')], next('b')), listWith('b', [serviceOn('x')], next('c')), listWith('c', [serviceOn('y')])];
    expect(code(snapshotOf(lists, { limits: { maxDepth: 2 } }))).toBe('GRANTED');
    expect(ask(snapshotOf(lists, { limits: { maxDepth: 1 } }))).toMatchObject({ code: 'LIST_NOT_LOADED', missing: [{ listId: 'c', code: 'DELEGATION_TOO_DEEP' }] });
    expect(code(snapshotOf(lists, { limits: { maxLists: 3 } }))).toBe('GRANTED');
    expect(ask(snapshotOf(lists, { limits: { maxLists: 2 } }))).toMatchObject({ missing: [{ code: 'TOO_MANY_LISTS' }] });
  });

  it('a mesh of lists does not run away', () => {
    const names = Array.from({ length: 12 }, (_, index) => `l${index}`);
    const mesh = names.map((name) => listWith(name, [serviceOn(name)], { delegations: names.filter((other) => other !== name).map((other) => delegationTo(other, 'may-grant', ['420000'])) }));
    const federation = new Federation(snapshotOf(mesh, { limits: { maxDepth: 11, maxLists: 64 } }), sha256);
    expect(federation.members.flatMap(({ ways }) => ways).length).toBeLessThanOrEqual(64);
    expect(federation.missingFor('420100').length).toBeGreaterThan(0);
  });

  it('says why a list is missing', () => {
    const top = listWith('42', [serviceOn('root')], { delegations: [delegationTo('4201', 'restrict-only', ['420100'])] });
    expect(ask(snapshotOf([top], { missing: new Map([['4201', 'TL_SIGNATURE_INVALID']]) }))).toMatchObject({ code: 'LIST_NOT_LOADED', missing: [{ listId: '4201', code: 'TL_SIGNATURE_INVALID' }] });
  });
});

describe('peers', () => {
  const theirs = (services: readonly TrustService[], change: Parameters<typeof snapshotOf>[1] = {}): Trust & { readonly schemeId: string } =>
    snapshotOf([listWith('34', services, { territory: ['340000'] })], { schemeId: 'urn:scheme:34', ...change });
  const world = (peer: Parameters<typeof peerOf>[1], services = [serviceOn('anhui', { scope: [{ regions: ['34*'] }] })], change: Parameters<typeof snapshotOf>[1] = {}, ours: readonly TrustService[] = [serviceOn('root')]): Trust =>
    snapshotOf([listWith('42', ours, { peers: [peerOf('urn:scheme:34', peer)] })], { peers: new Map([['urn:scheme:34', theirs(services, change) as never]]) });
  const foreign = { path: ['anhui'] } as const;

  it('recognises what the peer does in its own territory, from since to until', () => {
    const ruling = ask(world({}), foreign);
    expect(ruling).toMatchObject({ trusted: true, peer: { peer: { schemeId: 'urn:scheme:34' } }, opinions: [{ statement: { member: { schemeId: 'urn:scheme:34' } }, effect: 'grants' }] });
    expect(code(world({ since: NOW }), foreign)).toBe('GRANTED');
    expect(code(world({ since: NOW + 1 }), foreign)).toBe('PEER_NOT_IN_FORCE');
    expect(code(world({ until: NOW }), foreign)).toBe('PEER_NOT_IN_FORCE');
    expect(code(world({ until: NOW + 1 }), foreign)).toBe('GRANTED');
    expect(code(world({}, [serviceOn('anhui', { scope: [{ regions: ['340100'] }] })]), foreign)).toBe('REGION_NOT_IN_SCOPE');
  });

  it('for the kinds, purposes and regions accepted', () => {
    expect(code(world({ accept: { kinds: ['ca'], purposes: ['auth'] } }), foreign)).toBe('PEER_NOT_ACCEPTED');
    expect(code(world({ accept: { kinds: ['tsa'], purposes: ['sign'] } }), foreign)).toBe('PEER_NOT_ACCEPTED');
    expect(code(world({ regions: ['420200'] }), foreign)).toBe('PEER_NOT_ACCEPTED');
    expect(code(world({ regions: ['420000'] }), foreign)).toBe('GRANTED');
  });

  it('while its word is fresh', () => {
    expect(code(world({ accept: { kinds: ['ca'], purposes: ['sign'], maxStatusAge: DAY } }), foreign)).toBe('GRANTED');
    expect(code(world({ accept: { kinds: ['ca'], purposes: ['sign'], maxStatusAge: DAY - 1 } }), foreign)).toBe('PEER_STALE');
    expect(code(world({}), { ...foreign, at: NOW + DAY })).toBe('GRANTED');
    expect(code(world({}), { ...foreign, at: NOW + DAY + 1 })).toBe('PEER_STALE');
    expect(code(world({}, undefined, { freshness: undefined }), foreign)).toBe('PEER_STALE');
  });

  it('by its own status, its own restrictions and in its own words', () => {
    expect(code(world({}, [serviceOn('anhui', { status: event('withdrawn', NOW - DAY) })]), foreign)).toBe('CA_WITHDRAWN');
    const works = [serviceOn('anhui', { scope: [{ regions: ['*'], transactions: ['工程'] }] })];
    const map = [{ theirs: { transactions: ['工程'] }, ours: { transactions: ['工程建设'] } }];
    expect(code(world({}, works), { ...foreign, transaction: '工程建设' })).toBe('TRANSACTION_NOT_IN_SCOPE');
    expect(code(world({ map }, works), { ...foreign, transaction: '工程建设' })).toBe('GRANTED');
    expect(code(world({ map }, works), { ...foreign, transaction: '工程' })).toBe('TRANSACTION_NOT_IN_SCOPE');
    expect(code(world({}, works), { ...foreign, transaction: '工程' })).toBe('GRANTED');
  });

  it('under our own denials, and not for the peer of a peer', () => {
    expect(code(world({}, undefined, {}, [serviceOn('anhui', { status: event('distrusted', NOW - DAY) })]), foreign)).toBe('CA_DISTRUSTED');
    const far = snapshotOf([listWith('35', [serviceOn('fujian')], { territory: ['350000'] })], { schemeId: 'urn:scheme:35' });
    const near = snapshotOf([listWith('34', [serviceOn('anhui')], { territory: ['340000'], peers: [peerOf('urn:scheme:35')] })], { schemeId: 'urn:scheme:34', peers: new Map([['urn:scheme:35', far]]) });
    const ours = snapshotOf([listWith('42', [serviceOn('root')], { peers: [peerOf('urn:scheme:34')] })], { peers: new Map([['urn:scheme:34', near]]) });
    expect(code(ours, foreign)).toBe('GRANTED');
    expect(code(ours, { path: ['fujian'] })).toBe('CA_NOT_YET_GRANTED');
  });
});

it('as known at a sequence: later events and later lists were not known', () => {
  const world = snapshotOf([
    listWith('42', [serviceOn('root')], { delegations: [delegationTo('4201', 'restrict-only', ['420100'])] }),
    listWith('4201', [serviceOn('root', { status: event('withdrawn', NOW - DAY, 4) })]),
  ]);
  const known = (child?: number): TrustQuestion['knownAt'] => [
    { schemeId: 'urn:scheme:42', id: '42', sequence: 5 }, ...(child === undefined ? [] : [{ schemeId: 'urn:scheme:42', id: '4201', sequence: child }]),
  ];
  expect(code(world)).toBe('CA_WITHDRAWN');
  expect(code(world, { knownAt: known(4)! })).toBe('CA_WITHDRAWN');
  expect(code(world, { knownAt: known(3)! })).toBe('GRANTED');
  expect(code(world, { knownAt: known()! })).toBe('GRANTED');
  expect(code(world, { knownAt: [{ id: '42', sequence: 5 }] })).toBe('CA_NOT_YET_GRANTED');
});

describe('over random schemes', () => {
  const REGIONS = ['420100', '420200', '420281'];
  const PATTERNS = ['420000', '4201*', '420200', '420281'];
  const within = (region: string, pattern: string): boolean => region.startsWith(({ '420000': '42', '4201*': '4201', '420200': '4202', '420281': '420281' } as Record<string, string>)[pattern]!);

  type Entry = { readonly list: number; readonly key: 'root' | 'issuing'; readonly state: 'ok' | 'later' | 'withdrawn' | 'distrusted' | 'unusable'; readonly regions: string };
  type Edge = { readonly from: number; readonly to: number; readonly mode: Delegation['mode']; readonly regions: string; readonly purposes: boolean };
  const entries: fc.Arbitrary<Entry[]> = fc.array(fc.record({
    list: fc.integer({ min: 0, max: 3 }), key: fc.constantFrom('root', 'root', 'issuing'), state: fc.constantFrom('ok', 'ok', 'ok', 'later', 'withdrawn', 'distrusted', 'unusable'), regions: fc.constantFrom('*', '4201*', '4202*'),
  }), { minLength: 1, maxLength: 6 });
  const edges: fc.Arbitrary<Edge[]> = fc.uniqueArray(fc.record({
    from: fc.integer({ min: 0, max: 2 }), to: fc.integer({ min: 1, max: 4 }), mode: fc.constantFrom('may-grant', 'may-grant', 'restrict-only'), regions: fc.constantFrom(...PATTERNS), purposes: fc.boolean(),
  }), { maxLength: 5, selector: ({ from, to }) => `${from} ${to}` }).map((all) => all.filter(({ from, to }) => from < to));

  const build = (all: readonly Entry[], down: readonly Edge[]): Trust =>
    snapshotOf([0, 1, 2, 3].map((index) => listWith(`l${index}`, all.filter(({ list }) => list === index).map(({ key, state, regions }, number) => serviceOn(key, {
      id: `urn:svc:${index}:${number}`, scope: [{ regions: [regions] }],
      ...(state === 'unusable' && { unusable: 'crit' }),
      ...(state === 'later' && { status: [{ status: 'granted', since: NOW + 1, recorded: 1 }] }),
      ...((state === 'withdrawn' || state === 'distrusted') && { status: event(state, NOW) }),
    })), { delegations: down.filter(({ from }) => from === index).map(({ to, mode, regions, purposes }) => delegationTo(`l${to}`, mode, [regions], purposes ? { purposes: ['auth'] } : {})) })));

  /** The rules as sentences, over edges and entries themselves; list 4 is never there. */
  function oracle(all: readonly Entry[], down: readonly Edge[], region: string): boolean {
    const routes: (readonly Edge[])[] = [[]];
    for (let next = 0; next < routes.length; next++) {
      const at = routes[next]!.at(-1)?.to ?? 0;
      for (const edge of down) if (edge.from === at) routes.push([...routes[next]!, edge]);
    }
    const covering = routes.filter((route) => route.every(({ regions }) => within(region, regions)));
    const at = (route: readonly Edge[]): number => route.at(-1)?.to ?? 0;
    if (covering.some((route) => at(route) === 4)) return false;
    const inScope = ({ regions }: Entry): boolean => regions === '*' || region.startsWith(regions.slice(0, 4));
    const passes = (entry: Entry): boolean => entry.state === 'ok' && inScope(entry);
    const grantors = covering.filter((route) => route.every(({ mode, purposes }) => mode === 'may-grant' && !purposes)).map(at)
      .filter((list) => all.some((entry) => entry.list === list && entry.key === 'root' && passes(entry)));
    return grantors.some((grantor) => !covering.some((route) => {
      const list = at(route);
      return (['root', 'issuing'] as const).some((key) => {
        const said = all.filter((entry) => entry.list === list && entry.key === key);
        if (said.some(({ state }) => state === 'distrusted')) return true;
        if (said.some(passes)) return false;
        if (said.some(({ state }) => state === 'withdrawn' || state === 'unusable')) return true;
        const onlyTakes = covering.filter((each) => at(each) === list).every((each) => each.some(({ mode }) => mode === 'restrict-only'));
        const below = route.some(({ from }) => from === grantor);
        return said.some(({ state }) => state === 'ok') && (onlyTakes || below);
      });
    }));
  }

  it('trusts exactly what the sentences trust', () => {
    const met = { trusted: 0, not: 0, denied: 0 };
    fc.assert(
      fc.property(entries, edges, fc.constantFrom(...REGIONS), (all, down, region) => {
        const ruling = ask(build(all, down), { path: ['issuing', 'root'], region });
        expect(ruling.trusted).toBe(oracle(all, down, region));
        expect(ruling.trusted).toBe(ruling.code === 'GRANTED');
        if (!ruling.trusted) met.not++;
        else met.trusted++;
        if (ruling.opinions.some(({ effect }) => effect === 'denies')) met.denied++;
      }),
      { numRuns: 1500 },
    );
    for (const count of Object.values(met)) expect(count).toBeGreaterThan(100);
  });

  it('a list that is added below never gives trust where its delegation only restricts', () => {
    fc.assert(
      fc.property(entries, edges, fc.constantFrom(...REGIONS), (all, down, region) => {
        const restricting = down.map((edge) => ({ ...edge, mode: 'restrict-only' as const }));
        const alone = ask(build(all.filter(({ list }) => list === 0), []), { path: ['issuing', 'root'], region });
        if (ask(build(all, restricting), { path: ['issuing', 'root'], region }).trusted) expect(alone.trusted).toBe(true);
      }),
    );
  });
});
