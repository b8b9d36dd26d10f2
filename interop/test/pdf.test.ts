import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, sign as signWith } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { rsaPair } from '../../packages/crypto/test/rsa-pair.js';
import { encodePem, parseCertificate, parseCertificateList } from '../../packages/pki/src/index.js';
import { updateTrustList, type TrustList } from '../../packages/trust-list/dist/index.js';
import { DEFAULT_POLICY, judgePdf, NO_EVIDENCE, type PdfReport } from '../../packages/verify/dist/index.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nodeAlgorithms } from '../../packages/node/dist/algorithms.js';
import { createWorld, type Company, type World } from '../../packages/sandbox/dist/index.js';
import { addPdfValidationData, completePdfSignature, preparePdfSignature, signPdf } from '../../packages/sign/dist/index.js';
import { BID, update, writePdf } from '../../packages/sign/test/pdf/sample.js';
import { newKey, type TestKey } from '../../packages/verify/test/path/issue.js';
import { caFrom, crl, day, list as listFor, party, signature, token, tsuOf } from '../../packages/verify/test/time/timeline.js';

// Recorded with poppler-utils 22.12.0 (pdfsig), qpdf 11.3.0 and pyHanko 0.38.0.
const runs = (command: string, ...args: string[]): boolean => spawnSync(command, args).error === undefined;
const pdfsig = runs('pdfsig', '-v');
const qpdf = runs('qpdf', '--version');
const python = process.env['HEFU_PYHANKO'] ?? 'python3';
const pyhanko = spawnSync(python, ['-c', 'import pyhanko']).status === 0;
if (!pdfsig) console.warn('SKIPPED: no pdfsig (apt-get install poppler-utils); PDF signatures made here were not verified by Poppler');
if (!qpdf) console.warn('SKIPPED: no qpdf; PDF signatures over files written by qpdf did not run');
if (!pyhanko) console.warn('SKIPPED: no pyHanko (HEFU_PYHANKO=python with it installed); PDF signatures made by pyHanko were not verified');

const algorithms = nodeAlgorithms();
const AT = Date.UTC(2026, 5, 1, 4);
let folder: string;
let world: World;
let list: TrustList;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hefu-pdf-'));
  world = createWorld({ seed: 'pdf-interop', at: AT });
  const outcome = await updateTrustList(undefined, world.lists.current, { role: world.listRole, algorithms, at: AT });
  if (outcome.outcome !== 'accepted') throw new Error(`list ${outcome.outcome}`);
  list = outcome.trustList;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const companyWith = (kind: string): Company => world.companies.find(({ sign, state, issuer }) => sign.key.kind === kind && state === 'good' && issuer.listed)!;
const sign = (pdf: Uint8Array, { sign: { key, certificate, chain = [] } }: Company, subFilter: 'ETSI.CAdES.detached' | 'adbe.pkcs7.detached' = 'ETSI.CAdES.detached'): Promise<Uint8Array> =>
  signPdf(pdf, { certificate: parseCertificate(certificate), chain, algorithms, signingTime: AT, subFilter }, { sign: ({ message }) => key.sign(message!) });
const judged = (pdf: Uint8Array, { region }: Company): Promise<PdfReport> => judgePdf({
  pdf, trustList: list, policy: DEFAULT_POLICY, algorithms, at: AT, context: { scene: 'archive', region },
  evidence: { ...NO_EVIDENCE, crls: [...world.crls].map(([path, bytes]) => ({ url: world.baseUrl + path, crl: parseCertificateList(bytes) })) },
});
const file = (name: string, bytes: Uint8Array): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};
/** The lines of pdfsig on validity; certificates are not looked at, since a toy CA is nobody's anchor. */
const byPoppler = (pdf: Uint8Array): string[] =>
  spawnSync('pdfsig', ['-nocert', file('poppler.pdf', pdf)], { encoding: 'utf8' }).stdout.split('\n').filter((line) => line.includes('Signature Validation:') || line.includes('document signed')).map((line) => line.replace(/^\s*-\s*/, ''));

