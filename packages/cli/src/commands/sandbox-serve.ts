import { CSC_PIN, CSC_PRESETS, CSC_SERVICE_TOKEN, type CscPresetName, providerFacades, serveProvider, startSandbox, type ServedProvider } from '@hefu/sandbox';
import { type Command, Option } from 'commander';
import { instant, portNumber } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { usageError } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { jsonOption, langOption } from '../help.js';
import { say } from '../language.js';

interface ServeOptions {
  readonly seed: string;
  readonly at?: string;
  readonly port: string;
  readonly providerPort: string;
  readonly cscPreset: CscPresetName;
}

/** `hefu sandbox serve`: the world's lists and CRLs, and a provider of signing keys with every protocol there is, on loopback. */
export function sandboxServeCommand(sandbox: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  sandbox
    .command('serve')
    .description(t('在本机提供试用环境和云签名服务（CSC 等），不写文件', 'serve the world and a remote signing provider (CSC and more) on loopback; writes nothing'))
    .option('--seed <text>', t('相同种子得到相同的密钥和企业；默认 hefu', 'the same seed gives the same keys and companies; default hefu'), 'hefu')
    .option('--at <instant>', t('那个世界的“现在”，静止不动；默认就是现在，并随时间走', 'the present of that world, standing still; default now, going on'))
    .option('--port <number>', t('名单和吊销列表的端口；0 自动选择；默认 18080', 'port of lists and CRLs; 0 takes a free one; default 18080'), '18080')
    .option('--provider-port <number>', t('云签名服务的端口；0 自动选择；默认 18081', 'port of the signing provider; 0 takes a free one; default 18081'), '18081')
    .addOption(new Option('--csc-preset <name>', t(`CSC 接口像哪个实现：${PRESETS.join('、')}；默认 spec-strict`, `whose manners the CSC API has: ${PRESETS.join(', ')}; default spec-strict`)).choices(PRESETS).default('spec-strict'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf(command, sandbox);
      if (options.seed === '') throw usageError('--seed 不能为空', '--seed must not be empty');
      const at = options.at === undefined ? Date.now() : instant('--at', options.at);
      const [port, providerPort] = [portNumber(options.port), portNumber(options.providerPort)];
      const stopped = terminal.stopped();
      const served = await about(`127.0.0.1:${port}`, () => startSandbox({ seed: options.seed, at, port }));
      let provider: ServedProvider | undefined;
      try {
        provider = await about(`127.0.0.1:${providerPort}`, () => serveProvider(served.world, { facades: providerFacades({ preset: options.cscPreset }), port: providerPort, ...(options.at === undefined ? { now: () => Date.now() } : {}) }));
        const { baseUrl } = provider;
        const csc = { v1: `${baseUrl}/csc/v1`, v2: `${baseUrl}/csc/v2`, token: CSC_SERVICE_TOKEN, pin: CSC_PIN };
        const [first] = provider.hsm.keys;
        if (json) terminal.out(JSON.stringify({ baseUrl: served.world.baseUrl, providerUrl: baseUrl, guide: `${baseUrl}/sandbox/guide`, seed: options.seed, at: new Date(at).toISOString(), csc, keys: provider.hsm.keys.length }, undefined, 2));
        else {
          for (const line of [
            t(`名单和吊销列表：${served.world.baseUrl}`, `Lists and CRLs: ${served.world.baseUrl}`),
            t(`云签名服务：${baseUrl}，${provider.hsm.keys.length} 把密钥；都是玩具，切勿信任`, `Signing provider: ${baseUrl}, ${provider.hsm.keys.length} keys; toys, never trust them`),
            `  CSC v1   ${csc.v1}`,
            `  CSC v2   ${csc.v2}`,
            t(`  令牌 ${csc.token}，口令 ${csc.pin}，凭证如 ${first?.id}（加 -otp、-push、-oauth、-single 各有不同授权方式）`, `  token ${csc.token}, PIN ${csc.pin}, credentials as ${first?.id} (with -otp, -push, -oauth, -single they are authorised in other ways)`),
            t(`接口、身份、五十种故障的造成办法：用浏览器打开 ${baseUrl}/`, `Every interface, identity and how to have each of fifty failures: open ${baseUrl}/ in a browser`),
            t(`故障：请求头 x-sandbox-fault: permute，或 POST ${baseUrl}/sandbox/fault {"fault":"permute"}`, `Faults: the header x-sandbox-fault: permute, or POST ${baseUrl}/sandbox/fault {"fault":"permute"}`),
            t('按 Ctrl+C 结束', 'Ctrl+C ends'),
          ]) terminal.out(line);
        }
        await stopped;
      } finally {
        await provider?.close();
        await served.close();
      }
      done(ExitCode.passed);
    });
}

const PRESETS: readonly string[] = Object.keys(CSC_PRESETS);

/** Also options of `hefu sandbox`. */
const SHARED: readonly string[] = ['seed', 'at', 'port'];

/** `--seed`, `--at` and `--port` are given to `hefu sandbox` by commander, wherever they stand. */
function optionsOf(command: Command, sandbox: Command): ServeOptions {
  const own = command.opts<ServeOptions>();
  const given = Object.entries(sandbox.opts()).filter(([name]) => sandbox.getOptionValueSource(name) === 'cli' && SHARED.includes(name));
  return { ...own, ...Object.fromEntries(given) };
}
