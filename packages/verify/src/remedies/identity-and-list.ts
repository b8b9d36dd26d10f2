import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type RestCode = Extract<
  ReasonCode,
  'IDENTITY_CONFLICT' | 'IDENTITY_MISSING' | 'IDENTITY_PROFILE_MISSING' | 'LIST_EXPIRED' | 'LIST_NOT_YET_VALID' | 'LIST_EMPTY' | 'LIST_FRESHNESS_MISSING' | 'LIST_NOT_LOADED' | 'PROVIDER_FAILED'
>;

export const IDENTITY_AND_LIST_REMEDIES: Readonly<Record<RestCode, Wording>> = {
  IDENTITY_CONFLICT: {
    message: say((w) => `证书中多处记载的单位身份互相矛盾${w.actual('（字段：', '）')}，不能确定是哪家单位签的。`, (w) => `The certificate states its holder's identity in several places that contradict each other${w.actual(' (fields: ', ')')}.`),
    remedy: say('请联系签发该证书的 CA 核对单位名称和统一社会信用代码，换发信息一致的证书。', 'Ask the issuing CA to check name and unified social credit code, and to issue a consistent certificate.'),
  },
  IDENTITY_MISSING: {
    message: say((w) => `证书中没有可用的单位身份信息${w.expected('（缺少：', '）')}，签名无法对应到投标单位。`, (w) => `The certificate holds no usable identity${w.expected(' (missing: ', ')')}, so the signature cannot be attributed to a bidder.`),
    remedy: say(
      '请改用单位证书（不是个人证书）签名；已是单位证书的，请联系 CA 换发写有统一社会信用代码的证书，或由平台办理证书与单位的绑定。',
      'Sign with the organisation\'s certificate, not a personal one; if it is one, ask the CA for a certificate that states the unified social credit code, or have the platform bind it to the organisation.',
    ),
  },
  IDENTITY_PROFILE_MISSING: {
    message: say((w) => `信任名单没有说明${w.service}把单位身份写在证书的何处，无法确定签名单位。`, (w) => `The trust list does not say where ${w.service} writes its subjects' identity, so the signer cannot be named.`),
    remedy: say('请信任名单维护方为该 CA 补充身份提取规则（用该 CA 的样例证书核对），发布新名单后重新验证。', 'The list operator must add an identity profile for this CA, proven with sample certificates, and publish; then verify again.'),
  },
  LIST_EXPIRED: {
    message: say((w) => `平台使用的信任名单已${w.when('于', ' ')}过期，且超过宽限期，不能再据以认可证书。`, (w) => `The platform's trust list expired${w.when(' on ')} and is past its grace; nothing can be recognised by it.`),
    remedy: say(
      '请平台立即更新信任名单后重新验证，投标人无需操作；维护方尚未发布新名单的，请尽快发布。',
      'The platform must update its trust list at once and verify again; the bidder need not act. If no newer list exists, its operator must publish one.',
    ),
  },
  LIST_NOT_YET_VALID: {
    message: say((w) => `信任名单的发布时间${w.when('（', '）')}晚于验证时间，可能是平台服务器时钟不准。`, (w) => `The trust list was issued${w.when(' (', ')')} after the time of verification; the platform's clock may be wrong.`),
    remedy: say('请平台校准服务器时间后重新验证；回看历史签名的，请使用当时的信任名单。', 'The platform should set its clock right and verify again; for a past verdict, use the list of that time.'),
  },
  LIST_EMPTY: {
    message: say('信任名单中没有任何 CA，无法认可任何证书。', 'The trust list names no CA at all, so no certificate can be recognised.'),
    remedy: say('请平台确认载入的是正确的名单；名单确为空的，请维护方补充 CA 后发布。', 'The platform should check that the right list is loaded; if it is, its operator must add CAs and publish.'),
  },
  LIST_FRESHNESS_MISSING: {
    message: say('平台没有信任名单的时效声明，无法确定手中的名单是否为当前版本。', 'The platform has no statement of freshness, so whether its trust lists are the current ones is unknown.'),
    remedy: say('请平台更新信任名单（包括时效声明）后重新验证，投标人无需操作。', 'The platform must update its trust lists, the statement of freshness included, and verify again; the bidder need not act.'),
  },
  LIST_NOT_LOADED: {
    message: say(
      (w) => `对本地区有管辖权的下级名单未能载入${w.expected('（', '）')}，其中可能有对该 CA 的限制，目前不能认可。`,
      (w) => `A subordinate list with jurisdiction over this region could not be loaded${w.expected(' (', ')')}; it may restrict this CA, so nothing can be recognised for now.`,
    ),
    remedy: say(
      '请平台更新名单后重新验证，投标人无需操作；更新仍失败的，请该名单的维护方检查发布是否正常。',
      'The platform should update its lists and verify again; the bidder need not act. If that fails, the operator of the subordinate list must see to its publication.',
    ),
  },
  PROVIDER_FAILED: {
    message: say((w) => `平台的密码运算组件出错${w.actual('（', '）')}，验证没有完成；这不说明签名有问题。`, (w) => `The platform's cryptographic component failed${w.actual(' (', ')')}, so verification did not finish; this says nothing about the signature.`),
    remedy: say('请平台检查密码组件后重新验证；投标人无需重新签名。', 'The platform should check the component and verify again; the bidder need not sign again.'),
  },
};
