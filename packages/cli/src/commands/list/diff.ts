import { compareVerdicts, diffLists, diffRoots, parseDraft, renderDiffHtml, renderDiffText, type DocumentDiff, type VerdictChanges } from '@hefu/trust-list';
import { hanging, visible } from '@hefu/verify';
import { Option, type Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { readSampleFolder } from '../../list/certificates.js';
import type { EditOptions } from '../../list/edit.js';
import { suppose } from '../../list/hypothesis.js';
import { editCommand, lockOf, timeOf, wholeNumber } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { candidateBytes, targetOption } from '../../list/target.js';
import { openTree, publishedList, publishedOf, publishedRoot, settingsOf } from '../../list/tree.js';
import { circumstanceOptions, judgeByList, type CircumstanceOptions } from '../../list/verdict.js';
import { editContext } from '../../list/tree.js';
import { writeWhole } from '../../write-file.js';

interface DiffOptions extends EditOptions, Partial<CircumstanceOptions> {
  readonly target: 'list' | 'root';
  readonly from?: string;
  readonly to?: string;
  readonly format?: 'text' | 'json' | 'html';
  readonly samples?: string;
  readonly output?: string;
}

/** `hefu list diff`: who gains or loses trust, for what, from when; and which samples come out otherwise. */
export function listDiffCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  circumstanceOptions(editCommand(group, context, 'diff', '比较两个版本：谁获得、失去认可', 'compare two versions: who gains or loses trust'), context, false)
    .argument('[proposal]', t('提案；默认比较草稿与现行版本', 'a proposal; default: the draft against what is published'))
    .addOption(targetOption(lang))
    .option('--from <n>', t('从哪一版；默认现行版本', 'from which version; default: what is published'))
    .option('--to <n>', t('到哪一版；默认草稿', 'to which version; default: the draft'))
    .addOption(new Option('--format <format>', t('text、json 或 html', 'text, json or html')).choices(['text', 'json', 'html']))
    .option('--samples <folder>', t('样本证书所在文件夹：哪些的结论改变；需要 --region', 'folder of sample certificates: whose verdicts change; needs --region'))
    .option('-o, --output <file>', t('写到文件', 'write it to a file'))
    .addHelpText('after', examples(lang, [`${terminal.self} list diff --samples samples --region 420100`, `${terminal.self} list diff --from 56 --to 57 --format html -o diff.html`]))
    .action(async (proposal: string | undefined, options: DiffOptions) => {
      const at = timeOf(options);
      const format = json ? 'json' : (options.format ?? 'text');
      const { before, after, target } = await versionsOf(proposal, options);
      const diff = target === 'list' ? diffLists(before && parseDraft(before, 'list'), parseDraft(after, 'list'), editContext) : diffRoots(before && parseDraft(before, 'root'), parseDraft(after, 'root'), editContext);
      const samples = options.samples === undefined ? undefined : await verdictsOf(options.samples, target, before, after, options, at);
      const text = format === 'json' ? `${JSON.stringify({ diff, ...(samples !== undefined && { samples }) }, undefined, 2)}\n` : format === 'html' ? renderDiffHtml(diff, { lang }) : textOf(diff, samples);
      if (options.output === undefined) terminal.out(text);
      else {
        await writeWhole(options.output, text);
        if (json) terminal.out(text);
      }
      done(ExitCode.passed);
    });

  function textOf(diff: DocumentDiff, samples: VerdictChanges | undefined): string {
    return `${renderDiffText(diff, { lang, width: terminal.width })}${samples === undefined ? '' : `\n${renderVerdicts(samples, context)}\n`}`;
  }
}

async function versionsOf(proposal: string | undefined, options: DiffOptions): Promise<{ readonly before: Uint8Array | undefined; readonly after: Uint8Array; readonly target: 'list' | 'root' }> {
  const workspace = await openTree(options);
  return workspace.transact(async (tree) => {
    const { listId: top } = await settingsOf(tree);
    const listId = options.list ?? top;
    const numbered = async (option: string, text: string): Promise<Uint8Array> => {
      const number = wholeNumber(option, text);
      const found = options.target === 'root' ? await publishedRoot(tree, number) : await publishedList(tree, listId, number);
      if (found === undefined) throw refusal('VERSION_UNKNOWN', `没有第 ${number} 版`, `there is no version ${number}`, { zh: '查看 published 文件夹。', en: 'See the published folder.' });
      return found.payload;
    };
    const candidate = options.to === undefined ? await candidateBytes(tree, { proposal, target: options.target, listId }) : { target: options.target, listId, bytes: await numbered('--to', options.to), from: 'published' as const };
    const current = options.from !== undefined ? await numbered('--from', options.from) : (await publishedOf(tree, candidate.target, candidate.listId))?.payload;
    return { before: current, after: candidate.bytes, target: candidate.target };
  }, lockOf(options));
}

async function verdictsOf(folder: string, target: 'list' | 'root', before: Uint8Array | undefined, after: Uint8Array, options: DiffOptions, at: number): Promise<VerdictChanges> {
  const { region } = options;
  if (region === undefined || target === 'root') throw usageError('--samples 需要 --region，且只用于名单', '--samples needs --region, and a list');
  if (before === undefined) throw usageError('没有前一版，无从比较样本', 'there is no version before to compare samples with');
  const samples = await readSampleFolder(folder);
  return compareVerdicts(samples, (await suppose(before, at)).list, (await suppose(after, at)).list, async ({ certificates: [certificate, ...issuers] }, list) => (await judgeByList(certificate!, issuers, list, { ...options, region }, at)).verdict);
}

/** Rows that matter, then the counts. */
export function renderVerdicts({ rows, counts }: VerdictChanges, { lang, terminal }: CommandContext): string {
  const marks = { lost: '✗', gained: '✓', changed: '!', unreadable: '?', 'not-judged': '?', same: '·' };
  const told = rows.filter(({ outcome }) => outcome !== 'same').flatMap(({ outcome, sentence }) => hanging(`${marks[outcome]} `, visible(sentence[lang]), terminal.width));
  return [...told, say(lang, `${counts.lost} 项不再通过，${counts.gained} 项转为通过，${counts.changed} 项原因改变，${counts.same} 项不变，${counts.unreadable + counts['not-judged']} 项须人工核对`, `${counts.lost} no longer pass, ${counts.gained} now pass, ${counts.changed} fail for another reason, ${counts.same} come out the same, ${counts.unreadable + counts['not-judged']} to be looked at by hand`)].join('\n');
}
