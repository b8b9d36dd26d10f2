import { buildTimeStampRequest, parseCertificate, parseCertificateList, parseTimeStampResponse } from '@hefu/pki';
import { updateTrustList, type TrustList } from '@hefu/trust-list';
import { DEFAULT_POLICY, judgePdf, NO_EVIDENCE, type JudgePdfInput, type PdfReport } from '@hefu/verify';
import { beforeAll, describe, expect, it } from 'vitest';
// The world is made above this room; only tests may look up.
import { createWorld, sealPicture, type Company, type World } from '../../../sandbox/dist/index.js';
import { nodeAlgorithms } from '../../../node/dist/algorithms.js';
import { addPdfValidationData, completePdfSignature, preparePdfSignature, signPdf, type SignPdfInput, type Signer } from '../../src/index.js';
import { BID, objectText, update, writePdf } from './sample.js';

const algorithms = nodeAlgorithms();
const AT = Date.UTC(2026, 5, 1, 4);
let world: World;
let list: TrustList;
const bid = writePdf(BID);

beforeAll(async () => {
  world = createWorld({ seed: 'pdf', at: AT });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(`list ${outcome.outcome}`);
  list = outcome.trustList;
});

const companyWith = (kind: string, not?: string): Company => world.companies.find(({ sign, state, issuer, id }) => sign.key.kind === kind && state === 'good' && issuer.listed && id !== not)!;

function signed(pdf: Uint8Array, company: Company, change: Partial<SignPdfInput> = {}): Promise<Uint8Array> {
  const { key, certificate, chain = [] } = company.sign;
  const signer: Signer = { sign: ({ message }) => key.sign(message!) };
  return signPdf(pdf, { certificate: parseCertificate(certificate), chain, algorithms, signingTime: AT, ...change }, signer);
}

function judged(pdf: Uint8Array, company: Company, change: Partial<JudgePdfInput> = {}): Promise<PdfReport> {
  return judgePdf({
    pdf, trustList: list, policy: DEFAULT_POLICY, algorithms, at: AT,
    evidence: { ...NO_EVIDENCE, crls: [...world.crls].map(([path, bytes]) => ({ url: world.baseUrl + path, crl: parseCertificateList(bytes) })) },
    context: { scene: 'archive', region: company.region },
    ...change,
  });
}

const code = async (pdf: Uint8Array, company: Company): Promise<string> => (await judged(pdf, company)).code;

