import { createPrivateKey, sign as nodeSign } from 'node:crypto';
import { decodeEcdsaSignature, sm2Digest, sm3 } from '@hefu/crypto';
import { hexOf } from '@hefu/pki';
import { expect } from 'vitest';
import type { Script } from '../../src/conformance/scripted-provider.js';
import { selectCredential, type RawSignature, type SigningItem, type SoftKey } from '../../src/index.js';
import { algorithms, ALGORITHM, AT, companies, softKey, world } from '../session/bench.js';
import { PIN, type Failure } from './failure.js';

const pin = { pin: PIN };
const company = () => companies('SM2')[0]!;
const key = () => company().sign.key;
const point = (): Uint8Array => {
  const { publicKey } = key();
  if (publicKey.kty !== 'EC') throw new Error('no SM2 key');
  return publicKey.point;
};
const rsaKey = () => companies('RSA-2048')[0]!;
const sha1 = (value: Uint8Array): Uint8Array => new Uint8Array(nodeSign('sha1', value, createPrivateKey({ key: Buffer.from(rsaKey().sign.key.pkcs8Der), format: 'der', type: 'pkcs8' })));
/** Changes the value for each item. */
const as = (change: (value: Uint8Array, item: SigningItem) => Uint8Array | string): Script => ({
  ...pin, rewrite: (answered, items) => answered.map((each) => ({ ...each, value: change(each.value as Uint8Array, items.find(({ itemId }) => itemId === each.itemId)!) })),
});
const all = (change: (answered: readonly RawSignature[]) => readonly RawSignature[]): Script => ({ ...pin, rewrite: change });
const raw = (der: Uint8Array): Uint8Array => decodeEcdsaSignature(der, 32)!;
const base64 = (octets: Uint8Array): string => Buffer.from(octets).toString('base64');
const bid = (item: SigningItem): Uint8Array => new TextEncoder().encode(`bid ${item.itemId.slice(1)}`);
const signed = (code: Extract<Failure['ends'], { code: unknown }>['code'], detail?: string): Failure['ends'] => ({ code, outcome: 'signed', ...(detail === undefined ? {} : { detail }) });
const credential = (change: Partial<SoftKey['credential']>): SoftKey[] => [{ ...softKey(company()), credential: { ...softKey(company()).credential, ...change } }, softKey(companies('P-256')[0]!, 'key-2')];
const refused = (code: Extract<Failure['ends'], { code: unknown }>['code'], detail?: string): Failure['ends'] => ({ code, outcome: 'not-signed', ...(detail === undefined ? {} : { detail }) });
const nobodyAsked: NonNullable<Failure['more']> = (_, events, { provider }) => {
  expect(events.some(({ type }) => type === 'challenge')).toBe(false);
  expect(provider.jobs()).toBe(0);
};

