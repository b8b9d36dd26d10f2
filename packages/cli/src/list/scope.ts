import { formatInstant, type Purpose, type ScopeDocument } from '@hefu/trust-list';
import { instant } from '../arguments.js';
import { usageError } from '../error.js';

export interface ScopeOptions {
  readonly region: readonly string[];
  readonly transaction?: readonly string[];
  readonly role?: readonly string[];
  readonly purpose?: readonly string[];
  readonly from?: string;
  readonly until?: string;
}

const PURPOSES = ['auth', 'sign', 'seal', 'encrypt'];

export function scopeFrom({ region, transaction, role, purpose, from, until }: ScopeOptions): ScopeDocument {
  return {
    regions: regionsFrom(region),
    ...(transaction !== undefined && { transactions: transaction }),
    ...(role !== undefined && { roles: role }),
    ...(purpose !== undefined && { purposes: purposesFrom(purpose) }),
    ...(from !== undefined && { from: formatInstant(instant('--from', from)) }),
    ...(until !== undefined && { until: formatInstant(instant('--until', until)) }),
  };
}

export function regionsFrom(regions: readonly string[]): readonly string[] {
  const wrong = regions.find((region) => !/^(?:\*|\d{1,5}\*|\d{6})$/.test(region));
  if (wrong !== undefined) throw usageError(`--region 应为六位代码或带 * 的前缀，如 420100 或 42*，而不是 ${JSON.stringify(wrong)}`, `--region takes six digits or a prefix with *, like 420100 or 42*, not ${JSON.stringify(wrong)}`);
  return regions;
}

export function purposesFrom(purposes: readonly string[]): readonly Purpose[] {
  const wrong = purposes.find((purpose) => !PURPOSES.includes(purpose));
  if (wrong !== undefined) throw usageError(`--purpose 只能是 ${PURPOSES.join('、')}，而不是 ${JSON.stringify(wrong)}`, `--purpose is one of ${PURPOSES.join(', ')}, not ${JSON.stringify(wrong)}`);
  return purposes as readonly Purpose[];
}
