// Paths from DER: the leaf and its CAs are octets, the root is already trusted.
import { classicalAlgorithms, createSm2 } from '../packages/crypto/dist/index.js';
import { nodeAlgorithmProvider, nodeAlgorithms, nodeDigests } from '../packages/node/dist/index.js';
import { parseCertificate } from '../packages/pki/dist/index.js';
import { buildPath, createEdgeCache, createJudgeCaches, DEFAULT_BUDGET, REGIONAL_CA } from '../packages/verify/dist/index.js';
import { AT, createChain, createNamesakes, tamperedChain } from './material.mjs';
import { chainWithForge } from './peers/forge.mjs';
import { hasLibcrypto, withLibcrypto } from './peers/libcrypto.mjs';
import { chainChecks, chainWithNode, chainWithNodeFromNothing, leafCheck } from './peers/node-crypto.mjs';
import { chainWithPeculiar } from './peers/peculiar.mjs';
import { chainWithPkijs } from './peers/pkijs.mjs';

const CHECKS = 'bare signature checks';
const LEAF_CHECK = 'bare check of the leaf';
const WALK = 'node:crypto X509Certificate walk';
const WALK_FROM_NOTHING = 'node:crypto X509Certificate walk, root parsed too';
const LIBCRYPTO = "OpenSSL's libcrypto";
const SHORT = 'hefu, keys kept, 3 certificates';

/**
 * At most this many times as long as the bare checks of the chain. SM2 has another kernel than node:crypto, so its
 * ratio says something else.
 */
const TIMES_BARE = 1.3;
/** Microseconds beyond the checks a path needs: with the CA certificates kept, that of the leaf; with every certificate met before, none. */
const BEYOND_CHECKS_US = 15;
/** The walk takes at least this many times as long: with nothing known but the anchor, and with issuer keys and edges kept. */
const TIMES_FASTER = { 'P-256': { cold: 1.25, warm: 4 }, 'RSA-2048': { cold: 3.5, warm: 5 } };
/** So does libcrypto in process, to whom the CA is new each time. */
const TIMES_LIBCRYPTO = { 'P-256': 4, 'RSA-2048': 5 };
/** Five certificates below the anchor for two, and a fifth more. */
const SIX_FOR_THREE = 3;

export function pathTables(chains) {
  return chains.flatMap((chain) => [threeCertificates(chain), sixCertificates(chain), ...(chain.kind === 'P-256' ? [twentyIssuers(true), twentyIssuers(false)] : [])]);
}

function threeCertificates(chain) {
  const { kind } = chain;
  const candidate = candidateOf(chain);
  const times = TIMES_FASTER[kind];
  const libcrypto = times !== undefined && hasLibcrypto();
  return {
    name: `path/${kind}`,
    baseline: CHECKS,
    candidates: [
      candidate('hefu, every certificate met before', withLeaf, { goalUs: BEYOND_CHECKS_US, ...(libcrypto ? { also: [{ against: LIBCRYPTO, goal: 1 / TIMES_LIBCRYPTO[kind] }] } : {}) }),
      candidate('hefu, CA certificates kept', withCertificates, {
        ...(times === undefined ? {} : { goal: TIMES_BARE }),
        also: [
          { against: LEAF_CHECK, ...(times === undefined ? {} : { goalMoreUs: BEYOND_CHECKS_US }) },
          ...(times === undefined ? [] : [{ against: WALK, goal: 1 / times.warm }]),
          ...(libcrypto ? [{ against: LIBCRYPTO, goal: 1 / TIMES_LIBCRYPTO[kind] }] : []),
        ],
      }),
      candidate('hefu, keys kept', withKeys, times === undefined ? {} : { goal: TIMES_BARE, also: [{ against: WALK }] }),
      candidate('hefu, anchor kept', withAnchor, times === undefined ? {} : { also: [{ against: WALK, goal: 1 / times.cold }] }),
      candidate('hefu, nothing kept', fromNothing, times === undefined ? {} : { also: [{ against: WALK_FROM_NOTHING, goal: 1 / times.cold }] }),
      candidate(CHECKS, chainChecks, { native: true }),
      candidate(LEAF_CHECK, leafCheck, { native: true }),
      ...(libcrypto ? [candidate(LIBCRYPTO, withLibcrypto, { native: true })] : []),
      ...(times === undefined ? [] : [candidate(WALK, chainWithNode, { native: true }), candidate(WALK_FROM_NOTHING, chainWithNodeFromNothing, { native: true })]),
      ...libraries(candidate, kind),
    ],
  };
}

