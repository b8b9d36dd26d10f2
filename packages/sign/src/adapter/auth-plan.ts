/**
 * One thing a user does, or shows, to authorise.
 * `otp-online`: sent on request, can be sent again. `otp-offline`: from a generator the user holds.
 */
export type FactorKind = 'none' | 'pin' | 'otp-online' | 'otp-offline' | 'push' | 'qr' | 'oauth-code' | 'oauth-client' | 'webauthn';

/** What authorises a credential, as a tree: CSC `auth.expression` read, or what a vendor documents. JSON. */
export type AuthPlan =
  | { readonly op: 'and' | 'or' | 'xor'; readonly of: readonly AuthPlan[] }
  | {
      readonly factor: FactorKind;
      /** Names it to the provider (`PIN`, `OTP`). */
      readonly id: string;
      readonly label?: string;
      /** `A` alphanumeric, `N` digits (CSC API v2 §11.5). */
      readonly format?: 'A' | 'N';
    };

/** A factor of a plan. */
export type AuthFactor = Extract<AuthPlan, { readonly factor: FactorKind }>;

/** The alternatives a user may choose among: each a list of factors, all of which are needed, in the order of the plan. */
export function alternativesOf(plan: AuthPlan): readonly (readonly AuthFactor[])[] {
  if ('factor' in plan) return [[plan]];
  const parts = plan.of.map(alternativesOf);
  if (plan.op !== 'and') return parts.flat();
  return parts.reduce<readonly (readonly AuthFactor[])[]>((done, part) => bounded(done.flatMap((left) => part.map((right) => [...left, ...right]))), [[]]);
}

/** Alternatives multiply under AND; no provider has this many. */
const MAX_ALTERNATIVES = 64;

function bounded<T>(alternatives: readonly T[]): readonly T[] {
  if (alternatives.length > MAX_ALTERNATIVES) throw new TypeError(`an authorisation plan has more than ${MAX_ALTERNATIVES} alternatives`);
  return alternatives;
}
