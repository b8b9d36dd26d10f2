import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type MessageCode = Extract<
  ReasonCode,
  | 'NO_SIGNERS' | 'CONTENT_MISSING' | 'CONTENT_AMBIGUOUS' | 'CONTENT_TYPE_MISMATCH' | 'MESSAGE_VARIANT_REFUSED' | 'SIGNER_CERTIFICATE_MISSING'
  | 'MESSAGE_MALFORMED' | 'MESSAGE_NOT_SIGNED_DATA' | 'DUPLICATE_SIGNER' | 'SIGNED_ATTRIBUTES_INVALID' | 'MESSAGE_DIGEST_MISSING' | 'SIGNER_CERTIFICATE_UNREADABLE' | 'REQUIRED_SIGNER_MISSING'
>;

const RESIGN = say(
  '请用投标工具重新签名并重新提交；仍出现此提示的，请把本报告交给投标工具或平台的技术支持。',
  'Sign again with the bidding tool and submit again; if this comes back, hand this report to the support of the tool or the platform.',
);

export const MESSAGE_REMEDIES: Readonly<Record<MessageCode, Wording>> = {
  MESSAGE_MALFORMED: {
    message: say((w) => `签名文件已损坏或不完整，无法读取${w.actual('（', '）')}。`, (w) => `The signature file is damaged or incomplete and cannot be read${w.actual(' (', ')')}.`),
    remedy: say(
      '请重新导出并上传签名文件；传输时不要用会改动内容的工具（如按文本方式打开另存）。仍无法读取的，请重新签名。',
      'Export and upload the signature file again, without tools that alter it (such as saving it as text). If it still cannot be read, sign again.',
    ),
  },
  MESSAGE_NOT_SIGNED_DATA: {
    message: say(
      (w) => `提交的文件不是签名文件${w.actual('，看起来是 ')}。`,
      (w) => `The file submitted is not a signature${w.actual('; it looks like ')}.`,
    ),
    remedy: say(
      '请上传签名后生成的文件（通常为 .p7s 或 .p7m），不要上传原文、证书或压缩包。',
      'Upload the file made by signing (usually .p7s or .p7m), not the document itself, a certificate or an archive.',
    ),
  },
  NO_SIGNERS: {
    message: say('提交的签名文件里没有任何签名。', 'The signature file contains no signature.'),
    remedy: say(
      '请确认上传的是完成签名后导出的文件（不是仅含证书的文件），重新签名后再提交。',
      'Make sure the file uploaded is the one exported after signing, not one with certificates only; sign and submit again.',
    ),
  },
  CONTENT_MISSING: {
    message: say('签名文件不含原文，也没有另行提供被签名的文件，无法核对签名。', 'The signature carries no content and the signed file was not given, so it cannot be checked.'),
    remedy: say('请把被签名的原始文件与签名文件一并提交验证。', 'Give the original file together with the signature.'),
  },
  CONTENT_AMBIGUOUS: {
    message: say('无法确定签名的究竟是哪份内容：签名内含的原文与另行提供的文件不一致，或内容本身形似签名属性。', 'It is unclear which content was signed: the content inside the signature differs from the file given, or looks like signed attributes itself.'),
    remedy: say(
      '请只提供一份原文：签名已含原文的，不要再附其他文件；请核对上传的文件与被签名的文件是否为同一份。',
      'Give one content only: none beside a signature that contains it; check that the file uploaded is the one that was signed.',
    ),
  },
  CONTENT_TYPE_MISMATCH: {
    message: say((w) => `签名中声明的内容类型前后不一致${w.expected('（签名属性为 ', w.actual('，消息为 ') + '）')}。`, (w) => `The content type inside the signature contradicts itself${w.expected(' (signed ', w.actual(', message says ') + ')')}.`),
    remedy: RESIGN,
  },
  MESSAGE_VARIANT_REFUSED: {
    message: say(
      (w) => `签名在数学上成立，但采用的签名形式${w.actual('“', '”')}不在本场景允许的范围内${w.expected('（允许：', '）')}。`,
      (w) => `The signature holds mathematically, but its form${w.actual(' “', '”')} is not allowed here${w.expected(' (allowed: ', ')')}.`,
    ),
    remedy: say(
      '投标人：请升级投标工具或签名控件后重新签名。信任名单维护方：确认该 CA 的签名产品确实采用这种形式且风险可接受的，可在其名单条目中登记允许。',
      'Bidder: update the bidding tool or signing component and sign again. List operator: if this CA\'s products really sign this way and the risk is acceptable, allow the form in the CA\'s list entry.',
    ),
  },
  SIGNER_CERTIFICATE_MISSING: {
    message: say('签名文件没有附带签名人的证书，无法知道是谁签的。', 'The signer\'s certificate is not in the message, so it is unknown who signed.'),
    remedy: say(
      '请在投标工具中打开“签名时附带证书”后重新签名；也可以把签名证书文件（.cer）一并提交。',
      'Sign again with the option to include the certificate, or submit the signing certificate (.cer) as well.',
    ),
  },
  SIGNER_CERTIFICATE_UNREADABLE: {
    message: say((w) => `签名人的证书已损坏或格式无法识别${w.actual('（', '）')}。`, (w) => `The signer's certificate is damaged or cannot be read${w.actual(' (', ')')}.`),
    remedy: say(
      '请从证书介质中重新导出证书后再签名；仍无法识别的，请联系签发该证书的 CA 检查证书。',
      'Export the certificate from its token again and re-sign; if it still cannot be read, ask the CA that issued it to check it.',
    ),
  },
  DUPLICATE_SIGNER: {
    message: say('同一签名人在一份签名文件里出现了两次，无法确定以哪个签名为准。', 'One signer appears twice in the message; it is unclear which signature counts.'),
    remedy: RESIGN,
  },
  SIGNED_ATTRIBUTES_INVALID: {
    message: say((w) => `签名属性缺失、重复或无法读取${w.actual('（', '）')}，不能确认签名覆盖了什么。`, (w) => `The signed attributes are missing, repeated or unreadable${w.actual(' (', ')')}; what was signed cannot be confirmed.`),
    remedy: RESIGN,
  },
  MESSAGE_DIGEST_MISSING: {
    message: say('签名属性中没有原文摘要，签名与文件内容没有关联。', 'The signed attributes carry no digest of the content, so nothing ties the signature to the file.'),
    remedy: RESIGN,
  },
  REQUIRED_SIGNER_MISSING: {
    message: say((w) => `缺少规定的签名${w.expected('：')}${w.actual('（有效的已有 ', ' 个）')}。`, (w) => `A signature that is required is missing${w.expected(': ')}${w.actual(' (', ' found that hold)')}.`),
    remedy: say('请由规定的签名人用各自的证书补签后重新提交；同一密钥不能代替两个签名人。', 'Have those who must sign add their signatures, each with a certificate and key of their own, and submit again.'),
  },
};
