import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { tellStory } from '../demo/story.js';
import { ExitCode } from '../exit-code.js';
import { jsonOption, langOption } from '../help.js';
import { say } from '../language.js';

/** `hefu demo`: the nine-city story from end to end, on a world made and served for it. */
export function demoCommand(program: Command, context: CommandContext): void {
  const { lang, done } = context;
  program
    .command('demo')
    .description(say(lang, '演示：一处购置，九城通用', 'the story: bought once, recognised in nine cities'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .action(async () => {
      const asExpected = await about('demo', () => tellStory(context));
      done(asExpected ? ExitCode.passed : ExitCode.failed);
    });
}
