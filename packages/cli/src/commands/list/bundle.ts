import { readBoundedFile } from '@hefu/node';
import { DEFAULT_LIMITS, makeBundle, readBundle } from '@hefu/trust-list';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { about } from '../../complaint.js';
import { ExitCode } from '../../exit-code.js';
import { jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { publishedSnapshot } from '../../list/client.js';
import { lockOf, timeOf, treeCommand, type TreeOptions } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { algorithms, openTree, settingsOf } from '../../list/tree.js';
import { writeWhole } from '../../write-file.js';
import { fingerprintFrom, tellOutcome } from './verify.js';

/** `hefu list bundle …`: every document in one file, for the air gap and for evidence. */
export function listBundleCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const bundle = group.command('bundle').description(t('把全部文件装成一个，用于隔离网络和存证', 'every document in one file, for the air gap and for evidence')).addOption(jsonOption(lang)).addOption(langOption(lang)).enablePositionalOptions();

  treeCommand(bundle, context, 'make', '由已发布的文件制作', 'make it of what is published')
    .requiredOption('-o, --output <file>', t('写到哪里', 'where to write it'))
    .action(async (options: TreeOptions & { readonly output: string }) => {
      const workspace = await openTree(options);
      const snapshot = await workspace.transact(async (tree) => {
        await settingsOf(tree);
        return publishedSnapshot(tree, timeOf(options));
      }, lockOf(options));
      if (snapshot === undefined) throw refusal('NOT_PUBLISHED', '还没有发布过', 'nothing was published yet', { zh: '先运行 hefu list publish。', en: 'Run hefu list publish first.' });
      const bytes = makeBundle(snapshot);
      await writeWhole(options.output, bytes);
      terminal.out(json ? JSON.stringify({ outcome: 'made', output: options.output, octets: bytes.length, roots: snapshot.roots.length, lists: snapshot.lists.size }, undefined, 2) : t(`${options.output}：${bytes.length} 字节，${snapshot.lists.size} 份名单`, `${options.output}: ${bytes.length} octets, ${snapshot.lists.size} lists`));
      done(ExitCode.passed);
    });

  bundle
    .command('verify')
    .description(t('从核对过的根文件指纹出发，验证打包文件', 'verify a bundle, from the fingerprint of a root'))
    .argument('<file>', t('打包文件', 'the bundle'))
    .option('--fingerprint <sha256>', t('根文件的 SHA-256 指纹', 'SHA-256 fingerprint of the root'))
    .option('--sm3 <sm3>', t('根文件的 SM3 指纹', 'its SM3 fingerprint'))
    .option('--at <instant>', t('按哪个时间验证；默认现在', 'time to verify at; default now'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .action(async (file: string, options: { readonly fingerprint?: string; readonly sm3?: string; readonly at?: string }) => {
      const from = fingerprintFrom(options);
      const bytes = await about(file, () => readBoundedFile(file, DEFAULT_LIMITS.maxBundleBytes));
      done(tellOutcome(await readBundle(bytes, { algorithms, at: timeOf(options), from }), file, context));
    });
}
