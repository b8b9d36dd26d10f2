import { Command, CommanderError } from 'commander';
import { certCommand } from './commands/cert.js';
import { demoCommand } from './commands/demo.js';
import { sandboxCommand } from './commands/sandbox.js';
import { verifyCommand } from './commands/verify.js';
import { codeOf } from './error-code.js';
import { ExitCode } from './exit-code.js';
import type { Terminal } from './terminal.js';

/**
 * Runs one command.
 * @param args without `node` and the script
 * @returns the exit code: 0 passed, 1 failed, 2 indeterminate, 3 usage or input error
 */
export async function main(args: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = ExitCode.usage;
  const done = (code: number): void => {
    exitCode = code;
  };
  const program = new Command('hefu')
    .description('digital-certificate mutual recognition and signing / 数字证书互认与签名')
    .version('0.1.0')
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.note(text) })
    .showHelpAfterError('(hefu <command> --help says more)');
  for (const add of [verifyCommand, certCommand, sandboxCommand, demoCommand]) add(program, terminal, done);
  for (const command of program.commands) command.exitOverride().configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.note(text) });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? ExitCode.passed : ExitCode.usage;
    const code = codeOf(error);
    if (code === undefined) throw error;
    const message = `${code}: ${(error as Error).message}`;
    if (args.includes('--json')) terminal.out(JSON.stringify({ error: { code, message: (error as Error).message } }));
    terminal.note(`hefu: ${message}`);
    return ExitCode.usage;
  }
}
