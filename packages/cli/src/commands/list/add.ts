import { addService, proposeService, type ListDocument, type ServiceKind, type ServiceProposal } from '@hefu/trust-list';
import { hanging, visible } from '@hefu/verify';
import { Option, type Command } from 'commander';
import { collect, instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { say } from '../../language.js';
import { confirm } from '../../list/confirm.js';
import { editList, draftToEdit, type EditOptions } from '../../list/edit.js';
import { editCommand, lockOf, scopeOptions, timeOf, yesOption } from '../../list/options.js';
import { readCertificateFiles } from '../../list/certificates.js';
import { scopeFrom, type ScopeOptions } from '../../list/scope.js';
import { editContext, openTree, settingsOf } from '../../list/tree.js';

interface AddOptions extends EditOptions, ScopeOptions {
  readonly kind: ServiceKind;
  readonly sample?: readonly string[];
  readonly since?: string;
  readonly reason?: string;
  readonly ref?: string;
  readonly id?: string;
  readonly name?: string;
  readonly nameEn?: string;
  readonly identity?: string;
  readonly yes?: boolean;
}

/** `hefu list add-ca`: a CA, or who signs its CRLs and OCSP answers. */
export function listAddCaCommand(group: Command, context: CommandContext): void {
  const kind = new Option('--kind <kind>', say(context.lang, 'ca、crl-issuer 或 ocsp；默认 ca', 'ca, crl-issuer or ocsp; default ca')).choices(['ca', 'crl-issuer', 'ocsp']).default('ca');
  addCommand(group, context, 'add-ca', '把 CA 加入名单草稿：由证书拟出条目', 'add a CA to the draft: the entry is drawn up from its certificates', (command) => command.addOption(kind));
}

/** `hefu list add-tsa`. */
export function listAddTsaCommand(group: Command, context: CommandContext): void {
  addCommand(group, context, 'add-tsa', '把时间戳服务加入名单草稿', 'add a time-stamping authority to the draft', (command) => command, 'tsa');
}

function addCommand(group: Command, context: CommandContext, name: string, zh: string, en: string, more: (command: Command) => Command, fixed?: ServiceKind): void {
  const { lang } = context;
  const t = (a: string, b: string): string => say(lang, a, b);
  const command = editCommand(group, context, name, zh, en).argument('<files...>', t('它自己的证书：DER、PEM 或 P7B', 'its own certificates: DER, PEM or P7B'));
  yesOption(scopeOptions(more(command), context), context)
    .option('--sample <file>', t('它签发的样本证书；可多次给出', 'a certificate it issued, as a sample; may be repeated'), collect)
    .option('--since <instant>', t('自何时起认可；默认名单签发时', 'from when it is recognised; default: the issue of the list'))
    .option('--reason <text>', t('理由', 'why'))
    .option('--ref <text>', t('文号', 'reference of the decision'))
    .option('--id <urn>', t('标识；默认由证书拟出', 'its id; default: drawn up'))
    .option('--name <text>', t('名称；默认取自证书', 'its name; default: from the certificate'))
    .option('--name-en <text>', t('英文名称', 'its name in English'))
    .option('--identity <profile>', t('身份映射的标识', 'id of its identity profile'))
    .action(async (files: readonly string[], options: AddOptions) => {
      const scope = scopeFrom(options);
      const since = options.since === undefined ? undefined : instant('--since', options.since);
      const [certificates, samples] = await Promise.all([readCertificateFiles(files), readCertificateFiles(options.sample ?? [])]);
      const drawUp = (draft: ListDocument): ServiceProposal => proposeService(draft, {
        kind: fixed ?? options.kind,
        certificates: certificates.map(({ bytes }) => bytes),
        samples: samples.map(({ bytes }) => bytes),
        scope: [scope],
        ...(since !== undefined && { since }),
        ...(options.reason !== undefined && { reason: options.reason }),
        ...(options.ref !== undefined && { ref: options.ref }),
        ...(options.id !== undefined && { id: options.id }),
        ...(options.name !== undefined && { name: { zh: options.name, ...(options.nameEn !== undefined && { en: options.nameEn }) } }),
        ...(options.identity !== undefined && { identity: options.identity }),
      }, editContext);
      const workspace = await openTree(options);
      const shown = drawUp(await workspace.transact(async (tree) => (await draftToEdit(tree, 'list', options.list ?? (await settingsOf(tree)).listId, timeOf(options))) as ListDocument, lockOf(options)));
      showProposal(shown, context);
      await confirm(context, options.yes, '请把以上证书指纹与 CA 另行提供的核对。', 'Compare the fingerprints above with those the CA gave over another channel.');
      await editList(options, context, (draft) => addService(draft, drawUp(draft).service, editContext), { told: { service: shown.service.id, certificates: shown.certificates, notes: shown.notes } });
    });
}

/** What a person compares before a CA is taken in. */
function showProposal({ service, certificates, notes }: ServiceProposal, { terminal, lang }: CommandContext): void {
  terminal.note(visible(`${service.id}  ${service.name.zh}`));
  for (const { subject, use, sha256, notAfter } of certificates) {
    terminal.note(hanging('  ', visible(`${use} ${subject}  ${say(lang, '有效至', 'until')} ${new Date(notAfter).toISOString().slice(0, 10)}`), terminal.width).join('\n'));
    terminal.note(hanging('    SHA-256 ', sha256.toUpperCase().match(/.{4}/g)!.join(' '), terminal.width).join('\n'));
  }
  for (const { text } of notes) terminal.note(hanging('  ! ', visible(text[lang]), terminal.width).join('\n'));
}
