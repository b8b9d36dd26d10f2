import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { listExportCommand } from './list/export.js';
import { listImportCommand } from './list/import.js';
import { listReportCommand } from './list/report.js';

/** `hefu list …`: what keeps and exchanges trust lists. One file a subcommand in `list/`. */
export function listCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('list')
    .description(say(context.lang, '维护、导入和导出信任名单', 'keep, import and export trust lists'))
    .addOption(jsonOption(context.lang))
    .addOption(langOption(context.lang))
    .enablePositionalOptions()
    .helpCommand('help [command]', say(context.lang, '显示某个命令的帮助', 'show the help of a command'));
  for (const add of [listImportCommand, listExportCommand, listReportCommand]) add(group, context);
}
