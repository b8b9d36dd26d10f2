export type Language = 'zh' | 'en';

export const LANGUAGES: readonly Language[] = ['zh', 'en'];

/** The environment's language: the first of `LC_ALL`, `LC_MESSAGES`, `LANG` that is set, as POSIX has it; else English. */
export function languageOf(env: NodeJS.ProcessEnv): Language {
  // Set to the empty text counts as not set (POSIX.1-2017, XBD 8.2).
  const locale = env['LC_ALL'] || env['LC_MESSAGES'] || env['LANG'] || '';
  return locale.toLowerCase().startsWith('zh') ? 'zh' : 'en';
}

/**
 * `--lang` wherever it stands, else the environment's. Read before the arguments are parsed, so that help and
 * complaints about the arguments come in the language asked for.
 */
export function languageOfArguments(args: readonly string[], env: NodeJS.ProcessEnv): Language {
  for (const [index, arg] of optionsOf(args).entries()) {
    const value = arg === '--lang' ? args[index + 1] : arg.startsWith('--lang=') ? arg.slice('--lang='.length) : undefined;
    if (value === 'zh' || value === 'en') return value;
  }
  return languageOf(env);
}

/** Whether `--json` was asked for: known also where the arguments cannot be parsed. */
export function isJsonAsked(args: readonly string[]): boolean {
  return optionsOf(args).includes('--json');
}

/** What stands before `--`. */
function optionsOf(args: readonly string[]): readonly string[] {
  const end = args.indexOf('--');
  return end === -1 ? args : args.slice(0, end);
}

export function say(lang: Language, zh: string, en: string): string {
  return lang === 'zh' ? zh : en;
}
