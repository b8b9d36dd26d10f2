import type { Purpose, ServiceScope, TrustService } from './model.js';

export interface ScopeQuestion {
  /** GB/T 2260 code of six digits; longer codes of the same tree match prefixes. */
  readonly region: string;
  /** Of several words any one may match: another scheme may have more than one for ours. */
  readonly transaction?: string | readonly string[];
  readonly role?: string | readonly string[];
  readonly purpose: Purpose;
  readonly at: number;
}

export type ScopeDimension = 'REGION' | 'TRANSACTION' | 'ROLE' | 'PURPOSE' | 'TIME';

/** A scope that does not match, and everything in which it does not, in the order of {@link ScopeDimension}. */
export interface ScopeMiss {
  readonly scope: ServiceScope;
  readonly dimensions: readonly ScopeDimension[];
}

export type ScopeMatch =
  | { readonly matched: true; readonly scope: ServiceScope }
  | {
      readonly matched: false;
      /** In what the nearest scope fails first; `REGION` when the service has no scope. */
      readonly failed: ScopeDimension;
      /** Nearest first: fewest dimensions failed, then the latest in order. */
      readonly misses: readonly ScopeMiss[];
    };

const ORDER: readonly ScopeDimension[] = ['REGION', 'TRANSACTION', 'ROLE', 'PURPOSE', 'TIME'];

/** Whether a service is recognised for this use. A question without transaction or role is not met by a scope that restricts it. */
export function matchScope(service: TrustService, question: ScopeQuestion): ScopeMatch {
  const misses: ScopeMiss[] = [];
  for (const scope of service.scope) {
    const dimensions = failures(scope, question);
    if (dimensions.length === 0) return { matched: true, scope };
    misses.push({ scope, dimensions });
  }
  misses.sort((a, b) => a.dimensions.length - b.dimensions.length || ORDER.indexOf(b.dimensions[0]!) - ORDER.indexOf(a.dimensions[0]!));
  return { matched: false, failed: misses[0]?.dimensions[0] ?? 'REGION', misses };
}

function failures(scope: ServiceScope, question: ScopeQuestion): ScopeDimension[] {
  const { region, transaction, role, purpose, at } = question;
  const failed: ScopeDimension[] = [];
  if (!scope.regions.some((pattern) => matchRegion(pattern, region))) failed.push('REGION');
  if (scope.transactions !== undefined && !names(scope.transactions, transaction)) failed.push('TRANSACTION');
  if (scope.roles !== undefined && !names(scope.roles, role)) failed.push('ROLE');
  if (scope.purposes !== undefined && !scope.purposes.includes(purpose)) failed.push('PURPOSE');
  if (!(at >= (scope.from ?? -Infinity) && at < (scope.until ?? Infinity))) failed.push('TIME');
  return failed;
}

function names(words: readonly string[], wanted: string | readonly string[] | undefined): boolean {
  if (wanted === undefined) return false;
  return typeof wanted === 'string' ? words.includes(wanted) : wanted.some((word) => words.includes(word));
}

/** `420100` is that code only; `42*` every code that begins so; `*` every code. */
export function matchRegion(pattern: string, region: string): boolean {
  if (!/^\d{6,12}$/.test(region)) return false;
  return pattern.endsWith('*') ? region.startsWith(pattern.slice(0, -1)) : region === pattern;
}
