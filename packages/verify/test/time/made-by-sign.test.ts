import { sha256, sm3, type DigestAlgorithm } from '@hefu/crypto';
import { buildTimeStampRequest, parseCertificate, parseCertificateList, parseSignedData, parseTimeStampResponse } from '@hefu/pki';
import { updateTrustList } from '@hefu/trust-list';
import { describe, expect, it } from 'vitest';
// Messages are made, and the world is, above this room; only tests may look up.
import { createWorld } from '../../../sandbox/dist/index.js';
import { addArchiveTimestamp, addSignatureTimestamp, addValidationData, signContent, type Timestamper } from '../../../sign/dist/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { DEFAULT_POLICY, evidenceUsed, judge, NO_EVIDENCE, planEvidence, renderReport, type Evidence, type Scene } from '../../src/index.js';

const AT = Date.UTC(2026, 9, 1);
const algorithms = nodeAlgorithms();
const world = createWorld({ seed: 'made-by-sign', at: AT });
const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome);
const { trustList } = outcome;
const content = new TextEncoder().encode('投标文件 bid');
const all: Evidence = { ...NO_EVIDENCE, crls: [...world.crls].map(([url, bytes]) => ({ url, crl: parseCertificateList(bytes) })) };

const timestamper = (id: string): Timestamper => async (imprint) => parseTimeStampResponse(world.tsa.get(`/tsa/${id}`)!(buildTimeStampRequest({ ...imprint, nonce: new Uint8Array(8).fill(5) }))).token!;

describe.each([
  ['RSA', 'RSA-2048', 'rsa', sha256, {}],
  ['P-256', 'P-256', 'p256', sha256, {}],
  ['SM2', 'SM2', 'sm2', sm3, { variant: 'attrs-za' }],
  ['SM2 stamped by an authority with every deviation', 'SM2', 'gm-all', sm3, { variant: 'attrs-za' }],
] as const)('%s', (_, kind, tsa, digest: DigestAlgorithm, profile) => {
  const company = world.companies.find(({ state, sign, issuer }) => state === 'good' && issuer.listed && sign.key.kind === kind)!;
  const above = [company.issuer, ...company.authority.above];
  const unit = world.timestampAuthorities.find(({ id }) => id === tsa)!;
  const ask = (message: Uint8Array, scene: Scene, evidence = all) => {
    const signed = parseSignedData(message);
    const input = { signed, trustList, policy: DEFAULT_POLICY, algorithms, at: AT + 3_600_000, context: { scene, region: '420100', transaction: '工程建设' } };
    return { input, report: judge({ ...input, content, evidence }) };
  };
  const made = (async () => {
    const basic = await signContent({ certificate: parseCertificate(company.sign.certificate), chain: above.map(({ certificate }) => certificate), content, algorithms, level: 'B-B', signingTime: AT, ...profile }, { sign: ({ message }) => company.sign.key.sign(message!) });
    const bt = (await addSignatureTimestamp(basic, 0, timestamper(tsa), digest)).message;
    const blt = addValidationData(bt, 0, {
      certificates: [unit.certificate, ...unit.chain],
      crls: [...above.map(({ crlPath }) => world.crls.get(crlPath)!), ...(unit.issuer === undefined ? [] : [world.crls.get(unit.issuer.crlPath)!])],
    }).message;
    return { basic, bt, blt, blta: (await addArchiveTimestamp(blt, 0, timestamper('p256'), { digest, content })).message };
  })();

  it.each([['basic', 'B-B'], ['bt', 'B-T'], ['blt', 'B-LT'], ['blta', 'B-LTA']] as const)('%s is %s', async (which, level) => {
    const message = (await made)[which];
    const report = await ask(message, 'archive').report;
    expect(report.signers[0]!.timestamps?.flatMap(({ reasons }) => reasons.map(({ code }) => code)) ?? []).toEqual([]);
    expect(report.reasons).toEqual([]);
    expect(report.signers[0]!.level).toEqual({ found: level, proven: level });
    expect(report.times.sources.bestSignature).toBe(which === 'basic' ? 'validation time' : 'time-stamp');
    for (const lang of ['zh', 'en'] as const) expect(renderReport(report, { lang, detail: 'full' })).toContain(level);
  });

  it('with what was used alone the report is the same, and without the authority\'s CRL another', async () => {
    const { bt } = await made;
    const { input, report } = ask(bt, 'bid-signing');
    const first = await report;
    const { items, missing } = evidenceUsed({ report: first, evidence: all, signed: input.signed, trustList, algorithms });
    expect(missing).toEqual([]);
    const kept: Evidence = {
      ...NO_EVIDENCE, candidateCertificates: items.filter((item) => item.kind === 'certificate').map(({ bytes }) => parseCertificate(bytes)),
      crls: items.filter((item) => item.kind === 'crl').map(({ bytes, url }) => ({ crl: parseCertificateList(bytes), ...(url === undefined ? {} : { url }) })),
    };
    expect(await ask(bt, 'bid-signing', kept).report).toEqual(first);
  });

  it('the plan asks for the evidence of the authority too', async () => {
    const { basic, bt } = await made;
    const urls = (message: Uint8Array): string[] => planEvidence(ask(message, 'bid-signing').input).wanted.flatMap((each) => each.urls);
    const more = urls(bt).filter((url) => !urls(basic).includes(url));
    const service = trustList.services.find(({ id }) => id === unit.serviceId)!;
    expect(more).toEqual(tsa === 'p256' || tsa === 'sm2' ? service.revocation.crl.map(({ url }) => url) : []);
    // A login is now: nobody is asked about time-stamps.
    expect(planEvidence(ask(bt, 'login').input).wanted.flatMap((each) => each.urls)).toEqual(urls(basic));
  });

  it('no level is proven of what does not verify', async () => {
    const { blta } = await made;
    const report = await judge({ ...ask(blta, 'archive').input, content: content.subarray(1), evidence: all });
    expect(report).toMatchObject({ conclusion: 'failed', code: 'CONTENT_TAMPERED' });
    expect(report.signers[0]!.level).toEqual({ found: 'B-LTA' });
    expect(report.signers[0]!.timestamps).toBeUndefined();
  });
});
