import type { MessageErrorCode } from './codes.js';
import { row, type SignErrorRow } from './row.js';

export const MESSAGE_ERRORS: Readonly<Record<MessageErrorCode, SignErrorRow>> = {
  CONTENT_IS_CHALLENGE: row('integrator · never · not-signed', ['登录挑战不能当作文件签名，文件也不能当作登录挑战签名。', 'A login challenge is not signed as a document, nor a document as a login challenge.'], ['请改用登录签名接口；若登录时被要求签文件（或反之），请警惕并联系平台。', 'Use the interface for logins; if a login asks for a document signature, or the other way round, be careful and ask the platform.']),
  CONTENT_IS_ATTRIBUTES: row('security · never · not-signed', ['要签名的内容是一组签名属性，不是文件，已拒绝签名。', 'What was given to sign is a set of signed attributes, no document, and was refused.'], ['签名后可被用作其他文件的签名。请勿签名，并核查文件来源；确需签名时请改用带签名属性的格式。', 'A signature over it could be used as one over another file. Do not sign, and find out where it came from; if it must be signed, use a form with signed attributes.']),
  CERTIFICATE_NOT_FOR_SIGNING: row('user · other-credential · not-signed', ['所选证书不是签名证书。', 'The certificate chosen is not for signing.'], ['请改选签名证书；加密证书不能用于签名。', 'Choose the signing certificate; an encryption certificate does not sign.']),
  KEY_UNSUPPORTED: row('integrator · other-credential · not-signed', ['本系统不支持该证书的密钥类型。', 'This kind of key is not supported here.'], ['请改用 SM2 证书，或 RSA-2048 及以上、ECDSA 的证书；运维人员请检查已启用的算法。', 'Use an SM2, RSA-2048 or larger, or ECDSA certificate; operators check which algorithms are enabled.']),
  VARIANT_UNSUPPORTED: row('integrator · never · not-signed', ['不能生成所要求的签名格式。', 'The form of signature asked for is not made.'], ['请开发人员检查签名格式与证书密钥类型是否匹配。', 'Developers: check that the form fits the kind of key.']),
  CONTENT_DIGEST_INVALID: row('integrator · never · not-signed', ['文件摘要的长度与算法不符。', 'The digest of the file does not fit the algorithm.'], ['请开发人员检查摘要算法；SM2 证书应使用 SM3。', 'Developers: check the digest algorithm; SM2 goes with SM3.']),
  SIGNATURE_MALFORMED: row('provider · never · signed', ['签名服务返回的签名值格式不正确。', 'The signer returned a malformed value.'], ['请联系签名服务商检查签名值编码。', 'Ask the signing service to check how it encodes values.']),
  SIGNATURE_NOT_VERIFIED: row('security · never · signed', ['返回的签名用证书公钥验证不通过，已拒绝使用。', 'The value returned does not verify with the key of the certificate and was refused.'], ['请勿使用该签名；请联系签名服务商，并保留操作日志。', 'Do not use it; contact the signing service and keep the log.']),
  TIMESTAMP_FAILED: row('network · same-request · signed', ['未取得时间戳。', 'No time-stamp was had.'], ['签名已完成，请稍后重新加盖时间戳。', 'The signature is made; stamp it again later.']),
  TIMESTAMP_MISMATCH: row('provider · never · signed', ['时间戳与签名不对应。', 'The time-stamp does not fit the signature.'], ['请更换时间戳服务，并联系其服务商。', 'Use another time-stamp authority and tell this one.']),
  CONTENT_MISMATCH: row('user · never · not-signed', ['提供的文件不是被签名的文件。', 'The content is not the one that is signed.'], ['请选择签名时的原文件。', 'Choose the very file that was signed.']),
  SIGNER_ALREADY_THERE: row('user · never · signed', ['该证书已对此文件签名。', 'This certificate has signed the message before.'], ['无需重复签名。', 'There is no need to sign again.']),
  EVIDENCE_UNUSABLE: row('integrator · never · signed', ['提供的验证材料不能使用。', 'The validation data cannot be used.'], ['请重新获取证书撤销列表或在线状态响应。', 'Fetch the CRL or OCSP response again.']),
  JWS_MALFORMED: row('integrator · never · not-signed', ['签名数据不是有效的 JWS。', 'This is no JWS of the kind expected.'], ['请开发人员检查输入数据。', 'Developers: check the input.']),
  PDF_UNSUITABLE: row('user · never · not-signed', ['该 PDF 不能签署：结构损坏、已加密，或没有所指的页面或签名域。', 'This PDF cannot be signed: it is damaged or encrypted, or has no such page or field.'], ['请另存为未加密的 PDF 后重试。', 'Save it as a PDF without encryption and try again.']),
  PDF_LOCKED: row('user · never · not-signed', ['文件中已有的签名不允许再作此改动。', 'A signature already in the document does not allow this.'], ['请与先签署的一方确认，从允许继续签署的版本开始。', 'Ask whoever signed first, and start from a version that allows it.']),
  PDF_PLACEHOLDER_TOO_SMALL: row('integrator · never · signed', ['为签名预留的空间不足。', 'The room left for the signature is too small.'], ['请开发人员加大 placeholder 后重新签署。', 'Developers: prepare with a larger placeholder and sign again.']),
  SIGNER_FAILED: row('integrator · never · unknown', ['签名组件出错，结果未知。', 'The signing component failed; what became of the signature is unknown.'], ['请先确认是否已签名，再决定是否重试；开发人员请查看错误原因。', 'Find out whether it signed before trying again; developers: see the cause.']),
};