/** 26 to 34: the integrity of what comes back, and of the credential. */
export const RESULT_FAILURES: readonly Failure[] = [
  { number: 26, what: 'a value over another hash', script: { ...pin, deceit: 'other-hash' }, ends: signed('SIGNATURE_INVALID') },
  { number: 26, what: 'a value over another item', items: 2, script: { ...pin, deceit: 'replayed-value' }, ends: signed('SIGNATURE_ORDER') },
  { number: 27, what: 'a batch in another order', items: 3, script: { ...pin, deceit: 'other-order' }, ends: signed('SIGNATURE_ORDER') },
  { number: 27, what: 'a batch sorted by value, one in its place', items: 3, script: all((values) => [values[0]!, { ...values[1]!, value: values[2]!.value }, { ...values[2]!, value: values[1]!.value }]), ends: signed('SIGNATURE_ORDER') },
  { number: 28, what: 'a value too few', items: 3, script: { ...pin, deceit: 'value-missing' }, ends: signed('SIGNATURE_COUNT', 'fewer'), signed: 2 },
  { number: 28, what: 'a value too many', items: 2, script: all((values) => [...values, { ...values[0]!, itemId: 'i9' }]), ends: signed('SIGNATURE_COUNT', 'unknown-item') },
  { number: 28, what: 'a value twice', items: 2, script: all((values) => [...values, values[0]!]), ends: signed('SIGNATURE_DUPLICATE') },
  ...([
    ['r||s instead of DER', raw], ['base64', base64], ['base64url', (der) => Buffer.from(der).toString('base64url')], ['hex', hexOf], ['Vault’s prefix', (der) => `vault:v1:${base64(der)}`],
  ] as [string, (der: Uint8Array) => Uint8Array | string][]).map(([what, form]): Failure => ({ number: 29, what: `${what}, which is read`, script: as(form), ends: 'done' })),
  { number: 29, what: 'r||s without its leading octet', script: as((der) => raw(der).subarray(1)), ends: signed('SIGNATURE_ENCODING') },
  { number: 29, what: 'a word', script: as(() => 'signature'), ends: signed('SIGNATURE_ENCODING') },
  { number: 30, what: 'SM2 without Z', script: as((_, item) => key().signDigest(sm3.digest(bid(item)))), ends: signed('PREHASH_MISMATCH', 'SM2_Z_MISSING') },
  { number: 30, what: 'SM2 with an empty ID', script: as((_, item) => key().signDigest(sm2Digest(point(), bid(item), new Uint8Array(0)))), ends: signed('PREHASH_MISMATCH', 'SM2_EMPTY_ID') },
  { number: 30, what: 'SM2 with another ID', script: as((_, item) => key().signDigest(sm2Digest(point(), bid(item), new TextEncoder().encode('somebody else')))), ends: signed('SIGNATURE_INVALID') },
  { number: 30, what: 'hashed twice', script: as((_, { toSign }) => key().signDigest(sm2Digest(point(), toSign.value))), ends: signed('PREHASH_MISMATCH', 'HASHED_TWICE') },
  { number: 31, what: 'SHA-1 instead of SHA-256, unsaid', keys: [softKey(rsaKey()), softKey(company(), 'key-2')], script: as((_, { toSign }) => sha1(toSign.value)), ends: signed('DIGEST_DOWNGRADED', 'SHA-1') },
  { number: 31, what: 'SHA-1 instead of SHA-256, said', keys: [softKey(rsaKey()), softKey(company(), 'key-2')], script: { ...pin, deceit: 'other-algorithm' }, ends: signed('ALGORITHM_DOWNGRADED') },
  { number: 31, what: 'an algorithm that the key does not offer', keys: credential({ algorithms: [ALGORITHM['P-256']] }), ends: { throws: 'ALGORITHM_UNSUPPORTED' } },
  { number: 32, what: 'another certificate with the value', script: { ...pin, deceit: 'other-certificate' }, ends: signed('CERT_SWAPPED') },
  { number: 32, what: 'a renewed certificate under the same name', script: { ...pin, chain: [companies('SM2')[1]!.sign.certificate] }, ends: signed('CERT_SWAPPED') },
  { number: 32, what: 'the leaf not first beside the value, which is read', script: { ...pin, chain: [...softKey(company()).credential.chain].reverse() }, ends: 'done' },
  { number: 32, what: 'the leaf not first in the listing', keys: credential({ chain: [...softKey(company()).credential.chain].reverse() }), ends: { throws: 'CERTIFICATE_NOT_FOR_SIGNING' } },
  { number: 33, what: 'a CA that only has a listed one’s name', keys: [softKey(world.companies.find(({ issuer, sign }) => !issuer.listed && sign.key.kind === 'SM2')!)], script: pin, ends: refused('CERT_NOT_TRUSTED', 'SAME_NAME_OTHER_KEY'), more: nobodyAsked },
  { number: 33, what: 'an expired certificate', keys: [softKey(companies('SM2', 'expired')[0]!)], script: pin, ends: refused('CERT_EXPIRED', 'CERTIFICATE_EXPIRED'), more: nobodyAsked },
  { number: 33, what: 'a revoked certificate', keys: [softKey(companies('SM2', 'revoked')[0]!)], script: pin, ends: refused('CERT_REVOKED', 'CERTIFICATE_REVOKED'), more: nobodyAsked },
  { number: 33, what: 'a certificate that is not valid yet', script: pin, change: (_, { clock }) => { clock.jump(-10 * 365 * 86_400_000); return {}; }, ends: refused('CERT_NOT_YET_VALID', 'CERTIFICATE_NOT_YET_VALID'), more: nobodyAsked },
  { number: 33, what: 'a certificate for encryption', keys: credential({ chain: [company().encrypt.certificate, ...softKey(company()).credential.chain.slice(1)] }), ends: { throws: 'CERTIFICATE_NOT_FOR_SIGNING' } },
  { number: 33, what: 'another company’s certificate', script: pin, change: () => ({ uscc: companies('SM2')[1]!.uscc }), ends: refused('ORGANISATION_MISMATCH'), more: nobodyAsked },
];

/** 34: one key in two certificates is seen before anybody chooses. */
export async function sameKeyTwice(judging: Pick<Parameters<typeof selectCredential>[0], 'trustList' | 'policy' | 'evidence' | 'context'>): Promise<readonly (string | undefined)[]> {
  const one = { ...softKey(company()).credential, keyStatus: 'enabled', auth: { factor: 'none', id: 'none' }, maxPerAuthorisation: 1, hashBound: false } as const;
  const capabilities = { accepts: ['sm2-e'], algorithms: [ALGORITHM.SM2] } as unknown as Parameters<typeof selectCredential>[0]['capabilities'];
  return (await selectCredential({ ...judging, algorithms, at: AT, capabilities, credentials: [{ ...one, ref: 'b' }, { ...one, ref: 'a' }] })).map(({ sameKeyAs }) => sameKeyAs);
}
