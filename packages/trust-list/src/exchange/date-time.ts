const DATE_TIME = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/**
 * An xsd:dateTime or RFC 3339 date-time with its zone, as epoch milliseconds; what is finer is cut off. Without a zone it
 * would be an hour of anybody's day, and is refused.
 */
export function instantOfDateTime(text: string): number | undefined {
  const match = DATE_TIME.exec(text.trim());
  if (match === null) return undefined;
  const [, day, time, fraction = '', zone] = match as unknown as [string, string, string, string | undefined, string];
  const at = Date.parse(`${day}T${time}${fraction === '' ? '' : fraction.slice(0, 4).padEnd(4, '0')}${zone}`);
  // A day that its month does not have parses as one of the next month.
  const midnight = Date.parse(`${day}T00:00:00Z`);
  return Number.isFinite(at) && Number.isFinite(midnight) && new Date(midnight).toISOString().startsWith(day) ? at : undefined;
}
