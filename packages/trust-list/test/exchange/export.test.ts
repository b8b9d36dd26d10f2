import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { implicitConstructed, integer, id_data, id_signedData, explicit, oid, readCertificates, sequence, setOf } from '@hefu/pki';
import { exportLote, exportPem, importCertificates, importLote, readListContent, serializeList, type ExportOutcome, type ListDocument, type LossCode, type ServiceDocument } from '../../src/index.js';
import { encodeBase64 } from '../../src/base64.js';
import { hexOf } from '../../src/sha256.js';
import { caCertificate, listOf, NOW, serviceOf, sha256, T, utf8 } from '../helpers/world.js';

let certificates: Uint8Array[];
beforeAll(async () => {
  certificates = await Promise.all(['One', 'Two', 'Three'].map(caCertificate));
});

const lossesOf = (outcome: ExportOutcome): readonly LossCode[] => outcome.losses.map(({ code }) => code);
const bytesOf = (outcome: ExportOutcome): Uint8Array => {
  if (outcome.outcome === 'refused') throw new Error(outcome.code);
  return outcome.bytes;
};
const reimport = async (bytes: Uint8Array) => importLote(bytes, { sha256, at: NOW, signers: [], unsigned: true });

/** Lists of everything a service can say. Times are days apart so that histories are lawful. */
const instants = (day: number): string => new Date(T('2021-01-01T00:00:00Z') + day * 86_400_000).toISOString().replace('.000Z', 'Z');
const text = fc.stringMatching(/^[a-z一-龥]{1,8}$/);
const revocation = fc.option(fc.record({
  mode: fc.constantFrom('crl-only', 'ocsp-first', 'both' as const), overrideCertificateUrls: fc.boolean(),
  crl: fc.constantFrom([], [{ url: 'http://ca.example/a.crl', maxAge: 'PT24H' }]), ocsp: fc.constantFrom([], [{ url: 'http://ca.example/ocsp', nonce: 'required' as const }]),
}), { nil: undefined });
const status = fc.constantFrom(
  [['granted']], [['ceased'], ['granted']], [['withdrawn'], ['suspended', 'void'], ['granted']], [['granted'], ['suspended', 'heal'], ['granted']], [['distrusted'], ['granted']],
).map((events) => events.map(([name, gap], index) => ({
  status: name as 'granted', since: instants(100 - index * 10), recorded: 1, reason: 'why', ...(gap === undefined ? {} : { effect: { gap: gap as 'heal' } }), ...(name === 'distrusted' ? { compromisedSince: instants(1) } : {}),
})));
const service = fc.record({
  kind: fc.constantFrom('ca', 'tsa', 'ocsp', 'crl-issuer', 'seal-maker'), name: fc.record({ zh: text, en: text }), operator: fc.option(fc.record({ name: fc.record({ zh: text }) }), { nil: undefined }), status, revocation,
  scope: fc.constantFrom([], [{ regions: ['42*'] }], [{ regions: ['*'], transactions: ['工程建设'], until: null }]),
  constraints: fc.constantFrom({}, { pathLen: 1, sigAlgs: ['SM2-SM3'] }, { permittedDN: [['C=CN']] }), byHash: fc.boolean(), crit: fc.constantFrom(undefined, ['scope'], ['mystery']),
});
const draftOf = (services: readonly (typeof service extends fc.Arbitrary<infer T> ? T : never)[], sequence: number): ListDocument =>
  listOf(services.map(({ byHash, crit, revocation: r, operator, ...rest }, index): ServiceDocument => ({
    ...rest, id: `urn:x:${index}`,
    anchors: [{ x5c: [encodeBase64(certificates[index % 3]!)], mode: 'pinned-intermediate' }, ...(byHash ? [{ sha256: hexOf(sha256.digest(utf8('x'))), mode: 'root' as const }] : [])],
    ...(crit === undefined ? {} : { crit }), ...(r === undefined ? {} : { revocation: r }), ...(operator === undefined ? {} : { operator }),
  } as ServiceDocument)), { sequence, ...(sequence > 1 ? { prev: `sha256:${'ab'.repeat(32)}` } : {}), tombstones: [{ id: 'urn:x:gone', sequence: 1 }] });

test('property: LoTE and back is the same list', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(service, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 3 }), async (services, sequence) => {
      const draft = draftOf(services, sequence);
      const outcome = exportLote(draft);
      expect(outcome).toMatchObject({ outcome: 'exported', losses: [] });
      const back = await reimport(bytesOf(outcome));
      if (back.outcome === 'refused') throw new Error(`${back.code} ${back.detail}`);
      expect(back.report.counts.leftOut).toBe(0);
      expect(readListContent(serializeList(back.draft), { sha256 })).toEqual(readListContent(serializeList(draft), { sha256 }));
    }),
    { numRuns: 60 },
  );
});

test('a service that says one thing in standard members and another in ours is left out', async () => {
  const draft = listOf([serviceOf(certificates[0]!), serviceOf(certificates[1]!, { id: 'urn:x:2', status: [{ status: 'withdrawn', since: '2025-01-01T00:00Z', recorded: 1 }, { status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 }] })]);
  const honest = new TextDecoder().decode(bytesOf(exportLote(draft)));
  for (const forged of [
    honest.replace('"ServiceStatus":"http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/withdrawn"', '"ServiceStatus":"http://uri.etsi.org/TrstSvc/TrustedList/Svcstatus/granted"'),
    honest.replace('"StatusStartingTime":"2025-01-01T00:00:00Z"', '"StatusStartingTime":"2026-01-01T00:00:00Z"'),
    JSON.stringify(JSON.parse(honest), (name, value: unknown) => (name === 'ServiceHistory' ? [] : value)),
  ]) {
    expect(forged).not.toBe(honest);
    const back = await reimport(utf8(forged));
    expect(back).toMatchObject({ outcome: 'imported', report: { counts: { imported: 1, leftOut: 1 } } });
  }
});

