import { coversRegion } from './region-cover.js';

/**
 * A code that names a jurisdiction, as the pattern it stands for: as in GB/T 2260, `330000` is the whole province
 * and `330100` the whole city. (In a scope a code is that code only: see `matchRegion`.)
 */
export function jurisdiction(code: string): string {
  return code.replace(/^(\d{2})0000$/, '$1*').replace(/^(\d{4})00$/, '$1*');
}

/** Whether every region of a pattern lies within a jurisdiction, given by codes and prefixes with `*`. */
export function regionWithin(pattern: string, territory: readonly string[]): boolean {
  return territory.some((each) => coversRegion(jurisdiction(each), pattern));
}