describe('a PDF signed here', () => {
  it.each(['RSA-2048', 'P-256', 'SM2'])('with %s passes in both forms and both kinds of cross-reference', async (kind) => {
    const company = companyWith(kind);
    for (const subFilter of ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'] as const) {
      for (const xref of ['table', 'stream'] as const) {
        const pdf = await signed(writePdf(BID, { xref }), company, { subFilter });
        const report = await judged(pdf, company);
        expect(report.reasons).toEqual([]);
        expect(report).toMatchObject({ conclusion: 'passed', signatures: [{ field: 'Signature1', kind: 'approval', subFilter, changes: [], revision: { isWhole: true, length: pdf.length } }] });
        expect(report.signatures[0]!.message!.identity).toMatchObject({ uscc: company.uscc });
        expect(JSON.parse(JSON.stringify(report))).toEqual(report);
        const tampered = pdf.slice();
        if (xref === 'table') tampered[Buffer.from(pdf).indexOf('1,280,000')] = '9'.charCodeAt(0);
        else tampered[Buffer.from(pdf).indexOf('stream\nBT') + 8] = 'X'.charCodeAt(0);
        expect(await code(tampered, company)).toBe('CONTENT_TAMPERED');
      }
    }
  });

  it('says who, when and why; is seen as a seal; signs a field that waits for it', async () => {
    const company = companyWith('P-256');
    const { width, height } = sealPicture();
    const rgb = new Uint8Array(width * height * 3).fill(0xc0);
    const pdf = await signed(bid, company, {
      field: 'seal', reason: '投标', location: 'Wuhan', name: 'Toy', certify: 2,
      appearance: { page: 1, rect: [100, 100, 200, 200], image: { width, height, rgb, alpha: new Uint8Array(width * height).fill(0x80) } },
    });
    const first = await judged(pdf, company);
    expect(first).toMatchObject({ conclusion: 'passed', signatures: [{ field: 'seal', kind: 'certification', docMdp: 2, claimed: { time: "D:20260601040000+00'00'", reason: '投标', location: 'Wuhan', name: 'Toy' } }] });
    const again = await signed(pdf, companyWith('RSA-2048'), { field: 'approver' });
    const report = await judged(again, company);
    expect(report).toMatchObject({ conclusion: 'passed', signatures: [{ field: 'seal', changes: [{ kind: 'signed', detail: 'approver' }] }, { field: 'approver', changes: [] }] });
    expect(report.signatures[0]!.revision).toEqual({ length: pdf.length, isWhole: false });
  });

  it('refuses what cannot be: too little room, another field, a second certification, no PDF', async () => {
    const room = preparePdfSignature(bid, { placeholder: 8 });
    expect(() => completePdfSignature(room, new Uint8Array(9))).toThrow(expect.objectContaining({ code: 'PDF_PLACEHOLDER_TOO_SMALL' }));
    expect(() => preparePdfSignature(bid, { field: 'remark' })).toThrow(expect.objectContaining({ code: 'PDF_UNSUITABLE' }));
    expect(() => preparePdfSignature(Uint8Array.of(1, 2))).toThrow(expect.objectContaining({ code: 'PDF_UNSUITABLE' }));
    expect(() => preparePdfSignature(bid, { placeholder: 0 })).toThrow(TypeError);
    const certified = await signed(bid, companyWith('P-256'), { certify: 1 });
    expect(() => preparePdfSignature(certified, { certify: 2 })).toThrow(expect.objectContaining({ code: 'PDF_UNSUITABLE' }));
    expect(() => preparePdfSignature(certified)).toThrow(expect.objectContaining({ code: 'PDF_LOCKED' }));
  });
});

