import type { Bilingual, NearestMiss, Responsible } from '../report.js';
import { withMessages } from './with-messages.js';

/** What a near miss tells a person, beside the reason it comes with. */
export interface NearestMissText {
  readonly responsible: Responsible;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
}

type Code = NearestMiss['code'];

/** How near a certificate came to being recognised (trust-list design §5.8); apart from what to do about it, for pages that show this alone. */
export const NEAREST_MISS_MESSAGES: Readonly<Record<Code, Bilingual>> = {
  LIST_NOT_LOADED: { zh: '有名单未能载入，签发该证书的 CA 可能列在其中。', en: 'A list could not be loaded; the issuing CA may be on it.' },
  LIST_STALE: { zh: '平台手中的名单已过更新期限，较新的名单可能已列入该 CA。', en: "The platform's list is past its update date; a newer one may list the CA." },
  SERVICE_WITHDRAWN: { zh: '该 CA 曾在名单中，现已取消认可或列为不可信。', en: 'The CA was on the list and has been withdrawn or is distrusted.' },
  SAME_SUBJECT_OTHER_KEY: { zh: '名单中有同名的 CA，但密钥不同。', en: 'The list has a CA of the same name with another key.' },
  SERVICE_IN_OTHER_REGION: { zh: '该 CA 在其他地区受认可。', en: 'The CA is recognised in other regions.' },
  SERVICE_IN_OTHER_TRANSACTION: { zh: '该 CA 在其他类别的交易中受认可。', en: 'The CA is recognised for other kinds of transaction.' },
  SERVICE_STATUS: { zh: '该 CA 在名单中，但签名时的状态不允许认可。', en: 'The CA is on the list, but its status at the time of signing does not let it count.' },
  ISSUER_KNOWN_BUT_NOT_LISTED: { zh: '证书链已知，但链上没有名单所列的 CA。', en: 'The path is known, but no CA on it is listed.' },
  ISSUER_CERTIFICATE_MISSING: { zh: '没有找到签发该证书的 CA 的证书。', en: 'The certificate of the issuing CA was not found.' },
  SERVICE_UNSUPPORTED: { zh: '名单对该 CA 的要求本系统尚不支持。', en: 'The list asks something of the CA that this version does not understand.' },
  PATH_REJECTED: { zh: '证书链通向名单所列的 CA，但链上有不符合要求之处。', en: 'The path leads to a listed CA, but something on it does not conform.' },
};

const WHAT_TO_DO: Readonly<Record<Code, Omit<NearestMissText, 'message'>>> = {
  LIST_NOT_LOADED: { responsible: 'platform', remedy: { zh: '请平台更新名单后重新验证。', en: 'The platform should update its lists and verify again.' } },
  LIST_STALE: { responsible: 'platform', remedy: { zh: '请平台更新名单后重新验证。', en: 'The platform should update its lists and verify again.' } },
  SERVICE_WITHDRAWN: { responsible: 'bidder', remedy: { zh: '请改用名单中状态正常的 CA 签发的证书。', en: 'Use a certificate of a CA in good standing on the list.' } },
  SAME_SUBJECT_OTHER_KEY: { responsible: 'list-operator', remedy: { zh: '请名单维护方向该 CA 书面核实这把密钥。', en: 'The list operator should ask the CA in writing about this key.' } },
  SERVICE_IN_OTHER_REGION: { responsible: 'bidder', remedy: { zh: '请改用本地区认可的 CA 签发的证书，或请平台申请扩大该 CA 的适用地区。', en: 'Use a certificate of a CA recognised here, or have the platform ask for a wider scope.' } },
  SERVICE_IN_OTHER_TRANSACTION: { responsible: 'bidder', remedy: { zh: '请改用适用于本类交易的证书，或请平台核对交易类别。', en: 'Use a certificate recognised for this kind of transaction, or have the platform check the kind.' } },
  SERVICE_STATUS: { responsible: 'ca', remedy: { zh: '请改用状态正常的 CA 签发的证书，或待其恢复后重新验证。', en: 'Use a certificate of a CA in good standing, or verify again once it is reinstated.' } },
  ISSUER_KNOWN_BUT_NOT_LISTED: { responsible: 'list-operator', remedy: { zh: '请改用受认可的 CA 签发的证书；应当列入的，请名单维护方核实后列入。', en: 'Use a certificate of a recognised CA; if this one should be listed, its operator must check and list it.' } },
  ISSUER_CERTIFICATE_MISSING: { responsible: 'bidder', remedy: { zh: '请在签名中附上完整的证书链，或请平台取得该 CA 的证书。', en: 'Put the whole chain into the signature, or have the platform get the CA certificate.' } },
  SERVICE_UNSUPPORTED: { responsible: 'platform', remedy: { zh: '请平台升级验签组件。', en: 'The platform should update its verification component.' } },
  PATH_REJECTED: { responsible: 'ca', remedy: { zh: '请按原因说明联系签发证书的 CA。', en: 'Ask the issuing CA, by the reason given.' } },
};

/** The same with whose move it would be, and which. */
export const NEAREST_MISSES: Readonly<Record<Code, NearestMissText>> = /*#__PURE__*/ withMessages(NEAREST_MISS_MESSAGES, WHAT_TO_DO);
