import { describe, expect, it } from 'vitest';
import type { ValidatePathOptions } from '../../src/index.js';
import { policyOid, validateChain, type Link } from './chain.js';

/** Policies by the sections of PKITS (NIST, 4.8 to 4.12), on chains of our own; what is expected is worked out from RFC 5280 §6.1 and RFC 9618. */

interface Inputs {
  readonly user?: string;
  readonly explicit?: true;
  readonly noMapping?: true;
  readonly noAny?: true;
}

function inputs({ user, explicit, noMapping, noAny }: Inputs): Partial<ValidatePathOptions> {
  return {
    ...(user === undefined ? {} : { initialPolicySet: user.split(' ').map(policyOid) }),
    ...(explicit === undefined ? {} : { initialExplicitPolicy: true }),
    ...(noMapping === undefined ? {} : { initialPolicyMappingInhibit: true }),
    ...(noAny === undefined ? {} : { initialAnyPolicyInhibit: true }),
  };
}

/** The user-constrained set, sorted; or the code and the certificate of the refusal. */
async function outcome(links: readonly Link[], given: Inputs = {}): Promise<string> {
  const { valid, policies, failure } = await validateChain(links, inputs(given));
  expect(valid).toBe(failure === undefined);
  if (failure !== undefined) return `${failure.code} ${failure.certificate}`;
  return policies.map(({ policy }) => (policy === policyOid('any') ? 'any' : `P${policy.split('.').at(-1)}`)).sort().join(' ');
}

const REFUSED = 'POLICY_CONSTRAINTS_VIOLATED';
type Row = readonly [what: string, links: readonly Link[], given: Inputs, expected: string];
const p = (policies: string): Link => ({ policies });

function table(rows: readonly Row[]): void {
  it.each(rows)('%s', async (_what, links, given, expected) => {
    expect(await outcome(links, given)).toBe(expected);
  });
}

describe('certificatePolicies (4.8)', () => {
  table([
    ['one policy throughout', [p('P1'), p('P1')], {}, 'P1'],
    ['one policy throughout, required', [p('P1'), p('P1')], { explicit: true }, 'P1'],
    ['one policy throughout, required of the user’s', [p('P1'), p('P1')], { explicit: true, user: 'P1' }, 'P1'],
    ['one policy throughout, not the user’s', [p('P1'), p('P1')], { explicit: true, user: 'P2' }, `${REFUSED} 0`],
    ['one policy throughout, one of the user’s', [p('P1'), p('P1')], { explicit: true, user: 'P1 P2' }, 'P1'],
    ['not the user’s, but none required', [p('P1'), p('P1')], { user: 'P2' }, ''],
    ['no policies', [{}, {}], {}, ''],
    ['no policies, required', [{}, {}], { explicit: true }, `${REFUSED} 1`],
    ['policies in the CA alone', [p('P1'), {}], {}, ''],
    ['policies in the CA alone, required', [p('P1'), {}], { explicit: true }, `${REFUSED} 0`],
    ['policies in the leaf alone, required', [{}, p('P1')], { explicit: true }, `${REFUSED} 1`],
    ['different ones', [p('P1'), p('P2')], {}, ''],
    ['different ones, required', [p('P1'), p('P2')], { explicit: true }, `${REFUSED} 0`],
    ['different ones in CAs that require one', [{ policies: 'P1', explicit: 0 }, p('P2')], {}, `${REFUSED} 0`],
    ['a gap in the middle', [p('P1'), {}, p('P1')], { explicit: true }, `${REFUSED} 1`],
    ['an overlap of two', [p('P1 P2'), p('P2 P3')], { explicit: true }, 'P2'],
    ['an overlap narrowed to nothing', [p('P1 P2'), p('P2 P3'), p('P1 P3')], { explicit: true }, `${REFUSED} 0`],
    ['several throughout', [p('P1 P2 P3'), p('P3 P1')], { explicit: true, user: 'P1' }, 'P1'],
    ['several throughout, any user', [p('P1 P2 P3'), p('P3 P1')], { explicit: true }, 'P1 P3'],
    ['anyPolicy throughout', [p('any'), p('any')], { explicit: true }, 'any'],
    ['anyPolicy throughout, and a user', [p('any'), p('any')], { explicit: true, user: 'P1' }, 'P1'],
    ['anyPolicy above one', [p('any'), p('P1')], { explicit: true, user: 'P1' }, 'P1'],
    ['anyPolicy above another', [p('any'), p('P1')], { explicit: true, user: 'P2' }, `${REFUSED} 0`],
    ['one above anyPolicy', [p('P1'), p('any')], { explicit: true, user: 'P1' }, 'P1'],
    ['one above anyPolicy, not the user’s', [p('P1'), p('any')], { explicit: true, user: 'P2' }, `${REFUSED} 0`],
    ['anyPolicy beside one', [p('P1 any'), p('P2')], { explicit: true }, 'P2'],
    ['a leaf alone under the root', [p('P1')], { explicit: true, user: 'P1' }, 'P1'],
    ['a leaf alone with anyPolicy', [p('any')], { explicit: true, user: 'P1 P2' }, 'P1 P2'],
  ]);

  it('carries qualifiers: the leaf’s own, or those of its anyPolicy', async () => {
    const qualified = async (links: readonly Link[], given: Inputs): Promise<readonly string[]> => {
      const { policies } = await validateChain(links, inputs(given));
      return policies.map(({ policy, qualifiers }) => `P${policy.split('.').at(-1)}:${qualifiers.map(({ id, value }) => `${id}=${new TextDecoder().decode(value.subarray(2))}`).join()}`);
    };
    const id = '1.3.6.1.5.5.7.2.1';
    expect(await qualified([p('P1:above'), p('P1:leaf')], {})).toEqual([`P1:${id}=leaf`]);
    expect(await qualified([p('P1'), p('P1')], {})).toEqual(['P1:']);
    expect(await qualified([p('P1'), p('P2 any:rest')], {})).toEqual([`P1:${id}=rest`]);
    expect(await qualified([p('any'), p('P2:own any:rest')], { user: 'P1 P2' })).toEqual([`P1:${id}=rest`, `P2:${id}=own`]);
  });
});

