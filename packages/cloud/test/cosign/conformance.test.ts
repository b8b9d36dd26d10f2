import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFORMANCE_LEVELS, describeAdapterConformance, type ConformanceHarness } from '@hefu/sign/conformance';
import { hasOpenssl } from '../../../sandbox/test/openssl.js';
import { CosignBench } from './bench.js';

const bench = new CosignBench();
let harness: ConformanceHarness;
beforeAll(async () => {
  await bench.open();
  harness = await bench.harness();
});
afterAll(() => bench.provider.close());

const skipped: string[] = [];
describeAdapterConformance('cosign with a PIN', (fault) => bench.subject('pin')(fault), () => harness, { describe, it }, { levels: CONFORMANCE_LEVELS, onSkip: ({ id }) => skipped.push(id) });
describeAdapterConformance('cosign without a PIN', (fault) => bench.subject('nothing')(fault), () => harness, { describe, it }, { levels: ['L0', 'L1', 'L2'] });
describe('cosign', () => {
  it('leaves untried what needs idempotency, a batch beyond a hundred, another device, certificates or more than one value a round', () => {
    expect([...skipped].sort()).toEqual(['L0.begin-twice', 'L2.beyond', 'L4.refused', 'L5.other-algorithm', 'L5.other-certificate', 'L5.other-order', 'L5.replayed-value', 'L5.value-missing', ...(hasOpenssl ? [] : ['L6.foreign'])].sort());
  });
});
