import type { Spending } from './budget.js';
import { anyPolicy, type PolicyConstraints, type PolicyMapping, type StatedPolicy } from './policy-extensions.js';

/** The policy inputs of RFC 5280 §6.1.1 (c) and (e) to (g). */
export interface PolicyInputs {
  /** user-initial-policy-set; default any policy. */
  readonly initialPolicySet?: readonly string[];
  readonly initialExplicitPolicy?: boolean;
  readonly initialPolicyMappingInhibit?: boolean;
  readonly initialAnyPolicyInhibit?: boolean;
}

/** What one certificate says about policies. */
export interface PolicyStatement {
  readonly selfIssued: boolean;
  readonly policies: readonly StatedPolicy[] | undefined;
  readonly mappings: readonly PolicyMapping[] | undefined;
  readonly constraints: PolicyConstraints | undefined;
  readonly inhibitAnyPolicy: number | undefined;
}

/** A policy of the user-constrained policy set (RFC 9618 §5.6), in the anchor's domain. */
export interface ValidPolicy {
  readonly policy: string;
  /** DER of the SEQUENCE OF PolicyQualifierInfo; undefined when there are none. */
  readonly qualifiers: Uint8Array | undefined;
}

export type PolicyOutcome =
  | { readonly policies: readonly ValidPolicy[]; readonly fault?: undefined }
  | { readonly fault: 'no-valid-policy' | 'mapped-any-policy' | 'budget'; readonly index: number };

interface Node {
  readonly policy: string;
  readonly qualifiers: Uint8Array | undefined;
  expected: readonly string[];
  readonly parents: readonly Node[];
}

type Level = Map<string, Node>;

/**
 * Policy processing of RFC 5280 §6.1 over a path, as RFC 9618 §5 amends it: policies form a graph in which every
 * policy is one node per certificate, so its size is that of the extensions, where a tree would double at each step.
 *
 * @param path what the certificates say, first the one that the anchor issued, last the leaf
 * @param anchor what the anchor's own certificate says, where that binds (RFC 5937 §3)
 * @param maxSteps nodes and edges count as steps of the shared budget
 */
export function processPolicies(path: readonly PolicyStatement[], inputs: PolicyInputs, anchor: PolicyStatement | undefined, spending: Spending, maxSteps: number): PolicyOutcome {
  const n = path.length;
  let explicitPolicy = inputs.initialExplicitPolicy === true ? 0 : n + 1;
  let policyMapping = inputs.initialPolicyMappingInhibit === true ? 0 : n + 1;
  let inhibitAnyPolicy = inputs.initialAnyPolicyInhibit === true ? 0 : n + 1;
  if (anchor !== undefined) {
    explicitPolicy = Math.min(explicitPolicy, anchor.constraints?.requireExplicitPolicy ?? explicitPolicy);
    policyMapping = Math.min(policyMapping, anchor.constraints?.inhibitPolicyMapping ?? policyMapping);
    inhibitAnyPolicy = Math.min(inhibitAnyPolicy, anchor.inhibitAnyPolicy ?? inhibitAnyPolicy);
  }
  const root: Node = { policy: anyPolicy, qualifiers: undefined, expected: [anyPolicy], parents: [] };
  // The graph is NULL exactly when its deepest level is empty: every other node leads there or is pruned.
  let level: Level = new Map([[anyPolicy, root]]);

  for (let i = 0; i < n; i++) {
    const said = path[i]!;
    const last = i === n - 1;
    // §6.1.3 (d) and (e)
    level = said.policies === undefined ? new Map() : nextLevel(level, said.policies, inhibitAnyPolicy > 0 || (!last && said.selfIssued), spending);
    if (spending.steps > maxSteps) return { fault: 'budget', index: i };
    if (explicitPolicy === 0 && level.size === 0) return { fault: 'no-valid-policy', index: i }; // (f)
    if (last) break;
    // §6.1.4 (a) and (b)
    if (said.mappings !== undefined) {
      if (said.mappings.some((mapping) => mapping.issuerDomainPolicy === anyPolicy || mapping.subjectDomainPolicy === anyPolicy)) return { fault: 'mapped-any-policy', index: i };
      applyMappings(level, said.mappings, policyMapping > 0, spending);
      if (spending.steps > maxSteps) return { fault: 'budget', index: i };
    }
    // (h) to (j)
    if (!said.selfIssued) {
      if (explicitPolicy > 0) explicitPolicy--;
      if (policyMapping > 0) policyMapping--;
      if (inhibitAnyPolicy > 0) inhibitAnyPolicy--;
    }
    explicitPolicy = Math.min(explicitPolicy, said.constraints?.requireExplicitPolicy ?? explicitPolicy);
    policyMapping = Math.min(policyMapping, said.constraints?.inhibitPolicyMapping ?? policyMapping);
    inhibitAnyPolicy = Math.min(inhibitAnyPolicy, said.inhibitAnyPolicy ?? inhibitAnyPolicy);
  }

  // §6.1.5 (a), (b) and (g)
  if (explicitPolicy > 0) explicitPolicy--;
  if (path[n - 1]?.constraints?.requireExplicitPolicy === 0) explicitPolicy = 0;
  const policies = constrainedTo(initialSet(inputs, anchor), authorityPolicies(level));
  if (explicitPolicy === 0 && policies.length === 0) return { fault: 'no-valid-policy', index: n - 1 };
  return { policies };
}

