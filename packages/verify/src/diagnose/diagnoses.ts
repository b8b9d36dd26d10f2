import type { Bilingual, Responsible } from '../report.js';
import type { Diagnosis, DiagnosisCode, Finding } from './model.js';

interface Words {
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: Responsible;
}

const TOOL: Bilingual = {
  zh: '请升级投标工具或签名控件后重新签名；仍如此的，请把本报告交给其厂商修正。',
  en: 'Update the bidding tool or signing component and sign again; if it stays so, give this report to its maker.',
};
const tool = (zh: string, en: string, remedy: Bilingual = TOOL): Words => ({ message: { zh, en }, remedy, responsible: 'bidder' });
const platform = (zh: string, en: string, remedy: Bilingual): Words => ({ message: { zh, en }, remedy, responsible: 'platform' });

/** What each diagnosis means. The bidder cannot mend a program, but is the one who can use another version of it. */
export const DIAGNOSES: Readonly<Record<DiagnosisCode, Words>> = {
  SM2_Z_MISSING: tool('签名程序计算 SM2 摘要时漏掉了签名人标识 Z（GB/T 32918.2）。', 'The signing program left Z, the signer\'s identification, out of the SM2 digest (GB/T 32918.2).'),
  SM2_EMPTY_ID: tool('签名程序计算 Z 时用了空的用户标识，而不是 1234567812345678（GM/T 0009）。', 'The signing program computed Z with an empty identifier, not 1234567812345678 (GM/T 0009).'),
  SM2_Z_OF_OTHER_KEY: tool('签名程序计算 Z 时用了另一张证书的公钥。', 'The signing program computed Z with the public key of another certificate.'),
  ECDSA_BY_SM2_KEY: tool('签名程序用 SM2 密钥做了 ECDSA 签名，而不是 SM2 签名。', 'The signing program made an ECDSA signature with an SM2 key, not an SM2 signature.'),
  ATTRIBUTES_TAG_A0: tool('签名程序对签名属性求摘要时用了标签 A0，应为 SET OF 的标签 31（RFC 5652 §5.4）。', 'The signing program hashed the signed attributes with tag A0; it must be the SET OF tag 31 (RFC 5652 §5.4).'),
  ATTRIBUTES_REORDERED: tool('签名属性在签名之后被重新排序或重新编码。', 'The signed attributes were reordered or encoded anew after they were signed.'),
  MESSAGE_DIGEST_WITH_Z: tool('签名属性中的原文摘要混入了 Z，应为原文本身的摘要。', 'The digest of the content in the signed attributes has Z in it; it must be of the content alone.'),
  DIGEST_AS_HEX: tool('被签名（或求摘要）的是摘要的十六进制文本，而不是原文。', 'What was signed or hashed is the hex text of a digest, not the document.'),
  DIGEST_AS_BASE64: tool('被签名（或求摘要）的是摘要的 Base64 文本，而不是原文。', 'What was signed or hashed is the Base64 text of a digest, not the document.'),
  DIGEST_AS_MESSAGE: tool('签名程序把摘要当作原文签了名。', 'The signing program signed a digest as if it were the document.'),
  HASHED_TWICE: tool('签名时摘要被多算了一次：传给签名服务的已是摘要，对方又求了一次摘要。', 'The digest was hashed once more: the signing service was given a digest and hashed it again.', {
    zh: '请在投标工具或签名服务的设置中确认传入的是原文还是摘要，两端保持一致后重新签名。',
    en: 'Make both sides agree whether the signing service is given the document or its digest, then sign again.',
  }),
  ALGORITHM_OTHER: tool('实际使用的摘要或签名算法与签名中声明的不一致。', 'The digest or scheme really used is not the one the signature states.'),
  CONTENT_CHARSET: platform('签名时的文本采用了另一种字符编码（如 GBK 与 UTF-8 之别）。', 'The text was signed in another character encoding (as GBK against UTF-8).', {
    zh: '请按签名时的字节原样保存和提交内容，不要转换编码；平台与签名控件应约定同一种编码。',
    en: 'Keep and submit the very octets that were signed; platform and signing component must agree on one encoding.',
  }),
  CONTENT_LINE_ENDINGS: platform('签名之后文本的换行符被改动（CRLF 与 LF 之别，或末尾换行）。', 'The line ends of the text were changed after signing (CRLF against LF, or at the end).', {
    zh: '请以二进制方式传输文件，不要让编辑器、版本管理或 FTP 文本模式改动换行。',
    en: 'Transfer files as binary: editors, version control and FTP text mode change line ends.',
  }),
  OTHER_FILE: tool('这份签名属于另一个文件。', 'The signature belongs to another file.', {
    zh: '请核对签名与文件的对应关系，把各自的签名与文件配对后重新提交。',
    en: 'Match each signature with its own file and submit again.',
  }),
  SIGNED_BY_OTHER_KEY: tool('签名是用另一张证书的密钥做的（例如同一单位的加密证书）。', 'The signature was made with the key of another certificate (as the encryption one of the same company).', {
    zh: '请在签名工具中选择签名证书（不是加密证书），并确认附带的证书与所用密钥一致后重新签名。',
    en: 'Choose the signing certificate, not the encryption one, and make sure that it goes along with the key used; sign again.',
  }),
  VALUE_FORM: tool('签名值本身正确，但编码形式不对（应为标准的 DER 编码 SEQUENCE { r, s }）。', 'The signature value is right but in a wrong form (it must be DER SEQUENCE { r, s }, or the plain octets of RSA).', {
    zh: '请由签名工具或对接程序把签名值转换为标准形式后重新组装，无需重新签名。',
    en: 'Let the signing tool or the integration convert the value to the standard form and assemble the message again; no new signature is needed.',
  }),
};

export function worded({ code, evidence }: Finding): Diagnosis {
  return { code, ...DIAGNOSES[code], evidence };
}
