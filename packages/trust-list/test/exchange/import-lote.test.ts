import fc from 'fast-check';
import { beforeAll, expect, test } from 'vitest';
import { importLote, readListContent, serializeList, statusAt, type Imported, type ImportNoteCode, type ImportOutcome, type SignedImportOptions } from '../../src/index.js';
import { encodeBase64url } from '../../src/base64.js';
import { caCertificate, NOW, sha256, T, utf8 } from '../helpers/world.js';
import { compact, general, lote, signer, STATUS, type Signer } from './support.js';

let ca: Uint8Array;
let operator: Signer;
let stranger: Signer;

beforeAll(async () => {
  [ca, operator, stranger] = await Promise.all([caCertificate('Test CA'), signer(), signer()]);
});

const options = (more: Partial<SignedImportOptions> = {}): SignedImportOptions => ({ sha256, at: NOW, territory: ['330000'], signers: [operator.certificate], ...more });
const code = (outcome: ImportOutcome): string => (outcome.outcome === 'refused' ? outcome.code : outcome.outcome);
const imported = (outcome: ImportOutcome): Imported => {
  if (outcome.outcome === 'refused') throw new Error(`${outcome.code} ${outcome.detail}`);
  return outcome;
};
const unsigned = async (bytes: Uint8Array, more: Partial<SignedImportOptions> = {}): Promise<Imported> => imported(await importLote(bytes, options({ unsigned: true, ...more })));
const notesOf = ({ report }: Imported): readonly ImportNoteCode[] => report.services.flatMap(({ notes }) => notes.map((note) => note.code));

test('a compact JWS by the certificate given becomes a draft that the reader takes', async () => {
  const outcome = imported(await importLote(await compact(lote(ca), operator), options({ regions: ['33*'] })));
  expect(outcome.report.signature).toMatchObject({ status: 'verified', algorithm: 'ES256', relation: 'given' });
  expect(outcome.report.source).toMatchObject({ sequence: 7, territory: 'XT' });
  expect(outcome.report.notes.map((note) => note.code)).toEqual(['NAME_WITHOUT_CHINESE']);
  const content = readListContent(serializeList(outcome.draft), { sha256 });
  expect(content).toMatchObject({ listId: 'imported', sequence: 1, territory: ['330000'], operator: { name: { zh: 'Test Operator' } } });
  expect(content.services[0]).toMatchObject({ kind: 'ca', operator: { uscc: '91330000123456789A', name: { zh: '测试机构' } }, scope: [{ regions: ['33*'] }] });
  expect(content.services[0]!.anchors[0]!.certificate).toEqual(ca);
});

test('who signed decides', async () => {
  const payload = lote(ca);
  expect(code(await importLote(await compact(payload, stranger), options()))).toBe('IMPORT_SIGNER_UNKNOWN');
  // The certificate given in the header, the signature by another key.
  expect(code(await importLote(await compact(payload, { certificate: operator.certificate, key: stranger.key }), options()))).toBe('IMPORT_SIGNATURE_INVALID');
  const [header, , signature] = new TextDecoder().decode(await compact(payload, operator)).split('.');
  expect(code(await importLote(utf8(`${header}.${encodeBase64url(lote(ca, { service: { ServiceStatus: STATUS('withdrawn') } }))}.${signature}`), options()))).toBe('IMPORT_SIGNATURE_INVALID');
  expect(code(await importLote(payload, options()))).toBe('IMPORT_UNSIGNED');
  expect((await unsigned(payload)).report.signature).toEqual({ status: 'none' });
  expect(code(await importLote(await compact(payload, operator), options({ signers: [] })))).toBe('IMPORT_SIGNER_UNKNOWN');
  expect(code(await importLote(await compact(payload, stranger), options({ signers: [], acceptSigner: () => 'chained' })))).toBe('imported');
});

test('without x5c the certificates given are tried', async () => {
  const jws = await compact(lote(ca), operator, { x5c: undefined });
  expect(code(await importLote(jws, options({ signers: [stranger.certificate, operator.certificate] })))).toBe('imported');
  expect(code(await importLote(jws, options({ signers: [stranger.certificate] })))).toBe('IMPORT_SIGNATURE_INVALID');
});

