import type { AdapterKind, Capabilities } from '../adapter/index.js';
import type { MutationResult } from './mutants.js';
import { CONTRACT_CHECKS } from './checks-contract.js';
import { INTEROP_CHECKS } from './checks-interop.js';
import { SECURITY_CHECKS } from './checks-security.js';
import { SIGNING_CHECKS } from './checks-signing.js';
import { open, type OpenSubject } from './play.js';
import { CONFORMANCE_LEVELS, type ConformanceCheck, type ConformanceHarness, type ConformanceLevel, type ConformanceSubject, type MakeSubject } from './subject.js';

export const CONFORMANCE_CHECKS: readonly ConformanceCheck[] = [...CONTRACT_CHECKS, ...SIGNING_CHECKS, ...SECURITY_CHECKS, ...INTEROP_CHECKS];

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
  readonly adapter: { readonly id: string; readonly version: string; readonly kind?: AdapterKind };
  /** As declared, and, where all passed, as held to; absent when they could not be had. */
  readonly capabilities?: Capabilities;
  readonly rows: readonly ConformanceRow[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** With mutation mode. */
  readonly mutations?: readonly MutationResult[];
  /** The highest level up to which nothing failed and of each something was tried; absent when the lowest was not held. */
  readonly level?: ConformanceLevel;
}

export interface RunOptions {
  readonly levels?: readonly ConformanceLevel[];
  readonly onRow?: (row: ConformanceRow) => void;
}

const LEVELS = CONFORMANCE_LEVELS;

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
  const asked = LEVELS.filter((each) => levels.includes(each));
  const isHeld = (each: ConformanceLevel): boolean => rows.some(({ level: at, outcome }) => at === each && outcome === 'passed') && !rows.some(({ level: at, outcome }) => at === each && outcome === 'failed');
  const level = asked.slice(0, asked.findIndex((each) => !isHeld(each)) >>> 0).at(-1);
  return { type: 'hefu-adapter-conformance', version: 1, ...(await declaredOf(make, harness)), rows, passed: count('passed'), failed: count('failed'), skipped: count('skipped'), ...(level === undefined ? {} : { level }) };
}

/** What of vitest, jest, mocha or node:test is needed. */
export interface TestFramework {
  describe(name: string, body: () => void): void;
  /** What it hands to `body` may have a `skip(reason)`, as vitest and node:test have. */
  it(name: string, body: (...context: readonly unknown[]) => Promise<void>): void;
}

/** Levels that want nothing but a subject. */
const BASIC_LEVELS: readonly ConformanceLevel[] = ['L0', 'L1', 'L2', 'L3', 'L4'];

/**
 * Registers one test for each check. A check that cannot be tried is skipped, with its reason; where the framework has no way of
 * skipping from within, `onSkip` has to take the reason, or the test fails: what was not tried has not passed.
 * @param options.levels default L0 to L4; `CONFORMANCE_LEVELS` for all, with a provider that can deceive and a foreign verifier
 */
export function describeAdapterConformance(name: string, make: MakeSubject, harness: () => ConformanceHarness, { describe, it }: TestFramework, options: { readonly levels?: readonly ConformanceLevel[]; readonly onSkip?: (row: ConformanceRow) => void } = {}): void {
  const { levels = BASIC_LEVELS, onSkip } = options;
  describe(`${name} conforms`, () => {
    for (const check of CONFORMANCE_CHECKS.filter(({ level }) => levels.includes(level))) {
      it(`${check.id} ${check.title}`, async (...context) => {
        const why = await runCheck(check, make, harness());
        if (why === undefined) return;
        onSkip?.({ id: check.id, level: check.level, title: check.title, outcome: 'skipped', problem: why });
        const skipping = context.find(canSkip);
        if (skipping !== undefined) skipping.skip(why);
        else if (onSkip === undefined) throw new Error(`not tried: ${why}`);
      });
    }
  });
}

function canSkip(context: unknown): context is { skip(reason: string): void } {
  // vitest's is a function.
  return (typeof context === 'object' || typeof context === 'function') && context !== null && typeof (context as { skip?: unknown }).skip === 'function';
}

async function rowOf(check: ConformanceCheck, make: MakeSubject, harness: ConformanceHarness): Promise<ConformanceRow> {
  const { id, level, title } = check;
  try {
    const why = await runCheck(check, make, harness);
    return { id, level, title, outcome: why === undefined ? 'passed' : 'skipped', ...(why === undefined ? {} : { problem: why }) };
  } catch (error) {
    return { id, level, title, outcome: 'failed', problem: error instanceof Error ? `${error.name}: ${error.message}` : 'threw no Error' };
  }
}

/** Runs one check, and closes every subject it made. */
export async function runCheck({ run }: ConformanceCheck, make: MakeSubject, harness: ConformanceHarness): Promise<string | undefined> {
  const made: ConformanceSubject[] = [];
  try {
    return await run(async (fault) => {
      const subject = await make(fault);
      if (subject !== undefined) made.push(subject);
      return subject;
    }, harness);
  } finally {
    for (const { close } of made) await close?.();
  }
}

async function declaredOf(make: MakeSubject, harness: ConformanceHarness): Promise<Pick<ConformanceReport, 'adapter' | 'capabilities'>> {
  let opened: OpenSubject | undefined;
  try {
    opened = await open(make, harness);
    const { id, version, kind } = opened!.adapter.info;
    return { adapter: { id, version, kind }, capabilities: opened!.capabilities };
  } catch {
    return { adapter: { id: 'unknown', version: 'unknown' } };
  } finally {
    await opened?.subject.close?.();
  }
}
