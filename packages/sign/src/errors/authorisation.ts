import type { AuthorisationErrorCode } from './codes.js';
import { row, type SignErrorRow } from './row.js';

export const AUTHORISATION_ERRORS: Readonly<Record<AuthorisationErrorCode, SignErrorRow>> = {
  AUTH_EXPIRED: row('user · new-authorisation · not-signed', ['授权已过期。', 'The authorisation has expired.'], ['请重新确认授权。', 'Authorise again.']),
  SAD_EXPIRED: row('provider · new-authorisation · not-signed', ['签名授权在使用前已过期。', 'The signature authorisation expired before it was used.'], ['请重新确认授权；批量较大时请分批签名。', 'Authorise again; sign large batches in parts.']),
  SAD_REPLAYED: row('security · never · not-signed', ['签名授权已被使用过。', 'The signature authorisation has been used before.'], ['请重新发起签名；如反复出现请联系签名服务商。', 'Start again; if it keeps happening contact the signing service.']),
  TOKEN_EXPIRED: row('user · new-authorisation · not-signed', ['登录已过期。', 'The sign-in has expired.'], ['请重新登录签名服务。', 'Sign in to the signing service again.']),
  HASH_NOT_AUTHORISED: row('security · new-session · not-signed', ['待签内容不在授权范围内。', 'What was to be signed is not what was authorised.'], ['请重新发起签名，并核对文件清单。', 'Start again and check the list of files.']),
  BATCH_TOO_LARGE: row('integrator · new-session · not-signed', ['一次签名的文件数量超过限制。', 'There are more files than one authorisation covers.'], ['请分批签名，或改用清单签名。', 'Sign in parts, or sign a manifest.']),
  STATE_MISMATCH: row('security · new-session · not-signed', ['授权返回的信息与本次请求不符，已拒绝。', 'What came back belongs to another request and was refused.'], ['请重新发起签名。', 'Start again.']),
  CALLBACK_FORGED: row('security · never · unknown', ['收到无法验证的回调，已忽略。', 'A callback could not be verified and was ignored.'], ['请联系平台运维人员。', 'Tell the operators of the platform.']),
  CALLBACK_DUPLICATE: row('provider · never · unknown', ['收到重复的回调，已忽略。', 'A callback came twice and was ignored.'], ['无需处理。', 'There is nothing to do.']),
  ACTION_PENDING: row('user · never · not-signed', ['同一签名正在进行中。', 'The same signing is under way already.'], ['请在已打开的窗口中完成或取消后再试。', 'Finish or cancel it where it was opened.']),
};
