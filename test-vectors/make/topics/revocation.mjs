// Certificate revocation lists (RFC 5280 §5, §6.3): there, fresh, complete, and signed by who may.
import { concatBytes, implicitConstructed, implicitPrimitive, integer, nullValue, parseCertificate, sequence } from '@hefu/pki';
import { crlDistributionPoints, extension, keyUsage, signDetached } from '@hefu/sandbox';
import { failed, open, passed } from '../case-book.mjs';
import { AT, BID, DAY, HOUR, IDENTITY, MINUTE, SECOND } from '../ground.mjs';
import { instead, plus } from '../laboratory.mjs';

const GRACE = 24 * HOUR;

export function revocation(book, lab) {
  const ca = lab.authority('revocation');
  const company = lab.company(ca);
  const { serialNumber } = parseCertificate(company.certificate);
  const signature = signDetached(company, BID, { form: 'za-content' });
  const ok = (more) => passed(IDENTITY, 'za-content', more);
  const group = (by, rows, more = {}) => book.group('revocation', { signature, by, ...more }, rows);
  const fresh = lab.crl(ca);
  const other = Uint8Array.of(...serialNumber.subarray(0, -1), serialNumber.at(-1) ^ 1);
  const revokedAt = (at, reason = 'keyCompromise') => ({ entries: [{ serialNumber, revocationDate: at, reason }] });
  const stranger = lab.authority('revocation-stranger');

  group('issueCrl', [
    { zh: '吊销列表新鲜且无此证书', en: 'A fresh CRL that does not name the certificate', crls: [fresh], expect: ok() },
    { zh: '吊销列表列出相邻序列号', en: 'A fresh CRL that names the next serial number', crls: [lab.crl(ca, 'neighbour', { entries: [{ serialNumber: other, revocationDate: AT - DAY }] })], expect: ok() },
    { zh: '证书已吊销', en: 'A fresh CRL that names the certificate', crls: [lab.crl(ca, 'revoked', revokedAt(AT - 2 * DAY))], expect: failed('CERTIFICATE_REVOKED') },
    { zh: '证书已冻结', en: 'A fresh CRL with the certificate on hold', crls: [lab.crl(ca, 'hold', revokedAt(AT - 2 * DAY, 'certificateHold'))], expect: open('CERTIFICATE_FROZEN') },
    { zh: '没有吊销列表', en: 'No CRL', crls: [], expect: open('CRL_NOT_AVAILABLE') },
    { zh: '只有别的 CA 的吊销列表', en: 'Only the CRL of another CA', crls: [lab.crl(stranger)], expect: open('CRL_NOT_AVAILABLE') },
    { zh: '吊销列表由别的密钥签发', en: 'A CRL signed by another key', crls: [lab.crl(ca, 'forged', { key: stranger.key, authorityKeyIdentifier: false })], expect: open('CRL_SIGNATURE_INVALID') },
    { zh: '吊销列表指明别的密钥', en: 'A CRL signed by another key that it names', crls: [lab.crl(ca, 'other-key', { key: stranger.key })], expect: open('CRL_ISSUER_NOT_AUTHORISED') },
  ]);

  // A serial number is a number, however it is written.
  const high = concatBytes(Uint8Array.of(0, 0xc1), serialNumber);
  const longer = lab.company(ca, 'high-serial', { serialNumber: high });
  const named = (label, number) => [lab.crl(ca, label, { entries: [{ serialNumber: number, revocationDate: AT - DAY, reason: 'superseded' }] })];
  group('issueCrl with serial numbers written in other ways', [
    { zh: '列出的序列号少了首字节', en: 'A CRL that names the serial number without its first octet of value', crls: named('serial-short', high.subarray(2)), expect: ok() },
    { zh: '列出的序列号一致', en: 'A CRL that names the serial number as it is', crls: named('serial-same', high), expect: failed('CERTIFICATE_REVOKED') },
    { zh: '列出的序列号多一个前导零', en: 'A CRL that names the serial number with a needless zero in front', crls: named('serial-padded', concatBytes(Uint8Array.of(0), high)), expect: failed('CERTIFICATE_REVOKED') },
  ], { signature: signDetached(longer, BID, { form: 'za-content' }) });

  const due = AT - 2 * HOUR;
  const dated = (label, more) => [lab.crl(ca, label, { thisUpdate: AT - 7 * DAY, nextUpdate: due, ...more })];
  const aged = dated('aged');
  group('issueCrl, nextUpdate against the validation time', [
    { zh: '恰在 nextUpdate', en: 'A CRL at its nextUpdate', crls: aged, at: due, expect: ok() },
    { zh: '过 nextUpdate 一秒，在宽限内', en: 'A CRL one second after its nextUpdate', crls: aged, at: due + SECOND, expect: ok({ warnings: ['CRL_IN_GRACE'] }) },
    { zh: '恰在宽限末', en: 'A CRL at the end of its grace', crls: aged, at: due + GRACE, expect: ok({ warnings: ['CRL_IN_GRACE'] }) },
    { zh: '过宽限一秒', en: 'A CRL one second after its grace', crls: aged, at: due + GRACE + SECOND, expect: open('CRL_STALE') },
    { zh: '早已过期，但列出此证书', en: 'A CRL long out of date that names the certificate', crls: dated('aged-revoked', revokedAt(AT - 10 * DAY)), at: AT + 30 * DAY, expect: failed('CERTIFICATE_REVOKED') },
    { zh: '没有 nextUpdate', en: 'A CRL without nextUpdate', crls: dated('endless', { nextUpdate: undefined }), expect: open('CRL_STALE') },
    { zh: 'nextUpdate 早于 thisUpdate', en: 'A CRL whose nextUpdate is before its thisUpdate', crls: dated('inverted', { thisUpdate: AT, nextUpdate: AT - DAY }), expect: open('CRL_STALE') },
  ]);

  const early = [lab.crl(ca, 'early', { thisUpdate: AT + 5 * MINUTE })];
  group('issueCrl, thisUpdate against the validation time', [
    { zh: 'thisUpdate 恰在允许的时钟偏差内', en: 'A CRL five minutes ahead', crls: early, expect: ok() },
    { zh: 'thisUpdate 超出允许的时钟偏差', en: 'A CRL five minutes and one second ahead', crls: early, at: AT - SECOND, expect: open('CRL_NOT_YET_VALID') },
  ]);

  const older = lab.crl(ca, 'older-hold', { thisUpdate: AT - 3 * DAY, crlNumber: 5, ...revokedAt(AT - 4 * DAY, 'certificateHold') });
  const olderGood = lab.crl(ca, 'older-good', { thisUpdate: AT - 3 * DAY, crlNumber: 5 });
  const newerHold = lab.crl(ca, 'newer-hold', { crlNumber: 6, ...revokedAt(AT - DAY, 'certificateHold') });
  group('issueCrl, several at once', [
    { zh: '先冻结，后解冻', en: 'On hold in an older CRL and not in the newer', crls: [older, fresh], expect: ok() },
    { zh: '新旧顺序相反', en: 'On hold in an older CRL that comes second', crls: [fresh, older], expect: ok() },
    { zh: '先正常，后冻结', en: 'On hold in the newer CRL only', crls: [olderGood, newerHold], expect: open('CERTIFICATE_FROZEN') },
    { zh: '曾吊销，新列表不再列出', en: 'Revoked in an older CRL and not in the newer', crls: [lab.crl(ca, 'older-revoked', { thisUpdate: AT - 3 * DAY, crlNumber: 5, ...revokedAt(AT - 4 * DAY) }), fresh], expect: failed('CERTIFICATE_REVOKED') },
    { zh: '伪造的较新列表声称冻结', en: 'On hold in a newer CRL that was forged', crls: [fresh, lab.crl(ca, 'forged-hold', { key: stranger.key, thisUpdate: AT, ...revokedAt(AT - DAY, 'certificateHold') })], expect: ok() },
  ]);

  const scoped = (label, ...members) => [lab.crl(ca, label, { extensions: [extension('2.5.29.28', sequence(...members), true)] })];
  group('issueCrl with extensions', [
    { zh: '仅含用户证书', en: 'A CRL for user certificates only', crls: scoped('users', implicitPrimitive(1, Uint8Array.of(0xff))), expect: ok() },
    { zh: '仅含 CA 证书', en: 'A CRL for CA certificates only', crls: scoped('cas', implicitPrimitive(2, Uint8Array.of(0xff))), expect: open('CRL_OUT_OF_SCOPE') },
    { zh: '仅含部分原因', en: 'A CRL for some reasons only', crls: scoped('reasons', implicitPrimitive(3, Uint8Array.of(1, 0x40))), expect: open('CRL_OUT_OF_SCOPE') },
    { zh: '间接吊销列表', en: 'An indirect CRL', crls: scoped('indirect', implicitPrimitive(4, Uint8Array.of(0xff))), expect: ok() },
    { zh: '只有增量列表', en: 'A delta CRL alone', crls: [lab.crl(ca, 'delta', { extensions: [extension('2.5.29.27', integer(6), true)] })], expect: open('CRL_UNSUPPORTED') },
    { zh: '含未知关键扩展', en: 'A CRL with an unknown critical extension', crls: [lab.crl(ca, 'critical', { extensions: [extension('1.2.156.999001.5', nullValue(), true)] })], expect: open('CRL_UNSUPPORTED') },
    { zh: '含未知非关键扩展', en: 'A CRL with an unknown extension that is not critical', crls: [lab.crl(ca, 'uncritical', { extensions: [extension('1.2.156.999001.5', nullValue())] })], expect: ok() },
    { zh: '完整列表中出现 removeFromCRL', en: 'A CRL that names the certificate as removed', crls: [lab.crl(ca, 'removed', revokedAt(AT - DAY, 'removeFromCRL'))], expect: open('CRL_UNSUPPORTED') },
  ]);

  group('issueCrl by a distribution point of its own', [
    { zh: '分布点与证书所载一致', en: 'A CRL of the certificate\'s distribution point', ...ofPoint(lab, ca, 'http://point.invalid/1', 'http://point.invalid/1'), expect: ok() },
    { zh: '分布点与证书所载不同', en: 'A CRL of another distribution point', ...ofPoint(lab, ca, 'http://point.invalid/1', 'http://point.invalid/2'), expect: open('CRL_OUT_OF_SCOPE') },
  ]);

  const noCrlSign = lab.authority('revocation-no-crl-sign', { extensions: instead(keyUsage(['keyCertSign'], { critical: true })) });
  const withCrlSign = lab.authority('revocation-crl-sign');
  const [byNo, byYes] = [lab.company(noCrlSign), lab.company(withCrlSign)];
  book.group('revocation', { by: 'issueCrl by a CA with and without cRLSign' }, [
    { zh: 'CA 有权签发吊销列表', en: 'A CRL by a CA that may sign CRLs', signature: signDetached(byYes, BID, { form: 'za-content' }), crls: [lab.crl(withCrlSign)], expect: ok() },
    { zh: 'CA 无权签发吊销列表', en: 'A CRL by a CA that may not sign CRLs', signature: signDetached(byNo, BID, { form: 'za-content' }), crls: [lab.crl(noCrlSign)], expect: open('CRL_ISSUER_NOT_AUTHORISED') },
  ]);

  const root = lab.authority('revocation-root');
  const middle = lab.subordinate(root, 'revocation-middle');
  const below = { ...lab.company(middle), chain: [middle.certificate] };
  const middleSerial = parseCertificate(middle.certificate).serialNumber;
  book.group('revocation', { signature: signDetached(below, BID, { form: 'za-content' }), by: 'issueCrl of a root and of the CA below it' }, [
    { zh: '两级均未吊销', en: 'Neither the certificate nor its CA revoked', crls: [lab.crl(root), lab.crl(middle)], expect: ok() },
    { zh: '中间 CA 已吊销', en: 'The CA of the certificate revoked by its root', crls: [lab.crl(root, 'revoked', { entries: [{ serialNumber: middleSerial, revocationDate: AT - DAY, reason: 'cACompromise' }] }), lab.crl(middle)], expect: open('CA_CERTIFICATE_REVOKED') },
    { zh: '缺少中间 CA 的吊销列表', en: 'No CRL for the CA of the certificate', crls: [lab.crl(middle)], expect: open('CRL_NOT_AVAILABLE') },
    { zh: '缺少叶证书的吊销列表', en: 'No CRL for the certificate but one for its CA', crls: [lab.crl(root)], expect: open('CRL_NOT_AVAILABLE') },
  ]);

  const revoked = [lab.crl(ca, 'revoked-yesterday', revokedAt(AT - DAY))];
  group('issueCrl and a proven time of signing', [
    { zh: '可信时间在吊销之前', en: 'A proven time before the revocation', crls: revoked, bestSignatureTime: AT - DAY - SECOND, expect: ok() },
    { zh: '可信时间在吊销之后', en: 'A proven time after the revocation', crls: revoked, bestSignatureTime: AT - DAY + SECOND, expect: failed('CERTIFICATE_REVOKED') },
    { zh: '可信时间恰在吊销之时', en: 'A proven time at the revocation', crls: revoked, bestSignatureTime: AT - DAY, expect: failed('CERTIFICATE_REVOKED') },
    { zh: '归档场景，没有可信时间', en: 'No proven time in the archive', crls: revoked, context: { scene: 'archive' }, expect: open('CERTIFICATE_REVOKED') },
  ]);

  group('issueCrl in the login scene', [
    { zh: '登录时缺少吊销列表，放行并提示', en: 'No CRL at login', crls: [], expect: ok({ warnings: ['REVOCATION_UNKNOWN_TOLERATED'] }) },
    { zh: '登录时证书已吊销', en: 'A revoked certificate at login', crls: revoked, expect: failed('CERTIFICATE_REVOKED') },
    { zh: '登录时证书已冻结', en: 'A certificate on hold at login', crls: [lab.crl(ca, 'hold', revokedAt(AT - 2 * DAY, 'certificateHold'))], expect: open('CERTIFICATE_FROZEN') },
  ], { context: { scene: 'login' } });

  const daily = lab.authority('revocation-daily', { service: { revocation: { endpoint: { maxAge: 'P1D' } } } });
  const byDaily = lab.company(daily);
  const old = [lab.crl(daily, 'day-old', { thisUpdate: AT - DAY })];
  book.group('revocation', { signature: signDetached(byDaily, BID, { form: 'za-content' }), crls: old, by: 'issueCrl under a maxAge of one day' }, [
    { zh: '名单要求一日内，恰满一日', en: 'A CRL as old as the entry allows', expect: ok() },
    { zh: '名单要求一日内，超过一秒', en: 'A CRL one second older than the entry allows', at: AT + SECOND, expect: open('CRL_STALE') },
  ]);

  const exempt = lab.authority('revocation-exempt', { service: { revocation: { mode: 'none-with-reason', reason: '测试' } } });
  const asked = lab.authority('revocation-asked');
  const [byExempt, byAsked] = [lab.company(exempt), lab.company(asked)];
  book.group('revocation', { crls: [], by: 'a service of mode none-with-reason' }, [
    { zh: '名单写明不查吊销', en: 'No CRL where the entry asks for none', signature: signDetached(byExempt, BID, { form: 'za-content' }), expect: ok() },
    { zh: '名单要求查吊销', en: 'No CRL where the entry asks for one', signature: signDetached(byAsked, BID, { form: 'za-content' }), expect: open('CRL_NOT_AVAILABLE') },
  ]);
}

/** A certificate that names one distribution point, and the CRL of the same or another. */
function ofPoint(lab, ca, stated, served) {
  const company = lab.company(ca, 'with-point', { extensions: plus(crlDistributionPoints([stated])) });
  const point = sequence(implicitConstructed(0, implicitConstructed(0, implicitPrimitive(6, new TextEncoder().encode(served)))));
  return {
    signature: signDetached(company, BID, { form: 'za-content' }),
    crls: [lab.crl(ca, `point-${served.at(-1)}`, { extensions: [extension('2.5.29.28', point, true)] })],
  };
}
