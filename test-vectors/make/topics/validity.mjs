// Dates of certificates against the time of signing, to the second: RFC 5280 §4.1.2.5, both ends belong to the period.
import { signDetached } from '@hefu/sandbox';
import { failed, open, passed } from '../case-book.mjs';
import { AT, BID, DAY, HOUR, IDENTITY, SECOND, YEAR } from '../ground.mjs';

export function validity(book, lab) {
  const ca = lab.authority('validity');
  const company = lab.company(ca, 'company', { notBefore: AT - HOUR, notAfter: AT + HOUR });
  const ok = passed(IDENTITY, 'za-content');
  const shared = { signature: signDetached(company, BID, { form: 'za-content' }), crls: [lab.crl(ca)] };
  const group = (by, rows, more = {}) => book.group('validity', { ...shared, by, ...more }, rows);

  group('a certificate valid for two hours', [
    { zh: '恰在 notBefore', en: 'At notBefore', at: AT - HOUR, expect: ok },
    { zh: 'notBefore 前一秒', en: 'One second before notBefore', at: AT - HOUR - SECOND, expect: failed('CERTIFICATE_NOT_YET_VALID') },
    { zh: 'notBefore 前一毫秒', en: 'One millisecond before notBefore', at: AT - HOUR - 1, expect: failed('CERTIFICATE_NOT_YET_VALID') },
  ]);
  group('a certificate valid for two hours', [
    { zh: '恰在 notAfter', en: 'At notAfter', at: AT + HOUR, expect: ok },
    { zh: 'notAfter 这一秒之内', en: 'Within the second of notAfter', at: AT + HOUR + 999, expect: ok },
    { zh: 'notAfter 后一秒', en: 'One second after notAfter', at: AT + HOUR + SECOND, expect: failed('CERTIFICATE_EXPIRED') },
  ]);
  group('a certificate valid for two hours, judged a day later', [
    { zh: '可信时间在有效期内', en: 'Expired now and valid at a proven time', at: AT + DAY, bestSignatureTime: AT, expect: ok },
    { zh: '可信时间已过有效期', en: 'Expired at a proven time', at: AT + DAY, bestSignatureTime: AT + 2 * HOUR, expect: failed('CERTIFICATE_EXPIRED') },
    { zh: '可信时间早于有效期', en: 'Not yet valid at a proven time', at: AT + DAY, bestSignatureTime: AT - 2 * HOUR, expect: failed('CERTIFICATE_NOT_YET_VALID') },
    { zh: '归档时没有可信时间', en: 'Expired in the archive without a proven time', at: AT + DAY, context: { scene: 'archive' }, expect: open('CERTIFICATE_EXPIRED') },
  ]);

  const inverted = lab.company(ca, 'inverted', { notBefore: AT + HOUR, notAfter: AT - HOUR });
  const moment = lab.company(ca, 'moment', { notBefore: AT, notAfter: AT });
  group('certificates with odd dates', [
    { zh: '有效期只有一秒', en: 'Dates of a single second', signature: signDetached(moment, BID, { form: 'za-content' }), expect: ok },
    { zh: '有效期首尾颠倒', en: 'Dates the wrong way round', signature: signDetached(inverted, BID, { form: 'za-content' }), expect: open('VALIDITY_INVERTED') },
  ]);

  const generalized = lab.company(ca, 'generalized', { timeForm: 'generalized', notBefore: AT - DAY, notAfter: AT + DAY });
  const far = lab.company(ca, 'far', { notBefore: AT - DAY, notAfter: Date.UTC(9999, 11, 31, 23, 59, 59) });
  group('dates as GeneralizedTime', [
    { zh: '2050 年前也用 GeneralizedTime', en: 'GeneralizedTime before 2050', signature: signDetached(generalized, BID, { form: 'za-content' }), expect: { ...ok, warnings: ['CERTIFICATE_DEVIATIONS'] } },
    { zh: '没有终点的证书（9999 年）', en: 'A certificate without an end', signature: signDetached(far, BID, { form: 'za-content' }), expect: ok },
    { zh: 'GeneralizedTime 已过期', en: 'GeneralizedTime that has passed', signature: signDetached(generalized, BID, { form: 'za-content' }), at: AT + DAY + SECOND, expect: failed('CERTIFICATE_EXPIRED') },
  ]);

  // The CA's own dates: an anchor's are enforced by the default policy.
  const short = lab.authority('validity-of-anchor', { notBefore: AT - YEAR, notAfter: AT });
  const below = lab.company(short);
  group('an anchor that ends', [
    { zh: '信任锚恰在末秒', en: 'An anchor at its notAfter', at: AT, expect: ok },
    { zh: '信任锚已过期', en: 'An anchor one second after its notAfter', at: AT + SECOND, expect: failed('CERTIFICATE_EXPIRED') },
  ], { signature: signDetached(below, BID, { form: 'za-content' }), crls: [lab.crl(short)] });

  const root = lab.authority('validity-root');
  const middle = lab.subordinate(root, 'validity-middle', { notBefore: AT - YEAR, notAfter: AT });
  const leaf = { ...lab.company(middle), chain: [middle.certificate] };
  group('an intermediate CA that ends', [
    { zh: '中间 CA 恰在末秒', en: 'A CA below the anchor at its notAfter', at: AT, expect: ok },
    { zh: '中间 CA 已过期', en: 'A CA below the anchor one second after its notAfter', at: AT + SECOND, expect: failed('CERTIFICATE_EXPIRED') },
  ], { signature: signDetached(leaf, BID, { form: 'za-content' }), crls: [lab.crl(root), lab.crl(middle)] });
}
