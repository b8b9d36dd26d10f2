import { beforeAll, expect, it } from 'vitest';
import { makeDiagnostic, replay, type Diagnostic } from '../../src/index.js';
import { algorithms, judgedWorld, type Judged } from './world.js';

let judged: Judged;
let stories: readonly string[];
beforeAll(async () => {
  judged = await judgedWorld('diagnostic');
  stories = judged.world.scenarios.filter(({ expected, lists }) => expected.stage === 'judge' && lists.length === 1).slice(0, 6).map(({ id }) => id);
});
const of = async (id: string) => {
  const { record, report } = await judged.record(id);
  const diagnostic = await makeDiagnostic({ manifest: record.manifest, objects: (sha256) => record.objects.get(sha256), algorithms });
  return { report, diagnostic: JSON.parse(JSON.stringify(diagnostic)) as Diagnostic, record };
};
const by = () => ({ pin: { role: judged.world.listRole }, algorithms });

it('replay(diagnostic) is the report, for every story', async () => {
  for (const id of stories) {
    const { report, diagnostic } = await of(id);
    expect(await replay(diagnostic, by()), id).toEqual(report);
  }
});
it('holds facts and no verdict', async () => {
  const { diagnostic, record } = await of(stories[0]!);
  expect(diagnostic.facts.certificates[0]).toMatchObject({ sha256: expect.stringMatching(/^[0-9a-f]{64}$/), notAfter: expect.any(String) });
  expect(diagnostic.facts.revocation[0]).toMatchObject({ kind: 'crl', thisUpdate: expect.any(String) });
  expect(Object.keys(diagnostic.objects)).not.toContain(record.manifest.report);
});
it('is refused when altered, or by others than trusted', async () => {
  const { diagnostic } = await of(stories[0]!);
  const name = Object.keys(diagnostic.objects)[0]!;
  await expect(replay({ ...diagnostic, objects: { ...diagnostic.objects, [diagnostic.manifest.signature]: 'AAAA' } }, by())).rejects.toMatchObject({ code: 'EVIDENCE_OBJECT_ALTERED' });
  await expect(replay({ ...diagnostic, objects: { ...diagnostic.objects, [diagnostic.manifest.signature]: '!' } }, by())).rejects.toMatchObject({ code: 'EVIDENCE_OBJECT_MISSING' });
  await expect(replay(diagnostic, { pin: { sha256: '00'.repeat(32) }, algorithms })).rejects.toMatchObject({ code: 'EVIDENCE_TRUST_REFUSED' });
  await expect(replay({ ...diagnostic, manifest: { ...diagnostic.manifest, version: 2 } as never }, by())).rejects.toMatchObject({ code: 'EVIDENCE_DOCUMENT_INVALID' });
  expect(name).toMatch(/^[0-9a-f]{64}$/);
});
