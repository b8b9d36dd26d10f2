import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { nodeAlgorithms } from '@hefu/node';
import { CONFORMANCE_LEVELS, runAdapterConformance, runMutations, type ConformanceHarness, type ConformanceLevel, type ConformanceReport, type MakeSubject } from '@hefu/sign/conformance';
import { Command, CommanderError, Option } from 'commander';
import { complaintOf, renderComplaint } from '../complaint.js';
import { CliError, usageError, type Complaint } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { examples, helpLayout, helpText, jsonOption, langOption } from '../help.js';
import { isJsonAsked, languageOfArguments, say, type Language } from '../language.js';
import { opensslVerify } from '../openssl-verify.js';
import type { Terminal } from '../terminal.js';
import { usageComplaint } from '../usage.js';

const SELF = 'hefu-adapter-conformance';

interface Options {
  readonly level: ConformanceLevel;
  readonly mutate?: boolean;
}

/** What the module of an adapter exports. */
export interface AdapterModule {
  /** Makes a fresh adapter before a fresh provider, with a fault or without. */
  readonly subject: MakeSubject;
  /** By what its certificates are recognised; the rest has defaults: algorithms of this platform, its randomness, OpenSSL as the foreign verifier. */
  readonly harness: (() => Promise<HarnessGiven> | HarnessGiven) | HarnessGiven;
}
type HarnessGiven = Partial<ConformanceHarness> & Pick<ConformanceHarness, 'judgement'>;

/**
 * Holds the adapter of a module to the contract.
 * @param args without `node` and the script
 * @returns 0 everything held, 1 something did not or a broken adapter was not noticed, 2 nothing could be tried, 3 usage or input error
 */
export async function conformanceMain(args: readonly string[], terminal: Terminal): Promise<number> {
  const lang = languageOfArguments(args, terminal.env);
  const json = isJsonAsked(args);
  let exitCode: number = ExitCode.usage;
  const program = programOf(lang, terminal, async (path, options) => {
    exitCode = await runModule(path, options, { lang, json, terminal });
  });
  try {
    await program.parseAsync([...args], { from: 'user' });
    return exitCode;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return ExitCode.passed;
    const complaint: Complaint = error instanceof CommanderError ? usageComplaint(error, `${SELF} --help`) : ((await complaintOf(error)) ?? brokenModule(error));
    if (json) terminal.out(JSON.stringify({ error: complaint }, undefined, 2));
    terminal.note(renderComplaint(complaint, lang, terminal.width));
    return error instanceof CliError ? error.exitCode : ExitCode.usage;
  }
}

function programOf(lang: Language, terminal: Terminal, action: (path: string, options: Options) => Promise<void>): Command {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  return new Command(SELF)
    .description(t('检验签名适配器是否符合约定', 'hold a signing adapter to its contract'))
    .argument('<module>', t('ES 模块，导出 subject 和 harness（见 packages/sign/README.md）', 'ES module that exports subject and harness (see packages/sign/README.md)'))
    .addOption(new Option('--level <level>', t('检验到哪一级', 'how far to go')).choices(CONFORMANCE_LEVELS).default('L6'))
    .option('--mutate', t('另外检验套件能否发现故意做坏的适配器', 'also see that deliberately broken adapters are noticed'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${SELF} ./my-adapter.js --level L4`, `${SELF} ./my-adapter.js --mutate --json > report.json`]))
    .exitOverride()
    .helpOption('-h, --help', helpText(lang))
    .configureHelp(helpLayout(lang))
    .configureOutput({ writeOut: (text) => terminal.out(text.trimEnd()), writeErr: (text) => terminal.note(text.trimEnd()), outputError: () => undefined, getOutHelpWidth: () => terminal.width, getErrHelpWidth: () => terminal.width })
    .action(action);
}

async function runModule(path: string, { level, mutate = false }: Options, { lang, json, terminal }: { lang: Language; json: boolean; terminal: Terminal }): Promise<number> {
  const { subject, harness } = await loadModule(path);
  const levels = CONFORMANCE_LEVELS.slice(0, CONFORMANCE_LEVELS.indexOf(level) + 1);
  const signs = { passed: '✓', failed: '✗', skipped: '–' } as const;
  const held = await runAdapterConformance(subject, harness, {
    levels,
    onRow: ({ id, title, outcome, problem }) => terminal.note(`${signs[outcome]} ${id} ${title}${problem === undefined ? '' : `: ${problem}`}`),
  });
  const mutations = mutate && held.failed === 0 ? await runMutations(subject, harness, { levels }) : undefined;
  const report: ConformanceReport = mutations === undefined ? held : { ...held, mutations };
  for (const { name, caughtBy } of mutations ?? []) if (caughtBy.length === 0) terminal.note(`✗ ${say(lang, '未被发现', 'not noticed')}: ${name}`);
  terminal.out(json ? JSON.stringify(report, undefined, 2) : summaryOf(report, lang));
  const missed = mutations?.some(({ caughtBy }) => caughtBy.length === 0) ?? false;
  if (report.failed > 0 || missed) return ExitCode.failed;
  return report.passed === 0 ? ExitCode.indeterminate : ExitCode.passed;
}

function summaryOf({ adapter, level, passed, failed, skipped, mutations }: ConformanceReport, lang: Language): string {
  const noticed = mutations?.filter(({ caughtBy }) => caughtBy.length > 0).length;
  return [
    `${adapter.id} ${adapter.version}: ${level ?? say(lang, '未达到任何级别', 'no level')}`,
    say(lang, `${passed} 项符合，${failed} 项不符合，${skipped} 项无法检验`, `${passed} passed, ${failed} failed, ${skipped} skipped`),
    ...(mutations === undefined ? [] : [say(lang, `故意做坏的适配器：${mutations.length} 个中发现 ${noticed} 个`, `broken adapters: ${noticed} of ${mutations.length} noticed`)]),
  ].join('\n');
}

async function loadModule(path: string): Promise<{ readonly subject: MakeSubject; readonly harness: ConformanceHarness }> {
  let loaded: Partial<AdapterModule>;
  try {
    loaded = await import(pathToFileURL(resolve(path)).href) as Partial<AdapterModule>;
  } catch (cause) {
    throw new CliError({ ...usageError(`无法载入模块 ${path}`, `the module ${path} cannot be loaded`).complaint, details: [cause instanceof Error ? cause.message : String(cause)] }, { cause });
  }
  const { subject, harness } = loaded;
  if (typeof subject !== 'function' || harness === undefined) throw usageError(`${path} 没有导出 subject 和 harness`, `${path} does not export subject and harness`);
  const given = typeof harness === 'function' ? await harness() : harness;
  return { subject, harness: { algorithms: nodeAlgorithms(), random: { bytes: (length) => new Uint8Array(randomBytes(length)) }, verifyForeign: opensslVerify, ...given } };
}

/** What a module throws is its own mistake, and no verdict. */
function brokenModule(error: unknown): Complaint {
  return {
    ...usageError('适配器模块出错', 'the module of the adapter fails').complaint,
    details: [error instanceof Error ? (error.stack ?? error.message) : String(error)],
  };
}
