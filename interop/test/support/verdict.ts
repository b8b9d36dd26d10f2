// Through dist, as the packages see each other: one copy of each class in a run.
import { nodeAlgorithms } from '../../../packages/node/dist/index.js';
import { PkiError, readSignedData, type Certificate } from '../../../packages/pki/dist/index.js';
import type { TrustList } from '../../../packages/trust-list/dist/index.js';
import { createJudgeCaches, DEFAULT_POLICY, judge, reportMalformed, type CollectedCrl, type Report } from '../../../packages/verify/dist/index.js';
import { REGION, trustListOf, type ListedCa } from './trust.js';

/** Judges messages at one time under one list, as a platform would. */
export interface Judge {
  readonly trustList: TrustList;
  verdict(message: Uint8Array, content?: Uint8Array, evidence?: { readonly crls?: readonly CollectedCrl[]; readonly certificates?: readonly Certificate[] }): Promise<Report>;
}

/** @param crls given to every verdict that brings none of its own */
export async function judgeUnder(cas: readonly ListedCa[], at: number, crls: readonly CollectedCrl[] = []): Promise<Judge> {
  const algorithms = nodeAlgorithms();
  const caches = createJudgeCaches();
  const trustList = await trustListOf(cas, at, algorithms);
  const shared = { at, context: { scene: 'bid-signing', region: REGION } as const, policy: DEFAULT_POLICY, trustList, algorithms, caches };
  return {
    trustList,
    async verdict(message, content, evidence = {}) {
      let signed;
      try {
        signed = readSignedData(message);
      } catch (error) {
        if (error instanceof PkiError) return reportMalformed(error, shared);
        throw error;
      }
      return judge({
        ...shared,
        signed,
        ...(content === undefined ? {} : { content }),
        evidence: { candidateCertificates: evidence.certificates ?? [], crls: evidence.crls ?? crls, gaps: [] },
      });
    },
  };
}
