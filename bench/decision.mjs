// A decision on a signer's certificate (path, trust, revocation, identity) that was taken before in the same batch: what the second bid of a
// company costs beside its own signature. Against taking it anew with all caches.
import { nodeAlgorithms } from '../packages/node/dist/index.js';
import { parseCertificate } from '../packages/pki/dist/index.js';
import { createJudgeCaches, createVerdictCache, DEFAULT_POLICY, judgeCertificate } from '../packages/verify/dist/index.js';
import { AT, createCrls, createTrustList, REGION } from './material.mjs';

const ANEW = 'taken anew, caches kept';
/** 100,000 a second. */
const KEPT_US = 10;

export async function decisionTables(chains) {
  const tables = [];
  for (const chain of chains) {
    const trustList = await createTrustList(chain, nodeAlgorithms());
    tables.push({
      name: `decision/${chain.kind}`,
      baseline: ANEW,
      candidates: [
        { name: 'found again in its batch', goalUs: KEPT_US, setUp: (valid) => decision(chain, trustList, valid, createVerdictCache().judge) },
        { name: ANEW, setUp: (valid) => decision(chain, trustList, valid, judgeCertificate) },
      ],
    });
  }
  return tables;
}

function decision(chain, trustList, valid, judge) {
  const { der } = chain.leaf;
  const certificate = parseCertificate(valid ? der : der.with(der.length - 4, der[der.length - 4] ^ 1));
  const candidateCertificates = [parseCertificate(chain.ca.der)];
  const crls = createCrls(chain);
  const rules = { trustList, policy: DEFAULT_POLICY, algorithms: nodeAlgorithms(), at: AT, caches: createJudgeCaches() };
  // As a message brings it: the same question in new objects.
  return async () => {
    const evidence = { candidateCertificates: [], crls: [...crls], gaps: [] };
    const { reasons } = await judge({ certificate, candidateCertificates, evidence, context: { scene: 'bid-signing', region: REGION }, ...rules });
    return reasons.length === 0;
  };
}
