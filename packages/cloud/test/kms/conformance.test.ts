import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CONFORMANCE_LEVELS, describeAdapterConformance, type ConformanceHarness } from '@hefu/sign/conformance';
import { hasOpenssl } from '../../../sandbox/test/openssl.js';
import { KmsBench, SERVICES } from './bench.js';

const bench = new KmsBench();
let harness: ConformanceHarness;
beforeAll(async () => {
  await bench.open();
  harness = await bench.harness();
});
afterAll(() => bench.provider.close());

for (const name of SERVICES) {
  const skipped: string[] = [];
  describeAdapterConformance(`kms ${name}`, (fault) => bench.subject(name)(fault), () => harness, { describe, it }, { levels: CONFORMANCE_LEVELS, onSkip: ({ id }) => skipped.push(id) });
  describe(`kms ${name}`, () => {
    it('leaves untried only what needs a user, idempotency, a batch beyond a thousand, certificates, a reconcile, or, but for Vault, a batch in one call', () => {
      const batches = name === 'vault' ? [] : ['L5.other-order', 'L5.replayed-value', 'L5.value-missing'];
      expect([...skipped].sort()).toEqual(['L0.begin-twice', 'L2.beyond', 'L4.refused', 'L4.wrong-pin', 'L5.other-certificate', 'L5.reconcile-bound', ...batches, ...(hasOpenssl ? [] : ['L6.foreign'])].sort());
    });
  });
}
describeAdapterConformance('kms that asks again for lost answers', (fault) => {
  const subject = bench.subject('aliyun', { repeatLost: true })(fault) as Exclude<ReturnType<ReturnType<KmsBench['subject']>>, undefined | Promise<unknown>>;
  // It may make a value twice, of which one is lost: that is what was chosen.
  const { made: _, ...rest } = subject ?? { made: undefined };
  return fault === undefined || fault.startsWith('lost') ? (rest as typeof subject) : undefined;
}, () => harness, { describe, it }, { levels: ['L4'] });
