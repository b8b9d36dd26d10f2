import type { Command } from 'commander';
import { collect } from './arguments.js';
import type { CommandContext } from './command-context.js';
import { usageError } from './error.js';
import { say } from './language.js';

/** What a command trusts, as it was typed. */
export interface TrustOptions {
  /** One list: file or URL. */
  readonly list?: string;
  /** Role file; else `HEFU_LIST_SIGNERS`. */
  readonly signers?: string;
  /** A scheme: a folder, a bundle, or URLs that mirror each other. */
  readonly scheme?: readonly string[];
  /** Its root: fingerprint or file; else `HEFU_SCHEME_ROOT`. */
  readonly root?: string;
}

/** One list and its signers, or a scheme and its root. */
export type ChosenTrust =
  | { readonly kind: 'list'; readonly list: string; readonly signers: string }
  | { readonly kind: 'scheme'; readonly scheme: readonly string[]; readonly root: string };

/** Adds `--list`, `--signers`, `--scheme` and `--root`. */
export function trustOptions(command: Command, { lang }: Pick<CommandContext, 'lang'>): Command {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  return command
    .option('--list <file|url>', t('信任名单', 'the trust list'))
    .option('--signers <file>', t('谁有权签署名单（角色文件）；也可用 HEFU_LIST_SIGNERS', 'who may sign the list (role file); or HEFU_LIST_SIGNERS'))
    .option('--scheme <folder|url|bundle>', t('整个方案，代替 --list：根、时效、省市名单；多个网址互为镜像', 'a whole scheme, instead of --list: root, freshness, lists of provinces and cities; several URLs are mirrors'), collect)
    .option('--root <fingerprint|file>', t('方案的根：经核对的指纹，或根文件；也可用 HEFU_SCHEME_ROOT', 'the root of the scheme: the fingerprint that was compared, or the file; or HEFU_SCHEME_ROOT'));
}

/**
 * Undefined when neither `--list` nor `--scheme` is given.
 * @throws CliError USAGE
 */
export function chosenTrust({ list, signers, scheme, root }: TrustOptions, env: Readonly<Record<string, string | undefined>>): ChosenTrust | undefined {
  if (list !== undefined && scheme !== undefined) throw usageError('--list 和 --scheme 只能给出一个', 'give --list or --scheme, not both');
  if (scheme !== undefined) {
    if (signers !== undefined) throw usageError('--signers 属于 --list；方案的信任来自 --root', '--signers goes with --list; a scheme is trusted by its --root');
    const from = root ?? (env['HEFU_SCHEME_ROOT'] || undefined);
    if (from === undefined) {
      throw usageError('这个方案的根是哪一个？请给出 --root <指纹或文件>，或设置环境变量 HEFU_SCHEME_ROOT', 'which root does this scheme begin at? give --root <fingerprint or file>, or set HEFU_SCHEME_ROOT', {
        zh: '指纹由名单运营方通过另一途径提供，请人工核对；试用环境的在 <文件夹>/scheme/fingerprint.txt。', en: 'The operator tells the fingerprint by another way than the scheme, and people compare it; a sandbox world has it in <folder>/scheme/fingerprint.txt.',
      });
    }
    return { kind: 'scheme', scheme, root: from };
  }
  if (root !== undefined) throw usageError('--root 属于 --scheme', '--root goes with --scheme');
  if (list === undefined) return undefined;
  // Whoever could swap the list could swap signers that come with it, so they are asked for by themselves.
  const role = signers ?? (env['HEFU_LIST_SIGNERS'] || undefined);
  if (role === undefined) {
    throw usageError(
      '谁有权签署信任名单？请给出 --signers <file>，或设置环境变量 HEFU_LIST_SIGNERS',
      'who may sign the trust list? give --signers <file>, or set HEFU_LIST_SIGNERS',
      { zh: '签名角色文件由名单运营方通过另一途径提供；试用环境的在 <文件夹>/list/role.json。', en: 'The list operator provides this role file by another way than the list; a sandbox world has it in <folder>/list/role.json.' },
    );
  }
  return { kind: 'list', list, signers: role };
}

/** @throws CliError USAGE when neither is given */
export function requiredTrust(options: TrustOptions, env: Readonly<Record<string, string | undefined>>): ChosenTrust {
  const chosen = chosenTrust(options, env);
  if (chosen === undefined) throw usageError('请给出 --list <信任名单>，或 --scheme <方案>', 'give --list <trust list> or --scheme <scheme>');
  return chosen;
}
