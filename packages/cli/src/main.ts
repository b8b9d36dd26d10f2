import { EditError } from '@hefu/trust-list';
import { Command, CommanderError } from 'commander';
import type { CommandContext } from './command-context.js';
import { complaintOf, renderComplaint } from './complaint.js';
import { CliError, type Complaint } from './error.js';
import { ExitCode } from './exit-code.js';
import { helpLayout, helpText, jsonOption, langOption } from './help.js';
import { isJsonAsked, languageOfArguments, say } from './language.js';
import type { Terminal } from './terminal.js';
import { usageComplaint } from './usage.js';

const VERSION = '0.1.0';

type AddCommand = (program: Command, context: CommandContext) => void;

/** In the order of the help. Each is loaded when it is called: all of them are a second of loading. */
const COMMANDS: Readonly<Record<string, () => Promise<AddCommand>>> = {
  verify: async () => (await import('./commands/verify.js')).verifyCommand,
  seal: async () => (await import('./commands/seal.js')).sealCommand,
  cert: async () => (await import('./commands/cert.js')).certCommand,
  list: async () => (await import('./commands/list.js')).listCommand,
  evidence: async () => (await import('./commands/evidence.js')).evidenceCommand,
  report: async () => (await import('./commands/report.js')).reportCommand,
  probe: async () => (await import('./commands/probe.js')).probeCommand,
  watch: async () => (await import('./commands/watch.js')).watchCommand,
  sandbox: async () => (await import('./commands/sandbox.js')).sandboxCommand,
  demo: async () => (await import('./commands/demo.js')).demoCommand,
};

/**
 * Runs one command. Never rejects.
 * @param args without `node` and the script
 * @returns the exit code: 0 passed, 1 failed, 2 indeterminate, 3 usage or input error
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  const lang = languageOfArguments(args, terminal.env);
  let exitCode: number = ExitCode.usage;
  const context: CommandContext = {
    terminal,
    lang,
    json: isJsonAsked(args),
    done: (code) => {
      exitCode = code;
    },
  };
  const program = programOf(context, await commandsFor(args));
  try {
    // The parser takes an option behind `help` for the name of a command, and knows no command within a command.
    const words = args[0] === 'help' && (args[1]?.startsWith('-') === true || args[2]?.startsWith('-') === false) ? [...args.slice(1), '--help'] : args;
    await program.parseAsync([...words], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.passed;
    await complain(error, args, context, program);
    return error instanceof CliError ? error.exitCode : error instanceof EditError ? ExitCode.failed : ExitCode.usage;
  }
}

/** The command that is called; all of them where none that there is was named, for help and for suggestions. */
async function commandsFor(args: readonly string[]): Promise<readonly AddCommand[]> {
  const [called] = args.filter((arg, index) => !arg.startsWith('-') && arg !== 'help' && args[index - 1] !== '--lang');
  const one = called !== undefined && Object.hasOwn(COMMANDS, called) ? COMMANDS[called] : undefined;
  return Promise.all((one === undefined ? Object.values(COMMANDS) : [one]).map((load) => load()));
}

function programOf(context: CommandContext, commands: readonly AddCommand[]): Command {
  const { terminal, lang } = context;
  const program = new Command('hefu')
    .description(say(lang, '数字证书（CA）互认与签名', 'digital-certificate (CA) mutual recognition and signing'))
    .version(VERSION, '-V, --version', say(lang, '显示版本号', 'show the version'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    // `--json` and `--lang` may stand before the command or behind it.
    .enablePositionalOptions()
    .helpCommand('help [command]', say(lang, '显示某个命令的帮助', 'show the help of a command'))
    .addHelpText('after', say(
      lang,
      `\n退出码：0 通过，1 不通过，2 不能认定，3 用法或输入有误\n从这里开始：${terminal.self} demo\n`,
      `\nExit codes: 0 passed, 1 failed, 2 undecided, 3 usage or input error\nStart here: ${terminal.self} demo\n`,
    ));
  for (const add of commands) add(program, context);
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .helpOption('-h, --help', helpText(lang))
      .configureHelp(helpLayout(lang))
      .configureOutput({
        writeOut: (text) => terminal.out(text.trimEnd()),
        writeErr: (text) => terminal.note(text.trimEnd()),
        outputError: () => undefined, // told by `complain`
        getOutHelpWidth: () => terminal.width,
        getErrHelpWidth: () => terminal.width,
      });
  }
  return program;
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)];
}

async function complain(error: unknown, args: readonly string[], { terminal, lang, json }: CommandContext, program: Command): Promise<void> {
  const complaint = error instanceof CommanderError ? usageOf(error, args, terminal, program) : ((await complaintOf(error)) ?? internal(error));
  if (json) terminal.out(JSON.stringify({ error: complaint }, undefined, 2));
  // Help was shown in place of a missing or unknown command.
  if (error instanceof CommanderError && error.code === 'commander.help') return;
  terminal.note(renderComplaint(complaint, lang, terminal.width));
}

function usageOf(error: CommanderError, args: readonly string[], terminal: Terminal, program: Command): Complaint {
  const named = args.find((arg) => program.commands.some((command) => command.name() === arg));
  const help = [terminal.self, ...(named === undefined ? [] : [named]), '--help'].join(' ');
  if (error.code === 'commander.help') return { code: 'USAGE', message: { zh: '没有给出可用的命令', en: 'no command was given that there is' }, remedy: { zh: `用法见：${help}`, en: `${help} shows how it is used.` } };
  return usageComplaint(error, help);
}

/** Our own mistake. It must not look like a verdict, so it ends as an input error does, and says all there is to say. */
function internal(error: unknown): Complaint {
  return {
    code: 'INTERNAL',
    message: { zh: '程序内部错误', en: 'an error inside this program' },
    remedy: { zh: '请把以下内容连同所用命令报告给我们。', en: 'Please report what follows, with the command used.' },
    details: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  };
}

