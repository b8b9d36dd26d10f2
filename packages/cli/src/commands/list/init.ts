import { createListWorkspace, draftPath, SETTINGS_FILE } from '@hefu/node';
import { formatDraft, initScheme, type InitOptions, type RootRole } from '@hefu/trust-list';
import type { Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { usageError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { examples } from '../../help.js';
import { say } from '../../language.js';
import { familiesOf, oneRole, readKeyWithRoles } from '../../list/key-file.js';
import { lockOf, timeOf, treeCommand, wholeNumber, type TreeOptions } from '../../list/options.js';
import { editContext, type Settings } from '../../list/tree.js';

interface InitCommandOptions extends TreeOptions {
  readonly scheme: string;
  readonly listId: string;
  readonly operator: string;
  readonly operatorEn?: string;
  readonly uscc?: string;
  readonly territory: readonly string[];
  readonly key: readonly string[];
  readonly threshold?: readonly string[];
  readonly distinctOrgs?: readonly string[];
  readonly families?: readonly string[];
  readonly distribution?: readonly string[];
}

const README = `# 信任名单工作目录 / working tree of trust lists

draft/      正在修改的草稿 / drafts being worked on
proposals/  待审批的提案 / candidates and their approvals
published/  已发布的文件，对外提供下载 / what clients fetch: serve this folder
samples/    样本证书，用于检查身份映射 / certificates that identity profiles are proven with
kept/       历次时效文件，用于发布前的检查 / earlier freshness documents, for the check before publishing
stage/      预发布 / what would be published

私钥不要放在这里。 / Keep no private keys here.
`;

/** `hefu list init`: a working tree with the drafts of a first root and a first list. */
export function listInitCommand(group: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  treeCommand(group, context, 'init', '新建信任名单的工作目录：第一份根文件和名单的草稿', 'make a working tree: drafts of the first root and the first list')
    .requiredOption('--scheme <urn>', t('体系标识，如 urn:example:cn:42', 'id of the scheme, like urn:example:cn:42'))
    .requiredOption('--list-id <id>', t('顶层名单的编号，如 42', 'id of the top list, like 42'))
    .requiredOption('--operator <name>', t('名单运营方名称', 'name of the operator'))
    .option('--operator-en <name>', t('运营方英文名称', 'its name in English'))
    .option('--uscc <code>', t('运营方统一社会信用代码', 'its unified social credit code'))
    .requiredOption('--territory <code>', t('名单所属行政区划代码；可多次给出', 'GB/T 2260 code the list answers for; may be repeated'), collect)
    .requiredOption('--key <roles:file>', t('公钥及其角色，如 root,list:ann.pub.json；可多次给出', 'a public key and its roles, like root,list:ann.pub.json; may be repeated'), collect)
    .option('--threshold <role=n>', t('角色需要几人签名；默认过半数', 'how many must sign for a role; default a majority'), collect)
    .option('--distinct-orgs <role=n>', t('角色需要几家机构签名', 'of how many organisations'), collect)
    .option('--families <role=F1:n,F2:n>', t('角色需要几个国际算法（F1）、国密（F2）签名', 'how many international (F1) and SM2 (F2) signatures'), collect)
    .option('--distribution <url>', t('发布地址，以 / 结尾；可多次给出', 'where it will be published, ending in /; may be repeated'), collect)
    .addHelpText('after', examples(lang, [
      `${terminal.self} list init -C trust --scheme urn:example:cn:42 --list-id 42 \\`,
      '    --operator 某省公共资源交易中心 --territory 420000 \\',
      '    --key root,list:ann.pub.json --key root,list:bo.pub.json \\',
      '    --key root,list:cai.pub.json --key freshness:online.pub.json \\',
      '    --threshold list=2 --distinct-orgs list=2',
    ]))
    .action(async (options: InitCommandOptions) => {
      const keys = await Promise.all(options.key.map(readKeyWithRoles));
      const { root, list } = initScheme({
        schemeId: options.scheme,
        listId: options.listId,
        operator: { name: { zh: options.operator, ...(options.operatorEn !== undefined && { en: options.operatorEn }) }, ...(options.uscc !== undefined && { uscc: options.uscc }) },
        territory: options.territory,
        keys,
        roles: rolesFrom(options),
        ...(options.distribution !== undefined && { distribution: options.distribution }),
        issued: timeOf(options),
      }, editContext);
      const settings: Settings = { type: 'hefu-list', version: 1, schemeId: root.schemeId, listId: root.listId };
      const text = (content: string): Uint8Array => new TextEncoder().encode(content);
      await createListWorkspace(options.tree, [
        { path: 'README.md', bytes: text(README) },
        { path: '.gitignore', bytes: text('.hefu/\nstage/\n*.key\n*.pem\n') },
        { path: draftPath('root', list.listId), bytes: text(formatDraft(root)) },
        { path: draftPath('list', list.listId), bytes: text(formatDraft(list)) },
        { path: SETTINGS_FILE, bytes: text(`${JSON.stringify(settings, null, 2)}\n`) },
      ], lockOf(options));
      if (json) terminal.out(JSON.stringify({ outcome: 'initialised', tree: options.tree, roles: root.roles }, undefined, 2));
      else terminal.out(t(`已建立 ${options.tree}。接着用 hefu list add-ca 加入 CA，用 hefu list propose --target root 提出根文件。`, `Made ${options.tree}. Next: hefu list add-ca adds CAs, hefu list propose --target root proposes the root.`));
      done(ExitCode.passed);
    });
}

function rolesFrom({ threshold, distinctOrgs, families }: InitCommandOptions): NonNullable<InitOptions['roles']> {
  const roles: { [name in RootRole]?: { threshold?: number; distinctOrgs?: number; families?: ReturnType<typeof familiesOf> } } = {};
  const each = (option: string, texts: readonly string[] | undefined, take: (role: RootRole, value: string) => void): void => {
    for (const text of texts ?? []) {
      const [, role, value] = /^([a-z]+)=(.+)$/.exec(text) ?? [];
      if (role === undefined || value === undefined) throw usageError(`${option} 应为 角色=值，如 list=2，而不是 ${JSON.stringify(text)}`, `${option} takes role=value, like list=2, not ${JSON.stringify(text)}`);
      take(oneRole(option, role), value);
    }
  };
  each('--threshold', threshold, (role, value) => (roles[role] = { ...roles[role], threshold: wholeNumber('--threshold', value) }));
  each('--distinct-orgs', distinctOrgs, (role, value) => (roles[role] = { ...roles[role], distinctOrgs: wholeNumber('--distinct-orgs', value) }));
  each('--families', families, (role, value) => (roles[role] = { ...roles[role], families: familiesOf('--families', value) }));
  return roles;
}
