import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeAdapterConformance, type ConformanceHarness } from '@hefu/sign/conformance';
import { CosignBench } from './bench.js';

const bench = new CosignBench();
let harness: ConformanceHarness;
beforeAll(async () => {
  await bench.open();
  harness = await bench.harness();
});
afterAll(() => bench.provider.close());

const skipped: string[] = [];
describeAdapterConformance('cosign with a PIN', (fault) => bench.subject('pin')(fault), () => harness, { describe, it }, { onSkip: ({ id }) => skipped.push(id) });
describeAdapterConformance('cosign without a PIN', (fault) => bench.subject('nothing')(fault), () => harness, { describe, it }, { levels: ['L0', 'L1', 'L2'] });
describe('cosign', () => {
  it('leaves untried what needs idempotency, a batch beyond a hundred or another device', () => {
    expect(skipped).toEqual(['L0.begin-twice', 'L2.beyond', 'L4.refused']);
  });
});
