import type { Algorithms } from '@hefu/crypto';
import { parseCertificate, parseCertificateList } from '@hefu/pki';
import type { Clock, Judgement } from '@hefu/sign';
import { updateTrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, NO_EVIDENCE } from '@hefu/verify';
import type { World } from '../../sandbox/dist/index.js';
import { wallClock } from './context.js';

export { seededRandom } from '../../sign/test/session/virtual-clock.js';

export const AT: number = Date.UTC(2026, 5, 1, 4);

/** Real time that began at another; HTTP needs real waiting. */
export function runningClock(from: number): Clock {
  const start = Date.now();
  return { now: () => from + Date.now() - start, sleep: wallClock.sleep };
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
