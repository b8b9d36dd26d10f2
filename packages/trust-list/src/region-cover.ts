/** Whether every code that `inner` (a code, or a prefix with `*`) matches is matched by `outer`, as scopes match (see `matchRegion`). */
export function coversRegion(outer: string, inner: string): boolean {
  return outer.endsWith('*') ? inner.startsWith(outer.slice(0, -1)) : inner === outer;
}

/** Whether some code is matched by both. */
export function regionsMeet(a: string, b: string): boolean {
  return coversRegion(a, b) || coversRegion(b, a);
}
