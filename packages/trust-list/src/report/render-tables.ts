import { changeSections } from '../diff/render-html.js';
import { SEVERITIES, SEVERITY_WORDS } from '../diff/severity.js';
import type { LintLevel } from '../lint/model.js';
import type { Approval, DocumentState, PeerState } from './model.js';
import type { Page } from './page.js';
import type { EndpointHealth } from './endpoints.js';
import { KIND_NAMES, PURPOSE_NAMES } from './words.js';

export function renderDocuments(page: Page): string {
  const { t, text, name, instant, away, report: { documents, at } } = page;
  const kinds: Readonly<Record<DocumentState['kind'], string>> = { root: t('根文件', 'Root'), freshness: t('时效文件', 'Freshness'), list: t('名单', 'List'), peer: t('互认方时效', 'Peer') };
  return page.table(t('文件', 'Documents'), [t('文件', 'Document'), t('编号', 'No.'), t('签发', 'Issued'), t('有效至', 'Until'), t('服务', 'Services'), 'SHA-256'], documents.map((each) => [
    `${kinds[each.kind]}${each.name === undefined ? '' : ` · ${name(each.name)}`}<small class="id">${text(each.id)}</small>`,
    String(each.number), instant(each.issued), `${instant(each.until)}<small class="${each.until <= at ? 'over' : ''}">${each.until <= at ? '! ' : ''}${away(each.until)}</small>`,
    each.services === undefined ? '–' : String(each.services), `<code>${text(each.sha256)}</code>`,
  ]));
}

export function renderEndpoints(page: Page): string {
  const { t, text, instant, report: { endpoints } } = page;
  if (endpoints.rows.length === 0) return `<p>${t('名单没有写明任何地址。', 'The lists name no address.')}</p>`;
  const words: Readonly<Record<EndpointHealth['outcome'], readonly [string, string]>> = { passed: ['good', `✓ ${t('正常', 'ok')}`], failed: ['bad', `✗ ${t('异常', 'failed')}`], indeterminate: ['unknown', `? ${t('待定', 'unclear')}`], 'not-probed': ['none', `– ${t('未探测', 'not probed')}`] };
  const { counts, probedAt, leftOut } = endpoints;
  const when = probedAt === undefined
    ? t('没有提供探测结果（<code>hefu probe --json</code>），只列出地址。', 'No probe was given (<code>hefu probe --json</code>), so addresses are only listed.')
    : t(`探测于 ${instant(probedAt)}：正常 ${counts.passed}，异常 ${counts.failed}，待定 ${counts.indeterminate}，未探测 ${counts.notProbed}。`, `Probed ${instant(probedAt)}: ${counts.passed} ok, ${counts.failed} failed, ${counts.indeterminate} unclear, ${counts.notProbed} not probed.`);
  const rows = endpoints.rows.map((each) => [
    `${each.kind.toUpperCase()}<small class="id">${text(each.url)}</small>`,
    `<span class="badge ${words[each.outcome][0]}">${words[each.outcome][1]}</span>${each.findings.slice(0, 5).map(({ message, actual, code }) => `<small>${text(message[page.lang])}${actual === undefined ? '' : `${t('：', ': ')}${text(actual)}`} [${text(code)}]</small>`).join('')}`,
    each.latencyMs === undefined ? '–' : `<span class="nb">${Math.round(each.latencyMs)} ms</span>${each.bytes === undefined ? '' : `<small class="nb">${size(each.bytes)}</small>`}`,
    each.margin === undefined ? '–' : `<span class="nb">${hours(page, each.margin)}</span>`,
    `<span class="id">${text(each.service ?? '–')}</span>${each.listed ? '' : `<small>${t('名单未列', 'not in the list')}</small>`}`,
  ]);
  return `<p class="note">${when}</p>${page.table(t('服务地址', 'Addresses'), [t('地址', 'Address'), t('状态', 'State'), t('耗时', 'Took'), t('距下次更新', 'To next update'), t('服务', 'Service')], rows)}${leftOut === 0 ? '' : `<p class="note">${t(`另有 ${leftOut} 个地址未列出。`, `${leftOut} more addresses are not shown.`)}</p>`}`;
}

