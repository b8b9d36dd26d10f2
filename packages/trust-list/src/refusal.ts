import type { TrustListErrorCode } from './error.js';
import type { Discontinuity } from './continuity.js';
import type { QuorumCode } from './quorum.js';

/** Why a list was not taken. */
export type RefusalCode =
  | TrustListErrorCode
  | QuorumCode
  | Discontinuity['code']
  | 'TL_ISSUED_IN_FUTURE'
  | 'CLOCK_BEHIND'
  | 'TL_LIFETIME_TOO_LONG'
  | 'TL_NOT_AS_LISTED' // not the sequence, hash or length that freshness gives
  | 'TL_NOT_LISTED' // freshness does not name it
  | 'TL_ENTRY_DISAPPEARED' // freshness no longer names what it named
  | 'TL_WRONG_SCHEME'
  | 'TL_ROOT_FINGERPRINT'
  | 'TL_ROOT_SKIPPED'
  | 'TL_ROOT_EXPIRED'
  | 'TL_ROOT_HIDDEN' // freshness knows a root that no mirror gives
  | 'TL_EXPIRED'
  | 'TL_DELEGATION_CYCLE'
  | 'TL_TOO_DEEP'
  | 'TL_TOO_MANY_LISTS'
  | 'TL_NOT_FETCHED'; // no mirror had it

export interface Bilingual {
  readonly zh: string;
  readonly en: string;
}

/** Whose move is next. */
export type RefusalResponsible = 'platform' | 'list-operator' | 'network';

export interface RefusalText {
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: RefusalResponsible;
}

const ANOTHER_MIRROR: Bilingual = {
  zh: '换一个镜像重新下载；在此之前继续使用手中的名单。',
  en: 'Download it again from another mirror; the list in hand stays in use until then.',
};
const ASK_OPERATOR: Bilingual = {
  zh: '通知名单运营方核实并重新发布；在此之前继续使用手中的名单。',
  en: 'Ask the list operator to check and publish again; the list in hand stays in use until then.',
};
const COLLECT: Bilingual = {
  zh: '由名单运营方补足签名后重新发布；若签名人已更换，请更新本地配置的签名密钥。',
  en: 'The list operator must collect the missing signatures and publish again; if the signers have changed, update the configured keys.',
};
const ALARM: Bilingual = {
  zh: '停止更新并报警，保留两份文件作为证据，与名单运营方当面核对。',
  en: 'Stop updating, raise an alarm, keep both documents as evidence, and settle it with the list operator in person.',
};

function row(responsible: RefusalResponsible, zh: string, en: string, remedy: Bilingual): RefusalText {
  return { responsible, message: { zh, en }, remedy };
}

