import type { LocalisedText } from '../model.js';
import type { ForeignText } from './foreign-list.js';
import type { NoteTaker } from './import-report.js';

/** Names are at most this long in a list of ours. */
const LONGEST = 1000;

/** The Chinese and the English name; another language's stands in for Chinese, and a note says so. */
export function localised(texts: readonly ForeignText[], note: NoteTaker, fallback: string): LocalisedText {
  const find = (lang: string): string | undefined => texts.find((text) => text.lang.toLowerCase().split('-')[0] === lang && text.value.trim() !== '')?.value.trim().slice(0, LONGEST);
  const zh = find('zh');
  const en = find('en');
  const any = en ?? texts.find((text) => text.value.trim() !== '')?.value.trim().slice(0, LONGEST) ?? fallback;
  if (zh === undefined) note('NAME_WITHOUT_CHINESE', 'mapped', any);
  return { zh: zh ?? any, ...(en !== undefined && { en }) };
}

export function foreignTexts({ zh, en }: LocalisedText): readonly ForeignText[] {
  return [{ lang: 'zh', value: zh }, ...(en === undefined ? [] : [{ lang: 'en', value: en }])];
}
