// A detached message with its chain of three: content digest, signature, path. `judge` adds the trust list, two CRLs,
// the identity and the report.
import { classicalAlgorithms, createSm2 } from '../packages/crypto/dist/index.js';
import { nodeAlgorithmProvider, nodeAlgorithms, nodeDigests } from '../packages/node/dist/index.js';
import { equalBytes, messageDigestOf, parseCertificate, parseSignedData } from '../packages/pki/dist/index.js';
import { checkSignature, createEdgeCache, createJudgeCaches, DEFAULT_POLICY, judge } from '../packages/verify/dist/index.js';
import { anchorOf, pathOf } from './path.mjs';
import { AT, createContent, createCrls, createMessage, createTrustList, REGION } from './material.mjs';
import { messageWithForge } from './peers/forge.mjs';
import { hasLibcrypto, withLibcrypto } from './peers/libcrypto.mjs';
import { messageChecks } from './peers/node-crypto.mjs';
import { messageWithPkijs } from './peers/pkijs.mjs';

const SIZES = [['1kB', 1_000], ['10MB', 10_000_000]];
const CHECKS = 'bare digest and signature checks';
const LIBCRYPTO = "OpenSSL's libcrypto";
/** How many times as long these take at least for 1 kB. */
const TIMES_FASTER = { 'P-256': { libcrypto: 1.8, pkijs: 40 }, 'RSA-2048': { libcrypto: 2.8, pkijs: 80, 'node-forge': 18 } };
/** Beyond the checks of a chain of known keys and of a signer's that is not. */
const SM2_MORE_US = 30;
const HEFU_CHECKS = 'bare checks by Hefu, the signer\'s key unseen';
/** 10 MB is the digest. */
const LARGE = 1.1;

export async function cmsTables(chains) {
  const lists = await Promise.all(chains.map((chain) => createTrustList(chain, nodeAlgorithms())));
  return SIZES.flatMap(([size, length]) => {
    const content = createContent(length);
    const altered = content.slice();
    altered[length >> 1] ^= 0x01;
    return chains.map((chain, i) => {
      const { kind } = chain;
      const message = createMessage(chain, content);
      const libcrypto = kind !== 'SM2' && hasLibcrypto();
      const goalOf = (peer) => (size === '1kB' ? { goal: 1 / TIMES_FASTER[kind][peer] } : {});
      const others = [
        ...(libcrypto ? [{ against: LIBCRYPTO, ...goalOf('libcrypto') }] : []),
        ...(kind === 'SM2' ? [] : [{ against: 'pkijs', ...goalOf('pkijs') }]),
        ...(kind === 'RSA-2048' ? [{ against: 'node-forge', ...goalOf('node-forge') }] : []),
      ];
      const candidate = (name, setUp, rest = {}) => ({ name, ...rest, setUp: (valid) => setUp(chain, message, valid ? content : altered, AT) });
      return {
        name: `cms-${size}/${kind}`,
        baseline: CHECKS,
        candidates: [
          candidate('hefu, signer met before', messageOfKnownSigner, { ...(size === '1kB' ? {} : { goal: LARGE }), also: others }),
          candidate('hefu, CA certificates kept', messageWithCaches, {
            ...(size === '1kB' ? {} : { goal: LARGE }),
            also: kind === 'SM2' && size === '1kB' ? [{ against: HEFU_CHECKS, goalMoreUs: SM2_MORE_US }] : others,
          }),
          ...(kind === 'SM2' ? [candidate(HEFU_CHECKS, sm2Checks)] : []),
          candidate('hefu, nothing kept', messageFromNothing),
          candidate('hefu judge, caches kept', (...args) => judgedMessage(lists[i], ...args)),
          candidate(CHECKS, messageChecks, { native: true }),
          ...(libcrypto ? [candidate(LIBCRYPTO, (_, signed, octets) => withLibcrypto(chain, AT, signed, octets), { native: true })] : []),
          ...(kind === 'SM2' ? [] : [candidate('pkijs', messageWithPkijs)]),
          ...(kind === 'RSA-2048' ? [candidate('node-forge', messageWithForge)] : []),
        ],
      };
    });
  });
}

/** One kernel as in a verifier, and no key of it kept: what is not kept is what was learnt, not the program. */
const SM2 = createSm2({ wasm: WebAssembly, sm3: nodeDigests().find(({ name }) => name === 'SM3'), cache: false });

/** Its own checks by themselves: two with kept keys, one with a key unseen, and the digest. */
function sm2Checks({ root, ca, leaf }, message, content) {
  const sm3 = nodeDigests().find(({ name }) => name === 'SM3');
  const kept = createSm2({ wasm: WebAssembly, sm3 });
  const [signer] = parseSignedData(message).signerInfos;
  const expected = messageDigestOf(signer.signedAttrs).value;
  const chain = [[ca, root], [leaf, ca]].map(([child, issuer]) => {
    const { tbs, signature } = parseCertificate(child.der);
    return () => kept.verify(issuer.key.publicKey, tbs, signature);
  });
  return () => equalBytes(sm3.digest(content), expected) && SM2.verify(leaf.key.publicKey, signer.signedAttrs.signedBytes, signer.signature) && chain.every((check) => check());
}

/** The signer is new: his certificate is read and checked. The key too, where knowing it makes a difference. */
function messageWithCaches({ kind, root, ca }, message, content) {
  const algorithms = nodeAlgorithms();
  const signatures = kind === 'SM2' ? [SM2] : algorithms.signatures;
  const kept = { algorithms, anchors: [anchorOf(root)], candidates: [parseCertificate(ca.der)], edges: createEdgeCache(), ofMessage: { digests: algorithms.digests, signatures } };
  return () => verifyMessage(message, content, kept);
}

/** His certificate is found again by its octets, with what was learnt of it: his message's own signature is checked, and every rule of the path. */
function messageOfKnownSigner({ root, ca }, message, content) {
  const { certificates, edges } = createJudgeCaches();
  const kept = { algorithms: nodeAlgorithms(), anchors: [anchorOf(root)], candidates: [parseCertificate(ca.der)], edges, certificates };
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

async function verifyMessage(message, content, { algorithms, ofMessage = algorithms, anchors, candidates, edges, certificates }) {
  const signed = parseSignedData(message);
  const [signer] = signed.signerInfos;
  const read = certificates === undefined ? parseCertificate : certificates.read;
  const leaf = signed.certificates.map((der) => read(der)).find(({ serialNumber }) => equalBytes(serialNumber, signer.sid.serialNumber));
  const { failure } = await checkSignature({ signed, signer, subject: 'signer', certificate: leaf, content, algorithms: ofMessage });
  if (failure !== undefined) return false;
  const { accepted } = await pathOf(leaf, { algorithms, anchors, candidates, edges, keepLeaf: certificates !== undefined });
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
