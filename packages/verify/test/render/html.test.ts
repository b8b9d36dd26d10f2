import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { renderHtml, simpleReport, type Report } from '../../src/index.js';
import { HTML_STYLE, HTML_STYLE_HASH } from '../../src/render/html-style.js';
import * as reports from './reports.js';

const stamp = { tool: 'Hefu test', sha256: 'ab'.repeat(32) };
const all = Object.entries(reports).filter((entry): entry is [string, Report] => (entry[1] as { type?: unknown }).type === 'hefu-report');

describe.each(['zh', 'en'] as const)('HTML in %s', (lang) => {
  it.each(all)('of %s says verdict, reasons and what it is made from', (_name, report) => {
    for (const detail of ['simple', 'detailed'] as const) {
      const html = renderHtml(report, { lang, stamp, detail });
      expect(html).toContain(`<header class="${report.conclusion}">`);
      expect(html).toContain(stamp.sha256);
      expect(html).not.toMatch(/<script|javascript:|\son\w+=|https?:\/\/[^<\s]*"|src=|url\(/i);
      expect(html).toBe(renderHtml(report, { lang, stamp, detail }));
      for (const { code } of report.reasons) expect(html).toContain(code);
    }
  });
});

it('nothing in a report can leave its text', () => {
  const [, report] = all[0]!;
  const evil = `</dd><script>alert(1)</script>" onload='x' \u202e`;
  const spoilt = JSON.parse(JSON.stringify(report, (_key, value: unknown) => (typeof value === 'string' && !['hefu-report', 'passed', 'failed', 'indeterminate'].includes(value) && !/^\d{4}-|^(time-stamp|caller|validation time)$/.test(value) ? value + evil : value))) as Report;
  for (const detail of ['simple', 'detailed'] as const) {
    const html = renderHtml({ ...spoilt, reasons: report.reasons, signers: spoilt.signers.map((signer, index) => ({ ...signer, checks: report.signers[index]!.checks, revocation: report.signers[index]!.revocation, ...(signer.trustDecision === undefined ? {} : { trustDecision: { ...signer.trustDecision, lists: report.signers[index]!.trustDecision!.lists } }) })), warnings: [] }, { lang: 'en', stamp, detail });
    expect(html).not.toContain('<script');
    expect(html).not.toContain("onload='");
    expect(html).not.toContain('\u202e');
  }
});

it('the policy names the style it allows', () => {
  expect(HTML_STYLE_HASH).toBe(`sha256-${createHash('sha256').update(HTML_STYLE).digest('base64')}`);
  expect(renderHtml(all[0]![1], { lang: 'en', stamp })).toContain(`<style>${HTML_STYLE}</style>`);
});

it('the simple report does not lead with OK', () => {
  for (const [, report] of all) expect(simpleReport(report, 'zh').codes).not.toContain('OK');
});
