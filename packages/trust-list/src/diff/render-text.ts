import { columns, hanging, visible, wrap } from '../layout.js';
import type { ChangeSeverity, DocumentDiff } from './model.js';
import { SEVERITIES, SEVERITY_WORDS, titleOf, type Lang } from './severity.js';

const MARKS: Readonly<Record<ChangeSeverity, string>> = { dangerous: '!', widens: '+', narrows: '-', neutral: '·' };

/**
 * A diff as lines of at most `width` columns (default 80): what is dangerous first, then what widens and narrows
 * trust, then the rest. Nothing in it can move a cursor or hide.
 */
export function renderDiffText(diff: DocumentDiff, options: { readonly lang: Lang; readonly width?: number }): string {
  const { lang, width = 80 } = options;
  const lines = [...wrap(visible(titleOf(diff, lang)), width), ...columns(SEVERITIES.map((severity) => [`${MARKS[severity]} ${SEVERITY_WORDS[severity][lang]}`, String(diff.counts[severity])]), width)];
  for (const severity of SEVERITIES) {
    const changes = diff.changes.filter((change) => change.severity === severity);
    if (changes.length === 0) continue;
    lines.push('', SEVERITY_WORDS[severity][lang]);
    for (const { sentence } of changes) lines.push(...hanging(`${MARKS[severity]} `, visible(sentence[lang]), width));
  }
  if (diff.changes.length === 0) lines.push(lang === 'zh' ? '没有变化。' : 'Nothing changes.');
  return `${lines.join('\n')}\n`;
}
