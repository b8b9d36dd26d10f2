import { nodeAlgorithms, readBoundedFile, type EvidenceBundle } from '@hefu/node';
import type { Trust } from '@hefu/trust-list';
import { createJudgeCaches, createReplayCache, DEFAULT_POLICY, hanging, judgeSeals, proofsOf, readSeals, revalidate, type Evidence, type PlacedBy, type Policy, type Revalidation } from '@hefu/verify';
import type { Command } from 'commander';
import { collect, instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples, jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { SYMBOLS } from './make.js';
import { pinOf, pinOptions, trustKind, trustOfToday, withBundle, type PinOptions, type TodayOptions } from './open.js';
import { policyAt, readCrls } from './seal.js';

interface RevalidateOptions extends PinOptions, TodayOptions {
  readonly asKnown?: boolean;
  readonly asNow?: boolean;
  readonly id?: string;
  readonly content?: string;
  readonly at?: string;
  readonly policy?: string;
  readonly trustRecord?: boolean;
  readonly crl?: readonly string[];
}

const MAX_CONTENT_BYTES = 1024 * 1024 * 1024;

/** `hefu evidence revalidate`: the verdict of then, once more; or what today makes of it. */
export function evidenceRevalidateCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = group
    .command('revalidate')
    .description(t('复验：按当时所知重现原结论，或按现在的名单重新判断', 'judge again: reproduce the verdict of then, or judge by the list of today'))
    .argument('<bundle>', t('证据包', 'the bundle'));
  pinOptions(command, context, { zh: '（--as-now）', en: ' (--as-now)' })
    .option('--as-known', t('按当时的名单、证据、策略和时间重现，逐字节比较；不访问网络', 'with the list, evidence, policy and time of then; compared octet by octet, no network'))
    .option('--as-now', t('按现在的名单重新判断，并指出差异', 'with the list of today, and says what is different'))
    .option('--id <id>', t('只复验这一份', 'only this one'))
    .option('--content <file>', t('原文，当证据包只保存了摘要时', 'the signed file, where the bundle keeps digests only'))
    .option('--at <instant>', t('现在的时间（--as-now）；默认系统时间', 'the time of today (--as-now); default the clock'))
    .option('--policy <file>', t('现在的策略（--as-now）；默认内置策略', 'the policy of today (--as-now); default the built-in one'))
    .option('--trust-record', t('采信证据包自述的接收时间和策略（--as-now）：仅当制作者是你们自己', 'believe the time of receipt and the policy that the bundle states (--as-now): for bundles of your own'))
    .option('--crl <file>', t('现在的吊销列表（--as-now）；可多次给出', 'a CRL of today (--as-now); may be repeated'), collect)
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [
      `${terminal.self} evidence revalidate project.zip --as-known --signers role.json`,
      `${terminal.self} evidence revalidate project.zip --as-now --signers role.json --list list.json`,
      `${terminal.self} evidence revalidate project.zip --as-now --root … --scheme https://…`,
    ]))
    .action(async (path: string, options: RevalidateOptions) => {
      const { asKnown = false, asNow = false } = options;
      if (asKnown === asNow) throw usageError('请给出 --as-known 或 --as-now 之一', 'give one of --as-known and --as-now');
      const mode = asKnown ? ({ mode: 'as-known' } as const) : await today(options, context);
      const algorithms = nodeAlgorithms();
      const shared = { algorithms, caches: createJudgeCaches(), shared: createReplayCache() };
      const content = options.content === undefined ? {} : { content: await readBoundedFile(options.content, MAX_CONTENT_BYTES) };
      const results = await withBundle(path, async (bundle) => {
        const found: Revalidation[] = [];
        const pin = await pinOf(options, await trustKind(bundle), context);
        const sealed = mode.mode === 'as-now' ? await provenBy(bundle, mode) : {};
        for (const id of options.id === undefined ? bundle.index.manifests.map((each) => each.id) : [options.id]) {
          found.push(await revalidate({ pin, ...shared, ...content, ...mode, ...sealed, manifest: await bundle.manifest(id), objects: bundle.object }));
        }
        return found;
      });
      if (json) terminal.out(JSON.stringify({ mode: mode.mode, same: results.every(({ same }) => same), results: results.map(({ id, same, stored, report, differences, placedBy }) => ({ id, same, stored: brief(stored), now: brief(report), ...(placedBy === undefined ? {} : { placedBy: inIso(placedBy) }), differences, report })) }, undefined, 2));
      else terminal.out(render(results, context));
      done(results.every(({ same }) => same) ? ExitCode.passed : ExitCode.failed);
    });
}

