import { visible } from '../layout.js';
import type { DocumentDiff } from './model.js';
import { SEVERITIES, SEVERITY_WORDS, titleOf, type Lang } from './severity.js';

const STYLE = `body{font:15px/1.6 system-ui,"PingFang SC","Microsoft YaHei",sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24;background:#fff}
h1{font-size:1.3rem}h2{font-size:1.05rem;margin:1.6rem 0 .4rem}ul{list-style:none;padding:0;margin:0}
li{border-left:4px solid #8c959f;padding:.35rem .75rem;margin:.35rem 0;background:#f6f8fa;overflow-wrap:anywhere;break-inside:avoid}
.dangerous{border-color:#b35900;background:#fff4e5}.widens{border-color:#1a7f37}.narrows{border-color:#cf222e}
.code{display:block;font:12px/1.5 ui-monospace,monospace;color:#57606a}table{border-collapse:collapse}td{padding:.1rem 1rem .1rem 0}
@media print{body{margin:0;max-width:none}li{background:none}}`;

/**
 * A diff as one HTML page: no script, nothing fetched, printable, readable without its style where a policy forbids
 * one. Every value of the documents is escaped.
 */
export function renderDiffHtml(diff: DocumentDiff, options: { readonly lang: Lang }): string {
  const { lang } = options;
  const title = escapeHtml(titleOf(diff, lang));
  const counts = SEVERITIES.map((severity) => `<tr><td>${SEVERITY_WORDS[severity][lang]}</td><td>${diff.counts[severity]}</td></tr>`);
  return [
    '<!doctype html>',
    `<html lang="${lang === 'zh' ? 'zh-CN' : 'en'}">`,
    '<head>',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'">`,
    `<title>${title}</title>`,
    `<style>${STYLE}</style>`,
    '</head>',
    '<body>',
    `<h1>${title}</h1>`,
    `<table>${counts.join('')}</table>`,
    ...(diff.changes.length === 0 ? [`<p>${lang === 'zh' ? '没有变化。' : 'Nothing changes.'}</p>`] : changeSections(diff, { lang, heading: 'h2' })),
    '</body>',
    '</html>',
    '',
  ].join('\n');
}

/** The changes alone, the most serious first, as part of a page whose style knows the classes. @param most of each severity; the rest is counted */
export function changeSections(diff: DocumentDiff, { lang, heading, most = Infinity }: { readonly lang: Lang; readonly heading: 'h2' | 'h4'; readonly most?: number }): readonly string[] {
  return SEVERITIES.flatMap((severity) => {
    const changes = diff.changes.filter((change) => change.severity === severity);
    if (changes.length === 0) return [];
    const items = changes.slice(0, most).map(
      ({ code, subject, member, sentence }) => `<li class="${severity}">${escapeHtml(sentence[lang])}<span class="code">${code} · ${escapeHtml(subject.id)} · ${escapeHtml(member)}</span></li>`,
    );
    const left = changes.length - items.length;
    const more = left === 0 ? [] : [lang === 'zh' ? `<li>另有 ${left} 处变化未列出</li>` : `<li>${left} more changes are not shown</li>`];
    return [`<${heading}>${SEVERITY_WORDS[severity][lang]} (${changes.length})</${heading}>`, '<ul class="changes">', ...items, ...more, '</ul>'];
  });
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for element content and double-quoted attributes; invisible characters are spelt out. */
export function escapeHtml(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}
