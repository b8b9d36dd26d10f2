import { parseCertificate, parseCertificateList, parseSignedData } from '@hefu/pki';
import { updateTrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, judge, NO_EVIDENCE, type Report } from '@hefu/verify';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { createWorld } from '../../../sandbox/dist/index.js';

/** Verdicts of the nine-city world, one of each conclusion, by that name. */
export async function reports(): Promise<Readonly<Record<string, Report>>> {
  const algorithms = nodeAlgorithms();
  const world = createWorld({ seed: 'gallery', at: Date.UTC(2026, 5, 1, 4) });
  const made: Record<string, Report> = {};
  for (const { lists, expected, at, context, content, signature, evidence } of world.scenarios) {
    if (expected.stage !== 'judge' || made[expected.conclusion] !== undefined || lists.length !== 1) continue;
    const list = await updateTrustList(undefined, lists[0]!.envelope, { role: world.listRole, algorithms, at: lists[0]!.at });
    if (list.outcome !== 'accepted') continue;
    made[expected.conclusion] = await judge({
      signed: parseSignedData(signature), content, trustList: list.trustList, policy: DEFAULT_POLICY, algorithms, at, context,
      evidence: { ...NO_EVIDENCE, candidateCertificates: evidence.certificates.map((der) => parseCertificate(der)), crls: evidence.crls.map(({ url, bytes }) => ({ url, crl: parseCertificateList(bytes) })) },
    });
  }
  // As one is read back from an archive that keeps codes and no words.
  const { failed } = made;
  if (failed !== undefined) made['no-texts'] = { ...failed, reasons: failed.reasons.map(({ code, responsible }) => ({ code, responsible }) as Report['reasons'][number]) };
  return made;
}
