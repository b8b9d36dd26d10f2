import { hanging, visible } from '@hefu/verify';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { exitCodeOf } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { readCertificateFiles } from '../../list/certificates.js';
import { publishedSnapshot } from '../../list/client.js';
import { suppose } from '../../list/hypothesis.js';
import { lockOf, timeOf, editCommand } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { candidateBytes } from '../../list/target.js';
import { openTree, settingsOf } from '../../list/tree.js';
import { circumstanceOptions, judgeByList, type CircumstanceOptions } from '../../list/verdict.js';
import type { EditOptions } from '../../list/edit.js';

interface ExplainOptions extends EditOptions, CircumstanceOptions {
  readonly draft?: boolean;
}

/** `hefu list explain`: what the lists say of a certificate here, for this, at this time, and why. */
export function listExplainCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  circumstanceOptions(editCommand(group, context, 'explain', '名单如何看待一张证书，为什么（不查吊销）', 'what the lists say of a certificate, and why; revocation is not asked'), context, true)
    .argument('<certificate>', say(lang, '证书；文件中其余证书视为可能的上级', 'certificate; further ones in the file are tried as issuers'))
    .option('--draft', say(lang, '按草稿判断，而不是已发布的', 'by the draft instead of what is published'))
    .addHelpText('after', examples(lang, [`${terminal.self} list explain company.cer --region 420100 --purpose sign`]))
    .action(async (file: string, options: ExplainOptions) => {
      const at = timeOf(options);
      const [certificate, ...issuers] = await readCertificateFiles([file]);
      const workspace = await openTree(options);
      const trust = await workspace.transact(async (tree) => {
        const { listId } = await settingsOf(tree);
        if (options.draft === true) return (await suppose((await candidateBytes(tree, { proposal: undefined, target: 'list', listId: options.list ?? listId })).bytes, at)).list;
        const snapshot = await publishedSnapshot(tree, at);
        if (snapshot === undefined) throw refusal('NOT_PUBLISHED', '还没有发布过', 'nothing was published yet', { zh: '用 --draft 按草稿判断。', en: 'Give --draft to ask the draft.' });
        return snapshot;
      }, lockOf(options));
      const { verdict, reasons, trustDecision, path, identity } = await judgeByList(certificate!, issuers, trust, options, at);
      if (json) terminal.out(JSON.stringify({ ...verdict, reasons, ...(trustDecision !== undefined && { trustDecision }), path, ...(identity !== undefined && { identity }) }, undefined, 2));
      else {
        terminal.out(say(lang, { passed: '名单认可', failed: '名单不认可', indeterminate: '无法认定' }[verdict.conclusion], { passed: 'The lists recognise it', failed: 'The lists do not recognise it', indeterminate: 'This cannot be told' }[verdict.conclusion]));
        if (trustDecision !== undefined) terminal.out(hanging('  ', visible(`${trustDecision.serviceName[lang]} ${trustDecision.serviceId} (${trustDecision.listId}): ${trustDecision.status} ${say(lang, '自', 'since')} ${trustDecision.statusSince}`), terminal.width).join('\n'));
        for (const { code, message, remedy } of reasons) {
          terminal.out(hanging('  ✗ ', visible(`${message[lang]} [${code}]`), terminal.width).join('\n'));
          terminal.out(hanging(say(lang, '    怎么办：', '    what to do: '), visible(remedy[lang]), terminal.width).join('\n'));
        }
      }
      done(exitCodeOf(verdict.conclusion));
    });
}