describe('after signing', () => {
  it('further signatures, validation data and time-stamps leave it as it was', async () => {
    const [first, second] = [companyWith('P-256'), companyWith('RSA-2048')];
    const one = await signed(bid, first);
    const two = await signed(one, second);
    const lt = addPdfValidationData(two, { certificates: [first.sign.certificate], crls: [...world.crls.values()].slice(0, 2) });
    const ltAgain = addPdfValidationData(lt, { certificates: [second.sign.certificate] });
    const report = await judged(ltAgain, first);
    expect(report.reasons).toEqual([]);
    expect(report).toMatchObject({ conclusion: 'passed', signatures: [{ field: 'Signature1' }, { field: 'Signature2' }] });
    expect(report.signatures.map(({ changes }) => changes.length > 0 && changes.every(({ allowed }) => allowed))).toEqual([true, true]);
  });

  it('the document\'s metadata may be kept up to date, as long as nothing else is made of them', async () => {
    const company = companyWith('P-256');
    const xmp = (text: string): string => `<< /Type /Metadata /Subtype /XML /Length ${text.length} >>\nstream\n${text}\nendstream`;
    const attempt = async (objects: Readonly<Record<number, string>>, change: string): Promise<string> => code(update(await signed(writePdf(objects), company), { 10: change }), company);
    const plain = { ...BID, 1: BID[1]!.replace('/Pages', '/Metadata 10 0 R /Pages'), 10: xmp('<x/>') };
    expect(await attempt(plain, xmp('<y/>'))).toBe('OK');
    expect(await attempt(plain, xmp('<y/>').replace('/XML', '/Form'))).toBe('PDF_MODIFIED_AFTER_SIGNING');
    // The same stream as the content of a page too.
    expect(await attempt({ ...plain, 4: BID[4]!.replace('5 0 R', '10 0 R') }, xmp('<y/>'))).toBe('PDF_MODIFIED_AFTER_SIGNING');
  });

  it('a document time-stamp: by a listed authority, by one that is not, of other content', async () => {
    const company = companyWith('P-256');
    const one = await signed(bid, company);
    const room = preparePdfSignature(one, { subFilter: 'ETSI.RFC3161' });
    const sha256 = algorithms.digests.find(({ name }) => name === 'SHA-256')!;
    const token = (content: Uint8Array): Uint8Array => {
      const request = buildTimeStampRequest({ hashAlgorithm: sha256.oids[0]!, hashedMessage: sha256.digest(content) });
      return parseTimeStampResponse(world.tsa.get('/tsa/p256')!(request)).token!;
    };
    const stamped = completePdfSignature(room, token(room.content));
    const report = await judged(stamped, company);
    expect(report).toMatchObject({ conclusion: 'passed', signatures: [{ message: { times: { sources: { bestSignature: 'time-stamp' } } } }, { kind: 'document-timestamp', timestamp: { outcome: 'passed' } }] });
    const unlisted = await judged(stamped, company, { trustList: { ...list, services: list.services.filter(({ kind }) => kind !== 'tsa') } });
    expect(unlisted).toMatchObject({ conclusion: 'passed', warnings: expect.arrayContaining(['TIMESTAMP_NOT_COUNTED']) });
    expect(unlisted.signatures[0]!.message!.times.sources.bestSignature).toBe('validation time');
    expect(unlisted.signatures[1]).toMatchObject({ kind: 'document-timestamp', conclusion: 'indeterminate', code: 'PDF_TIMESTAMP_UNPROVEN', timestamp: { outcome: 'indeterminate', report: { code: 'TSA_NOT_LISTED' } } });
    const other = completePdfSignature(room, token(bid));
    expect(await judged(other, company)).toMatchObject({ conclusion: 'failed', code: 'PDF_TIMESTAMP_INVALID' });
  });

  it('forms are filled in only where the signer allows it', async () => {
    const company = companyWith('P-256');
    const filled = (pdf: Uint8Array): Uint8Array => update(pdf, { 7: BID[7]!.replace('/T (remark)', '/T (remark) /V (cheaper)') });
    expect(await code(filled(await signed(bid, company)), company)).toBe('PDF_MODIFIED_AFTER_SIGNING');
    expect(await code(filled(await signed(bid, company, { certify: 1 })), company)).toBe('PDF_MODIFIED_AFTER_SIGNING');
    expect(await code(filled(await signed(bid, company, { certify: 2 })), company)).toBe('OK');
    const locked = writePdf({ ...BID, 8: BID[8]!.replace('/F 4', '/F 4 /Lock << /Type /SigFieldLock /Action /Include /Fields [(remark)] /P 2 >>') });
    expect(await code(filled(await signed(locked, company, { field: 'approver' })), company)).toBe('PDF_MODIFIED_AFTER_SIGNING');
    const elsewhere = writePdf({ ...BID, 8: BID[8]!.replace('/F 4', '/F 4 /Lock << /Type /SigFieldLock /Action /Include /Fields [(other)] /P 2 >>') });
    expect(await code(filled(await signed(elsewhere, company, { field: 'approver' })), company)).toBe('OK');
  });
});

