import { textWidth } from '@hefu/verify';
import { beforeAll, describe, expect, it } from 'vitest';
import { run, type Run } from './support.js';

const PAGES = [['zh', 80], ['en', 80], ['en', 40]] as const;

describe.each(PAGES)('hefu demo in %s at %i columns', (lang, width) => {
  let told: Run;
  beforeAll(async () => {
    told = await run(['demo', '--lang', lang], { width });
  });

  it('ends well and reads well', () => {
    const { code, out, err } = told;
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const lines = out.split('\n');
    expect(lines.filter((line) => textWidth(line) > width)).toEqual([]);
    expect(lines.filter((line) => /\s$/.test(line))).toEqual([]);
    expect(out).not.toMatch(/undefined|\[object|NaN/);
    expect(out).not.toContain('\n\n\n');
  });

  it('tells nine acceptances, eleven refusals, and four signings of which two end well', () => {
    expect(told.out.match(/✓ /g)).toHaveLength(11);
    expect(told.out.match(/^ {2}[✓✗] .*\S$/gm)!.length).toBeGreaterThanOrEqual(4);
    for (const code of ['za-content', 'attrs-za', 'USER_REFUSED', 'SIGNATURE_ORDER']) expect(told.out).toContain(code);
    expect(told.out.match(/^ {0,1}\d+\. [✗?] /gm)).toHaveLength(11);
    for (const reason of ['CONTENT_TAMPERED', 'CERTIFICATE_REVOKED', 'CA_SUSPENDED', 'REGION_NOT_IN_SCOPE', 'TL_ROLLBACK']) expect(told.out).toContain(reason);
  });

  if (width === 80) it('ends with a table that aligns', () => {
    const rows = told.out.trimEnd().split('\n').slice(-4);
    expect(new Set(rows.map((row) => textWidth(/^ {2}.+? {2,}/.exec(row)![0]))).size).toBe(1);
  });
});

describe('hefu demo', () => {
  it('is one JSON document on request, with every scenario of the world', async () => {
    const { code, out, err } = await run(['demo', '--json']);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    const { asExpected, scenarios, signings } = JSON.parse(out) as { asExpected: boolean; scenarios: { id: string; expected: boolean; conclusion: string; code: string }[]; signings: object[] };
    expect(asExpected).toBe(true);
    expect(scenarios.length).toBeGreaterThan(40);
    expect(scenarios.every(({ expected }) => expected)).toBe(true);
    expect(new Set(scenarios.map(({ conclusion }) => conclusion))).toEqual(new Set(['passed', 'failed', 'indeterminate', 'list-refused']));
    const passed = { conclusion: 'passed' };
    expect(signings).toMatchObject([{ ended: 'done', form: 'za-content', signatures: [passed, passed, passed] }, { ended: 'done', form: 'attrs-za', signatures: [passed, passed, passed] }, { ended: 'failed', code: 'USER_REFUSED', outcome: 'not-signed' }, { ended: 'failed', code: 'SIGNATURE_ORDER' }]);
    expect(scenarios.find(({ id }) => id === 'revoked')).toMatchObject({ conclusion: 'failed', code: 'CERTIFICATE_REVOKED' });
  });

  it('takes no arguments', async () => {
    expect((await run(['demo', 'more'])).code).toBe(3);
  });
});
