// What is kept for years: a detached message over a large file, a signature with its time-stamps and evidence.
// A deadline's bids are in batch.mjs. Each against what it cannot do without, or a peer; every row requires its verdict, and a refusal of its twin.
import { createHash } from 'node:crypto';
import { sha256, sm3 } from '../packages/crypto/dist/index.js';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { buildTimeStampRequest, parseCertificate, parseCertificateList, parseSignedData, parseTimeStampResponse } from '../packages/pki/dist/index.js';
import { createWorld } from '../packages/sandbox/dist/index.js';
import { addArchiveTimestamp, addSignatureTimestamp, addValidationData, signContent } from '../packages/sign/dist/index.js';
import { updateTrustList } from '../packages/trust-list/dist/index.js';
import { createJudgeCaches, DEFAULT_POLICY, judge, NO_EVIDENCE } from '../packages/verify/dist/index.js';
import { AT, createChain, createContent, createCrls, createMessage, createTrustList, KINDS, REGION } from './material.mjs';
import { messageWithPkijs } from './peers/pkijs.mjs';

const LARGE = 100_000_000;
/** Verdicts in a row, where one would be too short to time. */
const TIMES = 50;

export async function longTermRows({ rounds }) {
  // Whole batches, so few of them.
  const repeats = Math.min(rounds, 3);
  return [...(await largeFiles(repeats)), ...(await levels(repeats))];
}

/** A message of 100 MB, its octets at hand: what hashing them costs is the floor. */
async function largeFiles(repeats) {
  const content = createContent(LARGE);
  const altered = content.slice();
  altered[LARGE >> 1] ^= 1;
  const rows = [];
  for (const kind of KINDS) {
    const chain = createChain(kind);
    const message = createMessage(chain, content);
    const ask = await judging(chain);
    await requireBoth(await ask(message, content), !(await ask(message, altered)), `100 MB, ${kind}`);
    const hash = kind === 'SM2' ? 'sm3' : 'sha256';
    const floor = () => createHash(hash).update(content).digest();
    const [own, bare] = await alternating(repeats, () => ask(message, content), floor);
    rows.push(row(`long-term/detached 100MB/${kind}`, own, bare, `hashing it (${hash})`));
    if (kind === 'SM2') continue;
    const peer = messageWithPkijs(chain, message, content, AT);
    if ((await peer()) !== true) throw new Error(`pkijs refuses the ${kind} message`);
    const [again, theirs] = await alternating(repeats, () => ask(message, content), peer);
    rows.push(row(`long-term/detached 100MB/${kind}, again`, again, theirs, 'pkijs'));
  }
  return rows;
}

/** The verdict on an archived signature, with three time-stamp authorities' paths, against that on the signature alone. */
async function levels(repeats) {
  const algorithms = nodeAlgorithms();
  const world = createWorld({ seed: 'bench long-term', at: AT });
  const { trustList } = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  const evidence = { ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })) };
  const timestamper = (id) => async (imprint) => parseTimeStampResponse(world.tsa.get(`/tsa/${id}`)(buildTimeStampRequest({ ...imprint, nonce: new Uint8Array(8).fill(5) }))).token;
  const content = createContent(1_000);
  const rows = [];
  for (const [kind, tsa, digest, profile] of [['P-256', 'p256', sha256, {}], ['SM2', 'sm2', sm3, { variant: 'attrs-za' }]]) {
    const company = world.companies.find(({ state, sign, issuer }) => state === 'good' && issuer.listed && sign.key.kind === kind);
    const above = [company.issuer, ...company.authority.above];
    const unit = world.timestampAuthorities.find(({ id }) => id === tsa);
    const basic = await signContent({ certificate: parseCertificate(company.sign.certificate), chain: above.map(({ certificate }) => certificate), content, algorithms, level: 'B-B', signingTime: AT, ...profile }, { sign: ({ message }) => company.sign.key.sign(message) });
    const { message: bt } = await addSignatureTimestamp(basic, 0, timestamper(tsa), digest);
    const { message: blt } = addValidationData(bt, 0, {
      certificates: [unit.certificate, ...unit.chain], crls: [...above.map(({ crlPath }) => world.crls.get(crlPath)), ...(unit.issuer === undefined ? [] : [world.crls.get(unit.issuer.crlPath)])],
    });
    const { message: blta } = await addArchiveTimestamp(blt, 0, timestamper(tsa), { digest, content });
    const caches = createJudgeCaches();
    const ask = async (message, level) => {
      const report = await judge({ signed: parseSignedData(message), content, evidence, trustList, policy: DEFAULT_POLICY, algorithms, at: AT + 3_600_000, context: { scene: 'archive', region: REGION, transaction: '工程建设' }, caches });
      return report.conclusion === 'passed' && report.signers[0].level?.proven === level;
    };
    for (const [message, level] of [[bt, 'B-T'], [blt, 'B-LT'], [blta, 'B-LTA']]) {
      await requireBoth(await ask(message, level), !(await ask(message.map((octet, at) => (at === message.length - 200 ? octet ^ 1 : octet)), level).catch(() => false)), `${level}, ${kind}`);
      const many = (one, what) => async () => { for (let n = 0; n < TIMES; n++) if (!(await ask(one, what))) throw new Error('a verdict changed'); };
      const [own, alone] = await alternating(repeats, many(message, level), many(basic, 'B-B'));
      rows.push(row(`long-term/${level} verdict/${kind}`, own, alone, 'the B-B verdict', TIMES));
    }
  }
  return rows;
}

/** A judge with the list and the CRLs of a chain. */
async function judging(chain) {
  const algorithms = nodeAlgorithms();
  const kept = { evidence: { candidateCertificates: [], crls: createCrls(chain), gaps: [] }, trustList: await createTrustList(chain, algorithms), policy: DEFAULT_POLICY, algorithms, at: AT, context: { scene: 'bid-signing', region: REGION }, caches: createJudgeCaches() };
  return async (message, content) => (await judge({ ...kept, signed: parseSignedData(message), content })).conclusion === 'passed';
}

function requireBoth(taken, refused, what) {
  if (!taken) throw new Error(`what is valid is refused: ${what}`);
  if (!refused) throw new Error(`what must be refused is taken: ${what}`);
}

/** Median seconds of each, in turns, so that a slow spell slows both. */
async function alternating(repeats, one, other) {
  const times = [[], []];
  for (let turn = 0; turn < repeats; turn++) {
    for (const [index, step] of [one, other].entries()) {
      const before = process.cpuUsage();
      await step();
      const { user, system } = process.cpuUsage(before);
      times[index].push((user + system) / 1e6);
    }
  }
  return times.map((each) => each.toSorted((a, b) => a - b)[each.length >> 1]);
}

function row(name, own, other, against, count = 1) {
  return { name, us: Math.round((own * 1e6) / count), seconds: round(own), ratio: Number((own / other).toFixed(2)), against };
}

function round(seconds) {
  return Number(seconds.toFixed(2));
}
