import { CMS_DEVIATIONS, type CmsDeviationId } from './cms/deviations.js';
import { OCSP_DEVIATIONS, type OcspDeviationId } from './ocsp/deviations.js';
import { SES_DEVIATIONS, type SesDeviationId } from './ses/deviations.js';
import { TSP_DEVIATIONS, type TspDeviationId } from './tsp/deviations.js';

/** Why a finding is a deviation, and why it is read all the same. */
export interface DeviationReason {
  readonly reason: { readonly en: string; readonly zh: string };
  /** The rule departed from. */
  readonly clause: string;
  /** Where it was met, or that it was not. */
  readonly seenAt: string;
}

export type X509DeviationId =
  | 'X509_SM2_PARAMETERS_NULL' | 'X509_SIGNATURE_ALGORITHM_MISMATCH' | 'X509_GENERALIZED_TIME_BEFORE_2050' | 'X509_TIME_FRACTION'
  | 'X509_VALIDITY_INVERTED' | 'X509_EXTENSIONS_IN_OLD_VERSION' | 'X509_UNIQUE_IDENTIFIER' | 'X509_DEFAULT_ENCODED'
  | 'X509_EXTENSIONS_EMPTY' | 'X509_DUPLICATE_EXTENSION' | 'X509_EXTENSION_MALFORMED' | 'X509_AUTHORITY_KEY_IDENTIFIER_MISSING'
  | 'X509_AUTHORITY_KEY_IDENTIFIER_CRITICAL' | 'X509_SUBJECT_KEY_IDENTIFIER_CRITICAL' | 'X509_BASIC_CONSTRAINTS_MISSING'
  | 'X509_BASIC_CONSTRAINTS_NOT_CRITICAL' | 'X509_KEY_USAGE_NOT_CRITICAL' | 'X509_KEY_USAGE_EMPTY' | 'X509_BIT_STRING_NOT_MINIMAL'
  | 'X509_SERIAL_NOT_MINIMAL' | 'X509_SERIAL_NEGATIVE' | 'X509_SERIAL_ZERO' | 'X509_SERIAL_TOO_LONG' | 'X509_NAME_MIXED_STRING_TYPES'
  | 'X509_NAME_BMP_STRING' | 'X509_NAME_TELETEX_STRING' | 'X509_NAME_UNIVERSAL_STRING' | 'X509_NAME_UNDECODABLE' | 'X509_NAME_CHARACTERS'
  | 'X509_NAME_VALUE_NULL' | 'X509_NAME_VALUE_EMPTY' | 'X509_NAME_MULTI_VALUED_RDN' | 'X509_NAME_SET_NOT_SORTED'
  | 'X509_NAME_COMMON_NAME_IS_IP' | 'X509_EXPLICIT_CURVE_PARAMETERS' | 'X509_RSA_PARAMETERS_ABSENT' | 'X509_KEY_UNREADABLE'
  | 'X509_ACCESS_LOCATION_SCHEME' | 'X509_GENERAL_NAME_CHARACTERS' | 'X509_CRL_LOCATION_DIRECTORY_NAME_ONLY' | 'CRL_VERSION_1'
  | 'CRL_NEXT_UPDATE_MISSING' | 'CRL_UPDATE_INVERTED' | 'CRL_ENTRIES_EMPTY' | 'CRL_NUMBER_MISSING';

/**
 * Every deviation that certificate and CRL reading tolerates. What is not in this table is refused.
 * Reading says nothing about accepting: the judge decides which of these a policy allows.
 */
