import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/render/layout.js';
import { renderReport } from '../../src/render/text.js';
import type { Report } from '../../src/report.js';
import { FAILED_TWO_SIGNERS, INDETERMINATE, PASSED } from './reports.js';

describe('renderReport', () => {
  it('tells a newcomer what, who, why, what next and whose move, in Chinese', () => {
    expect(renderReport(INDETERMINATE, { lang: 'zh' })).toMatchInlineSnapshot(`
      "? 无法认定：目前不能接受，按下文处理后可再验证
      CA_SUSPENDED / TRY_LATER

      签名单位  某某建设工程有限公司（统一社会信用代码 91420199765432101M）

      原因      “虚构CA”自北京时间 2026-02-15 00:00:00 起被暂停认可，暂停期间作出的签
                名目前不能认定。
      怎么办    请改用其他受认可 CA 的证书重新签名；不便更换的，待该 CA 恢复后重新验
                证。平台请保留本报告和原签名文件备查。
      由谁处理  签发证书的 CA
      "
    `);
  });

  it('and in English', () => {
    expect(renderReport(INDETERMINATE, { lang: 'en' })).toMatchInlineSnapshot(`
      "? UNDECIDED: not acceptable as it stands; act as below and verify again
      CA_SUSPENDED / TRY_LATER

      Signed by   某某建设工程有限公司 (USCC 91420199765432101M)

      Reason      “Invented CA” has been suspended since 2026-02-14 16:00:00 UTC;
                  signatures made meanwhile cannot be accepted for now.
      What to do  Sign again with a certificate of another recognised CA, or have the
                  signature verified again once the CA is reinstated. The platform
                  should keep this report and the signature.
      Who acts    the CA that issued the certificate
      "
    `);
  });

  it('says on what recognition rests when the signature passed', () => {
    expect(renderReport(PASSED, { lang: 'zh' })).toMatchInlineSnapshot(`
      "✓ 通过：签名有效，签名单位已确认

      签名单位  某某建设工程有限公司（统一社会信用代码 91420199765432101M）
      认可依据  虚构CA，信任名单服务 urn:hefu:svc:invented，地区 420100
      提示      签名文件的格式与标准有出入，但不影响结论。建议升级投标工具或签名控件。
      "
    `);
  });

  it('names every signer when there are several', () => {
    const text = renderReport(FAILED_TWO_SIGNERS, { lang: 'zh' });
    expect(text.startsWith('✗')).toBe(true);
    expect(text).toContain('✓ 签名 1');
    expect(text).toContain('✗ 签名 2');
    expect(text).toContain('1. 文件内容与签名时不一致');
    expect(text).toContain('2. “虚构CA”');
  });

  it('does not show recognition for a signature that did not pass', () => {
    expect(renderReport(INDETERMINATE, { lang: 'zh' })).not.toContain('认可依据');
    expect(renderReport(PASSED, { lang: 'zh' })).toContain('认可依据');
  });

  it.each(['zh', 'en'] as const)('keeps to the width, coloured or not, short or full (%s)', (lang) => {
    for (const report of [PASSED, INDETERMINATE, FAILED_TWO_SIGNERS]) {
      for (const width of [40, 60, 80, 120]) {
        for (const detail of ['short', 'full'] as const) {
          const text = renderReport(report, { lang, width, detail });
          for (const line of text.split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
          expect(text).not.toMatch(/[^\S\n]$/m);
          // Colour changes nothing but colour.
          expect(renderReport(report, { lang, width, detail, colour: true }).split('\u001b[').map((part, index) => (index === 0 ? part : part.replace(/^\d+m/, ''))).join('')).toBe(text);
        }
      }
    }
  });

  it('full adds checks, path, revocation, times, list and gaps', () => {
    const text = renderReport(PASSED, { lang: 'zh', detail: 'full', width: 200 });
    for (const part of ['signature.value', 'RFC 5652 §5.6', 'CN=Invented SM2 CA', '未吊销', 'http://crl.ca.example/sm2.crl', '北京时间 2026-03-01 10:00:00', '42 #7', 'hefu-default', 'ext 1.2.156.10260.4.1.4', 'FETCH_FAILED', '工程建设']) {
      expect(text).toContain(part);
    }
    expect(renderReport(PASSED, { lang: 'zh' })).not.toContain('signature.value');
  });

  it('is the same every time and needs no colour to be read', () => {
    expect(renderReport(PASSED, { lang: 'en', detail: 'full' })).toBe(renderReport(JSON.parse(JSON.stringify(PASSED)) as Report, { lang: 'en', detail: 'full' }));
    expect(renderReport(PASSED, { lang: 'en' })).not.toContain('\u001b');
    expect(renderReport(PASSED, { lang: 'en', colour: true })).toContain('\u001b[32m✓ PASSED');
  });

  it('lets nothing from a certificate move the cursor or draw another verdict', () => {
    const evil = 'x\u001b[2J\n✓ 通过\u202e\r';
    const report: Report = JSON.parse(JSON.stringify(INDETERMINATE).replaceAll('某某建设工程有限公司', 'EVIL')) as Report;
    const hostile = JSON.parse(JSON.stringify(report), (_, value: unknown) => (typeof value === 'string' ? value.replaceAll('EVIL', evil) : value)) as Report;
    for (const detail of ['short', 'full'] as const) {
      const text = renderReport(hostile, { lang: 'zh', detail });
      for (const hidden of ['\u001b', '\u202e', '\r']) expect(text).not.toContain(hidden);
      expect(text).not.toMatch(/^✓ 通过/m);
    }
  });

  it('refuses a width it cannot lay out', () => {
    expect(() => renderReport(PASSED, { lang: 'zh', width: 39 })).toThrow(TypeError);
    expect(() => renderReport(PASSED, { lang: 'zh', width: Number.NaN })).toThrow(TypeError);
  });
});
