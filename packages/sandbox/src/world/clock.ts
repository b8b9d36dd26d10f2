/** Milliseconds. */
export const SECOND = 1000;
export const HOUR: number = 3600 * SECOND;
export const DAY: number = 24 * HOUR;
/** Calendar years do not matter in a toy world. */
export const YEAR: number = 365 * DAY;

/** Start of the UTC day: certificates of CAs begin and end at midnight, so their dates read well. */
export function dayOf(at: number): number {
  return at - (((at % DAY) + DAY) % DAY);
}
