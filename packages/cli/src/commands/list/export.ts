import { nodeAlgorithms, readBoundedFile } from '@hefu/node';
import { DEFAULT_LIMITS, exportLote, exportPem, readEnvelope, readListContent, type ExportOutcome, type ListDocument, type Loss } from '@hefu/trust-list';
import { Option, type Command } from 'commander';
import { instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { renderLosses } from '../../exchange/render-losses.js';
import { ExitCode } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { writeWhole } from '../../write-file.js';

interface ExportCommandOptions {
  readonly format: 'lote' | 'pem';
  readonly lossy?: boolean;
  readonly extensions: boolean;
  readonly output: string;
  readonly at?: string;
}

/** `hefu list export`: a list in another format, or the reason why that would say too much. */
export function listExportCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  group
    .command('export')
    .description(t('把名单导出为其他格式；会丢失限制时拒绝', 'export a list to another format; refuses to lose a constraint'))
    .argument('<list>', t('名单：草稿，或带签名的名单（此处不验证签名）', 'the list: a draft, or a signed list, whose signatures are not checked here'))
    .addOption(new Option('--format <format>', t('lote 或 pem', 'lote or pem')).choices(['lote', 'pem']).makeOptionMandatory())
    .option('--lossy', t('允许丢失限制，并在旁边写出损失报告 <输出>.losses.json', 'lose constraints, and write what was lost to <output>.losses.json'))
    .option('--no-extensions', t('LoTE 只用标准成员，不写本软件的扩展', 'LoTE with members of the standard only'))
    .requiredOption('-o, --output <file>', t('写到哪里', 'where to write it'))
    .option('--at <instant>', t('PEM 只含此刻获认可的 CA；默认现在', 'PEM holds the CAs granted at this time; default now'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} list export list.json --format lote -o lote.json`]))
    .action(async (file: string, options: ExportCommandOptions) => {
      const at = options.at === undefined ? Date.now() : instant('--at', options.at);
      const draft = await about(file, () => readDraft(file));
      const lossy = options.lossy === true;
      const outcome: ExportOutcome = options.format === 'pem' ? exportPem(draft, { lossy, at }) : exportLote(draft, { lossy, extensions: options.extensions });
      const { losses } = outcome;
      let report: string | undefined;
      if (outcome.outcome === 'exported') {
        // The report first: an export whose losses nobody can read must not lie around.
        if (losses.length > 0) {
          report = `${options.output}.losses.json`;
          await about(report, () => writeWhole(report!, `${JSON.stringify({ list: { listId: draft.listId, sequence: draft.sequence }, format: options.format, losses }, undefined, 2)}\n`));
        }
        await about(options.output, () => writeWhole(options.output, outcome.bytes));
      }
      terminal.out(json ? JSON.stringify(documentOf(outcome, losses, options.output, report), undefined, 2) : renderLosses(outcome, options.output, report, { lang, width: terminal.width }));
      done(outcome.outcome === 'exported' ? ExitCode.passed : ExitCode.failed);
    });
}

function documentOf(outcome: ExportOutcome, losses: readonly Loss[], output: string, report: string | undefined): object {
  if (outcome.outcome === 'exported') return { outcome: outcome.outcome, output, ...(report === undefined ? {} : { report }), losses };
  const { code, message, remedy } = outcome;
  return { outcome: outcome.outcome, code, message, remedy, losses };
}

/** @throws TrustListError when it is no list */
async function readDraft(file: string): Promise<ListDocument> {
  const bytes = await readBoundedFile(file, DEFAULT_LIMITS.maxBytes);
  const payload = /^\s*\{\s*"(?:payload|signatures)"/.test(new TextDecoder().decode(bytes.subarray(0, 256))) ? readEnvelope(bytes).payloadBytes : bytes;
  const sha256 = nodeAlgorithms().digests.find(({ name }) => name === 'SHA-256')!;
  readListContent(payload, { sha256 });
  return JSON.parse(new TextDecoder().decode(payload)) as ListDocument;
}
