import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { nodeAlgorithms, openEvidenceBundle, readBoundedFile, readCertificates, renderPdf, type EvidenceBundle } from '@hefu/node';
import type { Certificate } from '@hefu/pki';
import { signReport, verifyReport } from '@hefu/sign';
import { readJson, TrustListError } from '@hefu/trust-list';
import { describeFile, makeDiagnostic, renderEtsi, renderHtml, renderReport, reportBytes, type EvidenceManifest, type ObjectSource, type Report, type ReportStamp } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { collect } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { CliError, usageError } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { examples, jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { signerFrom, type SigningOptions } from '../list/signer.js';
import { writeWhole } from '../write-file.js';

const FORMATS = ['simple', 'detailed', 'diagnostic', 'etsi', 'html', 'pdf'] as const;

interface ReportOptions extends SigningOptions {
  readonly format: (typeof FORMATS)[number];
  readonly id?: string;
  readonly out?: string;
  readonly detailed?: boolean;
  readonly font?: string;
  readonly sign?: boolean;
  readonly certificate?: readonly string[];
  readonly signedBy?: readonly string[];
}

const MAX_REPORT_BYTES = 64 * 1024 * 1024;
const MAX_CERTIFICATE_BYTES = 1024 * 1024;
const MAX_FONT_BYTES = 64 * 1024 * 1024;
const TOOL = { name: 'Hefu', version: '0.1.0' };

/** `hefu report`: a report that was kept, in another form. */
export function reportCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  program
    .command('report')
    .description(t('把已有的验证报告转成另一种形式', 'put a report that was kept into another form'))
    .argument('<report>', t('hefu verify --json 的输出，或证据包', 'what hefu verify --json gave, or an evidence bundle'))
    .addOption(new Option('--format <format>', t('simple、detailed、diagnostic（仅证据包）、etsi、html 或 pdf；默认 simple', 'simple, detailed, diagnostic (of a bundle), etsi, html or pdf; default simple')).choices([...FORMATS]).default('simple'))
    .option('--id <id>', t('证据包中的哪一份', 'which one of a bundle'))
    .option('--detailed', t('html：列出每一项检查', 'html: show every check'))
    .option('--out <file>', t('写入文件；pdf 必须给出', 'write to a file; needed for pdf'))
    .option('--font <file>', t('pdf 所用字体；默认自带的 Noto Sans SC', 'font of the pdf; default the Noto Sans SC that comes along'))
    .option('--sign', t('签署报告（JAdES B-B）；需要 --key 和 --certificate', 'sign the report (JAdES B-B); needs --key and --certificate'))
    .option('--key <file>', t('签署所用私钥：PKCS #8 PEM、JWK，或 hefu list key new 写出的文件', 'private key that signs: PKCS #8 in PEM, a JWK, or what hefu list key new wrote'))
    .option('--certificate <file>', t('该私钥的证书，其后可有上级证书；可多次给出', 'certificate of that key, issuers behind it; may be repeated'), collect)
    .option('--passphrase-env <name>', t('私钥口令所在的环境变量', 'environment variable that holds the passphrase'))
    .option('--passphrase-fd <n>', t('从该描述符读取私钥口令', 'descriptor to read the passphrase from'))
    .option('--signed-by <file>', t('已签署的报告应由谁签署：所信任的平台证书；可多次给出', 'whose signature a signed report must have: certificate of a platform that is trusted; may be repeated'), collect)
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [
      `${terminal.self} verify bid.pdf bid.p7s … --json > report.json`,
      `${terminal.self} report report.json --format pdf --out report.pdf`,
      `${terminal.self} report report.json --sign --key platform.key --certificate platform.pem --out report.jws`,
      `${terminal.self} report report.jws --signed-by platform.pem`,
    ]))
    .action(async (path: string, options: ReportOptions) => {
      const { format, out, font, sign = false } = options;
      if (sign && format !== 'simple') throw usageError('--sign 签署的是报告本身，不能与 --format 同时给出', '--sign signs the report itself and goes without --format');
      if (!sign && (options.key ?? options.certificate) !== undefined) throw usageError('--key 和 --certificate 属于 --sign', '--key and --certificate go with --sign');
      if (format === 'pdf' && out === undefined) throw usageError('pdf 需要用 --out 给出文件', 'pdf needs a file: --out');
      const made = sign ? await signed(path, options, context) : await make(path, options, context, font === undefined ? undefined : await readBoundedFile(font, MAX_FONT_BYTES));
      if (out === undefined) terminal.out(made as string);
      else {
        await writeWhole(out, made);
        if (json) terminal.out(JSON.stringify({ out, format: sign ? 'jws' : format }, undefined, 2));
        else terminal.out(t(`已写入 ${out}`, `wrote ${out}`));
      }
      done(ExitCode.passed);
    });
}

/** Calls back with the report and, of a bundle, where its facts are. */
async function withReport<T>(path: string, { id, signedBy }: ReportOptions, use: (report: Report, facts?: { readonly manifest: EvidenceManifest; readonly objects: ObjectSource }) => Promise<T>): Promise<T> {
  if (!(await isZip(path))) return use(await reportOf(path, await readBoundedFile(path, MAX_REPORT_BYTES), signedBy));
  const bundle = await about(path, () => openEvidenceBundle(path, { algorithms: nodeAlgorithms() }));
  try {
    const manifest = await about(path, () => bundle.manifest(idIn(bundle, id)));
    return await use(await reportOf(path, (await bundle.object(manifest.report)) ?? new Uint8Array(0)), { manifest, objects: bundle.object });
  } finally {
    await bundle.close();
  }
}

