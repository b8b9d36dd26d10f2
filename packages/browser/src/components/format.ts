import type { Lang } from './element.js';

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'];

/** Octets for people, in powers of 1000 as systems show them: `1.9 GB`. */
export function octets(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.95 ? Math.round(value) : Number(value.toFixed(1))} ${UNITS[unit]}`;
}

/** `1:05`, for countdowns; never negative. */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const minutes = Math.floor(seconds / 60);
  const pad = (part: number): string => String(part).padStart(2, '0');
  return minutes >= 60 ? `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(seconds % 60)}` : `${minutes}:${pad(seconds % 60)}`;
}

/** A length of time in its largest unit: `3 分钟`, `40 s`. */
export function spanText(ms: number, lang: Lang): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return lang === 'zh' ? `${seconds} 秒` : `${seconds} s`;
  if (seconds < 5400) return lang === 'zh' ? `${Math.round(seconds / 60)} 分钟` : `${Math.round(seconds / 60)} min`;
  if (seconds < 129_600) return lang === 'zh' ? `${Math.round(seconds / 3600)} 小时` : `${Math.round(seconds / 3600)} h`;
  return lang === 'zh' ? `${Math.round(seconds / 86_400)} 天` : `${Math.round(seconds / 86_400)} days`;
}

/** The day in Beijing, where deadlines and certificates are reckoned: `2026-06-01`. */
export function dayText(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 10);
}

/** Control characters, line ends, and the marks that turn the order of writing around (Unicode TR9): a name must not look like another. */
const DECEIVING = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;
/** Columns of a narrow screen; an ideograph takes two. */
const NAME_COLUMNS = 40;
const columnsOf = (text: string): number => (text.codePointAt(0)! >= 0x2e80 ? 2 : 1);

/** A file's name as it may be shown, whole. */
export function nameText(name: string): string {
  return name.replace(DECEIVING, '\ufffd');
}

/** The same, cut in its middle where it is long: what tells names apart is often at the end. */
export function shortName(name: string): string {
  const characters = Array.from(nameText(name));
  const columns = characters.map(columnsOf);
  if (columns.reduce((sum, each) => sum + each, 0) <= NAME_COLUMNS) return characters.join('');
  const taken = (of: readonly number[], room: number): number => {
    let count = 0;
    for (let left = room; count < of.length && of[count]! <= left; count++) left -= of[count]!;
    return count;
  };
  const head = taken(columns, NAME_COLUMNS / 2 - 1);
  const tail = taken([...columns].reverse(), NAME_COLUMNS / 2);
  // A mark that stood on a character which is gone (Unicode General_Category M).
  return `${characters.slice(0, head).join('')}…${characters.slice(-tail).join('').replace(/^\p{M}+/u, '')}`;
}
