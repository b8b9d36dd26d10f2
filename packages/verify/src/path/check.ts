import { CertificateFacts, validityFault, type Fault } from './certificate-facts.js';
import { id_ce_basicConstraints, id_ce_certificatePolicies, id_ce_extKeyUsage, id_ce_nameConstraints, id_ce_policyConstraints, id_ce_policyMappings } from './extension-oids.js';
import type { Spending } from './budget.js';
import { checkNames, type ConstraintIndex } from './names.js';
import { anyPolicy, type StatedPolicy } from './policy-extensions.js';
import { processPolicies, type PolicyInputs, type PolicyStatement, type ValidPolicy } from './policy-graph.js';

export { CertificateFacts, keyFault, sameName, validityFault, type Fault } from './certificate-facts.js';

/** What a trust anchor is limited to beside what its own certificate says (RFC 5937 §3). */
export interface AnchorLimits {
  /** Most intermediates below it that are not self-issued. */
  readonly pathLength: number | undefined;
  readonly nameConstraints: ConstraintIndex | undefined;
  readonly policies: PolicyStatement | undefined;
}

/** A path whose names and signatures are known to hold, and the anchor above it. */
export interface CheckedPath {
  /** Leaf first, without the anchor's own certificate. */
  readonly facts: readonly CertificateFacts[];
  /** The anchor's own certificate, where what it says binds. */
  readonly anchor: CertificateFacts | undefined;
  readonly limits: AnchorLimits;
  readonly at: number;
  readonly enforceAnchorValidity: boolean;
  /** Undefined: policies matter only where a certificate of the path requires one. */
  readonly policy: PolicyInputs | undefined;
  /** Purposes that the leaf, and every intermediate that states any, must allow. */
  readonly extendedKeyUsages: readonly string[];
  readonly maxNameComparisons: number;
  readonly maxSteps: number;
}

export type CheckedOutcome =
  | { readonly fault: Fault; readonly index: number }
  | { readonly fault?: undefined; readonly policies: readonly ValidPolicy[] | undefined };

const NO_POLICIES: CheckedOutcome = { policies: undefined };

/**
 * RFC 5280 §6.1.2 to §6.1.5 over a whole path, from the anchor down: everything but names and signatures, which
 * building it has established, and revocation, which comes after.
 * @returns the first fault, with the index of its certificate (the anchor's own comes after the last)
 */
export function checkPath(path: CheckedPath, spending: Spending): CheckedOutcome {
  const { facts, anchor, limits, at } = path;
  const above: ConstraintIndex[] = limits.nameConstraints === undefined ? [] : [limits.nameConstraints];
  let maxPathLength = limits.pathLength ?? Number.POSITIVE_INFINITY;
  if (anchor !== undefined) {
    const fault = anchor.fault('anchor') ?? (path.enforceAnchorValidity ? validityFault(anchor.certificate, at) : undefined);
    if (fault !== undefined) return { fault, index: facts.length };
    maxPathLength = Math.min(maxPathLength, anchor.pathLength ?? Number.POSITIVE_INFINITY);
    if (anchor.nameConstraints !== undefined) above.push(anchor.nameConstraints);
  }
  for (let index = facts.length - 1; index >= 0; index--) {
    const fact = facts[index]!;
    const fault =
      fact.fault(index === 0 ? 'leaf' : 'ca') ?? validityFault(fact.certificate, at) ?? purposeFault(fact, index, path.extendedKeyUsages) ?? namesFault(fact, index, above, path, spending);
    if (fault !== undefined) return { fault, index };
    if (index === 0) break;
    // §6.1.4 (l) and (m)
    // Comparing names is dear, and what all of those left may use up, this one among them, cannot be exceeded.
    if (maxPathLength < index && !fact.selfIssued) {
      if (maxPathLength <= 0) return { fault: { code: 'PATH_LENGTH_EXCEEDED', extension: id_ce_basicConstraints, clause: 'RFC 5280 §6.1.4 (l)' }, index };
      maxPathLength--;
    }
    maxPathLength = Math.min(maxPathLength, fact.pathLength ?? Number.POSITIVE_INFINITY);
    if (fact.nameConstraints !== undefined) above.push(fact.nameConstraints);
  }
  return checkPolicies(path, spending);
}

const anyExtendedKeyUsage = '2.5.29.37.0';

/**
 * Purposes asked for (RFC 5280 §4.2.1.12). An intermediate that states purposes passes on no others: what every
 * relying party in the field does, though the clause speaks of the certificate's own key only.
 */