export const X509_DEVIATIONS: Readonly<Record<X509DeviationId, DeviationReason>> = {
  X509_SM2_PARAMETERS_NULL: {
    reason: { en: 'SM2-with-SM3 carries NULL parameters, which most CAs leave out', zh: 'SM2-with-SM3 算法标识带有 NULL 参数，多数机构省略该参数' },
    clause: 'practice differs; no clause known to settle it', seenAt: '65 of 223 public SM2 certificates surveyed',
  },
  X509_SIGNATURE_ALGORITHM_MISMATCH: {
    reason: { en: 'the signed and the outer signature algorithm differ', zh: '签名内外两处签名算法标识不一致' },
    clause: 'RFC 5280 4.1.1.2', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_GENERALIZED_TIME_BEFORE_2050: {
    reason: { en: 'GeneralizedTime used for a date before 2050', zh: '2050 年前的日期使用了 GeneralizedTime' },
    clause: 'RFC 5280 4.1.2.5', seenAt: '6 of 223 public SM2 certificates surveyed',
  },
  X509_TIME_FRACTION: {
    reason: { en: 'time with a fraction of a second', zh: '时间含有小数秒' },
    clause: 'RFC 5280 4.1.2.5.2', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_VALIDITY_INVERTED: {
    reason: { en: 'notBefore is later than notAfter', zh: '生效时间晚于失效时间' },
    clause: 'RFC 5280 4.1.2.5', seenAt: 'a test certificate',
  },
  X509_EXTENSIONS_IN_OLD_VERSION: {
    reason: { en: 'extensions in a certificate that is not v3', zh: '非 v3 证书含有扩展项' },
    clause: 'RFC 5280 4.1.2.9', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_UNIQUE_IDENTIFIER: {
    reason: { en: 'carries a unique identifier', zh: '含有颁发者或主体唯一标识符' },
    clause: 'RFC 5280 4.1.2.8', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_DEFAULT_ENCODED: {
    reason: { en: 'a default value is written out', zh: '缺省值被显式编码' },
    clause: 'X.690 11.5', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_EXTENSIONS_EMPTY: {
    reason: { en: 'the sequence of extensions is empty', zh: '扩展项序列为空' },
    clause: 'RFC 5280 4.1', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_DUPLICATE_EXTENSION: {
    reason: { en: 'the same extension appears more than once', zh: '同一扩展项重复出现' },
    clause: 'RFC 5280 4.2', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_EXTENSION_MALFORMED: {
    reason: { en: 'a known extension cannot be decoded', zh: '已知扩展项无法解码' },
    clause: 'RFC 5280 4.2', seenAt: 'reading its value is refused; the rest of the certificate is readable',
  },
  X509_AUTHORITY_KEY_IDENTIFIER_MISSING: {
    reason: { en: 'no authority key identifier, though not self-issued', zh: '非自签发证书缺少颁发机构密钥标识符' },
    clause: 'RFC 5280 4.2.1.1', seenAt: '23 of 223 public SM2 certificates surveyed',
  },
  X509_AUTHORITY_KEY_IDENTIFIER_CRITICAL: {
    reason: { en: 'the authority key identifier is critical', zh: '颁发机构密钥标识符被标为关键' },
    clause: 'RFC 5280 4.2.1.1', seenAt: 'end-entity certificates of one regional CA',
  },
  X509_SUBJECT_KEY_IDENTIFIER_CRITICAL: {
    reason: { en: 'the subject key identifier is critical', zh: '主体密钥标识符被标为关键' },
    clause: 'RFC 5280 4.2.1.2', seenAt: 'end-entity certificates of one regional CA',
  },
  X509_BASIC_CONSTRAINTS_MISSING: {
    reason: { en: 'no basic constraints; read as not a CA', zh: '缺少基本约束，按非 CA 处理' },
    clause: 'RFC 5280 4.2.1.9', seenAt: '54 of 223 public SM2 certificates surveyed',
  },
  X509_BASIC_CONSTRAINTS_NOT_CRITICAL: {
    reason: { en: 'CA:TRUE is not critical', zh: 'CA:TRUE 未标为关键' },
    clause: 'RFC 5280 4.2.1.9', seenAt: 'national SM2 roots',
  },
  X509_KEY_USAGE_NOT_CRITICAL: {
    reason: { en: 'key usage is not critical', zh: '密钥用法未标为关键' },
    clause: 'RFC 5280 4.2.1.3', seenAt: 'usual in surveyed end-entity certificates, and on national roots',
  },
  X509_KEY_USAGE_EMPTY: {
    reason: { en: 'key usage sets no bit', zh: '密钥用法没有任何置位' },
    clause: 'RFC 5280 4.2.1.3', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_BIT_STRING_NOT_MINIMAL: {
    reason: { en: 'trailing zero bits in a named bit list', zh: '位串末尾保留了多余的零位' },
    clause: 'X.690 11.2.2', seenAt: 'key usage of regional CAs and toolkits (03 02 00 C0)',
  },
  X509_SERIAL_NOT_MINIMAL: {
    reason: { en: 'serial number with needless leading octets', zh: '序列号含有多余的前导字节' },
    clause: 'X.690 8.3.2', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_SERIAL_NEGATIVE: {
    reason: { en: 'negative serial number', zh: '序列号为负' },
    clause: 'RFC 5280 4.1.2.2', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_SERIAL_ZERO: {
    reason: { en: 'serial number zero', zh: '序列号为零' },
    clause: 'RFC 5280 4.1.2.2', seenAt: 'a toolkit CA',
  },
  X509_SERIAL_TOO_LONG: {
    reason: { en: 'serial number of more than 20 octets', zh: '序列号超过 20 字节' },
    clause: 'RFC 5280 4.1.2.2', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_NAME_MIXED_STRING_TYPES: {
    reason: { en: 'an attribute has one string type in the issuer and another in the subject', zh: '同一属性在颁发者与主体中使用了不同的字符串类型' },
    clause: 'RFC 5280 4.1.2.4', seenAt: 'country name of one regional CA',
  },
  X509_NAME_BMP_STRING: {
    reason: { en: 'BMPString in a name', zh: '名称使用 BMPString' },
    clause: 'RFC 5280 4.1.2.4', seenAt: 'names of two regional CAs',
  },
  X509_NAME_TELETEX_STRING: {
    reason: { en: 'TeletexString in a name, read as Latin-1', zh: '名称使用 TeletexString，按 Latin-1 读取' },
    clause: 'RFC 5280 4.1.2.4', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_NAME_UNIVERSAL_STRING: {
    reason: { en: 'UniversalString in a name', zh: '名称使用 UniversalString' },
    clause: 'RFC 5280 4.1.2.4', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_NAME_UNDECODABLE: {
    reason: { en: 'a name attribute is not text in its string type', zh: '名称属性的内容不符合其字符串类型' },
    clause: 'X.680 41', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_NAME_CHARACTERS: {
    reason: { en: 'characters that the string type does not allow', zh: '含有字符串类型不允许的字符' },
    clause: 'X.680 41.4', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_NAME_VALUE_NULL: {
    reason: { en: 'the text "null" stands for a missing value', zh: '以字面量 "null" 表示空值' },
    clause: 'RFC 5280 4.1.2.4', seenAt: 'software that prints missing fields',
  },
  X509_NAME_VALUE_EMPTY: {
    reason: { en: 'an attribute with an empty value', zh: '名称属性值为空' },
    clause: 'RFC 5280 Appendix A (DirectoryString SIZE (1..MAX))', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_NAME_MULTI_VALUED_RDN: {
    reason: { en: 'several attributes in one RDN', zh: '一个 RDN 含有多个属性' },
    clause: 'RFC 5280 4.1.2.4', seenAt: 'a toolkit CA',
  },
  X509_NAME_SET_NOT_SORTED: {
    reason: { en: 'attributes of an RDN are not in DER order', zh: 'RDN 内属性未按 DER 排序' },
    clause: 'X.690 11.6', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_NAME_COMMON_NAME_IS_IP: {
    reason: { en: 'the common name is an IP address', zh: '通用名为 IP 地址' },
    clause: 'RFC 5280 4.2.1.6', seenAt: 'a device certificate',
  },
  X509_EXPLICIT_CURVE_PARAMETERS: {
    reason: { en: 'the curve is written out instead of named', zh: '以显式参数而非曲线标识给出曲线' },
    clause: 'RFC 5480 2.1.1', seenAt: 'an electronic-seal platform',
  },
  X509_RSA_PARAMETERS_ABSENT: {
    reason: { en: 'rsaEncryption without its NULL parameters', zh: 'rsaEncryption 缺少 NULL 参数' },
    clause: 'RFC 3279 2.3.1', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_KEY_UNREADABLE: {
    reason: { en: 'the public key cannot be read', zh: '公钥无法读取' },
    clause: 'RFC 5280 4.1.2.7', seenAt: 'reading the key is refused; the rest of the certificate is readable',
  },
  X509_ACCESS_LOCATION_SCHEME: {
    reason: { en: 'an access location is neither http(s) nor ldap(s)', zh: '访问地址既非 http(s) 也非 ldap(s)' },
    clause: 'RFC 5280 4.2.2.1', seenAt: 'OCSP:// addresses of one regional CA',
  },
  X509_GENERAL_NAME_CHARACTERS: {
    reason: { en: 'a general name with characters beyond ASCII', zh: '通用名称含有非 ASCII 字符' },
    clause: 'RFC 5280 4.2.1.6', seenAt: 'not reported by the survey of 223 public SM2 certificates; read so that the judge can name it',
  },
  X509_CRL_LOCATION_DIRECTORY_NAME_ONLY: {
    reason: { en: 'a CRL distribution point names only a directory entry', zh: 'CRL 分发点仅给出目录名' },
    clause: 'RFC 5280 4.2.1.13', seenAt: 'regional CAs',
  },
  CRL_VERSION_1: {
    reason: { en: 'a v1 CRL, without extensions', zh: 'v1 版 CRL，无扩展项' },
    clause: 'RFC 5280 5.1.2.1', seenAt: 'no CRLs were surveyed; read so that the judge can name it',
  },
  CRL_NEXT_UPDATE_MISSING: {
    reason: { en: 'no nextUpdate', zh: '缺少下次更新时间' },
    clause: 'RFC 5280 5.1.2.5', seenAt: 'no CRLs were surveyed; read so that the judge can name it',
  },
  CRL_UPDATE_INVERTED: {
    reason: { en: 'nextUpdate is earlier than thisUpdate', zh: '下次更新时间早于本次更新时间' },
    clause: 'RFC 5280 5.1.2.5', seenAt: 'no CRLs were surveyed; read so that the judge can name it',
  },
  CRL_ENTRIES_EMPTY: {
    reason: { en: 'an empty list of entries is written out', zh: '空的吊销列表被显式编码' },
    clause: 'RFC 5280 5.1.2.6', seenAt: 'no CRLs were surveyed; read so that the judge can name it',
  },
  CRL_NUMBER_MISSING: {
    reason: { en: 'a v2 CRL without a CRL number', zh: 'v2 版 CRL 缺少 CRL 编号' },
    clause: 'RFC 5280 5.2.3', seenAt: 'no CRLs were surveyed; read so that the judge can name it',
  },
};

export type DeviationId = X509DeviationId | CmsDeviationId | OcspDeviationId | TspDeviationId | SesDeviationId;

/** The whole table: every id that a `Deviation` of this room can carry. */
export const DEVIATIONS: Readonly<Record<DeviationId, DeviationReason>> = { ...X509_DEVIATIONS, ...CMS_DEVIATIONS, ...OCSP_DEVIATIONS, ...TSP_DEVIATIONS, ...SES_DEVIATIONS };
