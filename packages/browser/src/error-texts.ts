import type { BrowserErrorCode } from './error-codes.js';

export interface BrowserErrorTexts {
  readonly message: { readonly zh: string; readonly en: string };
  readonly remedy: { readonly zh: string; readonly en: string };
}

const row = (zh: readonly [string, string], en: readonly [string, string]): BrowserErrorTexts => ({ message: { zh: zh[0], en: en[0] }, remedy: { zh: zh[1], en: en[1] } });

/** What each code is to the person at the screen, and what to do next. */
export const BROWSER_ERRORS: Readonly<Record<BrowserErrorCode, BrowserErrorTexts>> = {
  FILE_CHANGED: row(['读取期间文件发生了变化。', '请关闭正在编辑该文件的程序，然后重新选择文件。'], ['The file changed while it was read.', 'Close the program that is editing it, then choose the file again.']),
  FILE_UNREADABLE: row(['无法读取该文件。', '请确认文件仍在原处且有权限读取；位于U盘或网盘时请先复制到本机，再重新选择。'], ['The file cannot be read.', 'See that it is still there and readable; copy it from a removable drive or cloud folder to this computer, then choose it again.']),
  DIGEST_FAILED: row(['未能计算文件摘要。', '请刷新页面后重新选择文件，将从已完成的位置继续；如反复出现请更换浏览器。'], ['The digest of the file could not be computed.', 'Reload the page and choose the file again, it goes on where it was; if this happens again, use another browser.']),
  KEY_NOT_FOUND: row(['本浏览器中没有该密钥。', '请使用当初创建密钥的浏览器；如已清除浏览器数据，请重新申请证书。'], ['This browser does not have the key.', 'Use the browser in which the key was made; if its data were cleared, apply for a new certificate.']),
  KEY_EXISTS: row(['同名密钥已存在。', '请换一个名称，或先删除原有密钥。'], ['There is a key of this name.', 'Choose another name, or remove the old key first.']),
  KEY_STORE_FAILED: row(['浏览器未能保存或读取数据。', '请退出无痕模式、释放磁盘空间后重试。'], ['The browser could not keep or read its data.', 'Leave private browsing, free some disk space and try again.']),
  KEY_DAMAGED: row(['已保存的密钥数据已损坏。', '请删除该密钥并重新申请证书。'], ['The stored key is damaged.', 'Remove it and apply for a new certificate.']),
  KEY_LOCKED: row(['密钥尚未解锁。', '请先输入口令或使用通行密钥解锁。'], ['The key is locked.', 'Unlock it with its passphrase or passkey first.']),
  CERTIFICATE_MISMATCH: row(['证书与密钥不匹配。', '请导入为该密钥签发的证书。'], ['The certificate is for another key.', 'Import the certificate that was issued for this key.']),
  PASSPHRASE_WRONG: row(['口令不正确。', '请检查大小写与输入法后重新输入。'], ['The passphrase is not right.', 'Check capitals and input method, and enter it again.']),
  PASSPHRASE_WEAK: row(['口令过短。', '请使用至少12个字符的口令。'], ['The passphrase is too short.', 'Use one of twelve characters or more.']),
  PASSKEY_UNAVAILABLE: row(['此设备或浏览器不支持用通行密钥保护密钥。', '请改用口令保护。'], ['This device or browser cannot protect a key by a passkey.', 'Protect it by a passphrase.']),
  PASSKEY_REFUSED: row(['未完成通行密钥验证。', '请重试，并选择保护该密钥时使用的通行密钥。'], ['The passkey was not confirmed.', 'Try again, with the passkey that protects this key.']),
  INSECURE_CONTEXT: row(['页面未通过安全连接打开。', '请使用 https:// 开头的地址重新打开。'], ['The page was not opened over a secure connection.', 'Open it by its https:// address.']),
  TRUST_LIST_UNAVAILABLE: row(['无法取得可用的信任列表。', '请检查网络后重试；如持续出现请联系平台。'], ['No usable trust list could be had.', 'Check the network and try again; if it persists, tell the platform.']),
  ROLE_INVALID: row(['信任列表的签署方设置有误。', '请联系平台。'], ['The setting of who signs the trust list is wrong.', 'Tell the platform.']),
  ROOT_INVALID: row(['信任根设置有误。', '请联系平台。'], ['The setting of the root of trust is wrong.', 'Tell the platform.']),
  PART_UNAVAILABLE: row(['页面的一部分未能加载。', '请检查网络后刷新页面重试。'], ['A part of the page could not be loaded.', 'Check the network, reload the page and try again.']),
  CLOSED: row(['验证器已关闭。', '请刷新页面。'], ['The verifier was closed.', 'Reload the page.']),
  ABORTED: row(['操作已取消。', '需要时可重新开始。'], ['Cancelled.', 'Start again when you wish.']),
};
