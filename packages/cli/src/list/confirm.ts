import type { CommandContext } from '../command-context.js';
import { usageError } from '../error.js';
import { say } from '../language.js';
import { refusal } from './refusal.js';

/** Has a person say yes to what was shown. @throws CliError USAGE when nobody is there to ask; NOT_CONFIRMED */
export async function confirm({ terminal, lang }: CommandContext, yes: boolean | undefined, zh: string, en: string): Promise<void> {
  if (yes === true) return;
  if (terminal.ask === undefined) throw usageError('这一步需要人确认，而此处没有终端', 'a person must confirm this, and there is no terminal', { zh: '在终端中运行；脚本确已核对内容时加 --yes。', en: 'Run it on a terminal; a script that has checked the content gives --yes.' });
  const answer = await terminal.ask(say(lang, `${zh} 输入 yes 确认：`, `${en} Type yes to confirm: `));
  if (answer.trim().toLowerCase() !== 'yes') throw refusal('NOT_CONFIRMED', '未确认，未作任何改动', 'it was not confirmed; nothing was done', { zh: '再次运行并输入 yes。', en: 'Run it again and type yes.' });
}
