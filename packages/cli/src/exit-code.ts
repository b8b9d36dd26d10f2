import type { Conclusion } from '@hefu/verify';

/** What the process ends with. The same for every command. */
export const ExitCode = { passed: 0, failed: 1, indeterminate: 2, usage: 3 } as const;

export function exitCodeOf(conclusion: Conclusion): number {
  return ExitCode[conclusion];
}
