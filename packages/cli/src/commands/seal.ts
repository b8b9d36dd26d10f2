import type { Command } from 'commander';
import type { SealReport } from '@hefu/verify';
import { circumstanceOptions, circumstancesOf, type CircumstanceOptions } from '../circumstances.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { exitCodeOf } from '../exit-code.js';
import { examples } from '../help.js';
import { say } from '../language.js';
import { openVerifier } from '../open-verifier.js';
import { renderSealed } from '../render-sealed.js';

/** `hefu seal`: an electronic seal, or a stamped signature with what is stamped, in; a verdict out. */
export function sealCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = program
    .command('seal')
    .description(t('依据信任名单验证电子印章或盖章数据', 'verify an electronic seal, or a document stamped with one'))
    .argument('<file>', t('电子印章（SESeal）或盖章数据（SES_Signature）；DER 或 base64', 'a seal (SESeal) or a stamped signature (SES_Signature); DER or base64'))
    .argument('[content]', t('被盖章的原文', 'what was stamped'));
  circumstanceOptions(command, context)
    .addHelpText('after', examples(lang, [`${terminal.self} seal --list list.json --signers role.json --region 420100 bid.ses bid.txt`]))
    .action(async (file: string, content: string | undefined, options: CircumstanceOptions) => {
      const report = await judged(file, content, options, context);
      terminal.out(json ? JSON.stringify(report, undefined, 2) : renderSealed(report, context));
      done(exitCodeOf(report.conclusion));
    });
}

async function judged(file: string, content: string | undefined, options: CircumstanceOptions, context: CommandContext): Promise<SealReport> {
  const asked = await circumstancesOf(options);
  const verifier = await openVerifier({ ...options, at: asked.at }, context);
  try {
    return await about(file, () => verifier.verifySeal({ ...asked, seal: { path: file }, ...(content === undefined ? {} : { content: { path: content } }) }));
  } finally {
    verifier.close();
  }
}
