import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { runGate } from '../../list/client.js';
import { nextFreshness } from '../../list/freshness.js';
import { lockOf, signingOptions, timeOf, treeCommand, type TreeOptions } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { signerFrom, type SigningOptions } from '../../list/signer.js';
import { openTree, publishedRoot, settingsOf } from '../../list/tree.js';
import { gateRefused, overlay } from './publish.js';

interface FreshenOptions extends TreeOptions, SigningOptions {
  readonly life?: string;
}

/** `hefu list freshen`: says again which documents are current. For a timer, with the online key. */
export function listFreshenCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  signingOptions(treeCommand(group, context, 'freshen', '更新时效文件；用联机密钥定时运行', 'renew the freshness document; run it on a timer, with the online key'), context)
    .option('--life <duration>', say(lang, '有效期，如 P7D；默认取上限', 'how long it lives, like P7D; default: as long as it may'))
    .addHelpText('after', examples(lang, [`${terminal.self} list freshen -C /srv/trust --key online.key --passphrase-env FRESHEN_PASS`]))
    .action(async (options: FreshenOptions) => {
      const at = timeOf(options);
      const signer = await signerFrom(options, context);
      const workspace = await openTree(options);
      const { version, gate } = await workspace.transact(async (tree) => {
        await settingsOf(tree);
        const root = await publishedRoot(tree);
        if (root === undefined || (await tree.read('published/freshness.json')) === undefined) throw refusal('NOT_PUBLISHED', '还没有发布过', 'nothing was published yet', { zh: '先运行 hefu list publish。', en: 'Run hefu list publish first.' });
        const freshness = await nextFreshness(tree, { root, lists: new Map(), signer, at, ...(options.life !== undefined && { life: options.life }) });
        const gate = await runGate(tree, overlay(tree, freshness.changes), at);
        const refused = gate.find(({ outcome }) => outcome === 'refuses');
        if (refused !== undefined) throw gateRefused(refused, gate);
        await tree.commit(freshness.changes);
        return { version: freshness.version, gate };
      }, lockOf(options));
      terminal.out(json ? JSON.stringify({ outcome: 'freshened', version, gate }, undefined, 2) : say(lang, `时效文件已更新为第 ${version} 份`, `The freshness document is now ${version}`));
      done(ExitCode.passed);
    });
}
