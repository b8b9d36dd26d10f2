// A path of three certificates: leaf and CA from DER, the root already trusted.
import { classicalAlgorithms, createSm2 } from '../packages/crypto/dist/index.js';
import { nodeAlgorithmProvider, nodeAlgorithms } from '../packages/node/dist/index.js';
import { parseCertificate } from '../packages/pki/dist/index.js';
import { buildPath, createEdgeCache, DEFAULT_BUDGET, REGIONAL_CA } from '../packages/verify/dist/index.js';
import { AT, tamperedChain } from './material.mjs';
import { chainWithForge } from './peers/forge.mjs';
import { chainChecks, chainWithNode, leafCheck } from './peers/node-crypto.mjs';
import { chainWithPeculiar } from './peers/peculiar.mjs';
import { chainWithPkijs } from './peers/pkijs.mjs';

/** A chain takes at most this many times as long as the two signature checks it contains. SM2 has another kernel than node:crypto, so its ratio says something else. */
const TIMES_BARE = 1.3;

const CHECKS = 'bare signature checks';
const LEAF_CHECK = 'bare check of the leaf';

export function chainTables(chains) {
  return chains.map((chain) => {
    const { kind } = chain;
    const candidate = (name, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(valid ? chain : tamperedChain(chain), AT) });
    return {
      name: `chain/${kind}`,
      baseline: CHECKS,
      candidates: [
        candidate('hefu, keys kept', chainWithKeys, kind === 'SM2' ? {} : { goal: TIMES_BARE }),
        candidate('hefu, CA certificates kept', chainWithCertificates, kind === 'SM2' ? {} : { goal: TIMES_BARE }),
        candidate('hefu, CA certificates kept, over the one check left', chainWithCertificates, { against: LEAF_CHECK }),
        candidate('hefu, nothing kept', chainFromNothing),
        candidate(CHECKS, chainChecks, { native: true }),
        candidate(LEAF_CHECK, leafCheck, { native: true }),
        ...(kind === 'SM2' ? [] : [candidate('node:crypto X509Certificate walk', chainWithNode, { native: true })]),
        ...(kind === 'RSA-2048' ? [candidate('node-forge', chainWithForge)] : []),
        ...(kind === 'SM2' ? [] : [candidate('pkijs', chainWithPkijs), candidate('@peculiar/x509', chainWithPeculiar)]),
      ],
    };
  });
}

const RULES = { at: AT, profile: REGIONAL_CA, budget: DEFAULT_BUDGET };

/** Imported keys are remembered, and nothing else: both signatures are checked every time. */
function chainWithKeys({ root, ca, leaf }) {
  const algorithms = nodeAlgorithms();
  const anchors = [anchorOf(root)];
  return async () => isPath(await buildPath({ ...RULES, leaf: parseCertificate(leaf.der), candidates: [parseCertificate(ca.der)], anchors, algorithms }));
}

/** A verifier at work: the CA certificates of its trust list are parsed and verified, the leaf is new. One signature is checked. */
function chainWithCertificates({ root, ca, leaf }) {
  const algorithms = nodeAlgorithms();
  const anchors = [anchorOf(root)];
  const candidates = [parseCertificate(ca.der)];
  const edges = createEdgeCache();
  return async () => isPath(await buildPath({ ...RULES, leaf: parseCertificate(leaf.der), candidates, anchors, algorithms, edges }));
}

/** The first verification of a process that has already run this code: the root parsed and every key imported too. */
function chainFromNothing({ root, ca, leaf }) {
  return async () => {
    const algorithms = { digests: [], signatures: [...classicalAlgorithms(nodeAlgorithmProvider()), createSm2()] };
    return isPath(await buildPath({ ...RULES, leaf: parseCertificate(leaf.der), candidates: [parseCertificate(ca.der)], anchors: [anchorOf(root)], algorithms }));
  };
}

export function anchorOf({ der }) {
  const certificate = parseCertificate(der);
  return { name: certificate.subject, key: certificate.spki.key, spki: certificate.spki.bytes, certificate, source: 'root' };
}

function isPath({ accepted }) {
  return accepted !== undefined && accepted.certificates.length === 3;
}
