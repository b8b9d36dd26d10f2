import 'reflect-metadata';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  approvalsOf, approve, candidateOf, diffLists, envelopeOf, formatProposal, nextRootVersion, nextVersion, propose, readProposal, readyToPublish, serializeList, setRole, suspend, TrustListError, updateTrustList,
  signList, withdraw, type ListDocument, type ListRole, type Proposal, type ProposalDocument,
} from '../../src/index.js';
import { algorithms, joseSigner, listOf, roleOf, serviceOf, sha256, sm2Signer, T, utf8, type TestSigner } from '../helpers/world.js';
import { context, ISSUED, issue, newScheme, payloadOf } from '../edit/world.js';

const CA = 'urn:hefu:test:ca-1';
let es: TestSigner;
const gm = sm2Signer(1);
const gm2 = sm2Signer(2);
const stranger = sm2Signer(5);
let role: ListRole;
let published: Uint8Array;
let draft: ListDocument;

beforeAll(async () => {
  es = await joseSigner('ES256');
  const ca = await issue({ name: 'CN=Proposal CA', ca: true });
  published = serializeList(listOf([serviceOf(ca.der)]));
  draft = suspend(nextVersion(published, { issued: ISSUED, ...context }), CA, { since: ISSUED }, context);
  const base = roleOf([[es, 'A'], [gm, 'B'], [gm2, 'B']], { threshold: 2, distinctOrgs: 2, families: { F1: 1, F2: 1 } });
  role = { ...base, keys: base.keys.map((key, index) => ({ ...key, owner: ['甲', '乙', '丙'][index]! })) };
});

const made = (document: ListDocument = draft): ProposalDocument => propose(serializeList(document), { target: 'list', author: '甲', reason: '监管决定', created: ISSUED, sha256 });
const read = (proposal: ProposalDocument): Proposal => readProposal(utf8(formatProposal(proposal)));
const signed = async (proposal: ProposalDocument, ...signers: readonly TestSigner[]): Promise<ProposalDocument> => {
  for (const signer of signers) proposal = await approve(proposal, signer, { at: ISSUED });
  return proposal;
};
const blockers = async (proposal: ProposalDocument, more: Partial<Parameters<typeof readyToPublish>[1]> = {}): Promise<readonly string[]> =>
  (await readyToPublish(read(proposal), { roles: [role], algorithms, at: ISSUED, published, ...more })).blockers.map(({ code }) => code);
const verdict = (value: unknown): string => {
  try {
    readProposal(utf8(JSON.stringify(value)));
    return 'read';
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
    return `${error.code} ${error.problems.map(({ path }) => path).join(' ')}`.trim();
  }
};

describe('a proposal', () => {
  it('holds exactly the octets that are signed and published', async () => {
    const proposal = made();
    expect(read(proposal).payloadBytes).toEqual(serializeList(draft));
    expect(read(proposal).base).toEqual({ number: 1, prev: draft.prev });
    expect(candidateOf(read(proposal))).toEqual(JSON.parse(new TextDecoder().decode(serializeList(draft))));
    expect(diffLists(undefined, candidateOf(read(proposal)) as ListDocument, context).to).toBe(2);
    expect(envelopeOf(proposal)).toBeUndefined();
    const approved = await signed(proposal, es, gm);
    const list = await updateTrustList(undefined, await signList(published, [es, gm]), { role, algorithms, at: ISSUED, expectedListId: '42' });
    const outcome = await updateTrustList(list.outcome === 'accepted' ? list.trustList : undefined, envelopeOf(approved)!, { role, algorithms, at: ISSUED, expectedListId: '42' });
    expect(outcome).toMatchObject({ outcome: 'accepted', trustList: { sequence: 2 } });
  });

  it('is not made of what readers would refuse', () => {
    expect(() => propose(utf8('{}'), { target: 'list', author: 'a', reason: 'r', created: ISSUED, sha256 })).toThrow(TrustListError);
    expect(() => propose(serializeList(draft), { target: 'root', author: 'a', reason: 'r', created: ISSUED, sha256 })).toThrow(TrustListError);
    expect(() => propose(serializeList(draft), { target: 'list', author: '', reason: 'r', created: ISSUED, sha256 })).toThrow(TrustListError);
  });

  it('is read strictly', () => {
    const proposal = made();
    expect(verdict(proposal)).toBe('read');
    expect(verdict({ ...proposal, approvedBy: ['甲'] })).toBe('TL_SCHEMA_INVALID approvedBy');
    expect(verdict({ ...proposal, payload: `${proposal.payload}=` })).toBe('TL_SCHEMA_INVALID payload');
    expect(verdict({ ...proposal, target: 'freshness' })).toBe('TL_SCHEMA_INVALID target');
    expect(verdict({ ...proposal, base: { number: 0, prev: 'x' } })).toBe('TL_SCHEMA_INVALID base.number base.prev');
    expect(verdict({ ...proposal, created: 'now' })).toBe('TL_TIME_INVALID created');
    expect(verdict({ ...proposal, signatures: [{ protected: 'a', signature: 'b', header: {} }] })).toBe('TL_SCHEMA_INVALID signatures[0].header');
    expect(verdict([])).toContain('TL_SCHEMA_INVALID');
  });
});

