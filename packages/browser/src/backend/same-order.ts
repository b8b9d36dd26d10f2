import type { Json } from '@hefu/sign';

/** Whether two orders ask for the same: as JSON, whatever the order in which members were written (RFC 8259 §4). */
export function sameOrder(a: Json, b: Json): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return Object.is(a, b) || (a === 0 && b === 0);
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((each, index) => sameOrder(each as Json, b[index] as Json));
  const names = Object.keys(a);
  const [x, y] = [a, b] as readonly { readonly [name: string]: Json }[] as [{ readonly [name: string]: Json }, { readonly [name: string]: Json }];
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(y, name) && sameOrder(x[name]!, y[name]!));
}
