import { usageError } from './error.js';

/** `--at`: an ISO 8601 instant with a zone. @throws CliError USAGE */
export function instant(option: string, text: string): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) : Number.NaN;
  const example = '2026-11-21T09:30:00+08:00';
  if (Number.isNaN(at)) throw usageError(`${option} 应为带时区的时间，如 ${example}，而不是 ${JSON.stringify(text)}`, `${option} takes an instant with its zone, like ${example}, not ${JSON.stringify(text)}`);
  return at;
}

/** GB/T 2260, six digits. @throws CliError USAGE */
export function regionCode(text: string): string {
  if (!/^\d{6}$/.test(text)) throw usageError(`--region 应为六位行政区划代码，如 420100，而不是 ${JSON.stringify(text)}`, `--region takes a six-digit GB/T 2260 code, like 420100, not ${JSON.stringify(text)}`);
  return text;
}

/** @throws CliError USAGE */
export function portNumber(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (!(port <= 65_535)) throw usageError(`--port 应为 0 到 65535 的整数，而不是 ${JSON.stringify(text)}`, `--port takes a number from 0 to 65535, not ${JSON.stringify(text)}`);
  return port;
}

/** Collects an option that may be given several times. Variadic options would swallow the arguments behind them. */
export function collect(value: string, earlier: readonly string[] | undefined): readonly string[] {
  return [...(earlier ?? []), value];
}

/** A word of a shell command that can be copied. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
