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
import { comparison, inTurns } from './comparison.mjs';
import { AT, createChain, createContent, createCrls, createMessage, createTrustList, KINDS, REGION } from './material.mjs';
import { messageWithPkijs } from './peers/pkijs.mjs';

const LARGE = 100_000_000;
/** Verdicts in a row, where one would be too short to time. */
const TIMES = 50;

export function longTermTables() {
  // Whole batches, so few of them.
  const few = (measure) => ({ rounds }) => measure(Math.min(rounds, 3));
  return [
    ...KINDS.map((kind) => ({ name: `long-term/100 MB/${kind}`, unit: 'CPU time, in turns', measure: few((rounds) => largeFile(kind, rounds)) })),
    ...LEVELS.map((level) => ({ name: `long-term/levels/${level.kind}`, unit: 'CPU time, in turns', measure: few((rounds) => levels(level, rounds)) })),
  ];
}

let large;
/** The octets, and the same with one altered; made once, since that takes longer than hashing them. */
function largeContent() {
  if (large === undefined) {
    const content = createContent(LARGE);
    large = { content, altered: content.with(LARGE >> 1, content[LARGE >> 1] ^ 1) };
  }
  return large;
}

/** A message of 100 MB, its octets at hand: what hashing them costs is the floor. */
async function largeFile(kind, rounds) {
  const table = `long-term/100 MB/${kind}`;
  const { content, altered } = largeContent();
  const chain = createChain(kind);
  const message = createMessage(chain, content);
  const ask = await judging(chain);
  await requireBoth(await ask(message, content), !(await ask(message, altered)), `100 MB, ${kind}`);
  const hash = kind === 'SM2' ? 'sm3' : 'sha256';
  const floor = `hashing it (${hash})`;
  const peer = kind === 'SM2' ? undefined : messageWithPkijs(chain, message, content, AT);
  if (peer !== undefined && (await peer()) !== true) throw new Error(`pkijs refuses the ${kind} message`);
  const [own, bare, theirs] = await inTurns(rounds, [() => ask(message, content), () => createHash(hash).update(content).digest(), ...(peer === undefined ? [] : [peer])]);
  return [
    comparison(table, 'hefu', own, floor, bare),
    ...(theirs === undefined ? [] : [comparison(table, 'hefu', own, 'pkijs', theirs)]),
    comparison(table, floor, bare, floor, bare),
    ...(theirs === undefined ? [] : [comparison(table, 'pkijs', theirs, floor, bare)]),
  ];
}

const LEVELS = [{ kind: 'P-256', tsa: 'p256', digest: sha256, profile: {} }, { kind: 'SM2', tsa: 'sm2', digest: sm3, profile: { variant: 'attrs-za' } }];

/** The verdict on an archived signature, with three time-stamp authorities' paths, against that on the signature alone. */
async function levels({ kind, tsa, digest, profile }, rounds) {
  const table = `long-term/levels/${kind}`;
  const algorithms = nodeAlgorithms();
  const world = createWorld({ seed: 'bench long-term', at: AT });
  const { trustList } = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  const evidence = { ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })) };
  const timestamper = (id) => async (imprint) => parseTimeStampResponse(world.tsa.get(`/tsa/${id}`)(buildTimeStampRequest({ ...imprint, nonce: new Uint8Array(8).fill(5) }))).token;
  const content = createContent(1_000);
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
  const messages = [[basic, 'B-B'], [bt, 'B-T'], [blt, 'B-LT'], [blta, 'B-LTA']];
  for (const [message, level] of messages.slice(1)) {
    await requireBoth(await ask(message, level), !(await ask(message.map((octet, at) => (at === message.length - 200 ? octet ^ 1 : octet)), level).catch(() => false)), `${level}, ${kind}`);
  }
  const many = ([message, level]) => async () => { for (let n = 0; n < TIMES; n++) if (!(await ask(message, level))) throw new Error('a verdict changed'); };
  const times = (await inTurns(rounds, messages.map(many))).map((each) => each.map((us) => us / TIMES));
  return messages.map(([, level], i) => comparison(table, `${level} verdict`, times[i], 'B-B verdict', times[0]));
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