function make(path: string, options: ReportOptions, { lang, terminal }: CommandContext, font: Uint8Array | undefined): Promise<string | Uint8Array> {
  const { format, detailed } = options;
  return withReport(path, options, async (report, facts) => {
    if (format !== 'diagnostic') return render(report);
    if (facts === undefined) throw usageError('诊断报告要从证据包得出：只有它保存了全部事实', 'a diagnostic is made from an evidence bundle: it alone holds all facts');
    return JSON.stringify(await makeDiagnostic({ ...facts, algorithms: nodeAlgorithms() }), undefined, 2);
  });

  async function render(report: Report): Promise<string | Uint8Array> {
    const stamp: ReportStamp = { tool: `${TOOL.name} ${TOOL.version}`, sha256: describeFile(reportBytes(report), nodeAlgorithms()).sha256 };
    if (format === 'etsi') return JSON.stringify(renderEtsi(report, TOOL), undefined, 2);
    if (format === 'html') return renderHtml(report, { lang, stamp, detail: detailed === true ? 'detailed' : 'simple' });
    if (format === 'pdf') return renderPdf(report, { lang, stamp, ...(font === undefined ? {} : { font }) });
    return renderReport(report, { lang, width: terminal.width, colour: terminal.colour, detail: format === 'detailed' ? 'full' : 'short' });
  }
}

/** A bundle may be of any size, so only its start is looked at; what cannot be opened is told by whoever reads it next. */
async function isZip(path: string): Promise<boolean> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  try {
    const { buffer } = (await handle?.read(Buffer.alloc(4), 0, 4, 0)) ?? { buffer: Buffer.alloc(4) };
    return buffer.readUInt32BE(0) === 0x504b0304;
  } catch {
    return false;
  } finally {
    await handle?.close();
  }
}

function idIn({ index: { manifests } }: EvidenceBundle, id: string | undefined): string {
  const [first, second] = manifests;
  if (id === undefined && second !== undefined) throw usageError(`证据包有 ${manifests.length} 份结论，请用 --id 指明`, `the bundle holds ${manifests.length} verdicts: say which with --id`);
  return id ?? first!.id;
}

/** @returns a compact JWS */
function signed(path: string, options: ReportOptions, context: CommandContext): Promise<string> {
  const { certificate: files } = options;
  if (files === undefined) throw usageError('请用 --certificate 给出签署者的证书', 'give the certificate of the signer with --certificate');
  return withReport(path, options, async (report) => {
    const [certificate, ...chain] = await certificatesIn(files);
    const { sign } = await signerFrom(options, context);
    return about(files[0]!, () => signReport({ report, certificate: certificate!, chain: chain.map(({ bytes }) => bytes), signingTime: Date.now(), algorithms: nodeAlgorithms() }, { sign: ({ message }) => sign(message!) }));
  });
}

async function certificatesIn(files: readonly string[]): Promise<readonly Certificate[]> {
  const found: Certificate[] = [];
  for (const file of files) found.push(...(await about(file, () => readCertificates({ path: file }, MAX_CERTIFICATE_BYTES))));
  return found;
}

/** Three parts in base64url: a compact JWS. */
const COMPACT_JWS = /^\s*[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*\.[A-Za-z0-9_-]+\s*$/;

/** @throws CliError NOT_A_REPORT, REPORT_SIGNATURE_REFUSED; USAGE where nobody said who should have signed a signed report */
async function reportOf(path: string, bytes: Uint8Array, signedBy?: readonly string[]): Promise<Report> {
  const text = new TextDecoder().decode(bytes);
  if (COMPACT_JWS.test(text)) {
    if (signedBy === undefined) throw usageError('这份报告是签署过的，应由谁签署？请用 --signed-by 给出所信任的平台证书', 'the report is signed: by whom must it be? give the certificate of the platform with --signed-by', { zh: '报告里也带有证书，但它自己不能为自己作证。', en: 'The report carries a certificate too, but it cannot vouch for itself.' });
    const verdict = await verifyReport(text, { trusted: await certificatesIn(signedBy), algorithms: nodeAlgorithms() });
    if (verdict.valid) return verdict.report;
    throw new CliError({
      code: 'REPORT_SIGNATURE_REFUSED', message: { zh: `${path}：报告的签名不被接受`, en: `${path}: the signature of the report is not accepted` }, details: [verdict.code],
      remedy: { zh: '不要采信这份报告；向出具报告的平台索取原件，并核对其证书。', en: 'Do not rely on this report; ask the platform that gave it for the original, and compare its certificate.' },
    });
  }
  if (signedBy !== undefined) throw new CliError({ code: 'NOT_SIGNED', message: { zh: `${path}：报告没有签署`, en: `${path}: the report is not signed` } });
  try {
    readJson(bytes, { maxBytes: MAX_REPORT_BYTES, maxDepth: 64 });
    const report = JSON.parse(text) as Report;
    if (report.type === 'hefu-report' && report.version === 1 && Array.isArray(report.signers) && Array.isArray(report.reasons)) return report;
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
  }
  throw new CliError({ code: 'NOT_A_REPORT', message: { zh: `${path}：不是验证报告`, en: `${path}: it is not a validation report` }, remedy: { zh: '用 hefu verify --json 得到报告。', en: 'hefu verify --json gives one.' } });
}
