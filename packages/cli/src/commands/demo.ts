import type { Command } from 'commander';
import { tellStory } from '../demo/story.js';
import { ExitCode } from '../exit-code.js';
import { languageOf } from '../language.js';
import type { OutputOptions, Terminal } from '../terminal.js';

/** `hefu demo`: the nine-city story from end to end, on a world made and served for it. */
export function demoCommand(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('demo')
    .description('nine cities, one certificate / 一处购置，九城通用')
    .option('--json', 'one JSON document')
    .option('--lang <lang>', 'zh or en')
    .action(async (options: OutputOptions) => {
      const asExpected = await tellStory(terminal, languageOf(options.lang, terminal.env), options.json === true);
      done(asExpected ? ExitCode.passed : ExitCode.failed);
    });
}