describe('approvals', () => {
  it('are counted as an update counts signatures: people, organisations, families', async () => {
    const none = await approvalsOf(read(made()), role, { algorithms });
    expect(none).toMatchObject({ signed: [], missing: { people: 2, orgs: 2, F1: 1, F2: 1 }, met: false });
    expect(none.pending.map(({ owner }) => owner)).toEqual(['甲', '乙', '丙']);
    const one = await approvalsOf(read(await signed(made(), gm)), role, { algorithms });
    expect(one).toMatchObject({ signed: [{ owner: '乙', org: 'B', family: 'F2' }], missing: { people: 1, orgs: 1, F1: 1, F2: 0 }, met: false });
    expect(one.pending.map(({ owner }) => owner)).toEqual(['甲', '丙']);
    expect((await approvalsOf(read(await signed(made(), gm, gm2)), role, { algorithms })).missing).toEqual({ people: 0, orgs: 1, F1: 1, F2: 0 });
    expect((await approvalsOf(read(await signed(made(), gm, es)), role, { algorithms })).met).toBe(true);
  });

  it('by strangers, twice by one key, or over other octets do not count', async () => {
    expect((await approvalsOf(read(await signed(made(), stranger)), role, { algorithms })).signed).toEqual([]);
    expect((await approvalsOf(read(await signed(made(), gm, gm)), role, { algorithms })).missing.people).toBe(1);
    const other = await signed(made(withdraw(nextVersion(published, { issued: ISSUED, ...context }), CA, { since: ISSUED }, context)), es, gm);
    const moved = { ...made(), signatures: other.signatures };
    expect(await approvalsOf(read(moved), role, { algorithms })).toMatchObject({ signed: [], met: false, signatures: [{ outcome: 'invalid' }, { outcome: 'invalid' }] });
  });

  it('by keys that have run out do not count, nor are they waited for', async () => {
    const old = { ...role, keys: role.keys.map((key, index) => (index === 0 ? { ...key, notAfter: ISSUED } : key)) };
    const found = await approvalsOf(read(await signed(made(), es, gm)), old, { algorithms });
    expect(found.signed.map(({ owner }) => owner)).toEqual(['乙']);
    expect(found.pending.map(({ owner }) => owner)).toEqual(['丙']);
  });
});

describe('ready to publish', () => {
  it('when every role is met and it follows what is published', async () => {
    expect(await blockers(await signed(made(), es, gm))).toEqual([]);
    expect(await blockers(await signed(made(), gm))).toEqual(['APPROVALS_MISSING']);
  });

  it('not when the base moved, the dates do not hold, or the words say otherwise', async () => {
    const approved = await signed(made(), es, gm);
    const moved = serializeList(draft);
    expect(await blockers(approved, { published: moved })).toContain('BASE_MOVED');
    expect(await blockers(approved, { published: undefined })).toContain('BASE_MOVED');
    expect(await blockers(approved, { at: T('2026-09-01T00:00:00Z') })).toEqual(['EXPIRED']);
    expect(await blockers(approved, { at: ISSUED - 301_000 })).toEqual(['ISSUED_IN_FUTURE']);
    expect(await blockers({ ...approved, base: { number: 7, prev: draft.prev! } })).toEqual(['SAYS_OTHERWISE']);
    expect(await blockers({ ...approved, id: '43' })).toEqual(['SAYS_OTHERWISE']);
    const lost = { ...draft, services: [{ ...draft.services[0]!, id: 'urn:hefu:other', status: [{ status: 'granted' as const, since: '2026-06-01T00:00Z', recorded: 2 }] }] };
    expect(await blockers(await signed(made(lost), es, gm))).toEqual(['NOT_A_SUCCESSOR']);
    expect(await blockers({ ...approved, payload: Buffer.from('{}').toString('base64url') })).toEqual(['UNREADABLE']);
  });

  it('with one more approver where an event reaches back', async () => {
    const back = withdraw(nextVersion(published, { issued: ISSUED, ...context }), CA, { since: T('2026-05-02T00:00Z'), reason: 'r', ref: 'f' }, context);
    expect(await blockers(await signed(made(back), es, gm))).toEqual(['APPROVALS_MISSING']);
    expect(await blockers(await signed(made(back), es, gm, gm2))).toEqual([]);
    const service = back.services[0]!;
    const { reason: _, ...unexplained } = service.status[0]!;
    expect(await blockers(await signed(made({ ...back, services: [{ ...service, status: [unexplained, ...service.status.slice(1)] }] }), es, gm, gm2))).toEqual(['UNEXPLAINED_BACKDATING']);
  });

  it('for a root by the role before and its own', async () => {
    const { root } = newScheme();
    const before = payloadOf(root);
    const next = setRole(nextRootVersion(before, { issued: ISSUED, ...context }), 'root', { threshold: 3 }, context);
    const roleFrom = (threshold: number): ListRole => ({ keys: root.keys.slice(0, 3).map(({ jwk, org, owner }) => ({ jwk, org, owner: owner! })), threshold });
    const proposal = propose(payloadOf(next), { target: 'root', author: '甲', reason: 'r', created: ISSUED, sha256 });
    const options = { roles: [roleFrom(2), roleFrom(3)], algorithms, at: ISSUED, published: before };
    const two = await signed(proposal, sm2Signer(1), sm2Signer(2));
    const found = await readyToPublish(read(two), options);
    expect(found.blockers.map(({ code }) => code)).toEqual(['APPROVALS_MISSING']);
    expect(found.approvals.map(({ met }) => met)).toEqual([true, false]);
    expect((await readyToPublish(read(await signed(two, sm2Signer(3))), options)).ready).toBe(true);
    await expect(readyToPublish(read(two), { ...options, roles: [] })).rejects.toThrow(TypeError);
  });
});
