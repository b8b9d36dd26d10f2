import { nodeAlgorithms, readBoundedFile } from '@hefu/node';
import { readCertificates } from '@hefu/pki';
import { explainCertificate, renderCertificate } from '@hefu/verify';
import type { Command } from 'commander';
import { instant } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { ExitCode } from '../exit-code.js';
import { examples, jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { openVerifier } from '../open-verifier.js';
import { chosenTrust, trustOptions, type TrustOptions } from '../trust-options.js';

interface CertOptions extends TrustOptions {
  readonly cache?: string;
  readonly at?: string;
  readonly reveal?: boolean;
  readonly offline?: boolean;
}

/** A certificate and a few issuers in PEM. */
const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** `hefu cert`: what a certificate says, where it leaves the standard, whose it is, who answers for it. */
export function certCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = program
    .command('cert')
    .description(t('解读一张证书：内容、身份、由谁负责、与标准的差异', 'explain a certificate: what it says, whose it is, who answers for it'))
    .argument('<file>', t('证书：DER、PEM 或 base64；文件中其余证书视为可能的上级', 'certificate: DER, PEM or base64; further ones in the file are tried as issuers'));
  trustOptions(command, context)
    .option('--cache <folder>', t('保存名单，供下次使用', 'keeps the list between runs'))
    .option('--at <instant>', t('按哪个时间判断有效期；默认现在', 'time to judge its validity at; default now'))
    .option('--reveal', t('完整显示个人证件号码和姓名', 'show personal numbers and names in full'))
    .option('--offline', t('不访问网络', 'fetch nothing'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [
      `${terminal.self} cert company.cer`,
      `${terminal.self} cert company.pem \\`,
      '    --list list.json --signers role.json',
    ]))
    .action(async (file: string, options: CertOptions) => {
      const at = options.at === undefined ? undefined : instant('--at', options.at);
      const certificates = await about(file, async () => readCertificates(await readBoundedFile(file, MAX_FILE_BYTES)));
      const verifier = chosenTrust(options, terminal.env) === undefined ? undefined : await openVerifier({ ...options, at }, context);
      try {
        const [certificate, ...candidateCertificates] = certificates;
        const explanation = await about(file, () =>
          explainCertificate({
            certificate: certificate!,
            candidateCertificates,
            algorithms: nodeAlgorithms(),
            at: at ?? Date.now(),
            reveal: options.reveal === true,
            ...(verifier === undefined ? {} : { trustList: verifier.trust }),
          }),
        );
        if (json) terminal.out(JSON.stringify(explanation, undefined, 2));
        else terminal.out(renderCertificate(explanation, { lang, width: terminal.width, colour: terminal.colour }));
        if (candidateCertificates.length > 0) {
          const count = candidateCertificates.length;
          terminal.note(t(`文件中另有 ${count} 张证书，只用来查找上级`, `${count} further certificate${count === 1 ? '' : 's'} in the file, tried as issuers only`));
        }
      } finally {
        verifier?.close();
      }
      done(ExitCode.passed);
    });
}
