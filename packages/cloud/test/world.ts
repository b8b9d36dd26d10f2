import type { Algorithms } from '@hefu/crypto';
import { parseCertificate, parseCertificateList } from '@hefu/pki';
import type { Clock, Judgement, Random } from '@hefu/sign';
import { updateTrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, NO_EVIDENCE } from '@hefu/verify';
import type { World } from '../../sandbox/dist/index.js';
import { wallClock } from './context.js';

export const AT: number = Date.UTC(2026, 5, 1, 4);

/** Real time that began at another; HTTP needs real waiting. */
export function runningClock(from: number): Clock {
  const start = Date.now();
  return { now: () => from + Date.now() - start, sleep: wallClock.sleep };
}

/** The same octets in every run. */
export function seededRandom(seed = 1): Random {
  let state = seed >>> 0;
  return { bytes: (length) => Uint8Array.from({ length }, () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) >>> 24) };
}

/** What the judge needs for a world's companies: the list and all CRLs. */
export async function judgementOf(world: World, algorithms: Algorithms): Promise<Judgement> {
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: world.at });
  if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
  return {
    trustList: outcome.trustList, policy: DEFAULT_POLICY, context: { scene: 'bid-signing', region: '420100', transaction: '工程建设' },
    evidence: {
      ...NO_EVIDENCE,
      candidateCertificates: world.authorities.flatMap(({ above, issuers }) => [...above, ...issuers].map(({ certificate }) => parseCertificate(certificate))),
      crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })),
    },
  };
}
