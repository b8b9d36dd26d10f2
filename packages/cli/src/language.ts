export type Language = 'zh' | 'en';

/** `--lang`, else the environment's (`LC_ALL`, `LC_MESSAGES`, `LANG`), else English. */
export function languageOf(option: string | undefined, env: NodeJS.ProcessEnv): Language {
  if (option === 'zh' || option === 'en') return option;
  const locale = env['LC_ALL'] ?? env['LC_MESSAGES'] ?? env['LANG'] ?? '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}
