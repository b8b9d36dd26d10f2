import type { ReasonCode } from '../codes.js';
import { say, type Wording } from './row.js';

type SignatureCode = Extract<
  ReasonCode,
  'CONTENT_TAMPERED' | 'SIGNATURE_INVALID' | 'SIGNATURE_VALUE_MALFORMED' | 'ALGORITHM_UNKNOWN' | 'ALGORITHM_REFUSED' | 'ALGORITHM_MISMATCH' | 'KEY_TOO_WEAK' | 'KEY_INVALID'
>;

export const SIGNATURE_REMEDIES: Readonly<Record<SignatureCode, Wording>> = {
  CONTENT_TAMPERED: {
    message: say('文件内容与签名时不一致：签名之后文件被改动过，或者提交了另一个文件。', 'The file is not the one that was signed: it was changed after signing, or another file was submitted.'),
    remedy: say(
      '请找回签名时的原文件重新提交；文件确需修改的，修改后重新签名。不要用办公软件打开后另存，也不要改变编码或压缩方式。',
      'Submit the very file that was signed; if it must change, sign the changed file. Do not open and save it again, re-encode or re-compress it.',
    ),
  },
  SIGNATURE_INVALID: {
    message: say(
      '签名与提交的文件对不上：文件在签名后被改动过，或这份签名属于另一个文件，或签名本身有误。',
      'The signature does not match the file submitted: the file was changed after signing, the signature belongs to another file, or it is broken.',
    ),
    remedy: say(
      '请确认提交的文件和签名是同一次签名的（没有拿错文件），再提交；仍不通过的，请重新签名；反复出现的，请联系签名工具厂商检查其签名算法实现。',
      'Make sure that file and signature come from the same signing and were not mixed up, then submit again; otherwise sign again; if it keeps failing, ask the maker of the signing tool to check its algorithm.',
    ),
  },
  SIGNATURE_VALUE_MALFORMED: {
    message: say((w) => `签名值的格式不正确${w.actual('（', '）')}，不可能通过验证。`, (w) => `The signature value is malformed${w.actual(' (', ')')} and cannot verify.`),
    remedy: say('请升级签名控件或更换投标工具版本后重新签名。', 'Update the signing component or bidding tool and sign again.'),
  },
  ALGORITHM_UNKNOWN: {
    message: say((w) => `签名使用了本系统不认识的算法${w.actual('（', '）')}，无法验证。`, (w) => `The signature uses an algorithm unknown here${w.actual(' (', ')')}, so it cannot be verified.`),
    remedy: say('请改用国密 SM2/SM3，或 RSA-2048 及以上配 SHA-256 的证书和工具重新签名。', 'Sign again with SM2/SM3, or RSA of at least 2048 bits with SHA-256.'),
  },
  ALGORITHM_REFUSED: {
    message: say((w) => `平台策略不接受算法${w.actual(' ')}，该算法已停用或强度不足。`, (w) => `The platform's policy does not accept the algorithm${w.actual(' ')}: it is retired or too weak.`),
    remedy: say('请把证书更新为 SM2 证书（或 RSA-2048/SHA-256 以上），升级投标工具后重新签名。', 'Move to an SM2 certificate (or RSA-2048 with SHA-256 or better), update the tool and sign again.'),
  },
  ALGORITHM_MISMATCH: {
    message: say(
      (w) => `签名声明的算法与证书密钥或摘要算法对不上${w.expected('（应为 ', w.actual('，实为 ') + '）')}。`,
      (w) => `The algorithm stated does not fit the certificate's key or the digest${w.expected(' (expected ', w.actual(', found ') + ')')}.`,
    ),
    remedy: say('请确认签名时选对了证书（SM2 与 RSA 证书不能混用），升级签名工具后重新签名。', 'Make sure the right certificate was chosen (SM2 and RSA do not mix), update the signing tool and sign again.'),
  },
  KEY_TOO_WEAK: {
    message: say(
      (w) => `证书密钥强度不足${w.actual('（', '）')}${w.expected('，至少应为 ')}。`,
      (w) => `The certificate's key is too weak${w.actual(' (', ')')}${w.expected('; at least ', ' is needed')}.`,
    ),
    remedy: say('请向 CA 申请更换为 SM2 或 RSA-2048 以上的证书；更换前请先处理用旧证书加密、尚未开标的投标文件。', 'Ask the CA for an SM2 or RSA-2048 certificate; first take care of bids still sealed under the old one.'),
  },
  KEY_INVALID: {
    message: say((w) => `证书中的公钥无效${w.actual('（', '）')}，任何签名都不可能用它验证通过。`, (w) => `The public key in the certificate is invalid${w.actual(' (', ')')}; no signature can verify with it.`),
    remedy: say('请联系签发该证书的 CA 核实并免费更换证书。', 'Ask the CA that issued the certificate to check and replace it.'),
  },
};
