import { nodeAlgorithms, rewriteEvidenceBundle } from '@hefu/node';
import { readSeals, renewSeals, sealFiles, serializeSeals } from '@hefu/verify';
import type { Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { CliError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { withBundle } from './open.js';
import { digestOf, digestOption, readCrls, requireUrls, timestamperAt } from './seal.js';

interface RenewOptions {
  readonly out: string;
  readonly tsa?: readonly string[];
  readonly digest?: string;
  readonly crl?: readonly string[];
}

/** `hefu evidence renew`: a further time-stamp, before the last one loses what it rests on. */
export function evidenceRenewCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  group
    .command('renew')
    .description(t('给证据包再盖一个时间戳（尚无时间戳的则首次加盖）', 'time-stamp a bundle once more, or for the first time'))
    .argument('<bundle>', t('证据包', 'the bundle'))
    .requiredOption('--out <bundle>', t('写到哪里；可与原文件相同', 'where to write; may be the same file'))
    .option('--tsa <url>', t('时间戳服务；可多次给出，依次尝试', 'time-stamp authority; several are tried in turn'), collect)
    .addOption(digestOption(lang, ['sha256', 'sm3', 'sha384', 'sha512']))
    .option('--crl <file>', t('前一个时间戳证书的吊销列表，随包保存；可多次给出', 'a CRL for the authority of the last time-stamp, kept in the bundle; may be repeated'), collect)
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} evidence renew old.zip --out new.zip --tsa http://tsa.example/ --crl tsa.crl`]))
    .action(async (path: string, options: RenewOptions) => {
      const algorithms = nodeAlgorithms();
      const timestamper = timestamperAt(requireUrls(options.tsa));
      const evidence = await readCrls(options.crl);
      const digest = digestOf(options.digest ?? 'sha256');
      const seals = await withBundle(path, async (bundle) => {
        const [problem] = await bundle.check();
        // A time-stamp over something damaged would only prove the damage.
        if (problem !== undefined) throw new CliError({ code: 'BUNDLE_INVALID', message: { zh: `${path}：${problem.file} 被改动，不予续期`, en: `${path}: ${problem.file} was altered, so it is not renewed` }, details: [problem.detail] });
        const renewed = bundle.seals === undefined
          ? await sealFiles(bundle.digests, digest, timestamper)
          : await renewSeals(readSeals(bundle.seals), { files: bundle.digests, digest, timestamper, validation: evidence.crls.map(({ crl }) => ({ kind: 'crl', bytes: crl.bytes })) });
        await rewriteEvidenceBundle(options.out, bundle, serializeSeals(renewed), { algorithms });
        return renewed;
      });
      const chains = seals.chains.map((chain) => ({ digest: chain.digest, stamps: chain.stamps.length }));
      if (json) terminal.out(JSON.stringify({ out: options.out, chains }, undefined, 2));
      else terminal.out(t(`已写入 ${options.out}：`, `wrote ${options.out}: `) + chains.map((chain) => t(`${chain.digest} 时间戳 ${chain.stamps} 个`, `${chain.stamps} time-stamps over ${chain.digest}`)).join(t('，', ', ')));
      done(ExitCode.passed);
    });
}
