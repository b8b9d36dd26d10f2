import { addDelegation, narrowDelegation, removeDelegation, type DelegationNarrowing, type ServiceKind } from '@hefu/trust-list';
import { Option, type Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { editList, type EditOptions } from '../../list/edit.js';
import { familiesOf, readPublicKey } from '../../list/key-file.js';
import { editCommand, wholeNumber } from '../../list/options.js';
import { purposesFrom, regionsFrom } from '../../list/scope.js';
import { editContext } from '../../list/tree.js';

interface DelegateOptions extends EditOptions {
  readonly name: string;
  readonly key: readonly string[];
  readonly threshold?: string;
  readonly distinctOrgs?: string;
  readonly families?: string;
  readonly region?: readonly string[];
  readonly mode?: 'restrict-only' | 'may-grant';
  readonly kind?: readonly string[];
  readonly purpose?: readonly string[];
  readonly maxNextUpdate?: string;
  readonly location?: readonly string[];
}

/** `hefu list delegate …`: what a list hands to lists below it. */
export function listDelegateCommand(group: Command, context: CommandContext): void {
  const { lang } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const delegate = group.command('delegate').description(t('对下级名单的授权', 'what is handed to lists below')).addOption(jsonOption(lang)).addOption(langOption(lang)).enablePositionalOptions();

  termsOf(editCommand(delegate, context, 'add', '授权给一份下级名单', 'delegate to a list below').argument('<listId>', t('下级名单编号', 'id of the list below')), context)
    .requiredOption('--name <text>', t('下级名单名称', 'its name'))
    .requiredOption('--key <file>', t('有权签署它的公钥 .pub.json；可多次给出', 'public key that may sign it, .pub.json; may be repeated'), collect)
    .option('--families <F1:n,F2:n>', t('需要几个国际算法、国密签名', 'how many international and SM2 signatures'))
    .option('--location <url>', t('它的发布地址，以 / 结尾；可多次给出', 'where it is published, ending in /; may be repeated'), collect)
    .action(async (listId: string, options: DelegateOptions) => {
      const keys = await Promise.all(options.key.map(readPublicKey));
      await editList(options, context, (draft) => addDelegation(draft, {
        listId, name: { zh: options.name }, keys, threshold: Math.max(1, keys.length - 1), mode: 'restrict-only', regions: [],
        ...narrowingFrom(options),
        ...(options.families !== undefined && { families: familiesOf('--families', options.families) }),
        ...(options.location !== undefined && { location: options.location }),
      }, editContext));
    });

  termsOf(editCommand(delegate, context, 'narrow', '收窄授权；不能放宽', 'narrow a delegation; it cannot widen').argument('<listId>', t('下级名单编号', 'id of the list below')), context)
    .action((listId: string, options: DelegateOptions) => editList(options, context, (draft) => narrowDelegation(draft, listId, narrowingFrom(options), editContext)));

  editCommand(delegate, context, 'remove', '取消授权', 'take a delegation away')
    .argument('<listId>', t('下级名单编号', 'id of the list below'))
    .action((listId: string, options: EditOptions) => editList(options, context, (draft) => removeDelegation(draft, listId)));
}

function termsOf(command: Command, { lang }: CommandContext): Command {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  return command
    .option('--region <code>', t('授权的地区：六位代码或带 * 的前缀；可多次给出', 'its regions: six digits, or a prefix with *; may be repeated'), collect)
    .addOption(new Option('--mode <mode>', t('restrict-only 只能收紧；may-grant 也可自列 CA；默认 restrict-only', 'restrict-only, or may-grant: it may list CAs of its own; default restrict-only')).choices(['restrict-only', 'may-grant']))
    .option('--kind <kind>', t('可列的服务种类；可多次给出', 'kinds of service it may grant; may be repeated'), collect)
    .option('--purpose <purpose>', t('可认可的用途；可多次给出', 'purposes it may grant; may be repeated'), collect)
    .option('--threshold <n>', t('需要几人签名', 'how many must sign it'))
    .option('--distinct-orgs <n>', t('需要几家机构', 'of how many organisations'))
    .option('--max-next-update <duration>', t('它的最长有效期，如 P90D', 'how long it may live, like P90D'));
}

function narrowingFrom({ region, mode, kind, purpose, threshold, distinctOrgs, maxNextUpdate }: DelegateOptions): DelegationNarrowing {
  return {
    ...(region !== undefined && { regions: regionsFrom(region) }),
    ...(mode !== undefined && { mode }),
    ...(kind !== undefined && { kinds: kind as readonly ServiceKind[] }),
    ...(purpose !== undefined && { purposes: purposesFrom(purpose) }),
    ...(threshold !== undefined && { threshold: wholeNumber('--threshold', threshold) }),
    ...(distinctOrgs !== undefined && { distinctOrgs: wholeNumber('--distinct-orgs', distinctOrgs) }),
    ...(maxNextUpdate !== undefined && { maxNextUpdate }),
  };
}
