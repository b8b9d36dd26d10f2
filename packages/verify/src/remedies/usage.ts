import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type UsageCode = Extract<ReasonCode, 'KEY_USAGE_NOT_SIGNING' | 'KEY_USAGE_ABSENT' | 'ENCRYPTION_CERT_USED_TO_SIGN' | 'EXTENDED_KEY_USAGE_MISMATCH' | 'CERTIFICATE_DEVIATION_REFUSED'>;

export const USAGE_REMEDIES: Readonly<Record<UsageCode, Wording>> = {
  KEY_USAGE_NOT_SIGNING: {
    message: say((w) => `该证书不是签名用的证书${w.actual('（用途为 ', '）')}。`, (w) => `The certificate is not meant for signing${w.actual(' (its usage is ', ')')}.`),
    remedy: say('请在证书介质或手机 APP 中选择签名证书重新签名；没有签名证书的，请联系 CA 补办。', 'Choose the signing certificate on your token or in the app and sign again; if there is none, ask the CA for it.'),
  },
  KEY_USAGE_ABSENT: {
    message: say('证书没有写明密钥用途，平台不能认定它可以用来签名。', 'The certificate does not state its key usage, so it cannot be taken for a signing certificate.'),
    remedy: say('请改用写明签名用途的证书，或联系 CA 更换证书。', 'Use a certificate that states signing as its usage, or ask the CA to replace this one.'),
  },
  ENCRYPTION_CERT_USED_TO_SIGN: {
    message: say(
      '签名用的是加密证书。加密证书的私钥由 CA 的密钥管理中心备份，不能证明签名是本人所为。',
      'An encryption certificate was used to sign. Its key is backed up by the CA\'s key centre, so it cannot prove who signed.',
    ),
    remedy: say(
      '同一介质里通常有成对的两张证书：请在投标工具里改选“签名证书”，重新签名后提交。',
      'A token usually holds a pair: choose the “signing certificate” in the bidding tool, sign again and submit.',
    ),
  },
  EXTENDED_KEY_USAGE_MISMATCH: {
    message: say((w) => `证书的扩展用途不包括本次操作${w.expected('（需要 ', w.actual('，证书为 ') + '）')}。`, (w) => `The certificate's extended key usage does not cover this${w.expected(' (needs ', w.actual(', has ') + ')')}.`),
    remedy: say('请换用用途相符的证书；不清楚该用哪张的，请咨询签发证书的 CA。', 'Use a certificate meant for this; ask the issuing CA if it is unclear which one.'),
  },
  CERTIFICATE_DEVIATION_REFUSED: {
    message: say((w) => `证书存在平台策略不容许的不规范之处${w.actual('（', '）')}。`, (w) => `The certificate departs from the standard in a way the platform's policy does not tolerate${w.actual(' (', ')')}.`),
    remedy: say('请联系签发证书的 CA 换发符合标准的证书；平台确需兼容的，可在策略中放开该项。', 'Ask the issuing CA for a standard-conforming certificate; a platform that must tolerate it can allow the finding in its policy.'),
  },
};
