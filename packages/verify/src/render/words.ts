import type { Conclusion, CheckRow, Responsible, TrustContribution } from '../report.js';

export type Lang = 'zh' | 'en';

/** A word per language. */
type Word = Readonly<Record<Lang, string>>;

export type Label =
  | 'company' | 'uscc' | 'recognised' | 'reason' | 'remedy' | 'responsible' | 'note' | 'unknown'
  | 'noReason' | 'signer' | 'checks' | 'path' | 'revocation' | 'basis' | 'identity' | 'gaps'
  | 'conflicts' | 'validation' | 'bestSignature' | 'claimed' | 'trustList' | 'policy' | 'scene' | 'region'
  | 'thenAndNow' | 'lists' | 'algorithm' | 'validity' | 'issuer' | 'serial' | 'digest' | 'expected' | 'actual' | 'timestamps' | 'level' | 'proofs' | 'stampedAt' | 'notBefore';

/** Those of the simple report, which pages show. */
export const SUMMARY_LABELS: Readonly<Record<'company' | 'uscc' | 'recognised' | 'unknown' | 'validation' | 'bestSignature' | 'trustList' | 'policy' | 'scene' | 'region' | 'digest', Word>> = {
  company: { zh: '签名单位', en: 'Signed by' },
  uscc: { zh: '统一社会信用代码', en: 'USCC' },
  recognised: { zh: '认可依据', en: 'Recognised' },
  unknown: { zh: '（证书中未能确定）', en: '(could not be determined)' },
  validation: { zh: '验证时间', en: 'Verified at' },
  bestSignature: { zh: '签名时间（可信）', en: 'Signature time' },
  trustList: { zh: '信任名单', en: 'Trust list' },
  policy: { zh: '策略', en: 'Policy' },
  scene: { zh: '场景', en: 'Scene' },
  region: { zh: '地区', en: 'Region' },
  digest: { zh: '原文摘要', en: 'Content digest' },
};

export const LABELS: Readonly<Record<Label, Word>> = {
  ...SUMMARY_LABELS,
  reason: { zh: '原因', en: 'Reason' },
  remedy: { zh: '怎么办', en: 'What to do' },
  responsible: { zh: '由谁处理', en: 'Who acts' },
  note: { zh: '提示', en: 'Note' },
  noReason: { zh: '报告没有说明原因。', en: 'The report gives no reason.' },
  signer: { zh: '签名', en: 'Signature' },
  checks: { zh: '检查项', en: 'Checks' },
  path: { zh: '证书链（自下而上）', en: 'Certificate path (signer first)' },
  revocation: { zh: '吊销状态', en: 'Revocation' },
  basis: { zh: '判断依据', en: 'Basis' },
  identity: { zh: '身份信息出处', en: 'Where the identity was found' },
  gaps: { zh: '未取得的证据', en: 'Evidence not obtained' },
  conflicts: { zh: '互相矛盾', en: 'Contradiction' },
  claimed: { zh: '签名自称时间', en: 'Claimed time' },
  thenAndNow: { zh: '前后结论', en: 'Then and now' },
  lists: { zh: '各名单的意见', en: 'What each list said' },
  algorithm: { zh: '算法', en: 'Algorithm' },
  validity: { zh: '有效期', en: 'Valid' },
  issuer: { zh: '签发者', en: 'Issuer' },
  serial: { zh: '序列号', en: 'Serial' },
  expected: { zh: '应为', en: 'expected' },
  actual: { zh: '实为', en: 'found' },
  timestamps: { zh: '时间戳', en: 'Time-stamps' },
  level: { zh: '签名级别', en: 'Level' },
  proofs: { zh: '存在性证明', en: 'Proofs of existence' },
  stampedAt: { zh: '时间戳证明', en: 'Stamped' },
  notBefore: { zh: '不早于', en: 'Not before' },
};

export const TIMESTAMP_KINDS: Readonly<Record<'content' | 'signature' | 'archive' | 'evidence', Word>> = {
  content: { zh: '原文时间戳', en: 'over the content' },
  signature: { zh: '签名时间戳', en: 'over the signature' },
  archive: { zh: '归档时间戳', en: 'over the archive' },
  evidence: { zh: '证据时间戳', en: 'over the evidence' },
};