describe('requireExplicitPolicy (4.9)', () => {
  const none = {};
  table([
    ['skips more than there are', [{ policies: 'P1', explicit: 10 }, none, none, none], {}, ''],
    ['skips exactly the rest', [{ policies: 'P1', explicit: 4 }, none, none, none], {}, ''],
    ['takes hold at the leaf', [{ explicit: 2 }, none, none], {}, `${REFUSED} 0`],
    ['at the leaf, with policies', [{ policies: 'P1', explicit: 2 }, p('P1'), p('P1')], {}, 'P1'],
    ['takes hold at once', [{ explicit: 0 }, none], {}, `${REFUSED} 0`],
    ['a later, smaller number wins', [{ policies: 'P1', explicit: 7 }, { policies: 'P1', explicit: 0 }, none], {}, `${REFUSED} 0`],
    ['a later, larger number does not', [{ policies: 'P1', explicit: 0 }, { policies: 'P1', explicit: 9 }, none], {}, `${REFUSED} 0`],
    ['self-issued CAs do not count', [{ policies: 'P1', explicit: 2 }, { name: 'same', policies: 'P1' }, none], {}, ''],
    ['others do', [{ policies: 'P1', explicit: 1 }, { policies: 'P1' }, none], {}, `${REFUSED} 0`],
    ['self-issued, then used up', [{ explicit: 1 }, { name: 'same' }, none, none], {}, `${REFUSED} 0`],
  ]);
});

describe('policyMappings (4.10)', () => {
  table([
    ['one to another, the user’s', [{ policies: 'P1', maps: 'P1>P2' }, p('P2')], { explicit: true, user: 'P1' }, 'P1'],
    ['one to another, the subject’s is not the user’s', [{ policies: 'P1', maps: 'P1>P2' }, p('P2')], { explicit: true, user: 'P2' }, `${REFUSED} 0`],
    ['the issuer’s own is no longer there', [{ policies: 'P1', maps: 'P1>P2' }, p('P1')], { explicit: true }, `${REFUSED} 0`],
    ['mapping inhibited at first', [{ policies: 'P1', maps: 'P1>P2' }, p('P2')], { explicit: true, noMapping: true }, `${REFUSED} 0`],
    ['one to two', [{ policies: 'P1', maps: 'P1>P2 P1>P3' }, p('P3')], { explicit: true }, 'P1'],
    ['two to one', [{ policies: 'P1 P2', maps: 'P1>P3 P2>P3' }, p('P3')], { explicit: true }, 'P1 P2'],
    ['two to one, one of them the user’s', [{ policies: 'P1 P2', maps: 'P1>P3 P2>P3' }, p('P3')], { explicit: true, user: 'P2' }, 'P2'],
    ['twice over', [{ policies: 'P1', maps: 'P1>P2' }, { policies: 'P2', maps: 'P2>P3' }, p('P3')], { explicit: true, user: 'P1' }, 'P1'],
    ['to itself', [{ policies: 'P1', maps: 'P1>P1' }, p('P1')], { explicit: true }, 'P1'],
    ['swapped', [{ policies: 'P1 P2', maps: 'P1>P2 P2>P1' }, p('P1')], { explicit: true }, 'P2'],
    ['of a policy that is not there', [{ policies: 'P1', maps: 'P3>P2' }, p('P2')], { explicit: true }, `${REFUSED} 0`],
    ['of one that anyPolicy stands for', [{ policies: 'any', maps: 'P1>P2' }, p('P2')], { explicit: true, user: 'P1' }, 'P1'],
    ['what anyPolicy stands for beside the mapping', [{ policies: 'any', maps: 'P1>P2' }, p('P3')], { explicit: true, user: 'P3' }, 'P3'],
    ['under anyPolicy, the issuer’s policy still comes by it', [{ policies: 'any', maps: 'P1>P2' }, p('P1')], { explicit: true, user: 'P1' }, 'P1'],
    ['then anyPolicy in the leaf', [{ policies: 'P1', maps: 'P1>P2' }, p('any')], { explicit: true, user: 'P1' }, 'P1'],
    ['from anyPolicy', [{ policies: 'P1', maps: 'any>P1' }, p('P1')], {}, `${REFUSED} 1`],
    ['to anyPolicy', [{ policies: 'P1', maps: 'P1>any' }, p('P1')], {}, `${REFUSED} 1`],
  ]);
});

