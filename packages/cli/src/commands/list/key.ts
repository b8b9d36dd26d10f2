import { createListKey } from '@hefu/node';
import { addKey, fingerprintOf, keyThumbprint, parseDraft, revokeKey, rotateKey, setRole, thumbprintOf, type ListSignatureAlgorithm, type RoleDocument, type RootDocument } from '@hefu/trust-list';
import { columns, visible } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { collect } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { CliError } from '../../error.js';
import { ExitCode } from '../../exit-code.js';
import { jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { editRoot } from '../../list/edit.js';
import { keyDocument, type KeyDocumentOptions } from '../../list/key-document.js';
import { familiesOf, oneRole, readPublicKey, rolesOf, thumbprintLike, typedThumbprint } from '../../list/key-file.js';
import { lockOf, treeCommand, wholeNumber, type TreeOptions } from '../../list/options.js';
import { refusal } from '../../list/refusal.js';
import { passphraseFrom } from '../../list/signer.js';
import { algorithms, draftBytes, editContext, openTree, publishedRoot, settingsOf, sha256, type Published } from '../../list/tree.js';
import { publicCommand } from './key-public.js';
import { tellFingerprint } from './publish.js';
import { writeNew } from '../../write-file.js';

/** `hefu list key …`: who may sign. */
export function listKeyCommand(group: Command, context: CommandContext): void {
  const t = (zh: string, en: string): string => say(context.lang, zh, en);
  const keys = group
    .command('key')
    .description(t('签名密钥：生成、加入、轮换、吊销、查看', 'keys that sign: make, add, rotate, revoke, show'))
    .addOption(jsonOption(context.lang))
    .addOption(langOption(context.lang))
    .enablePositionalOptions();
  for (const add of [newCommand, publicCommand, addCommand, rotateCommand, revokeCommand, roleCommand, showCommand]) add(keys, context);
}

interface NewOptions extends KeyDocumentOptions {
  readonly algorithm: ListSignatureAlgorithm;
  readonly output: string;
  readonly passphraseEnv?: string;
  readonly passphraseFd?: string;
}

function newCommand(keys: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  keys
    .command('new')
    .description(t('生成密钥：<名称>.key（以口令加密）和 <名称>.pub.json', 'make a key: <name>.key, under a passphrase, and <name>.pub.json'))
    .requiredOption('--org <name>', t('所属机构', 'organisation it belongs to'))
    .option('--owner <name>', t('持有人', 'person who holds it'))
    .addOption(new Option('--algorithm <alg>', t('SM2-SM3、ES256、ES384、EdDSA 或 PS256；默认 SM2-SM3', 'SM2-SM3, ES256, ES384, EdDSA or PS256; default SM2-SM3')).choices(['SM2-SM3', 'ES256', 'ES384', 'EdDSA', 'PS256']).default('SM2-SM3'))
    .option('--not-after <instant>', t('用到何时为止', 'until when it signs'))
    .requiredOption('-o, --output <name>', t('文件名，不含扩展名', 'name of the files, without extension'))
    .option('--passphrase-env <name>', t('口令所在的环境变量', 'environment variable with the passphrase'))
    .option('--passphrase-fd <number>', t('从此文件描述符读取口令', 'file descriptor to read the passphrase from'))
    .addOption(jsonOption(lang))
    .addOption(langOption(lang))
    .action(async (options: NewOptions) => {
      const document = keyDocument(options);
      const passphrase = await passphraseFrom(options, context, t('为私钥设定口令：', 'Passphrase for the new key: '));
      const typed = options.passphraseEnv === undefined && options.passphraseFd === undefined;
      if (typed && (await passphraseFrom(options, context, t('再次输入口令：', 'Once more: '))) !== passphrase) throw refusal('PASSPHRASES_DIFFER', '两次输入的口令不同，未生成密钥', 'the passphrases differ; no key was made', { zh: '重新运行。', en: 'Run it again.' });
      const { file, jwk } = await createListKey(options.algorithm, passphrase);
      const [secret, open] = [`${options.output}.key`, `${options.output}.pub.json`];
      // The public part last: where it is, the key is.
      await writeNew(secret, file, 0o600);
      await writeNew(open, document(jwk), 0o644);
      const thumbprint = keyThumbprint(jwk, algorithms);
      terminal.out(json ? JSON.stringify({ outcome: 'made', key: secret, public: open, thumbprint, algorithm: options.algorithm }, undefined, 2) : t(`私钥 ${secret}（妥善保管）\n公钥 ${open}\n指纹 ${thumbprint}`, `Private key ${secret} (keep it safe)\nPublic key ${open}\nThumbprint ${thumbprint}`));
      done(ExitCode.passed);
    });
}

function addCommand(keys: Command, context: CommandContext): void {
  treeCommand(keys, context, 'add', '把公钥加入根文件草稿', 'add a public key to the draft of the root')
    .argument('<file>', say(context.lang, '公钥文件 .pub.json', 'public key, .pub.json'))
    .requiredOption('--roles <roles>', say(context.lang, '角色：root、list、freshness，以逗号分隔', 'roles: root, list, freshness, with commas'))
    .action(async (file: string, options: TreeOptions & { readonly roles: string }) => {
      const roles = rolesOf('--roles', options.roles);
      const key = await readPublicKey(file);
      await editRoot(options, context, (root) => addKey(root, key, roles, editContext));
    });
}

function rotateCommand(keys: Command, context: CommandContext): void {
  treeCommand(keys, context, 'rotate', '以新公钥替换旧密钥，角色不变', 'put a new public key in the place of an old one, in every role')
    .argument('<old>', say(context.lang, '旧密钥指纹（前 6 位以上）', 'thumbprint of the old key, at least 6 characters'))
    .argument('<file>', say(context.lang, '新公钥文件 .pub.json', 'the new public key, .pub.json'))
    .action(async (old: string, file: string, options: TreeOptions) => {
      const key = await readPublicKey(file);
      await editRoot(options, context, (root) => rotateKey(root, thumbprintLike(old, root.keys), key, editContext));
    });
}

function revokeCommand(keys: Command, context: CommandContext): void {
  treeCommand(keys, context, 'revoke', '从根文件草稿中移除密钥', 'take a key away from the draft of the root')
    .argument('<key>', say(context.lang, '密钥指纹（前 6 位以上）', 'thumbprint of the key, at least 6 characters'))
    .action((key: string, options: TreeOptions) => editRoot(options, context, (root) => revokeKey(root, thumbprintLike(key, root.keys), editContext)));
}

interface RoleOptions extends TreeOptions {
  readonly threshold?: string;
  readonly distinctOrgs?: string;
  readonly families?: string;
  readonly key?: readonly string[];
}

function roleCommand(keys: Command, context: CommandContext): void {
  const t = (zh: string, en: string): string => say(context.lang, zh, en);
  treeCommand(keys, context, 'role', '修改角色的要求', 'change what a role asks')
    .argument('<role>', t('root、list 或 freshness', 'root, list or freshness'))
    .option('--threshold <n>', t('需要几人签名', 'how many must sign'))
    .option('--distinct-orgs <n>', t('需要几家机构', 'of how many organisations'))
    .option('--families <F1:n,F2:n>', t('需要几个国际算法、国密签名', 'how many international and SM2 signatures'))
    .option('--key <thumbprint>', t('角色的密钥，替换原有的；可多次给出', 'keys of the role, in place of those before; may be repeated'), collect)
    .action((name: string, options: RoleOptions) => {
      const role = oneRole('<role>', name);
      return editRoot(options, context, (root) => {
        const changes: Partial<RoleDocument> = {
          ...(options.threshold !== undefined && { threshold: wholeNumber('--threshold', options.threshold) }),
          ...(options.distinctOrgs !== undefined && { distinctOrgs: wholeNumber('--distinct-orgs', options.distinctOrgs) }),
          ...(options.families !== undefined && { families: familiesOf('--families', options.families) }),
          ...(options.key !== undefined && { keys: options.key.map((key) => thumbprintLike(key, root.keys)) }),
        };
        return setRole(root, role, changes, editContext);
      });
    });
}

function showCommand(keys: Command, context: CommandContext): void {
  const { terminal, lang, json, done } = context;
  treeCommand(keys, context, 'list', '查看密钥和角色', 'show keys and roles')
    .option('--draft', say(lang, '查看草稿中的，而不是已发布的', 'those of the draft instead of the published root'))
    .action(async (options: TreeOptions & { readonly draft?: boolean }) => {
      const workspace = await openTree(options);
      const { root, first } = await workspace.transact(async (tree): Promise<{ readonly root: RootDocument; readonly first: Published | undefined }> => {
        const { listId } = await settingsOf(tree);
        const published = await publishedRoot(tree);
        const bytes = options.draft === true || published === undefined ? await draftBytes(tree, 'root', listId) : published.payload;
        if (bytes === undefined) throw new CliError({ code: 'NO_DRAFT', message: { zh: '没有根文件草稿', en: 'there is no draft of a root' }, remedy: { zh: '去掉 --draft 查看已发布的。', en: 'Without --draft it shows the published one.' } });
        return { root: parseDraft(bytes, 'root'), first: await publishedRoot(tree, 1) };
      }, lockOf(options));
      const fingerprint = first && fingerprintOf(first.envelope, algorithms);
      const rows = root.keys.map((key) => {
        const thumbprint = thumbprintOf(key, sha256);
        const roles = Object.entries(root.roles).filter(([, role]) => (role as RoleDocument).keys.includes(thumbprint)).map(([name]) => name);
        return { thumbprint, org: key.org, ...(key.owner !== undefined && { owner: key.owner }), ...(key.notAfter != null && { notAfter: key.notAfter }), roles };
      });
      if (json) terminal.out(JSON.stringify({ version: root.version, keys: rows, roles: root.roles, ...(fingerprint !== undefined && { fingerprint }) }, undefined, 2));
      else {
        terminal.out(columns(rows.map(({ thumbprint, org, owner = '', roles }) => [typedThumbprint(thumbprint).slice(0, 12), visible(org), visible(owner), roles.join(',')]), terminal.width).join('\n'));
        terminal.out(columns(Object.entries(root.roles).map(([name, role]) => [name, `${role.threshold}/${role.keys.length}`, role.distinctOrgs === undefined ? '' : say(lang, `${role.distinctOrgs} 家机构`, `${role.distinctOrgs} organisations`), role.families === undefined ? '' : JSON.stringify(role.families)]), terminal.width).join('\n'));
        if (fingerprint !== undefined) tellFingerprint(fingerprint, context);
      }
      done(ExitCode.passed);
    });
}
