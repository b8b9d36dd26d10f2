/**
 * The valid_policy_tree of RFC 5280 §6.1, step by step as its text has it: exponential, and what the graph of
 * RFC 9618 must agree with. Written apart from the implementation.
 */

/** What one certificate says of policies. */
export interface Said {
  readonly selfIssued: boolean;
  readonly policies: readonly { readonly policy: string }[] | undefined;
  readonly mappings: readonly { readonly issuerDomainPolicy: string; readonly subjectDomainPolicy: string }[] | undefined;
  readonly constraints: { readonly requireExplicitPolicy: number | undefined; readonly inhibitPolicyMapping: number | undefined } | undefined;
  readonly inhibitAnyPolicy: number | undefined;
}

/** The inputs of §6.1.1 (c) and (e) to (g). */
export interface Asked {
  readonly initialPolicySet?: readonly string[];
  readonly initialExplicitPolicy?: boolean;
  readonly initialPolicyMappingInhibit?: boolean;
  readonly initialAnyPolicyInhibit?: boolean;
}

interface TreeNode {
  readonly policy: string;
  expected: readonly string[];
  readonly parent: TreeNode | undefined;
  children: TreeNode[];
}

const ANY = '2.5.29.32.0';

/** @param anchor what the anchor's own certificate says, as inputs (RFC 5937 §3) */
export function policiesByTree(path: readonly Said[], inputs: Asked, anchor?: Said): readonly string[] | 'refused' {
  const n = path.length;
  let explicit = Math.min(inputs.initialExplicitPolicy === true ? 0 : n + 1, anchor?.constraints?.requireExplicitPolicy ?? n + 1);
  let mapping = Math.min(inputs.initialPolicyMappingInhibit === true ? 0 : n + 1, anchor?.constraints?.inhibitPolicyMapping ?? n + 1);
  let inhibitAny = Math.min(inputs.initialAnyPolicyInhibit === true ? 0 : n + 1, anchor?.inhibitAnyPolicy ?? n + 1);
  let tree: TreeNode | undefined = { policy: ANY, expected: [ANY], parent: undefined, children: [] };

  for (const [at, said] of path.entries()) {
    const i = at + 1;
    if (said.policies === undefined) tree = undefined;
    else if (tree !== undefined) {
      const above = depth(tree, i - 1);
      for (const { policy } of said.policies) {
        if (policy === ANY) continue;
        const matching = above.filter((node) => node.expected.includes(policy));
        for (const node of matching) grow(node, policy, [policy]);
        if (matching.length === 0) for (const node of above) if (node.policy === ANY) grow(node, policy, [policy]);
      }
      if (said.policies.some(({ policy }) => policy === ANY) && (inhibitAny > 0 || (i < n && said.selfIssued))) {
        for (const node of above) for (const policy of node.expected) if (!node.children.some((child) => child.policy === policy)) grow(node, policy, [policy]);
      }
      tree = prune(tree, i);
    }
    if (explicit === 0 && tree === undefined) return 'refused';
    if (i === n) break;
    const { mappings } = said;
    if (mappings !== undefined) {
      if (mappings.some((pair) => pair.issuerDomainPolicy === ANY || pair.subjectDomainPolicy === ANY)) return 'refused';
      for (const policy of new Set(mappings.map((pair) => pair.issuerDomainPolicy))) {
        if (tree === undefined) break;
        const subjects = mappings.filter((pair) => pair.issuerDomainPolicy === policy).map((pair) => pair.subjectDomainPolicy);
        const nodes = depth(tree, i);
        const own = nodes.filter((node) => node.policy === policy);
        if (mapping > 0) {
          for (const node of own) node.expected = subjects;
          if (own.length === 0) for (const node of nodes) if (node.policy === ANY) grow(node.parent!, policy, subjects);
        } else {
          for (const node of own) node.parent!.children = node.parent!.children.filter((child) => child !== node);
          tree = prune(tree, i);
        }
      }
    }
    if (!said.selfIssued) {
      if (explicit !== 0) explicit--;
      if (mapping !== 0) mapping--;
      if (inhibitAny !== 0) inhibitAny--;
    }
    const { requireExplicitPolicy, inhibitPolicyMapping } = said.constraints ?? {};
    if (requireExplicitPolicy !== undefined && requireExplicitPolicy < explicit) explicit = requireExplicitPolicy;
    if (inhibitPolicyMapping !== undefined && inhibitPolicyMapping < mapping) mapping = inhibitPolicyMapping;
    if (said.inhibitAnyPolicy !== undefined && said.inhibitAnyPolicy < inhibitAny) inhibitAny = said.inhibitAnyPolicy;
  }
  if (explicit !== 0) explicit--;
  if (path[n - 1]!.constraints?.requireExplicitPolicy === 0) explicit = 0;

  // §6.1.5 (g)
  const own = anchor?.policies?.map(({ policy }) => policy).filter((policy, _, all) => !all.includes(ANY) && policy !== ANY);
  const asked = inputs.initialPolicySet;
  const user = own === undefined || own.length === 0 ? asked : asked === undefined || asked.includes(ANY) ? own : asked.filter((policy) => own.includes(policy));
  if (tree !== undefined && user !== undefined && !user.includes(ANY)) {
    const nodeSet = everyNode(tree).filter((node) => node.parent?.policy === ANY);
    for (const node of nodeSet) if (node.policy !== ANY && !user.includes(node.policy)) node.parent!.children = node.parent!.children.filter((child) => child !== node);
    const last = nodeSet.find((node) => node.policy === ANY && depth(tree!, n).includes(node));
    if (last !== undefined) {
      for (const policy of user) if (!nodeSet.some((node) => node.policy === policy)) grow(last.parent!, policy, [policy]);
      last.parent!.children = last.parent!.children.filter((child) => child !== last);
    }
    tree = prune(tree, n);
  }
  if (explicit === 0 && tree === undefined) return 'refused';
  if (tree === undefined) return [];
  const deepest = depth(tree, n);
  const valid = everyNode(tree).filter((node) => node.parent?.policy === ANY && (node.policy !== ANY || deepest.includes(node)));
  return [...new Set(valid.map((node) => node.policy))].sort();
}

function grow(parent: TreeNode, policy: string, expected: readonly string[]): void {
  parent.children.push({ policy, expected, parent, children: [] });
}

function depth(tree: TreeNode, level: number): TreeNode[] {
  return level === 0 ? [tree] : tree.children.flatMap((child) => depth(child, level - 1));
}

function everyNode(tree: TreeNode): TreeNode[] {
  return [tree, ...tree.children.flatMap(everyNode)];
}

/** Nodes of less than this depth without children go. */
function prune(tree: TreeNode, level: number): TreeNode | undefined {
  if (level === 0) return tree;
  tree.children = tree.children.filter((child) => prune(child, level - 1) !== undefined);
  return tree.children.length === 0 ? undefined : tree;
}
