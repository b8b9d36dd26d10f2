import type { ListDocument } from '../list-document.js';
import type { Bilingual, RefusalResponsible } from '../refusal.js';
import type { ForeignText } from './foreign-list.js';

export type ImportFormat = 'tl' | 'lote' | 'pem' | 'p7b';

/**
 * What became of something the source says: `mapped` in a way worth knowing, `kept` elsewhere, `lost` (the draft does not
 * say it), or `refused` (the service it belongs to is left out).
 */
export type ImportEffect = 'mapped' | 'kept' | 'lost' | 'refused';

export type ImportNoteCode =
  | 'LIST_CLOSED' | 'LIST_EXPIRED' | 'LIFETIME_SHORTENED' | 'HISTORY_LIMITED' | 'SIGNER_NAME_DIFFERS' | 'SIGNER_EXPIRED' | 'NAME_WITHOUT_CHINESE'
  | 'SCOPE_MISSING' | 'PURPOSES_STATED' | 'SERVICE_TYPE_NOT_MAPPED' | 'CRITICAL_EXTENSION_UNKNOWN' | 'EXTENSION_LOST' | 'QUALIFICATIONS_LOST'
  | 'TAKEN_OVER' | 'IDENTITY_WITHOUT_CERTIFICATE' | 'CERTIFICATE_UNREADABLE' | 'CERTIFICATE_NOT_CA' | 'IDENTITY_OTHER_KEY' | 'KEY_IDENTIFIER_DIFFERS'
  | 'HISTORY_OTHER_IDENTITY' | 'STATUS_ABSENT' | 'STATUS_WITHOUT_START' | 'STATUS_UNKNOWN' | 'STATUS_NATIONAL' | 'HISTORY_REORDERED'
  | 'HISTORY_EMPTY_INTERVAL' | 'HISTORY_AFTER_CURRENT' | 'SUPPLY_POINT_LOST' | 'SERVICE_INVALID' | 'DUPLICATE' | 'PLACEHOLDER';

export interface ImportNote {
  readonly code: ImportNoteCode;
  readonly effect: ImportEffect;
  readonly detail: string;
}

export type NoteTaker = (code: ImportNoteCode, effect: ImportEffect, detail: string) => void;

export interface ImportedService {
  /** Position in the source: `entities[3].services[0]`, `certificates[7]`. */
  readonly where: string;
  /** In the draft; absent when it was left out. */
  readonly id?: string;
  readonly name: string;
  readonly notes: readonly ImportNote[];
}

/** A list or scheme the source points to. Nothing is trusted by it: a person decides on a delegation or a peer. */
export interface PointerSuggestion {
  readonly as: 'delegation' | 'peer';
  readonly location: string;
  readonly type?: string;
  readonly territory?: string;
  readonly operatorNames: readonly ForeignText[];
  /** SHA-256 of the certificates that sign there, lower-case hex. */
  readonly certificates: readonly string[];
}

export interface ImportSignature {
  readonly status: 'verified' | 'none';
  readonly algorithm?: string;
  /** SHA-256 of the signer's certificate, lower-case hex. */
  readonly signer?: string;
  /** The signer's certificate is one the caller gave, or a path leads from it to one. */
  readonly relation?: SignerRelation;
}

export type SignerRelation = 'given' | 'chained';

/** Exactly what was taken over and what was not. */
export interface ImportReport {
  readonly format: ImportFormat;
  readonly source: {
    /** Of the octets imported, lower-case hex. */
    readonly sha256: string;
    readonly version?: number;
    readonly sequence?: number;
    readonly type?: string;
    readonly territory?: string;
    readonly issued?: string;
    readonly nextUpdate?: string;
  };
  readonly signature: ImportSignature;
  readonly counts: { readonly services: number; readonly imported: number; readonly leftOut: number; readonly lost: number };
  /** About the list as a whole. */
  readonly notes: readonly ImportNote[];
  readonly services: readonly ImportedService[];
  readonly pointers: readonly PointerSuggestion[];
}

export interface Imported {
  readonly outcome: 'imported';
  /** Unsigned: to be completed, linted, approved and signed like any other. */
  readonly draft: ListDocument;
  readonly report: ImportReport;
}

