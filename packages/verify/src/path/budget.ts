/** What one validation may spend, shared by everything in it; when spent, the validation ends with PATH_BUDGET_EXCEEDED. */
export interface Budget {
  /** Signature verifications, path and revocation together. Go and webpki allow 100 per path search. */
  readonly maxSignatureChecks: number;
  /** Candidate steps of the search; webpki allows 200,000 build_chain calls. */
  readonly maxSteps: number;
  /** Certificates in a path, leaf and anchor included. */
  readonly maxDepth: number;
  /** Name-constraint comparisons; webpki and Go allow 250,000. */
  readonly maxNameComparisons: number;
}

export const DEFAULT_BUDGET: Budget = { maxSignatureChecks: 100, maxSteps: 200_000, maxDepth: 10, maxNameComparisons: 250_000 };

/** What a validation has spent so far. Pass one object to path building and revocation to make them share a budget. */
export interface Spending {
  signatureChecks: number;
  steps: number;
  nameComparisons: number;
}

export function createSpending(): Spending {
  return { signatureChecks: 0, steps: 0, nameComparisons: 0 };
}

/** @throws TypeError when a limit is not a whole number: a comparison with NaN would never stop anything */
export function requireBudget(budget: Budget): void {
  const { maxSignatureChecks, maxSteps, maxDepth, maxNameComparisons } = budget;
  for (const limit of [maxSignatureChecks, maxSteps, maxDepth, maxNameComparisons]) {
    if (!Number.isSafeInteger(limit) || limit < 0) throw new TypeError('every limit of a budget is a whole number');
  }
}
