import type { LocalisedText } from '@hefu/trust-list';
import type { AlgorithmParameters, KeyKind } from '../keys.js';
import { attr, type NameSpec } from '../name.js';
import type { SignedForm } from '../sign-detached.js';
import {
  explicitTagAndMicroFormat, gluedToOrganization, multiValuedRdn, oldArc, opaqueHash, organisationCodeMicroFormat, organizationIdentifier,
  type Placement, printableInOrganizationCode, rawInOrganizationCode, serialNumberAndOrderName, setOfImplicit, structuredCommonName, taxationNumber,
  utf8InOrganizationCode,
} from './placement.js';

/** What a CA's certificates get wrong, or do in their own way (field notes §1.3). */
export interface LeafManners {
  /** Critical authority and subject key identifiers and keyUsage. */
  readonly criticalIdentifiers?: boolean;
  readonly noAuthorityKeyIdentifier?: boolean;
  readonly keyUsageNotMinimal?: boolean;
  readonly timeForm?: 'generalized';
  /** `basicConstraints` written as an empty SEQUENCE; default: left out. */
  readonly basicConstraints?: boolean;
  readonly policy?: string;
  /** An AIA with the pseudo-scheme `OCSP://`. */
  readonly oddOcsp?: boolean;
  /** Octets, 8 to 20. */
  readonly serialLength: number;
  /** The issuer field written with other string types than the CA's own subject: equal after RFC 5280 §7.1 only. */
  readonly issuer?: NameSpec;
}

/** A regional CA as designed. Names are invented, shapes are those of real CAs. */
export interface AuthorityDesign {
  readonly id: string;
  readonly name: LocalisedText;
  readonly kind: KeyKind;
  /** `national`: below the national root; `self`: self-signed; `own-root`: a root of its own above the issuing CA. */
  readonly under: 'national' | 'self' | 'own-root';
  readonly subject: NameSpec;
  /** Keys under this one DN, newest first. A key that is not listed is the trap. */
  readonly keys: readonly { readonly label: string; readonly listed: boolean }[];
  readonly parameters: AlgorithmParameters;
  readonly leaf: LeafManners;
  /** What its certificates say of CRLs: our server, an LDAP URL only, or a private address. The list overrides the last two. */
  readonly crl: 'http' | 'ldap' | 'private-address';
  readonly regions: readonly string[];
  readonly transactions?: readonly string[];
  /** GM message variants its signers produce, as the list says; undefined: nothing said. */
  readonly variants?: readonly string[];
  /** The form in which its companies sign. */
  readonly form: SignedForm;
  readonly placement: Placement;
  readonly listed: boolean;
}

export const NATIONAL_ROOT: NameSpec = [attr('C', 'CN'), attr('O', 'Hefu Sandbox National Root'), attr('CN', 'SANDBOX ROOTCA')];

const ALL_NINE = ['420100', '420200', '420700', '420900', '421100', '421200', '429004', '429006', '429005'];
const ONE_KEY = [{ label: '2021', listed: true }];

