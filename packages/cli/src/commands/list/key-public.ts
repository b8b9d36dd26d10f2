import { keyThumbprint } from '@hefu/trust-list';
import type { Command } from 'commander';
import type { CommandContext } from '../../command-context.js';
import { ExitCode } from '../../exit-code.js';
import { jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { keyDocument, type KeyDocumentOptions } from '../../list/key-document.js';
import { signingOptions } from '../../list/options.js';
import { signerFrom, type SigningOptions } from '../../list/signer.js';
import { algorithms } from '../../list/tree.js';
import { writeNew } from '../../write-file.js';

/** `hefu list key public`: the public part of a key that was made elsewhere, as on a token. */
export function publicCommand(keys: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  signingOptions(keys.command('public').description(t('为已有的密钥（如介质中的密钥）写出 <名称>.pub.json', 'write <name>.pub.json of a key that is there, as on a token')), context)
    .requiredOption('--org <name>', t('所属机构', 'organisation it belongs to'))
    .option('--owner <name>', t('持有人', 'person who holds it'))
    .option('--not-after <instant>', t('用到何时为止', 'until when it signs'))
    .requiredOption('-o, --output <name>', t('文件名，不含扩展名', 'name of the file, without extension'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .action(async (options: SigningOptions & KeyDocumentOptions & { readonly output: string }) => {
      const document = keyDocument(options);
      const { jwk, alg } = await signerFrom(options, context);
      const open = `${options.output}.pub.json`;
      await writeNew(open, document(jwk), 0o644);
      const thumbprint = keyThumbprint(jwk, algorithms);
      terminal.out(json ? JSON.stringify({ outcome: 'written', public: open, thumbprint, algorithm: alg }, undefined, 2) : t(`公钥 ${open}\n指纹 ${thumbprint}`, `Public key ${open}\nThumbprint ${thumbprint}`));
      done(ExitCode.passed);
    });
}
