import type { Purpose } from '@hefu/trust-list';
import { VerifyError } from './error.js';
import type { Scene } from './policy.js';
import { requireRequirements, type SignerRequirement } from './required-signers.js';

/** What the relying party is doing: which city, which kind of transaction, for what. */
export interface JudgeContext {
  readonly scene: Scene;
  /** GB/T 2260 code of the platform's region, six digits. */
  readonly region: string;
  readonly transaction?: string;
  /** Default: `auth` for the login scene, else `sign`. */
  readonly purpose?: Purpose;
  readonly role?: string;
  /** Who must have signed a message, beyond that all who did must pass. */
  readonly requireSigners?: readonly SignerRequirement[];
}

const SCENES: readonly Scene[] = ['login', 'bid-signing', 'opening', 'archive'];
const PURPOSES: readonly Purpose[] = ['auth', 'sign', 'seal', 'encrypt'];

/**
 * Refuses times that cannot be: a signature is not proven to exist at a time later than the one it is judged at.
 * @throws VerifyError CONTEXT_INVALID
 */
export function requireTimes({ at, bestSignatureTime }: { readonly at: number; readonly bestSignatureTime?: number }): void {
  if (!isInstant(at)) throw new VerifyError('CONTEXT_INVALID', 'at must be epoch milliseconds');
  if (bestSignatureTime === undefined) return;
  if (!isInstant(bestSignatureTime)) throw new VerifyError('CONTEXT_INVALID', 'bestSignatureTime must be epoch milliseconds');
  if (bestSignatureTime > at) throw new VerifyError('CONTEXT_INVALID', 'bestSignatureTime must not be later than the validation time');
}

/** Within the range of ECMAScript time values. */
function isInstant(at: number): boolean {
  return Number.isFinite(at) && Math.abs(at) <= 8.64e15;
}

/**
 * The context with its defaults filled in.
 * @throws VerifyError CONTEXT_INVALID
 */
export function readContext(context: JudgeContext): Required<Pick<JudgeContext, 'scene' | 'region' | 'purpose'>> & JudgeContext {
  if (!SCENES.includes(context.scene)) throw new VerifyError('CONTEXT_INVALID', `scene must be one of ${SCENES.join(', ')}`);
  if (!/^\d{6}$/.test(context.region)) throw new VerifyError('CONTEXT_INVALID', 'region must be a six-digit GB/T 2260 code');
  const purpose = context.purpose ?? (context.scene === 'login' ? 'auth' : 'sign');
  if (!PURPOSES.includes(purpose)) throw new VerifyError('CONTEXT_INVALID', `purpose must be one of ${PURPOSES.join(', ')}`);
  if (context.requireSigners !== undefined) requireRequirements(context.requireSigners);
  return Object.assign({}, context, { purpose });
}
