import type { WarningCode } from '../codes.js';
import type { Bilingual, Responsible } from '../report.js';
import { withMessages } from './with-messages.js';

/** A warning as a person reads it. */
export interface WarningText {
  readonly responsible: Responsible;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
}

/** What is said beside a verdict that stands; apart from what to do about it, for pages that show this alone. */
export const WARNING_MESSAGES: Readonly<Record<WarningCode, Bilingual>> = {
  LIST_STALE: { zh: '信任名单已过更新期限，目前处于宽限期内。', en: 'The trust list is past its update date and within its grace.' },
  LIST_MISSING_TOLERATED: { zh: '对本地区有管辖权的下级名单未能载入；本场景的策略允许在此情况下继续。', en: 'A subordinate list with jurisdiction over this region could not be loaded; the policy of this scene goes on without.' },
  TRUST_CHANGED_SINCE: { zh: '按作出决定时的名单与按现在的名单，对该 CA 的结论不同。', en: 'By the list of that time and by the list of now, the CA is judged differently.' },
  CRL_IN_GRACE: { zh: '所用的吊销列表已过更新期限，目前处于宽限期内。', en: 'The revocation list used is past its update date and within its grace.' },
  REVOCATION_UNKNOWN_TOLERATED: { zh: '未能查明证书是否被吊销；本场景的策略允许在此情况下继续。', en: 'Whether the certificate is revoked could not be learnt; the policy of this scene goes on without.' },
  USCC_CHECK_DIGIT: { zh: '证书中的统一社会信用代码校验位不正确，可能是 CA 录入有误。', en: 'The unified social credit code in the certificate has a wrong check digit; the CA may have mistyped it.' },
  MESSAGE_NON_STANDARD: { zh: '签名文件的格式与标准有出入，但不影响结论。', en: 'The signature departs from the standard in form; the verdict stands.' },
  CERTIFICATE_DEVIATIONS: { zh: '证书的编码或内容与标准有出入，但不影响结论。', en: 'A certificate departs from the standard; the verdict stands.' },
  CLAIMED_TIME_DIFFERS: { zh: '签名中自称的签名时间与平台收到的时间相差较大；该时间由签名人的电脑写入，不作为依据。', en: 'The time claimed in the signature is far from that of receipt; it comes from the signer\'s computer and proves nothing.' },
  PDF_VISIBLE_SIGNATURE_ADDED: { zh: '签署之后又加盖了可见的签名，其图样可能遮住原有内容。', en: 'A visible signature was added after signing; its picture may cover content.' },
  TIMESTAMP_NOT_CHECKED: { zh: '所附的时间戳没有核验，因此没有采信。', en: 'A time-stamp that came along was not checked and counts for nothing.' },
  TIMESTAMP_NOT_COUNTED: { zh: '签名附带的时间戳中有不能采信的，未作为时间依据。', en: 'A time-stamp beside the signature could not be relied on and proves no time here.' },
  TSA_EKU_ABSENT: { zh: '时间戳服务的证书没有按标准标明时间戳用途；名单或策略允许此情形。', en: 'The time-stamping certificate does not state its purpose as the standard asks; the list or the policy allows this.' },
  OCSP_UNKNOWN_BESIDE_GOOD: { zh: 'OCSP 服务后来答复不知道该证书；未吊销的结论以其他来源为据。', en: 'An OCSP responder answers since that it does not know the certificate; that it is not revoked rests on another source.' },
};

const WHAT_TO_DO: Readonly<Record<WarningCode, Omit<WarningText, 'message'>>> = {
  LIST_STALE: { responsible: 'platform', remedy: { zh: '请平台尽快更新信任名单，宽限期过后将无法作出判断。', en: 'The platform should update the list soon; after the grace nothing can be decided by it.' } },
  LIST_MISSING_TOLERATED: { responsible: 'platform', remedy: { zh: '请平台更新名单后重新核对：该名单可能限制或暂停了某些 CA。', en: 'The platform should update its lists and check again: the missing one may restrict or suspend some CA.' } },
  TRUST_CHANGED_SINCE: { responsible: 'platform', remedy: { zh: '请平台查看报告中的两种结论，按招标监督部门的要求处理已作出的决定。', en: 'The platform should read both answers in the report and treat decisions already made as its supervisors require.' } },
  CRL_IN_GRACE: { responsible: 'platform', remedy: { zh: '请平台尽快取得新的吊销列表；一直没有新列表的，请联系 CA。', en: 'The platform should fetch a newer revocation list; if there is none, ask the CA.' } },
  REVOCATION_UNKNOWN_TOLERATED: { responsible: 'network', remedy: { zh: '请平台检查吊销列表的网络地址；签署或提交投标文件时必须查明。', en: 'The platform should check the way to the revocation list; for signing bids the answer is required.' } },
  USCC_CHECK_DIGIT: { responsible: 'ca', remedy: { zh: '请对照营业执照或国家企业信用信息公示系统核对代码；有误的请 CA 更正证书。', en: 'Compare the code with the business licence or the national register; if it is wrong, have the CA correct the certificate.' } },
  MESSAGE_NON_STANDARD: { responsible: 'bidder', remedy: { zh: '建议升级投标工具或签名控件。', en: 'Updating the bidding tool or signing component is advised.' } },
  CERTIFICATE_DEVIATIONS: { responsible: 'ca', remedy: { zh: '无需处理；CA 下次签发时应予改正。', en: 'Nothing to do; the CA should mend it in new certificates.' } },
  CLAIMED_TIME_DIFFERS: { responsible: 'bidder', remedy: { zh: '请校准签名所用电脑的时间。', en: 'Set the clock of the computer used for signing.' } },
  PDF_VISIBLE_SIGNATURE_ADDED: { responsible: 'platform', remedy: { zh: '请对照签署时的版本查看加盖的位置。', en: 'Compare the place with the revision that was signed.' } },
  TIMESTAMP_NOT_CHECKED: { responsible: 'platform', remedy: { zh: '需要以时间戳证明签署时间的，请平台启用时间戳核验后重新验证。', en: 'Where the time-stamp must prove the time of signing, the platform should verify again with time-stamps checked.' } },
  TIMESTAMP_NOT_COUNTED: { responsible: 'bidder', remedy: { zh: '原因见报告中的时间戳部分；请改用信任名单中的时间戳服务重新加盖。', en: 'The report says why; have it stamped again by a time-stamping service of the trust list.' } },
  TSA_EKU_ABSENT: { responsible: 'list-operator', remedy: { zh: '建议信任名单维护方要求该时间戳服务换用标明时间戳用途的证书。', en: 'The list operator should ask the service for a certificate that states the purpose.' } },
  OCSP_UNKNOWN_BESIDE_GOOD: { responsible: 'ca', remedy: { zh: '请 CA 说明其 OCSP 服务为何不知道该证书，并确认该证书由其签发。', en: 'The CA should say why its responder does not know the certificate, and confirm that it issued it.' } },
};

/** The same with whose move it is, and which. */
export const WARNINGS: Readonly<Record<WarningCode, WarningText>> = /*#__PURE__*/ withMessages(WARNING_MESSAGES, WHAT_TO_DO);
