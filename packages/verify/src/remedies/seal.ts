import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type SealCode = Extract<
  ReasonCode,
  | 'SEAL_MALFORMED' | 'SEAL_MAKER_SIGNATURE_INVALID' | 'SEAL_SIGNER_NOT_LISTED' | 'SEAL_DIGEST_UNKNOWN' | 'SEAL_EXPIRED' | 'SEAL_NOT_YET_VALID' | 'SEAL_VALIDITY_INVERTED'
  | 'SEAL_SIGNING_TIME_LATE' | 'SEAL_SIGNING_TIME_OUTSIDE' | 'SEAL_PROPERTY_MISMATCH' | 'SEAL_EXTENSION_UNKNOWN'
>;

const NEW_SEAL = say(
  '请向制作该印章的单位重新申领电子印章，用新印章重新盖章后提交。',
  'Have the seal made anew by its maker, then stamp the document again with it and submit.',
);
const STAMP_AGAIN = say('请用有权使用该印章的证书重新盖章后提交。', 'Stamp the document again with a certificate that may use the seal, and submit.');

export const SEAL_REMEDIES: Readonly<Record<SealCode, Wording>> = {
  SEAL_MALFORMED: {
    message: say((w) => `电子印章数据已损坏或不是电子印章${w.actual('（', '）')}。`, (w) => `The electronic seal is damaged or is none${w.actual(' (', ')')}.`),
    remedy: NEW_SEAL,
  },
  SEAL_MAKER_SIGNATURE_INVALID: {
    message: say('印章上制章者的签名验证不通过：印章内容（名称、图样、有效期或使用人）可能被改动，或印章是伪造的。', 'The maker\'s signature on the seal does not verify: its name, picture, dates or users may have been altered, or it is forged.'),
    remedy: say('请停止使用该印章，联系制章单位核实真伪并重新申领。', 'Stop using this seal; ask its maker whether it is genuine and have it made anew.'),
  },
  SEAL_SIGNER_NOT_LISTED: {
    message: say('盖章所用的证书不在该印章的使用人名单中，签名人无权使用这枚印章。', 'The certificate used is not among those that may use this seal.'),
    remedy: say('请改用印章所绑定的证书重新盖章；证书已更换的，请向制章单位申请更新印章的使用人名单。', 'Stamp again with the certificate the seal is bound to; if that was renewed, have the seal\'s list of users updated by its maker.'),
  },
  SEAL_DIGEST_UNKNOWN: {
    message: say((w) => `印章以无法识别或不被接受的摘要算法${w.actual('“', '”')}登记使用人，不能确认签名人是否在内。`, (w) => `The seal states its users by a digest that is unknown or not accepted${w.actual(' (“', '”)')}, so it cannot be told whether the signer is one.`),
    remedy: say('请向制章单位换发以 SM3 登记使用人的印章；平台认可该算法的，可在策略中放开。', 'Have the maker reissue the seal with SM3 digests; a platform that accepts the algorithm can allow it in its policy.'),
  },
  SEAL_EXPIRED: {
    message: say((w) => `电子印章已${w.when('于', ' ')}过期${w.actual('（所核对的时间为 ', '）')}。`, (w) => `The seal expired${w.when(' on ')}${w.actual(' (checked at ', ')')}.`),
    remedy: NEW_SEAL,
  },
  SEAL_NOT_YET_VALID: {
    message: say((w) => `电子印章${w.when('自 ', ' 起')}才生效${w.actual('（所核对的时间为 ', '）')}。`, (w) => `The seal is not valid yet${w.when('; it begins on ')}${w.actual(' (checked at ', ')')}.`),
    remedy: say('请在印章生效后重新盖章，并核对盖章所用电脑的时间。', 'Stamp again once the seal is valid, and check the clock of the computer used.'),
  },
  SEAL_VALIDITY_INVERTED: {
    message: say('电子印章的失效日期早于生效日期。', 'The seal ends before it begins.'),
    remedy: NEW_SEAL,
  },
  SEAL_SIGNING_TIME_LATE: {
    message: say((w) => `盖章时间${w.when('（', '）')}晚于收到该文件的时间，与事实不符。`, (w) => `The stated time of stamping${w.when(' (', ')')} is later than the document was received.`),
    remedy: say('请校准盖章所用电脑的时间后重新盖章。', 'Set the clock of the computer used and stamp again.'),
  },
  SEAL_SIGNING_TIME_OUTSIDE: {
    message: say((w) => `盖章时间${w.when('（', '）')}不在用章人证书的有效期内。`, (w) => `The stated time of stamping${w.when(' (', ')')} is outside the validity of the signer's certificate.`),
    remedy: STAMP_AGAIN,
  },
  SEAL_PROPERTY_MISMATCH: {
    message: say((w) => `盖章所指的位置或对象与此处不符${w.expected('（应为 ', w.actual('，实为 ') + '）')}：该盖章可能取自别处。`, (w) => `The stamp is for another place or object${w.expected(' (expected ', w.actual(', found ') + ')')}; it may have been taken from elsewhere.`),
    remedy: STAMP_AGAIN,
  },
  SEAL_EXTENSION_UNKNOWN: {
    message: say((w) => `印章或盖章数据含有必须理解而本系统不认识的扩展${w.actual('（', '）')}。`, (w) => `The seal or signature carries critical extension data unknown here${w.actual(' (', ')')}.`),
    remedy: say('请平台向制章单位了解该扩展的含义，支持后再行验证。', 'The platform should ask the maker what the extension means, and verify again once it is supported.'),
  },
};