test('what crit demands and is not known refuses the whole', async () => {
  expect(code(await importLote(await compact(lote(ca), operator, { crit: ['mystery'], mystery: 1 }), options()))).toBe('IMPORT_CRITICAL_UNKNOWN');
  expect(code(await importLote(await compact(lote(ca), operator, { crit: ['sigT'], sigT: '2026-05-01T00:00:00Z' }), options()))).toBe('imported');
});

test('no MAC under the certificate\'s public key, no unsecured JWS', async () => {
  for (const alg of ['HS256', 'none', 'ES256K']) {
    const jws = `${encodeBase64url(utf8(JSON.stringify({ alg })))}.${encodeBase64url(lote(ca))}.AAAA`;
    expect(code(await importLote(utf8(jws), options()))).toBe('IMPORT_SIGNATURE_INVALID');
  }
});

test('General JSON: each signature by itself; one that fails is not outvoted', async () => {
  const both = await general(lote(ca), [stranger, operator]);
  const bytes = (value: unknown): Uint8Array => utf8(JSON.stringify(value));
  expect(code(await importLote(bytes(both), options()))).toBe('imported');
  expect(code(await importLote(bytes({ ...both, signatures: [both.signatures[0]] }), options()))).toBe('IMPORT_SIGNER_UNKNOWN');
  const [first, second] = both.signatures;
  const broken = { ...second!, signature: first!.signature };
  expect(code(await importLote(bytes({ ...both, signatures: [second, broken] }), options()))).toBe('IMPORT_SIGNATURE_INVALID');
  expect(code(await importLote(bytes({ ...both, signatures: [] }), options()))).toBe('IMPORT_UNSIGNED');
  expect(code(await importLote(bytes({ ...both, signatures: Array(33).fill(second) }), options()))).toBe('IMPORT_MALFORMED');
  expect(code(await importLote(bytes({ payload: both.payload, ...second }), options()))).toBe('imported');
});

test('damaged payloads are refused by code, never thrown', async () => {
  for (const text of ['{"LoTE":', '{"LoTE":{}}', '{"LoTE":{"ListAndSchemeInformation":{"LoTEVersionIdentifier":2}}}', '{"LoTE":1,"LoTE":2}']) {
    expect(code(await importLote(utf8(text), options({ unsigned: true })))).toBe('IMPORT_MALFORMED');
  }
  expect(code(await importLote(lote(ca), options({ unsigned: true, limits: { maxBytes: 100 } })))).toBe('IMPORT_TOO_LARGE');
  expect(code(await importLote(lote(ca, { info: { ListIssueDateTime: '2026-02-30T00:00:00Z' } }), options({ unsigned: true })))).toBe('IMPORT_MALFORMED');
  expect(code(await importLote(lote(ca, { info: { ListIssueDateTime: '2026-02-28T00:00:00' } }), options({ unsigned: true })))).toBe('IMPORT_MALFORMED');
});

test('the territory must come from somewhere', async () => {
  const { territory: _, ...none } = options({ unsigned: true });
  expect(code(await importLote(lote(ca), none))).toBe('IMPORT_TERRITORY');
});

test('statuses of every generation, and national ones only when opted for', async () => {
  for (const [word, ours] of [
    ['granted', 'granted'], ['accredited', 'granted'], ['undersupervision', 'granted'], ['supervisionincessation', 'granted'],
    ['supervisionceased', 'ceased'], ['accreditationceased', 'ceased'], ['withdrawn', 'withdrawn'], ['supervisionrevoked', 'withdrawn'],
    ['deprecatedatnationallevel', 'withdrawn'], ['recognisedatnationallevel', 'withdrawn'], ['setbynationallaw', 'withdrawn'],
  ]) {
    const outcome = await unsigned(lote(ca, { service: { ServiceStatus: STATUS(word!) } }));
    expect([word, outcome.draft.services[0]!.status[0]!.status]).toEqual([word, ours]);
  }
  const national = await unsigned(lote(ca, { service: { ServiceStatus: STATUS('recognisedatnationallevel') } }), { acceptNational: true });
  expect(national.draft.services[0]!.status[0]!.status).toBe('granted');
  expect(code(await importLote(lote(ca, { service: { ServiceStatus: STATUS('mystery') } }), options({ unsigned: true })))).toBe('IMPORT_NOTHING');
});

