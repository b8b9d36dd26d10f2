import { CONTRACT_CHECKS } from './checks-contract.js';
import { SIGNING_CHECKS } from './checks-signing.js';
import type { ConformanceCheck, ConformanceHarness, ConformanceLevel, MakeSubject } from './subject.js';

export const CONFORMANCE_CHECKS: readonly ConformanceCheck[] = [...CONTRACT_CHECKS, ...SIGNING_CHECKS];

export interface ConformanceRow {
  readonly id: string;
  readonly level: ConformanceLevel;
  readonly title: string;
  /** `skipped`: could not be tried, `problem` says why; it counts neither way. */
  readonly outcome: 'passed' | 'failed' | 'skipped';
  readonly problem?: string;
}

/** JSON. */
export interface ConformanceReport {
  readonly type: 'hefu-adapter-conformance';
  readonly version: 1;
  readonly adapter: { readonly id: string; readonly version: string };
  readonly rows: readonly ConformanceRow[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** The highest level up to which nothing failed; absent when the lowest did. */
  readonly level?: ConformanceLevel;
}

export interface RunOptions {
  readonly levels?: readonly ConformanceLevel[];
  readonly onRow?: (row: ConformanceRow) => void;
}

const LEVELS: readonly ConformanceLevel[] = ['L0', 'L1', 'L2', 'L3', 'L4'];

/** Holds an adapter to the contract. Never throws for what the adapter does. */
export async function runAdapterConformance(make: MakeSubject, harness: ConformanceHarness, { levels = LEVELS, onRow }: RunOptions = {}): Promise<ConformanceReport> {
  const rows: ConformanceRow[] = [];
  for (const check of CONFORMANCE_CHECKS) {
    if (!levels.includes(check.level)) continue;
    const row = await rowOf(check, make, harness);
    rows.push(row);
    onRow?.(row);
  }
  const count = (outcome: ConformanceRow['outcome']): number => rows.filter((row) => row.outcome === outcome).length;
  const level = LEVELS.slice(0, LEVELS.findIndex((each) => rows.some((row) => row.level === each && row.outcome === 'failed')) >>> 0).filter((each) => levels.includes(each)).at(-1);
  const info = await infoOf(make);
  return { type: 'hefu-adapter-conformance', version: 1, adapter: info, rows, passed: count('passed'), failed: count('failed'), skipped: count('skipped'), ...(level === undefined ? {} : { level }) };
}

/** What of vitest, jest, mocha or node:test is needed. */
export interface TestFramework {
  describe(name: string, body: () => void): void;
  it(name: string, body: () => Promise<void>): void;
}

/** Registers one test for each check. A check that cannot be tried passes with a word to `onSkip`. */
export function describeAdapterConformance(name: string, make: MakeSubject, harness: () => ConformanceHarness, { describe, it }: TestFramework, options: { readonly levels?: readonly ConformanceLevel[]; readonly onSkip?: (row: ConformanceRow) => void } = {}): void {
  const { levels = LEVELS, onSkip } = options;
  describe(`${name} conforms`, () => {
    for (const check of CONFORMANCE_CHECKS.filter(({ level }) => levels.includes(level))) {
      it(`${check.id} ${check.title}`, async () => {
        const why = await check.run(make, harness());
        if (why !== undefined) onSkip?.({ id: check.id, level: check.level, title: check.title, outcome: 'skipped', problem: why });
      });
    }
  });
}

async function rowOf({ id, level, title, run }: ConformanceCheck, make: MakeSubject, harness: ConformanceHarness): Promise<ConformanceRow> {
  try {
    const why = await run(make, harness);
    return { id, level, title, outcome: why === undefined ? 'passed' : 'skipped', ...(why === undefined ? {} : { problem: why }) };
  } catch (error) {
    return { id, level, title, outcome: 'failed', problem: error instanceof Error ? `${error.name}: ${error.message}` : 'threw no Error' };
  }
}

async function infoOf(make: MakeSubject): Promise<ConformanceReport['adapter']> {
  try {
    const { id, version } = (await make())!.adapter.info;
    return { id, version };
  } catch {
    return { id: 'unknown', version: 'unknown' };
  }
}