export type ImportRefusalCode =
  | 'IMPORT_TOO_LARGE' | 'IMPORT_MALFORMED' | 'IMPORT_DTD' | 'IMPORT_UNSIGNED' | 'IMPORT_SIGNATURE_FORM' | 'IMPORT_SIGNATURE_INVALID'
  | 'IMPORT_SIGNER_UNKNOWN' | 'IMPORT_CRITICAL_UNKNOWN' | 'IMPORT_NOTHING' | 'IMPORT_TERRITORY';

/** Nothing was taken over. */
export interface ImportRefused {
  readonly outcome: 'refused';
  readonly code: ImportRefusalCode;
  readonly message: Bilingual;
  readonly remedy: Bilingual;
  readonly responsible: RefusalResponsible;
  /** What was found, in English. */
  readonly detail: string;
}

export type ImportOutcome = Imported | ImportRefused;

export function refuseImport(code: ImportRefusalCode, detail: string): ImportRefused {
  const [responsible, zh, en, remedyZh, remedyEn] = IMPORT_REFUSALS[code];
  return { outcome: 'refused', code, message: { zh, en }, remedy: { zh: remedyZh, en: remedyEn }, responsible, detail: detail.slice(0, 500) };
}

type Row = readonly [responsible: RefusalResponsible, zh: string, en: string, remedyZh: string, remedyEn: string];
const AGAIN = ['重新下载完整的原始文件后再试。', 'Get the original file again, whole, and try once more.'] as const;
const PUBLISHER = ['与名单发布方核对；不要导入这份文件。', 'Settle it with the publisher of the list; do not import this file.'] as const;

export const IMPORT_REFUSALS: Readonly<Record<ImportRefusalCode, Row>> = {
  IMPORT_TOO_LARGE: ['network', '文件超过大小上限。', 'The file is over the size limit.', ...AGAIN],
  IMPORT_MALFORMED: ['network', '文件的格式不对，无法读取。', 'The file cannot be read as what it should be.', ...AGAIN],
  IMPORT_DTD: ['list-operator', 'XML 中带有 DTD 或实体声明，已拒绝。', 'The XML carries a DTD or entities and is refused.', ...PUBLISHER],
  IMPORT_UNSIGNED: ['list-operator', '名单没有签名。', 'The list is not signed.', '向发布方索取带签名的名单；确认来源可靠时可明确声明接受未签名文件。', 'Ask its publisher for the signed list; where the source is certain, say explicitly that an unsigned file will do.'],
  IMPORT_SIGNATURE_FORM: ['list-operator', '签名的构造不符合要求，无法断定它签的就是整份名单。', 'The signature is not built as it must be, so it cannot be told that it covers the whole list.', ...PUBLISHER],
  IMPORT_SIGNATURE_INVALID: ['network', '签名验证不通过：内容被改动，或签名不是这把密钥所签。', 'The signature does not verify: the content was altered, or another key signed.', ...AGAIN],
  IMPORT_SIGNER_UNKNOWN: ['platform', '签名人的证书不在给定的证书之中，也不能由它们证明。', 'The signer\'s certificate is none of those given, and none of them vouches for it.', '从上级名单（如 LOTL 指针）或官方渠道取得签名证书，用 --signer 给出。', 'Get the signing certificate from the list above (a LOTL pointer) or another official way and give it with --signer.'],
  IMPORT_CRITICAL_UNKNOWN: ['platform', '名单要求理解的内容，本软件版本不认识。', 'The list demands to be understood in something this version does not know.', '升级本软件；在此之前不要导入。', 'Upgrade this software; do not import before.'],
  IMPORT_NOTHING: ['list-operator', '其中没有任何可以导入的服务。', 'There is no service in it that could be imported.', '查看报告中各服务未导入的原因。', 'See why each service was left out.'],
  IMPORT_TERRITORY: ['platform', '名单没有说明行政区划代码，需要给出。', 'The list does not state GB/T 2260 codes; give them.', '用 --territory 给出六位代码或带 * 的前缀。', 'Give six-digit codes, or prefixes with *, with --territory.'],
};