export const REFUSALS: Readonly<Record<RefusalCode, RefusalText>> = {
  TL_EMPTY_INPUT: row('network', '收到的文件是空的。', 'The document received is empty.', ANOTHER_MIRROR),
  TL_TOO_LARGE: row('network', '文件超过大小上限。', 'The document is over the size limit.', ANOTHER_MIRROR),
  TL_NOT_JSON: row('network', '收到的不是信任名单的文件（不是可读的 JSON）。', 'What was received is no document of a trust list: it cannot be read as JSON.', ANOTHER_MIRROR),
  TL_DUPLICATE_MEMBER: row('list-operator', '文件的 JSON 中有重复成员，不同软件会读出不同内容。', 'The JSON repeats a member, so different software would read different content.', ASK_OPERATOR),
  TL_UNSIGNED: row('list-operator', '文件没有签名。', 'The document is not signed.', COLLECT),
  TL_SIGNATURE_INVALID: row('list-operator', '没有任何一个签名能用已配置的签名密钥验证通过。', 'No signature verifies under the configured keys.', {
    zh: '内容可能被改动，或签名密钥已更换：换镜像重新下载，并与名单运营方核对密钥指纹。',
    en: 'The content may have been altered, or the signers have changed: download again from another mirror and compare key thumbprints with the list operator.',
  }),
  TL_THRESHOLD_NOT_MET: row('list-operator', '有效签名的数量不足。', 'Too few valid signatures.', COLLECT),
  TL_SAME_KEY_TWICE: row('list-operator', '同一把密钥签了多次，只能计一次，有效签名数量不足。', 'One key signed more than once; it counts once, and then there are too few signatures.', COLLECT),
  TL_SAME_OWNER: row('list-operator', '同一人用多把密钥签名，只能计一人，签名人数不足。', 'One person signed with several keys and counts once; then there are too few people.', COLLECT),
  TL_WRONG_DOCUMENT: row('network', '签名是为另一种文件作的，放错了位置。', 'It is signed as a document of another kind: files are in each other\'s place.', {
    zh: '检查下载地址与发布目录中的文件是否放错。',
    en: 'Check the address, and whether files were swapped where they are published.',
  }),
  TL_SAME_ORGANISATION: row('list-operator', '签名来自的机构数量不足。', 'The signatures come from too few organisations.', COLLECT),
  TL_FAMILY_MISSING: row('list-operator', '缺少所要求的算法类别（国密或国际算法）的签名。', 'A signature of a required algorithm family (SM2, or international) is missing.', COLLECT),
  TL_SCHEMA_INVALID: row('list-operator', '文件的内容不符合格式。', 'The content does not have the form of such a document.', ASK_OPERATOR),
  TL_TIME_INVALID: row('list-operator', '文件中的时间写法无效或自相矛盾。', 'Times in the document are malformed or contradict each other.', ASK_OPERATOR),
  TL_UNSUPPORTED_FEATURE: row('platform', '文件要求的功能，本软件版本不支持。', 'The document requires a feature this version of the software does not have.', {
    zh: '升级本软件后再更新名单。',
    en: 'Upgrade this software, then update the list.',
  }),
  TL_NO_SERVICES: row('list-operator', '信任名单中没有任何服务。', 'The trust list names no service at all.', ASK_OPERATOR),
  TL_KEY_LISTED_TWICE: row('list-operator', '同一把密钥被登记了两次，门限会被一个人凑足。', 'One key is listed twice, so that one holder could meet a threshold alone.', ASK_OPERATOR),
  TL_WIDER_THAN_PARENT: row('list-operator', '所授出的范围超过了上级授予的范围。', 'It hands on more than it was given.', ASK_OPERATOR),
  TL_WRONG_LIST: row('platform', '这是另一份信任名单。', 'This is another trust list.', {
    zh: '检查配置的下载地址与名单编号。',
    en: 'Check the configured address and list id.',
  }),
  TL_ROLLBACK: row('network', '收到的文件比手中的更旧。', 'The document received is older than the one in hand.', ANOTHER_MIRROR),
  TL_EQUIVOCATION: row('list-operator', '同一序号出现了两份不同的文件。', 'Two different documents carry the same number.', ALARM),
  TL_CHAIN_BROKEN: row('list-operator', '新文件没有接在手中的文件之后（哈希链断裂）。', 'The new document does not follow the one in hand: the hash chain is broken.', ALARM),
  TL_HISTORY_REWRITTEN: row('list-operator', '新名单改动或删除了已经记录的历史。', 'The new list changes or drops recorded history.', ALARM),
  TL_ISSUED_IN_FUTURE: row('platform', '文件的签发时间晚于本机时间。', 'The document is issued later than this machine\'s time.', {
    zh: '核对本机时钟；若时钟正确，通知名单运营方。',
    en: 'Check this machine\'s clock; if it is right, tell the list operator.',
  }),
  CLOCK_BEHIND: row('platform', '本机时间早于手中文件的签发时间，时钟慢了。', 'This machine\'s time is earlier than the issue of what is in hand: its clock is behind.', {
    zh: '校正本机时钟后重试。',
    en: 'Set this machine\'s clock, then try again.',
  }),
  TL_LIFETIME_TOO_LONG: row('list-operator', '有效期超过上限。', 'The lifetime is over the limit.', ASK_OPERATOR),
  TL_NOT_AS_LISTED: row('network', '收到的名单不是时效文件所指的那一份（新旧文件混杂）。', 'The list is not the one that the freshness document names: files of different times are mixed.', ANOTHER_MIRROR),
  TL_NOT_LISTED: row('list-operator', '时效文件没有列出这份名单，无法知道它是否最新。', 'The freshness document does not name this list, so nobody can tell whether it is current.', {
    zh: '由名单运营方把该名单列入时效文件后重新发布。',
    en: 'The list operator must name the list in the freshness document and publish that again.',
  }),
  TL_ENTRY_DISAPPEARED: row('list-operator', '新的时效文件漏掉了以前列出的名单。', 'The new freshness document no longer names a list it named before.', ASK_OPERATOR),
  TL_WRONG_SCHEME: row('platform', '这是另一个信任体系的文件。', 'This document belongs to another scheme.', {
    zh: '检查配置的下载地址与信任体系编号。',
    en: 'Check the configured address and scheme id.',
  }),
  TL_ROOT_FINGERPRINT: row('platform', '根文件的指纹与应有的不符。', 'The root does not have the expected fingerprint.', {
    zh: '不要使用。通过书面或官方网站核对指纹后重新获取根文件。',
    en: 'Do not use it. Compare the fingerprint on paper or on the official site, then get the root again.',
  }),
  TL_ROOT_SKIPPED: row('list-operator', '根文件的版本没有逐一递增。', 'Versions of the root do not follow each other one by one.', ASK_OPERATOR),
  TL_ROOT_EXPIRED: row('list-operator', '根文件已过期，且没有更新的版本。', 'The root has expired, and there is no newer one.', {
    zh: '由名单运营方签发新的根文件；在此之前手中的名单按其时效使用。',
    en: 'The list operator must issue a new root; until then the lists in hand serve for as long as they are in date.',
  }),
  TL_ROOT_HIDDEN: row('network', '时效文件提到的新根文件没有取到，可能被镜像扣留。', 'The freshness document speaks of a newer root that could not be had; a mirror may be withholding it.', ANOTHER_MIRROR),
  TL_EXPIRED: row('network', '文件已过期。', 'The document has expired.', ANOTHER_MIRROR),
  TL_DELEGATION_CYCLE: row('list-operator', '名单之间的授权成环。', 'Lists delegate to each other in a circle.', ASK_OPERATOR),
  TL_TOO_DEEP: row('list-operator', '授权层级超过上限。', 'Delegations go deeper than the limit.', ASK_OPERATOR),
  TL_TOO_MANY_LISTS: row('list-operator', '名单数量超过上限。', 'There are more lists than the limit.', ASK_OPERATOR),
  TL_NOT_FETCHED: row('network', '没有取到所需的文件。', 'The document could not be had.', ANOTHER_MIRROR),
};

