import { randomBytes } from 'node:crypto';
import { sha256 } from '@hefu/crypto';
import {
  archiveTimestampInput, buildAtsHashIndex, buildSignedAttributes, buildSignedData, buildTstInfo, extendSignedData, id_aa_ATSHashIndexV3, id_aa_ets_archiveTimestampV3,
  id_aa_ets_contentTimestamp, id_aa_timeStampToken, id_ct_TSTInfo, id_data, nullValue, oid, parseSignedData, sequence, type Certificate, type CertificateList,
} from '@hefu/pki';
import type { IdentityProfile, ServiceStatus, TrustList, TrustService } from '@hefu/trust-list';
import { createJudgeCaches, DEFAULT_POLICY, judge, NO_EVIDENCE, type JudgeInput, type Policy, type Report, type Scene, type ScenePolicy } from '../../src/index.js';
import { ALGORITHMS, DAY, dn, extension, issueCertificate, issueCrl, newCa, newKey, type IssueOptions, type TestCa, type TestKey } from '../path/issue.js';
import { anchor, listOf, serviceOf } from '../trust/listed.js';

/** Signatures, time-stamps and revocation data at any time, made with the pki writer by real P-256 keys. Day 0 is 2025-01-01; times are days. */

const ZERO = Date.UTC(2025, 0, 1);
export const day = (n: number): number => ZERO + Math.round(n * DAY / 1000) * 1000;
const SHA256 = { oid: '2.16.840.1.101.3.4.2.1' };
const ALGORITHM = { p256: { oid: '1.2.840.10045.4.3.2' }, rsa: { oid: '1.2.840.113549.1.1.11', parameters: nullValue() } };
const algorithmOf = ({ kind }: TestKey) => (kind === 'rsa' ? ALGORITHM.rsa : ALGORITHM.p256);
export const CONTENT = new TextEncoder().encode('投标文件');

export const TIMESTAMPING = extension('2.5.29.37', sequence(oid('1.3.6.1.5.5.7.3.8')), true);

export interface Party {
  readonly key: TestKey;
  readonly certificate: Certificate;
}

export const caFrom = (name: string, from = -1000, until = 4000, parent?: TestCa): TestCa => newCa(name, parent, { notBefore: day(from), notAfter: day(until) });

const keys: TestKey[] = [];
/** One of a few keys: making them is what costs. */
function someKey(): TestKey {
  if (keys.length < 12) keys.push(newKey('p256'));
  return keys[Math.floor(Math.random() * keys.length)]!;
}

export function party(issuer: TestCa, from: number, until: number, options: Partial<IssueOptions> = {}): Party {
  const key = options.key ?? someKey();
  return { key, certificate: issueCertificate({ subject: dn('C=CN,O=Bidder,CN=Signer'), ...options, key, issuer, notBefore: day(from), notAfter: day(until) }) };
}

export function tsuOf(issuer: TestCa, from = -900, until = 3000, options: Partial<IssueOptions> = {}): Party {
  return party(issuer, from, until, { subject: dn('C=CN,O=TSA,CN=TSU'), extensions: [TIMESTAMPING], ...options });
}

export interface TokenOptions {
  readonly nonce?: Uint8Array;
  readonly accuracy?: number;
  readonly certificates?: readonly Uint8Array[];
  readonly crls?: readonly Uint8Array[];
  /** Instead of the TSTInfo that belongs here. */
  readonly info?: Uint8Array;
  readonly withoutEss?: boolean;
}

export function token(octets: Uint8Array, at: number, { key, certificate }: Party, options: TokenOptions = {}): Uint8Array {
  const info = options.info ?? buildTstInfo({
    policy: '1.2.3.4', hashAlgorithm: SHA256.oid, hashedMessage: sha256.digest(octets), serialNumber: Uint8Array.of(1, ...randomBytes(7)), genTime: day(at),
    ...(options.nonce === undefined ? {} : { nonce: options.nonce }), ...(options.accuracy === undefined ? {} : { accuracy: options.accuracy }),
  });
  const signedAttrs = buildSignedAttributes({
    contentType: id_ct_TSTInfo, messageDigest: sha256.digest(info), ...(options.withoutEss === true ? {} : { signingCertificateV2: { certHash: sha256.digest(certificate.bytes) } }),
  });
  const made = buildSignedData({
    family: 'cms', digestAlgorithm: SHA256, encapContentType: id_ct_TSTInfo, content: info, certificates: options.certificates ?? [certificate.bytes],
    signers: [{ sid: { issuer: certificate.issuer.bytes, serialNumber: certificate.serialNumber }, signedAttrs, signatureAlgorithm: algorithmOf(key), signature: key.sign(signedAttrs) }],
  });
  return options.crls === undefined ? made : extendSignedData(parseSignedData(made), { crls: options.crls });
}

export interface SignOptions {
  readonly claimed?: number;
  readonly contentStamps?: readonly Uint8Array[];
  /** Leaves the reference to the certificate out. */
  readonly unbound?: boolean;
  /** Default {@link CONTENT}. */
  readonly content?: Uint8Array;
}

/** A detached signature. */
export function signature({ key, certificate }: Party, { claimed, contentStamps = [], unbound = false, content = CONTENT }: SignOptions = {}): Uint8Array {
  const signedAttrs = buildSignedAttributes({
    contentType: id_data, messageDigest: sha256.digest(content),
    ...(unbound ? {} : { signingCertificateV2: { certHash: sha256.digest(certificate.bytes) } }),
    ...(claimed === undefined ? {} : { signingTime: day(claimed) }),
    ...(contentStamps.length === 0 ? {} : { others: contentStamps.map((value) => ({ type: id_aa_ets_contentTimestamp, values: [value] })) }),
  });
  return buildSignedData({
    family: 'cms', digestAlgorithm: SHA256, encapContentType: id_data, certificates: [certificate.bytes],
    signers: [{ sid: { issuer: certificate.issuer.bytes, serialNumber: certificate.serialNumber }, signedAttrs, signatureAlgorithm: algorithmOf(key), signature: key.sign(signedAttrs) }],
  });
}