function hours({ t }: Page, ms: number): string {
  const count = Math.trunc(ms / 3_600_000);
  return Math.abs(count) >= 48 ? `${Math.trunc(count / 24)} ${t('天', 'days')}` : `${count} ${t('小时', 'h')}`;
}

function size(bytes: number): string {
  return bytes < 10_000 ? `${bytes} B` : bytes < 10_000_000 ? `${Math.round(bytes / 1000)} kB` : `${Math.round(bytes / 1_000_000)} MB`;
}

export function renderApprovals(page: Page): string {
  return page.report.approvals.map((each) => approval(page, each)).join('\n');
}

function approval(page: Page, { document, number, role, signers }: Approval): string {
  const { t, text, day } = page;
  const asks = role === undefined ? '' : [
    t(`须 ${role.threshold} 人签名`, role.threshold === 1 ? '1 person must sign' : `${role.threshold} people must sign`),
    ...((role.distinctOrgs ?? 1) > 1 ? [t(`来自 ${role.distinctOrgs} 家机构`, `of ${role.distinctOrgs} organisations`)] : []),
    ...((role.families?.F1 ?? 0) > 0 ? [t(`国际算法至少 ${role.families!.F1} 个`, `at least ${role.families!.F1} international`)] : []),
    ...((role.families?.F2 ?? 0) > 0 ? [t(`国密至少 ${role.families!.F2} 个`, `at least ${role.families!.F2} SM2`)] : []),
  ].join(t('，', ', '));
  const rows = signers.slice(0, 100).map(({ org, owner, family, thumbprint, notAfter, signed }) => [
    text(org), owner === undefined ? '–' : text(owner), `<span class="badge">${family === 'F1' ? `F1 ${t('国际', 'international')}` : `F2 ${t('国密 SM2', 'SM2')}`}</span>`,
    signed ? `<span class="badge good">✓ ${t('已签', 'signed')}</span>` : `<span class="badge none">– ${t('未签', 'not signed')}</span>`,
    notAfter === undefined ? '–' : day(notAfter), `<code>${text(thumbprint)}</code>`,
  ]);
  const told = signers.length === 0 ? `<p>${t('没有签名人的记录。', 'Nothing is known of its signers.')}</p>` : page.table(t(`${text(document)} 的签名人`, `Signers of ${text(document)}`), [t('机构', 'Organisation'), t('持有人', 'Holder'), t('算法类别', 'Family'), t('签名', 'Signature'), t('密钥有效至', 'Key until'), t('密钥指纹', 'Thumbprint')], rows);
  return `<h3>${text(document)} #${number}</h3>${asks === '' ? '' : `<p class="note">${asks}${t('。', '.')}</p>`}${told}`;
}

export function renderChanges(page: Page): string {
  const { t, text, lang, report: { changes, limits } } = page;
  if (changes === undefined) return `<p>${t('没有提供上一版。', 'No version before was given.')}</p>`;
  return changes.map(({ listId, diff }) => {
    if (diff === undefined) return `<h3>${text(listId)}</h3><p>${t('上一版中没有这份名单。', 'This list was not there before.')}</p>`;
    const counts = SEVERITIES.map((severity) => `${SEVERITY_WORDS[severity][lang]} ${diff.counts[severity]}`).join(' · ');
    return `<h3>${text(listId)} #${diff.from ?? '–'} → #${diff.to}</h3>${diff.changes.length === 0 ? `<p>${t('没有变化。', 'Nothing changes.')}</p>` : `<p class="note">${counts}</p>${changeSections(diff, { lang, heading: 'h4', most: limits.changes }).join('\n')}`}`;
  }).join('\n');
}

