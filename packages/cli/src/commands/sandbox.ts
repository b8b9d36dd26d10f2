import { join, relative, resolve } from 'node:path';
import { createWorld, startSandbox, writeWorld, type World } from '@hefu/sandbox';
import type { Command } from 'commander';
import { instant, portNumber, shellWord } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { usageError } from '../error.js';
import { ExitCode } from '../exit-code.js';
import { jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { sandboxServeCommand } from './sandbox-serve.js';

interface SandboxOptions {
  readonly out: string;
  readonly seed: string;
  readonly at?: string;
  readonly port: string;
  readonly serve: boolean;
}

/** `hefu sandbox`: writes the nine-city world to a folder and serves its CRLs and lists; `serve` has a signing provider as well. */
export function sandboxCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const sandbox = program
    .command('sandbox')
    .description(t('生成试用环境，并在本机提供其吊销列表和名单', 'write a world to try Hefu in, and serve its CRLs and lists'))
    .option('--out <folder>', t('写到哪个文件夹；默认 sandbox-world', 'where to write it; default sandbox-world'), 'sandbox-world')
    .option('--seed <text>', t('相同种子得到相同的密钥和企业；默认 hefu', 'the same seed gives the same keys and companies; default hefu'), 'hefu')
    .option('--at <instant>', t('那个世界的“现在”；默认就是现在', 'the present of that world; default now'))
    .option('--port <number>', t('本机端口；0 自动选择；默认 18080', 'loopback port; 0 takes a free one; default 18080'), '18080')
    .option('--no-serve', t('只写文件，不启动服务', 'write only'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .action(async (options: SandboxOptions) => {
      const { folder, seed, at, port } = read(options);
      // Listened for from the start: one who stops it while it is being made finds it whole, and the port free.
      const stopped = options.serve ? terminal.stopped() : undefined;
      const served = options.serve ? await about(`127.0.0.1:${port}`, () => startSandbox({ seed, at, port })) : undefined;
      try {
        const world = served?.world ?? createWorld({ seed, at, crlBaseUrl: `http://127.0.0.1:${port}` });
        await about(folder, () => writeWorld(world, folder));
        const { baseUrl } = world;
        if (json) {
          const { cities, authorities, companies, scenarios } = world;
          terminal.out(JSON.stringify({
            folder, baseUrl, served: served !== undefined, seed, at: new Date(world.at).toISOString(),
            list: join(folder, 'list', 'current.json'), signers: join(folder, 'list', 'role.json'),
            cities: cities.length, authorities: authorities.length, companies: companies.length, scenarios: scenarios.length,
          }, undefined, 2));
        } else {
          for (const line of welcome(world, folder, served !== undefined, context)) terminal.out(line);
        }
        await stopped;
      } finally {
        await served?.close();
      }
      done(ExitCode.passed);
    });
  sandboxServeCommand(sandbox, context);
}

/** @throws CliError USAGE */
function read(options: SandboxOptions): { folder: string; seed: string; at: number; port: number } {
  const { seed, out: folder } = options;
  const at = options.at === undefined ? Date.now() : instant('--at', options.at);
  const port = portNumber(options.port);
  if (seed === '') throw usageError('--seed 不能为空', '--seed must not be empty');
  const year = new Date(at).getUTCFullYear();
  if (year < 1980 || year > 2099) throw usageError('--at 应在 1980 年至 2099 年之间', '--at takes a time from 1980 to 2099');
  if (!options.serve && port === 0) throw usageError('--port 0 需要启动服务：地址会写进证书', '--port 0 needs the server: its address is written into certificates');
  // The folder is replaced as a whole, and a shell that stands in it would be left nowhere.
  const here = relative(resolve(folder), process.cwd());
  if (here === '' || !here.startsWith('..')) throw usageError('--out 不能是当前文件夹或其上级', '--out must not be the folder you are in, nor one above it');
  return { folder, seed, at, port };
}

function welcome({ authorities, companies, scenarios, baseUrl }: World, folder: string, served: boolean, { terminal, lang }: CommandContext): readonly string[] {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const file = (...path: readonly string[]): string => shellWord(join(folder, ...path));
  const bid = ['scenario', 'accepted-420100'] as const;
  return [
    t(`试用环境已写入 ${folder}，各文件说明见其中的 README.txt`, `The world is in ${folder}; README.txt there explains every file`),
    t(`  ${authorities.length} 家 CA，${companies.length} 家企业，${scenarios.length} 个场景；密钥由种子推导，切勿信任`, `  ${authorities.length} CAs, ${companies.length} companies, ${scenarios.length} scenarios; keys follow from the seed: never trust them`),
    '',
    t('试一试：', 'Try:'),
    `  ${terminal.self} verify --region 420100 \\`,
    `    --list ${file('list', 'current.json')} \\`,
    `    --signers ${file('list', 'role.json')} \\`,
    // Without the server the CRL must be brought.
    ...(served ? [] : [`    --offline --crl ${file('crl', 'chujiang.crl')} \\`]),
    `    ${file(...bid, 'bid.txt')} \\`,
    `    ${file(...bid, 'bid.p7s')}`,
    ...(served ? ['', t(`吊销列表和名单：${baseUrl}（按 Ctrl+C 结束）`, `CRLs and lists are at ${baseUrl} (Ctrl+C ends)`)] : []),
  ];
}
