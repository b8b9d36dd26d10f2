import { classicalAlgorithms, createSm2, softwareDigests, webCryptoProvider, type Algorithms } from '@hefu/crypto';
import { signList, updateTrustList, type TrustList } from '@hefu/trust-list';
import { describe, expect, test } from 'vitest';
import { createWorld, listSigner, LIST_ID, type ListName } from '../../src/index.js';

const DAY = 86_400_000;
const world = createWorld({ seed: 'lists', at: Date.UTC(2026, 9, 1) });
const { at, lists, listRole: role } = world;
const algorithms: Algorithms = { digests: softwareDigests, signatures: [...classicalAlgorithms(webCryptoProvider(globalThis.crypto.subtle)), createSm2()] };

const update = (name: ListName, current?: TrustList, when: number = at) =>
  updateTrustList(current, lists[name], { role, algorithms, at: when, expectedListId: LIST_ID });
const codeOf = async (outcome: ReturnType<typeof update>): Promise<string> => {
  const answer = await outcome;
  return answer.outcome === 'refused' ? answer.code : answer.outcome;
};
async function take(name: ListName, current?: TrustList, when?: number): Promise<TrustList> {
  const answer = await update(name, current, when);
  if (answer.outcome !== 'accepted') throw new Error(`${name}: ${answer.outcome === 'refused' ? `${answer.code} ${JSON.stringify(answer.problems ?? answer.actual)}` : answer.outcome}`);
  return answer.trustList;
}

describe('lists', () => {
  test('follow one another without a gap', async () => {
    const ten = await take('expired', undefined, at - 30 * DAY);
    const eleven = await take('previous', ten, at - 21 * DAY);
    const twelve = await take('current', eleven);
    const thirteen = await take('suspended', twelve);
    expect([ten, eleven, twelve, thirteen].map(({ sequence }) => sequence)).toEqual([10, 11, 12, 13]);
    expect(twelve.signedBy.map(({ org }) => org)).toEqual(['沙盒公共资源交易中心', '沙盒招标投标监督办公室']);
    expect(new Set(twelve.signedBy.map(({ family }) => family))).toEqual(new Set(['F1', 'F2']));
  });

  test('every listed CA is a usable service with its profile; the unlisted one is not there', async () => {
    const list = await take('current');
    for (const { serviceId, design } of world.authorities) {
      const service = list.services.find(({ id }) => id === serviceId);
      expect(service !== undefined, serviceId).toBe(design.listed);
      if (service === undefined) continue;
      expect(service.unusable).toBeUndefined();
      expect(list.identityProfiles.get(service.identity!)).toEqual(design.placement.profile);
      expect(service.revocation.overrideCertificateUrls).toBe(design.crl !== 'http');
      expect(service.status[0]?.status).toBe('granted');
    }
    const thirteen = await take('suspended');
    expect(thirteen.services.find(({ id }) => id === 'urn:hefu:sandbox:svc:guting')?.status[0]).toMatchObject({ status: 'suspended', since: at - DAY });
  });

  test.each<[ListName, string]>([
    ['one-key-twice', 'TL_SAME_KEY_TWICE'],
    ['one-organisation', 'TL_SAME_ORGANISATION'],
    ['unsigned', 'TL_UNSIGNED'],
    ['empty', 'TL_NO_SERVICES'],
  ])('%s is refused', async (name, code) => {
    expect(await codeOf(update(name))).toBe(code);
    expect(await codeOf(update('current'))).toBe('accepted');
  });

  test('an older list is a rollback', async () => {
    expect(await codeOf(update('previous', await take('current')))).toBe('TL_ROLLBACK');
  });

  test('our envelopes are what the trust-list room writes with the same operators', async () => {
    const [centre, , supervision] = world.operators;
    const { payload, signatures } = JSON.parse(new TextDecoder().decode(lists.current)) as { payload: string; signatures: { protected: string }[] };
    const { iat } = JSON.parse(Buffer.from(signatures[0]!.protected, 'base64url').toString()) as { iat: number };
    const written = await signList(Buffer.from(payload, 'base64url'), [listSigner(centre!), listSigner(supervision!)], { at: iat * 1000 });
    expect(new TextDecoder().decode(written)).toBe(new TextDecoder().decode(lists.current));
  });
});
