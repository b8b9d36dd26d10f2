import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type PathCode = Extract<
  ReasonCode,
  | 'PATH_NOT_FOUND' | 'ISSUER_NOT_LISTED' | 'PATH_BUDGET_EXCEEDED' | 'CERTIFICATE_SIGNATURE_INVALID' | 'CERTIFICATE_EXPIRED' | 'CERTIFICATE_NOT_YET_VALID'
  | 'VALIDITY_INVERTED' | 'ISSUER_NOT_CA' | 'PATH_LENGTH_EXCEEDED' | 'KEY_CERT_SIGN_MISSING' | 'UNKNOWN_CRITICAL_EXTENSION' | 'DUPLICATE_EXTENSION'
  | 'CERTIFICATE_MALFORMED' | 'CERTIFICATE_VERSION' | 'NAME_CONSTRAINTS_VIOLATED' | 'POLICY_CONSTRAINTS_VIOLATED'
>;

const REISSUE = say(
  '请联系签发该证书的 CA，说明本条提示，由其核实并更换证书；在此之前请改用其他被认可的证书。',
  'Show this finding to the CA that issued the certificate and have it checked and replaced; until then use another recognised certificate.',
);

const CA_CHAIN = {
  responsible: 'ca',
  remedy: say(
    '请联系签发您证书的 CA，索取当前有效的上级 CA 证书后重新提交；在此之前请改用其他受认可 CA 的证书。',
    'Ask the CA that issued your certificate for its CA certificates now in force and submit again; until then use a certificate of another recognised CA.',
  ),
} as const;

