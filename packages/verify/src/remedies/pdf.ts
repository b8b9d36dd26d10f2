import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type PdfCode = Extract<
  ReasonCode,
  | 'PDF_MALFORMED' | 'PDF_UNSUPPORTED' | 'PDF_LIMIT' | 'PDF_NOT_SIGNED' | 'PDF_SIGNATURE_MALFORMED' | 'PDF_SUBFILTER_UNSUPPORTED' | 'PDF_BYTE_RANGE_INVALID'
  | 'PDF_MODIFIED_AFTER_SIGNING' | 'PDF_TIMESTAMP_INVALID' | 'PDF_TIMESTAMP_UNPROVEN'
>;

const SIGN_AGAIN = say(
  '请从未签名的原始文件开始，用合规的签名工具重新签署后提交；签署后不要再用其他软件打开另存。',
  'Start from the unsigned document, sign it again with a conforming tool and submit; do not save it with other software afterwards.',
);

export const PDF_REMEDIES: Readonly<Record<PdfCode, Wording>> = {
  PDF_MALFORMED: {
    message: say((w) => `PDF 文件结构已损坏或不是 PDF${w.actual('（', '）')}。`, (w) => `The PDF is damaged or is none${w.actual(' (', ')')}.`),
    remedy: SIGN_AGAIN,
  },
  PDF_UNSUPPORTED: {
    message: say((w) => `PDF 采用了无法核对的结构${w.actual('（', '）')}。`, (w) => `The PDF has a structure that cannot be checked${w.actual(' (', ')')}.`),
    remedy: say('请取消文件加密或打开密码，另存为普通 PDF 后重新签署提交。', 'Remove encryption or passwords, save as a plain PDF, then sign and submit again.'),
  },
  PDF_LIMIT: {
    message: say((w) => `PDF 过大或过于复杂，超出了处理上限${w.actual('（', '）')}。`, (w) => `The PDF is too large or too complex${w.actual(' (', ')')}.`),
    remedy: say('请精简文件（如重新导出、分卷）后重新签署提交。', 'Make the document simpler (export anew, split), then sign and submit again.'),
  },
  PDF_NOT_SIGNED: {
    message: say('PDF 中没有任何电子签名（图片形式的印章不是电子签名）。', 'The PDF holds no signature; a picture of a seal is none.'),
    remedy: say('请用数字证书签署后提交；签名在另外的文件中的，请将两个文件一并验证。', 'Sign it with a digital certificate and submit; if the signature is another file, verify both together.'),
  },
  PDF_SIGNATURE_MALFORMED: {
    message: say((w) => `PDF 中的签名缺少必需内容或格式不符${w.actual('（', '）')}。`, (w) => `A signature in the PDF lacks something or is not in form${w.actual(' (', ')')}.`),
    remedy: SIGN_AGAIN,
  },
  PDF_SUBFILTER_UNSUPPORTED: {
    message: say((w) => `PDF 签名的类型${w.actual('“', '”')}不受支持。`, (w) => `The kind of PDF signature${w.actual(' “', '”')} is not supported.`),
    remedy: say('请用 adbe.pkcs7.detached 或 PAdES（ETSI.CAdES.detached）方式重新签署。', 'Sign again as adbe.pkcs7.detached or PAdES (ETSI.CAdES.detached).'),
  },
  PDF_BYTE_RANGE_INVALID: {
    message: say((w) => `PDF 签名没有覆盖它应当覆盖的全部内容${w.actual('（', '）')}，文件可能被做过手脚。`, (w) => `The signature does not cover all it must${w.actual(' (', ')')}; the file may have been tampered with.`),
    remedy: SIGN_AGAIN,
  },
  PDF_MODIFIED_AFTER_SIGNING: {
    message: say((w) => `PDF 在签署之后又被修改${w.actual('（', '）')}，所见内容不是签署时的内容。`, (w) => `The PDF was changed after signing${w.actual(' (', ')')}: what is shown is not what was signed.`),
    remedy: SIGN_AGAIN,
  },
  PDF_TIMESTAMP_INVALID: {
    message: say('PDF 中的文档时间戳与文件内容不符或无法读取。', 'A document time-stamp in the PDF is not of its content, or cannot be read.'),
    remedy: SIGN_AGAIN,
  },
  PDF_TIMESTAMP_UNPROVEN: {
    message: say('PDF 中的文档时间戳未获认可，不作为时间依据。', 'A document time-stamp in the PDF was not accepted; it proves no time.'),
    remedy: say('需要以时间戳证明时间的，请查看该时间戳自身的原因：时间戳机构须在信任名单内，且其证书与吊销状态可以核验。', 'Where the time-stamp must prove a time, see its own reasons: its authority must be on the trust list, and its certificate and revocation status must be there to check.'),
  },
};