export const AUTHORITY_DESIGNS: readonly AuthorityDesign[] = [
  {
    id: 'chujiang', name: { zh: '楚江CA（沙盒）', en: 'Chujiang CA (sandbox)' }, kind: 'SM2', under: 'national', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN', 'utf8'), attr('O', 'Chujiang Sandbox CA'), attr('CN', 'Chujiang SM2 CA')],
    leaf: {
      serialLength: 10, policy: '1.2.156.999001.2.2.1', oddOcsp: true,
      issuer: [attr('C', 'CN', 'printable'), attr('O', 'Chujiang Sandbox CA'), attr('CN', 'Chujiang SM2 CA')],
    },
    crl: 'http', regions: ALL_NINE, variants: ['attrs-za', 'za-content'], form: 'attrs-za', placement: utf8InOrganizationCode, listed: true,
  },
  {
    id: 'hanmian', name: { zh: '汉沔CA（沙盒）', en: 'Hanmian CA (sandbox)' }, kind: 'SM2', under: 'self', parameters: 'null',
    subject: [attr('C', 'CN'), attr('ST', 'Hubei'), attr('L', 'Wuhan'), attr('O', 'Hanmian Sandbox Certificate Authority CO Ltd.'), attr('OU', 'ECC'), attr('CN', 'HMCA')],
    keys: [{ label: '2021', listed: true }, { label: '2018', listed: false }],
    leaf: { serialLength: 16, basicConstraints: true },
    crl: 'private-address', regions: ALL_NINE, variants: ['za-content'], form: 'empty-oid', placement: gluedToOrganization, listed: true,
  },
  {
    id: 'yunze', name: { zh: '云泽CA（沙盒）', en: 'Yunze CA (sandbox)' }, kind: 'SM2', under: 'national', keys: ONE_KEY, parameters: 'null',
    subject: [attr('C', 'CN'), attr('O', 'Yunze Sandbox Trust'), attr('CN', 'YZCA SM2')],
    leaf: { serialLength: 17, criticalIdentifiers: true, policy: '1.2.156.999003.149' },
    crl: 'http', regions: ALL_NINE, variants: ['za-content', 'attrs-za'], form: 'za-content', placement: explicitTagAndMicroFormat, listed: true,
  },
  {
    id: 'jingling', name: { zh: '荆岭CA（沙盒）', en: 'Jingling CA (sandbox)' }, kind: 'RSA-2048', under: 'own-root', keys: ONE_KEY, parameters: 'null',
    subject: [attr('C', 'CN'), attr('O', 'Jingling Sandbox CA'), attr('CN', 'JLCA Operational CA')],
    leaf: { serialLength: 20, basicConstraints: true },
    crl: 'http', regions: ALL_NINE, variants: ['cms'], form: 'cms', placement: setOfImplicit, listed: true,
  },
  {
    id: 'dongyuan', name: { zh: '东沅CA（沙盒）', en: 'Dongyuan CA (sandbox)' }, kind: 'P-256', under: 'self', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN'), attr('O', 'Dongyuan Sandbox CA'), attr('CN', 'DYCA P-256')],
    leaf: { serialLength: 19, basicConstraints: true },
    crl: 'http', regions: ALL_NINE, variants: ['cms'], form: 'cms', placement: organizationIdentifier, listed: true,
  },
  {
    id: 'mingze', name: { zh: '明泽CA（沙盒）', en: 'Mingze CA (sandbox)' }, kind: 'SM2', under: 'self', keys: ONE_KEY, parameters: 'null',
    subject: [attr('C', 'CN'), attr('O', '明泽沙盒数字认证有限公司'), attr('CN', 'MZCA OCA1')],
    leaf: { serialLength: 8, keyUsageNotMinimal: true, timeForm: 'generalized' },
    crl: 'ldap', regions: ALL_NINE, variants: ['za-content'], form: 'za-content', placement: rawInOrganizationCode, listed: true,
  },
  {
    id: 'xichuan', name: { zh: '溪川CA（沙盒）', en: 'Xichuan CA (sandbox)' }, kind: 'SM2', under: 'national', parameters: 'null',
    subject: [attr('C', 'CN'), attr('O', 'Xichuan Sandbox CA'), attr('OU', 'XCCA'), attr('CN', 'XCCA')],
    keys: [{ label: '2022', listed: true }, { label: '2019', listed: true }],
    leaf: { serialLength: 12, noAuthorityKeyIdentifier: true },
    crl: 'http', regions: ALL_NINE, variants: ['za-content'], form: 'za-content', placement: serialNumberAndOrderName, listed: true,
  },
  {
    id: 'pingwu', name: { zh: '平梧CA（沙盒）', en: 'Pingwu CA (sandbox)' }, kind: 'SM2', under: 'self', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN'), attr('O', 'Pingwu Sandbox Authority'), attr('CN', 'PWCA SM2 OCA')],
    leaf: { serialLength: 9 },
    crl: 'http', regions: ALL_NINE, transactions: ['工程建设', '政府采购'], variants: ['za-content'], form: 'za-content', placement: structuredCommonName, listed: true,
  },
  {
    id: 'nanqu', name: { zh: '南渠CA（沙盒）', en: 'Nanqu CA (sandbox)' }, kind: 'SM2', under: 'national', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN'), attr('O', 'Nanqu Sandbox CA'), attr('CN', 'NQCA SM2')],
    leaf: { serialLength: 11 },
    crl: 'http', regions: ALL_NINE, variants: ['attrs-za'], form: 'attrs-za', placement: opaqueHash, listed: true,
  },
  {
    id: 'changfeng', name: { zh: '长沣CA（沙盒）', en: 'Changfeng CA (sandbox)' }, kind: 'SM2', under: 'self', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN'), attr('O', 'Changfeng Sandbox CA', 'teletex'), attr('CN', 'CFSCA', 'teletex')],
    leaf: { serialLength: 13 },
    crl: 'http', regions: ALL_NINE, form: 'za-content', placement: oldArc, listed: true,
  },
  {
    id: 'suiyun', name: { zh: '随沄CA（沙盒）', en: 'Suiyun CA (sandbox)' }, kind: 'SM2', under: 'national', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN', 'utf8'), attr('O', 'Suiyun Sandbox CA', 'bmp'), attr('CN', 'SYCA SM2')],
    leaf: { serialLength: 14 },
    crl: 'http', regions: ['42*'], variants: ['attrs-za'], form: 'attrs-za', placement: organisationCodeMicroFormat, listed: true,
  },
  {
    id: 'xianhe', name: { zh: '仙鹤CA（沙盒）', en: 'Xianhe CA (sandbox)' }, kind: 'SM2', under: 'self', keys: ONE_KEY, parameters: 'null',
    subject: [attr('C', 'CN'), attr('O', 'Xianhe Sandbox CA'), attr('CN', 'XHCA SM2')],
    leaf: { serialLength: 15 },
    crl: 'http', regions: ['429004', '429005', '429006'], variants: ['za-content'], form: 'za-content', placement: printableInOrganizationCode, listed: true,
  },
  {
    id: 'guting', name: { zh: '古汀CA（沙盒）', en: 'Guting CA (sandbox)' }, kind: 'SM2', under: 'national', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN'), attr('O', 'Guting Sandbox CA'), attr('CN', 'GTCA SM2')],
    leaf: { serialLength: 18 },
    crl: 'http', regions: ALL_NINE, variants: ['attrs-za'], form: 'attrs-za', placement: multiValuedRdn, listed: true,
  },
  {
    id: 'yehe', name: { zh: '野荷CA（沙盒，未列入）', en: 'Yehe CA (sandbox, not listed)' }, kind: 'SM2', under: 'self', keys: ONE_KEY, parameters: 'absent',
    subject: [attr('C', 'CN'), attr('O', 'Yehe Sandbox CA'), attr('CN', 'YHCA SM2')],
    leaf: { serialLength: 16 },
    crl: 'http', regions: [], form: 'attrs-za', placement: taxationNumber, listed: false,
  },
];
