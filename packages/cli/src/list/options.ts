import type { Command } from 'commander';
import { collect, instant } from '../arguments.js';
import type { CommandContext } from '../command-context.js';
import { usageError } from '../error.js';
import { jsonOption, langOption } from '../help.js';
import { say } from '../language.js';

/** Options of every command that works on a tree. */
export interface TreeOptions {
  readonly tree: string;
  readonly wait: string;
  readonly at?: string;
}

export type Translate = (zh: string, en: string) => string;

/** A command on a working tree: what it is, and the options that all of them have. */
export function treeCommand(group: Command, { lang }: CommandContext, name: string, zh: string, en: string): Command {
  return group
    .command(name)
    .description(say(lang, zh, en))
    .option('-C, --tree <folder>', say(lang, '名单工作目录；默认当前目录', 'working tree of the lists; default: the current folder'), '.')
    .option('--wait <seconds>', say(lang, '目录被他人占用时最多等待的秒数；默认 0', 'seconds to wait while somebody else is at the tree; default 0'), '0')
    .option('--at <instant>', say(lang, '以此时间办理；默认现在', 'time of the act; default now'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang));
}

/** As {@link treeCommand}, for editing a list. */
export function editCommand(group: Command, context: CommandContext, name: string, zh: string, en: string): Command {
  return treeCommand(group, context, name, zh, en).option('--list <id>', say(context.lang, '编辑哪份名单；默认顶层名单', 'which list; default: the top list'));
}

/** Options of what a person signs. */
export function signingOptions(command: Command, { lang }: CommandContext): Command {
  return command
    .option('--key <file>', say(lang, '私钥文件：加密 JWK、PKCS #8 或 PFX；也可写 pkcs11:token=…;object=…?module-path=…', 'private key: encrypted JWK, PKCS #8 or PFX; or pkcs11:token=…;object=…?module-path=…'))
    .option('--passphrase-env <name>', say(lang, '口令所在的环境变量', 'environment variable with the passphrase'))
    .option('--passphrase-fd <number>', say(lang, '从此文件描述符读取口令', 'file descriptor to read the passphrase from'));
}

export function yesOption(command: Command, { lang }: CommandContext): Command {
  return command.option('--yes', say(lang, '不再询问确认', 'ask nothing'));
}

export function timeOf({ at }: { readonly at?: string }): number {
  return at === undefined ? Date.now() : instant('--at', at);
}

export function lockOf({ wait }: { readonly wait: string }): { readonly waitMs: number } {
  const seconds = /^\d{1,5}$/.test(wait) ? Number(wait) : Number.NaN;
  if (Number.isNaN(seconds)) throw usageError(`--wait 应为秒数，而不是 ${JSON.stringify(wait)}`, `--wait takes seconds, not ${JSON.stringify(wait)}`);
  return { waitMs: seconds * 1000 };
}

export function scopeOptions(command: Command, { lang }: CommandContext): Command {
  return command
    .requiredOption('--region <code>', say(lang, '适用地区：六位代码或带 * 的前缀；可多次给出', 'region: six digits, or a prefix with *; may be repeated'), collect)
    .option('--transaction <kind>', say(lang, '交易类别；可多次给出；不给即不限', 'kind of transaction; may be repeated; none: any'), collect)
    .option('--role <role>', say(lang, '签名人角色；可多次给出；不给即不限', 'role of the signer; may be repeated; none: any'), collect)
    .option('--purpose <purpose>', say(lang, 'auth、sign、seal 或 encrypt；可多次给出；不给即不限', 'auth, sign, seal or encrypt; may be repeated; none: any'), collect)
    .option('--from <instant>', say(lang, '自何时起适用', 'from when'))
    .option('--until <instant>', say(lang, '至何时止适用', 'until when'));
}

export function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw usageError(`${option} 应为正整数，而不是 ${JSON.stringify(text)}`, `${option} takes a whole number, not ${JSON.stringify(text)}`);
}
