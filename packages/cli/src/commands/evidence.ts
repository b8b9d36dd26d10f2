import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { evidenceMakeCommand } from './evidence/make.js';
import { evidenceRenewCommand } from './evidence/renew.js';
import { evidenceRevalidateCommand } from './evidence/revalidate.js';
import { evidenceVerifyCommand } from './evidence/verify.js';

/** `hefu evidence …`: bundles from which a verdict can be given again in fifteen years. One file a subcommand in `evidence/`. */
export function evidenceCommand(program: Command, context: CommandContext): void {
  const group = program
    .command('evidence')
    .description(say(context.lang, '证据包：制作、校验、续期、复验', 'evidence bundles: make, verify, renew, judge again'))
    .addOption(jsonOption(context.lang))
    .addOption(langOption(context.lang))
    .enablePositionalOptions()
    .helpCommand('help [command]', say(context.lang, '显示某个命令的帮助', 'show the help of a command'));
  for (const add of [evidenceMakeCommand, evidenceVerifyCommand, evidenceRenewCommand, evidenceRevalidateCommand]) add(group, context);
}