test('history is half-open: at the switch the newer status holds', async () => {
  const { draft } = await unsigned(lote(ca, {
    service: { ServiceStatus: STATUS('withdrawn'), StatusStartingTime: '2025-01-01T00:00:00Z' },
    history: [
      { ServiceStatus: STATUS('granted'), StatusStartingTime: '2016-07-01T02:00:00+02:00' },
      { ServiceStatus: STATUS('undersupervision'), StatusStartingTime: '2010-01-01T00:00:00Z' },
    ],
  }));
  const service = readListContent(serializeList(draft), { sha256 }).services[0]!;
  expect(service.status.map(({ status, since }) => [status, since])).toEqual([
    ['withdrawn', T('2025-01-01T00:00:00Z')], ['granted', T('2016-07-01T00:00:00Z')], ['granted', T('2010-01-01T00:00:00Z')],
  ]);
  expect(service.status[2]!.ref).toBe(STATUS('undersupervision'));
  const at = (instant: string): string | undefined => statusAt(service, T(instant))?.status;
  expect(at('2024-12-31T23:59:59Z')).toBe('granted');
  expect(at('2025-01-01T00:00:00Z')).toBe('withdrawn');
  expect(at('2009-12-31T00:00:00Z')).toBeUndefined();
});

test('what a history cannot mean is left out and told', async () => {
  const outcome = await unsigned(lote(ca, {
    service: { StatusStartingTime: '2020-01-01T00:00:00Z' },
    history: [
      { ServiceStatus: STATUS('withdrawn'), StatusStartingTime: '2021-01-01T00:00:00Z' },
      { ServiceStatus: STATUS('withdrawn'), StatusStartingTime: '2020-01-01T00:00:00Z' },
      { ServiceStatus: STATUS('granted'), StatusStartingTime: '2012-01-01T00:00:00Z' },
      { ServiceStatus: STATUS('withdrawn'), StatusStartingTime: '2015-01-01T00:00:00Z' },
    ],
  }));
  expect(outcome.draft.services[0]!.status.map(({ status, since }) => `${status} ${since.slice(0, 4)}`)).toEqual(['granted 2020', 'withdrawn 2015', 'granted 2012']);
  expect(notesOf(outcome)).toEqual(expect.arrayContaining(['HISTORY_AFTER_CURRENT', 'HISTORY_EMPTY_INTERVAL', 'HISTORY_REORDERED']));
});

test('property: at every instant the draft has the status of the newest instance begun, whatever the order of the history', async () => {
  const word = fc.constantFrom('granted', 'withdrawn', 'accredited', 'supervisionceased');
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ day: fc.integer({ min: 0, max: 40 }), word }), { maxLength: 8 }), fc.integer({ min: 0, max: 60 }), word, async (history, day, current) => {
      const dated = (n: number): string => new Date(T('2020-01-01T00:00:00Z') + n * 86_400_000).toISOString();
      const outcome = await unsigned(lote(ca, {
        service: { ServiceStatus: STATUS(current), StatusStartingTime: dated(41) },
        history: history.map((event) => ({ ServiceStatus: STATUS(event.word), StatusStartingTime: dated(event.day) })),
      }));
      const { status } = readListContent(serializeList(outcome.draft), { sha256 }).services[0]!;
      for (let i = 1; i < status.length; i++) expect(status[i]!.since).toBeLessThan(status[i - 1]!.since);
      const begun = history.filter((event) => event.day <= day).map((event) => event.day);
      const expected = day >= 41 ? T(dated(41)) : begun.length === 0 ? undefined : T(dated(Math.max(...begun)));
      expect(status.find(({ since }) => since <= T(dated(day)))?.since).toBe(expected);
    }),
    { numRuns: 40 },
  );
});

test('critical extensions that are not known leave the service out; others are told', async () => {
  const extension = (critical: boolean) => ({ service: { ServiceInformationExtensions: [{ type: 'urn:example:x', critical }] } });
  expect(code(await importLote(lote(ca, extension(true)), options({ unsigned: true })))).toBe('IMPORT_NOTHING');
  const outcome = await unsigned(lote(ca, extension(false)));
  expect(notesOf(outcome)).toContain('EXTENSION_LOST');
  expect(outcome.report.counts).toEqual({ services: 1, imported: 1, leftOut: 0, lost: 1 });
  expect(code(await importLote(lote(ca, { info: { SchemeExtensions: [{ type: 'urn:example:x', critical: true }] } }), options({ unsigned: true })))).toBe('IMPORT_CRITICAL_UNKNOWN');
});

