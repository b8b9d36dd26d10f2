import { addPeer, formatInstant, mapPeer, removePeer, type PeerWords, type ServiceKind } from '@hefu/trust-list';
import type { Command } from 'commander';
import { collect, instant } from '../../arguments.js';
import type { CommandContext } from '../../command-context.js';
import { usageError } from '../../error.js';
import { jsonOption, langOption } from '../../help.js';
import { say } from '../../language.js';
import { editList, type EditOptions } from '../../list/edit.js';
import { editCommand, timeOf } from '../../list/options.js';
import { purposesFrom, regionsFrom } from '../../list/scope.js';
import { editContext } from '../../list/tree.js';

interface PeerOptions extends EditOptions {
  readonly fingerprint: string;
  readonly since?: string;
  readonly until?: string;
  readonly region?: readonly string[];
  readonly kind: readonly string[];
  readonly purpose: readonly string[];
  readonly maxStatusAge?: string;
  readonly location?: readonly string[];
}

interface MapOptions extends EditOptions {
  readonly transaction?: readonly string[];
  readonly role?: readonly string[];
}

/** `hefu list peer …`: other schemes that are recognised. */
export function listPeerCommand(group: Command, context: CommandContext): void {
  const { lang } = context;
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const peer = group.command('peer').description(t('互认的其他体系', 'other schemes that are recognised')).addOption(jsonOption(lang)).addOption(langOption(lang)).enablePositionalOptions();

  editCommand(peer, context, 'add', '认可另一个体系', 'recognise another scheme')
    .argument('<scheme>', t('对方体系标识', 'id of the other scheme'))
    .requiredOption('--fingerprint <sha256>', t('对方根文件的 SHA-256 指纹，另行核对', 'SHA-256 of its root, compared out of band'))
    .requiredOption('--kind <kind>', t('认可的服务种类；可多次给出', 'kind of service accepted; may be repeated'), collect)
    .requiredOption('--purpose <purpose>', t('认可的用途；可多次给出', 'purpose accepted; may be repeated'), collect)
    .option('--since <instant>', t('自何时起；默认现在', 'from when; default now'))
    .option('--until <instant>', t('至何时止', 'until when'))
    .option('--region <code>', t('在本方哪些地区认可；可多次给出', 'in which regions of ours; may be repeated'), collect)
    .option('--max-status-age <duration>', t('对方时效文件最长多旧，如 P2D', 'how old its freshness may be, like P2D'))
    .option('--location <url>', t('对方的发布地址，以 / 结尾；可多次给出', 'where it is published, ending in /; may be repeated'), collect)
    .action((schemeId: string, options: PeerOptions) => {
      const rootSha256 = options.fingerprint.replace(/[\s:]/g, '').toLowerCase();
      if (!/^[0-9a-f]{64}$/.test(rootSha256)) throw usageError('--fingerprint 应为 64 位十六进制', '--fingerprint takes 64 hex digits');
      return editList(options, context, (draft) => addPeer(draft, {
        schemeId, rootSha256,
        since: formatInstant(options.since === undefined ? timeOf(options) : instant('--since', options.since)),
        ...(options.until !== undefined && { until: formatInstant(instant('--until', options.until)) }),
        ...(options.region !== undefined && { regions: regionsFrom(options.region) }),
        accept: { kinds: options.kind as readonly ServiceKind[], purposes: purposesFrom(options.purpose), ...(options.maxStatusAge !== undefined && { maxStatusAge: options.maxStatusAge }) },
        ...(options.location !== undefined && { location: options.location }),
      }, editContext));
    });

  editCommand(peer, context, 'map', '说明对方的用语在本方是什么意思', 'say what its words mean here')
    .argument('<scheme>', t('对方体系标识', 'id of the other scheme'))
    .option('--transaction <theirs=ours>', t('交易类别，如 建设工程=工程建设；可多次给出', 'kinds of transaction, theirs=ours; may be repeated'), collect)
    .option('--role <theirs=ours>', t('角色；可多次给出', 'roles, theirs=ours; may be repeated'), collect)
    .action((schemeId: string, options: MapOptions) => {
      const mappings = [...mappingsOf('--transaction', 'transactions', options.transaction), ...mappingsOf('--role', 'roles', options.role)];
      if (mappings.length === 0) throw usageError('请给出 --transaction 或 --role', 'give --transaction or --role');
      return editList(options, context, (draft) => mappings.reduce((each, mapping) => mapPeer(each, schemeId, mapping, editContext), draft));
    });

  editCommand(peer, context, 'remove', '不再认可', 'recognise it no more')
    .argument('<scheme>', t('对方体系标识', 'id of the other scheme'))
    .action((schemeId: string, options: EditOptions) => editList(options, context, (draft) => removePeer(draft, schemeId)));
}

function mappingsOf(option: string, member: keyof PeerWords, texts: readonly string[] = []): readonly { readonly theirs: PeerWords; readonly ours: PeerWords }[] {
  return texts.map((text) => {
    const [theirs, ours, ...more] = text.split('=');
    if (!theirs || !ours || more.length > 0) throw usageError(`${option} 应为 对方=本方，而不是 ${JSON.stringify(text)}`, `${option} takes theirs=ours, not ${JSON.stringify(text)}`);
    return { theirs: { [member]: [theirs] }, ours: { [member]: [ours] } };
  });
}
