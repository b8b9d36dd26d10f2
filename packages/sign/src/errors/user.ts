import type { UserErrorCode } from './codes.js';
import { row, type SignErrorRow } from './row.js';

export const USER_ERRORS: Readonly<Record<UserErrorCode, SignErrorRow>> = {
  USER_CANCELLED: row('user · new-session · not-signed', ['您取消了签名。', 'You cancelled the signing.'], ['需要时请重新发起签名。', 'Start again when you want to.']),
  USER_REFUSED: row('user · new-session · not-signed', ['签名请求在手机上被拒绝。', 'The request was refused on the phone.'], ['如非本人操作，请联系发证机构；否则请重新发起并在手机上确认。', 'If it was not you, tell the CA; otherwise start again and confirm on the phone.']),
  USER_TIMEOUT: row('user · new-authorisation · not-signed', ['等待确认超时。', 'The confirmation did not come in time.'], ['请重新发起，并在有效时间内完成确认。', 'Start again and confirm while the request is valid.']),
  WRONG_VERIFICATION_CODE: row('user · new-session · not-signed', ['手机上选择的校验码不正确。', 'The wrong verification code was chosen on the phone.'], ['请核对两个屏幕上的校验码是否一致；不一致时不要确认。', 'Compare the codes on both screens; do not confirm when they differ.']),
  PIN_INCORRECT: row('user · new-authorisation · not-signed', ['口令不正确。', 'The PIN is not right.'], ['请重新输入；连续输错会锁定证书。', 'Enter it again; repeated mistakes lock the credential.']),
  PIN_LOCKED: row('user · other-credential · not-signed', ['口令输错次数过多，已被锁定。', 'The PIN is locked after too many mistakes.'], ['请联系发证机构解锁，或改用其他证书。', 'Ask the CA to unlock it, or use another credential.']),
  OTP_INCORRECT: row('user · new-authorisation · not-signed', ['验证码不正确。', 'The one-time code is not right.'], ['请核对后重新输入。', 'Check it and enter it again.']),
  OTP_EXPIRED: row('user · new-authorisation · not-signed', ['验证码已过期。', 'The one-time code has expired.'], ['请重新获取验证码。', 'Have a new code sent.']),
  OTP_THROTTLED: row('user · after · not-signed', ['获取验证码过于频繁。', 'Codes were asked for too often.'], ['请稍候再重新获取。', 'Wait a little, then ask again.']),
  POPUP_BLOCKED: row('user · new-authorisation · not-signed', ['浏览器拦截了授权窗口。', 'The browser blocked the authorisation window.'], ['请允许本站弹出窗口，或改用页面跳转方式。', 'Allow pop-ups for this site, or continue in this page.']),
  POPUP_CLOSED: row('user · new-authorisation · not-signed', ['授权窗口已关闭，尚未完成授权。', 'The window was closed before the authorisation was complete.'], ['请重新打开并完成授权。', 'Open it again and finish.']),
  RETURNED_IN_OTHER_BROWSER: row('user · new-session · not-signed', ['授权在另一个浏览器中返回。', 'The authorisation came back in another browser.'], ['请在发起签名的同一浏览器中完成，不要使用无痕窗口。', 'Finish in the browser in which you began, not in a private window.']),
  DEVICE_ABSENT: row('user · new-authorisation · not-signed', ['找不到签名设备：手机不在线或介质已拔出。', 'The device is not there: phone offline or token removed.'], ['请检查手机网络或重新插入介质后再试。', 'Check the phone’s network or insert the token again.']),
};
