import { constants, createPublicKey, verify, type KeyObject } from 'node:crypto';
import { KmsRefusal } from './kms-like.js';

/** Claims of an assertion that is signed by the key, for this audience and in time. @throws KmsRefusal */
export function assertionClaims(token: string, alg: 'RS256' | 'PS256', key: KeyObject, audience: string, now: number): { readonly header: Record<string, unknown>; readonly claims: Record<string, unknown> } {
  const [head = '', body = '', signature = ''] = token.split('.');
  let header: Record<string, unknown>;
  let claims: Record<string, unknown>;
  try {
    header = JSON.parse(Buffer.from(head, 'base64url').toString()) as Record<string, unknown>;
    claims = JSON.parse(Buffer.from(body, 'base64url').toString()) as Record<string, unknown>;
  } catch {
    throw new KmsRefusal('bad-auth');
  }
  const padding = alg === 'PS256' ? { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 } : {};
  const valid = header['alg'] === alg && verify('sha256', Buffer.from(`${head}.${body}`), { key, ...padding }, Buffer.from(signature, 'base64url'));
  const seconds = now / 1000;
  if (!valid || claims['aud'] !== audience || !(Number(claims['iat']) <= seconds + 60) || !(Number(claims['exp']) > seconds) || Number(claims['exp']) - Number(claims['iat']) > 3600) throw new KmsRefusal('bad-auth');
  return { header, claims };
}

/** The public half of a key in PEM. */
export function publicKeyOf(privateKey: string): KeyObject {
  return createPublicKey(privateKey);
}