export function purposeFault({ certificate }: CertificateFacts, index: number, wanted: readonly string[]): Fault | undefined {
  if (wanted.length === 0) return undefined;
  const stated = certificate.extExtendedKeyUsage;
  if (stated === undefined || (stated.includes(anyExtendedKeyUsage) && !wanted.includes(anyExtendedKeyUsage))) return undefined;
  const missing = wanted.find((purpose) => !stated.includes(purpose));
  if (missing === undefined) return undefined;
  return { code: 'EXTENDED_KEY_USAGE_MISMATCH', expected: missing, actual: stated.join(' ').slice(0, 200), extension: id_ce_extKeyUsage, clause: index === 0 ? 'RFC 5280 §4.2.1.12' : 'BR §7.1.2.10.6' };
}

function namesFault(fact: CertificateFacts, index: number, above: readonly ConstraintIndex[], path: CheckedPath, spending: Spending): Fault | undefined {
  // §6.1.3 (b): self-issued certificates are exempt, except the last.
  if (above.length === 0 || (index > 0 && fact.selfIssued)) return undefined;
  for (const constraints of above) {
    const refusal = checkNames(fact.names, constraints, spending, path.maxNameComparisons);
    if (refusal === undefined) continue;
    if (refusal.code === 'PATH_BUDGET_EXCEEDED') return { ...refusal, expected: path.maxNameComparisons };
    return { ...refusal, extension: id_ce_nameConstraints, clause: 'RFC 5280 §6.1.3 (b)' };
  }
  return undefined;
}

/** Without inputs, a path can fail for want of a policy only where one of its certificates, or its anchor, requires one. */
function checkPolicies({ facts, anchor, limits, policy, maxSteps }: CheckedPath, spending: Spending): CheckedOutcome {
  const requires = (said: PolicyStatement | undefined): boolean => said?.constraints?.requireExplicitPolicy !== undefined;
  if (policy === undefined && !requires(limits.policies) && !hasPolicyConstraints(anchor) && !facts.some(hasPolicyConstraints)) return NO_POLICIES;
  const path = facts.map((fact) => fact.policies).reverse();
  const outcome = processPolicies(path, policy ?? {}, combined(limits.policies, anchor?.policies), spending, maxSteps);
  if (outcome.fault === undefined) return outcome;
  const index = facts.length - 1 - outcome.index;
  switch (outcome.fault) {
    case 'budget':
      return { fault: { code: 'PATH_BUDGET_EXCEEDED', expected: maxSteps, actual: 'steps' }, index };
    case 'mapped-any-policy':
      return { fault: { code: 'POLICY_CONSTRAINTS_VIOLATED', actual: 'anyPolicy is mapped', extension: id_ce_policyMappings, clause: 'RFC 5280 §6.1.4 (a)' }, index };
    case 'no-valid-policy':
      return {
        fault: {
          code: 'POLICY_CONSTRAINTS_VIOLATED', expected: policy?.initialPolicySet?.join(' ').slice(0, 200) ?? 'a valid policy', actual: 'none',
          extension: id_ce_certificatePolicies, clause: 'RFC 5280 §6.1.5 (g)',
        },
        index,
      };
  }
}

function hasPolicyConstraints(fact: CertificateFacts | undefined): boolean {
  return fact?.certificate.extension(id_ce_policyConstraints) !== undefined;
}

/** What the caller and the anchor's own certificate ask, the narrower of each. */
function combined(limits: PolicyStatement | undefined, own: PolicyStatement | undefined): PolicyStatement | undefined {
  if (limits === undefined || own === undefined) return limits ?? own;
  const least = (a: number | undefined, b: number | undefined): number | undefined => (a === undefined || b === undefined ? a ?? b : Math.min(a, b));
  return {
    selfIssued: own.selfIssued,
    policies: narrower(limits.policies, own.policies),
    mappings: undefined,
    constraints: {
      requireExplicitPolicy: least(limits.constraints?.requireExplicitPolicy, own.constraints?.requireExplicitPolicy),
      inhibitPolicyMapping: least(limits.constraints?.inhibitPolicyMapping, own.constraints?.inhibitPolicyMapping),
    },
    inhibitAnyPolicy: least(limits.inhibitAnyPolicy, own.inhibitAnyPolicy),
  };
}

function narrower(a: readonly StatedPolicy[] | undefined, b: readonly StatedPolicy[] | undefined): readonly StatedPolicy[] | undefined {
  if (a === undefined || b === undefined || a.some(({ policy }) => policy === anyPolicy)) return b ?? a;
  return b.some(({ policy }) => policy === anyPolicy) ? a : a.filter(({ policy }) => b.some((other) => other.policy === policy));
}
