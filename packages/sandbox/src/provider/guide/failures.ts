/** What a row of the table says of one failure of remote signing. */
export interface FailureGuide {
  /** 1 to 50, as the tests of adapters count them. */
  readonly number: number;
  readonly zh: string;
  readonly en: string;
  /** Names of faults that bring it about. */
  readonly faults: readonly string[];
  /** What else does: a credential, the clock, the phone, or something of the client's own. */
  readonly also?: { readonly zh: string; readonly en: string };
}

const CLIENT = { zh: '在客户端一侧造成', en: 'brought about in the client' } as const;
const CLOCK = { zh: '拨动虚拟时钟', en: 'move the virtual clock' } as const;
const PHONE = { zh: '在手机页面上操作', en: 'on the page of the phone' } as const;

const row = (number: number, zh: string, en: string, faults: string, also?: FailureGuide['also']): FailureGuide => ({ number, zh, en, faults: faults === '' ? [] : faults.split(' '), ...(also === undefined ? {} : { also }) });

/** The fifty failures of remote signing, and how each is had from the sandbox. */
export const FAILURES: readonly FailureGuide[] = [
  row(1, '连接或应答超时', 'no connection, no answer', 'hang lost-request'),
  row(2, '已签名而应答丢失', 'signed, and the answer lost', 'lost-answer'),
  row(3, '应答一点一点地来', 'the body drips', 'drip'),
  row(4, '限流，有或没有 Retry-After', 'throttled, with and without Retry-After', '429 429-no-wait kms-throttled'),
  row(5, '维护与服务器错误', 'maintenance and server errors', '503 500'),
  row(6, '一直未决，或成功却空', 'pending for ever, or success without content', 'always-pending 200-empty empty'),
  row(7, '页面休眠后恢复', 'a page frozen and resumed', '', CLOCK),
  row(8, '网络时断时续', 'a network that comes and goes', 'lost-request', { zh: '加 times=1，后续请求正常', en: 'with times=1: the next request is right' }),
  row(9, '休眠跨过授权有效期', 'asleep while the authorisation ends', 'sad-expired', CLOCK),
  row(10, '取消与成功相争', 'a cancellation that races success', 'hang always-pending', CLIENT),
  row(11, '在手机上拒绝', 'refused on the phone', 'user-refuses job-refused', PHONE),
  row(12, '用户未理会', 'the user does nothing', '', { zh: '凭证 key-<企业>-ignores，或手机页面上“不理会”', en: 'credential key-<company>-ignores, or “ignore” on the phone' }),
  row(13, '口令错误直至锁定', 'wrong PIN until it is locked', 'pin-locked credential-locked', { zh: '连续三次给错口令', en: 'three wrong PINs in a row' }),
  row(14, '验证码错误、过期、重发过快', 'wrong or expired code, resent too soon', '', { zh: '凭证 key-<企业>-otp；30 秒后可重发，180 秒后失效', en: 'credential key-<company>-otp: another after 30 s, valid for 180 s' }),
  row(15, '校验码选错', 'another verification code chosen', '', PHONE),
  row(16, '弹窗被拦、双击两次', 'a popup blocked, a button pressed twice', '', CLIENT),
  row(17, '访问令牌过期', 'an access token that has run out', 'token-expired kms-expired-token'),
  row(18, '授权在签名前过期', 'the SAD ends before signHash', 'sad-expired', CLOCK),
  row(19, '重放已用的授权', 'a SAD used twice', '', { zh: '再用一次；预设 eudi-qtsp、certomancer 竟然接受', en: 'use it again; presets eudi-qtsp and certomancer take it' }),
  row(20, '用甲凭证的授权签乙', 'the SAD of one credential for another', '', CLIENT),
  row(21, '超出签名次数', 'more signatures than authorised', '', { zh: '凭证 key-<企业>-single', en: 'credential key-<company>-single' }),
  row(22, '摘要不在授权之列', 'a hash that was not authorised', 'hash-not-authorised'),
  row(23, '过期后延长事务', 'a transaction extended too late', '', CLOCK),
  row(24, 'OAuth 的 state、签发者、授权细节被换', 'OAuth: state, issuer or details are others', 'oauth-state oauth-issuer oauth-no-issuer rar-other-digests rar-other-credential rar-not-echoed grant-refused par-refused'),
  row(25, '回调伪造、重复、乱序、过早', 'callbacks forged, twice, out of order, early', 'callback-forged callback-twice callback-reordered callback-early callback-late callback-none'),
  row(26, '签了另一个摘要', 'a signature over another hash', 'other-hash kms-other-hash foreign-item other-job-values'),
  row(27, '顺序被换', 'another order', 'permute sorted kms-permuted'),
  row(28, '值多了或少了', 'fewer or more values', 'fewer more duplicate-value kms-fewer'),
  row(29, '编码不同', 'another encoding', 'rs-encoding p1363 stripped-zero hex base64url value-prefix kms-form kms-short kms-hex'),
  row(30, 'SM2 的 Z、双重摘要、ECDSA-SM3', 'SM2: Z once more, hashed twice, ECDSA with SM3', 'z-again z-again-empty-id ecdsa-sm3 double-hash kms-hashed-twice kms-as-message'),
  row(31, '算法被降级或换掉', 'another algorithm, or a weaker one', 'pss-for-pkcs1 pkcs1-for-pss sha1 sha-1 algorithm-said downgrade-word kms-sha1 kms-pss'),
  row(32, '证书被换，或叶证书不在首位', 'the certificate swapped, or the leaf not first', 'swapped-certificate swapped-in-info swap-certificate leaf-last'),
  row(33, '证书过期、吊销、不受信任', 'a certificate expired, revoked or not trusted', 'certificate-expired key-disabled', { zh: '企业 wanqiu（过期）、duanqiao（吊销）、yelu（CA 未列入）的凭证', en: 'credentials of wanqiu (expired), duanqiao (revoked), yelu (CA not listed)' }),
  row(34, '一把密钥两张证书', 'one key under two certificates', 'duplicate-credential'),
  row(35, '时钟不准', 'clocks that differ', 'kms-skew', CLOCK),
  row(36, '协同签名的退化值', 'two-party SM2: values that give the key away', 'cosign-r-zero cosign-r-order cosign-s2-zero cosign-s3-zero cosign-zeros cosign-ones cosign-p-infinity cosign-p-off-curve cosign-r-delta cosign-s2-delta cosign-s3-delta'),
  row(37, '协同签名换了摘要', 'two-party SM2: another e', 'cosign-other-e'),
  row(38, '重试时重用随机数', 'two-party SM2: an old answer for a new request', 'cosign-old-answer'),
  row(39, '登记的公钥与证书不符', 'two-party SM2: the certificate is over another key', 'cosign-other-certificate cosign-p-own cosign-p-base'),
  row(40, '同时两次会话', 'two-party SM2: two sessions at once', 'cosign-busy'),
  row(41, '一批中有一项失败', 'one item of a batch fails', 'one-null kms-item-fails'),
  row(42, '批量超出上限', 'a batch beyond the limit', '', { zh: '凭证 key-<企业>-totp 每次 10 个，-single 每次 1 个', en: 'credential key-<company>-totp takes 10 at a time, -single one' }),
  row(43, '文件在途中被改', 'a file changed on the way', '', CLIENT),
  row(44, '大文件中断后续算', 'a large file resumed', '', CLIENT),
  row(45, '重名与相同的文件', 'files of one name, or of one content', '', CLIENT),
  row(46, '令牌被拔出等硬件故障', 'tokens pulled out, and other hardware', '', CLIENT),
  row(47, '密钥已轮换，或与证书不符', 'a key rotated, or not that of the certificate', 'kms-rotated kms-rotated-silently kms-other-key other-key'),
  row(48, '口令等秘密外泄', 'a secret where it does not belong', '', { zh: '查 /sandbox/transcript：沙盒看到的每个请求', en: 'look into /sandbox/transcript: every request as it came' }),
  row(49, '文件内容外传', 'the document leaves the house', '', { zh: '查 /sandbox/transcript', en: 'look into /sandbox/transcript' }),
  row(50, '未经同意送出文件名', 'labels sent without consent', '', { zh: '查 /sandbox/transcript', en: 'look into /sandbox/transcript' }),
];
