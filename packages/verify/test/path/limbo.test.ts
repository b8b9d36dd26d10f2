import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import exceptions from '../../../../tools/conformance/exceptions.json' with { type: 'json' };
import { runLimbo } from '../../../../tools/conformance/limbo.mjs';
import * as verify from '../../src/index.js';
import { ALGORITHMS } from './issue.js';

/** x509-limbo by the adapter of `npm run conformance`, over the sources. */

interface LimboCase {
  readonly id: string;
  readonly expected_result: 'SUCCESS' | 'FAILURE';
}

const FILE = resolve(process.env['HEFU_VECTORS'] ?? resolve(import.meta.dirname, '../../../../../shared/vectors'), 'x509-limbo/limbo-core.json');
const present = existsSync(FILE);
if (!present) console.warn(`SKIPPED: x509-limbo is not at ${FILE}; set HEFU_VECTORS`);

const NOW = Date.UTC(2026, 6, 1);

describe.skipIf(!present)('x509-limbo', () => {
  it('agrees in every case', async () => {
    const { testcases } = JSON.parse(readFileSync(FILE, 'utf8')) as { testcases: readonly LimboCase[] };
    expect(testcases).toHaveLength(193);
    const disagreements: string[] = [];
    for (const test of testcases) {
      const { result, failure, spent } = await runLimbo(test, { verify, algorithms: ALGORITHMS, now: NOW });
      expect(spent.signatureChecks).toBeLessThanOrEqual(verify.DEFAULT_BUDGET.maxSignatureChecks);
      if (result !== test.expected_result) disagreements.push(`${test.id}: ${result} ${failure?.code ?? ''}`);
    }
    expect(disagreements).toEqual([]);
    expect(exceptions.limbo).toEqual([]);
  });
});
