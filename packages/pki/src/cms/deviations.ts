import type { DeviationReason } from '../deviations.js';

/** Ids of what the message parser tolerates and records. What is not in this table is refused. */
export type CmsDeviationId =
  | 'CMS_BER_INDEFINITE'
  | 'CMS_BER_CONSTRUCTED_STRING'
  | 'CMS_CONTENT_TYPE_EMPTY'
  | 'CMS_CONTENT_TYPE_OF_OTHER_FAMILY'
  | 'CMS_CONTENT_NOT_OCTET_STRING'
  | 'CMS_CERTIFICATE_CHOICE_SKIPPED'
  | 'CMS_CRL_CHOICE_SKIPPED'
  | 'CMS_VERSION_MISMATCH'
  | 'CMS_SIGNER_VERSION_MISMATCH'
  | 'CMS_SIGNED_ATTRS_NOT_SORTED';

export const CMS_DEVIATIONS: Readonly<Record<CmsDeviationId, DeviationReason>> = {
  CMS_BER_INDEFINITE: {
    reason: { en: 'a length in the outer shell is indefinite; nothing that is hashed depends on it', zh: '外层结构使用不定长编码，不影响参与摘要的部分' },
    clause: 'X.690 8.1.3.6; RFC 5652 5.1', seenAt: 'OpenSSL -stream, Bouncy Castle',
  },
  CMS_BER_CONSTRUCTED_STRING: {
    reason: { en: 'the content is written in segments, which are joined', zh: '原文分段编码，读取时拼接' },
    clause: 'X.690 8.7.3; RFC 5652 5.2', seenAt: 'OpenSSL -stream, Bouncy Castle',
  },
  CMS_CONTENT_TYPE_EMPTY: {
    reason: { en: 'the content type of a detached message is an OBJECT IDENTIFIER without octets', zh: '不带原文的消息中，内容类型为零长度 OID' },
    clause: 'X.690 8.19.2; GB/T 35275-2017 8.1', seenAt: 'messages of one regional CA',
  },
  CMS_CONTENT_TYPE_OF_OTHER_FAMILY: {
    reason: { en: 'the outer content type is of one family (PKCS #7 or GM/T 0010), the inner data of the other', zh: '外层内容类型与内层 data 类型分属 PKCS #7 与 GM/T 0010' },
    clause: 'GB/T 35275-2017 5; RFC 5652 4', seenAt: 'toolkits that changed only one of the two identifiers',
  },
  CMS_CONTENT_NOT_OCTET_STRING: {
    reason: { en: 'the content is not an OCTET STRING; its value without identifier and length octets is what is digested', zh: '原文不是 OCTET STRING，按去掉标签和长度后的内容计算摘要' },
    clause: 'RFC 2315 9.3; RFC 5652 5.2.1', seenAt: 'PKCS #7 1.5 writers such as Authenticode',
  },
  CMS_CERTIFICATE_CHOICE_SKIPPED: {
    reason: { en: 'an extended, attribute or other certificate was passed over', zh: '跳过了扩展证书、属性证书或其他格式的证书' },
    clause: 'RFC 5652 10.2.2', seenAt: 'allowed by the standard',
  },
  CMS_CRL_CHOICE_SKIPPED: {
    reason: { en: 'revocation information other than a CRL was passed over', zh: '跳过了 CRL 以外的吊销信息（如 OCSP 响应）' },
    clause: 'RFC 5652 10.2.1; RFC 5940', seenAt: 'long-term signatures carrying OCSP responses',
  },
  CMS_VERSION_MISMATCH: {
    reason: { en: 'the version of SignedData is not the one its contents call for', zh: 'SignedData 版本号与内容不符' },
    clause: 'RFC 5652 5.1; GB/T 35275-2017 8.1', seenAt: 'time-stamp tokens with GM identifiers and version 3, PKCS #7 1.5 writers',
  },
  CMS_SIGNER_VERSION_MISMATCH: {
    reason: { en: 'the version of a SignerInfo does not fit the way it names its signer', zh: 'SignerInfo 版本号与签名者标识方式不符' },
    clause: 'RFC 5652 5.3', seenAt: 'writers that set one version throughout',
  },
  CMS_SIGNED_ATTRS_NOT_SORTED: {
    reason: { en: 'the signed attributes are not in DER order; they are hashed as found', zh: '签名属性未按 DER 排序，按原始字节计算摘要' },
    clause: 'RFC 5652 5.3; X.690 11.6', seenAt: 'encoders made by hand',
  },
};
