import { readBoundedFile } from '@hefu/node';
import { identify } from '@hefu/pki';
import { renderReport, type PdfReport, type Report } from '@hefu/verify';
import type { Command } from 'commander';
import { circumstanceOptions, circumstancesOf, type CircumstanceOptions } from '../circumstances.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { usageError } from '../error.js';
import { exitCodeOf } from '../exit-code.js';
import { examples } from '../help.js';
import { say } from '../language.js';
import { openVerifier } from '../open-verifier.js';
import { renderSealed } from '../render-sealed.js';

/** `hefu verify`: a bid and its signature in, a verdict out. */
export function verifyCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = program
    .command('verify')
    .description(t('依据信任名单验证签名文件', 'verify a signed file against a trust list'))
    .argument('<file>', t('被签名的文件；原文就在签名里时写 -', 'the signed document; - when it is inside the signature'))
    .argument('[signature]', t('签名：CMS、PKCS #7 或 GM/T 0010；DER、PEM 或 base64；不写时验证 PDF 内的签名', 'the signature: CMS, PKCS #7 or GM/T 0010; DER, PEM or base64; left out: the signatures inside a PDF'));
  circumstanceOptions(command, context)
    .option('--full', t('列出每一项检查', 'show every check'))
    .addHelpText('after', examples(lang, [
      `${terminal.self} verify --list list.json --signers role.json \\`,
      '    --region 420100 bid.pdf bid.p7s',
      `${terminal.self} verify --list list.json --signers role.json --region 420100 signed.pdf`,
      `${terminal.self} verify --scheme https://… --root … --region 420100 \\`,
      '    --require-signers roles.json bid.pdf bid.p7s',
    ]))
    .action(async (file: string, signature: string | undefined, options: CircumstanceOptions & { readonly full?: boolean }) => {
      const report = await verify(file, signature, options, context);
      if (json) terminal.out(JSON.stringify(report, undefined, 2));
      else if (report.type === 'hefu-pdf-report') terminal.out(renderSealed(report, context));
      else terminal.out(renderReport(report, { lang, width: terminal.width, colour: terminal.colour, detail: options.full === true ? 'full' : 'short' }));
      if (report.type === 'hefu-report' && await areSwapped(report, file)) terminal.note(t('hefu: 两个参数似乎颠倒了：先写文件，后写签名', 'hefu: the arguments look swapped: the file comes first, then its signature'));
      done(exitCodeOf(report.conclusion));
    });
}

async function verify(file: string, signature: string | undefined, options: CircumstanceOptions, context: CommandContext): Promise<Report | PdfReport> {
  const asked = await circumstancesOf(options);
  if (signature === undefined && file === '-') throw usageError('原文在签名里时，请在 - 之后给出签名文件', 'with -, give the signature that holds the document');
  const verifier = await openVerifier({ ...options, at: asked.at }, context);
  try {
    // Files name themselves when they cannot be read; what is malformed in a signature is a report.
    return await about('--crl, --certificate', (): Promise<Report | PdfReport> =>
      signature === undefined
        ? verifier.verifyPdf({ ...asked, pdf: { path: file } })
        : verifier.verify({ ...asked, signature: { path: signature }, ...(file === '-' ? {} : { content: { path: file } }) }),
    );
  } finally {
    verifier.close();
  }
}

/** No signature is larger than this, so a larger document is none. */
const MAX_GLANCE_BYTES = 16 * 1024 * 1024;

/** Whether what was given as the document is the signature. */
async function areSwapped(report: Report, file: string): Promise<boolean> {
  if (file === '-' || (report.code !== 'MESSAGE_MALFORMED' && report.code !== 'MESSAGE_NOT_SIGNED_DATA')) return false;
  try {
    return /^(signed-data$|pem:(PKCS7|CMS))/.test(identify(await readBoundedFile(file, MAX_GLANCE_BYTES)));
  } catch {
    return false; // a hint only
  }
}
