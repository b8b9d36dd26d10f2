/** `北京时间 2026-08-01 08:00:00`: China keeps UTC+8 all year. Undefined outside the range of dates. */
export function beijingTime(ms: number): string | undefined {
  const text = iso(ms + 8 * 3_600_000);
  return text === undefined ? undefined : `北京时间 ${text.slice(0, 19).replace('T', ' ')}`;
}

/** `2026-08-01 00:00:00 UTC`. */
export function utcTime(ms: number): string | undefined {
  const text = iso(ms);
  return text === undefined ? undefined : `${text.slice(0, 19).replace('T', ' ')} UTC`;
}

function iso(ms: number): string | undefined {
  const date = new Date(ms);
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
