import { readBoundedFile } from '@hefu/node';
import { identify } from '@hefu/pki';
import { renderReport, type JudgeContext, type Report } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { collect, instant, regionCode } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { about } from '../complaint.js';
import { exitCodeOf } from '../exit-code.js';
import { examples, jsonOption, langOption } from '../help.js';
import { say } from '../language.js';
import { openVerifier } from '../open-verifier.js';
import { trustOptions, type TrustOptions } from '../trust-options.js';

interface VerifyOptions extends TrustOptions {
  readonly region: string;
  readonly transaction?: string;
  readonly purpose?: NonNullable<JudgeContext['purpose']>;
  readonly scene: JudgeContext['scene'];
  readonly role?: string;
  readonly at?: string;
  readonly received?: string;
  readonly policy?: string;
  readonly cache?: string;
  readonly crl?: readonly string[];
  readonly crlFolder?: readonly string[];
  readonly certificate?: readonly string[];
  readonly offline?: boolean;
  readonly full?: boolean;
}

/** `hefu verify`: a bid and its signature in, a verdict out. */
export function verifyCommand(program: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const command = program
    .command('verify')
    .description(t('依据信任名单验证签名文件', 'verify a signed file against a trust list'))
    .argument('<file>', t('被签名的文件；原文就在签名里时写 -', 'the signed document; - when it is inside the signature'))
    .argument('<signature>', t('签名：CMS、PKCS #7 或 GM/T 0010；DER、PEM 或 base64', 'the signature: CMS, PKCS #7 or GM/T 0010; DER, PEM or base64'));
  trustOptions(command, context)
    .requiredOption('--region <code>', t('平台所在地的六位行政区划代码（GB/T 2260）', 'six-digit GB/T 2260 code of the platform'))
    .option('--transaction <kind>', t('交易类别，按名单的写法', 'kind of transaction, as the list spells it'))
    .addOption(new Option('--purpose <purpose>', t('auth、sign、seal 或 encrypt；默认随场景', 'auth, sign, seal or encrypt; default by the scene')).choices(['auth', 'sign', 'seal', 'encrypt']))
    .addOption(new Option('--scene <scene>', t('login、bid-signing、opening 或 archive；默认 bid-signing', 'login, bid-signing, opening or archive; default bid-signing')).choices(['login', 'bid-signing', 'opening', 'archive']).default('bid-signing'))
    .option('--role <role>', t('签名人的角色，按名单的写法', 'role of the signer, as the list spells it'))
    .option('--at <instant>', t('验证时间，如 2026-11-21T09:30:00+08:00；默认现在', 'validation time, like 2026-11-21T09:30:00+08:00; default now'))
    .option('--received <instant>', t('平台能证明的收到签名的时间', 'when the platform can prove it received the signature'))
    .option('--policy <file>', t('策略文件；默认内置', 'policy document; default built in'))
    .option('--cache <folder>', t('保存名单和吊销列表，供下次使用', 'keeps the list and CRLs between runs'))
    .option('--crl <file>', t('作为证据的吊销列表；可多次给出', 'a CRL to use as evidence; may be repeated'), collect)
    .option('--crl-folder <path>', t('运维保存的吊销列表：文件或文件夹；读不了的只在报告里说明；可多次给出', 'CRLs kept by operations: a file or a folder; those that cannot be read are told in the report; may be repeated'), collect)
    .option('--certificate <file>', t('可能用到的上级证书，不因此被信任；可多次给出', 'issuer certificates to try, not trusted by this; may be repeated'), collect)
    .option('--offline', t('不访问网络', 'fetch nothing'))
    .option('--full', t('列出每一项检查', 'show every check'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .addHelpText('after', examples(lang, [
      `${terminal.self} verify --list list.json --signers role.json \\`,
      '    --region 420100 bid.pdf bid.p7s',
    ]))
    .action(async (file: string, signature: string, options: VerifyOptions) => {
      const report = await verify(file, signature, options, context);
      if (json) terminal.out(JSON.stringify(report, undefined, 2));
      else terminal.out(renderReport(report, { lang, width: terminal.width, colour: terminal.colour, detail: options.full === true ? 'full' : 'short' }));
      if (await areSwapped(report, file)) terminal.note(t('hefu: 两个参数似乎颠倒了：先写文件，后写签名', 'hefu: the arguments look swapped: the file comes first, then its signature'));
      done(exitCodeOf(report.conclusion));
    });
}

async function verify(file: string, signature: string, options: VerifyOptions, context: CommandContext): Promise<Report> {
  const region = regionCode(options.region);
  const at = options.at === undefined ? undefined : instant('--at', options.at);
  const received = options.received === undefined ? undefined : instant('--received', options.received);
  const verifier = await openVerifier({ ...options, at }, context);
  try {
    // Files name themselves when they cannot be read; what is malformed in a signature is a report.
    return await about('--crl, --certificate', () =>
      verifier.verify({
        signature: { path: signature },
        ...(file === '-' ? {} : { content: { path: file } }),
        region,
        scene: options.scene,
        ...(options.transaction === undefined ? {} : { transaction: options.transaction }),
        ...(options.purpose === undefined ? {} : { purpose: options.purpose }),
        ...(options.role === undefined ? {} : { role: options.role }),
        ...(at === undefined ? {} : { at }),
        ...(received === undefined ? {} : { bestSignatureTime: received }),
        ...(options.crl === undefined ? {} : { crls: options.crl.map((path) => ({ path })) }),
        ...(options.certificate === undefined ? {} : { certificates: options.certificate.map((path) => ({ path })) }),
      }),
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
