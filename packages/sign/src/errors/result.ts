import type { ResultErrorCode } from './codes.js';
import { row, type SignErrorRow } from './row.js';

const KEEP = ['请勿使用该签名；请联系签名服务商，并提供操作日志。', 'Do not use it; contact the signing service and give it the log.'] as const;

export const RESULT_ERRORS: Readonly<Record<ResultErrorCode, SignErrorRow>> = {
  SIGNATURE_INVALID: row('security · never · signed', ['返回的签名验证不通过，已拒绝使用。', 'The signature returned does not verify and was refused.'], KEEP),
  SIGNATURE_FOR_OTHER_HASH: row('security · never · signed', ['返回的签名属于另一份数据，已拒绝使用。', 'The signature returned is over other data and was refused.'], KEEP),
  SIGNATURE_ORDER: row('provider · never · signed', ['签名服务返回的签名顺序错乱，整批已拒绝使用。', 'The signer returned the batch in another order; all of it was refused.'], KEEP),
  SIGNATURE_COUNT: row('provider · never · signed', ['签名服务返回的签名数量不对。', 'The signer returned too few or too many values.'], KEEP),
  SIGNATURE_DUPLICATE: row('provider · never · signed', ['签名服务对同一文件返回了两个结果。', 'The signer answered twice for one item.'], KEEP),
  SIGNATURE_ENCODING: row('provider · never · signed', ['无法识别返回的签名值编码。', 'The encoding of the value returned is not known.'], ['请联系签名服务商，或由开发人员调整适配器。', 'Contact the signing service, or adapt the adapter.']),
  PREHASH_MISMATCH: row('provider · never · signed', ['签名服务的摘要计算方式不符合要求（如 SM2 未按规定计算 Z 值）。', 'The signer hashes in another way than required, as SM2 without the right Z.'], ['请联系签名服务商按 GB/T 32918、GM/T 0009 修正。', 'Have the signing service follow GB/T 32918 and GM/T 0009.']),
  ALGORITHM_DOWNGRADED: row('security · never · signed', ['签名服务改用了其他算法，已拒绝使用。', 'The signer used another algorithm than asked for; refused.'], KEEP),
  DIGEST_DOWNGRADED: row('security · never · signed', ['签名服务改用了强度更低的摘要算法（如 SHA-1），已拒绝使用。', 'The signer used a weaker digest than asked for, as SHA-1; refused.'], ['请勿使用该签名；请要求签名服务商停用 SHA-1 等旧摘要算法，并提供操作日志。', 'Do not use it; have the signing service retire SHA-1 and the like, and give it the log.']),
  ALGORITHM_UNSUPPORTED: row('integrator · other-credential · not-signed', ['签名服务不支持所要求的算法。', 'The signer does not offer the algorithm needed.'], ['请改用其他证书，或由管理员调整算法配置。', 'Use another credential, or have the algorithms configured.']),
  COSIGN_ABORT: row('security · never · not-signed', ['协同签名校验失败，该密钥已停用。', 'Co-signing failed its check; the key is no longer used.'], ['请勿重试；请重新申请证书，并联系服务商查明原因。', 'Do not try again; enrol anew and have the service explain.']),
  VERDICT_NOT_PASSED: row('user · never · signed', ['签名已完成，但按平台规则验证未通过。', 'The signature was made, but is not accepted by the rules of the platform.'], ['请查看验证报告中的原因并按提示处理。', 'See the reasons in the report and what to do.']),
  FILE_CHANGED: row('user · new-session · not-signed', ['文件在计算摘要后发生了变化。', 'The file changed after it was hashed.'], ['请关闭正在编辑该文件的程序，重新选择文件后签名。', 'Close whatever edits it, choose the file again and sign.']),
};
