import { LINT_RULES } from '@hefu/trust-list';
import { Option, type Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { ExitCode } from '../../exit-code.js';
import { say } from '../../language.js';
import { readCertificateFiles } from '../../list/certificates.js';
import { lintInTree, renderLint } from '../../list/lint.js';
import { editCommand, lockOf, timeOf } from '../../list/options.js';
import { candidateBytes, targetOption } from '../../list/target.js';
import { openTree, settingsOf } from '../../list/tree.js';
import type { EditOptions } from '../../list/edit.js';

interface LintOptions extends EditOptions {
  readonly target: 'list' | 'root';
  readonly sample?: readonly string[];
  readonly rules?: boolean;
}

/** `hefu list lint`: what to know before signing. */
export function listLintCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  editCommand(group, context, 'lint', '检查草稿、提案或现行版本', 'check a draft, a proposal or what is published')
    .argument('[proposal]', say(lang, '提案；默认检查草稿，没有草稿时检查现行版本', 'a proposal; default: the draft, or what is published'))
    .addOption(targetOption(lang))
    .option('--sample <file>', say(lang, '名单中没有的样本证书；可多次给出', 'sample certificates that are not in the list; may be repeated'), collect)
    .addOption(new Option('--rules', say(lang, '列出全部规则', 'show all rules')))
    .action(async (proposal: string | undefined, options: LintOptions) => {
      if (options.rules === true) {
        const rules = LINT_RULES.map(({ id, level, source, target, prerequisite, predicate }) => ({ id, level, source, target, prerequisite, predicate }));
        terminal.out(json ? JSON.stringify({ rules }, undefined, 2) : rules.map(({ id, level, predicate }) => `${id} ${level}: ${predicate[lang]}`).join('\n'));
        return done(ExitCode.passed);
      }
      const samples = options.sample === undefined ? undefined : (await readCertificateFiles(options.sample)).map(({ bytes }) => bytes);
      const workspace = await openTree(options);
      const report = await workspace.transact(async (tree) => {
        const { listId } = await settingsOf(tree);
        const candidate = await candidateBytes(tree, { proposal, target: options.target, listId: options.list ?? listId });
        return lintInTree(tree, { ...candidate, at: timeOf(options), ...(samples !== undefined && { samples }) });
      }, lockOf(options));
      terminal.out(json ? JSON.stringify(report, undefined, 2) : renderLint(report, lang, terminal.width));
      done(report.counts.mandatory > 0 ? ExitCode.failed : ExitCode.passed);
    });
}
