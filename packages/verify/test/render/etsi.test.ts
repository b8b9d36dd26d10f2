import { describe, expect, it } from 'vitest';
import { renderEtsi, type Report } from '../../src/index.js';
import * as reports from './reports.js';

const all = Object.entries(reports).filter((entry): entry is [string, Report] => (entry[1] as { type?: unknown }).type === 'hefu-report');
const validator = { name: 'Hefu', version: 'test' };

describe('TS 119 102-2', () => {
  it.each(all)('of %s', (_name, report) => {
    const etsi = renderEtsi(report, validator);
    expect(etsi.SignatureValidationReport).toHaveLength(Math.max(1, report.signers.length));
    for (const [index, one] of etsi.SignatureValidationReport.entries()) {
      const { conclusion, subIndication, checks = [] } = report.signers[index] ?? report as unknown as Report['signers'][0];
      const { MainIndication, SubIndication } = one.SignatureValidationStatus;
      expect(MainIndication).toBe({ passed: 'urn:etsi:019102:mainindication:total-passed', failed: 'urn:etsi:019102:mainindication:total-failed', indeterminate: 'urn:etsi:019102:mainindication:indeterminate' }[conclusion]);
      expect(SubIndication ?? []).toEqual(subIndication === undefined || subIndication === 'GENERIC' ? [] : [`urn:etsi:019102:subindication:${subIndication}`]);
      expect(one.ValidationConstraintsEvaluationReport.ValidationConstraint).toHaveLength(checks.length);
    }
    // Every reference leads to an object that is there.
    const ids = new Set(etsi.SignatureValidationObjects.ValidationObject.map(({ id }) => id));
    for (const [, id] of JSON.stringify(etsi.SignatureValidationReport).matchAll(/"VOReference":"([^"]+)"/g)) expect(ids.has(id!), id).toBe(true);
  });
});
