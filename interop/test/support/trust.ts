import { generateKeyPairSync, sign } from 'node:crypto';
import type { Algorithms } from '../../../packages/crypto/dist/index.js';
import { serializeList, signList, updateTrustList, type ServiceDocument, type TrustList } from '../../../packages/trust-list/dist/index.js';

const DAY = 86_400_000;
const instant = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/** One CA for a list of one operator. */
export interface ListedCa {
  readonly id: string;
  /** DER. */
  readonly anchor: Uint8Array;
  readonly revocation: ServiceDocument['revocation'];
  /** Where its leaves state who they are; default: the credit code in 1.2.156.10260.4.1.4 and the name in O. */
  readonly identity?: 'credit-code' | 'name';
  readonly messageVariants?: readonly string[];
}

export const REGION = '420100';

/** A trust list naming these CAs, signed and taken as a platform takes one. */
export async function trustListOf(cas: readonly ListedCa[], at: number, algorithms: Algorithms): Promise<TrustList> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const jwk = publicKey.export({ format: 'jwk' }) as Record<string, string>;
  const name = { try: [{ dn: 'O', accept: 'TEXT' as const }] };
  const payload = serializeList({
    type: 'list', spec: '1.0', listId: 'hefu-interop', sequence: 1, issued: instant(at - DAY), nextUpdate: instant(at + 30 * DAY),
    operator: { name: { zh: '互通测试', en: 'Interop' } }, territory: [REGION],
    services: cas.map((ca): ServiceDocument => ({
      id: `urn:hefu:interop:${ca.id}`, kind: 'ca', name: { zh: ca.id },
      anchors: [{ x5c: [Buffer.from(ca.anchor).toString('base64')], mode: 'root' }],
      status: [{ status: 'granted', since: instant(at - 365 * DAY), recorded: 1 }],
      scope: [{ regions: [REGION] }],
      ...(ca.revocation === undefined ? {} : { revocation: ca.revocation }),
      identity: ca.identity ?? 'credit-code',
      ...(ca.messageVariants === undefined ? {} : { messageVariants: ca.messageVariants }),
    })),
    identityProfiles: [
      { id: 'credit-code', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { uscc: { try: [{ ext: '1.2.156.10260.4.1.4', decode: ['der-string'], accept: 'USCC18' }] }, name } },
      { id: 'name', version: 1, subjectType: [{ if: 'always', is: 'organization' }], fields: { name }, required: ['name'] },
    ],
  });
  const envelope = await signList(payload, [{ jwk, alg: 'ES256', sign: (input) => new Uint8Array(sign('sha256', input, { key: privateKey, dsaEncoding: 'ieee-p1363' })) }], { at: at - DAY });
  const outcome = await updateTrustList(undefined, envelope, { role: { keys: [{ jwk, org: 'Interop' }], threshold: 1 }, algorithms, at });
  if (outcome.outcome === 'refused') throw new Error(`${outcome.code}: ${outcome.message.en}`);
  return outcome.trustList;
}
