import type { Bilingual } from '../refusal.js';
import type { ChangeSeverity, DocumentDiff } from './model.js';

export type Lang = keyof Bilingual;

/** In the order in which they are shown. */
export const SEVERITIES: readonly ChangeSeverity[] = ['dangerous', 'widens', 'narrows', 'neutral'];

export const SEVERITY_WORDS: Readonly<Record<ChangeSeverity, Bilingual>> = {
  dangerous: { zh: '须重点核对', en: 'Look twice' },
  widens: { zh: '扩大信任', en: 'Trust widens' },
  narrows: { zh: '收窄信任', en: 'Trust narrows' },
  neutral: { zh: '不影响信任', en: 'Neither' },
};

export function titleOf({ type, id, from, to }: DocumentDiff, lang: Lang): string {
  const what = type === 'list' ? { zh: '名单', en: 'List' } : { zh: '根文件', en: 'Root' };
  return lang === 'zh' ? `${what.zh} ${id}：${from === undefined ? '首份' : `第 ${from} 份`} → 第 ${to} 份的变化` : `${what.en} ${id}: what changes from ${from ?? 'nothing'} to ${to}`;
}
