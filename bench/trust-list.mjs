// Trust lists at size: 3,000 services, each with a certificate of its own and six events, and as many cities' lists as a province has.
import { spawnSync } from 'node:child_process';
import { createHash, generateKeyPairSync } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { attr, basicConstraints, createSeed, deriveKeyPair, distinguishedName, issueCertificate, keyUsage, subjectKeyIdentifier } from '../packages/sandbox/dist/index.js';
import { decideTrust, Federation, joseListSigner, serializeList, signList, updateTrustList } from '../packages/trust-list/dist/index.js';
import { comparison, weight } from './comparison.mjs';
import { AT } from './material.mjs';

const DAY = 86_400_000;
const SERVICES = 3_000;
const QUESTIONS = 1_000_000;
/** City lists that restrict, each with an entry about every hundredth CA. */
const CITIES = 17;
const PARSE = 'JSON.parse of the payload';
const instant = (at) => new Date(at).toISOString();
const cityCode = (index) => `42${String(index + 1).padStart(2, '0')}00`;

/** The envelope of the big list, its role, and the SHA-256 of every anchor's key. */
async function createMaterial() {
  const seed = createSeed('bench trust list');
  const ca = deriveKeyPair(seed, 'ca', 'P-256');
  // Anchors are believed for being listed; nobody checks what is under them, so one signature does for all.
  const signature = ca.sign(new Uint8Array(32));
  const signer = { ...ca, sign: () => signature };
  const keys = [];
  const services = Array.from({ length: SERVICES }, (_, index) => {
    const spki = new Uint8Array(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'der', type: 'spki' }));
    const spkiSha256 = createHash('sha256').update(spki).digest('hex');
    keys.push(spkiSha256);
    const name = distinguishedName([attr('C', 'CN'), attr('O', '沙盒数字证书认证管理有限公司'), attr('CN', `Bench CA ${index}`)]);
    const certificate = issueCertificate({
      serialNumber: Uint8Array.of(0x40, index >> 8, index & 0xff), issuer: name, subject: name, notBefore: AT - 3000 * DAY, notAfter: AT + 3000 * DAY, spki, signer,
      extensions: [subjectKeyIdentifier(createHash('sha1').update(spki).digest()), basicConstraints({ ca: true, critical: true }), keyUsage(['keyCertSign', 'cRLSign'], { critical: true })],
    });
    const status = (word, since, more = {}) => ({ status: word, since: instant(since), recorded: 1, ...more });
    return {
      id: `urn:hefu:bench:${index}`, kind: 'ca', name: { zh: `基准CA ${index}`, en: `Bench CA ${index}` }, anchors: [{ x5c: [Buffer.from(certificate).toString('base64')], mode: 'root' }],
      status: [
        ...(index % 10 === 0 ? [status('withdrawn', AT - 30 * DAY)] : []),
        status('granted', AT - 100 * DAY), status('suspended', AT - 120 * DAY, { effect: { gap: index % 2 === 0 ? 'heal' : 'void' } }),
        status('granted', AT - 500 * DAY), status('suspended', AT - 520 * DAY, { effect: { gap: 'heal' } }), status('granted', AT - 2500 * DAY),
      ],
      scope: [{ regions: ['42*'], purposes: ['auth', 'sign'] }, { regions: [cityCode(index % CITIES)], purposes: ['seal'] }],
    };
  });
  const payload = serializeList({
    type: 'list', spec: '1.0', listId: 'bench', sequence: 1, issued: instant(AT - DAY), nextUpdate: instant(AT + 60 * DAY), operator: { name: { zh: '基准' } }, territory: ['420000'], historyPolicy: 'forever', services,
  });
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const envelope = await signList(payload, [await joseListSigner(privateKey.export({ format: 'jwk' }), 'ES256')]);
  return { payload, envelope, keys, role: { keys: [{ jwk: publicKey.export({ format: 'jwk' }), org: 'bench' }], threshold: 1 } };
}

const altered = (envelope) => {
  const copy = envelope.slice();
  copy[copy.length >> 1] ^= 1;
  return copy;
};

/** One set for all updates, as a verifier has it: what was verified is known by it. */
const algorithms = nodeAlgorithms();

async function load({ envelope, role }, current) {
  return updateTrustList(current, envelope, { role, algorithms, at: AT });
}

/** Reading and updating, over what the octets cost a reader that asks nothing of them. */
export async function trustListTables() {
  const material = await createMaterial();
  const { trustList } = await load(material);
  const text = new TextDecoder().decode(material.payload);
  return [{
    name: `trust-list/${SERVICES} services`,
    baseline: PARSE,
    candidates: [
      { name: 'hefu, load and verify', setUp: (valid) => async () => (await load(valid ? material : { ...material, envelope: altered(material.envelope) })).outcome === 'accepted' },
      { name: 'hefu, update with an unchanged list', setUp: (valid) => async () => (await load(valid ? material : { ...material, envelope: altered(material.envelope) }, trustList)).outcome === 'unchanged' },
      { name: PARSE, native: true, setUp: (valid) => () => JSON.parse(valid ? text : text.slice(1)).type === 'list' },
    ],
  }, ...wholeTables(material, trustList)];
}