test('what cannot be anchored is left out by its own code', async () => {
  const identities: readonly [object, ImportNoteCode][] = [
    [{ X509SKIs: ['AAAA'] }, 'IDENTITY_WITHOUT_CERTIFICATE'],
    [{ X509Certificates: [{ val: 'AAAA' }] }, 'CERTIFICATE_UNREADABLE'],
    [{ X509Certificates: [{ val: Buffer.from(operator.certificate).toString('base64') }] }, 'CERTIFICATE_NOT_CA'],
    [{ X509Certificates: [ca, await caCertificate('Test CA')].map((der) => ({ val: Buffer.from(der).toString('base64') })) }, 'IDENTITY_OTHER_KEY'],
  ];
  for (const [ServiceDigitalIdentity, expected] of identities) {
    const outcome = await importLote(lote(ca, { service: { ServiceDigitalIdentity } }), options({ unsigned: true }));
    expect(code(outcome)).toBe('IMPORT_NOTHING');
    const withAnother = JSON.parse(new TextDecoder().decode(lote(ca))) as { LoTE: { TrustedEntitiesList: unknown[] } };
    const [broken] = (JSON.parse(new TextDecoder().decode(lote(ca, { service: { ServiceDigitalIdentity } }))) as typeof withAnother).LoTE.TrustedEntitiesList;
    withAnother.LoTE.TrustedEntitiesList.push(broken);
    const both = await unsigned(utf8(JSON.stringify(withAnother)));
    expect(both.draft.services).toHaveLength(1);
    expect(notesOf(both)).toContain(expected);
  }
});

test('supply points become endpoints; schemes and types without a counterpart are told', async () => {
  const type = 'http://uri.etsi.org/TrstSvc/Svctype/Certstatus/';
  const outcome = await unsigned(lote(ca, { service: { ServiceSupplyPoints: [
    { ServiceType: `${type}OCSP/QC`, uriValue: 'http://ca.example/status' }, { uriValue: 'http://ca.example/a.crl' }, { ServiceType: `${type}OCSP`, uriValue: 'ldap://x' }, { uriValue: 'http://ca.example/' },
  ] } }));
  expect(outcome.draft.services[0]!.revocation).toEqual({ mode: 'crl-first', crl: [{ url: 'http://ca.example/a.crl' }], ocsp: [{ url: 'http://ca.example/status' }] });
  expect(notesOf(outcome).filter((note) => note === 'SUPPLY_POINT_LOST')).toHaveLength(2);
});

test('pointers are suggestions only', async () => {
  const pointer = (territory: string) => ({
    LoTELocation: 'https://lists.example/x', ServiceDigitalIdentities: [{ X509Certificates: [{ val: Buffer.from(ca).toString('base64') }] }],
    LoTEQualifiers: [{ LoTEType: 'urn:example:type', SchemeOperatorName: [{ lang: 'en', value: 'Other' }], SchemeTerritory: territory, MimeType: 'application/jose' }],
  });
  const outcome = await unsigned(lote(ca, { info: { PointersToOtherLoTE: [pointer('XT'), pointer('XX')] } }));
  expect(outcome.report.pointers.map(({ as, certificates }) => [as, certificates.length])).toEqual([['delegation', 1], ['peer', 1]]);
  expect(outcome.draft).not.toHaveProperty('delegations');
  expect(outcome.draft).not.toHaveProperty('peers');
});

test('a signer whose name or dates do not fit is told', async () => {
  const other = await signer('CN=X, O=Somebody Else, C=XX', ['2020-01-01T00:00:00Z', '2021-01-01T00:00:00Z']);
  const { report } = imported(await importLote(await compact(lote(ca), other), options({ signers: [other.certificate] })));
  expect(report.notes.map((note) => note.code)).toEqual(['NAME_WITHOUT_CHINESE', 'SIGNER_NAME_DIFFERS', 'SIGNER_EXPIRED']);
});
