import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { nodeAlgorithms, openEvidenceBundle, readBoundedFile, renderPdf, type EvidenceBundle } from '@hefu/node';
import { readJson, TrustListError } from '@hefu/trust-list';
import { describeFile, makeDiagnostic, renderEtsi, renderHtml, renderReport, reportBytes, type Report, type ReportStamp } from '@hefu/verify';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { CliError, usageError } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { examples, jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { writeWhole } from '../write-file.js';

const FORMATS = ['simple', 'detailed', 'diagnostic', 'etsi', 'html', 'pdf'] as const;

interface ReportOptions {
  readonly format: (typeof FORMATS)[number];
  readonly id?: string;
  readonly out?: string;
  readonly detailed?: boolean;
  readonly font?: string;
}

const MAX_REPORT_BYTES = 64 * 1024 * 1024;
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
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [
      `${terminal.self} verify bid.pdf bid.p7s … --json > report.json`,
      `${terminal.self} report report.json --format pdf --out report.pdf`,
    ]))
    .action(async (path: string, options: ReportOptions) => {
      const { format, out, font } = options;
      if (format === 'pdf' && out === undefined) throw usageError('pdf 需要用 --out 给出文件', 'pdf needs a file: --out');
      const made = await make(path, options, context, font === undefined ? undefined : await readBoundedFile(font, MAX_FONT_BYTES));
      if (out === undefined) terminal.out(made as string);
      else {
        await writeWhole(out, made);
        if (json) terminal.out(JSON.stringify({ out, format }, undefined, 2));
        else terminal.out(t(`已写入 ${out}`, `wrote ${out}`));
      }
      done(ExitCode.passed);
    });
}

async function make(path: string, { format, id, detailed }: ReportOptions, { lang, terminal }: CommandContext, font: Uint8Array | undefined): Promise<string | Uint8Array> {
  if (await isZip(path)) {
    const bundle = await about(path, () => openEvidenceBundle(path, { algorithms: nodeAlgorithms() }));
    try {
      const manifest = await about(path, () => bundle.manifest(idIn(bundle, id)));
      if (format === 'diagnostic') return JSON.stringify(await makeDiagnostic({ manifest, objects: bundle.object, algorithms: nodeAlgorithms() }), undefined, 2);
      return await render(reportOf(path, (await bundle.object(manifest.report)) ?? new Uint8Array(0)));
    } finally {
      await bundle.close();
    }
  }
  if (format === 'diagnostic') throw usageError('诊断报告要从证据包得出：只有它保存了全部事实', 'a diagnostic is made from an evidence bundle: it alone holds all facts');
  return render(reportOf(path, await readBoundedFile(path, MAX_REPORT_BYTES)));

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

function reportOf(path: string, bytes: Uint8Array): Report {
  try {
    readJson(bytes, { maxBytes: MAX_REPORT_BYTES, maxDepth: 64 });
    const report = JSON.parse(new TextDecoder().decode(bytes)) as Report;
    if (report.type === 'hefu-report' && report.version === 1 && Array.isArray(report.signers) && Array.isArray(report.reasons)) return report;
  } catch (error) {
    if (!(error instanceof TrustListError)) throw error;
  }
  throw new CliError({ code: 'NOT_A_REPORT', message: { zh: `${path}：不是验证报告`, en: `${path}: it is not a validation report` }, remedy: { zh: '用 hefu verify --json 得到报告。', en: 'hefu verify --json gives one.' } });
}