/** What inputs that are not lists look like, for people. */
export const DETECTED: Readonly<Record<string, Bilingual>> = {
  html: { zh: '收到的是网页（可能是登录页或错误页）', en: 'it is a web page, perhaps a login or error page' },
  xml: { zh: '收到的是 XML', en: 'it is XML' },
  truncated: { zh: '内容不完整（下载中断）', en: 'it is cut off, as by a broken download' },
  gzip: { zh: '收到的是未解压的 gzip', en: 'it is gzip, not decompressed' },
  zip: { zh: '收到的是 zip 压缩包', en: 'it is a zip archive' },
  pem: { zh: '收到的是 PEM（证书或密钥）', en: 'it is PEM, a certificate or a key' },
  der: { zh: '收到的是二进制 DER（证书或 CRL）', en: 'it is DER, a certificate or a CRL' },
  'compact-jws': { zh: '收到的是紧凑格式 JWS，应为 JWS General JSON', en: 'it is a compact JWS where JWS General JSON is wanted' },
  'bare-root': { zh: '收到的是未签名的根文件内容', en: 'it is the content of a root without its signatures' },
  'bare-freshness': { zh: '收到的是未签名的时效文件内容', en: 'it is the content of a freshness document without its signatures' },
  'bare-list': { zh: '收到的是未签名的名单内容', en: 'it is the content of a list without its signatures' },
  'byte-order-mark': { zh: '开头有 UTF-8 字节顺序标记', en: 'it begins with a byte order mark' },
  'too-deep': { zh: '嵌套过深', en: 'it is nested too deeply' },
};