async function today(options: RevalidateOptions, context: CommandContext): Promise<{ readonly mode: 'as-now'; readonly at: number; readonly trust: Trust; readonly evidence: Evidence; readonly policy?: Policy; readonly trustsRecord: boolean }> {
  if (options.list === undefined && options.scheme === undefined) throw usageError('--as-now 需要用 --list 或 --scheme 给出现在的信任名单', '--as-now needs the trust of today: --list or --scheme');
  const at = options.at === undefined ? Date.now() : instant('--at', options.at);
  const { policy } = options;
  return { mode: 'as-now', at, trust: await trustOfToday(options, at, context), evidence: await readCrls(options.crl), trustsRecord: options.trustRecord === true, ...(policy === undefined ? {} : { policy: await policyAt(policy) }) };
}

/** What the seals prove today of the files: that they were there. Seals that do not hold prove nothing, and `evidence verify` says why. */
async function provenBy(bundle: EvidenceBundle, { trust, at, policy, evidence }: Awaited<ReturnType<typeof today>>) {
  if (bundle.seals === undefined || (await bundle.check()).length > 0) return {};
  const { circumstances: { region } } = await bundle.manifest(bundle.index.manifests[0]!.id);
  const { sealedAt } = await judgeSeals({ seals: readSeals(bundle.seals), files: bundle.digests, trust, policy: policy ?? DEFAULT_POLICY, algorithms: nodeAlgorithms(), at, region, evidence });
  return sealedAt === undefined ? {} : { sealedAt, proofs: proofsOf(bundle.files, sealedAt) };
}

function brief({ conclusion, code }: Revalidation['report']): { readonly conclusion: string; readonly code: string } {
  return { conclusion, code };
}

function inIso({ source, at, stated }: PlacedBy): object {
  const iso = (time: number): string => new Date(time).toISOString();
  return { source, ...(at === undefined ? {} : { at: iso(at) }), ...(stated === undefined ? {} : { stated: iso(stated) }) };
}

/** What the time rests on, where the bundle says another one than what counts. */
function statedTime({ source, at, stated }: PlacedBy, t: (zh: string, en: string) => string): string | undefined {
  if (stated === undefined) return undefined;
  const then = new Date(stated).toISOString();
  const sealed = at === undefined ? '' : new Date(at).toISOString();
  return source === 'seal'
    ? t(`证据包自述的接收时间 ${then} 未采信；以封存时间戳 ${sealed} 为准`, `received ${then}, as the bundle states, does not count; its seal proves ${sealed}`)
    : t(`证据包自述的接收时间 ${then} 未采信，也没有封存时间戳：按现在的时间判断`, `received ${then}, as the bundle states, does not count, and no seal proves a time: judged as of now`);
}

function render(results: readonly Revalidation[], { lang, terminal }: CommandContext): string {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const lines: string[] = [];
  for (const { id, mode, same, stored, report, differences, placedBy } of results) {
    const verdict = ({ conclusion, code }: typeof report): string => `${SYMBOLS[conclusion]} ${conclusion}${code === 'OK' ? '' : ` ${code}`}`;
    if (mode === 'as-known') lines.push(same ? t(`✓ ${id}：重现了原结论，逐字节相同（${verdict(stored)}）`, `✓ ${id}: the same report, octet for octet (${verdict(stored)})`) : t(`✗ ${id}：未能重现原结论`, `✗ ${id}: the report does not come out again`));
    else lines.push(same ? t(`✓ ${id}：结论不变（${verdict(report)}）`, `✓ ${id}: the same verdict (${verdict(report)})`) : t(`! ${id}：当时 ${verdict(stored)}，现在 ${verdict(report)}`, `! ${id}: then ${verdict(stored)}, now ${verdict(report)}`));
    const time = placedBy === undefined ? undefined : statedTime(placedBy, t);
    if (time !== undefined) lines.push(...hanging('    ', time, terminal.width));
    if (same) continue;
    for (const { what, before = '–', after = '–' } of differences) lines.push(...hanging(`    ${what}: `, `${before} → ${after}`, terminal.width));
    for (const { knowledge } of report.signers) if (knowledge !== undefined) lines.push(...hanging('    ', knowledge.message[lang], terminal.width));
  }
  return lines.join('\n');
}
