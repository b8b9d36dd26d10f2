import type { Federation } from '../federation/federation.js';
import type { LocalisedText } from '../model.js';
import { jurisdiction, regionWithin } from '../region.js';
import type { ReportRegion } from './model.js';

/**
 * The columns of the matrix: what the lists answer for, what they delegate, and places within it that scopes single
 * out. A scope wider than that adds none: its regions answer for themselves.
 */
export function regionsOf({ members, top }: Federation, names: ReadonlyMap<string, LocalisedText>): readonly ReportRegion[] {
  const known = new Map<string, LocalisedText | undefined>();
  const add = (pattern: string, name?: LocalisedText): void => {
    const code = codeOf(pattern);
    known.set(code, known.get(code) ?? names.get(code) ?? name);
  };
  for (const { list } of members) {
    for (const region of list.territory) if (region !== '*' || top.territory.length === 1) add(region);
    for (const { regions, name } of list.delegations) for (const region of regions) add(region, regions.length === 1 ? name : undefined);
  }
  const answered = [...known.keys()];
  for (const { list } of members) {
    for (const { scope } of list.services) for (const { regions } of scope) for (const region of regions) if (region !== '*' && regionWithin(region, answered)) add(region);
  }
  return [...known].map(([code, name]) => ({ code, name })).sort((a, b) => (a.code < b.code ? -1 : 1));
}

/** `42*` is asked about as `420000`; `*` as a code that nothing but `*` covers. */
function codeOf(pattern: string): string {
  return pattern.endsWith('*') ? pattern.slice(0, -1).padEnd(6, '0') : pattern;
}

/** Whether a scope names places within a region, and not the region. */
export function withinOnly(pattern: string, code: string): boolean {
  return pattern !== code && pattern !== jurisdiction(code) && regionWithin(pattern, [code]);
}
