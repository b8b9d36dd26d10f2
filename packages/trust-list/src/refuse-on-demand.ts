import { TrustListError } from './error.js';
import type { RefusalCode } from './refusal.js';
import type { Refusal, RefusalDetails } from './refuse.js';
import type { SignatureFact } from './verify-signatures.js';

/**
 * As `refuse`. The words are loaded when a document is refused, so that a page whose lists are in order need not have them; where they
 * cannot be had the refusal stands, and its code has to say why.
 */
export async function refuseOnDemand(code: RefusalCode, details: RefusalDetails = {}): Promise<Refusal> {
  const words = await import('./refuse.js').catch(() => undefined);
  if (words !== undefined) return words.refuse(code, details);
  const unsaid = { zh: code, en: code };
  return { code, message: unsaid, remedy: unsaid, responsible: 'network', ...factsOf(details) };
}

/** What a refusal has beside its code and words. */
export function factsOf({ problems, signatures, expected, actual, evidence }: RefusalDetails): Omit<Refusal, 'code' | 'message' | 'remedy' | 'responsible'> {
  return {
    ...(problems !== undefined && problems.length > 0 && { problems }),
    ...(signatures !== undefined && { signatures }),
    ...(expected !== undefined && { expected }),
    ...(actual !== undefined && { actual }),
    ...(evidence !== undefined && { evidence }),
  };
}

/** As `refuseError`. */
export async function refuseErrorOnDemand(error: unknown, signatures?: readonly SignatureFact[]): Promise<Refusal> {
  if (!(error instanceof TrustListError)) throw error;
  return refuseOnDemand(error.code, { detail: error.message, problems: error.problems, actual: error.detected, signatures });
}
