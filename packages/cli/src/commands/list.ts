import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { listAddCaCommand, listAddTsaCommand } from './list/add.js';
import { listApproveCommand } from './list/approve.js';
import { listBundleCommand } from './list/bundle.js';
import { listDelegateCommand } from './list/delegate.js';
import { listDiffCommand } from './list/diff.js';
import { listExplainCommand } from './list/explain.js';
import { listExportCommand } from './list/export.js';
import { listFreshenCommand } from './list/freshen.js';
import { listHistoryCommand } from './list/history.js';
import { listImpactCommand } from './list/impact.js';
import { listImportCommand } from './list/import.js';
import { listInitCommand } from './list/init.js';
import { listKeyCommand } from './list/key.js';
import { listLintCommand } from './list/lint.js';
import { listPeerCommand } from './list/peer.js';
import { listProfileCommand } from './list/profile.js';
import { listProposeCommand } from './list/propose.js';
import { listPublishCommand } from './list/publish.js';
import { listReportCommand } from './list/report.js';
import { listScopeCommand } from './list/scope.js';
import { listSignCommand } from './list/sign.js';
import { listStatusCommands } from './list/status.js';
import { listVerifyCommand } from './list/verify.js';

/** In the order in which a person meets them. */
const COMMANDS = [
  listInitCommand, listKeyCommand, listAddCaCommand, listAddTsaCommand, listScopeCommand, listStatusCommands, listDelegateCommand, listPeerCommand, listProfileCommand,
  listDiffCommand, listImpactCommand, listLintCommand, listProposeCommand, listApproveCommand, listSignCommand, listPublishCommand, listFreshenCommand,
  listVerifyCommand, listHistoryCommand, listExplainCommand, listReportCommand, listBundleCommand, listImportCommand, listExportCommand,
];

/** `hefu list …`: what keeps and exchanges trust lists. One file a subcommand in `list/`. */
export function listCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('list')
    .description(say(context.lang, '维护、审批、发布、导入和导出信任名单', 'keep, approve, publish, import and export trust lists'))
    .addOption(jsonOption(context.lang))
    .addOption(langOption(context.lang))
    .enablePositionalOptions()
    .helpCommand('help [command]', say(context.lang, '显示某个命令的帮助', 'show the help of a command'));
  for (const add of COMMANDS) add(group, context);
}
