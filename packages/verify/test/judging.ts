import { parseCertificate, parseCertificateList } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { createWorld, type Company, type World } from '../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../node/dist/algorithms.js';
import { DEFAULT_POLICY, NO_EVIDENCE, type Evidence, type JudgeSurroundings, type Scene } from '../src/index.js';

export const algorithms: ReturnType<typeof nodeAlgorithms> = nodeAlgorithms();

/** A world with its list, as a judge sees it. */
export interface Judging {
  readonly world: World;
  readonly list: TrustList;
  readonly at: number;
  /** The `n`th good company of a listed CA with such a key. */
  company(kind: string, n?: number): Company;
  /** Everything a verdict needs, in a region where every CA of the list counts. */
  surroundings(company: Company, scene?: Scene): JudgeSurroundings;
}

export async function judging(seed: string, at: number = Date.UTC(2026, 5, 1, 4)): Promise<Judging> {
  const world = createWorld({ seed, at });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at });
  if (outcome.outcome !== 'accepted') throw new Error(`list ${outcome.outcome}`);
  const list = outcome.trustList;
  return {
    world, list, at,
    company: (kind, n = 0) => world.companies.filter(({ sign, state, issuer }) => sign.key.kind === kind && state === 'good' && issuer.listed)[n]!,
    surroundings(company, scene = 'bid-signing') {
      const told = world.scenarios.find(({ id }) => id === `good-${company.id}`)!;
      const evidence: Evidence = {
        ...NO_EVIDENCE,
        candidateCertificates: told.evidence.certificates.map((der) => parseCertificate(der)),
        crls: told.evidence.crls.map(({ url, bytes }) => ({ url, crl: parseCertificateList(bytes) })),
      };
      return { evidence, trustList: list, policy: DEFAULT_POLICY, algorithms, at: told.at, context: { ...told.context, scene } };
    },
  };
}
