import { escapeHtml } from '../diff/render-html.js';
import type { Lang } from '../diff/severity.js';
import type { LocalisedText } from '../model.js';
import type { TrustReport } from './model.js';

/** What every part of the page is written with. */
export interface Page {
  readonly lang: Lang;
  readonly report: TrustReport;
  t(zh: string, en: string): string;
  /** Escaped, and cut where it is longer than a value may be. */
  text(value: string): string;
  name(value: LocalisedText | undefined): string;
  /** `2026-11-02 01:30` in UTC. */
  instant(at: number): string;
  day(at: number): string;
  /** `in 88 days`, `3 days ago`. */
  away(at: number): string;
  list(values: readonly string[]): string;
  /** A table that scrolls in its own box where it does not fit. */
  table(label: string, head: readonly string[], rows: readonly (readonly string[])[]): string;
}

const DAY = 86_400_000;
const HOUR = 3_600_000;

export function pageOf(report: TrustReport, lang: Lang): Page {
  const zh = lang === 'zh';
  const t = (chinese: string, english: string): string => (zh ? chinese : english);
  const cut = (value: string): string => {
    const characters = value.length > report.limits.text ? [...value] : [];
    return characters.length > report.limits.text ? `${characters.slice(0, report.limits.text).join('')}…` : value;
  };
  const text = (value: string): string => escapeHtml(cut(value));
  const iso = (at: number): string => (Math.abs(at) <= 8.64e15 ? new Date(at).toISOString() : '?');
  return {
    lang, report, t, text,
    name: (value) => (value === undefined ? '' : text(value[lang] ?? value.zh)),
    instant: (at) => `<time>${iso(at).slice(0, 16).replace('T', ' ')}</time>`,
    day: (at) => `<time>${iso(at).slice(0, 10)}</time>`,
    away: (at) => {
      const ahead = at >= report.at;
      const distance = Math.abs(at - report.at);
      const count = distance < 2 * DAY ? Math.floor(distance / HOUR) : Math.floor(distance / DAY);
      const unit = distance < 2 * DAY ? t('小时', count === 1 ? 'hour' : 'hours') : t('天', 'days');
      return zh ? `${count} ${unit}${ahead ? '后' : '前'}` : ahead ? `in ${count} ${unit}` : `${count} ${unit} ago`;
    },
    list: (values) => (values.length === 0 ? '–' : text(values.join(zh ? '、' : ', '))),
    table: (label, head, rows) => `<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table><thead><tr>${head.map((each) => `<th scope="col">${each}</th>`).join('')}</tr></thead><tbody>${rows
      .map(([first, ...rest]) => `<tr><th scope="row">${first}</th>${rest.map((each) => `<td>${each}</td>`).join('')}</tr>`).join('\n')}</tbody></table></div>`,
  };
}
