import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type TimeCode = Extract<ReasonCode, 'ARCHIVE_TIMESTAMP_OPEN' | `TIMESTAMP_${string}` | `TSA_${string}` | 'REVOCATION_OUT_OF_BOUNDS' | 'PROOF_OF_EXISTENCE_MISSING'>;

const STAMP_AGAIN = say(
  '请向信任名单中的时间戳服务重新申请时间戳；签名本身不必重做。反复出现的，请联系签名工具厂商。',
  'Have the signature stamped again by a time-stamping service of the trust list; the signature itself may stay. If it comes back, ask the maker of the signing tool.',
);

const OTHER_TSA = say(
  '请改用信任名单中的时间戳服务重新加盖时间戳；该服务确应认可的，请信任名单维护方把它列入名单。',
  'Have it stamped again by a time-stamping service of the trust list; if this one should count, the list operator must list it.',
);

const ARCHIVE_IN_TIME = say(
  '请平台提供当时留存的证据（吊销数据及覆盖它们的归档时间戳）后重新验证；今后请在证书和时间戳到期前补盖归档时间戳。',
  'The platform should supply the evidence kept at the time, with the archive time-stamps over it, and verify again; in future renew archive time-stamps before certificates and stamps expire.',
);

export const TIME_REMEDIES: Readonly<Record<TimeCode, Wording>> = {
  TIMESTAMP_MALFORMED: {
    message: say((w) => `时间戳已损坏或格式不正确，无法采信${w.actual('（', '）')}。`, (w) => `The time-stamp is damaged or malformed and cannot be relied on${w.actual(' (', ')')}.`),
    remedy: STAMP_AGAIN,
  },
  TIMESTAMP_UNSUPPORTED: {
    message: say((w) => `时间戳采用了本系统不支持的形式${w.actual('（', '）')}，未予采信。`, (w) => `The time-stamp is of a form not supported here${w.actual(' (', ')')} and was not relied on.`),
    remedy: say('请平台改用支持该形式的工具核验，或在其失效前补盖第三版归档时间戳。', 'The platform should check it with a tool that supports the form, or add an archive time-stamp of version 3 while it still holds.'),
  },
  ARCHIVE_TIMESTAMP_OPEN: {
    message: say('第二版归档时间戳（archive-time-stamp-v2）的摘要与报文现有内容对不上：可能是此后又添加了资料或编码不同，也可能被改动过，未予采信。', 'The imprint of an archive time-stamp of version 2 (archive-time-stamp-v2) is not met by the message as it is: something was added since or is encoded otherwise, or it was altered. It was not relied on.'),
    remedy: say('请平台用加盖它的工具核验，取得加盖时原样保存的报文，或在其失效前补盖第三版归档时间戳。', 'The platform should check it with the tool that made it, get the message as it was kept then, or add an archive time-stamp of version 3 while it still holds.'),
  },
  TIMESTAMP_IMPRINT_MISMATCH: {
    message: say('时间戳不是为这份签名或文件加盖的：摘要对不上。', 'The time-stamp was not made for this signature or file: the digest differs.'),
    remedy: STAMP_AGAIN,
  },
  TIMESTAMP_NONCE_MISMATCH: {
    message: say('时间戳不是对本次申请的应答：随机数对不上。', 'The time-stamp does not answer this request: the nonce differs.'),
    remedy: say('请平台重新申请时间戳；反复出现的，请检查到时间戳服务的网络是否被缓存或篡改。', 'The platform should request again; if it comes back, look for caching or tampering on the way to the service.'),
  },
  TIMESTAMP_SIGNATURE_INVALID: {
    message: say((w) => `时间戳上的签名验证不通过${w.actual('（', '）')}：时间戳被改动过或是伪造的。`, (w) => `The signature on the time-stamp does not verify${w.actual(' (', ')')}: it was altered or forged.`),
    remedy: STAMP_AGAIN,
  },
  TIMESTAMP_INDEX_INVALID: {
    message: say(
      (w) => `归档时间戳所列的内容与文件中的不一致${w.actual('（', '）')}：归档后有内容被删改。`,
      (w) => `What the archive time-stamp lists is not what is in the file${w.actual(' (', ')')}: something was removed or changed after archiving.`,
    ),
    remedy: say('请平台找回归档时的原文件重新验证。', 'The platform should find the file as it was archived and verify that.'),
  },
  TIMESTAMP_VARIANT_REFUSED: {
    message: say(
      (w) => `时间戳在数学上成立，但其形式${w.actual('“', '”')}未被名单允许${w.expected('（允许：', '）')}。`,
      (w) => `The time-stamp holds mathematically, but its form${w.actual(' “', '”')} is not allowed by the list${w.expected(' (allowed: ', ')')}.`,
    ),
    remedy: say(
      '信任名单维护方：确认该时间戳服务确实采用这种形式且风险可接受的，可在其名单条目中登记允许；否则请改用其他时间戳服务。',
      'List operator: if the service really stamps this way and the risk is acceptable, allow the form in its list entry; otherwise use another service.',
    ),
  },
  TIMESTAMP_IN_FUTURE: {
    message: say((w) => `时间戳的时间${w.when('（', '）')}晚于验证时间。`, (w) => `The time-stamp's time${w.when(' (', ')')} is later than the time of verification.`),
    remedy: say('请平台核对服务器时间；时间无误的，请联系该时间戳服务。', 'The platform should check its clock; if that is right, ask the time-stamping service.'),
  },
  TIMESTAMP_ORDER_FAILURE: {
    message: say(
      (w) => `签名所带的几个时间戳先后矛盾${w.expected('（应不晚于 ', w.actual('，实为 ') + '）')}。`,
      (w) => `The time-stamps of the signature contradict each other in time${w.expected(' (expected not after ', w.actual(', found ') + ')')}.`,
    ),
    remedy: say('请重新签名并重新加盖时间戳；反复出现的，请联系时间戳服务核对其时钟。', 'Sign and stamp again; if it comes back, ask the time-stamping services to check their clocks.'),
  },
  TIMESTAMP_TOO_LATE: {
    message: say(
      (w) => `时间戳与签名自称的签名时间相隔过久${w.expected('（应不晚于 ', w.actual('，实为 ') + '）')}。`,
      (w) => `The time-stamp came too long after the signing time claimed${w.expected(' (expected not after ', w.actual(', found ') + ')')}.`,
    ),
    remedy: say('请校准签名所用电脑的时间，重新签名并在签名后立即加盖时间戳。', 'Set the clock of the computer used for signing, sign again and have it stamped at once.'),
  },
  TSA_CERTIFICATE_MISSING: {
    message: say('找不到签发时间戳的证书，无法核对时间戳。', 'The certificate that made the time-stamp was not found, so it cannot be checked.'),
    remedy: say('请在申请时间戳时要求附带证书，或把时间戳服务的证书一并提交。', 'Ask for the certificate when requesting the time-stamp, or submit it as well.'),
  },
  TSA_NOT_LISTED: {
    message: say('时间戳服务不在信任名单中，其时间不作为依据。', 'The time-stamping service is not in the trust list; its time proves nothing here.'),
    remedy: OTHER_TSA,
  },
  TSA_PATH_INVALID: {
    message: say((w) => `时间戳服务的证书链不符合要求${w.actual('（', '）')}。`, (w) => `The certificate path of the time-stamping service is not in order${w.actual(' (', ')')}.`),
    remedy: OTHER_TSA,
  },
  TSA_USAGE_MISMATCH: {
    message: say(
      (w) => `签发时间戳的证书不是用于时间戳的${w.actual('（', '）')}。`,
      (w) => `The certificate that made the time-stamp is not for time-stamping${w.actual(' (', ')')}.`,
    ),
    remedy: OTHER_TSA,
  },
  TSA_NOT_VALID: {
    message: say((w) => `加盖时间戳时，时间戳服务的证书不在有效期内${w.when('（', '）')}。`, (w) => `The time-stamping certificate was not within its validity when it stamped${w.when(' (', ')')}.`),
    remedy: OTHER_TSA,
  },
  TSA_EXPIRED: {
    message: say(
      (w) => `时间戳服务的证书已${w.when('于', ' ')}过期，没有归档时间戳证明时间戳作于此前。`,
      (w) => `The time-stamping certificate expired${w.when(' on ')}, and no archive time-stamp shows that the time-stamp is older.`,
    ),
    remedy: ARCHIVE_IN_TIME,
  },
  TSA_REVOKED: {
    message: say(
      (w) => `时间戳服务的证书已${w.when('于', ' ')}被吊销${w.actual('（原因：', '）')}，其时间不再可信。`,
      (w) => `The time-stamping certificate was revoked${w.when(' on ')}${w.actual(' (', ')')}; its times are no longer believed.`,
    ),
    remedy: OTHER_TSA,
  },
  REVOCATION_OUT_OF_BOUNDS: {
    message: say(
      (w) => `${w.subject}已过期，手中的吊销数据都在其过期之后签发，可能已不再列出它，不能证明它未被吊销。`,
      (w) => `${w.subject} has expired, and all revocation data at hand is younger than its end, when it may have been left out; it does not prove that the certificate was not revoked.`,
    ),
    remedy: say(
      '请平台提供该证书有效期内签发的吊销列表或 OCSP 响应（及覆盖它的归档时间戳）后重新验证。',
      'The platform should supply a revocation list or OCSP response from within the certificate\'s validity, with an archive time-stamp over it, and verify again.',
    ),
  },
  PROOF_OF_EXISTENCE_MISSING: {
    message: say(
      (w) => `没有证据表明所需的内容${w.actual('（', '）')}在要求的时间${w.when('（', '）')}之前已经存在。`,
      (w) => `Nothing shows that what is needed${w.actual(' (', ')')} existed at the time required${w.when(' (', ')')}.`,
    ),
    remedy: ARCHIVE_IN_TIME,
  },
};