function sixCertificates(short) {
  const { kind } = short;
  const candidate = candidateOf(createChain(kind, { intermediates: 4 }));
  const times = TIMES_FASTER[kind];
  return {
    name: `path-6/${kind}`,
    baseline: CHECKS,
    candidates: [
      candidate('hefu, CA certificates kept', withCertificates, times === undefined ? {} : { also: [{ against: WALK, goal: 1 / times.warm }] }),
      candidate('hefu, keys kept', withKeys, { also: [{ against: SHORT, goal: SIX_FOR_THREE }] }),
      candidate('hefu, anchor kept', withAnchor, times === undefined ? {} : { also: [{ against: WALK, goal: 1 / times.cold }] }),
      candidateOf(short)(SHORT, withKeys),
      candidate(CHECKS, chainChecks, { native: true }),
      ...(times === undefined ? [] : [candidate(WALK, chainWithNode, { native: true })]),
      ...libraries(candidate, kind),
    ],
  };
}

/** Twenty CAs under one name, the true one last: told apart by their key identifiers, or by trying their keys. */
function twentyIssuers(keyIdentifiers) {
  const chain = createChain('P-256', { keyIdentifiers });
  const candidate = candidateOf({ ...chain, cas: createNamesakes(chain, 20, keyIdentifiers) });
  return {
    name: `path-20-issuers${keyIdentifiers ? '' : '-untold'}/P-256`,
    baseline: CHECKS,
    candidates: [
      candidate('hefu, CA certificates kept', withCertificates, { also: [{ against: WALK }] }),
      candidate('hefu, keys kept', withKeys, { also: [{ against: WALK }] }),
      candidate('hefu, anchor kept', withAnchor, { also: [{ against: WALK }] }),
      candidateOf(chain)(CHECKS, chainChecks, { native: true }),
      candidate(WALK, chainWithNode, { native: true }),
      ...libraries(candidate, 'P-256'),
    ],
  };
}

function candidateOf(chain) {
  return (name, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(valid ? chain : tamperedChain(chain), AT) });
}

function libraries(candidate, kind) {
  if (kind === 'SM2') return [];
  return [...(kind === 'RSA-2048' ? [candidate('node-forge', chainWithForge)] : []), candidate('pkijs', chainWithPkijs), candidate('@peculiar/x509', chainWithPeculiar)];
}

/** One kernel as in a verifier, and no key of it kept: what is not kept is what was learnt, not the program. */
const SM2 = createSm2({ wasm: WebAssembly, sm3: nodeDigests().find(({ name }) => name === 'SM3'), cache: false });

/** Member by member: copied by a spread in each call, what stays the same was a thirtieth of a row. */
export function pathOf(leaf, { algorithms, anchors, candidates, edges, keepLeaf }) {
  return buildPath({ leaf, candidates, anchors, at: AT, algorithms, profile: REGIONAL_CA, budget: DEFAULT_BUDGET, edges, keepLeaf });
}

/** A verifier at work: the CA certificates of its trust list are parsed and verified, the leaf is new. One signature is checked. */
function withCertificates({ root, cas, leaf }) {
  const kept = { algorithms: nodeAlgorithms(), anchors: [anchorOf(root)], candidates: cas.map(parsed), edges: createEdgeCache() };
  return async () => isPath(await pathOf(parsed(leaf), kept));
}

/** A verifier that has met the leaf too: found again by its octets. No signature is checked; time, names and rules are. */
function withLeaf({ root, cas, leaf }) {
  const { certificates, edges } = createJudgeCaches();
  const kept = { algorithms: nodeAlgorithms(), anchors: [anchorOf(root)], candidates: cas.map(parsed), edges, keepLeaf: true };
  return async () => isPath(await pathOf(certificates.read(leaf.der), kept));
}

/** Imported keys are remembered, and nothing else: every signature is checked every time. */
function withKeys({ root, cas, leaf }) {
  const algorithms = nodeAlgorithms();
  const anchors = [anchorOf(root)];
  return async () => isPath(await pathOf(parsed(leaf), { algorithms, anchors, candidates: cas.map(parsed) }));
}

/** The anchor, parsed and its key imported, as the walk has it; a CA's key is imported whenever it comes. */
function withAnchor({ root, cas, leaf }) {
  const provider = nodeAlgorithmProvider({ maxKeys: 0 });
  const classical = classicalAlgorithms(provider);
  const anchors = [anchorOf(root)];
  return async () => {
    const algorithms = { digests: [], signatures: [...classical, SM2] };
    return isPath(await pathOf(parsed(leaf), { algorithms, anchors, candidates: cas.map(parsed) }));
  };
}

/** The first verification of a process that has already run this code: the root parsed and every key imported too. */
function fromNothing({ root, cas, leaf }) {
  return async () => {
    const algorithms = { digests: [], signatures: [...classicalAlgorithms(nodeAlgorithmProvider()), SM2] };
    return isPath(await pathOf(parsed(leaf), { algorithms, anchors: [anchorOf(root)], candidates: cas.map(parsed) }));
  };
}

export function anchorOf({ der }) {
  const certificate = parseCertificate(der);
  return { name: certificate.subject, key: certificate.spki.key, spki: certificate.spki.bytes, certificate, source: 'root' };
}

function parsed({ der }) {
  return parseCertificate(der);
}

function isPath({ accepted }) {
  return accepted !== undefined && accepted.certificates.length >= 3;
}