describe('attacks', () => {
  let company: Company;
  let pdf: Uint8Array;
  beforeAll(async () => {
    company = companyWith('P-256');
    pdf = await signed(bid, company);
  });

  const page = (): string => objectText(pdf, 3);
  const modified = async (attacked: Uint8Array, expected = 'PDF_MODIFIED_AFTER_SIGNING'): Promise<void> => {
    expect(await code(pdf, company)).toBe('OK');
    expect(await judged(attacked, company)).toMatchObject({ conclusion: 'failed', code: expected });
  };

  it('incremental saving: content, a page, a font, the catalog, the signature itself', async () => {
    await modified(update(pdf, { 5: BID[5]!.replace('1,280,000', '9,280,000') }));
    await modified(update(pdf, { 2: '<< /Type /Pages /Kids [3 0 R 4 0 R 50 0 R] /Count 3 >>', 50: BID[4]! }));
    await modified(update(pdf, { 6: BID[6]!.replace('Helvetica', 'Courier') }));
    await modified(update(pdf, { 1: objectText(pdf, 1).replace('/Type /Catalog', '/Type /Catalog /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >>') }));
    // Without a form the signature is not found at all, which is no acceptance either.
    expect(await judged(update(pdf, { 60: '<< /Type /Catalog /Pages 2 0 R >>' }, { root: '60 0 R' }), company)).toMatchObject({ conclusion: 'indeterminate', code: 'PDF_NOT_SIGNED' });
    await modified(update(pdf, { 60: objectText(pdf, 1) }, { root: '60 0 R' }));
    await modified(update(pdf, {}, { free: [5] }));
  });

  it('annotations over the content, and actions on a new signature field', async () => {
    const note = '<< /Type /Annot /Subtype /FreeText /Rect [72 700 300 760] /Contents (Bid price: 9) >>';
    await modified(update(pdf, { 50: note, 3: page().replace('/Annots [', '/Annots [50 0 R ') }));
    await modified(update(pdf, { 50: note, 3: page().replace(/\/Annots \[([^\]]*)\]/, '/Annots [$1 50 0 R]') }));
    const field = '<< /Type /Annot /Subtype /Widget /FT /Sig /T (evil) /Rect [0 0 0 0] /P 3 0 R';
    const form = objectText(pdf, 1).replace(/\/Fields \[([^\]]*)\]/, '/Fields [$1 50 0 R]');
    await modified(update(pdf, { 50: `${field} /AA << /E << /S /JavaScript /JS (x) >> >> >>`, 1: form, 3: page().replace(/\/Annots \[([^\]]*)\]/, '/Annots [$1 50 0 R]') }));
    expect(await code(update(pdf, { 50: `${field} >>`, 1: form, 3: page().replace(/\/Annots \[([^\]]*)\]/, '/Annots [$1 50 0 R]') }), company)).toBe('OK');
  });

  it('a signature field that shows something and holds no signature of its own', async () => {
    const shows = `<< /N 51 0 R >>`;
    const over = { 51: '<< /Type /XObject /Subtype /Form /BBox [0 0 500 800] /Length 21 >>\nstream\n1 g 0 0 500 800 re f \nendstream' };
    const waiting = (more: string): Uint8Array => update(pdf, { ...over, 8: objectText(pdf, 8).replace('/F 4', `/F 4 ${more}`) });
    const added = (more: string): Uint8Array => update(pdf, {
      ...over, 50: `<< /Type /Annot /FT /Sig /T (evil) /P 3 0 R ${more} >>`, 1: objectText(pdf, 1).replace(/\/Fields \[([^\]]*)\]/, '/Fields [$1 50 0 R]'), 3: page().replace(/\/Annots \[([^\]]*)\]/, '/Annots [$1 50 0 R]'),
    });
    await modified(waiting(`/V null /AP ${shows}`));
    await modified(added(`/Subtype /Widget /Rect [72 500 572 800] /AP ${shows}`));
    await modified(added(`/Subtype /Widget /Rect [0 0 0 0 595 842] /AP ${shows}`));
    await modified(added('/Subtype /FreeText /Rect [0 0 0 0]'));
    expect(await code(added(`/Subtype /Widget /Rect [0 0 0 0] /AP ${shows}`), company)).toBe('OK');
    // The signature that is there, in a second frame.
    const there = /\/V (\d+ 0 R)/.exec(objectText(pdf, 11))![1]!;
    expect(await code(added(`/Subtype /Widget /Rect [72 500 572 800] /V ${there} /AP ${shows}`), company)).toBe('PDF_MALFORMED');
  });

  it('shadow: content hidden before signing and shown afterwards, by a new cross-reference or a reference to nothing', async () => {
    const shadow = writePdf({ ...BID, 10: BID[5]!.replace('1,280,000', '9,280,000') });
    const signedShadow = await signed(shadow, company);
    const offsetOf = (text: string): number => Buffer.from(signedShadow).indexOf(text) + 1;
    // Hide-and-replace: number 5 made to point to an object that was signed, under its own number.
    await modified(update(signedShadow, {}, { offsets: { 5: offsetOf('\n10 0 obj') } }));
    await modified(update(signedShadow, { 3: objectText(signedShadow, 3).replace('/Contents 5 0 R', '/Contents 10 0 R') }));
    // Replace: the page refers to an object that comes later.
    const dangling = writePdf({ ...BID, 3: BID[3]!.replace('/Contents 5 0 R', '/Contents [5 0 R 70 0 R]') });
    const signedDangling = await signed(dangling, company);
    expect(await code(signedDangling, company)).toBe('OK');
    await modified(update(signedDangling, { 70: BID[5]!.replace('1,280,000', '9,280,000') }));
    // Hide: an overlay that was signed is deleted.
    await modified(update(await signed(shadow, company), {}, { free: [10] }));
  });

  it('octets beside the objects: nothing for readers that repair', async () => {
    await modified(update(pdf, {}, { junk: '5 0 obj\n<< /Length 0 >>\nstream\n\nendstream\nendobj\n' }));
    await modified(update(pdf, {}, { junk: 'garbage\n' }));
    await modified(Uint8Array.of(...pdf, ...Buffer.from('5 0 obj\nnull\nendobj\n')), 'PDF_MALFORMED');
    await modified(Uint8Array.of(...pdf, 0x0a));
  });

  it('wrapping: a byte range that leaves out more, starts later, or ends early', async () => {
    const text = Buffer.from(pdf).toString('latin1');
    const range = /\/ByteRange \[([\d ]+)\]/.exec(text)!;
    const [, a, b, c] = range[1]!.trim().split(/\s+/).map(Number) as [number, number, number, number];
    const with_ = (numbers: readonly number[]): Uint8Array => Buffer.from(text.replace(range[0], `/ByteRange [${numbers.join(' ').padEnd(range[1]!.length)}]`), 'latin1');
    await modified(with_([0, a, b, c - 20]), 'PDF_BYTE_RANGE_INVALID');
    await modified(with_([0, a - 8, b, c]), 'PDF_BYTE_RANGE_INVALID');
    await modified(with_([0, a, b + 4, c - 4]), 'PDF_BYTE_RANGE_INVALID');
    await modified(with_([1, a - 1, b, c]), 'PDF_BYTE_RANGE_INVALID');
    await modified(with_([0, a, b, c + 1]), 'PDF_BYTE_RANGE_INVALID');
    await modified(with_([0, a, b]), 'PDF_SIGNATURE_MALFORMED');
  });

  it('universal forgery: Contents or ByteRange missing or empty, trailing octets that are not zero', async () => {
    const text = Buffer.from(pdf).toString('latin1');
    const changed = (from: RegExp, to: string): Uint8Array => Buffer.from(text.replace(from, (found) => to.padEnd(found.length)), 'latin1');
    await modified(changed(/\/ByteRange \[[\d ]+\]/, '/ByteRange null'), 'PDF_SIGNATURE_MALFORMED');
    await modified(changed(/\/Contents <[0-9a-f]+>/, '/Contents <>'), 'PDF_BYTE_RANGE_INVALID');
    await modified(changed(/\/Contents <[0-9a-f]+>/, '/Contents null'), 'PDF_SIGNATURE_MALFORMED');
    expect(await judged(changed(/\/SubFilter \/ETSI\.CAdES\.detached/, '/SubFilter /None'), company)).toMatchObject({ conclusion: 'indeterminate', code: 'PDF_SUBFILTER_UNSUPPORTED' });
    const padded = Buffer.from(pdf);
    padded[text.indexOf('>', text.indexOf('/Contents <')) - 1] = '1'.charCodeAt(0);
    await modified(padded, 'PDF_SIGNATURE_MALFORMED');
  });

  it('a signature copied into another document', async () => {
    const other = await signed(writePdf({ ...BID, 5: BID[5]!.replace('1,280,000', '1,080,000') }), company);
    const message = /\/Contents <([0-9a-f]+)>/;
    const stolen = message.exec(Buffer.from(pdf).toString('latin1'))![0];
    await modified(Buffer.from(Buffer.from(other).toString('latin1').replace(message, stolen), 'latin1'), 'CONTENT_TAMPERED');
  });

  it('no signature is no acceptance', async () => {
    expect(await judged(bid, company)).toMatchObject({ conclusion: 'indeterminate', code: 'PDF_NOT_SIGNED' });
    expect(await judged(Uint8Array.of(1), company)).toMatchObject({ conclusion: 'failed', code: 'PDF_MALFORMED' });
  });
});
