import { LOSSES, type ExportOutcome } from '@hefu/trust-list';
import { hanging, visible } from '@hefu/verify';
import { say, type Language } from '../language.js';

/** What an export wrote, or why it did not, and everything it loses. */
export function renderLosses(outcome: ExportOutcome, output: string, report: string | undefined, { lang, width }: { readonly lang: Language; readonly width: number }): string {
  const t = (zh: string, en: string): string => say(lang, zh, en);
  const lines = outcome.outcome === 'exported'
    ? [t(`已写出 ${output}`, `written to ${output}`), ...(report === undefined ? [t('没有丢失任何内容', 'nothing was lost')] : [t(`损失报告：${report}`, `what was lost: ${report}`)])]
    : [...hanging('', `${outcome.message[lang]} [${outcome.code}]`, width), ...hanging(t('  怎么办：', '  what to do: '), outcome.remedy[lang], width)];
  for (const { code, where, detail, constraint } of outcome.losses) {
    lines.push(...hanging(constraint ? '  ! ' : '  · ', visible(`${where}${t('：', ': ')}${LOSSES[code][lang]}${t('，', ', ')}${detail}`), width));
  }
  return lines.join('\n');
}