describe.skipIf(!pdfsig)('pdfsig', () => {
  it.each(['RSA-2048', 'P-256'])('accepts %s signatures made here, over tables and streams, one and two of them, and not altered ones', async (kind) => {
    const company = companyWith(kind);
    for (const xref of ['table', 'stream'] as const) {
      for (const subFilter of ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'] as const) {
        const pdf = await sign(writePdf(BID, { xref }), company, subFilter);
        expect(byPoppler(pdf)).toEqual(['Total document signed', 'Signature Validation: Signature is Valid.']);
        const altered = pdf.slice();
        altered[Buffer.from(pdf).indexOf('1,280,000')] = '9'.charCodeAt(0);
        expect(byPoppler(altered)).not.toContain('Signature Validation: Signature is Valid.');
      }
    }
    const two = addPdfValidationData(await sign(await sign(writePdf(BID), company), companyWith('P-256')), { certificates: [company.sign.certificate] });
    expect(byPoppler(two).filter((line) => line.includes('is Valid'))).toHaveLength(2);
    expect((await judged(two, company)).conclusion).toBe('passed');
  });
});

describe.skipIf(!pdfsig)('pdfsig, long term', () => {
  it('accepts the signature of a B-LTA document made here, under its store and its time-stamps, and not once it is altered', async () => {
    const [ca, tsaCa] = [caFrom('C=CN,O=CA'), caFrom('C=CN,O=TSA CA')];
    const [signer, tsu] = [party(ca, -100, 300), tsuOf(tsaCa)];
    const room = preparePdfSignature(writePdf(BID));
    const stamp = (pdf: Uint8Array, at: number): Uint8Array => {
      const prepared = preparePdfSignature(pdf, { subFilter: 'ETSI.RFC3161' });
      return completePdfSignature(prepared, token(prepared.content, at, tsu));
    };
    const signed = completePdfSignature(room, signature(signer, { content: room.content }));
    const pdf = stamp(addPdfValidationData(stamp(signed, 2), { certificates: [ca.certificate.bytes], crls: [crl(ca, 3, 5), crl(tsaCa, 3, 5)].map(({ bytes }) => bytes) }), 4);
    const report = await judgePdf({ pdf, trustList: listFor({ ca: [ca], tsa: [tsaCa] }), policy: DEFAULT_POLICY, algorithms, at: day(4.5), context: { scene: 'archive', region: '420100' }, evidence: NO_EVIDENCE });
    expect(report).toMatchObject({ conclusion: 'passed', signatures: [{ message: { signers: [{ level: { proven: 'B-LTA' } }] } }, {}, {}] });
    expect(byPoppler(pdf)).toContain('Signature Validation: Signature is Valid.');
    expect(byPoppler(pdf)).not.toContain('Signature Validation: Digest Mismatch.');
    const altered = pdf.slice();
    altered[Buffer.from(pdf).indexOf('1,280,000')] = '9'.charCodeAt(0);
    expect(byPoppler(altered)).toContain('Signature Validation: Digest Mismatch.');
  });
});

describe.skipIf(!qpdf)('qpdf', () => {
  it.each([['--object-streams=generate'], ['--object-streams=disable'], ['--linearize']])('files written with %s are signed and verified here, and read by qpdf afterwards', async (option) => {
    const company = companyWith('P-256');
    const out = join(folder, 'qpdf.pdf');
    spawnSync('qpdf', [option, file('plain.pdf', writePdf(BID)), out]);
    const pdf = await sign(readFileSync(out), company);
    expect(await judged(pdf, company)).toMatchObject({ conclusion: 'passed' });
    expect(spawnSync('qpdf', ['--check', file('signed.pdf', pdf)], { encoding: 'utf8' }).stdout).toMatch(/No syntax or stream encoding errors found/);
    // Saved again by a tool that knows nothing of signatures.
    spawnSync('qpdf', [file('signed.pdf', pdf), out]);
    expect((await judged(readFileSync(out), company)).conclusion).toBe('failed');
  });
});