export const PATH_REMEDIES: Readonly<Record<PathCode, Wording>> = {
  PATH_NOT_FOUND: {
    message: say('找不到从签名证书到任何一家受认可 CA 的证书链。', 'No certificate path leads from the signer to a recognised CA.'),
    remedy: say(
      '请确认使用的是本平台认可的 CA 签发的证书；证书没有问题的，请附上中间 CA 证书后重新提交，或联系 CA 获取完整证书链。',
      'Make sure the certificate comes from a CA recognised here; if so, include the intermediate CA certificates, or ask the CA for its full chain.',
    ),
  },
  ISSUER_NOT_LISTED: {
    message: say((w) => `签发该证书的 CA${w.actual('（', '）')}不在本平台使用的信任名单中。`, (w) => `The CA that issued the certificate${w.actual(' (', ')')} is not in the trust list used here.`),
    remedy: say(
      '请改用信任名单内 CA 签发的证书；认为该 CA 应当互认的，请向信任名单维护方申请收录。',
      'Use a certificate of a CA in the trust list; if this CA should be recognised, apply to the operator of the trust list.',
    ),
  },
  PATH_BUDGET_EXCEEDED: {
    message: say((w) => `随签名附带的证书过多或相互缠绕，查找证书链超出了允许的工作量${w.actual('（', '）')}。`, (w) => `The certificates sent along are too many or too entangled: the search for a path ran over its budget${w.actual(' (', ')')}.`),
    remedy: say('请只附带签名证书及其上级 CA 证书，去掉无关证书后重新提交。', 'Send only the signer\'s certificate and the CA certificates above it, and submit again.'),
  },
  CERTIFICATE_SIGNATURE_INVALID: {
    message: say((w) => `${w.subject}上的 CA 签名验证不通过，证书可能被改动或是伪造的。`, (w) => `${w.subject} does not carry a valid signature of its issuer; it may be altered or forged.`),
    remedy: say('请从证书介质中重新导出证书再试；仍不通过的请立即联系 CA 核实真伪，期间不要使用该证书。', 'Export the certificate from its token again; if it still fails, ask the CA at once whether it is genuine and do not use it meanwhile.'),
  },
  CERTIFICATE_EXPIRED: {
    ofCa: CA_CHAIN,
    message: say((w) => `${w.subject}已${w.when('于', ' ')}过期，没有可信时间证明签名是在有效期内作出的。`, (w) => `${w.subject} expired${w.when(' on ')}, and no trusted time shows that it was used before.`),
    remedy: say(
      '请到 CA 办理证书更新，用新证书重新签名提交。注意：用旧证书加密、尚未开标的投标文件只能用旧密钥解密，更新前请先确认旧密钥得到保留。',
      'Renew the certificate with its CA, then sign and submit with the new one. Bids still sealed under the old certificate open only with the old key: make sure it is kept before renewing.',
    ),
  },
  CERTIFICATE_NOT_YET_VALID: {
    ofCa: CA_CHAIN,
    message: say((w) => `${w.subject}尚未生效${w.when('，生效时间为')}。`, (w) => `${w.subject} is not valid yet${w.when('; it becomes valid on ')}.`),
    remedy: say('请等证书生效后重新签名，或改用已生效的证书；证书应已生效的，请平台核对服务器时间。', 'Sign again once it is valid, or use one that is; if it should be valid already, the platform should check its clock.'),
  },
  VALIDITY_INVERTED: {
    message: say((w) => `${w.subject}的生效时间晚于失效时间，证书制作有误。`, (w) => `${w.subject} becomes valid after it ends: it was made wrongly.`),
    remedy: REISSUE,
  },
  ISSUER_NOT_CA: {
    message: say((w) => `${w.subject}不是 CA 证书，却被用来签发别的证书。`, (w) => `${w.subject} is not a CA certificate and yet issued another one.`),
    remedy: say('请核对随签名附带的上级证书是否正确；正确的，请联系 CA 说明该证书链不可用。', 'Check that the right CA certificates were sent along; if so, tell the CA that its chain cannot be used.'),
  },
  PATH_LENGTH_EXCEEDED: {
    message: say((w) => `证书链级数超过了上级 CA 的限制${w.expected('，最多 ', ' 级')}${w.actual('，实有 ', ' 级')}。`, (w) => `The path is longer than a CA above allows${w.expected(' (at most ', ')')}${w.actual('; found ')}.`),
    remedy: REISSUE,
  },
  KEY_CERT_SIGN_MISSING: {
    message: say((w) => `${w.subject}没有签发证书的权限（keyUsage 缺少 keyCertSign）。`, (w) => `${w.subject} may not issue certificates (keyUsage lacks keyCertSign).`),
    remedy: REISSUE,
  },
  UNKNOWN_CRITICAL_EXTENSION: {
    message: say((w) => `${w.subject}含有必须理解、而本系统不认识的关键扩展${w.actual('（', '）')}。`, (w) => `${w.subject} has a critical extension that is not understood here${w.actual(' (', ')')}.`),
    remedy: REISSUE,
  },
  DUPLICATE_EXTENSION: {
    message: say((w) => `${w.subject}中同一扩展项出现了多次${w.actual('（', '）')}，无法确定以哪个为准。`, (w) => `${w.subject} carries one extension more than once${w.actual(' (', ')')}; which one counts is unclear.`),
    remedy: REISSUE,
  },
  CERTIFICATE_MALFORMED: {
    message: say((w) => `${w.subject}的内容有格式错误${w.actual('（', '）')}，不能据以判断。`, (w) => `${w.subject} is malformed${w.actual(' (', ')')} and cannot be relied on.`),
    remedy: REISSUE,
  },
  CERTIFICATE_VERSION: {
    message: say((w) => `${w.subject}的版本不符合要求${w.actual('（第 ', ' 版）')}，应为第 3 版。`, (w) => `${w.subject} has the wrong version${w.actual(' (', ')')}; version 3 is needed.`),
    remedy: REISSUE,
  },
  NAME_CONSTRAINTS_VIOLATED: {
    message: say((w) => `${w.subject}的名称超出了上级 CA 被允许签发的范围${w.expected('（', '）')}。`, (w) => `${w.subject} has a name outside what the CA above may issue for${w.expected(' (', ')')}.`),
    remedy: REISSUE,
  },
  POLICY_CONSTRAINTS_VIOLATED: {
    message: say((w) => `${w.subject}的证书策略不满足证书链的要求${w.expected('（', '）')}。`, (w) => `${w.subject} does not meet the certificate policies its path asks for${w.expected(' (', ')')}.`),
    remedy: REISSUE,
  },
};
