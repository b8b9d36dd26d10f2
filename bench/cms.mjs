// A detached message with its chain of three: content digest, signature, path. `judge` adds the trust list, two CRLs,
// the identity and the report.
import { classicalAlgorithms, createSm2 } from '../packages/crypto/dist/index.js';
import { nodeAlgorithmProvider, nodeAlgorithms, nodeDigests } from '../packages/node/dist/index.js';
import { equalBytes, parseCertificate, parseSignedData } from '../packages/pki/dist/index.js';
import {
  buildPath, checkSignature, createEdgeCache, createJudgeCaches, DEFAULT_BUDGET, DEFAULT_POLICY, judge, REGIONAL_CA,
} from '../packages/verify/dist/index.js';
import { anchorOf } from './path.mjs';
import { AT, createContent, createCrls, createMessage, createTrustList, REGION } from './material.mjs';
import { messageWithForge } from './peers/forge.mjs';
import { messageChecks } from './peers/node-crypto.mjs';
import { messageWithPkijs } from './peers/pkijs.mjs';

const SIZES = [['1kB', 1_000], ['10MB', 10_000_000]];
const CHECKS = 'bare digest and signature checks';

export async function cmsTables(chains) {
  const lists = await Promise.all(chains.map((chain) => createTrustList(chain, nodeAlgorithms())));
  return SIZES.flatMap(([size, length]) => {
    const content = createContent(length);
    const altered = content.slice();
    altered[length >> 1] ^= 0x01;
    return chains.map((chain, i) => {
      const { kind } = chain;
      const message = createMessage(chain, content);
      const candidate = (name, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(chain, message, valid ? content : altered, AT) });
      return {
        name: `cms-${size}/${kind}`,
        baseline: CHECKS,
        candidates: [
          candidate('hefu, CA certificates kept', messageWithCaches),
          candidate('hefu, nothing kept', messageFromNothing),
          candidate('hefu judge, caches kept', (...args) => judgedMessage(lists[i], ...args)),
          candidate(CHECKS, messageChecks, { native: true }),
          ...(kind === 'SM2' ? [] : [candidate('pkijs', messageWithPkijs)]),
          ...(kind === 'RSA-2048' ? [candidate('node-forge', messageWithForge)] : []),
        ],
      };
    });
  });
}

/** One kernel as in a verifier, and no key of it kept: what is not kept is what was learnt, not the program. */
const SM2 = createSm2({ wasm: WebAssembly, sm3: nodeDigests().find(({ name }) => name === 'SM3'), cache: false });

const RULES = { at: AT, profile: REGIONAL_CA, budget: DEFAULT_BUDGET };

function messageWithCaches({ root, ca }, message, content) {
  const kept = { algorithms: nodeAlgorithms(), anchors: [anchorOf(root)], candidates: [parseCertificate(ca.der)], edges: createEdgeCache() };
  return () => verifyMessage(message, content, kept);
}

function messageFromNothing({ root, ca }, message, content) {
  const digests = nodeDigests();
  return () =>
    verifyMessage(message, content, {
      algorithms: { digests, signatures: [...classicalAlgorithms(nodeAlgorithmProvider()), SM2] },
      anchors: [anchorOf(root)],
      candidates: [parseCertificate(ca.der)],
    });
}

async function verifyMessage(message, content, { algorithms, anchors, candidates, edges }) {
  const signed = parseSignedData(message);
  const [signer] = signed.signerInfos;
  const leaf = signed.certificates.map((der) => parseCertificate(der)).find(({ serialNumber }) => equalBytes(serialNumber, signer.sid.serialNumber));
  const { failure } = await checkSignature({ signed, signer, subject: 'signer', certificate: leaf, content, algorithms });
  if (failure !== undefined) return false;
  const { accepted } = await buildPath({ ...RULES, leaf, candidates, anchors, algorithms, ...(edges === undefined ? {} : { edges }) });
  return accepted !== undefined && accepted.certificates.length === 3;
}

function judgedMessage(trustList, chain, message, content) {
  const algorithms = nodeAlgorithms();
  const caches = createJudgeCaches();
  const evidence = { candidateCertificates: [], crls: createCrls(chain), gaps: [] };
  const context = { scene: 'bid-signing', region: REGION };
  return async () => {
    const report = await judge({ signed: parseSignedData(message), content, evidence, trustList, policy: DEFAULT_POLICY, algorithms, at: AT, context, caches });
    return report.conclusion === 'passed' && report.identity?.uscc !== undefined;
  };
}
