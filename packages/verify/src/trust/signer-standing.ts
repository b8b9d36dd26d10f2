import { matchScope, statusEffect, type ScopeDimension, type ScopeQuestion, type TrustService } from '@hefu/trust-list';
import type { ReasonCode } from '../codes.js';

export interface StandingQuestion {
  /** What the relying party is doing, and where. */
  readonly context: Omit<ScopeQuestion, 'at'>;
  /** When the evidence was made: thisUpdate of a CRL, producedAt of an OCSP answer; epoch milliseconds. */
  readonly madeAt: number;
  /** When it is relied on: validation time. */
  readonly at: number;
}

export const OUT_OF_SCOPE: Readonly<Record<ScopeDimension, ReasonCode>> = {
  REGION: 'REGION_NOT_IN_SCOPE',
  TRANSACTION: 'TRANSACTION_NOT_IN_SCOPE',
  ROLE: 'ROLE_NOT_IN_SCOPE',
  PURPOSE: 'PURPOSE_NOT_IN_SCOPE',
  TIME: 'SCOPE_NOT_IN_FORCE',
};

/**
 * Why evidence that a service of kind `crl-issuer` or `ocsp` signed does not count; undefined when it does.
 *
 * Status and scope are asked for both instants: who may not speak now is not listened to, though the answer be older; nor
 * does what was made before the grant, or in a suspension, come to count later. `ceased` ends the making: what was made
 * before lives out its time, as certificates of a CA that ceased do.
 */
export function signerRefusal(service: TrustService, { context, madeAt, at }: StandingQuestion): ReasonCode | undefined {
  // Constraints speak of the certificates a CA issues; what cannot be applied must not be passed over.
  const constrained = Object.values(service.constraints).some((value) => !(Array.isArray(value) && value.length === 0));
  if (service.unusable !== undefined || constrained) return 'SERVICE_UNSUPPORTED';
  for (const instant of [madeAt, at]) {
    const effect = statusEffect({ service, issuedAt: madeAt, signedAt: instant });
    if (!effect.trusted) return effect.code === 'GRANTED' ? 'CA_NOT_YET_GRANTED' : effect.code;
    const scope = matchScope(service, Object.assign({}, context, { at: instant }));
    if (!scope.matched) return OUT_OF_SCOPE[scope.failed];
  }
  return undefined;
}
