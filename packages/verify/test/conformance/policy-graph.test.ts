import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PolicyInputs, PolicyStatement } from '../../src/index.js';
import { createSpending } from '../../src/path/budget.js';
import { processPolicies } from '../../src/path/policy-graph.js';
import { policyOid } from './chain.js';
import { policiesByTree } from './policy-tree.js';

const NAMES = ['P1', 'P2', 'P3', 'any'].map(policyOid);
const skip = fc.option(fc.nat(3), { nil: undefined, freq: 2 });
const statement: fc.Arbitrary<PolicyStatement> = fc.record({
  selfIssued: fc.boolean(),
  policies: fc.option(fc.subarray(NAMES, { minLength: 1 }).map((policies) => policies.map((policy) => ({ policy, qualifiers: undefined }))), { nil: undefined, freq: 12 }),
  mappings: fc.option(
    fc.array(fc.record({ issuerDomainPolicy: fc.constantFrom(...NAMES.slice(0, 3)), subjectDomainPolicy: fc.constantFrom(...NAMES.slice(0, 3)) }), { minLength: 1, maxLength: 4 }),
    { nil: undefined },
  ),
  constraints: fc.option(fc.record({ requireExplicitPolicy: skip, inhibitPolicyMapping: skip }), { nil: undefined, freq: 2 }),
  inhibitAnyPolicy: skip,
});
const inputs: fc.Arbitrary<PolicyInputs> = fc.record(
  { initialPolicySet: fc.subarray(NAMES, { minLength: 1 }), initialExplicitPolicy: fc.boolean(), initialPolicyMappingInhibit: fc.boolean(), initialAnyPolicyInhibit: fc.boolean() },
  { requiredKeys: [] },
);

function byGraph(path: readonly PolicyStatement[], given: PolicyInputs): readonly string[] | 'refused' {
  const outcome = processPolicies(path, given, undefined, createSpending(), 100_000);
  return outcome.fault === undefined ? outcome.policies.map(({ policy }) => policy).sort() : 'refused';
}

describe('the graph of RFC 9618', () => {
  it('says what the tree of RFC 5280 says', () => {
    const seen = { refused: 0, valid: 0 };
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 5 }), inputs, (path, given) => {
        const expected = policiesByTree(path, given);
        if (expected === 'refused') seen.refused++;
        else if (expected.length > 0) seen.valid++;
        expect(byGraph(path, given)).toEqual(expected);
      }),
      { numRuns: 5000 },
    );
    expect(seen.refused).toBeGreaterThan(100);
    expect(seen.valid).toBeGreaterThan(100);
  });

  it('is of the size of the extensions where the tree would be exponential', () => {
    // Every policy maps to every other: the tree has width^length nodes.
    const width = 20;
    const length = 9;
    const names = Array.from({ length: width }, (_, i) => policyOid(`P${i + 1}`));
    const said: PolicyStatement = {
      selfIssued: false,
      policies: names.map((policy) => ({ policy, qualifiers: undefined })),
      mappings: names.flatMap((issuerDomainPolicy) => names.map((subjectDomainPolicy) => ({ issuerDomainPolicy, subjectDomainPolicy }))),
      constraints: undefined,
      inhibitAnyPolicy: undefined,
    };
    const path = Array.from({ length }, () => said);
    const spending = createSpending();
    const outcome = processPolicies(path, { initialExplicitPolicy: true }, undefined, spending, 200_000);
    expect(outcome.fault).toBeUndefined();
    expect(spending.steps).toBeLessThanOrEqual(length * (2 * width * width + 2 * width));
    // Each step is counted, so a smaller budget ends it.
    expect(processPolicies(path, {}, undefined, createSpending(), spending.steps - 1).fault).toBe('budget');
    expect(processPolicies(path, {}, undefined, createSpending(), spending.steps).fault).toBeUndefined();
  });
});
