// SM2 verification by itself: over the TBSCertificate of a leaf, digest and Z included. SM3 by itself: over 1 MiB.
import { createHash } from 'node:crypto';
import { createSM3 } from 'hash-wasm';
import { sm2 as smCrypto, sm3 as smCryptoSm3 } from 'sm-crypto-v2';
import { createSm2, createSm3, sm2, sm2Digest, sm3 } from '../packages/crypto/dist/index.js';
import { nodeDigests } from '../packages/node/dist/index.js';
import { parseCertificate } from '../packages/pki/dist/index.js';
import { createContent, tamperedChain } from './material.mjs';
import { leafCheck } from './peers/node-crypto.mjs';

const NODE = 'node:crypto createVerify over Z and message';

const HASH_WASM = 'hash-wasm';
/** As in Node.js: WebAssembly and the native SM3. */
const IN_NODE = { wasm: WebAssembly, sm3: nodeDigests().find(({ name }) => name === 'SM3') };

export async function sm2Tables(chains) {
  const chain = chains.find(({ kind }) => kind === 'SM2');
  const candidate = (name, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(valid ? chain : tamperedChain(chain)) });
  return [{
    name: 'sm2/verify',
    baseline: NODE,
    candidates: [
      candidate('hefu, key kept', (given) => withHefu(createSm2(IN_NODE), given)),
      candidate('hefu, key kept, digest given', (given) => withDigest(createSm2(IN_NODE), given), { goal: 1 / 10 }),
      candidate('hefu, key unseen', (given) => withHefu(createSm2({ ...IN_NODE, cache: false }), given), { goal: 1 / 2.5 }),
      candidate('hefu in plain JavaScript, key kept', (given) => withHefu(createSm2(), given), { goal: 1 / 3.5 }),
      candidate('hefu in plain JavaScript, key unseen', (given) => withHefu(sm2, given), { goal: 1 }),
      candidate(NODE, leafCheck, { native: true }),
      candidate('sm-crypto-v2, key precomputed', (given) => withSmCrypto(given, true)),
      candidate('sm-crypto-v2', (given) => withSmCrypto(given, false)),
    ],
  }, await sm3Table()];
}

async function sm3Table() {
  const content = createContent(1 << 20);
  const altered = content.slice();
  altered[content.length >> 1] ^= 0x01;
  const expected = createHash('sm3').update(content).digest();
  const peer = await createSM3();
  const candidate = (name, digest, rest = {}) => ({ name, ...rest, setUp: (valid) => () => expected.equals(digest(valid ? content : altered)) });
  const wasm = createSm3(WebAssembly);
  return {
    name: 'sm3/1MiB',
    baseline: HASH_WASM,
    candidates: [
      candidate('hefu', (data) => wasm.create().update(data).digest(), { goal: 1 }),
      candidate('hefu in plain JavaScript', (data) => sm3.digest(data)),
      candidate(HASH_WASM, (data) => peer.init().update(data).digest('binary')),
      candidate('node:crypto', (data) => createHash('sm3').update(data).digest(), { native: true }),
      candidate('sm-crypto-v2', (data) => Buffer.from(smCryptoSm3(data), 'hex')),
    ],
  };
}

function withHefu(algorithm, { ca, leaf }) {
  const { tbs, signature } = parseCertificate(leaf.der);
  return () => algorithm.verify(ca.key.publicKey, tbs, signature);
}

/** The arithmetic alone, as when a message was hashed on its way in. */
function withDigest(algorithm, { ca, leaf }) {
  const { tbs, signature } = parseCertificate(leaf.der);
  const digest = sm2Digest(ca.key.publicKey.point, tbs);
  return () => algorithm.verifyDigest(ca.key.publicKey, digest, signature);
}

function withSmCrypto({ ca, leaf }, precomputed) {
  const { tbs, signature } = parseCertificate(leaf.der);
  const hex = Buffer.from(signature).toString('hex');
  const publicKey = Buffer.from(ca.key.publicKey.point).toString('hex');
  const options = { der: true, hash: true, publicKey };
  const key = precomputed ? smCrypto.precomputePublicKey(publicKey) : publicKey;
  return () => smCrypto.doVerifySignature(tbs, hex, key, options);
}
