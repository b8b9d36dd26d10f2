import { STATUS_WORDS } from '../diff/words.js';
import type { Lang } from '../diff/severity.js';
import { attentionOf, type Attention } from './attention.js';
import type { TrustReport } from './model.js';
import { pageOf, type Page } from './page.js';
import { renderMatrix } from './render-matrix.js';
import { renderApprovals, renderChanges, renderDelegations, renderDocuments, renderEndpoints, renderLint, renderPeers } from './render-tables.js';
import { renderTimeline } from './render-timeline.js';
import { REPORT_STYLE } from './style.js';

const SECTIONS: readonly { readonly id: Attention['section']; readonly zh: string; readonly en: string; readonly render: (page: Page) => string }[] = [
  { id: 'documents', zh: '文件', en: 'Documents', render: renderDocuments },
  { id: 'matrix', zh: '城市与 CA', en: 'Regions and CAs', render: renderMatrix },
  { id: 'timeline', zh: '状态与到期', en: 'Statuses and expiries', render: renderTimeline },
  { id: 'endpoints', zh: '服务地址', en: 'Addresses', render: renderEndpoints },
  { id: 'changes', zh: '与上一版相比', en: 'Against the version before', render: renderChanges },
  { id: 'approvals', zh: '审批签名', en: 'Approvals', render: renderApprovals },
  { id: 'delegations', zh: '授权', en: 'Delegations', render: renderDelegations },
  { id: 'peers', zh: '互认', en: 'Peers', render: renderPeers },
  { id: 'lint', zh: '检查', en: 'Checks', render: renderLint },
];

/**
 * A report as one HTML page: no script, nothing fetched, printable on A4. Every value of the documents is escaped, and
 * the policy in it would stop what were not.
 */
export function renderReportHtml(report: TrustReport, options: { readonly lang: Lang }): string {
  const page = pageOf(report, options.lang);
  const { t, text, name, instant, lang } = page;
  const top = report.documents.find(({ kind }) => kind === 'list');
  const title = `${t('信任名单报告', 'Trust list report')}${t('：', ': ')}${text(report.schemeId ?? top?.id ?? '')}${report.schemeId === undefined ? ` #${top?.number ?? ''}` : ''}`;
  return [
    '<!doctype html>',
    `<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">`,
    '<head>',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    '<meta name="referrer" content="no-referrer">',
    // A page without an icon asks for one.
    '<link rel="icon" href="data:,">',
    `<title>${title}</title>`,
    `<style>${REPORT_STYLE}</style>`,
    '</head>',
    '<body>',
    '<header>',
    `<h1>${title}</h1>`,
    `<p>${name(top?.name)} · ${t(`截至 ${instant(report.at)}（全部时间为 UTC）`, `as of ${instant(report.at)} (all times are UTC)`)}</p>`,
    `<nav aria-label="${t('目录', 'Contents')}"><ul>${SECTIONS.map((section) => `<li><a href="#${section.id}">${section[lang]}</a></li>`).join('')}</ul></nav>`,
    '</header>',
    '<main>',
    renderCounts(page),
    renderAttention(page),
    ...SECTIONS.map(({ id, render, ...titles }) => `<section id="${id}"${id === 'matrix' ? ' class="wide"' : ''}><h2>${titles[lang]}</h2>\n${render(page)}\n</section>`),
    '</main>',
    `<footer>${t('由 hefu list report 生成。此页只陈述所给名单，不替代对名单签名的验证。', 'Made by hefu list report. This page tells what the lists given say; it does not replace verifying their signatures.')}</footer>`,
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

function renderCounts({ t, lang, report: { matrix } }: Page): string {
  const all = Object.values(matrix.counts).reduce((sum, count) => sum + count, 0);
  const statuses = (['granted', 'suspended', 'ceased', 'withdrawn', 'distrusted'] as const).filter((status) => matrix.counts[status] > 0);
  const items = [[t('项服务', all === 1 ? 'service' : 'services'), all] as const, ...statuses.map((status) => [STATUS_WORDS[status][lang], matrix.counts[status]] as const), ...(matrix.counts.none > 0 ? [[t('尚无状态', 'no status yet'), matrix.counts.none] as const] : [])];
  return `<ul class="counts">${items.map(([label, count]) => `<li><b>${count}</b>${label}</li>`).join('')}</ul>`;
}

function renderAttention(page: Page): string {
  const { t, text, lang, report } = page;
  const found = attentionOf(report);
  const shown = found.slice(0, 50);
  const items = shown.map(({ level, section, sentence }) => `<li class="${level}"><b>${level === 'act' ? `! ${t('处理', 'Act')}` : t('安排', 'Plan')}</b> ${text(sentence[lang])} <a href="#${section}">${t('详见', 'see')} ${SECTIONS.find(({ id }) => id === section)![lang]}</a></li>`);
  const more = found.length > shown.length ? `<li class="act">${t(`另有 ${found.length - shown.length} 项`, `${found.length - shown.length} more`)}</li>` : '';
  return `<section id="attention"><h2>${t('需要关注', 'Needs attention')}</h2>${items.length === 0 ? `<p>✓ ${t('没有。', 'Nothing.')}</p>` : `<ul class="attention">${items.join('\n')}${more}</ul>`}</section>`;
}