const SIGN = `
import sys, warnings; warnings.filterwarnings('ignore')
from pyhanko.sign import signers, fields
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter, MDPPerm
key, cert, chain, src, out, form, field = sys.argv[1:8]
signer = signers.SimpleSigner.load(key, cert, ca_chain_files=[chain])
with open(src, 'rb') as inf:
    w = IncrementalPdfFileWriter(inf)
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm='sha256', subfilter=SigSeedSubFilter.PADES if form == 'pades' else SigSeedSubFilter.ADOBE_PKCS7_DETACHED, certify=form == 'certify', docmdp_permissions=MDPPerm.FILL_FORMS)
    with open(out, 'wb') as outf:
        signers.sign_pdf(w, meta, signer=signer, output=outf)
`;

describe.skipIf(!pyhanko)('pyHanko', () => {
  it.each(['RSA-2048', 'P-256'])('its %s signatures pass here, alone and one after another, and not once altered', async (kind) => {
    const company = companyWith(kind);
    const { key, certificate, chain = [] } = company.sign;
    const pem = (label: string, name: string, der: Uint8Array): string => file(name, Buffer.from(encodePem(label, der)));
    const material = [pem('PRIVATE KEY', 'key.pem', key.pkcs8Der), pem('CERTIFICATE', 'cert.pem', certificate), pem('CERTIFICATE', 'chain.pem', chain[0]!)];
    const byPyHanko = (pdf: Uint8Array, form: string, field: string): Uint8Array => {
      const out = join(folder, 'out.pdf');
      const done = spawnSync(python, ['-c', SIGN, ...material, file('in.pdf', pdf), out, form, field], { encoding: 'utf8' });
      if (done.status !== 0) throw new Error(done.stderr);
      return readFileSync(out);
    };
    for (const xref of ['table', 'stream'] as const) {
      const certified = byPyHanko(writePdf(BID, { xref }), 'certify', 'First');
      const one = await judged(certified, company);
      expect(one.reasons).toEqual([]);
      expect(one).toMatchObject({ conclusion: 'passed', signatures: [{ field: 'First', kind: 'certification', docMdp: 2 }] });
      const two = await judged(byPyHanko(certified, 'pades', 'Second'), company);
      expect(two.reasons).toEqual([]);
      expect(two).toMatchObject({ conclusion: 'passed', signatures: [{ field: 'First' }, { field: 'Second', subFilter: 'ETSI.CAdES.detached' }] });
      const mixed = await judged(await sign(certified, company), company);
      expect(mixed.reasons).toEqual([]);
      if (xref === 'table') expect(await judged(update(certified, { 5: BID[5]!.replace('1,280', '9,280') }), company)).toMatchObject({ conclusion: 'failed', code: 'PDF_MODIFIED_AFTER_SIGNING' });
    }
  });
});

const SIGN_LTA = `
import sys, json, warnings; warnings.filterwarnings('ignore')
from asn1crypto import x509, crl, keys, pem
from pyhanko.sign import signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.keys import load_cert_from_pemder, load_private_key_from_pemder
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore
f = json.loads(sys.argv[1])
cert = load_cert_from_pemder
crls = [crl.CertificateList.load(open(each, 'rb').read()) for each in f['crls']]
vc = ValidationContext(trust_roots=[cert(f['ca']), cert(f['tsaCa'])], crls=crls, allow_fetching=False, revocation_mode='require')
store = SimpleCertificateStore()
tsa = DummyTimeStamper(cert(f['tsuCert']), load_private_key_from_pemder(f['tsuKey'], None), certs_to_embed=store)
signer = signers.SimpleSigner.load(f['key'], f['cert'])
with open(f['in'], 'rb') as inf:
    meta = signers.PdfSignatureMetadata(field_name='Sig', md_algorithm='sha256', subfilter=SigSeedSubFilter.PADES, embed_validation_info=True, use_pades_lta=f['lta'], validation_context=vc)
    with open(f['out'], 'wb') as out:
        signers.sign_pdf(IncrementalPdfFileWriter(inf), meta, signer=signer, timestamper=tsa, output=out)
`;
/** With the key at hand, which pyHanko needs. */
function exportable(kind: 'p256' | 'rsa'): { readonly key: TestKey; readonly pkcs8: Uint8Array } {
  const { publicKey, privateKey } = kind === 'rsa' ? rsaPair() : generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = new Uint8Array(publicKey.export({ format: 'der', type: 'spki' }));
  return { key: { ...newKey(kind), spki, sign: (message) => new Uint8Array(signWith('sha256', message, privateKey)) }, pkcs8: new Uint8Array(privateKey.export({ format: 'der', type: 'pkcs8' })) };
}

