import type { LocalisedText } from '@hefu/trust-list';
import type { KeyKind } from '../keys.js';
import type { TimestampManners } from '../timestamp.js';

/** Who issued a time-stamping unit's certificate: a regional CA, one of the time-stamp roots, or nobody else. */
export type TimestampIssuer = 'jingling' | 'tsa-p256' | 'tsa-sm2' | 'tsa-legacy' | 'self';

/** A time-stamping unit as designed. */
export interface TimestampDesign {
  readonly id: string;
  readonly title: LocalisedText;
  readonly kind: KeyKind;
  readonly issuer: TimestampIssuer;
  /** Without: no extKeyUsage at all. Default: critical timeStamping, as RFC 3161 §2.3 asks. */
  readonly noExtendedKeyUsage?: boolean;
  /** Its certificate ended a month ago. It still stamps. */
  readonly expired?: boolean;
  readonly manners: TimestampManners;
}

const SM3_WITH_KEY = '1.2.156.10197.1.401.2';
const SM2_WITH_SM3 = '1.2.156.10197.1.501';

/** The first three follow RFC 3161; the others each depart from it in one way seen in the field, `gm-all` in all of them at once. */
export const TIMESTAMP_DESIGNS: readonly TimestampDesign[] = [
  { id: 'rsa', title: { zh: 'RSA 时间戳', en: 'RSA time-stamps' }, kind: 'RSA-2048', issuer: 'jingling', manners: {} },
  { id: 'p256', title: { zh: 'P-256 时间戳', en: 'P-256 time-stamps' }, kind: 'P-256', issuer: 'tsa-p256', manners: {} },
  { id: 'sm2', title: { zh: 'SM2 时间戳', en: 'SM2 time-stamps' }, kind: 'SM2', issuer: 'tsa-sm2', manners: {} },
  { id: 'gm-shell', title: { zh: '国密外层类型', en: 'GM/T 0010 content type outside' }, kind: 'SM2', issuer: 'tsa-legacy', manners: { shell: 'gm' } },
  { id: 'gm-md-za', title: { zh: '摘要含 Z', en: 'Z inside the messageDigest' }, kind: 'SM2', issuer: 'tsa-legacy', manners: { messageDigest: 'z' } },
  { id: 'gm-bare-oid', title: { zh: '摘要算法为裸 OID', en: 'imprint algorithm as a bare OID' }, kind: 'SM2', issuer: 'tsa-legacy', manners: { bareImprintOid: true } },
  { id: 'gm-digest-501', title: { zh: '摘要算法写为 501', en: 'digestAlgorithm .501' }, kind: 'SM2', issuer: 'tsa-legacy', manners: { digestOid: SM2_WITH_SM3 } },
  { id: 'gm-digest-401-2', title: { zh: '摘要算法写为 401.2', en: 'digestAlgorithm .401.2' }, kind: 'SM2', issuer: 'tsa-legacy', manners: { digestOid: SM3_WITH_KEY } },
  { id: 'gm-ess-v1', title: { zh: 'ESSCertID 第一版', en: 'ESSCertID of the first version' }, kind: 'SM2', issuer: 'tsa-legacy', manners: { signingCertificate: 'v1' } },
  { id: 'gm-no-eku', title: { zh: '证书无时间戳用途', en: 'a certificate without timeStamping' }, kind: 'SM2', issuer: 'tsa-legacy', noExtendedKeyUsage: true, manners: {} },
  {
    id: 'gm-all', title: { zh: '自签名证书，全部偏差', en: 'self-signed, every deviation at once' }, kind: 'SM2', issuer: 'self', noExtendedKeyUsage: true,
    manners: { shell: 'gm', messageDigest: 'z', digestOid: SM2_WITH_SM3, signingCertificate: 'v1' },
  },
  { id: 'expired', title: { zh: '时间戳证书已过期', en: 'its certificate has expired' }, kind: 'P-256', issuer: 'tsa-p256', expired: true, manners: {} },
  { id: 'unlisted', title: { zh: '未列入名单的时间戳', en: 'an authority that is not on the list' }, kind: 'P-256', issuer: 'self', manners: {} },
];

/** A service of kind `tsa` in the lists. */
export interface TimestampServiceDesign {
  readonly id: string;
  readonly name: LocalisedText;
  /** A time-stamp root, or the one unit whose own certificate is the anchor. */
  readonly anchor: { readonly root: Exclude<TimestampIssuer, 'jingling' | 'self'> } | { readonly unit: string };
  readonly variants: readonly string[];
}

export const TIMESTAMP_SERVICES: readonly TimestampServiceDesign[] = [
  { id: 'tsa-rsa', name: { zh: '荆岭时间戳（沙盒）', en: 'Jingling time-stamping (sandbox)' }, anchor: { unit: 'rsa' }, variants: ['cms'] },
  { id: 'tsa-p256', name: { zh: '九城时间戳 P-256（沙盒）', en: 'Nine-city time-stamping, P-256 (sandbox)' }, anchor: { root: 'tsa-p256' }, variants: ['cms'] },
  { id: 'tsa-sm2', name: { zh: '九城时间戳 SM2（沙盒）', en: 'Nine-city time-stamping, SM2 (sandbox)' }, anchor: { root: 'tsa-sm2' }, variants: ['attrs-za'] },
  { id: 'tsa-legacy', name: { zh: '旧式国密时间戳（沙盒）', en: 'Legacy GM time-stamping (sandbox)' }, anchor: { root: 'tsa-legacy' }, variants: ['attrs-za', 'attrs-za-md-za', 'imprint-bare-oid', 'digest-501', 'digest-401.2', 'eku-absent'] },
  { id: 'tsa-self', name: { zh: '自签名国密时间戳（沙盒）', en: 'Self-signed GM time-stamping (sandbox)' }, anchor: { unit: 'gm-all' }, variants: ['attrs-za-md-za', 'digest-501', 'eku-absent'] },
];