export function renderDelegations(page: Page): string {
  const { t, text, name, list, lang, report: { delegations } } = page;
  if (delegations.length === 0) return `<p>${t('没有向其他名单授权。', 'Nothing is delegated to other lists.')}</p>`;
  return page.table(t('授权', 'Delegations'), [t('名单', 'List'), t('地区', 'Regions'), t('权限', 'May'), t('种类与用途', 'Kinds and uses'), t('签名', 'Signed by'), t('现状', 'State')], delegations.map(({ by, delegation: each, sequence, missing }) => [
    `${name(each.name)}<small class="id">${text(each.listId)} ← ${text(by)}</small>`, list(each.regions), each.mode === 'may-grant' ? t('可认可、可限制', 'grant and restrict') : t('只可限制', 'only restrict'),
    `${each.kinds === undefined ? t('全部种类', 'all kinds') : each.kinds.map((kind) => KIND_NAMES[kind][lang]).join(t('、', ', '))}${t('；', '; ')}${each.purposes === undefined ? t('全部用途', 'all uses') : each.purposes.map((purpose) => PURPOSE_NAMES[purpose][lang]).join(t('、', ', '))}`,
    t(`${each.role.keys.length} 把密钥中 ${each.role.threshold}`, `${each.role.threshold} of ${each.role.keys.length} keys`),
    sequence === undefined ? `<span class="badge bad">✗ ${t('缺失', 'missing')}</span><small>${text(missing ?? '')}</small>` : `<span class="badge good">✓ #${sequence}</span>`,
  ]));
}

export function renderPeers(page: Page): string {
  const { t, text, list, day, lang, report: { peers } } = page;
  if (peers.length === 0) return `<p>${t('没有认可其他体系。', 'No other scheme is recognised.')}</p>`;
  const states: Readonly<Record<PeerState['state'], readonly [string, string]>> = {
    'in-force': ['good', `✓ ${t('生效', 'in force')}`], 'not-yet': ['halt', `○ ${t('尚未生效', 'not yet')}`], over: ['none', `– ${t('已终止', 'over')}`],
    'not-loaded': ['unknown', `? ${t('未取得', 'not at hand')}`], stale: ['unknown', `? ${t('已过时', 'out of date')}`],
  };
  return page.table(t('互认', 'Peers'), [t('体系', 'Scheme'), t('现状', 'State'), t('期间', 'Period'), t('接受', 'Accepts'), t('本方地区', 'Our regions'), t('用语对应', 'Words')], peers.map(({ by, peer, state }) => [
    `<span class="id">${text(peer.schemeId)}</span><small class="id">← ${text(by)}</small>`, `<span class="badge ${states[state][0]}">${states[state][1]}</span>`, `${day(peer.since)} → ${peer.until === undefined ? '' : day(peer.until)}`,
    [...peer.accept.kinds.map((kind) => KIND_NAMES[kind][lang]), ...peer.accept.purposes.map((purpose) => PURPOSE_NAMES[purpose][lang])].join(t('、', ', ')), peer.regions === undefined ? t('全部', 'all') : list(peer.regions),
    peer.map.length === 0 ? '–' : peer.map.slice(0, 10).map(({ theirs, ours }) => `<small>${list([...(theirs.transactions ?? []), ...(theirs.roles ?? [])])} → ${list([...(ours.transactions ?? []), ...(ours.roles ?? [])])}</small>`).join(''),
  ]));
}

export function renderLint(page: Page): string {
  const { t, text, lang, report: { lint, limits } } = page;
  const words: Readonly<Record<LintLevel, readonly [string, string]>> = { mandatory: ['bad', `✗ ${t('错误', 'error')}`], recommended: ['halt', `! ${t('建议', 'advice')}`], permitted: ['none', `– ${t('说明', 'note')}`] };
  return lint.map(({ listId, report }) => {
    const findings = (['mandatory', 'recommended', 'permitted'] as const).flatMap((level) => report.findings.filter((finding) => finding.level === level));
    if (findings.length === 0) return `<h3>${text(listId)}</h3><p>${t('没有发现。', 'Nothing was found.')}</p>`;
    const rows = findings.slice(0, limits.findings).map(({ rule, level, path, subject, sentence }) => [
      `<code>${text(rule)}</code>`, `<span class="badge ${words[level][0]}">${words[level][1]}</span>`, `${text(sentence[lang])}`, `<span class="id">${text(path)}</span>${subject === undefined ? '' : `<small class="id">${text(subject)}</small>`}`,
    ]);
    const left = findings.length - rows.length;
    return `<h3>${text(listId)}</h3>${page.table(t(`${text(listId)} 的检查`, `Checks of ${text(listId)}`), [t('规则', 'Rule'), t('程度', 'Level'), t('发现', 'Finding'), t('位置', 'Place')], rows)}${left === 0 ? '' : `<p class="note">${t(`另有 ${left} 条未列出。`, `${left} more are not shown.`)}</p>`}`;
  }).join('\n');
}
