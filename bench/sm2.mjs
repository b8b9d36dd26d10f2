// SM2 verification by itself: over the TBSCertificate of a leaf, digest and Z included.
import { sm2 as smCrypto } from 'sm-crypto-v2';
import { createSm2, sm2 } from '../packages/crypto/dist/index.js';
import { parseCertificate } from '../packages/pki/dist/index.js';
import { tamperedChain } from './material.mjs';
import { leafCheck } from './peers/node-crypto.mjs';

const NODE = 'node:crypto createVerify over Z and message';

export function sm2Tables(chains) {
  const chain = chains.find(({ kind }) => kind === 'SM2');
  const candidate = (name, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(valid ? chain : tamperedChain(chain)) });
  return [{
    name: 'sm2/verify',
    baseline: NODE,
    candidates: [
      candidate('hefu, key kept', (given) => withHefu(createSm2(), given)),
      candidate('hefu, key unseen', (given) => withHefu(sm2, given)),
      candidate(NODE, leafCheck, { native: true }),
      candidate('sm-crypto-v2, key precomputed', (given) => withSmCrypto(given, true)),
      candidate('sm-crypto-v2', (given) => withSmCrypto(given, false)),
    ],
  }];
}

function withHefu(algorithm, { ca, leaf }) {
  const { tbs, signature } = parseCertificate(leaf.der);
  return () => algorithm.verify(ca.key.publicKey, tbs, signature);
}

function withSmCrypto({ ca, leaf }, precomputed) {
  const { tbs, signature } = parseCertificate(leaf.der);
  const hex = Buffer.from(signature).toString('hex');
  const publicKey = Buffer.from(ca.key.publicKey.point).toString('hex');
  const options = { der: true, hash: true, publicKey };
  const key = precomputed ? smCrypto.precomputePublicKey(publicKey) : publicKey;
  return () => smCrypto.doVerifySignature(tbs, hex, key, options);
}
