import type { ScopeDocument } from '../list-document.js';
import type { Purpose } from '../model.js';
import { coversRegion } from '../region-cover.js';
import { formatInstant, parseInstant } from '../time.js';
import { canonical } from './compare.js';

const PURPOSES: readonly Purpose[] = ['auth', 'sign', 'seal', 'encrypt'];
/** Cells compared with each other: beyond this a change is shown as a whole. 1,000 entries of five words each stay below. */
const MAX_CELLS = 5000;

/** One region pattern, transaction, role and purpose, in an interval. `*`: all, known and unknown. */
interface Cell {
  readonly region: string;
  readonly transaction: string;
  readonly role: string;
  readonly purpose: Purpose;
  readonly from: number;
  readonly until: number;
}

/**
 * What the scopes of `a` match and those of `b` do not, written as scopes; undefined when there are too many to say.
 * A prefix is compared with single prefixes: ten cities that together make a province are not seen to be it, which
 * reports a change where there is none and never the other way round.
 */
export function scopeBeyond(a: readonly ScopeDocument[], b: readonly ScopeDocument[]): readonly ScopeDocument[] | undefined {
  const [cells, others] = [cellsOf(a), cellsOf(b)];
  if (cells === undefined || others === undefined) return undefined;
  return grouped(cells.flatMap((cell) => uncovered(cell, others)));
}

function cellsOf(scopes: readonly ScopeDocument[]): readonly Cell[] | undefined {
  const size = scopes.reduce((sum, scope) => sum + scope.regions.length * (scope.transactions?.length ?? 1) * (scope.roles?.length ?? 1) * 4, 0);
  if (size > MAX_CELLS) return undefined;
  return scopes.flatMap((scope) =>
    scope.regions.flatMap((region) =>
      (scope.transactions ?? ['*']).flatMap((transaction) =>
        (scope.roles ?? ['*']).flatMap((role) =>
          (scope.purposes ?? PURPOSES).map((purpose) => ({
            region, transaction, role, purpose,
            from: typeof scope.from === 'string' ? parseInstant(scope.from) : -Infinity,
            until: typeof scope.until === 'string' ? parseInstant(scope.until) : Infinity,
          })),
        ),
      ),
    ),
  );
}

function uncovered(cell: Cell, others: readonly Cell[]): readonly Cell[] {
  let left = [{ from: cell.from, until: cell.until }];
  for (const other of others) {
    const covers =
      other.purpose === cell.purpose && coversRegion(other.region, cell.region) && (other.transaction === '*' || other.transaction === cell.transaction) && (other.role === '*' || other.role === cell.role);
    if (!covers) continue;
    left = left.flatMap(({ from, until }) =>
      [{ from, until: Math.min(until, other.from) }, { from: Math.max(from, other.until), until }].filter((interval) => interval.from < interval.until),
    );
  }
  return left.map((interval) => ({ ...cell, ...interval }));
}

/** Cells put together again: purposes, then regions, then transactions, then roles that share the rest. */
function grouped(cells: readonly Cell[]): readonly ScopeDocument[] {
  type Group = { regions: string[]; transactions: string[]; roles: string[]; purposes: string[]; from: number; until: number };
  let groups: Group[] = cells.map(({ region, transaction, role, purpose, from, until }) => ({ regions: [region], transactions: [transaction], roles: [role], purposes: [purpose], from, until }));
  for (const member of ['purposes', 'regions', 'transactions', 'roles'] as const) {
    const byRest = new Map<string, Group>();
    for (const group of groups) {
      const key = canonical({ ...group, [member]: [], from: String(group.from), until: String(group.until) });
      const held = byRest.get(key);
      if (held === undefined) byRest.set(key, { ...group });
      else held[member] = [...new Set([...held[member], ...group[member]])];
    }
    groups = [...byRest.values()];
  }
  return groups.map(({ regions, transactions, roles, purposes, from, until }) => ({
    regions,
    ...(!transactions.includes('*') && { transactions }),
    ...(!roles.includes('*') && { roles }),
    ...(purposes.length < PURPOSES.length && { purposes: purposes as Purpose[] }),
    ...(Number.isFinite(from) && { from: formatInstant(from) }),
    ...(Number.isFinite(until) && { until: formatInstant(until) }),
  }));
}
