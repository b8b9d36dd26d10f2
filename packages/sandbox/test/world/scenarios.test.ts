import { classicalAlgorithms, createSm2, softwareDigests, webCryptoProvider, type Algorithms } from '@hefu/crypto';
import { parseCertificate, parseCertificateList, parseSignedData } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, judge, type Report } from '@hefu/verify';
import { describe, expect, test } from 'vitest';
import { createWorld, NINE_CITIES, type Scenario } from '../../src/index.js';

const world = createWorld({ seed: 'scenarios', at: Date.UTC(2026, 9, 1) });
const algorithms: Algorithms = { digests: softwareDigests, signatures: [...classicalAlgorithms(webCryptoProvider(globalThis.crypto.subtle)), createSm2()] };

/** Tells a scenario the way a platform lives it: lists as they come, then the bid. */
async function play(scenario: Scenario): Promise<{ readonly list: string } | { readonly report: Report }> {
  let trustList: TrustList | undefined;
  for (const { envelope, at } of scenario.lists) {
    const outcome = await updateTrustList(trustList, envelope, { role: world.listRole, algorithms, at });
    if (outcome.outcome === 'refused') return { list: outcome.code };
    trustList = outcome.trustList;
  }
  const report = await judge({
    signed: parseSignedData(scenario.signature),
    content: scenario.content,
    evidence: {
      candidateCertificates: scenario.evidence.certificates.map((der) => parseCertificate(der)),
      crls: scenario.evidence.crls.map(({ url, bytes }) => ({ url, crl: parseCertificateList(bytes) })),
      gaps: [],
    },
    trustList: trustList!,
    policy: DEFAULT_POLICY,
    algorithms,
    at: scenario.at,
    context: scenario.context,
  });
  return { report };
}

describe('scenarios', () => {
  test('each has its own id, both titles, and the nine cities are all there', () => {
    const ids = world.scenarios.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { code } of NINE_CITIES) expect(ids).toContain(`accepted-${code}`);
    for (const { title } of world.scenarios) expect([title.zh, title.en].every((text) => text.length > 0)).toBe(true);
  });

  test.each(world.scenarios.map((scenario) => [scenario.id, scenario] as const))('%s ends as told', async (_, scenario) => {
    const { expected } = scenario;
    const played = await play(scenario);
    if (expected.stage === 'list') {
      expect(played).toEqual({ list: expected.code });
      return;
    }
    if (!('report' in played)) throw new Error(`list refused: ${played.list}`);
    const { report } = played;
    expect({ conclusion: report.conclusion, code: report.code }, JSON.stringify(report.reasons)).toEqual({ conclusion: expected.conclusion, code: expected.code });
    if (expected.identity !== undefined) expect(report.identity).toMatchObject(expected.identity);
  });

  test('the wrong check character is a warning, not a refusal', async () => {
    const warned = async (id: string): Promise<boolean> => {
      const played = await play(world.scenarios.find((each) => each.id === id)!);
      return 'report' in played && JSON.stringify(played.report).includes('USCC_CHECK_DIGIT');
    };
    expect(await warned('good-bohan')).toBe(true);
    expect(await warned('good-qinghe')).toBe(false);
  });
});
