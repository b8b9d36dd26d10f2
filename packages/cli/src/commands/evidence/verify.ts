import { nodeAlgorithms, type BundleProblem } from '@hefu/node';
import { hanging, judgeSeals, readSeals, type SealsReport } from '@hefu/verify';
import type { Command } from 'commander';
import { collect, instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { ExitCode, exitCodeOf } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { keptTrust, pinOf, pinOptions, trustKind, trustOfToday, withBundle, type PinOptions, type TodayOptions } from './open.js';
import { SYMBOLS } from './make.js';
import { policyAt, readCrls } from './seal.js';

interface VerifyOptions extends PinOptions, TodayOptions {
  readonly at?: string;
  readonly policy?: string;
  readonly crl?: readonly string[];
}

/** `hefu evidence verify`: is the bundle whole, and since when is it proven to be? */
export function evidenceVerifyCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = group
    .command('verify')
    .description(t('逐字节检查证据包，并验证其时间戳', 'check a bundle octet by octet, and the time-stamps that seal it'))
    .argument('<bundle>', t('证据包', 'the bundle'));
  pinOptions(command, context, { zh: '；默认用证据包内的', en: '; default that in the bundle' })
    .option('--at <instant>', t('验证时间；默认现在', 'validation time; default now'))
    .option('--policy <file>', t('策略文件；默认内置', 'policy document; default built in'))
    .option('--crl <file>', t('时间戳证书的吊销列表；可多次给出', 'a CRL for the time-stamp authority; may be repeated'), collect)
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [`${terminal.self} evidence verify project.hefu.zip --signers role.json --crl tsa.crl`]))
    .action(async (path: string, options: VerifyOptions) => {
      const at = options.at === undefined ? Date.now() : instant('--at', options.at);
      const { problems, seals, verdicts } = await withBundle(path, async (bundle) => {
        const found = await bundle.check();
        if (found.length > 0 || bundle.seals === undefined) return { problems: found, seals: undefined, verdicts: bundle.index.manifests.length };
        const kept = await keptTrust(bundle, await pinOf(options, await trustKind(bundle), context));
        const trust = options.list === undefined && options.scheme === undefined ? kept.trust : await trustOfToday(options, at, context);
        const report = await judgeSeals({
          seals: readSeals(bundle.seals), files: bundle.digests, trust, policy: await policyAt(options.policy), algorithms: nodeAlgorithms(), at, region: kept.region, evidence: await readCrls(options.crl),
        });
        return { problems: found, seals: report, verdicts: bundle.index.manifests.length };
      });
      if (json) terminal.out(JSON.stringify({ bundle: path, whole: problems.length === 0, problems, verdicts, seals: seals ?? null }, undefined, 2));
      else terminal.out(render(problems, seals, verdicts, context));
      done(problems.length > 0 ? ExitCode.failed : seals === undefined ? ExitCode.indeterminate : exitCodeOf(seals.conclusion));
    });
}

function render(problems: readonly BundleProblem[], seals: SealsReport | undefined, verdicts: number, { lang, terminal }: CommandContext): string {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  if (problems.length > 0) {
    return [t('✗ 证据包已损坏或被改动，不能使用', '✗ the bundle was damaged or altered and must not be used'), ...problems.flatMap(({ file, code, detail }) => hanging('  · ', `${file}: ${detail} [${code}]`, terminal.width))].join('\n');
  }
  const whole = t(`✓ 证据包完好：${verdicts} 份结论，逐字节相符`, `✓ the bundle is whole: ${verdicts} verdicts, every octet as stated`);
  if (seals === undefined) return `${whole}\n${t('? 没有时间戳，无法证明它何时存在', '? it has no time-stamp, so nothing shows when it was there')}`;
  const lines = seals.stamps.map(({ conclusion, code, genTime = '?', path }, index) => `  ${SYMBOLS[conclusion]} ${index + 1}. ${genTime}  ${path[0]?.subject ?? ''}${code === 'OK' ? '' : `  ${code}`}`);
  const sealed = seals.sealedAt === undefined
    ? `${SYMBOLS[seals.conclusion]} ${t('时间戳未能全部确认', 'not every time-stamp holds')}`
    : t(`✓ 自 ${new Date(seals.sealedAt).toISOString()} 起未被改动`, `✓ unchanged since ${new Date(seals.sealedAt).toISOString()}`);
  const reasons = seals.reasons.flatMap(({ message, remedy }) => [...hanging('  · ', message[lang], terminal.width), ...hanging('    ', remedy[lang], terminal.width)]);
  const renew = seals.renewBefore === undefined || seals.sealedAt === undefined ? [] : [t(`请在 ${seals.renewBefore} 之前续期：hefu evidence renew`, `renew before ${seals.renewBefore}: hefu evidence renew`)];
  return [whole, sealed, ...lines, ...reasons, ...renew].join('\n');
}
