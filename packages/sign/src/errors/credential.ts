import type { CredentialErrorCode } from './codes.js';
import { row, type SignErrorRow } from './row.js';

export const CREDENTIAL_ERRORS: Readonly<Record<CredentialErrorCode, SignErrorRow>> = {
  NO_USABLE_CREDENTIAL: row('user · other-credential · not-signed', ['没有可用的证书。', 'There is no credential that can be used.'], ['请查看每张证书不可用的原因，并按提示处理。', 'See why each one cannot be used, and what to do.']),
  CREDENTIAL_LOCKED: row('user · other-credential · not-signed', ['证书已被锁定。', 'The credential is locked.'], ['请联系发证机构解锁。', 'Ask the CA to unlock it.']),
  CREDENTIAL_DISABLED: row('user · other-credential · not-signed', ['证书已停用。', 'The credential is disabled.'], ['请联系发证机构启用，或改用其他证书。', 'Ask the CA to enable it, or use another.']),
  CERT_EXPIRED: row('user · other-credential · not-signed', ['证书已过期，或在投标截止前到期。', 'The certificate has expired, or will have by the deadline.'], ['请联系发证机构更新证书。', 'Have the CA renew it.']),
  CERT_NOT_YET_VALID: row('user · other-credential · not-signed', ['证书尚未生效。', 'The certificate is not valid yet.'], ['请检查电脑时间，或等证书生效后再签名。', 'Check the clock, or wait until it is valid.']),
  CERT_REVOKED: row('user · other-credential · not-signed', ['证书已被撤销或冻结。', 'The certificate is revoked or on hold.'], ['请联系发证机构，并改用其他证书。', 'Contact the CA and use another.']),
  CERT_NOT_TRUSTED: row('user · other-credential · not-signed', ['本交易平台不认可该证书的发证机构。', 'The issuer of this certificate is not recognised here.'], ['请改用本平台认可的发证机构的证书，并查看具体原因。', 'Use a certificate of an issuer that is recognised here; see the reasons given.']),
  CERT_SWAPPED: row('security · never · signed', ['签名服务返回的证书与所选证书不同，已拒绝使用。', 'The signer answered with another certificate than the one chosen; refused.'], ['请重新选择证书；如证书刚更新，请刷新证书列表；否则请联系签名服务商。', 'Choose again; if it was just renewed refresh the list; otherwise contact the signing service.']),
  CERT_UNKNOWN: row('provider · other-credential · not-signed', ['签名前无法得知证书。', 'The certificate is not known before signing.'], ['请先完成证书选择步骤。', 'Let the provider show the certificate first.']),
  FORM_REFUSED: row('integrator · new-session · not-signed', ['信任名单不接受该证书的发证机构采用所要求的签名格式。', 'The trust list does not accept the form of signature asked for from this issuer.'], ['请开发人员不要指定签名格式（将按名单自动选择），或改用名单接受的格式，然后重新发起签名。', 'Developers: leave the form open, so that the list decides, or ask for one that it accepts; then start again.']),
  NO_COMMON_FORM: row('provider · other-credential · not-signed', ['信任名单接受的签名格式，该证书及其签名服务都不能生成。', 'None of the forms of signature that the trust list accepts can be made with this credential.'], ['请改用其他证书，并告知平台：由签名服务商支持名单接受的格式，或由名单维护方与发证机构核对名单条目。', 'Use another credential and tell the platform: the signing service has to support a form that is accepted, or the list operator has to check the entry with the CA.']),
  ORGANISATION_MISMATCH: row('user · other-credential · not-signed', ['证书所属单位与投标单位不一致。', 'The certificate belongs to another organisation than the bidder.'], ['请使用本单位的证书。', 'Use a certificate of your own organisation.']),
  KEY_MISMATCH: row('integrator · never · not-signed', ['密钥与证书不对应。', 'Key and certificate do not belong together.'], ['请管理员检查密钥版本与证书的绑定关系。', 'Administrators: check which key version the certificate is bound to.']),
};
