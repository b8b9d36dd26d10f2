import { STATUS_WORDS } from '../diff/words.js';
import type { Page } from './page.js';
import type { Timeline, TimelineRow, TimelineSpan } from './model.js';

const WIDTH = 1000;
const BAR = 14;
const LINE = 6;

/**
 * One bar a row, drawn as far as its box is wide; every date on it is beside it in words, so that nothing depends on
 * the drawing, its colours or its size.
 */
export function renderTimeline(page: Page): string {
  const { t, day, report: { timeline, at } } = page;
  const rows = timeline.rows.map((row) => renderRow(page, row));
  const left = timeline.leftOut > 0 ? `<p class="note">${t(`另有 ${timeline.leftOut} 项未列出，都不早于所列各项到期。`, `${timeline.leftOut} more are not shown; none of them ends before those that are.`)}</p>` : '';
  const key = (['granted', 'suspended', 'ceased', 'withdrawn'] as const).map((state) => `<span><svg viewBox="0 0 30 ${BAR}" width="30" height="${BAR}" aria-hidden="true">${rectangle(state, 0, 30)}</svg> ${state === 'withdrawn' ? `${STATUS_WORDS.withdrawn[page.lang]}${t('、', ', ')}${STATUS_WORDS.distrusted[page.lang]}` : state === 'granted' ? `${STATUS_WORDS.granted[page.lang]}${t('、有效', ', valid')}` : STATUS_WORDS[state][page.lang]}</span>`).join('');
  return [
    PATTERNS,
    `<p class="key">${key}<span><svg viewBox="0 0 30 ${LINE}" width="30" height="${LINE}" aria-hidden="true"><rect class="limit" width="30" height="3"/></svg> ${t('锚点证书或范围的有效期', 'validity of an anchor certificate or scope')}</span></p>`,
    `<p class="axis" aria-hidden="true"><span>${day(timeline.from)}</span><span style="left:${((at - timeline.from) / (timeline.to - timeline.from) * 100).toFixed(1)}%" class="now">${t('现在', 'now')}</span><span>${day(timeline.to)}</span></p>`,
    `<ul class="timeline">\n${rows.join('\n')}\n</ul>`,
    left,
  ].join('\n');
}

/** Shared by every bar; hatched so that print without colour still tells them apart. */
const PATTERNS = `<svg class="patterns" width="0" height="0" aria-hidden="true"><defs>
<pattern id="hatch" width="8" height="8" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect width="8" height="8" fill="#ffe0a3"/><rect width="3" height="8" fill="#8a5a00"/></pattern>
<pattern id="dots" width="8" height="8" patternUnits="userSpaceOnUse"><rect width="8" height="8" fill="#e7e9ec"/><circle cx="4" cy="4" r="2" fill="#57606a"/></pattern>
</defs></svg>`;

function renderRow(page: Page, row: TimelineRow): string {
  const { text, name, away, report: { at } } = page;
  const flag = row.deadline === undefined ? '' : row.deadline <= at ? 'over' : row.deadline - at < row.notice ? 'soon' : '';
  const when = row.deadline === undefined ? '' : `<b class="when">${flag === 'over' ? '! ' : ''}${away(row.deadline)}</b>`;
  return `<li class="${flag}"><div class="what"><span class="name">${name(row.label)}</span>${row.kind === 'document' ? '' : `<small class="id">${text(row.id)}</small>`}</div>${drawing(page.report.timeline, row, at)}<div class="dates">${when}${datesOf(page, row)}</div></li>`;
}

function datesOf({ t, text, day, lang, report: { limits } }: Page, { spans, limits: all, limitsLeftOut }: TimelineRow): string {
  const shown = spans.slice(-4);
  const parts = [
    ...(spans.length > shown.length ? [`… ${spans.length - shown.length}`] : []),
    ...shown.map(({ state, from, until }) => {
      const word = state === 'valid' ? t('有效', 'valid') : STATUS_WORDS[state][lang];
      return `${word} ${Number.isFinite(from) ? day(from) : ''} → ${until === undefined ? '' : day(until)}`;
    }),
    ...all.map(({ what, name, until }) => `${what === 'anchor' ? t('锚点证书', 'anchor') : t('范围', 'scope')} <span class="serial">${text(name.slice(0, Math.min(limits.text, 24)))}</span> → ${day(until)}`),
    ...(limitsLeftOut > 0 ? [t(`另有 ${limitsLeftOut} 项`, `${limitsLeftOut} more`)] : []),
  ];
  return parts.map((part) => `<span>${part}</span>`).join('');
}

function drawing({ from, to }: Timeline, row: TimelineRow, at: number): string {
  const x = (instant: number): number => Math.round(Math.min(1, Math.max(0, (instant - from) / (to - from))) * WIDTH);
  const bars = row.spans.map(({ state, from: start, until }) => rectangle(state, x(start), x(until ?? Infinity)));
  const lines = row.limits.map((limit, index) => `<rect class="limit" x="${x(limit.from ?? -Infinity)}" y="${BAR + 3 + index * LINE}" width="${Math.max(2, x(limit.until) - x(limit.from ?? -Infinity))}" height="3"/>`);
  const height = BAR + (row.limits.length === 0 ? 0 : 3 + row.limits.length * LINE);
  return `<svg viewBox="0 0 ${WIDTH} ${height}" height="${height}" preserveAspectRatio="none" aria-hidden="true">${bars.join('')}${lines.join('')}<rect class="today" x="${x(at) - 1}" width="3" height="${height}"/></svg>`;
}

const FILLS: Readonly<Record<TimelineSpan['state'], string>> = { valid: '#1a7f37', granted: '#1a7f37', suspended: 'url(#hatch)', ceased: 'url(#dots)', withdrawn: '#b3261e', distrusted: '#b3261e' };

function rectangle(state: TimelineSpan['state'], from: number, to: number): string {
  const thin = state === 'withdrawn' || state === 'distrusted';
  return `<rect x="${from}" y="${thin ? BAR / 2 - 2 : 0}" width="${Math.max(2, to - from)}" height="${thin ? 4 : BAR}" fill="${FILLS[state]}"/>`;
}
