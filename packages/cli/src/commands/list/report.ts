import { nodeAlgorithms, readBoundedFile, readRoleFile } from '@hefu/node';
import { attentionOf, DEFAULT_LIMITS, isSnapshot, readJson, readProbes, renderReportHtml, reportOf, TrustListError, type JsonValue, type LocalisedText, type Trust } from '@hefu/trust-list';
import type { Command } from 'commander';
import { instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { ExitCode } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { openVerifier } from '../../open-verifier.js';
import { requiredTrust, trustOptions, type TrustOptions } from '../../trust-options.js';
import { writeWhole } from '../../write-file.js';

interface ReportCommandOptions extends TrustOptions {
  readonly previous?: string;
  readonly probe?: string;
  readonly regionNames?: string;
  readonly output: string;
  readonly at?: string;
}

const MAX_PROBE_BYTES = 32 * 1024 * 1024;
/** GB/T 2260 has some 3,000 codes. */
const MAX_NAMES_BYTES = 1024 * 1024;

/** `hefu list report`: a list or a whole scheme on one page, for those who run it. */
export function listReportCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = group
    .command('report')
    .description(t('把名单或整个方案写成一页可打印的 HTML：城市与 CA、到期、地址、审批、变化', 'a list or a whole scheme as one printable HTML page: regions and CAs, expiries, addresses, approvals, changes'));
  trustOptions(command, context)
    .option('--previous <file|folder|bundle>', t('上一版，用同一签名人或根验证；列出变化', 'the version before, verified by the same signers or root; changes are told'))
    .option('--probe <file>', t('hefu probe --json 的输出', 'what hefu probe --json wrote'))
    .option('--region-names <file>', t('行政区划名称：{"420100": "武汉"} 或 {"420100": {"zh": …, "en": …}}', 'names of regions: {"420100": "武汉"} or {"420100": {"zh": …, "en": …}}'))
    .requiredOption('-o, --output <file>', t('写到哪里', 'where to write it'))
    .option('--at <instant>', t('报告哪个时间；默认现在', 'time to report on; default now'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [
      `${terminal.self} list report --list list.json --signers role.json --previous before.json -o report.html`,
      `${terminal.self} list report --scheme published --root fingerprint.txt --probe probe.json -o report.html`,
    ]))
    .action(async (options: ReportCommandOptions) => {
      const at = options.at === undefined ? Date.now() : instant('--at', options.at);
      const chosen = requiredTrust(options, terminal.env);
      const trust = await trustOf(options, at);
      const { previous } = options;
      const report = reportOf(trust, {
        sha256: nodeAlgorithms().digests.find(({ name }) => name === 'SHA-256')!,
        at,
        ...(chosen.kind === 'list' && { role: await readRoleFile(chosen.signers) }),
        ...(previous !== undefined && { previous: await trustOf(chosen.kind === 'list' ? { ...options, list: previous } : { ...options, scheme: [previous] }, at) }),
        ...(options.probe !== undefined && { probes: await readDocument(options.probe, MAX_PROBE_BYTES, readProbes) }),
        ...(options.regionNames !== undefined && { regionNames: await readDocument(options.regionNames, MAX_NAMES_BYTES, readNames) }),
      });
      await about(options.output, () => writeWhole(options.output, renderReportHtml(report, { lang })));
      const attention = attentionOf(report);
      const { documents, matrix, endpoints } = report;
      terminal.out(json
        ? JSON.stringify({ output: options.output, at: new Date(at).toISOString(), documents: documents.map(({ kind, id, number, sha256 }) => ({ kind, id, number, sha256 })), services: matrix.counts, endpoints: endpoints.counts, attention }, undefined, 2)
        : t(`已写出 ${options.output}：${attention.filter(({ level }) => level === 'act').length} 项待处理，${attention.filter(({ level }) => level === 'plan').length} 项待安排`, `written to ${options.output}: ${attention.filter(({ level }) => level === 'act').length} to act on, ${attention.filter(({ level }) => level === 'plan').length} to plan for`));
      done(ExitCode.passed);
    });

  async function trustOf(options: TrustOptions, at: number): Promise<Trust> {
    const verifier = await openVerifier({ ...options, at }, context);
    try {
      return isSnapshot(verifier.trust) ? verifier.trust : verifier.trustList;
    } finally {
      verifier.close();
    }
  }
}

async function readDocument<T>(file: string, maxBytes: number, read: (document: JsonValue) => T): Promise<T> {
  return about(file, async () => read(readJson(await readBoundedFile(file, maxBytes), { ...DEFAULT_LIMITS, maxBytes })));
}

function readNames(document: JsonValue): ReadonlyMap<string, LocalisedText> {
  const wrong = (what: string): TrustListError => new TrustListError('TL_SCHEMA_INVALID', `${what} is no name of a region`);
  if (typeof document !== 'object' || document === null || Array.isArray(document)) throw wrong('the document');
  return new Map(Object.entries(document as Readonly<Record<string, JsonValue>>).map(([code, name]) => {
    if (!/^\d{6}$/.test(code)) throw wrong(code.slice(0, 40));
    if (typeof name === 'string') return [code, { zh: name }];
    const { zh, en } = (name ?? {}) as { readonly zh?: JsonValue; readonly en?: JsonValue };
    if (typeof zh !== 'string' || (en !== undefined && typeof en !== 'string')) throw wrong(code);
    return [code, { zh, ...(en !== undefined && { en }) }];
  }));
}
