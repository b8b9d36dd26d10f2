import type { Algorithms } from '@hefu/crypto';
import { explicit, generalizedTime, id_ct_TSTInfo, id_signedData, integer, octetString, oid, parseCertificate, sequence, setOf } from '@hefu/pki';
import { beforeAll, expect, test } from 'vitest';
import { probe, UpdaterError, type Fetcher, type ProbeFacts, type ProbeTarget } from '../../src/index.js';

import type { World } from '../../../sandbox/src/index.js';
import { tableFetcher } from '../support/fetcher.js';

/** Built: a room on a higher rung is no dependency of this one. */
const SANDBOX = new URL('../../../sandbox/dist/index.js', import.meta.url);
const NODE = new URL('../../../node/dist/index.js', import.meta.url);

const T = Date.UTC(2026, 10, 2);
let algorithms: Algorithms;
let world: World;
beforeAll(async () => {
  const { createWorld } = (await import(SANDBOX.href)) as typeof import('../../../sandbox/src/index.js');
  algorithms = ((await import(NODE.href)) as typeof import('../../../node/src/index.js')).nodeAlgorithms();
  world = createWorld({ seed: 'probe', at: T, crlBaseUrl: 'http://pki.hefu-test.cn' });
});

const clock = { now: () => T };
const one = async (target: Partial<ProbeTarget>, fetcher: Fetcher): Promise<ProbeFacts> =>
  (await probe([{ kind: 'crl', url: 'http://pki.hefu-test.cn/x', origin: 'list', issuers: [], ...target }], { fetcher, clock, algorithms }))[0]!;

test('OCSP: the answer is held against the CA that was asked', async () => {
  const [path, answer] = [...world.ocsp][0]!;
  const id = /\/ocsp\/(.*)$/.exec(path)![1]!;
  const authority = world.authorities.find((each) => id.startsWith(each.id))!;
  const issuers = authority.issuers.map(({ certificate }) => parseCertificate(certificate));
  const url = `http://pki.hefu-test.cn${path}`;
  const fetcher = tableFetcher({ [url]: async (request) => ({ status: 200, bytes: answer(request.post!.body), finalUrl: url }) });
  for (const issuer of issuers) {
    const { ocsp } = await one({ kind: 'ocsp', url, issuers: [issuer] }, fetcher);
    expect(ocsp).toMatchObject({ responseStatus: 'successful', authority: 'issuer' });
  }
  const stranger = parseCertificate(world.authorities.find((each) => each.id !== authority.id)!.issuers[0]!.certificate);
  const { ocsp } = await one({ kind: 'ocsp', url, issuers: [stranger] }, tableFetcher({ [url]: async () => ({ status: 200, bytes: answer(fetcher.asked[0]!.post!.body), finalUrl: url }) }));
  expect(ocsp!.authority).toBe('signature-invalid');
  expect((await one({ kind: 'ocsp', url }, fetcher)).failure?.code).toBe('NOT_ACCEPTED');
});

/** A TimeStampResp; the token's signers are left out, which a probe does not look at. */
function timeStamp(request: Uint8Array, status: number, imprint: Uint8Array = request.subarray(5, request.length - 3)): Uint8Array {
  const info = sequence(integer(1), oid('1.2.3'), imprint, integer(1), generalizedTime(T));
  const token = sequence(oid(id_signedData), explicit(0, sequence(integer(3), setOf(), sequence(oid(id_ct_TSTInfo), explicit(0, octetString(info))), setOf())));
  return sequence(sequence(integer(status)), ...(status <= 1 ? [token] : []));
}

test('TSA: status, and a token about what was sent', async () => {
  const url = 'http://tsa.hefu-test.cn/';
  const answering = (answer: (request: Uint8Array) => Uint8Array): Fetcher => tableFetcher({ [url]: async ({ post }) => ({ status: 200, bytes: answer(post!.body), finalUrl: url }) });
  const ask = (answer: (request: Uint8Array) => Uint8Array): Promise<ProbeFacts> => one({ kind: 'tsa', url }, answering(answer));
  expect((await ask((request) => timeStamp(request, 0))).tsa).toEqual({ pkiStatus: 0, token: true });
  expect((await ask((request) => timeStamp(request, 0, sequence(sequence(oid('1.2.3')), octetString(new Uint8Array(32)))))).tsa).toEqual({ pkiStatus: 0, token: false });
  expect((await ask((request) => timeStamp(request, 2))).tsa).toEqual({ pkiStatus: 2, token: false });
  expect((await ask(() => new TextEncoder().encode('<html>'))).failure?.code).toBe('NOT_PARSED');
});

test('an address a certificate names must be public; one the list names may be private', async () => {
  const url = 'http://10.1.2.3/a.crl';
  const fetcher = tableFetcher({ [url]: new Uint8Array([0x30, 0]) });
  expect((await one({ url, origin: 'certificate' }, fetcher)).failure?.code).toBe('ADDRESS_REFUSED');
  expect((await one({ url }, fetcher)).failure?.code).toBe('NOT_PARSED');
  expect(fetcher.asked).toHaveLength(1);
});

test('no more at once than allowed, in the order of the targets; an abort ends it', async () => {
  let under = 0;
  let most = 0;
  const fetcher: Fetcher = {
    async fetch({ url }) {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setImmediate(resolve));
      under--;
      throw new UpdaterError('TIMEOUT', url);
    },
  };
  const targets = Array.from({ length: 20 }, (_, index): ProbeTarget => ({ kind: 'crl', url: `http://a.hefu-test.cn/${index}`, origin: 'list', issuers: [] }));
  const facts = await probe(targets, { fetcher, clock, algorithms, limits: { parallelism: 3 } });
  expect([most, facts.map(({ url }) => url)]).toEqual([3, targets.map(({ url }) => url)]);
  const stop = new AbortController();
  await expect(probe(targets, { fetcher, clock, algorithms, signal: stop.signal, onFacts: () => stop.abort() })).rejects.toMatchObject({ code: 'ABORTED' });
});