/** Sentences for the codes of notes. */
export const IMPORT_NOTES: Readonly<Record<ImportNoteCode, Bilingual>> = {
  LIST_CLOSED: { zh: '名单已关闭，没有下次更新时间', en: 'the list is closed: it has no next update' },
  LIST_EXPIRED: { zh: '名单已过下次更新时间', en: 'the list is past its next update' },
  LIFETIME_SHORTENED: { zh: '下次更新时间超过本格式上限，已缩短', en: 'its next update is later than lists here may last, and was brought forward' },
  HISTORY_LIMITED: { zh: '来源只保留有限时间的历史', en: 'the source keeps its history for a limited time' },
  SIGNER_NAME_DIFFERS: { zh: '签名证书中的机构或国家与名单不同', en: 'organisation or country in the signer\'s certificate differ from the list\'s' },
  SIGNER_EXPIRED: { zh: '签名证书在名单签发时不在有效期内', en: 'the signer\'s certificate was not in force when the list was issued' },
  NAME_WITHOUT_CHINESE: { zh: '没有中文名称，用了其他语言的', en: 'there is no Chinese name; another language\'s was used' },
  SCOPE_MISSING: { zh: '来源没有适用地区，须补上，否则在任何地区都不被接受', en: 'the source states no regions; until they are added it is accepted nowhere' },
  PURPOSES_STATED: { zh: '来源限定了用途', en: 'the source limits what it is for' },
  SERVICE_TYPE_NOT_MAPPED: { zh: '这类服务没有对应的种类', en: 'a type of service without a counterpart' },
  CRITICAL_EXTENSION_UNKNOWN: { zh: '含有不认识的关键扩展', en: 'it has a critical extension that is not known' },
  EXTENSION_LOST: { zh: '扩展没有对应的写法', en: 'an extension without a counterpart' },
  QUALIFICATIONS_LOST: { zh: '资质限定没有对应的写法', en: 'qualifications without a counterpart' },
  TAKEN_OVER: { zh: '服务已由他人接管', en: 'the service was taken over' },
  IDENTITY_WITHOUT_CERTIFICATE: { zh: '没有证书，无法作为信任锚', en: 'there is no certificate, so nothing can be anchored' },
  CERTIFICATE_UNREADABLE: { zh: '证书无法读取', en: 'a certificate cannot be read' },
  CERTIFICATE_NOT_CA: { zh: '证书不是 CA 证书', en: 'the certificate is not a CA\'s' },
  IDENTITY_OTHER_KEY: { zh: '同一服务的证书属于不同密钥', en: 'certificates of one service hold different keys' },
  KEY_IDENTIFIER_DIFFERS: { zh: '列出的密钥标识与证书不符', en: 'the key identifier stated is not the certificate\'s' },
  HISTORY_OTHER_IDENTITY: { zh: '历史记录属于另一张证书或密钥', en: 'an instance of the history is about another certificate or key' },
  STATUS_ABSENT: { zh: '没有状态，列出即视为认可', en: 'it has no status; being listed is the grant' },
  STATUS_WITHOUT_START: { zh: '状态没有开始时间', en: 'its status has no starting time' },
  STATUS_UNKNOWN: { zh: '不认识的状态', en: 'a status that is not known' },
  STATUS_NATIONAL: { zh: '仅为国家层面认可，未选择接受', en: 'recognised at national level only, which was not opted for' },
  HISTORY_REORDERED: { zh: '历史记录未按时间排列', en: 'the history was not in order of time' },
  HISTORY_EMPTY_INTERVAL: { zh: '历史记录的区间为空', en: 'an instance of the history held at no time' },
  HISTORY_AFTER_CURRENT: { zh: '历史记录晚于当前状态', en: 'an instance of the history is later than the current status' },
  SUPPLY_POINT_LOST: { zh: '服务地址的种类或协议无法对应', en: 'a supply point of a kind or scheme without a counterpart' },
  SERVICE_INVALID: { zh: '不符合名单格式', en: 'it does not have the form a service must have' },
  DUPLICATE: { zh: '重复出现', en: 'it appears more than once' },
  PLACEHOLDER: { zh: '由导入者代填，须核对', en: 'filled in by the import; check it' },
};
