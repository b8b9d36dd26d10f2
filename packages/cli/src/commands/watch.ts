import { setTimeout as delay } from 'node:timers/promises';
import { alertFile, fileStore, nodeFetcher, readRoleFile, watch, webhook, type AlertSink } from '@hefu/node';
import type { Alert } from '@hefu/updater';
import { hanging, visible } from '@hefu/verify';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { CliError, usageError } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { examples, jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { observeTrust } from '../observe-trust.js';
import { openVerifier } from '../open-verifier.js';
import { requiredTrust, trustOptions, type TrustOptions } from '../trust-options.js';

interface WatchCommandOptions extends TrustOptions {
  readonly state: string;
  readonly interval: string;
  readonly failures: string;
  readonly log?: string;
  readonly webhook?: string;
  readonly once?: boolean;
}

/** `hefu watch`: looks at a list and everything it depends on, again and again, and tells what is about to go wrong. */
export function watchCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = program
    .command('watch')
    .description(t('持续看护名单或整个方案及其地址：临近到期、地址不可用、名单矛盾时告警', 'watch a list or a whole scheme, and its addresses: alerts before anything expires, when an address is down, when lists contradict'));
  trustOptions(command, context)
    .requiredOption('--state <folder>', t('记住已告知的事项和名单', 'remembers what was told, and the list'))
    .option('--interval <minutes>', t('两轮之间的分钟数；默认 15', 'minutes between two rounds; default 15'), '15')
    .option('--failures <n>', t('连续几次失败算不可用；默认 3', 'failures in a row that count as down; default 3'), '3')
    .option('--log <file>', t('同时写入文件，满 10 MB 轮换', 'also appends to a file, rotated at 10 MB'))
    .option('--webhook <url>', t('同时 POST 到此地址（https 或本机），HMAC 密钥取自 HEFU_WEBHOOK_SECRET', 'also posts there (https or this machine), with an HMAC keyed by HEFU_WEBHOOK_SECRET'))
    .option('--once', t('只看一轮', 'one round only'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} watch --list https://trust.example.gov.cn/list.json \\`, '    --signers role.json --state /var/lib/hefu-watch --json', `${terminal.self} watch --scheme https://trust.example.gov.cn/ \\`, '    --root root.json --state /var/lib/hefu-watch']))
    .action(async (options: WatchCommandOptions) => {
      const minutes = wholeNumber('--interval', options.interval, 1, 1440);
      const failures = wholeNumber('--failures', options.failures, 1, 1000);
      const sinks = sinksOf(options, context);
      const chosen = requiredTrust(options, terminal.env);
      const stop = new AbortController();
      void terminal.stopped().then(() => options.once === true || stop.abort());
      const verifier = await openVerifier({ ...options, cache: options.state }, context);
      try {
        const keys = chosen.kind === 'scheme' ? [] : (await readRoleFile(chosen.signers)).keys;
        const source = chosen.kind === 'scheme' ? chosen.scheme.join(' ') : chosen.list;
        await watch({
          observe: (signal) => observeTrust(verifier, { source, keys, signal }),
          sinks,
          store: fileStore(options.state),
          clock: { now: () => Date.now() },
          sleep: (ms, signal) => delay(ms, undefined, { signal }).catch(() => undefined),
          signal: stop.signal,
          intervalMs: minutes * 60_000,
          health: { failures },
          onError: (what, error) => terminal.note(visible(`hefu: ${what}: ${error instanceof Error ? error.message : 'unknown'}`)),
          ...(options.once === true ? { rounds: 1 } : {}),
        });
      } finally {
        verifier.close();
      }
      done(ExitCode.passed);
    });
}

function sinksOf(options: WatchCommandOptions, { terminal, lang, json }: CommandContext): readonly AlertSink[] {
  const secret = terminal.env['HEFU_WEBHOOK_SECRET'];
  const out: AlertSink = {
    name: 'stdout',
    async deliver(alert) {
      // One document a line: a watch has no end at which one document could be closed.
      terminal.out(json ? JSON.stringify(alert) : lineOf(alert, lang, terminal.width));
    },
  };
  const sinks = [out, ...(options.log === undefined ? [] : [alertFile(options.log)])];
  if (options.webhook === undefined) return sinks;
  try {
    return [...sinks, webhook({ url: options.webhook, fetcher: nodeFetcher(), clock: { now: () => Date.now() }, ...(secret === undefined || secret === '' ? {} : { secret }) })];
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new CliError({ code: 'USAGE', message: { zh: '--webhook 应为 https 地址，或本机的 http 地址，且不含用户名和密码', en: '--webhook takes an https address, or http on this machine, without credentials' } }, { cause: error });
  }
}

function lineOf(alert: Alert, lang: 'zh' | 'en', width: number): string {
  const sign = alert.state === 'resolved' ? '✓' : alert.severity === 'critical' ? '✗' : '!';
  return hanging(`${new Date(alert.at).toISOString()} ${sign} `, visible(`${alert.message[lang]} [${alert.code}]`), width).join('\n');
}

function wholeNumber(option: string, text: string, least: number, most: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value;
  throw usageError(`${option} 应为 ${least} 到 ${most} 的整数，而不是 ${JSON.stringify(text)}`, `${option} takes a whole number from ${least} to ${most}, not ${JSON.stringify(text)}`);
}