export function stamped(message: Uint8Array, at: number, tsu: Party, options: TokenOptions = {}): Uint8Array {
  const signed = parseSignedData(message);
  return extendSignedData(signed, { unsignedAttrs: [{ type: id_aa_timeStampToken, values: [token(signed.signerInfos[0]!.signature, at, tsu, options)] }] });
}

export const withEvidence = (message: Uint8Array, crls: readonly CertificateList[], certificates: readonly Uint8Array[] = []): Uint8Array =>
  extendSignedData(parseSignedData(message), { crls: crls.map(({ bytes }) => bytes), certificates });

export function archived(message: Uint8Array, at: number, tsu: Party, options: TokenOptions & { readonly index?: (index: Uint8Array) => Uint8Array } = {}): Uint8Array {
  const signed = parseSignedData(message);
  const info = signed.signerInfos[0]!;
  const made = buildAtsHashIndex(signed, info.unsignedAttrs, SHA256, (octets) => sha256.digest(octets));
  const index = options.index?.(made) ?? made;
  const stamp = token(archiveTimestampInput(id_data, sha256.digest(CONTENT), info.fields, index), at, tsu, options);
  const indexed = extendSignedData(parseSignedData(stamp), { unsignedAttrs: [{ type: id_aa_ATSHashIndexV3, values: [index] }] });
  return extendSignedData(signed, { unsignedAttrs: [{ type: id_aa_ets_archiveTimestampV3, values: [indexed] }] });
}

export interface Revoked {
  readonly certificate: Certificate;
  readonly at: number;
  /** CRLReason. */
  readonly reason?: number;
}

export function crl(issuer: TestCa, thisUpdate: number, nextUpdate: number, revoked: readonly Revoked[] = [], extensions: readonly Uint8Array[] = []): CertificateList {
  return issueCrl({
    issuer, thisUpdate: day(thisUpdate), nextUpdate: day(nextUpdate), number: Math.round((thisUpdate + 2000) * 100), extensions,
    entries: revoked.map(({ certificate, at, reason }) => ({ serial: certificate.serialNumber, date: day(at), ...(reason === undefined ? {} : { reason }) })),
  });
}

const PROFILE: IdentityProfile = { id: 'p', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { name: { try: [{ dn: 'CN', accept: 'TEXT' }] } }, required: [] };
const FOREVER: readonly ServiceStatus[] = [{ status: 'granted', since: day(-5000), recorded: 1 }];

export function list(services: { readonly ca: readonly TestCa[]; readonly tsa?: readonly (TestCa | Certificate)[]; readonly caStatus?: readonly ServiceStatus[]; readonly tsaStatus?: readonly ServiceStatus[]; readonly tsaService?: Partial<Omit<TrustService, 'revocation'>> }): TrustList {
  return {
    ...listOf(
      serviceOf('urn:ca', { anchors: services.ca.map(({ certificate }) => anchor(certificate)), status: services.caStatus ?? FOREVER, identity: 'p' }),
      serviceOf('urn:tsa', { kind: 'tsa', anchors: (services.tsa ?? []).map((each) => anchor('certificate' in each ? each.certificate : each)), status: services.tsaStatus ?? FOREVER, ...services.tsaService }),
    ),
    nextUpdate: day(100_000), identityProfiles: new Map([['p', PROFILE]]),
  };
}

export interface Asked {
  readonly trustList: TrustList;
  readonly at: number;
  readonly scene?: Scene;
  readonly received?: number;
  readonly crls?: readonly CertificateList[];
  readonly certificates?: readonly Certificate[];
  readonly policy?: Partial<ScenePolicy>;
  readonly sunset?: Readonly<Record<string, number>>;
  readonly more?: Partial<JudgeInput>;
  readonly policyMore?: Partial<Policy>;
}

/** The report on a message over {@link CONTENT}. CRLs get no grace. */
export function judged(message: Uint8Array, { trustList, at, scene = 'archive', received, crls = [], certificates = [], policy = {}, sunset, more = {}, policyMore = {} }: Asked): Promise<Report> {
  return judge({
    signed: parseSignedData(message), content: CONTENT, trustList, algorithms: ALGORITHMS, at: day(at), caches: createJudgeCaches(),
    evidence: { ...NO_EVIDENCE, candidateCertificates: certificates, crls: crls.map((each) => ({ crl: each })) },
    policy: {
      ...DEFAULT_POLICY, ...policyMore,
      scenes: { ...DEFAULT_POLICY.scenes, [scene]: { ...DEFAULT_POLICY.scenes[scene], crlGrace: 0, ...policy } },
      algorithms: { ...DEFAULT_POLICY.algorithms, ...(sunset === undefined ? {} : { sunset }) },
    },
    context: { scene, region: '420100' },
    ...(received === undefined ? {} : { bestSignatureTime: day(received) }),
    ...more,
  });
}

/** `passed`, or conclusion, sub-indication and code. */
export function said({ conclusion, subIndication, code }: Pick<Report, 'conclusion' | 'subIndication' | 'code'>): string {
  return conclusion === 'passed' ? 'passed' : `${conclusion} ${subIndication} ${code}`;
}
