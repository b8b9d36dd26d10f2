import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { DelegationDocument, ListDocument, PeerDocument, RootDocument, SchemeKeyDocument } from '../../src/index.js';
import { EditError, initScheme, serializeList } from '../../src/index.js';
import { checkContinuity } from '../../src/continuity.js';
import { hexOf } from '../../src/sha256.js';
import { readListContent } from '../../src/index.js';
import { sha256, sm2Signer, T, utf8 } from '../helpers/world.js';

export const context = { sha256 };
export const ISSUED: number = T('2026-06-01T00:00:00Z');

/** The code of the edit that is refused, or `made`. */
export function outcome(edit: () => unknown): string {
  try {
    edit();
    return 'made';
  } catch (error) {
    if (error instanceof EditError) return error.code;
    throw error;
  }
}

export const payloadOf = (draft: ListDocument | RootDocument): Uint8Array => (draft.type === 'list' ? serializeList(draft) : utf8(JSON.stringify(draft)));

/** What an update would say to `next` after `base`. */
export function continuity(base: ListDocument, next: ListDocument): string {
  const bytes = serializeList(base);
  const current = { ...readListContent(bytes, context), sha256: hexOf(sha256.digest(bytes)), signedBy: [], envelope: bytes };
  const payload = serializeList(next);
  return checkContinuity(current, readListContent(payload, context), hexOf(sha256.digest(payload)))?.code ?? 'follows';
}

export function keyOf(seed: number, org: string, owner?: string): SchemeKeyDocument {
  return { jwk: sm2Signer(seed).jwk, org, ...(owner !== undefined && { owner }) };
}

export function newScheme(): { root: RootDocument; list: ListDocument } {
  const people = [keyOf(1, 'A', '甲'), keyOf(2, 'B', '乙'), keyOf(3, 'C', '丙')].map((key) => ({ ...key, roles: ['root', 'list'] as const }));
  return initScheme(
    { schemeId: 'urn:hefu:test', listId: '42', operator: { name: { zh: '测试' } }, territory: ['420000'], keys: [...people, { ...keyOf(4, 'A'), roles: ['freshness'] }], issued: ISSUED },
    context,
  );
}

export const delegation: DelegationDocument = { listId: '4201', name: { zh: '武汉' }, keys: [keyOf(9, 'W')], threshold: 1, regions: ['4201*'], mode: 'may-grant', purposes: ['sign', 'auth'], maxNextUpdate: 'P90D' };
export const peer: PeerDocument = { schemeId: 'urn:hefu:peer', rootSha256: 'ab'.repeat(32), since: '2026-01-01T00:00Z', accept: { kinds: ['ca'], purposes: ['sign'] } };

const P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

export interface TestCa {
  readonly keys: CryptoKeyPair;
  readonly certificate: x509.X509Certificate;
  readonly der: Uint8Array;
}

export interface IssueOptions {
  readonly name: string;
  readonly by?: TestCa;
  readonly ca?: boolean;
  readonly usage?: x509.KeyUsageFlags;
  readonly crl?: readonly string[];
  readonly ocsp?: string;
  readonly notAfter?: string;
  readonly extensions?: readonly x509.Extension[];
  readonly keys?: CryptoKeyPair;
  readonly algorithm?: RsaHashedKeyGenParams | typeof P256;
}

/** A certificate made with @peculiar/x509: self-signed, or by another. */
export async function issue(options: IssueOptions): Promise<TestCa> {
  x509.cryptoProvider.set(webcrypto as Crypto);
  const algorithm = options.algorithm ?? P256;
  const keys = options.keys ?? ((await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])) as CryptoKeyPair);
  const signer = options.by?.keys ?? keys;
  const certificate = await x509.X509CertificateGenerator.create({
    serialNumber: '01',
    subject: options.name,
    issuer: options.by?.certificate.subject ?? options.name,
    notBefore: new Date(T('2020-01-01T00:00:00Z')),
    notAfter: new Date(T(options.notAfter ?? '2040-01-01T00:00:00Z')),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: signer.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(options.ca ?? false, undefined, true),
      ...(options.usage === undefined ? [] : [new x509.KeyUsagesExtension(options.usage, true)]),
      ...(options.crl === undefined ? [] : [new x509.CRLDistributionPointsExtension([...options.crl])]),
      ...(options.ocsp === undefined ? [] : [new x509.AuthorityInfoAccessExtension({ ocsp: options.ocsp })]),
      ...(options.extensions ?? []),
    ],
  });
  return { keys, certificate, der: new Uint8Array(certificate.rawData) };
}