const ALONE = 'a list by itself';

/** What is too long for a round: every question once, and the memory of a snapshot in a process of its own. */
function wholeTables(material, trustList) {
  const questions = `trust-list/${QUESTIONS.toLocaleString('en')} questions`;
  const snapshot = `trust-list/snapshot of ${SERVICES} services`;
  return [
    { name: questions, unit: `CPU time a question over that of "${ALONE}"`, measure: () => {
      const [alone, all] = [trustList, province(trustList, material.keys)].map((trust) => [askAll(trust, material.keys)]);
      return [comparison(questions, ALONE, alone, ALONE, alone), comparison(questions, `a province of ${CITIES} cities`, all, ALONE, alone)];
    } },
    { name: snapshot, unit: 'octets on the heap over those of its payload', measure: () => {
      const { bytes, payloadBytes } = memory();
      return [weight(snapshot, 'memory', bytes, 'octets of the payload', payloadBytes)];
    } },
  ];
}

/** A snapshot whose city lists each restrict every hundredth CA; made by hand, since what decides asks for no signatures. */
function province(top, keys) {
  const schemeId = 'urn:hefu:bench';
  const delegations = Array.from({ length: CITIES }, (_, index) => ({ listId: `city-${index}`, name: { zh: '市' }, role: { keys: [], threshold: 1 }, regions: [cityCode(index)], mode: 'restrict-only', location: [] }));
  const list = { ...spread(top), delegations };
  const cities = delegations.map(({ listId, regions }, city) => ({
    ...spread(top), listId, delegations: [],
    services: top.services.filter((_, index) => index % 100 === city).map((service, index) => ({
      ...service, id: `${service.id}:${city}`, anchors: [{ spkiSha256: keys[index * 100 + city], mode: 'root' }], status: [{ status: 'suspended', since: AT - 300 * DAY, recorded: 1 }, ...service.status], scope: [{ regions }],
    })),
  }));
  const root = { limits: { maxDepth: 3, maxLists: 64 } };
  const freshness = { issued: AT - DAY, expires: AT + DAY };
  return { schemeId, root, roots: [root], freshness, list, lists: new Map([list, ...cities].map((each) => [each.listId, each])), missing: new Map(), peers: new Map(), highWater: AT };
}

/** The members of a verified list, as a plain value. */
function spread(list) {
  return { ...list };
}

/** Microseconds a question. */
function askAll(trust, keys) {
  const sha256 = nodeAlgorithms().digests.find(({ name }) => name === 'SHA-256');
  const federation = new Federation(trust, sha256);
  const purposes = ['auth', 'sign', 'seal'];
  const ask = (index) => {
    const key = { spkiSha256: keys[(index * 7919) % keys.length] };
    return decideTrust(federation, {
      keys: [key], anchors: ({ member }) => member.list.listId === 'bench', kind: 'ca', region: cityCode(index % CITIES), purpose: purposes[index % 3],
      issuedAt: AT - 600 * DAY, signedAt: AT - (index % 700) * DAY, at: AT, missing: 'refuse',
    }).code;
  };
  for (let index = 0; index < QUESTIONS / 10; index++) ask(index);
  const codes = {};
  const before = process.cpuUsage();
  for (let index = 0; index < QUESTIONS; index++) {
    const code = ask(index);
    codes[code] = (codes[code] ?? 0) + 1;
  }
  const { user, system } = process.cpuUsage(before);
  if ((codes.GRANTED ?? 0) === 0 || Object.keys(codes).length < 3) throw new Error(`the questions have one answer: ${JSON.stringify(codes)}`);
  return (user + system) / QUESTIONS;
}

function memory() {
  const child = spawnSync(process.execPath, ['--expose-gc', fileURLToPath(import.meta.url), '--memory'], { encoding: 'utf8' });
  if (child.status !== 0) throw new Error(`the process that measures memory ended with ${child.status}: ${child.stderr}`);
  return JSON.parse(child.stdout);
}

/** In a process of its own: what stays on the heap for one more list of that size, its envelope among it, after it was asked about every key. */
async function measureMemory() {
  const material = await createMaterial();
  const sha256 = nodeAlgorithms().digests.find(({ name }) => name === 'SHA-256');
  const used = () => {
    for (let round = 0; round < 4; round++) globalThis.gc();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const open = async () => {
    const federation = new Federation((await load(material)).trustList, sha256);
    for (const spkiSha256 of material.keys) federation.statementsOn({ spkiSha256 });
    return federation;
  };
  const kept = [await open()];
  const before = used();
  for (let count = 0; count < 3; count++) kept.push(await open());
  const bytes = Math.round((used() - before) / 3);
  console.log(JSON.stringify({ bytes, payloadBytes: material.payload.length, kept: kept.length }));
}

if (process.argv[2] === '--memory' && process.argv[1] === fileURLToPath(import.meta.url)) await measureMemory();
