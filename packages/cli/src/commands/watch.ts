import { setTimeout as delay } from 'node:timers/promises';
import { alertFile, fileStore, nodeAlgorithms, nodeFetcher, readRoleFile, watch, webhook, type AlertSink, type Verifier } from '@hefu/node';
import { healthFactsOf, probe, targetsOfList, type Alert, type EndpointHealth, type HealthFacts, type HealthSources, type TrustListRefusal } from '@hefu/updater';
import { hanging, visible } from '@hefu/verify';
import type { Command } from 'commander';
import type { CommandContext } from '../command-context.js';
import { complaintOf } from '../complaint.js';
import { CliError, usageError } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { examples, jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { openVerifier } from '../open-verifier.js';

interface WatchCommandOptions {
  readonly list: string;
  readonly signers?: string;
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
  program
    .command('watch')
    .description(t('持续看护名单及其地址：临近到期、地址不可用、名单矛盾时告警', 'watch a list and its addresses: alerts before anything expires, when an address is down, when lists contradict'))
    .requiredOption('--list <file|url>', t('信任名单', 'the trust list'))
    .option('--signers <file>', t('谁有权签署名单（角色文件）；也可用 HEFU_LIST_SIGNERS', 'who may sign the list (role file); or HEFU_LIST_SIGNERS'))
    .requiredOption('--state <folder>', t('记住已告知的事项和名单', 'remembers what was told, and the list'))
    .option('--interval <minutes>', t('两轮之间的分钟数；默认 15', 'minutes between two rounds; default 15'), '15')
    .option('--failures <n>', t('连续几次失败算不可用；默认 3', 'failures in a row that count as down; default 3'), '3')
    .option('--log <file>', t('同时写入文件，满 10 MB 轮换', 'also appends to a file, rotated at 10 MB'))
    .option('--webhook <url>', t('同时 POST 到此地址（https 或本机），HMAC 密钥取自 HEFU_WEBHOOK_SECRET', 'also posts there (https or this machine), with an HMAC keyed by HEFU_WEBHOOK_SECRET'))
    .option('--once', t('只看一轮', 'one round only'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} watch --list https://trust.example.gov.cn/list.json \\`, '    --signers role.json --state /var/lib/hefu-watch --json']))
    .action(async (options: WatchCommandOptions) => {
      const minutes = wholeNumber('--interval', options.interval, 1, 1440);
      const failures = wholeNumber('--failures', options.failures, 1, 1000);
      const sinks = sinksOf(options, context);
      const role = options.signers ?? terminal.env['HEFU_LIST_SIGNERS'];
      const stop = new AbortController();
      void terminal.stopped().then(() => options.once === true || stop.abort());
      const verifier = await openVerifier({ ...options, cache: options.state }, context);
      try {
        const keys = role === undefined ? [] : (await readRoleFile(role)).keys;
        await watch({
          observe: (signal) => observe(verifier, options.list, keys, signal),
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

/** One round: the list anew, then every address. */
async function observe(verifier: Verifier, source: string, keys: NonNullable<HealthSources['keys']>, signal: AbortSignal): Promise<HealthFacts> {
  const { refusals, failure } = await refreshed(verifier);
  const list = verifier.trustList;
  const equivocations = refusals.filter(({ code }) => code === 'TL_EQUIVOCATION').map(({ detail }) => ({ id: `list ${list.listId} ${list.sequence}`, detail }));
  const endpoints: EndpointHealth[] = [{ kind: 'list', url: source, ok: failure === undefined, ...(failure === undefined ? {} : { detail: failure }) }];
  const probes = await probe(targetsOfList(list), { fetcher: nodeFetcher(), clock: { now: () => Date.now() }, algorithms: nodeAlgorithms(), signal });
  return healthFactsOf({ lists: [list], keys, probes, endpoints, equivocations }, Date.now());
}

/** A source that fails, in whatever way, is one more thing to tell. */
async function refreshed(verifier: Verifier): Promise<{ readonly refusals: readonly TrustListRefusal[]; readonly failure?: string }> {
  try {
    const { outcome, refusals } = await verifier.refresh();
    return { refusals, ...(outcome === 'failed' ? { failure: refusals.map(({ code }) => code).join(' ') } : {}) };
  } catch (error) {
    const complaint = complaintOf(error);
    if (complaint === undefined) throw error;
    return { refusals: [], failure: complaint.code };
  }
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
