import { createWorld, startSandbox, writeWorld } from '@hefu/sandbox';
import type { Command } from 'commander';
import { ExitCode } from '../exit-code.js';
import { input, instant } from '../input.js';
import { languageOf } from '../language.js';
import { say, type OutputOptions, type Terminal } from '../terminal.js';

interface SandboxOptions extends OutputOptions {
  readonly out: string;
  readonly seed: string;
  readonly at?: string;
  readonly port: string;
  readonly serve: boolean;
}

/** `hefu sandbox`: writes the nine-city world to a folder and serves its CRLs and lists. */
export function sandboxCommand(program: Command, terminal: Terminal, done: (code: number) => void): void {
  program
    .command('sandbox')
    .description('write and serve a world to try Hefu in / 生成并运行试用环境')
    .option('--out <folder>', 'where to write it', 'sandbox-world')
    .option('--seed <text>', 'the same seed gives the same keys and companies', 'hefu')
    .option('--at <instant>', 'present of that world (default: now)')
    .option('--port <number>', 'loopback port for CRLs and lists; 0 takes a free one', '18080')
    .option('--no-serve', 'write only')
    .option('--json', 'one JSON document')
    .option('--lang <lang>', 'zh or en')
    .action(async (options: SandboxOptions) => {
      const lang = languageOf(options.lang, terminal.env);
      const at = options.at === undefined ? Date.now() : instant(options.at);
      const port = Number(options.port);
      const served = options.serve ? await input('sandbox', () => startSandbox({ seed: options.seed, at, port })) : undefined;
      try {
        const world = served?.world ?? createWorld({ seed: options.seed, at });
        await input(options.out, () => writeWorld(world, options.out));
        const example = `hefu verify --list ${options.out}/list/current.json --signers ${options.out}/list/role.json --region 420100`;
        if (options.json === true) {
          terminal.out(JSON.stringify({ folder: options.out, baseUrl: served?.baseUrl ?? null, cities: world.cities.length, authorities: world.authorities.length, companies: world.companies.length }));
        } else {
          terminal.out(say(lang, `试用环境已写入 ${options.out}`, `The world is in ${options.out}`));
          terminal.out(say(lang, `  ${world.authorities.length} 家 CA，${world.companies.length} 家企业；密钥由种子推导，切勿信任`, `  ${world.authorities.length} CAs, ${world.companies.length} companies; keys come from the seed: never trust them`));
          terminal.out(say(lang, `  说明见 ${options.out}/README.txt`, `  see ${options.out}/README.txt`));
          terminal.out(`  ${example} \\\n    ${options.out}/scenario/accepted-420100/bid.txt ${options.out}/scenario/accepted-420100/bid.p7s`);
          if (served !== undefined) terminal.out(say(lang, `CRL 与名单服务：${served.baseUrl}（Ctrl+C 结束）`, `CRLs and lists at ${served.baseUrl} (Ctrl+C ends)`));
        }
        if (served !== undefined) await terminal.stopped();
      } finally {
        await served?.close();
      }
      done(ExitCode.passed);
    });
}