test('a plain LoTE refuses to lose a constraint; lossy says exactly which', async () => {
  const draft = listOf([
    serviceOf(certificates[0]!, { constraints: { pathLen: 1, sigAlgs: ['SM2-SM3'] }, crit: ['scope'], revocation: { mode: 'crl-only', crl: [{ url: 'http://ca.example/a.crl' }] } }),
    serviceOf(certificates[1]!, { id: 'urn:x:2', status: [{ status: 'distrusted', since: '2025-01-01T00:00Z', recorded: 1, compromisedSince: '2024-01-01T00:00Z' }, { status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 }] }),
    serviceOf(certificates[2]!, { id: 'urn:x:3', anchors: [{ sha256: 'ab'.repeat(32), mode: 'root' }] }),
  ]);
  const refused = exportLote(draft, { extensions: false });
  expect(refused).toMatchObject({ outcome: 'refused', code: 'EXPORT_LOSES_CONSTRAINT' });
  const lossy = exportLote(draft, { extensions: false, lossy: true });
  expect(lossy.losses).toEqual(refused.losses);
  const at = (where: string) => lossy.losses.filter((loss) => loss.where === where).map(({ code, constraint }) => [code, constraint]);
  expect(at('services[0].constraints.pathLen')).toEqual([['CONSTRAINTS', true]]);
  expect(at('services[0].constraints.sigAlgs')).toEqual([['CONSTRAINTS', true]]);
  expect(at('services[0].crit')).toEqual([['CRITICAL', true]]);
  expect(at('services[1].status[0]')).toEqual([['STATUS', true]]);
  expect(at('services[2]')).toEqual([['LEFT_OUT', false]]);
  const back = await importLote(bytesOf(lossy), { sha256, at: NOW, signers: [], unsigned: true, territory: ['420000'] });
  expect(back).toMatchObject({ outcome: 'imported', report: { counts: { imported: 2 } } });
  if (back.outcome === 'imported') expect(back.draft.services.map(({ status: events }) => events[0]!.status)).toEqual(['granted', 'withdrawn']);
});

test('PEM: only what is granted, and only when losing is accepted', () => {
  const draft = listOf([
    serviceOf(certificates[0]!),
    serviceOf(certificates[1]!, { id: 'urn:x:2', name: { zh: '甲\n-----BEGIN CERTIFICATE-----' } }),
    serviceOf(certificates[2]!, { id: 'urn:x:3', status: [{ status: 'suspended', since: '2025-01-01T00:00Z', recorded: 1 }, { status: 'granted', since: '2021-03-01T00:00Z', recorded: 1 }] }),
  ]);
  expect(exportPem(draft, { at: NOW })).toMatchObject({ outcome: 'refused', code: 'EXPORT_LOSES_CONSTRAINT' });
  const written = exportPem(draft, { at: NOW, lossy: true });
  expect(readCertificates(bytesOf(written)).map(({ bytes }) => bytes)).toEqual(certificates.slice(0, 2));
  expect(lossesOf(written)).toEqual(expect.arrayContaining(['SCOPE', 'STATUS', 'LEFT_OUT']));
  // Before the suspension it was granted.
  expect(readCertificates(bytesOf(exportPem(draft, { at: T('2024-01-01T00:00:00Z'), lossy: true })))).toHaveLength(3);
  expect(exportPem(draft, { at: T('2020-01-01T00:00:00Z'), lossy: true })).toMatchObject({ outcome: 'refused', code: 'EXPORT_NOTHING' });
});

test('PEM bundles come in as services granted from now, recognised nowhere', () => {
  const bundle = bytesOf(exportPem(listOf(certificates.map((der, index) => serviceOf(der, { id: `urn:x:${index}` }))), { at: NOW, lossy: true }));
  const options = { sha256, at: NOW, territory: ['420000'], format: 'pem' as const };
  const outcome = importCertificates(bundle, options);
  expect(outcome).toMatchObject({ outcome: 'imported', report: { counts: { imported: 3, leftOut: 0 }, signature: { status: 'none' } } });
  if (outcome.outcome === 'imported') {
    const { services } = readListContent(serializeList(outcome.draft), { sha256 });
    expect(services.every((each) => each.scope.length === 0 && each.status[0]!.since === NOW)).toBe(true);
  }
  expect(importCertificates(utf8('<html>'), options)).toMatchObject({ code: 'IMPORT_MALFORMED' });
  expect(importCertificates(utf8('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n'), options)).toMatchObject({ code: 'IMPORT_MALFORMED' });
});

test('a P7B bag: SignedData without signers', () => {
  const bag = sequence(oid(id_signedData), explicit(0, sequence(integer(1), setOf(), sequence(oid(id_data)), implicitConstructed(0, ...certificates, certificates[0]!), setOf())));
  const options = { sha256, at: NOW, territory: ['420000'], regions: ['42*'], format: 'p7b' as const };
  const outcome = importCertificates(bag, options);
  expect(outcome).toMatchObject({ outcome: 'imported', report: { format: 'p7b', counts: { services: 4, imported: 3, leftOut: 1 } } });
  if (outcome.outcome === 'imported') expect(outcome.draft.services[0]!.scope).toEqual([{ regions: ['42*'] }]);
  expect(importCertificates(bag.subarray(0, 200), options)).toMatchObject({ code: 'IMPORT_MALFORMED' });
  expect(importCertificates(bag, { ...options, limits: { maxCertificates: 2 } })).toMatchObject({ outcome: 'refused' });
});