export const TIME_SOURCES: Readonly<Record<string, Word>> = {
  'time-stamp': { zh: '时间戳', en: 'time-stamp' },
  caller: { zh: '平台接收时间', en: 'the platform\'s receipt' },
  'validation time': { zh: '验证时间（无时间证明）', en: 'validation time: nothing proves an earlier one' },
};

export const PROVEN_OBJECTS: Readonly<Record<'signature' | 'timestamp' | 'certificate' | 'revocation' | 'attribute', Word>> = {
  signature: { zh: '签名', en: 'signature' },
  timestamp: { zh: '时间戳', en: 'time-stamp' },
  certificate: { zh: '证书', en: 'certificate' },
  revocation: { zh: '吊销数据', en: 'revocation data' },
  attribute: { zh: '其他属性', en: 'another attribute' },
};

export const CONCLUSIONS: Readonly<Record<Conclusion, { readonly symbol: string; readonly colour: number; readonly word: Word }>> = {
  passed: { symbol: '✓', colour: 32, word: { zh: '通过：签名有效，签名单位已确认', en: 'PASSED: the signature is valid and its signer is known' } },
  failed: { symbol: '✗', colour: 31, word: { zh: '不通过：签名无效，不能接受', en: 'FAILED: the signature is not valid and must not be accepted' } },
  indeterminate: { symbol: '?', colour: 33, word: { zh: '无法认定：目前不能接受，按下文处理后可再验证', en: 'UNDECIDED: not acceptable as it stands; act as below and verify again' } },
};

export const OUTCOMES: Readonly<Record<CheckRow['outcome'], { readonly symbol: string; readonly colour: number }>> = {
  passed: { symbol: '✓', colour: 32 },
  failed: { symbol: '✗', colour: 31 },
  indeterminate: { symbol: '?', colour: 33 },
  warning: { symbol: '!', colour: 33 },
  'not-applicable': { symbol: '-', colour: 90 },
};

export const RESPONSIBLE: Readonly<Record<Responsible, Word>> = {
  bidder: { zh: '投标人（签名单位）', en: 'the bidder (who signed)' },
  ca: { zh: '签发证书的 CA', en: 'the CA that issued the certificate' },
  platform: { zh: '交易平台', en: 'the trading platform' },
  'list-operator': { zh: '信任名单维护方', en: 'the operator of the trust list' },
  network: { zh: '交易平台的网络运维', en: "the platform's network operations" },
};

export const EFFECTS: Readonly<Record<TrustContribution['effect'], Word>> = {
  grants: { zh: '认可', en: 'recognises' },
  permits: { zh: '不反对', en: 'permits' },
  denies: { zh: '不予认可', en: 'denies' },
  'not-applicable': { zh: '不涉及', en: 'not applicable' },
  missing: { zh: '未载入', en: 'missing' },
};

export const REVOCATION: Readonly<Record<'good' | 'revoked' | 'frozen' | 'unknown' | 'not-checked', Word>> = {
  good: { zh: '未吊销', en: 'good' },
  revoked: { zh: '已吊销', en: 'revoked' },
  frozen: { zh: '已冻结', en: 'on hold' },
  unknown: { zh: '未查明', en: 'unknown' },
  'not-checked': { zh: '未查询', en: 'not checked' },
};

export const SCENES: Readonly<Record<string, Word>> = {
  login: { zh: '登录', en: 'login' },
  'bid-signing': { zh: '投标签名', en: 'bid signing' },
  opening: { zh: '开标', en: 'bid opening' },
  archive: { zh: '归档复验', en: 'archive' },
};

/** Words of printed reports beside `LABELS`. */
export const PRINTED_LABELS: Readonly<Record<'title' | 'why' | 'remedy' | 'responsible' | 'notes' | 'basis' | 'stamp' | 'report', Word>> = {
  title: { zh: '签名验证报告', en: 'Signature validation report' },
  why: { zh: '原因和处理', en: 'Why, and what to do' },
  remedy: LABELS.remedy,
  responsible: LABELS.responsible,
  notes: LABELS.note,
  basis: LABELS.basis,
  stamp: { zh: '根据验证报告生成', en: 'made from the validation report' },
  report: { zh: '验证报告', en: 'report' },
};