/** The user's set, narrowed to the policies that the anchor's own certificate is for. `undefined` is any policy. */
function initialSet({ initialPolicySet }: PolicyInputs, anchor: PolicyStatement | undefined): ReadonlySet<string> | undefined {
  const user = initialPolicySet === undefined || initialPolicySet.includes(anyPolicy) ? undefined : new Set(initialPolicySet);
  const own = anchor?.policies?.map(({ policy }) => policy);
  if (own === undefined || own.includes(anyPolicy)) return user;
  return new Set(user === undefined ? own : own.filter((policy) => user.has(policy)));
}

/** §6.1.3 (d)(1) and (2) as RFC 9618 §5.3 rewrites them. */
function nextLevel(above: Level, stated: readonly StatedPolicy[], anyPolicyCounts: boolean, spending: Spending): Level {
  const parentsOf = new Map<string, Node[]>();
  for (const node of above.values()) {
    for (const policy of node.expected) {
      spending.steps++;
      const parents = parentsOf.get(policy);
      if (parents === undefined) parentsOf.set(policy, [node]);
      else parents.push(node);
    }
  }
  const anyAbove = above.get(anyPolicy);
  const level: Level = new Map();
  for (const { policy, qualifiers } of stated) {
    spending.steps++;
    if (policy === anyPolicy || level.has(policy)) continue;
    const parents = parentsOf.get(policy) ?? (anyAbove === undefined ? undefined : [anyAbove]);
    if (parents !== undefined) level.set(policy, { policy, qualifiers, expected: [policy], parents });
  }
  const any = anyPolicyCounts ? stated.find(({ policy }) => policy === anyPolicy) : undefined;
  if (any !== undefined) {
    for (const [policy, parents] of parentsOf) {
      if (!level.has(policy)) level.set(policy, { policy, qualifiers: any.qualifiers, expected: [policy], parents });
    }
  }
  return level;
}

/** §6.1.4 (b) as RFC 9618 §5.4 rewrites it. */
function applyMappings(level: Level, mappings: readonly PolicyMapping[], allowed: boolean, spending: Spending): void {
  const any = level.get(anyPolicy);
  const equivalents = new Map<string, Set<string>>();
  for (const { issuerDomainPolicy, subjectDomainPolicy } of mappings) {
    spending.steps++;
    const set = equivalents.get(issuerDomainPolicy);
    if (set === undefined) equivalents.set(issuerDomainPolicy, new Set([subjectDomainPolicy]));
    else set.add(subjectDomainPolicy);
  }
  for (const [policy, subjects] of equivalents) {
    const node = level.get(policy);
    if (!allowed) level.delete(policy);
    else if (node !== undefined) node.expected = [...subjects];
    else if (any !== undefined) level.set(policy, { policy, qualifiers: any.qualifiers, expected: [...subjects], parents: any.parents });
  }
}

/** RFC 9618 §5.6: what is left in the anchor's own terms, the children of anyPolicy on the way to the leaf's level. */
function authorityPolicies(deepest: Level): Map<string, ValidPolicy> {
  const found = new Map<string, ValidPolicy>();
  const seen = new Set<Node>(deepest.values());
  for (const node of seen) {
    if (node.policy === anyPolicy ? deepest.get(anyPolicy) === node : node.parents.some((parent) => parent.policy === anyPolicy)) {
      // The leaf's own qualifiers say more than those of a certificate above it.
      if (!found.has(node.policy)) found.set(node.policy, { policy: node.policy, qualifiers: (deepest.get(node.policy) ?? node).qualifiers });
    }
    for (const parent of node.parents) seen.add(parent);
  }
  return found;
}

function constrainedTo(user: ReadonlySet<string> | undefined, authority: Map<string, ValidPolicy>): readonly ValidPolicy[] {
  if (user === undefined) return [...authority.values()];
  const any = authority.get(anyPolicy);
  const policies: ValidPolicy[] = [];
  for (const policy of user) {
    const own = authority.get(policy) ?? (any === undefined ? undefined : { policy, qualifiers: any.qualifiers });
    if (own !== undefined) policies.push(own);
  }
  return policies;
}
