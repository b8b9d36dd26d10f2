import { readBoundedFile, type VerifyRequest } from '@hefu/node';
import { readJson, TrustListError } from '@hefu/trust-list';
import type { JudgeContext } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { collect, instant, regionCode } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { about } from './complaint.js';
import { CliError } from './error.js';
import { jsonOption, langOption } from './help.js';
import { say } from './language.js';
import { trustOptions, type TrustOptions } from './trust-options.js';

/** What every verdict is asked under, as it was typed. */
export interface CircumstanceOptions extends TrustOptions {
  readonly region: string;
  readonly transaction?: string;
  readonly purpose?: NonNullable<JudgeContext['purpose']>;
  readonly scene: JudgeContext['scene'];
  readonly role?: string;
  readonly requireSigners?: string;
  readonly at?: string;
  readonly received?: string;
  readonly policy?: string;
  readonly cache?: string;
  readonly crl?: readonly string[];
  readonly crlFolder?: readonly string[];
  readonly certificate?: readonly string[];
  readonly offline?: boolean;
}

/** Adds the options of trust, place, time and evidence. */
export function circumstanceOptions(command: Command, context: CommandContext): Command {
  const { lang } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  return trustOptions(command, context)
    .requiredOption('--region <code>', t('平台所在地的六位行政区划代码（GB/T 2260）', 'six-digit GB/T 2260 code of the platform'))
    .option('--transaction <kind>', t('交易类别，按名单的写法', 'kind of transaction, as the list spells it'))
    .addOption(new Option('--purpose <purpose>', t('auth、sign、seal 或 encrypt；默认随场景', 'auth, sign, seal or encrypt; default by the scene')).choices(['auth', 'sign', 'seal', 'encrypt']))
    .addOption(new Option('--scene <scene>', t('login、bid-signing、opening 或 archive；默认 bid-signing', 'login, bid-signing, opening or archive; default bid-signing')).choices(['login', 'bid-signing', 'opening', 'archive']).default('bid-signing'))
    .option('--role <role>', t('签名人的角色，按名单的写法', 'role of the signer, as the list spells it'))
    .option('--require-signers <file>', t('谁必须签名：JSON 数组，成员为 role、subjectType、uscc、certificatePolicies、count', 'who must have signed: a JSON array of { role, subjectType, uscc, certificatePolicies, count }'))
    .option('--at <instant>', t('验证时间，如 2026-11-21T09:30:00+08:00；默认现在', 'validation time, like 2026-11-21T09:30:00+08:00; default now'))
    .option('--received <instant>', t('平台能证明的收到签名的时间', 'when the platform can prove it received the signature'))
    .option('--policy <file>', t('策略文件；默认内置', 'policy document; default built in'))
    .option('--cache <folder>', t('保存名单和吊销列表，供下次使用', 'keeps the list and CRLs between runs'))
    .option('--crl <file>', t('作为证据的吊销列表；可多次给出', 'a CRL to use as evidence; may be repeated'), collect)
    .option('--crl-folder <path>', t('运维保存的吊销列表：文件或文件夹；读不了的只在报告里说明；可多次给出', 'CRLs kept by operations: a file or a folder; those that cannot be read are told in the report; may be repeated'), collect)
    .option('--certificate <file>', t('可能用到的上级证书，不因此被信任；可多次给出', 'issuer certificates to try, not trusted by this; may be repeated'), collect)
    .option('--offline', t('不访问网络', 'fetch nothing'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang));
}

/** The request, but for what is to be judged. @throws CliError USAGE | REQUIREMENTS_INVALID, or of the file that cannot be read */
export async function circumstancesOf(options: CircumstanceOptions): Promise<Omit<VerifyRequest, 'signature' | 'content'>> {
  const { scene, transaction, purpose, role, requireSigners, received, crl, certificate } = options;
  const at = options.at === undefined ? undefined : instant('--at', options.at);
  return {
    region: regionCode(options.region),
    scene,
    ...(transaction === undefined ? {} : { transaction }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(role === undefined ? {} : { role }),
    ...(requireSigners === undefined ? {} : { requireSigners: await readRequirements(requireSigners) }),
    ...(at === undefined ? {} : { at }),
    ...(received === undefined ? {} : { bestSignatureTime: instant('--received', received) }),
    ...(crl === undefined ? {} : { crls: crl.map((path) => ({ path })) }),
    ...(certificate === undefined ? {} : { certificates: certificate.map((path) => ({ path })) }),
  };
}

const MAX_REQUIREMENTS_BYTES = 64 * 1024;

/** Strict JSON; what its members may be the judge says (CONTEXT_INVALID). */
async function readRequirements(path: string): Promise<NonNullable<JudgeContext['requireSigners']>> {
  const bytes = await about(path, () => readBoundedFile(path, MAX_REQUIREMENTS_BYTES));
  try {
    return readJson(bytes, { maxBytes: MAX_REQUIREMENTS_BYTES, maxDepth: 4 }) as never;
  } catch (cause) {
    if (!(cause instanceof TrustListError)) throw cause;
    throw new CliError({ code: 'REQUIREMENTS_INVALID', message: { zh: `${path}：无法读取为 JSON`, en: `${path}: it cannot be read as JSON` }, details: [cause.message] }, { cause });
  }
}