describe.skipIf(!pyhanko)('pyHanko, long term', () => {
  // It signs at the time it is: the days of its world are counted from there.
  const now = Math.floor((Date.now() - day(0)) / 86_400_000);
  const ca = caFrom('C=CN,O=CA', -1000, now + 4000);
  const tsaCa = caFrom('C=CN,O=TSA CA', -1000, now + 4000);
  // Its time-stamper signs with RSA only.
  const [own, stamping] = [exportable('p256'), exportable('rsa')];
  const signer = party(ca, -100, now + 300, { key: own.key });
  const tsu = tsuOf(tsaCa, -900, now + 3000, { key: stamping.key });
  const trustList = listFor({ ca: [ca], tsa: [tsaCa] });
  const stored = [crl(ca, now - 1, now + 20), crl(tsaCa, now - 1, now + 20)];
  const judgedAt = (pdf: Uint8Array, at: number, crls = [] as ReturnType<typeof crl>[]): Promise<PdfReport> =>
    judgePdf({ pdf, trustList, policy: DEFAULT_POLICY, algorithms, at: day(at), context: { scene: 'archive', region: '420100' }, evidence: { ...NO_EVIDENCE, crls: crls.map((each) => ({ crl: each })) } });
  const made = (lta: boolean): Uint8Array => {
    const pem = (label: string, name: string, der: Uint8Array): string => file(name, Buffer.from(encodePem(label, der)));
    const files = {
      key: pem('PRIVATE KEY', 'lt-key.pem', own.pkcs8), cert: pem('CERTIFICATE', 'lt-cert.pem', signer.certificate.bytes), ca: pem('CERTIFICATE', 'lt-ca.pem', ca.certificate.bytes),
      tsaCa: pem('CERTIFICATE', 'lt-tsa-ca.pem', tsaCa.certificate.bytes), tsuKey: pem('PRIVATE KEY', 'lt-tsu-key.pem', stamping.pkcs8), tsuCert: pem('CERTIFICATE', 'lt-tsu.pem', tsu.certificate.bytes),
      crls: stored.map(({ bytes }, index) => file(`lt-${index}.crl`, bytes)), in: file('lt-in.pdf', writePdf(BID)), out: join(folder, 'lt-out.pdf'), lta,
    };
    const done = spawnSync(python, ['-c', SIGN_LTA, JSON.stringify(files)], { encoding: 'utf8' });
    if (done.status !== 0) throw new Error(done.stderr);
    return readFileSync(files.out);
  };

  it('its B-LT and B-LTA documents pass here by what is in them, and not once the store is altered', async () => {
    const lt = await judgedAt(made(false), now + 2);
    expect(lt.reasons).toEqual([]);
    expect(lt).toMatchObject({ conclusion: 'passed', signatures: [{ field: 'Sig', message: { signers: [{ level: { found: 'B-LT', proven: 'B-LT' } }] } }] });
    const pdf = made(true);
    const lta = await judgedAt(pdf, now + 2);
    expect(lta.signatures.flatMap(({ reasons }) => reasons)).toEqual([]);
    expect(lta).toMatchObject({ conclusion: 'passed', signatures: [{ message: { signers: [{ level: { found: 'B-LTA', proven: 'B-LTA' } }] } }, { kind: 'document-timestamp', timestamp: { outcome: 'passed' } }] });
    expect((await judgedAt(pdf, now + 2000, [crl(tsaCa, now + 1999, now + 2001)])).signatures[1]).toMatchObject({ timestamp: { outcome: 'passed' } });
    const altered = Buffer.from(pdf);
    // Inside an object, where it may be deflated: any octet of the update before the time-stamp's own value.
    altered[altered.lastIndexOf('/DocTimeStamp') + 3]! ^= 1;
    expect((await judgedAt(altered, now + 2)).conclusion).toBe('failed');
  });
});
