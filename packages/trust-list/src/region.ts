/**
 * The codes a pattern stands for where it names a jurisdiction: as in GB/T 2260, `330000` is the whole province
 * and `330100` the whole city. (In a scope a code is that code only: see `matchRegion`.)
 */
function jurisdiction(pattern: string): string {
  return pattern.endsWith('*') ? pattern.slice(0, -1) : pattern.replace(/^(\d{2})0000$/, '$1').replace(/^(\d{4})00$/, '$1');
}

/** Whether every region of a pattern lies within a jurisdiction, given by codes and prefixes with `*`. */
export function regionWithin(pattern: string, territory: readonly string[]): boolean {
  const wanted = pattern.endsWith('*') ? pattern.slice(0, -1) : pattern;
  return territory.some((each) => wanted.startsWith(jurisdiction(each)));
}
