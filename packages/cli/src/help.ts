import { Option, type HelpConfiguration } from 'commander';
import { textWidth, wrap } from '@hefu/trust-list';
import { LANGUAGES, say, type Language } from './language.js';

const TITLES: Readonly<Record<string, string>> = { 'Usage:': '用法：', 'Arguments:': '参数：', 'Options:': '选项：', 'Commands:': '命令：' };

/** Help laid out by terminal columns, where a Chinese character takes two. */
export function helpLayout(lang: Language): HelpConfiguration {
  return {
    minWidthToWrap: 20,
    displayWidth: textWidth,
    boxWrap: (text, width) => wrap(text, width).join('\n'),
    styleTitle: (title) => say(lang, TITLES[title] ?? title, title),
    // Choices and defaults are told in the description, in its language.
    optionDescription: (option) => option.description,
  };
}

export function helpText(lang: Language): string {
  return say(lang, '显示帮助', 'show this help');
}

export function langOption(lang: Language): Option {
  return new Option('--lang <lang>', say(lang, '语言：zh 或 en', 'language: zh or en')).choices([...LANGUAGES]);
}

export function jsonOption(lang: Language): Option {
  return new Option('--json', say(lang, '输出一个 JSON 文档', 'one JSON document on standard output'));
}

/** Lines below the options. */
export function examples(lang: Language, lines: readonly string[]): string {
  return `\n${say(lang, '示例：', 'Examples:')}\n${lines.map((line) => `  ${line}`).join('\n')}\n`;
}
