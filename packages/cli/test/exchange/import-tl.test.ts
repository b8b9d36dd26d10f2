import { beforeAll, expect, test } from 'vitest';
import { nodeAlgorithms } from '@hefu/node';
import { readListContent, serializeList, type Imported, type ImportNoteCode, type ImportOutcome, type SignedImportOptions } from '@hefu/trust-list';
import { importTl } from '../../src/exchange/import-tl.js';
import { C14N, ENVELOPED, listText, party, QC, signText, STATUS, type Party } from './tl-fixture.js';

const sha256 = nodeAlgorithms().digests.find(({ name }) => name === 'SHA-256')!;
let ca: Party;
let operator: Party;
let stranger: Party;
let list: string;

beforeAll(async () => {
  [ca, operator, stranger] = await Promise.all([party('CN=Root, O=CA, C=XT', { ca: true }), party('CN=Signer, O=Test Operator, C=XT'), party('CN=Signer, O=Test Operator, C=XT')]);
  list = listText([{ certificate: ca.certificate }]);
});

const read = (text: string | Uint8Array, more: Partial<SignedImportOptions> = {}): Promise<ImportOutcome> =>
  importTl(typeof text === 'string' ? new TextEncoder().encode(text) : text, { sha256, at: Date.parse('2026-06-01T00:00:00Z'), territory: ['330000'], signers: [operator.certificate], ...more });
const codeOf = async (text: string | Uint8Array, more: Partial<SignedImportOptions> = {}): Promise<string> => {
  const outcome = await read(text, more);
  return outcome.outcome === 'refused' ? outcome.code : outcome.outcome;
};
const imported = async (text: string, more: Partial<SignedImportOptions> = {}): Promise<Imported> => {
  const outcome = await read(text, more);
  if (outcome.outcome === 'refused') throw new Error(`${outcome.code} ${outcome.detail}`);
  return outcome;
};
const notesOf = ({ report }: Imported): readonly ImportNoteCode[] => report.services.flatMap(({ notes }) => notes.map(({ code }) => code));

test('a signed list of either version, with XAdES properties or without, by Id or by empty URI', async () => {
  for (const [text, options] of [
    [list, {}],
    [list, { xades: true }],
    [list, { keyInfo: false }],
    [listText([{ certificate: ca.certificate }], { version: 5, id: true }), { uri: '#list' }],
  ] as const) {
    const outcome = await imported(signText(text, operator, options), { regions: ['33*'] });
    expect(outcome.report).toMatchObject({ format: 'tl', source: { sequence: 42, territory: 'XT' }, signature: { status: 'verified', relation: 'given' }, counts: { imported: 1, leftOut: 0 } });
    const content = readListContent(serializeList(outcome.draft), { sha256 });
    expect(content.services[0]).toMatchObject({ kind: 'ca', name: { zh: 'CA & Co' }, operator: { uscc: '91330000123456789A', name: { en: 'Test Provider' } }, scope: [{ regions: ['33*'] }] });
    expect(content.services[0]!.anchors[0]!.certificate).toEqual(ca.certificate);
  }
  expect(await codeOf(signText(listText([{ certificate: ca.certificate }], { version: 4 }), operator))).toBe('IMPORT_MALFORMED');
});

test('who signed decides', async () => {
  expect(await codeOf(signText(list, stranger))).toBe('IMPORT_SIGNER_UNKNOWN');
  expect(await codeOf(signText(list, stranger), { signers: [] })).toBe('IMPORT_SIGNER_UNKNOWN');
  expect(await codeOf(signText(list, { ...stranger, certificate: operator.certificate }))).toBe('IMPORT_SIGNATURE_INVALID');
  expect(await codeOf(signText(list, stranger, { keyInfo: false }))).toBe('IMPORT_SIGNATURE_INVALID');
  expect(await codeOf(signText(list, stranger), { acceptSigner: () => 'chained' })).toBe('imported');
  expect(await codeOf(list)).toBe('IMPORT_UNSIGNED');
  expect(await codeOf(list, { unsigned: true })).toBe('imported');
  // Signed, and badly: not taken for unsigned.
  expect(await codeOf(signText(list, stranger), { unsigned: true })).toBe('IMPORT_SIGNER_UNKNOWN');
});

