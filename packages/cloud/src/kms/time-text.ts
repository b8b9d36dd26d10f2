/** `2026-11-27T04:05:06Z` */
export function isoSeconds(now: number): string {
  return `${new Date(now).toISOString().slice(0, 19)}Z`;
}

/** `20261127T040506Z` */
export function isoBasic(now: number): string {
  return isoSeconds(now).replace(/[-:]/g, '');
}
