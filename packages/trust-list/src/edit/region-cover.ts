/** Whether every code that `inner` (a code, or a prefix with `*`) matches is matched by `outer`. */
export function coversRegion(outer: string, inner: string): boolean {
  return outer.endsWith('*') ? inner.startsWith(outer.slice(0, -1)) : inner === outer;
}

/** Whether each inner pattern lies within one of the outer. */
export function coversRegions(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every((each) => outer.some((pattern) => coversRegion(pattern, each)));
}

/** Whether some code is matched by both. */
export function regionsMeet(a: string, b: string): boolean {
  return coversRegion(a, b) || coversRegion(b, a);
}

/** `420000` of a province and `420100` of a city name all below them in a `territory` (GB/T 2260: trailing pairs of zeros). */
export function territoryPattern(code: string): string {
  if (code.endsWith('*')) return code;
  const head = code.replace(/(?:00)+$/, '');
  return head.length === code.length ? code : `${head}*`;
}