describe('inhibitPolicyMapping (4.11)', () => {
  const maps = { policies: 'P1', maps: 'P1>P2' };
  table([
    ['at once', [{ policies: 'P1', noMapping: 0 }, maps, p('P2')], { explicit: true }, `${REFUSED} 0`],
    ['at once, and what is not mapped', [{ policies: 'P1 P3', noMapping: 0 }, { policies: 'P1 P3', maps: 'P1>P2' }, p('P2 P3')], { explicit: true }, 'P3'],
    ['after one', [{ policies: 'P1', noMapping: 1 }, maps, p('P2')], { explicit: true }, 'P1'],
    ['after one, used up', [{ policies: 'P1', noMapping: 1 }, p('P1'), maps, p('P2')], { explicit: true }, `${REFUSED} 0`],
    ['self-issued CAs do not count', [{ policies: 'P1', noMapping: 1 }, { ...p('P1'), name: 'same' }, maps, p('P2')], { explicit: true }, 'P1'],
    ['a smaller number later', [{ policies: 'P1', noMapping: 5 }, { policies: 'P1', noMapping: 0 }, maps, p('P2')], { explicit: true }, `${REFUSED} 0`],
    ['the mapping beside the inhibition still holds', [{ ...maps, noMapping: 0 }, p('P2')], { explicit: true }, 'P1'],
    ['anyPolicy yields nothing to an inhibited mapping', [{ policies: 'any', noMapping: 0 }, { policies: 'any', maps: 'P1>P2' }, p('P2')], { explicit: true, user: 'P1' }, `${REFUSED} 0`],
  ]);
});

describe('inhibitAnyPolicy (4.12)', () => {
  table([
    ['at once', [{ policies: 'P1', noAny: 0 }, p('any')], { explicit: true }, `${REFUSED} 0`],
    ['at once, beside one that counts', [{ policies: 'P1', noAny: 0 }, p('any P1')], { explicit: true }, 'P1'],
    ['after one', [{ policies: 'P1', noAny: 1 }, p('any'), p('P1')], { explicit: true }, 'P1'],
    ['after one, used up', [{ policies: 'P1', noAny: 1 }, p('any'), p('any')], { explicit: true }, `${REFUSED} 0`],
    ['at first', [p('any'), p('P1')], { explicit: true, noAny: true }, `${REFUSED} 1`],
    ['not at first', [p('any'), p('P1')], { explicit: true }, 'P1'],
    ['self-issued CAs may use it', [{ policies: 'P1', noAny: 0 }, { name: 'same', policies: 'any' }, p('P1')], { explicit: true }, 'P1'],
    ['self-issued CAs do not count', [{ policies: 'P1', noAny: 1 }, { name: 'same', policies: 'P1' }, p('any'), p('P1')], { explicit: true }, 'P1'],
    ['a self-issued leaf may not', [{ policies: 'P1', noAny: 0 }, { name: 'same', policies: 'any' }], { explicit: true }, `${REFUSED} 0`],
    ['a smaller number later', [{ policies: 'any', noAny: 5 }, { policies: 'any', noAny: 0 }, p('any')], { explicit: true }, `${REFUSED} 0`],
  ]);
});

describe('what the anchor asks (RFC 5937)', () => {
  it('binds unless the caller says that it does not', async () => {
    const { policyExtensions } = await import('./chain.js');
    const root = { extensions: policyExtensions({ explicit: 0 }) };
    expect((await validateChain([{}, {}], {}, root)).failure).toMatchObject({ code: REFUSED, certificate: 1 });
    expect((await validateChain([{}, {}], { enforceAnchorConstraints: false }, root)).valid).toBe(true);
    expect((await validateChain([p('P1'), p('P1')], {}, root)).valid).toBe(true);
  });
  it('narrows the policies to its own', async () => {
    const { policyExtensions } = await import('./chain.js');
    const root = { extensions: policyExtensions({ policies: 'P1' }) };
    const given = { initialExplicitPolicy: true };
    expect((await validateChain([p('P1'), p('P1')], given, root)).valid).toBe(true);
    expect((await validateChain([p('P2'), p('P2')], given, root)).valid).toBe(false);
    expect((await validateChain([p('P2'), p('P2')], {}, root)).policies).toEqual([]);
  });
});