test('any change to what is signed is noticed', async () => {
  const signed = signText(list, operator, { xades: true });
  for (const [from, to] of [['granted', 'withdrawn'], ['2017-01-01', '2016-01-01'], ['<TSLSequenceNumber>42', '<TSLSequenceNumber>43'], ['2026-05-01T00:00:00Z</xades', '2026-05-02T00:00:00Z</xades'], ['TSLTag="http', 'TSLTag="https']] as const) {
    expect(signed).toContain(from);
    expect(await codeOf(signed.replace(from, to))).toBe('IMPORT_SIGNATURE_INVALID');
  }
});

test('comments that split a text change nothing: what is read is the canonical form', async () => {
  const split = signText(list, operator).replace('Svcstatus/granted', 'Svcstatus/<!-- -->granted');
  expect((await imported(split)).draft.services[0]!.status[0]!.status).toBe('granted');
});

test('wrapping and other ways to sign something else', async () => {
  const evil = listText([{ certificate: ca.certificate, status: 'withdrawn' }]);
  const signature = (text: string): string => /<ds:Signature .*<\/ds:Signature>/s.exec(text)![0];
  const signed = signText(list, operator);
  const withId = listText([{ certificate: ca.certificate }], { id: true });
  const byId = signText(withId, operator, { uri: '#list' });
  const form: readonly string[] = [
    // The signed list moved below another root, into the signature, beside a second list.
    evil.replace('</TrustServiceStatusList>', `${signed}</TrustServiceStatusList>`),
    evil.replace('</TrustServiceStatusList>', `${signature(byId).replace('</ds:Signature>', `<ds:Object>${withId}</ds:Object></ds:Signature>`)}</TrustServiceStatusList>`),
    evil.replace('<SchemeInformation>', `${byId}<SchemeInformation>`),
    // Two signatures; a second SignedInfo; a SignatureValue that hides in KeyInfo.
    signed.replace('</TrustServiceStatusList>', `${signature(signed)}</TrustServiceStatusList>`),
    signed.replace('<ds:SignatureValue>', '<ds:SignedInfo></ds:SignedInfo><ds:SignatureValue>'),
    signed.replace('<ds:KeyInfo>', '<ds:KeyInfo><SignatureValue>AAAA</SignatureValue>'),
    signText(list, operator, { insideObject: '<x xmlns="urn:x"><SignatureMethod Algorithm="urn:x"></SignatureMethod></x>' }),
    // The whole document is not what is referenced, or not all of it, or not in this form.
    signText(list, operator, { uri: '#elsewhere' }),
    signText(list, operator, { uri: 'http://example.com/list.xml' }),
    signText(list, operator, { transforms: [C14N] }),
    signText(list, operator, { transforms: [ENVELOPED] }),
    signText(list, operator, { transforms: [ENVELOPED, 'http://www.w3.org/TR/1999/REC-xpath-19991116', C14N] }),
    signText(list, operator, { transforms: [ENVELOPED, `${C14N}WithComments`] }),
    signText(list, operator, { canonicalization: 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315' }),
    signText(list, operator, { method: 'http://www.w3.org/2000/09/xmldsig#hmac-sha1' }),
    signText(list, operator, { method: 'http://www.w3.org/2000/09/xmldsig#rsa-sha1' }),
    signed.replace('<ds:Reference URI="">', '<ds:Reference>'),
    // Something within a transform, beside a digest, in a digest: what it would mean is nobody's guess.
    signed.replace(`<ds:Transform Algorithm="${C14N}">`, `<ds:Transform Algorithm="${C14N}"><x xmlns="urn:x"></x>`),
    signed.replace(`<ds:Transform Algorithm="${ENVELOPED}">`, `<ds:Transform Algorithm="${ENVELOPED}"><ec:InclusiveNamespaces xmlns:ec="${C14N}" PrefixList="ds"></ec:InclusiveNamespaces>`),
    signed.replace('</ds:DigestValue>', '</ds:DigestValue><ds:DigestValue>AAAA</ds:DigestValue>'),
    signed.replace('<ds:DigestValue>', '<ds:DigestValue><x xmlns="urn:x"></x>'),
    signed.replace('<SchemeInformation>', '<?pi in the way?><SchemeInformation>'),
  ];
  for (const [index, text] of form.entries()) expect([index, await codeOf(text)]).toEqual([index, 'IMPORT_SIGNATURE_FORM']);
  // An element of the same Id: the library must not choose between them.
  const twice = byId.replace('<TSPServices>', '<TSPServices Id="list">');
  expect(await codeOf(twice)).toBe('IMPORT_SIGNATURE_INVALID');
});

test('XML that is a weapon is refused before it is parsed', async () => {
  const doctype = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;">]>';
  expect(await codeOf(doctype + signText(list, operator))).toBe('IMPORT_DTD');
  expect(await codeOf(`<!doctype html><html></html>`)).toBe('IMPORT_DTD');
  expect(await codeOf('<a>'.repeat(100_000))).toBe('IMPORT_TOO_LARGE');
  expect(await codeOf(`<a>${'<b/>'.repeat(1000)}</a>`, { limits: { maxElements: 1000 } })).toBe('IMPORT_TOO_LARGE');
  expect(await codeOf(list, { limits: { maxBytes: 100 } })).toBe('IMPORT_TOO_LARGE');
  for (const broken of ['', 'text', '<a', '<a></b>', '<a>&nbsp;</a>', '<a x="1" x="2"></a>', list.slice(0, -30)]) expect([broken.slice(-30), await codeOf(broken)]).toEqual([broken.slice(-30), 'IMPORT_MALFORMED']);
  expect(await codeOf(new Uint8Array([0xff, 0xfe, 0x3c, 0x00]))).toBe('IMPORT_MALFORMED');
  expect(await codeOf(`<?xml version="1.0" encoding="UTF-16"?>${list}`)).toBe('IMPORT_MALFORMED');
  expect(await codeOf('<html></html>', { unsigned: true })).toBe('IMPORT_MALFORMED');
});

test('history, extensions, supply points and pointers', async () => {
  const qualifications = '<Extension Critical="true"><Qualifications xmlns="http://uri.etsi.org/TrstSvc/SvcInfoExt/eSigDir-1999-93-EC-TrustedList/#"><QualificationElement><Qualifiers><Qualifier uri="http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/QCWithQSCD"></Qualifier></Qualifiers></QualificationElement></Qualifications></Extension>';
  const information = (word: string): string => `<Extension Critical="true"><AdditionalServiceInformation xmlns="http://uri.etsi.org/02231/v2/additionaltypes#"><URI>http://uri.etsi.org/TrstSvc/TrustedList/SvcInfoExt/${word}</URI></AdditionalServiceInformation></Extension>`;
  const outcome = await imported(signText(listText([
    { certificate: ca.certificate, status: 'withdrawn', since: '2025-01-01T00:00:00Z', history: [['granted', '2016-07-01T00:00:00+02:00'], ['accredited', '2010-01-01T00:00:00Z']], extensions: qualifications + information('ForeSeals'), supply: '<ServiceSupplyPoint>http://ca.example/a.crl</ServiceSupplyPoint><ServiceSupplyPoint type="http://uri.etsi.org/TrstSvc/Svctype/Certstatus/OCSP">http://ca.example/o</ServiceSupplyPoint>' },
    { certificate: ca.certificate, extensions: '<Extension Critical="true"><Mystery xmlns="urn:x"></Mystery></Extension>' },
    { certificate: ca.certificate, extensions: '<Extension Critical="true"><TakenOverBy xmlns="urn:x"></TakenOverBy></Extension>' },
    { certificate: ca.certificate, extensions: information('ForWebSiteAuthentication') },
    { certificate: ca.certificate, type: QC.replace('CA/QC', 'EDS/Q') },
  ], { pointers: `<PointersToOtherTSL><OtherTSLPointer><ServiceDigitalIdentities><ServiceDigitalIdentity><DigitalId><X509Certificate>${Buffer.from(ca.certificate).toString('base64')}</X509Certificate></DigitalId></ServiceDigitalIdentity></ServiceDigitalIdentities><TSLLocation>https://lists.example/tl.xml</TSLLocation><AdditionalInformation><OtherInformation><SchemeTerritory>XX</SchemeTerritory></OtherInformation></AdditionalInformation></OtherTSLPointer></PointersToOtherTSL>` }), operator), { regions: ['33*'] });
  expect(outcome.report.counts).toMatchObject({ services: 5, imported: 1, leftOut: 4 });
  const [service] = outcome.draft.services;
  expect(service!.status.map(({ status, since, ref }) => [status, since, ref])).toEqual([
    ['withdrawn', '2025-01-01T00:00:00Z', STATUS('withdrawn')], ['granted', '2016-06-30T22:00:00Z', STATUS('granted')], ['granted', '2010-01-01T00:00:00Z', STATUS('accredited')],
  ]);
  expect(service!.scope).toEqual([{ regions: ['33*'], purposes: ['seal'] }]);
  expect(service!.revocation).toEqual({ mode: 'crl-first', crl: [{ url: 'http://ca.example/a.crl' }], ocsp: [{ url: 'http://ca.example/o' }] });
  expect(notesOf(outcome)).toEqual(expect.arrayContaining(['QUALIFICATIONS_LOST', 'PURPOSES_STATED', 'CRITICAL_EXTENSION_UNKNOWN', 'SERVICE_TYPE_NOT_MAPPED']));
  expect(notesOf(outcome).filter((code) => code === 'CRITICAL_EXTENSION_UNKNOWN')).toHaveLength(2);
  expect(outcome.report.pointers).toMatchObject([{ as: 'peer', location: 'https://lists.example/tl.xml', territory: 'XX' }]);
});

test('a closed list is told', async () => {
  const outcome = await imported(signText(listText([{ certificate: ca.certificate }], { next: '' }), operator));
  expect(outcome.report.notes.map(({ code }) => code)).toContain('LIST_CLOSED');
  expect(outcome.draft.nextUpdate).toBe('2026-05-01T00:00:01Z');
});

test('a national list of 3 million octets and 429 services', async () => {
  const others = await Promise.all(Array.from({ length: 4 }, (_, index) => party(`CN=Root ${index}, O=CA, C=XT`, { ca: true })));
  const filler = `<SchemeServiceDefinitionURI><URI xml:lang="en">http://ca.example/${'x'.repeat(4000)}</URI></SchemeServiceDefinitionURI>`;
  const history = Array.from({ length: 6 }, (_, index) => ['granted', `20${16 - index}-01-01T00:00:00Z`] as const);
  const text = listText(Array.from({ length: 429 }, (_, index) => ({ certificate: others[index % 4]!.certificate, history, extensions: '' })));
  const padded = text.replaceAll('</StatusStartingTime></ServiceInformation>', `</StatusStartingTime>${filler}</ServiceInformation>`);
  const signed = signText(padded, operator, { xades: true });
  expect(Buffer.byteLength(signed)).toBeGreaterThanOrEqual(3_000_000);
  const outcome = await imported(signed);
  expect(outcome.report.counts).toMatchObject({ services: 429, imported: 429 });
  expect(new Set(outcome.draft.services.map(({ id }) => id)).size).toBe(429);
});
